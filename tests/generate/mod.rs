//! What the property tests draw from: few ids, so that events meet; every kind of event, so that nothing is spared.
#![allow(dead_code, reason = "each test crate uses its part")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use session_lifecycle::{
    Event, Inference, Message, SessionRecord, SessionState, Settlement, Status, ThreadState,
    TurnId, TurnResult,
};

/// The longest sequence of events.
pub(crate) const LONGEST: usize = 200;

pub(crate) fn turn() -> impl Strategy<Value = TurnId> {
    prop_oneof![Just("A"), Just("B"), Just("C")].prop_map(TurnId::from)
}

/// An id as no provider writes it, but could.
pub(crate) fn odd_turn() -> impl Strategy<Value = TurnId> {
    "\\PC{1,6}".prop_map(TurnId::from)
}

pub(crate) fn message() -> impl Strategy<Value = Option<Message>> {
    prop_oneof![
        Just(None),
        Just(Some(Message::from("boom"))),
        Just(Some(Message::from("out of \"quota\"\n"))),
    ]
}

pub(crate) fn result() -> impl Strategy<Value = TurnResult> {
    prop_oneof![
        Just(TurnResult::Completed),
        Just(TurnResult::Failed),
        Just(TurnResult::Interrupted)
    ]
}

pub(crate) fn event() -> impl Strategy<Value = Event> {
    event_of(turn().boxed())
}

pub(crate) fn event_of(turn: BoxedStrategy<TurnId>) -> impl Strategy<Value = Event> {
    let turn = proptest::option::weighted(0.85, turn);
    prop_oneof![
        2 => Just(Event::SessionStarted),
        1 => Just(Event::ThreadStarted),
        6 => (proptest::sample::select(SessionState::ALL.to_vec()), message())
            .prop_map(|(state, reason)| Event::SessionStateChanged { state, reason }),
        1 => Just(Event::SessionExited),
        8 => turn.clone().prop_map(|turn| Event::TurnStarted { turn }),
        5 => (turn.clone(), result(), message())
            .prop_map(|(turn, result, message)| Event::TurnCompleted { turn, result, message }),
        3 => turn.clone().prop_map(|turn| Event::TurnAborted { turn }),
        3 => (turn.clone(), message()).prop_map(|(turn, message)| Event::RuntimeError { turn, message }),
        3 => proptest::sample::select(ThreadState::ALL.to_vec()).prop_map(Event::ThreadStateChanged),
        1 => turn.prop_map(|turn| Event::WorkObserved { turn }),
        1 => Just(Event::Noticed),
    ]
}

/// The events of one thread.
pub(crate) fn events() -> impl Strategy<Value = Vec<Event>> {
    vec(event(), 0..=LONGEST)
}

/// The events of three threads, as they arrive.
pub(crate) fn interleaved() -> impl Strategy<Value = Vec<(u8, Event)>> {
    vec((0..3_u8, event()), 0..=LONGEST)
}

pub(crate) fn settlement() -> impl Strategy<Value = Settlement> {
    let inferences = [
        Inference::Failed,
        Inference::Interrupted,
        Inference::Unreported,
    ];
    prop_oneof![
        result().prop_map(Settlement::Reported),
        proptest::sample::select(inferences.to_vec()).prop_map(Settlement::Inferred),
    ]
}

/// A stored row, every field free to be wrong.
pub(crate) fn record() -> impl Strategy<Value = SessionRecord> {
    (
        proptest::sample::select(Status::ALL.to_vec()),
        proptest::option::of(turn()),
        message(),
        any::<bool>(),
        proptest::option::of(turn()),
        vec((turn(), settlement()), 0..5),
    )
        .prop_map(
            |(status, active_turn, last_error, closed, latest_turn, turns)| SessionRecord {
                status,
                active_turn,
                last_error,
                closed,
                latest_turn,
                turns,
            },
        )
}

/// How often a property is tried. No file of seeds: a regression is kept as the events that show it.
pub(crate) fn config() -> Config {
    Config {
        failure_persistence: None,
        ..Config::default()
    }
}

/// Looks for an input that fails the check, always in the same places, and gives the shortest that it finds.
///
/// This is how a checker is itself checked: it has to find a defect that was planted.
#[track_caller]
pub(crate) fn caught<T: std::fmt::Debug>(
    inputs: impl Strategy<Value = T>,
    check: impl Fn(&T) -> Result<(), String>,
) -> T {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let found = TestRunner::new_with_rng(config(), rng)
        .run(&inputs, |input| check(&input).map_err(TestCaseError::fail));
    match found {
        Err(TestError::Fail(_, shortest)) => shortest,
        Ok(()) | Err(TestError::Abort(_)) => panic!("the planted defect was not found"),
    }
}

/// [`caught`] for sequences: of what it finds, no event can be left out.
#[track_caller]
pub(crate) fn caught_in<E: Clone + std::fmt::Debug>(
    inputs: impl Strategy<Value = Vec<E>>,
    check: impl Fn(&Vec<E>) -> Result<(), String>,
) -> Vec<E> {
    let mut events = caught(inputs, &check);
    let mut at = 0;
    while at < events.len() {
        let mut fewer = events.clone();
        fewer.remove(at);
        if check(&fewer).is_err() {
            (events, at) = (fewer, 0);
        } else {
            at += 1;
        }
    }
    events
}

/// Tries the check on many inputs; the first that fails is shrunk and shown.
#[track_caller]
pub(crate) fn holds<T: std::fmt::Debug>(
    inputs: impl Strategy<Value = T>,
    check: impl Fn(&T) -> Result<(), String>,
) {
    let outcome =
        TestRunner::new(config()).run(&inputs, |input| check(&input).map_err(TestCaseError::fail));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
