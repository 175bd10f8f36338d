//! Every situation times every event, asked of the shipped code: the tables and the graph of the documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use session_lifecycle::{
    AnySession, Event, Inference, Message, Outcome, SessionRecord, SessionState, Settlement,
    Status, Step, ThreadState, TurnChange, TurnId, TurnResult,
};

/// A situation: everything that the rules look at in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Situation {
    status: Status,
    has_turn: bool,
    closed: bool,
}

const SITUATIONS: [Situation; 11] = [
    Situation::of(Status::Idle),
    Situation::of(Status::Starting),
    Situation::of(Status::Starting).with_turn(),
    Situation::of(Status::Running),
    Situation::of(Status::Running).with_turn(),
    Situation::of(Status::Ready),
    Situation::of(Status::Interrupted),
    Situation::of(Status::Interrupted).closed(),
    Situation::of(Status::Stopped).closed(),
    Situation::of(Status::Error),
    Situation::of(Status::Error).closed(),
];

/// Which turn an event names, seen from the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    None,
    Active,
    Fresh,
    Reported,
    Inferred,
}

const ACTIVE: &str = "the active turn";
const FRESH: &str = "another turn";
const REPORTED: &str = "a reported turn";
const INFERRED: &str = "an inferred turn";

impl Named {
    const ALL: [Self; 5] = [
        Self::None,
        Self::Active,
        Self::Fresh,
        Self::Reported,
        Self::Inferred,
    ];

    fn turn(self) -> Option<TurnId> {
        match self {
            Self::None => None,
            Self::Active => Some(ACTIVE.into()),
            Self::Fresh => Some(FRESH.into()),
            Self::Reported => Some(REPORTED.into()),
            Self::Inferred => Some(INFERRED.into()),
        }
    }
}

impl Situation {
    const fn of(status: Status) -> Self {
        Self {
            status,
            has_turn: false,
            closed: false,
        }
    }

    const fn with_turn(mut self) -> Self {
        self.has_turn = true;
        self
    }

    const fn closed(mut self) -> Self {
        self.closed = true;
        self
    }

    /// The session in this situation: one turn settled by a report, one, the latest, by inference.
    fn session(self) -> AnySession {
        let active = self.has_turn.then(|| TurnId::from(ACTIVE));
        let record = SessionRecord {
            status: self.status,
            latest_turn: Some(active.clone().unwrap_or_else(|| INFERRED.into())),
            active_turn: active,
            last_error: Some(Message::from("an earlier error")),
            closed: self.closed,
            turns: vec![
                (REPORTED.into(), Settlement::Reported(TurnResult::Completed)),
                (INFERRED.into(), Settlement::Inferred(Inference::Unreported)),
            ],
        };
        AnySession::try_from(record).expect("each situation is a session")
    }

    fn name(self) -> String {
        let mut name = self.status.to_string();
        if self.status.is_active() {
            name.push_str(if self.has_turn {
                ", with a turn"
            } else {
                ", no turn"
            });
        }
        if self.closed && self.status != Status::Stopped {
            name.push_str(", closed");
        }
        name
    }
}

