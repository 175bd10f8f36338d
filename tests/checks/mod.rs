//! What holds for every sequence of events, as functions that say where it does not.
//!
//! Each takes the thing that folds the events from outside, so that it can be handed one with a planted defect.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::collections::BTreeMap;

use session_lifecycle::{AnySession, Event, Outcome};

use crate::oracle::{Oracle, OutcomeClass};
use crate::story;

/// A thing that folds events and shows where it stands.
pub(crate) trait Subject {
    fn apply(&mut self, event: &Event) -> OutcomeClass;
    fn shown(&self) -> Oracle;
}

impl Subject for AnySession {
    fn apply(&mut self, event: &Event) -> OutcomeClass {
        let step = std::mem::take(self).apply(event.clone());
        *self = step.session;
        match step.outcome {
            Outcome::Applied(_) => OutcomeClass::Applied,
            Outcome::Ignored(_) => OutcomeClass::Ignored,
            Outcome::Rejected(_) => OutcomeClass::Rejected,
        }
    }

    fn shown(&self) -> Oracle {
        Oracle::of(self)
    }
}

/// The oracle, spoilt after each event: what was before, the event, what is now, what became of the event.
pub(crate) struct Spoilt {
    pub(crate) oracle: Oracle,
    pub(crate) flaw: Flaw,
}

pub(crate) type Flaw = fn(&Oracle, &Event, &mut Oracle, OutcomeClass) -> OutcomeClass;

impl Spoilt {
    pub(crate) fn by(flaw: Flaw) -> Self {
        let oracle = Oracle::new();
        Self { oracle, flaw }
    }
}

impl Subject for Spoilt {
    fn apply(&mut self, event: &Event) -> OutcomeClass {
        let before = self.oracle.clone();
        let class = self.oracle.apply(event);
        (self.flaw)(&before, event, &mut self.oracle, class)
    }

    fn shown(&self) -> Oracle {
        self.oracle.clone()
    }
}

/// Says what went wrong, and at the end of which events.
fn fault(events: &[Event], at: usize, what: &str) -> String {
    format!("{what}\nat the end of\n{}", story::text(&events[..=at]))
}

/// Subject and oracle show, remember and answer the same after every event.
pub(crate) fn agrees_with_oracle(
    mut subject: impl Subject,
    events: &[Event],
) -> Result<(), String> {
    let mut oracle = Oracle::new();
    for (at, event) in events.iter().enumerate() {
        let expected = oracle.apply(event);
        let class = subject.apply(event);
        let shown = subject.shown();
        if class != expected || shown != oracle {
            let what = format!("expected {expected:?}, {oracle}\n   found {class:?}, {shown}");
            return Err(fault(events, at, &what));
        }
    }
    Ok(())
}

/// An event that is delivered twice in a row does the second time nothing, whatever it did the first time.
pub(crate) fn redelivery_changes_nothing(
    mut subject: impl Subject,
    events: &[Event],
) -> Result<(), String> {
    for (at, event) in events.iter().enumerate() {
        subject.apply(event);
        let once = subject.shown();
        subject.apply(event);
        let twice = subject.shown();
        if once != twice {
            let what = format!("delivered once: {once}\ndelivered again: {twice}");
            return Err(fault(events, at, &what));
        }
    }
    Ok(())
}

/// A rejected event changes nothing at all. An ignored one leaves what is shown; only the ledger may have learnt.
pub(crate) fn refusals_change_nothing(
    mut subject: impl Subject,
    events: &[Event],
) -> Result<(), String> {
    for (at, event) in events.iter().enumerate() {
        let before = subject.shown();
        let class = subject.apply(event);
        let mut after = subject.shown();
        match class {
            OutcomeClass::Applied => continue,
            OutcomeClass::Ignored => {
                let kept = before
                    .ledger
                    .iter()
                    .all(|(turn, how)| after.ledger.get(turn) == Some(how));
                if kept {
                    after.ledger.clone_from(&before.ledger);
                }
            }
            OutcomeClass::Rejected => {}
        }
        if before != after {
            let what = format!("{class:?}, and {before}\nbecame {after}");
            return Err(fault(events, at, &what));
        }
    }
    Ok(())
}

/// Once a turn has reported how it ended, whatever still comes of it is ignored and changes nothing (S3, S8).
pub(crate) fn reported_turns_are_past(
    mut subject: impl Subject,
    events: &[Event],
) -> Result<(), String> {
    for event in events {
        subject.apply(event);
    }
    let before = subject.shown();
    for event in events {
        let (Event::TurnStarted { turn: Some(turn) }
        | Event::TurnCompleted {
            turn: Some(turn), ..
        }
        | Event::TurnAborted { turn: Some(turn) }
        | Event::RuntimeError {
            turn: Some(turn), ..
        }
        | Event::WorkObserved { turn: Some(turn) }) = event
        else {
            continue;
        };
        let past = before
            .ledger
            .get(turn.as_str())
            .is_some_and(|how| how.reported);
        if past && (subject.apply(event) != OutcomeClass::Ignored || subject.shown() != before) {
            let what = format!("{} once more: {}", story::line(event), subject.shown());
            return Err(fault(events, events.len() - 1, &what));
        }
    }
    Ok(())
}

