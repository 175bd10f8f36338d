//! What puts off the question about a turn of which nothing is heard (L2).

use super::*;

/// When the deadline of a turn is due anew, where what is heard of it puts it off.
fn stall(effects: &[Effect]) -> Option<Timestamp> {
    effects.iter().find_map(|effect| {
        if let Effect::SetDeadline { deadline, at } = effect
            && *deadline == Deadline::Stall
        {
            Some(*at)
        } else {
            None
        }
    })
}

fn names(state: SessionState) -> Input {
    let reason = None;
    event(Event::SessionStateChanged { state, reason })
}

fn worked(turn: Option<&str>) -> Input {
    let turn = turn.map(TurnId::from);
    event(Event::WorkObserved { turn })
}

#[test]
fn l2_12_what_is_no_work_of_the_turn_does_not_put_off_the_question_about_it() {
    let mut supervisor = working();
    let (turn, message) = (None, Some("a remark".into()));
    for other in [
        event(Event::Noticed),
        event(Event::SessionStarted),
        event(Event::ThreadStarted),
        event(Event::RuntimeError { turn, message }),
        event(Event::ThreadStateChanged(ThreadState::Active)),
        started("A"),
        ended("B", TurnResult::Completed),
        aborted("C"),
        worked(Some("B")),
    ] {
        let effects = supervisor.handle(other.clone(), at(300)).into_vec();
        assert_eq!(stall(&effects), None, "{other:?}");
    }
    let effects = then(&mut supervisor, Input::Due(Deadline::Stall));
    assert_eq!(effects, [], "it is not due");
    let due = Input::Due(Deadline::Stall);
    let effects: Vec<Effect> = supervisor.handle(due, at(601)).collect();
    let (epoch, turn) = (E1, Some(TurnId::from("A")));
    assert!(effects.contains(&Effect::Read { epoch, turn }));
}

#[test]
fn l2_12_work_that_is_seen_of_the_turn_puts_off_the_question_about_it() {
    for work in [
        worked(Some("A")),
        worked(None),
        names(SessionState::Running),
        names(SessionState::Waiting),
    ] {
        let effects = working().handle(work.clone(), at(300)).into_vec();
        assert_eq!(stall(&effects), Some(at(900)), "{work:?}");
    }
}

#[test]
fn l2_12_a_turn_that_begins_while_its_provider_is_busy_has_its_own_time() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    supervisor.handle(names(SessionState::Running), at(1));
    let effects = supervisor.handle(started("B"), at(300)).into_vec();
    assert_eq!(stall(&effects), Some(at(900)));
}
