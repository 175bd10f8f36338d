//! The rules R1 to R9 a second time, as plainly as they can be said: strings, options, a map, one `if` a condition.
//!
//! Written from the rule table, not from the crate, and with another shape on purpose: there are no states here that
//! could keep a wrong value from being written down. It is right if each function reads like its row of the table.
//!
//! It stands here because `replay-trace` asks it, and because the crate's own tests include this file by its path: a
//! published package holds what is below its folder, and the crate has no dependency on the model. No check asks it.
#![allow(dead_code, reason = "the command and each test crate use their parts")]

use std::collections::BTreeMap;
use std::fmt;

use session_lifecycle::{AnySession, Event, SessionRecord, SessionState, ThreadState, TurnResult};

/// What a session shows and remembers, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Oracle {
    pub(crate) status: &'static str,
    pub(crate) active: Option<String>,
    pub(crate) last_error: Option<String>,
    pub(crate) closed: bool,
    pub(crate) latest: Option<String>,
    pub(crate) ledger: BTreeMap<String, Settled>,
}

/// How a turn settled, and whether its own terminal event said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) outcome: &'static str,
    pub(crate) reported: bool,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutcomeClass {
    Applied,
    Ignored,
    Rejected,
}
use OutcomeClass::{Applied, Ignored, Rejected};

pub(crate) fn inferred(outcome: &'static str) -> Settled {
    Settled {
        outcome,
        reported: false,
    }
}

pub(crate) fn reported(outcome: &'static str) -> Settled {
    Settled {
        outcome,
        reported: true,
    }
}

impl Oracle {
    pub(crate) fn new() -> Self {
        Self {
            status: "idle",
            active: None,
            last_error: None,
            closed: false,
            latest: None,
            ledger: BTreeMap::new(),
        }
    }

    /// The crate's session, put into the same words.
    pub(crate) fn of(session: &AnySession) -> Self {
        let settled = |how: session_lifecycle::Settlement| Settled {
            outcome: how.outcome().as_str(),
            reported: how.is_reported(),
        };
        Self {
            status: session.status().as_str(),
            active: session.active_turn().map(ToString::to_string),
            last_error: session.last_error().map(ToString::to_string),
            closed: session.is_closed(),
            latest: session.latest_turn().map(ToString::to_string),
            ledger: session
                .ledger()
                .iter()
                .map(|(turn, how)| (turn.to_string(), settled(how)))
                .collect(),
        }
    }

    /// A record, put into the same words; of a turn that stands in it twice, the first settlement.
    pub(crate) fn of_record(record: &SessionRecord) -> Self {
        let mut ledger = BTreeMap::new();
        for (turn, how) in &record.turns {
            ledger.entry(turn.to_string()).or_insert(Settled {
                outcome: how.outcome().as_str(),
                reported: how.is_reported(),
            });
        }
        Self {
            status: record.status.as_str(),
            active: record.active_turn.as_ref().map(ToString::to_string),
            last_error: record.last_error.as_ref().map(ToString::to_string),
            closed: record.closed,
            latest: record.latest_turn.as_ref().map(ToString::to_string),
            ledger,
        }
    }

    pub(crate) fn apply(&mut self, event: &Event) -> OutcomeClass {
        match event {
            Event::SessionStarted | Event::ThreadStarted => self.r1(),
            Event::SessionStateChanged { state, reason } => self.r2(*state, reason.as_deref()),
            Event::SessionExited => self.r3(),
            Event::TurnStarted { turn } => self.r4(turn.as_ref().map(|id| id.as_str())),
            Event::TurnCompleted {
                turn,
                result,
                message,
            } => {
                let result = match result {
                    TurnResult::Completed => "completed",
                    TurnResult::Failed => "failed",
                    TurnResult::Interrupted => "interrupted",
                };
                let turn = turn.as_ref().map(|id| id.as_str());
                self.r5(turn, result, message.as_deref())
            }
            Event::TurnAborted { turn } => self.r6(turn.as_ref().map(|id| id.as_str())),
            Event::RuntimeError { turn, message } => {
                self.r7(turn.as_ref().map(|id| id.as_str()), message.as_deref())
            }
            Event::ThreadStateChanged(ThreadState::Error) => self.r8_error(),
            Event::ThreadStateChanged(ThreadState::Closed) => self.r8_closed(),
            Event::ThreadStateChanged(
                ThreadState::Active
                | ThreadState::Idle
                | ThreadState::Archived
                | ThreadState::Compacted,
            )
            | Event::WorkObserved { .. }
            | Event::Noticed => Ignored, // R9
        }
    }

    /// What is not an event: the host restarts, its provider is gone with it, and it makes its stored row whole.
    pub(crate) fn restart(&mut self) {
        if self.status == "starting" || self.status == "running" {
            self.settle(inferred("interrupted"));
            self.status = "stopped";
            self.closed = true;
        }
    }

    fn r1(&mut self) -> OutcomeClass {
        self.closed = false;
        if self.active.is_some() {
            self.status = "running";
        } else {
            self.status = "ready";
            self.last_error = None;
        }
        Applied
    }

