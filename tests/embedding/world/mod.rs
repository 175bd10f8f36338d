//! A run: a schedule is played, and what the user was told is held against what the agent did.

mod schedule;
mod user;
mod verdict;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use schedule::Schedule;
use user::User;
pub(crate) use verdict::{Counts, Trouble};

/// How a run ended.
pub(crate) struct Run {
    pub(crate) counts: Counts,
    pub(crate) trouble: Vec<Trouble>,
    /// What was planned, what was said, and what the agent did.
    pub(crate) story: String,
}

/// Plays a schedule, with a published defect put back or without.
pub(crate) fn play(schedule: &Schedule, fault: Option<&'static str>, patience: Duration) -> Run {
    let name = format!("embedding-{}-{}", fault.unwrap_or("run"), schedule.number);
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).expect("a folder for the run");
    fs::write(home.join("starts"), schedule.starts.join("\n")).expect("a file for the agent");

    let mut user = User::new(&home, schedule, fault, patience);
    let end = user.play(schedule);
    let told = user.told();
    let ledger = fs::read_to_string(home.join("ledger")).unwrap_or_default();
    let (counts, trouble) = verdict::of(&home, &told, &ledger, end);
    if trouble.is_empty() || fault.is_some() {
        let _ = fs::remove_dir_all(&home);
    }
    let story = format!("{schedule:?}\n{}\nledger:\n{ledger}", told.story.join("\n"));
    Run {
        counts,
        trouble,
        story,
    }
}
