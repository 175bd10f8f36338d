//! What holds for every session, over random sequences of up to 200 events; and that each check can fail.

mod checks;
mod generate;
#[path = "../model/src/trace/oracle.rs"]
mod oracle;
mod story;

use checks::{
    Flaw, Spoilt, Subject, agrees_with_oracle, fold_by_thread, invariants,
    redelivery_changes_nothing, refusals_change_nothing, reported_turns_are_past,
    threads_are_isolated,
};
use generate::{caught_in, event_of, events, holds, interleaved, odd_turn};
use oracle::{Oracle, OutcomeClass};
use proptest::prelude::*;
use session_lifecycle::{AnySession, Event, SessionState};

#[test]
fn every_event_does_what_the_oracle_says() {
    holds(events(), |events| {
        agrees_with_oracle(AnySession::new(), events)
    });
}

#[test]
fn every_event_does_what_the_oracle_says_however_many_ids_there_are_and_whatever_they_look_like() {
    let odd = proptest::collection::vec(odd_turn(), 3..=40).prop_flat_map(|ids| {
        let event = event_of(proptest::sample::select(ids).boxed());
        proptest::collection::vec(event, 0..=generate::LONGEST)
    });
    holds(odd, |events| agrees_with_oracle(AnySession::new(), events));
}

#[test]
fn an_event_delivered_again_changes_nothing() {
    holds(events(), |events| {
        redelivery_changes_nothing(AnySession::new(), events)
    });
}

#[test]
fn a_refused_event_changes_nothing_that_is_shown() {
    holds(events(), |events| {
        refusals_change_nothing(AnySession::new(), events)
    });
}

#[test]
fn whatever_names_a_turn_that_has_reported_is_ignored_however_late_it_comes() {
    holds(events(), |events| {
        reported_turns_are_past(AnySession::new(), events)
    });
}

#[test]
fn s1_s3_and_s8_hold_after_every_event() {
    holds(events(), |events| invariants(AnySession::new(), events));
}

#[test]
fn an_event_of_one_thread_never_touches_another() {
    let fold = |events: &[(u8, Event)]| fold_by_thread(AnySession::new, events);
    holds(interleaved(), |events| threads_are_isolated(fold, events));
}

#[test]
fn every_thread_of_many_does_what_its_oracle_says() {
    holds(interleaved(), |events| {
        let sessions = fold_by_thread(AnySession::new, events);
        let oracles = fold_by_thread(|| Spoilt::by(|_, _, _, class| class), events);
        if sessions == oracles {
            Ok(())
        } else {
            Err(format!("expected {oracles:?}\nfound {sessions:?}"))
        }
    });
}

#[test]
fn the_events_reach_every_status_and_every_answer() {
    let seen = std::cell::RefCell::new(std::collections::BTreeSet::new());
    holds(events(), |events| {
        let mut session = AnySession::new();
        for event in events {
            let class = Subject::apply(&mut session, event);
            let mut seen = seen.borrow_mut();
            seen.insert(session.status().to_string());
            seen.insert(format!("{class:?}"));
        }
        Ok(())
    });
    // Seven statuses, three answers: no check above passed because nothing happened.
    assert_eq!(seen.borrow().len(), 10, "{seen:?}");
}

#[test]
fn a_sequence_is_read_back_from_its_lines() {
    holds(events(), |events| {
        let text = story::text(events);
        if story::events(&text) == *events {
            Ok(())
        } else {
            Err(text)
        }
    });
}

/// Runs a check on the oracle spoilt by a flaw, and gives the length of the shortest sequence that shows it.
#[track_caller]
fn shortest(check: fn(Spoilt, &[Event]) -> Result<(), String>, flaw: Flaw) -> usize {
    caught_in(events(), |events| check(Spoilt::by(flaw), events)).len()
}

#[test]
fn planted_a_turn_kept_by_a_ready_session_is_found_by_the_oracle_and_by_s1() {
    let kept: Flaw = |before, event, now, class| {
        if matches!(
            event,
            Event::SessionStateChanged {
                state: SessionState::Ready,
                ..
            }
        ) {
            now.active.clone_from(&before.active);
        }
        class
    };
    assert_eq!(shortest(agrees_with_oracle, kept), 2);
    assert_eq!(shortest(invariants, kept), 2);
}

#[test]
fn planted_a_wrong_answer_is_found_by_the_oracle() {
    let flattering: Flaw = |_, _, _, class| match class {
        OutcomeClass::Applied | OutcomeClass::Ignored => class,
        OutcomeClass::Rejected => OutcomeClass::Ignored,
    };
    assert_eq!(shortest(agrees_with_oracle, flattering), 2);
}

