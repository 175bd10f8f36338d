//! A reference host: it drives the shipped supervisor through random worlds in virtual time, and asks after every step,
//! from the outside, whether the claims of `docs/supervisor.md` hold.

mod claim;
mod deeds;
mod judge;
mod kept;
mod note;
mod perform;
#[cfg(feature = "faults")]
mod planted;
mod provider;
mod restart;
mod run;
mod settle;
mod spoilt;
mod step;
mod subject;
mod truth;
mod words;
mod world;

use std::cell::RefCell;

use claim::Claim;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use run::{Seen, run, shortest, story};
use step::{Step, choose};
use subject::Subject;

/// How many steps a case has, beside those in which everything settles at its end.
const LENGTH: usize = 1_000;
/// How many worlds are tried each time, always the same ones.
const WORLDS: u32 = 400;
/// How many other worlds are tried where `SESSION_LIFECYCLE_LONG` is set, never the same ones.
const MANY_WORLDS: u32 = 4_000;

pub(crate) fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    }
}

/// Tries worlds; the first that breaks a claim is shrunk and told.
fn try_worlds(mut runner: TestRunner, subject: Subject) -> Seen {
    let seen = RefCell::new(Seen::default());
    let outcome = runner.run(&choose::worlds(LENGTH), |(threads, steps)| {
        let ran = run(subject, threads, &steps);
        let ran = ran.map_err(|broken| TestCaseError::fail(broken.to_string()))?;
        let mut seen = seen.borrow_mut();
        seen.tally.add(&ran.tally);
        seen.happened += ran.happened;
        Ok(())
    });
    match outcome {
        Ok(()) => seen.into_inner(),
        Err(TestError::Fail(_, (threads, steps))) => {
            let (threads, steps) = shortest(subject, threads, &steps);
            panic!("{}", story(subject, threads, &steps))
        }
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

#[test]
fn every_claim_holds_after_every_step_of_every_world_and_every_premise_occurs() {
    let is_long = std::env::var_os("SESSION_LIFECYCLE_LONG").is_some();
    let worlds = if is_long { MANY_WORLDS } else { WORLDS };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let runner = TestRunner::new_with_rng(config(worlds), rng);
    let worlds = runner.config().cases;
    let seen = try_worlds(runner, Subject::SHIPPED);
    println!("{worlds} worlds, {} steps\n{}", seen.happened, seen.tally);
    assert_eq!(seen.tally.vacuous(), [] as [Claim; 0], "{}", seen.tally);
    assert!(seen.happened >= u64::from(worlds) * LENGTH as u64);
}

#[test]
fn a_step_is_read_back_from_its_line() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config(20), rng);
    let outcome = runner.run(&choose::worlds(LENGTH), |(_, steps)| {
        let lines: Vec<String> = steps.iter().map(Step::to_string).collect();
        assert_eq!(Step::read(&lines.join("\n")), steps);
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
}

#[test]
fn the_document_says_what_each_claims_and_when_its_premise_occurs() {
    let document = include_str!("../../docs/supervisor.md");
    for claim in Claim::ALL {
        let row = format!("| {claim} | {} | {} |", claim.sentence(), claim.premise());
        assert!(document.contains(&row), "docs/supervisor.md lacks: {row}");
    }
}
