//! That the host bites: with a published defect put back, some world breaks a claim.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use session_lifecycle::Fault;

use crate::claim::{Broken, Claim};
use crate::kept::{self, Kept};
use crate::run::{run, shortest, story};
use crate::step::{Step, choose};
use crate::subject::Subject;

/// The shortest steps that show each defect, written by `BLESS=1 cargo test -p session-lifecycle --features faults`.
const KEPT: &str = include_str!("../fixtures/host/defects.txt");
/// In so many worlds each defect has to show.
const WORLDS: usize = 400;

fn faults() -> impl Iterator<Item = Fault> {
    let all = Fault::ALL.iter().copied();
    all.filter(|fault| fault.is_of_the_supervisor())
}

fn with(fault: Fault) -> Subject {
    Subject {
        fault: Some(fault),
        ..Subject::SHIPPED
    }
}

/// The same worlds each time.
fn worlds() -> Vec<(u8, Vec<Step>)> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(crate::config(1), rng);
    let world = choose::worlds(crate::LENGTH);
    let mut next = || world.new_tree(&mut runner).expect("a world").current();
    (0..WORLDS).map(|_| next()).collect()
}

/// The first world that shows the defect.
fn caught(fault: Fault, worlds: &[(u8, Vec<Step>)]) -> (usize, Broken) {
    let tried = worlds.iter().enumerate();
    let mut broken = tried
        .filter_map(|(at, (threads, steps))| Some((at, run(with(fault), *threads, steps).err()?)));
    let found = broken.next();
    found.unwrap_or_else(|| panic!("{} survives {WORLDS} worlds", fault.id()))
}

#[test]
fn planted_every_published_defect_of_the_supervisor_is_caught_in_random_worlds() {
    let worlds = worlds();
    let mut claims = Vec::new();
    for fault in faults() {
        let (at, broken) = caught(fault, &worlds);
        println!("{} by {} in world {at}", fault.id(), broken.claim);
        claims.push(broken.claim);
        if std::env::var_os("BLESS").is_some() {
            bless(fault, &worlds[at]);
        }
    }
    claims.sort();
    claims.dedup();
    // S1 and S3 are the projection's own; L5 is the host's.
    let mut expected = Claim::ALL.to_vec();
    expected.retain(|claim| !matches!(claim, Claim::S1 | Claim::S3 | Claim::L5));
    assert_eq!(claims, expected);
}

#[test]
fn planted_every_published_defect_breaks_its_kept_sequence_and_the_shipped_code_does_not() {
    let kept = kept::read(KEPT);
    for fault in faults() {
        let its_own = kept.iter().find(|kept| kept.id == fault.id());
        let Kept {
            claim,
            threads,
            steps,
            ..
        } = its_own.unwrap_or_else(|| panic!("{} has no sequence", fault.id()));
        let found = run(with(fault), *threads, steps).map(|_| ());
        let told = || story(with(fault), *threads, steps);
        assert_eq!(
            found.map_err(|broken| broken.claim),
            Err(*claim),
            "{}",
            told()
        );
        let shipped = run(Subject::SHIPPED, *threads, steps);
        assert!(
            shipped.is_ok(),
            "{}",
            story(Subject::SHIPPED, *threads, steps)
        );
    }
}

#[test]
fn planted_a_violation_is_told_as_a_numbered_story_that_ends_with_the_sentence() {
    let kept = kept::read(KEPT);
    let its_own = kept.iter().find(|kept| kept.id == Fault::S10_01.id());
    let Kept { threads, steps, .. } = its_own.expect("a sequence of its own");
    let told = story(with(Fault::S10_01), *threads, steps);
    assert!(
        told.starts_with("  1. [0.000 s] thread 1: The user sends"),
        "{told}"
    );
    assert!(told.contains("; in truth the provider "), "{told}");
    assert!(told.contains(&format!(
        "S10 is broken in thread 1: {}.",
        Claim::S10.sentence()
    )));
    assert!(
        steps.len() <= 12,
        "{} steps are not short\n{told}",
        steps.len()
    );
}

/// Writes the shortest steps that show the defect to the end of the file of all.
fn bless(fault: Fault, (threads, steps): &(u8, Vec<Step>)) {
    use std::fmt::Write as _;

    let (threads, steps) = shortest(with(fault), *threads, steps);
    let Err(broken) = run(with(fault), threads, &steps) else {
        panic!("{} no longer shows", fault.id())
    };
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/host/defects.txt"
    );
    let mut text = if fault == faults().next().expect("a first") {
        "# Published defects, each in the shortest steps that show it. Written by the test that finds them.\n".to_owned()
    } else {
        std::fs::read_to_string(path).expect("it was begun")
    };
    let (id, claim, because) = (fault.id(), broken.claim, broken.because);
    writeln!(text, "\n## {id} {claim} {threads} {because}").expect("a string grows");
    for step in steps {
        writeln!(text, "{step}").expect("a string grows");
    }
    std::fs::write(path, text).expect("it can be written");
}
