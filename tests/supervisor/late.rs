//! Answers that come after their deadline, and after the next question.

use super::*;

fn read(state: TrueState, turn: Option<&str>) -> Input {
    let turn = turn.map(TurnId::from);
    answer(Answer::Read { turn, state })
}

const COMPLETED: TrueState = TrueState::Ended(TurnResult::Completed);

/// A supervisor whose provider has called its thread idle, and has not answered in time what became of turn A.
fn unanswered() -> Supervisor {
    let mut supervisor = working();
    supervisor.handle(event(Event::ThreadStateChanged(ThreadState::Idle)), at(1));
    supervisor.handle(Input::Due(Deadline::Read), at(100));
    supervisor
}

fn shown(supervisor: &Supervisor) -> Option<&str> {
    supervisor.session().active_turn().map(TurnId::as_str)
}

#[test]
fn s5_a_late_answer_that_the_turn_which_is_shown_has_ended_is_believed() {
    let mut supervisor = unanswered();
    supervisor.handle(read(COMPLETED, Some("A")), at(101));
    assert_eq!(shown(&supervisor), None);
    assert_eq!(supervisor.session().status(), Status::Ready);
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Completed));
}

#[test]
fn s5_the_answer_to_the_second_question_is_believed_though_that_to_the_first_was_taken_for_it() {
    let mut supervisor = unanswered();
    let (state, reason) = (SessionState::Ready, None);
    supervisor.handle(event(Event::SessionStateChanged { state, reason }), at(101));
    supervisor.handle(read(TrueState::Running, Some("A")), at(102));
    assert_eq!(shown(&supervisor), Some("A"));
    supervisor.handle(read(COMPLETED, Some("A")), at(103));
    assert_eq!(shown(&supervisor), None);
}

#[test]
fn s4_a_late_answer_that_says_no_more_than_that_it_knows_nothing_ends_nothing() {
    let mut supervisor = unanswered();
    for late in [
        read(TrueState::Unknown, Some("A")),
        read(TrueState::Unknown, None),
        read(TrueState::Running, Some("A")),
        read(COMPLETED, None),
        read(COMPLETED, Some("B")),
    ] {
        assert_eq!(then(&mut supervisor, late), []);
        assert_eq!(shown(&supervisor), Some("A"));
    }
}

#[test]
fn s9_a_late_answer_of_an_earlier_provider_ends_nothing() {
    let mut supervisor = unanswered();
    for input in [
        Input::Command(Command::Stop),
        answer(Answer::Stopped),
        send("m2"),
    ] {
        supervisor.handle(input, at(101));
    }
    let epoch = Epoch(2);
    let answer = Answer::Started;
    supervisor.handle(Input::Answer { epoch, answer }, at(102));
    let turn = Some(TurnId::from("B"));
    let began = ProviderEvent::Lifecycle(Event::TurnStarted { turn });
    supervisor.handle(heard(epoch, began), at(103));
    assert_eq!(then(&mut supervisor, read(COMPLETED, Some("B"))), []);
    assert_eq!(shown(&supervisor), Some("B"));
}

#[test]
fn s8_a_late_answer_takes_the_place_of_an_inference() {
    let mut supervisor = unanswered();
    let (state, reason) = (SessionState::Interrupted, None);
    supervisor.handle(event(Event::SessionStateChanged { state, reason }), at(101));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Interrupted));
    supervisor.handle(read(COMPLETED, Some("A")), at(102));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Completed));
}
