//! The peers of the bench `apply` do what `apply` does, event by event: else their times could not be compared.

mod generate;

#[path = "../model/benches/apply/by_hand.rs"]
mod by_hand;
#[path = "../model/benches/apply/crates/mod.rs"]
mod crates;
#[path = "../model/benches/apply/in_numbers.rs"]
mod in_numbers;
#[path = "../model/benches/apply/streams.rs"]
#[allow(dead_code, reason = "the bench uses the rest")]
mod streams;
mod words {
    pub(crate) use session_lifecycle::*;
}

use by_hand::ByHand;
use crates::in_rust_fsm::InRustFsm;
use crates::in_smlang::InSmlang;
use crates::in_statig::InStatig;
use crates::{Machine, OutcomeClass};
use in_numbers::words::{self as words_in_numbers, Numbers};
use session_lifecycle::{AnySession, Event, Outcome, TurnId};
use streams::{Kind, stream};

/// The first event of which the two say something else, or after which they are not the same.
fn by_hand_differs(
    events: &[Event],
    peer: impl Fn(&mut ByHand, Event) -> Outcome,
) -> Result<(), String> {
    let mut session = AnySession::new();
    let mut hand = ByHand::default();
    for event in events {
        let step = session.apply(event.clone());
        let said = peer(&mut hand, event.clone());
        session = step.session;
        if said != step.outcome {
            return Err(format!("{event:?}: {} and by hand {said}", step.outcome));
        }
        let settled: Vec<_> = session
            .ledger()
            .iter()
            .map(|(turn, how)| (turn.clone(), how))
            .collect();
        let same = hand.status == session.status()
            && hand.closed == session.is_closed()
            && hand.active.as_ref() == session.active_turn()
            && hand.latest.as_ref() == session.latest_turn()
            && hand.last_error.as_ref() == session.last_error()
            && hand.settled.0 == settled;
        if !same {
            return Err(format!("after {event:?}: {session:?}"));
        }
    }
    Ok(())
}

/// The same of a machine in another crate, as far as its subset goes.
fn machine_differs<M: Machine>(events: &[Event]) -> Result<(), String> {
    let mut session = AnySession::new();
    let mut machine = M::default();
    for event in events {
        let step = session.apply(event.clone());
        session = step.session;
        let said = machine.apply(event.clone());
        let class = match step.outcome {
            Outcome::Applied(_) => OutcomeClass::Applied,
            Outcome::Ignored(_) => OutcomeClass::Ignored,
            Outcome::Rejected(_) => OutcomeClass::Rejected,
        };
        let book = machine.book();
        let settled: Vec<_> = session
            .ledger()
            .iter()
            .map(|(turn, how)| (turn.clone(), how))
            .collect();
        let same = said == class
            && machine.status() == session.status()
            && machine.is_closed() == session.is_closed()
            && book.active.as_ref() == session.active_turn()
            && book.latest.as_ref() == session.latest_turn()
            && book.settled.0 == settled;
        if !same {
            let shown = (said, machine.status(), &book.active);
            return Err(format!(
                "{event:?}: {class:?} {session:?}, the machine: {shown:?}"
            ));
        }
    }
    Ok(())
}

#[track_caller]
fn agrees<M: Machine>() {
    generate::holds(generate::events(), |events| machine_differs::<M>(events));
    for kind in [Kind::Life, Kind::Uniform] {
        assert_eq!(machine_differs::<M>(&of_one_thread(kind)), Ok(()));
    }
}

#[test]
fn statig_does_in_its_subset_what_apply_does() {
    agrees::<InStatig>();
}

#[test]
fn smlang_does_in_its_subset_what_apply_does() {
    agrees::<InSmlang>();
}

#[test]
fn rust_fsm_does_in_its_subset_what_apply_does() {
    agrees::<InRustFsm>();
}

fn of_one_thread(kind: Kind) -> Vec<Event> {
    stream(kind, 1, 4_000, 11)
        .into_iter()
        .map(|(_, event)| event)
        .collect()
}

#[test]
fn by_hand_says_of_random_events_what_apply_says() {
    generate::holds(generate::events(), |events| {
        by_hand_differs(events, ByHand::apply)
    });
}

#[test]
fn by_hand_says_of_the_streams_of_the_bench_what_apply_says() {
    for kind in [Kind::Life, Kind::Uniform] {
        assert_eq!(by_hand_differs(&of_one_thread(kind), ByHand::apply), Ok(()));
    }
}

type OfNumbers = in_numbers::by_hand::ByHand;

/// The first event of which the `match` of numbers says something else, or after which it is not the same. The turns are
/// named by their numbers, so that both write them alike.
fn of_numbers_differs(
    events: &[Event],
    peer: impl Fn(&mut OfNumbers, words_in_numbers::Event) -> words_in_numbers::Outcome,
) -> Result<(), String> {
    let mut numbers = Numbers::default();
    let mut session = AnySession::new();
    let mut hand = OfNumbers::default();
    for event in events {
        let said = peer(&mut hand, numbers.event(0, event.clone()));
        let mut event = event.clone();
        if let Some(turn) = turn_of(&mut event) {
            *turn = TurnId::from(numbers.turn(0, turn.clone()).to_string());
        }
        let outcome = session.fold(event.clone());
        let settled: Vec<_> = session.ledger().iter().collect();
        let [ours, theirs] = [
            format!(
                "{outcome:?} {} {} {:?} {:?} {} {settled:?}",
                session.status(),
                session.is_closed(),
                session.active_turn(),
                session.latest_turn(),
                session.last_error().is_some(),
            ),
            format!(
                "{said:?} {} {} {:?} {:?} {} {:?}",
                hand.status,
                hand.closed,
                hand.active,
                hand.latest,
                hand.last_error.is_some(),
                hand.settled.0,
            ),
        ];
        if ours != theirs {
            return Err(format!("after {event:?}: {ours}, of numbers: {theirs}"));
        }
    }
    Ok(())
}

fn turn_of(event: &mut Event) -> Option<&mut TurnId> {
    match event {
        Event::TurnStarted { turn }
        | Event::TurnCompleted { turn, .. }
        | Event::TurnAborted { turn }
        | Event::RuntimeError { turn, .. }
        | Event::WorkObserved { turn } => turn.as_mut(),
        Event::SessionStarted
        | Event::ThreadStarted
        | Event::SessionStateChanged { .. }
        | Event::SessionExited
        | Event::ThreadStateChanged(_)
        | Event::Noticed => None,
    }
}

#[test]
fn by_hand_says_the_same_where_ids_are_numbers() {
    generate::holds(generate::events(), |events| {
        of_numbers_differs(events, OfNumbers::apply)
    });
    for kind in [Kind::Life, Kind::Uniform] {
        assert_eq!(
            of_numbers_differs(&of_one_thread(kind), OfNumbers::apply),
            Ok(())
        );
    }
}

#[test]
fn planted_a_peer_of_numbers_that_forgets_an_error_is_told_from_apply() {
    let shortest = generate::caught_in(generate::events(), |events| {
        of_numbers_differs(events, |hand, event| {
            let outcome = hand.apply(event);
            hand.last_error = None;
            outcome
        })
    });
    assert_eq!(shortest.len(), 1, "{shortest:?}");
}

#[test]
fn planted_a_peer_that_forgets_what_is_closed_is_told_from_apply() {
    let shortest = generate::caught_in(generate::events(), |events| {
        by_hand_differs(events, |hand, event| {
            let outcome = hand.apply(event);
            hand.closed = false;
            outcome
        })
    });
    assert_eq!(shortest.len(), 1, "{shortest:?}");
}
