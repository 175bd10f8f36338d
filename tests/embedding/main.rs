//! A host in full, with a real agent process, and both are killed at random.
//!
//! `host/` is made to be copied: `host/mod.rs` is where to begin, and `docs/guide.md`, "Wire a real process", says why it is
//! as it is. This binary is three programs, so that the test needs nothing but itself: the host, the agent, and (where
//! the agent outlives the host) the keeper between them. Each run plays a schedule; in the end, what the user was told
//! is held against a ledger that the agent keeps of what it did.
//!
//! 40 runs; with `SESSION_LIFECYCLE_LONG=1`, 480.

mod agent;
mod host;
mod wire;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use world::{Counts, Run, Schedule, Trouble, play};

/// How long anything may take; on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(20);

const AT_ONCE: usize = 4;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match (arguments.first().map(String::as_str), arguments.get(1)) {
        (Some("agent"), Some(home)) => agent::main(&PathBuf::from(home)).map_err(Into::into),
        (Some("keeper"), Some(home)) => {
            host::keeper::main(&PathBuf::from(home), &arguments[1..]).map_err(Into::into)
        }
        (Some("host"), Some(home)) => host::main(home.into(), arguments.len() > 2),
        _ => return libtest_mimic::run(&Arguments::from_args(), trials()).exit_code(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> Vec<Trial> {
    let sound = Trial::test(
        "no_message_is_lost_or_doubled_and_nothing_is_stuck_whoever_dies",
        whoever_dies,
    );
    [sound].into_iter().chain(planted()).collect()
}

fn whoever_dies() -> Result<(), Failed> {
    let is_long = std::env::var_os("SESSION_LIFECYCLE_LONG").is_some();
    let runs = if is_long { 480 } else { 40 };
    let began = Instant::now();
    let (counts, found) = play_until(runs, None, PATIENCE, |_| true);
    if let Some(run) = found {
        return Err(format!("{:?}\n{}", run.trouble, run.story).into());
    }
    print!("{counts}");
    println!(
        "0 lost, 0 duplicated, 0 untrue, 0 stuck; {:.1} s",
        began.elapsed().as_secs_f64()
    );
    match counts.missing() {
        Some(what) => Err(format!("nothing was shown: no {what}").into()),
        None => Ok(()),
    }
}

/// Plays runs, several at once since they mostly wait, until there is trouble of the kind that is meant.
fn play_until(
    runs: u64,
    fault: Option<&'static str>,
    patience: Duration,
    is_meant: fn(&Trouble) -> bool,
) -> (Counts, Option<Run>) {
    let next = AtomicU64::new(0);
    let (sender, played) = channel();
    let mut counts = Counts::default();
    let mut found = None;
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                let numbers = std::iter::repeat_with(|| next.fetch_add(1, Relaxed));
                for number in numbers.take_while(|number| *number < runs) {
                    let _ = sender.send(play(&Schedule::of(number), fault, patience));
                }
            });
        }
        drop(sender);
        for run in played {
            counts += run.counts;
            if run.trouble.iter().any(is_meant) {
                next.store(runs, Relaxed);
                found.get_or_insert(run);
            }
        }
    });
    (counts, found)
}

/// The same runs, with a published defect put back into the supervisor: each has to be found.
#[cfg(feature = "faults")]
fn planted() -> Vec<Trial> {
    let planted = |name: &str, fault, is_meant: fn(&Trouble) -> bool| {
        let find = move || {
            let (counts, found) = play_until(240, Some(fault), Duration::from_secs(2), is_meant);
            let Some(run) = found else {
                return Err(format!("{fault} was not found in {} runs", counts.runs).into());
            };
            println!("{fault}: {:?}", run.trouble);
            Ok(())
        };
        Trial::test(name, find)
    };
    vec![
        planted(
            "planted_s7_01_a_message_in_hand_is_sent_again_after_a_crash_and_found_twice",
            "S7-01",
            |trouble| matches!(trouble, Trouble::Duplicated(_)),
        ),
        planted(
            "planted_s6_07_a_message_is_stored_after_it_is_accepted_and_found_lost",
            "S6-07",
            |trouble| matches!(trouble, Trouble::Lost(_)),
        ),
        planted(
            "planted_l4_03_a_stop_that_is_not_heard_is_not_enforced_and_found_stuck",
            "L4-03",
            |trouble| matches!(trouble, Trouble::Stuck(_)),
        ),
    ]
}

#[cfg(not(feature = "faults"))]
fn planted() -> Vec<Trial> {
    Vec::new()
}