/// S1: an inactive session holds no turn.
pub(crate) fn s1(shown: &Oracle) -> Result<(), String> {
    match &shown.active {
        Some(turn) if !["starting", "running"].contains(&shown.status) => Err(format!(
            "S1: a session that is {} points at turn {turn}",
            shown.status
        )),
        Some(_) | None => Ok(()),
    }
}

/// S3: a settled turn is not active. Since [`s8`] keeps it settled, it never is again.
pub(crate) fn s3(shown: &Oracle) -> Result<(), String> {
    match &shown.active {
        Some(turn) if shown.ledger.contains_key(turn) => {
            Err(format!("S3: turn {turn} has settled and is active"))
        }
        Some(_) | None => Ok(()),
    }
}

/// S8: what a turn reported of itself stays, what is inferred never flatters, and nothing is forgotten.
pub(crate) fn s8(before: &Oracle, after: &Oracle) -> Result<(), String> {
    for (turn, how) in &before.ledger {
        match after.ledger.get(turn) {
            None => return Err(format!("S8: the outcome of turn {turn} is forgotten")),
            Some(now) if how.reported && now != how => {
                return Err(format!("S8: the report of turn {turn} is overwritten"));
            }
            Some(now) if now != how && !now.reported => {
                return Err(format!("S8: turn {turn} is inferred a second time"));
            }
            Some(_) => {}
        }
    }
    for (turn, how) in &after.ledger {
        let unknowable = if how.reported {
            "unreported"
        } else {
            "completed"
        };
        if how.outcome == unknowable {
            return Err(format!(
                "S8: nobody can know turn {turn} as {}",
                how.outcome
            ));
        }
    }
    Ok(())
}

/// S1, S3 and S8 after every event; and what else makes a session possible.
pub(crate) fn invariants(mut subject: impl Subject, events: &[Event]) -> Result<(), String> {
    let mut before = subject.shown();
    for (at, event) in events.iter().enumerate() {
        subject.apply(event);
        let after = subject.shown();
        possible(&after)
            .and_then(|()| s8(&before, &after))
            .map_err(|what| fault(events, at, &what))?;
        before = after;
    }
    Ok(())
}

/// A session that some events could have led to, as far as one look at it can tell.
pub(crate) fn possible(shown: &Oracle) -> Result<(), String> {
    s1(shown)?;
    s3(shown)?;
    s8(&Oracle::new(), shown)?;
    match shown.status {
        "stopped" if !shown.closed => return Err("R3: stopped, and not closed".into()),
        "idle" | "starting" | "running" | "ready" if shown.closed => {
            return Err(format!("R1, R2: {}, and closed", shown.status));
        }
        "error" if shown.last_error.is_none() => return Err("R2: an error without a word".into()),
        _ => {}
    }
    match (&shown.active, &shown.latest) {
        (Some(active), latest) if latest.as_ref() != Some(active) => {
            Err(format!("turn {active} is active and not the latest"))
        }
        (None, Some(latest)) if !shown.ledger.contains_key(latest) => {
            Err(format!("the latest turn {latest} never settled"))
        }
        (Some(_) | None, _) => Ok(()),
    }
}

/// The sessions of several threads, each event folded into its own.
pub(crate) fn fold_by_thread<S: Subject>(
    fresh: impl Fn() -> S,
    events: &[(u8, Event)],
) -> BTreeMap<u8, Oracle> {
    let mut threads = BTreeMap::new();
    for (thread, event) in events {
        let session = threads.entry(*thread).or_insert_with(&fresh);
        session.apply(event);
    }
    threads
        .iter()
        .map(|(id, session)| (*id, session.shown()))
        .collect()
}

/// Folding threads as they interleave gives what folding each alone gives.
pub(crate) fn threads_are_isolated(
    fold: impl Fn(&[(u8, Event)]) -> BTreeMap<u8, Oracle>,
    events: &[(u8, Event)],
) -> Result<(), String> {
    for (thread, together) in fold(events) {
        let own: Vec<(u8, Event)> = events
            .iter()
            .filter(|(of, _)| *of == thread)
            .cloned()
            .collect();
        let alone = fold(&own).remove(&thread);
        if alone.as_ref() != Some(&together) {
            let alone = alone.map_or("nothing".into(), |alone| alone.to_string());
            return Err(format!(
                "thread {thread} alone: {alone}\namong others: {together}"
            ));
        }
    }
    Ok(())
}

/// A session that is written down and read back after every event shows the same, is the same, and goes on the same.
pub(crate) fn survives(
    through: impl Fn(&AnySession) -> Result<AnySession, String>,
    events: &[Event],
) -> Result<(), String> {
    let mut plain = AnySession::new();
    let mut carried = AnySession::new();
    for (at, event) in events.iter().enumerate() {
        Subject::apply(&mut plain, event);
        Subject::apply(&mut carried, event);
        let read = through(&carried).map_err(|why| fault(events, at, &why))?;
        if read != carried || read.shown() != plain.shown() {
            let what = format!("written: {plain:?}\nread:    {read:?}");
            return Err(fault(events, at, &what));
        }
        carried = read;
    }
    Ok(())
}
