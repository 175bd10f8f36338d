//! That the host bites: with a published defect put back, some world breaks a claim.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use session_lifecycle::{Fault, FaultLayer};

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
    all.filter(|fault| fault.layer() == FaultLayer::Supervisor)
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
    let mut found = Vec::new();
    for fault in faults() {
        let (at, broken) = caught(fault, &worlds);
        println!("{} by {} in world {at}", fault.id(), broken.claim);
        found.push((fault, &worlds[at]));
    }
    if std::env::var_os("BLESS").is_some() {
        bless(&found);
    }
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
    let mut claims: Vec<Claim> = kept.iter().map(|kept| kept.claim).collect();
    claims.sort();
    claims.dedup();
    // S1 and S3 are the projection's own; L5 is the host's.
    let mut expected = Claim::ALL.to_vec();
    expected.retain(|claim| !matches!(claim, Claim::S1 | Claim::S3 | Claim::L5));
    assert_eq!(claims, expected);
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

/// Writes the shortest steps that show each defect. Those that are kept and still show theirs stay as they are.
fn bless(found: &[(Fault, &(u8, Vec<Step>))]) {
    use std::fmt::Write as _;

    let kept = kept::read(KEPT);
    let mut text = "# Published defects, each in the shortest steps that show it. Written by the test that finds them.\n".to_owned();
    for (fault, (threads, steps)) in found {
        let still = kept.iter().find(|kept| {
            let shows = run(with(*fault), kept.threads, &kept.steps)
                .is_err_and(|broken| broken.claim == kept.claim);
            kept.id == fault.id() && shows
        });
        let (threads, steps) = match still {
            Some(kept) => (kept.threads, kept.steps.clone()),
            None => shortest(with(*fault), *threads, steps),
        };
        let Err(broken) = run(with(*fault), threads, &steps) else {
            panic!("{} no longer shows", fault.id())
        };
        let (id, claim, because) = (fault.id(), broken.claim, broken.because);
        writeln!(text, "\n## {id} {claim} {threads} {because}").expect("a string grows");
        for step in steps {
            writeln!(text, "{step}").expect("a string grows");
        }
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/host/defects.txt"
    );
    std::fs::write(path, text).expect("it can be written");
}
