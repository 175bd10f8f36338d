//! That the host bites: with a published defect put back, some world breaks a claim.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use session_lifecycle::Fault;

use crate::claim::Broken;
use crate::run::run;
use crate::step::{Step, choose};
use crate::subject::Subject;

/// The first world that shows the defect, always looked for in the same places.
fn caught(fault: Fault, worlds: &[(u8, Vec<Step>)]) -> Option<(usize, Broken)> {
    let subject = Subject {
        fault: Some(fault),
        ..Subject::SHIPPED
    };
    let tried = worlds.iter().enumerate();
    let mut broken = tried.filter_map(|(at, (threads, steps))| {
        Some((at, run(subject, *threads, steps).err()?))
    });
    broken.next()
}

fn worlds(count: usize) -> Vec<(u8, Vec<Step>)> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(crate::config(1), rng);
    let world = choose::worlds(crate::LENGTH);
    (0..count)
        .map(|_| world.new_tree(&mut runner).expect("a world").current())
        .collect()
}

#[test]
fn planted_every_published_defect_of_the_supervisor_is_caught() {
    let worlds = worlds(std::env::var("WORLDS").map_or(200, |n| n.parse().unwrap()));
    for fault in Fault::ALL {
        if !fault.is_of_the_supervisor() { continue; }
        match caught(*fault, &worlds) {
            Some((at, broken)) => println!("{} {:?} world {at}: {}", fault.id(), broken.claim, broken.because),
            None => println!("{} SURVIVES", fault.id()),
        }
    }
}
