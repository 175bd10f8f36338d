//! A reference host: it drives the shipped supervisor through random worlds in virtual time, and asks after every step,
//! from the outside, whether the claims of `docs/supervisor.md` hold.

mod claim;
mod judge;
mod perform;
#[cfg(feature = "faults")]
mod planted;
mod provider;
mod run;
mod settle;
mod step;
mod subject;
mod truth;
mod words;
mod world;

use std::cell::RefCell;

use claim::Claim;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use run::{Seen, run, shortest, story};
use step::choose;
use subject::Subject;

/// How many steps a case has.
const LENGTH: usize = 1_000;

pub(crate) fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    }
}

/// Tries so many worlds; the first that breaks a claim is shrunk and told.
fn try_worlds(mut runner: TestRunner, subject: Subject) -> Seen {
    let seen = RefCell::new(Seen::default());
    let outcome = runner.run(&choose::worlds(LENGTH), |(threads, steps)| {
        let ran = run(subject, threads, &steps).map_err(|broken| TestCaseError::fail(broken.to_string()))?;
        let mut seen = seen.borrow_mut();
        seen.tally.add(&ran.tally);
        seen.happened += ran.happened;
        Ok(())
    });
    match outcome {
        Ok(()) => seen.into_inner(),
        Err(TestError::Fail(_, (threads, steps))) => {
            let steps = shortest(subject, threads, &steps);
            panic!("{}", story(subject, threads, &steps))
        }
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

#[test]
fn every_claim_holds_after_every_step_of_every_world_and_every_premise_occurs() {
    let cases: u32 = std::env::var("CASES").map_or(100, |n| n.parse().unwrap());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let seen = try_worlds(TestRunner::new_with_rng(config(cases), rng), Subject::SHIPPED);
    println!("{cases} worlds, {} steps judged\n{}", seen.happened, seen.tally);
    assert_eq!(seen.tally.vacuous(), [] as [Claim; 0], "{}", seen.tally);
}
