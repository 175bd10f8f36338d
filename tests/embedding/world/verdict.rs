//! What became of every message: what the user was told against the agent's ledger.

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use session_lifecycle::supervisor::{MessageId, SupervisorSnapshot};
use session_lifecycle::{Settlement, TurnResult};

use super::user::{Stuck, Told};

/// What must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Accepted, and neither reached the agent, nor reported, nor waiting where the user sees it.
    Lost(MessageId),
    /// The agent took it more than once.
    Duplicated(MessageId),
    /// Something was reported that is not so.
    Untrue(String),
    /// Something waits for ever.
    Stuck(String),
}

/// What came of some runs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) runs: usize,
    pub(crate) accepted: usize,
    pub(crate) reached: usize,
    pub(crate) reached_and_uncertain: usize,
    pub(crate) failed: usize,
    pub(crate) uncertain: usize,
    pub(crate) parked: usize,
    pub(crate) starts: usize,
    pub(crate) crashes: [usize; CRASHES.len()],
    pub(crate) ended_by_force: usize,
    pub(crate) hosts_killed: usize,
    pub(crate) hosts_died: usize,
    pub(crate) restarts: usize,
    pub(crate) found_alive: usize,
}

/// When an agent may crash.
const CRASHES: [&str; 6] = ["start", "before", "taken", "replied", "begun", "ended"];

pub(crate) fn of(
    home: &Path,
    told: &Told,
    ledger: &str,
    end: Result<(), Stuck>,
) -> (Counts, Vec<Trouble>) {
    let times = |entry: String| ledger.lines().filter(|line| **line == entry).count();
    let starting = |word: &str| ledger.lines().filter(|line| line.starts_with(word)).count();
    let mut trouble: Vec<Trouble> = end.err().map(Trouble::Stuck).into_iter().collect();
    let crashes = CRASHES.map(|when| times(format!("crash {when}")));
    let starts = starting("up");
    let mut counts = Counts {
        runs: 1,
        accepted: told.accepted.len(),
        starts,
        crashes,
        ended_by_force: starts.saturating_sub(crashes.iter().sum::<usize>() + starting("left")),
        hosts_killed: told.killed,
        hosts_died: told.died,
        restarts: told.boots.saturating_sub(1),
        found_alive: told.boots_with_agent,
        ..Counts::default()
    };
    let stored = stored(home);
    for message in &told.accepted {
        let reached = times(format!("took {message}"));
        let uncertain = told.uncertain.contains(message);
        let failed = told.failed.contains(message);
        if reached > 1 {
            trouble.push(Trouble::Duplicated(message.clone()));
        }
        if reached > 0 && failed {
            let what = format!("{message} is said to have failed, and the agent has it");
            trouble.push(Trouble::Untrue(what));
        }
        if reached > 0 {
            counts.reached += 1;
            counts.reached_and_uncertain += usize::from(uncertain);
        } else if uncertain {
            counts.uncertain += 1;
        } else if failed {
            counts.failed += 1;
        } else if stored.parked && stored.queue.contains(message) {
            counts.parked += 1;
        } else {
            trouble.push(Trouble::Lost(message.clone()));
        }
    }
    for (turn, how) in &stored.session.turns {
        let is_done = *how == Settlement::Reported(TurnResult::Completed);
        if is_done && times(format!("ended {turn} Completed")) == 0 {
            let what = format!("turn {turn} is said to be completed, and is not");
            trouble.push(Trouble::Untrue(what));
        }
    }
    if trouble.is_empty() && !is_deserted(home) {
        trouble.push(Trouble::Stuck("an agent is left".into()));
    }
    (counts, trouble)
}

fn stored(home: &Path) -> SupervisorSnapshot {
    let database = rusqlite::Connection::open(home.join("host.sqlite")).expect("the database");
    let snapshot: String = database
        .query_row("SELECT snapshot FROM thread", [], |row| row.get(0))
        .expect("a snapshot");
    serde_json::from_str(&snapshot).expect("a snapshot")
}

/// Nobody holds the lock of the agents any more.
fn is_deserted(home: &Path) -> bool {
    let until = Instant::now() + Duration::from_secs(2);
    let Ok(log) = File::options().append(true).open(home.join("agent.log")) else {
        return true;
    };
    #[allow(
        clippy::incompatible_msrv,
        reason = "a test may ask for a newer Rust than the crate"
    )]
    while log.try_lock().is_err() {
        if Instant::now() > until {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    true
}

impl Counts {
    /// What did not occur at all: runs without it show nothing of it.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        let crashes = CRASHES.into_iter().zip(self.crashes);
        crashes
            .chain([
                ("message reached the agent", self.reached),
                ("message was reported as failed", self.failed),
                ("message was reported as uncertain", self.uncertain),
                ("message waits, parked", self.parked),
                ("agent was ended by force", self.ended_by_force),
                ("host was killed", self.hosts_killed),
                ("host died before an effect", self.hosts_died),
                ("host found its agent alive", self.found_alive),
            ])
            .find(|(_, times)| *times == 0)
            .map(|(what, _)| what)
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.runs += other.runs;
        self.accepted += other.accepted;
        self.reached += other.reached;
        self.reached_and_uncertain += other.reached_and_uncertain;
        self.failed += other.failed;
        self.uncertain += other.uncertain;
        self.parked += other.parked;
        self.starts += other.starts;
        for (mine, theirs) in self.crashes.iter_mut().zip(other.crashes) {
            *mine += theirs;
        }
        self.ended_by_force += other.ended_by_force;
        self.hosts_killed += other.hosts_killed;
        self.hosts_died += other.hosts_died;
        self.restarts += other.restarts;
        self.found_alive += other.found_alive;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            runs,
            accepted,
            reached,
            reached_and_uncertain,
            failed,
            uncertain,
            parked,
            ..
        } = self;
        writeln!(f, "{runs} runs")?;
        writeln!(
            f,
            "messages: {accepted} accepted; {reached} reached the agent ({reached_and_uncertain} of them reported as \
             uncertain), {failed} reported as failed, {uncertain} as uncertain, {parked} wait, parked"
        )?;
        write!(
            f,
            "agents: {} started, {} ended by force; crashes",
            self.starts, self.ended_by_force
        )?;
        for (when, times) in CRASHES.iter().zip(self.crashes) {
            write!(f, " {when} {times}")?;
        }
        writeln!(f)?;
        writeln!(
            f,
            "hosts: {} killed, {} died before an effect; {} restarts, {} found their agent alive",
            self.hosts_killed, self.hosts_died, self.restarts, self.found_alive
        )
    }
}