    fn r2(&mut self, state: SessionState, reason: Option<&str>) -> OutcomeClass {
        match state {
            SessionState::Starting => {
                self.status = "starting";
                self.closed = false;
            }
            SessionState::Running | SessionState::Waiting => {
                self.status = "running";
                self.closed = false;
            }
            SessionState::Ready => {
                self.settle(inferred("unreported"));
                self.status = "ready";
                self.last_error = None;
                self.closed = false;
            }
            SessionState::Interrupted => {
                self.settle(inferred("interrupted"));
                self.status = "interrupted";
            }
            SessionState::Stopped => {
                self.settle(inferred("interrupted"));
                self.status = "stopped";
                self.closed = true;
            }
            SessionState::Error => {
                self.settle(inferred("failed"));
                self.status = "error";
                self.explain(reason, "Provider session error");
            }
        }
        Applied
    }

    fn r3(&mut self) -> OutcomeClass {
        self.settle(inferred("interrupted"));
        self.status = "stopped";
        self.closed = true;
        Applied
    }

    fn r4(&mut self, turn: Option<&str>) -> OutcomeClass {
        if self.closed {
            return Ignored;
        }
        let Some(turn) = turn else {
            self.status = "running";
            return Applied;
        };
        if self.ledger.contains_key(turn) {
            return Ignored;
        }
        if self.active.as_deref() == Some(turn) {
            if self.status == "running" {
                return Ignored;
            }
            self.status = "running";
            return Applied;
        }
        if self.active.is_some() {
            return Rejected;
        }
        self.active = Some(turn.to_owned());
        self.latest = Some(turn.to_owned());
        self.status = "running";
        Applied
    }

    fn r5(
        &mut self,
        turn: Option<&str>,
        result: &'static str,
        message: Option<&str>,
    ) -> OutcomeClass {
        let Some(turn) = turn else {
            return Ignored;
        };
        if let Some(settled) = self.ledger.get(turn) {
            if settled.reported {
                return Ignored;
            }
            self.ledger.insert(turn.to_owned(), reported(result));
            let latest = self.latest.as_deref() == Some(turn);
            if result == "failed" && self.status == "ready" && !self.closed && latest {
                self.status = "error";
                self.explain(message, "Turn failed");
            }
            return Applied;
        }
        let another = self.active.as_deref().is_some_and(|active| active != turn);
        if self.closed || another {
            self.ledger.insert(turn.to_owned(), reported(result));
            return Ignored;
        }
        self.ledger.insert(turn.to_owned(), reported(result));
        self.active = None;
        self.latest = Some(turn.to_owned());
        if result == "failed" {
            self.status = "error";
            self.explain(message, "Turn failed");
        } else {
            self.status = "ready";
            self.last_error = None;
        }
        Applied
    }

    fn r6(&mut self, turn: Option<&str>) -> OutcomeClass {
        let Some(turn) = turn else {
            return Ignored;
        };
        if let Some(settled) = self.ledger.get(turn) {
            if settled.reported {
                return Ignored;
            }
            self.ledger.insert(turn.to_owned(), reported("interrupted"));
            return Applied;
        }
        if self.active.as_deref() == Some(turn) {
            self.settle(reported("interrupted"));
            self.status = "interrupted";
            return Applied;
        }
        self.ledger.insert(turn.to_owned(), reported("interrupted"));
        Ignored
    }

    fn r7(&mut self, turn: Option<&str>, message: Option<&str>) -> OutcomeClass {
        if turn.is_some_and(|turn| self.ledger.contains_key(turn)) {
            return Ignored;
        }
        if self.closed {
            self.explain(message, "Provider runtime error");
            return Applied;
        }
        let Some(turn) = turn else {
            if self.active.is_none() {
                self.status = "error";
            }
            self.explain(message, "Provider runtime error");
            return Applied;
        };
        if self.active.as_deref().is_some_and(|active| active != turn) {
            return Ignored;
        }
        self.ledger.insert(turn.to_owned(), reported("failed"));
        self.active = None;
        self.latest = Some(turn.to_owned());
        self.status = "error";
        self.explain(message, "Provider runtime error");
        Applied
    }

    fn r8_error(&mut self) -> OutcomeClass {
        self.settle(inferred("failed"));
        self.status = "error";
        self.explain(None, "Provider thread error");
        Applied
    }

    fn r8_closed(&mut self) -> OutcomeClass {
        self.settle(inferred("interrupted"));
        self.status = "stopped";
        self.closed = true;
        Applied
    }

    /// Settle(outcome): record the active turn, if any, and clear it.
    fn settle(&mut self, how: Settled) {
        if let Some(turn) = self.active.take() {
            self.ledger.insert(turn, how);
        }
    }

    /// The message, else keep, else a default text.
    fn explain(&mut self, message: Option<&str>, default: &str) {
        if let Some(message) = message {
            self.last_error = Some(message.to_owned());
        } else if self.last_error.is_none() {
            self.last_error = Some(default.to_owned());
        }
    }
}

/// `error B "boom" closed latest A | A failed (inferred)`: nothing that is as at the beginning is named.
impl fmt::Display for Oracle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status)?;
        if let Some(turn) = &self.active {
            write!(f, " {turn}")?;
        }
        if let Some(error) = &self.last_error {
            write!(f, " {error:?}")?;
        }
        // Of a stopped session it goes without saying.
        if self.closed != (self.status == "stopped") {
            f.write_str(if self.closed { " closed" } else { " open" })?;
        }
        if self.latest != self.active {
            write!(f, " latest {}", self.latest.as_deref().unwrap_or("none"))?;
        }
        for (at, (turn, how)) in self.ledger.iter().enumerate() {
            let basis = if how.reported { "reported" } else { "inferred" };
            let lead = if at == 0 { " |" } else { "," };
            write!(f, "{lead} {turn} {} ({basis})", how.outcome)?;
        }
        Ok(())
    }
}