#[test]
fn planted_errors_that_pile_up_are_found_by_redelivery() {
    let piled: Flaw = |before, event, now, class| {
        if let (Event::RuntimeError { .. }, Some(old)) = (event, &before.last_error) {
            now.last_error = Some(format!("{old}; again"));
        }
        class
    };
    assert_eq!(shortest(redelivery_changes_nothing, piled), 1);
}

#[test]
fn planted_a_refused_start_that_takes_the_turn_is_found_by_refusals() {
    let stolen: Flaw = |_, event, now, class| {
        if let (Event::TurnStarted { turn: Some(turn) }, OutcomeClass::Rejected) = (event, class) {
            now.active = Some(turn.to_string());
        }
        class
    };
    assert_eq!(shortest(refusals_change_nothing, stolen), 2);
}

#[test]
fn planted_an_ignored_completion_that_ends_the_work_is_found_by_refusals() {
    let ended: Flaw = |_, event, now, class| {
        if let (Event::TurnCompleted { .. }, OutcomeClass::Ignored) = (event, class) {
            now.status = "ready";
        }
        class
    };
    assert_eq!(shortest(refusals_change_nothing, ended), 1);
}

#[test]
fn planted_a_late_error_that_is_believed_is_found() {
    let believed: Flaw = |before, event, now, class| {
        if before.active.is_none() && matches!(event, Event::RuntimeError { turn: Some(_), .. }) {
            now.status = "error";
            return OutcomeClass::Applied;
        }
        class
    };
    assert_eq!(shortest(reported_turns_are_past, believed), 1);
}

#[test]
fn planted_a_settled_turn_that_starts_again_is_found_by_s3() {
    let again: Flaw = |_, event, now, class| {
        if let (Event::TurnStarted { turn: Some(turn) }, OutcomeClass::Ignored) = (event, class) {
            (now.status, now.active) = ("running", Some(turn.to_string()));
            now.latest.clone_from(&now.active);
        }
        class
    };
    assert_eq!(shortest(invariants, again), 2);
}

#[test]
fn planted_an_exit_that_overwrites_a_report_is_found_by_s8() {
    let overwritten: Flaw = |_, event, now, class| {
        if *event == Event::SessionExited {
            for how in now.ledger.values_mut() {
                (how.outcome, how.reported) = ("interrupted", false);
            }
        }
        class
    };
    assert_eq!(shortest(invariants, overwritten), 2);
}

#[test]
fn planted_an_event_without_a_turn_that_goes_to_the_last_busy_thread_is_found_by_isolation() {
    fn misrouted(events: &[(u8, Event)]) -> std::collections::BTreeMap<u8, Oracle> {
        let mut busy = None;
        let routed: Vec<(u8, Event)> = events
            .iter()
            .map(|(thread, event)| {
                if matches!(event, Event::TurnStarted { .. }) {
                    busy = Some(*thread);
                }
                let lost = matches!(event, Event::RuntimeError { turn: None, .. });
                let to = if lost { busy } else { None };
                (to.unwrap_or(*thread), event.clone())
            })
            .collect();
        fold_by_thread(AnySession::new, &routed)
    }
    let events = caught_in(interleaved(), |events| {
        threads_are_isolated(misrouted, events)
    });
    assert_eq!(events.len(), 2);
}

/// Every defect that lives in the fold, put back into the crate itself, is found by the comparison with the oracle.
#[cfg(feature = "faults")]
#[test]
fn planted_every_published_fault_of_the_fold_is_found_by_the_oracle() {
    use session_lifecycle::{Fault, FaultLayer};

    let elsewhere = [
        // Repair of stored rows.
        Fault::S1_03,
        Fault::S8_02,
        // The reaper and its clock.
        Fault::S2_01,
        Fault::S2_03,
        Fault::S2_13,
        Fault::L1_02,
        Fault::L1_06,
    ];
    let is_of_the_fold =
        |fault: &&Fault| fault.layer() == FaultLayer::Projection && !elsewhere.contains(fault);
    for fault in Fault::ALL.iter().filter(is_of_the_fold) {
        let shortest = caught_in(events(), |events| {
            agrees_with_oracle(AnySession::new().with_fault(Some(*fault)), events)
        });
        assert!(
            shortest.len() <= 3,
            "{}\n{}",
            fault.id(),
            story::text(&shortest)
        );
    }
    for fault in elsewhere {
        holds(events(), |events| {
            agrees_with_oracle(AnySession::new().with_fault(Some(fault)), events)
        });
    }
}