/// A rule, a heading, and the event for each turn that it may name.
type Row = (&'static str, String, Vec<(Named, Event)>);

/// The events, by rule.
fn events() -> Vec<Row> {
    let one = |event: Event| vec![(Named::None, event)];
    let each = |make: &dyn Fn(Option<TurnId>) -> Event| -> Vec<(Named, Event)> {
        Named::ALL
            .into_iter()
            .map(|named| (named, make(named.turn())))
            .collect()
    };
    let message = || Some(Message::from("a new error"));
    let mut events = vec![
        (
            "R1",
            "`session.started`".to_owned(),
            one(Event::SessionStarted),
        ),
        (
            "R1",
            "`thread.started`".to_owned(),
            one(Event::ThreadStarted),
        ),
    ];
    for state in SessionState::ALL {
        let reason = (state == SessionState::Error).then(message).flatten();
        let event = Event::SessionStateChanged { state, reason };
        events.push((
            "R2",
            format!("`session.state.changed` `{}`", state.as_str()),
            one(event),
        ));
    }
    events.push((
        "R3",
        "`session.exited`".to_owned(),
        one(Event::SessionExited),
    ));
    events.push((
        "R4",
        "`turn.started`".to_owned(),
        each(&|turn| Event::TurnStarted { turn }),
    ));
    for (word, result) in [
        ("completed", TurnResult::Completed),
        ("interrupted", TurnResult::Interrupted),
        ("failed", TurnResult::Failed),
    ] {
        let make = |turn| Event::TurnCompleted {
            turn,
            result,
            message: message(),
        };
        events.push(("R5", format!("`turn.completed` `{word}`"), each(&make)));
    }
    events.push((
        "R6",
        "`turn.aborted`".to_owned(),
        each(&|turn| Event::TurnAborted { turn }),
    ));
    let error = |turn| Event::RuntimeError {
        turn,
        message: message(),
    };
    events.push(("R7", "`runtime.error`".to_owned(), each(&error)));
    for state in [ThreadState::Error, ThreadState::Closed] {
        events.push((
            "R8",
            format!("`thread.state.changed` `{}`", state.as_str()),
            one(Event::ThreadStateChanged(state)),
        ));
    }
    for state in [
        ThreadState::Active,
        ThreadState::Idle,
        ThreadState::Archived,
        ThreadState::Compacted,
    ] {
        events.push((
            "R9",
            format!("`thread.state.changed` `{}`", state.as_str()),
            one(Event::ThreadStateChanged(state)),
        ));
    }
    events.push((
        "R9",
        "work: items, deltas, tasks, requests".to_owned(),
        one(Event::WorkObserved { turn: None }),
    ));
    events.push(("R9", "anything else".to_owned(), one(Event::Noticed)));
    events
}

/// What one event does in one situation, in a few words.
fn cell(situation: Situation, event: Event) -> String {
    let before = situation.session();
    let error = before.last_error().cloned();
    let was_closed = before.is_closed();
    let learnt = before.ledger().clone();
    let Step { session, outcome } = before.apply(event);
    match outcome {
        Outcome::Rejected(why) => format!("rejected: {}", why.code()),
        Outcome::Ignored(why) if *session.ledger() == learnt => format!("ignored: {}", why.code()),
        Outcome::Ignored(why) => format!("ignored: {}; recorded", why.code()),
        Outcome::Applied(transition) => {
            let mut words = format!("**{}**", transition.to);
            match (transition.turn, session.active_turn()) {
                (Some(TurnChange::Began(_)), _) => words.push_str(", it begins"),
                (Some(TurnChange::Settled(_, how)), _) => {
                    write!(words, ", settles {how}").unwrap_or_default()
                }
                (Some(TurnChange::Corrected(_, how)), _) => {
                    write!(words, ", now {how}").unwrap_or_default()
                }
                (None, Some(_)) => words.push_str(", keeps its turn"),
                (None, None) => {}
            }
            match (error.as_ref() == session.last_error(), session.last_error()) {
                (true, _) => {}
                (false, None) => words.push_str("; error cleared"),
                (false, Some(_)) => words.push_str("; error set"),
            }
            match (was_closed, session.is_closed()) {
                (false, true) => words.push_str("; closed"),
                (true, false) => words.push_str("; open again"),
                (true, true) | (false, false) => {}
            }
            words
        }
    }
}

/// Whether a session in this situation can be offered an event that names this turn.
fn fits(situation: Situation, named: Named) -> bool {
    named != Named::Active || situation.has_turn
}

/// Every situation times every event, as Markdown tables: one for each situation.
#[must_use]
pub fn tables() -> String {
    let mut page = String::new();
    for situation in SITUATIONS {
        writeln!(page, "### {}\n", situation.name()).unwrap_or_default();
        page.push_str("| rule | event | names | outcome |\n|---|---|---|---|\n");
        for (rule, name, variants) in events() {
            for (named, event) in variants {
                if !fits(situation, named) {
                    continue;
                }
                let turn = match (&event, named.turn()) {
                    (_, Some(turn)) => turn.to_string(),
                    (
                        Event::TurnStarted { .. }
                        | Event::TurnCompleted { .. }
                        | Event::TurnAborted { .. }
                        | Event::RuntimeError { .. },
                        None,
                    ) => "no turn".to_owned(),
                    (_, None) => String::new(),
                };
                let outcome = cell(situation, event);
                writeln!(page, "| {rule} | {name} | {turn} | {outcome} |").unwrap_or_default();
            }
        }
        page.push('\n');
    }
    page
}

/// The statuses and what leads from one to another, from the code.
fn edges() -> BTreeMap<(Status, Status), BTreeSet<String>> {
    let mut edges: BTreeMap<(Status, Status), BTreeSet<String>> = BTreeMap::new();
    for situation in SITUATIONS {
        for (_, name, variants) in events() {
            for (named, event) in variants {
                if !fits(situation, named) {
                    continue;
                }
                let step = situation.session().apply(event);
                let to = step.session.status();
                if to != situation.status {
                    edges
                        .entry((situation.status, to))
                        .or_default()
                        .insert(name.replace('`', ""));
                }
            }
        }
    }
    edges
}

/// The transition graph for Mermaid.
#[must_use]
pub fn mermaid() -> String {
    let mut graph = "stateDiagram-v2\n    [*] --> idle\n".to_owned();
    for ((from, to), events) in edges() {
        let events: Vec<String> = events.into_iter().collect();
        writeln!(graph, "    {from} --> {to}: {}", events.join("<br>")).unwrap_or_default();
    }
    graph
}

/// The transition graph for Graphviz.
#[must_use]
pub fn dot() -> String {
    let mut graph =
        "digraph session {\n    rankdir=LR;\n    start [shape=point];\n    start -> idle;\n"
            .to_owned();
    for ((from, to), events) in edges() {
        let events: Vec<String> = events.into_iter().collect();
        writeln!(
            graph,
            "    {from} -> {to} [label=\"{}\"];",
            events.join("\\n")
        )
        .unwrap_or_default();
    }
    graph.push_str("}\n");
    graph
}
