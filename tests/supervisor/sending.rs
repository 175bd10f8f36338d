//! When a message is accepted, handed over, and no longer in hand.

use super::*;

#[test]
fn a_first_message_is_stored_before_it_is_accepted_and_starts_the_provider() {
    let mut supervisor = fresh();
    let effects = supervisor.handle(send("m1"), at(1)).into_vec();
    assert_eq!(effects.first(), Some(&Effect::Persist));
    assert_eq!(effects.get(1), Some(&Effect::Accept));
    assert!(effects.contains(&Effect::Start {
        epoch: E1,
        cursor: None
    }));
    assert!(supervisor.working());
}

#[test]
fn a_message_is_handed_over_once_the_provider_is_up() {
    let mut supervisor = fresh();
    supervisor.handle(send("m1"), at(1));
    let effects = then(&mut supervisor, answer(Answer::Started));
    let message = "m1".into();
    assert_eq!(effects, [Effect::Send { epoch: E1, message }]);
}

#[test]
fn s7_a_queued_message_is_refused_a_second_time() {
    let mut supervisor = fresh();
    supervisor.handle(send("m1"), at(1));
    let effects = then(&mut supervisor, send("m1"));
    assert_eq!(effects, [Effect::Refuse(Refusal::AlreadyAccepted)]);
}

#[test]
fn a_message_waits_while_a_turn_runs_and_goes_when_it_ends() {
    let mut supervisor = working();
    assert_eq!(then(&mut supervisor, send("m2")), [Effect::Accept]);
    assert_eq!(supervisor.queued(), 1);
    let effects = then(&mut supervisor, ended("A", TurnResult::Completed));
    let message = "m2".into();
    assert_eq!(effects, [Effect::Send { epoch: E1, message }]);
}

#[test]
fn l2_02_the_turn_of_a_reply_is_no_turn_until_it_starts() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    supervisor.handle(sent("m1", Some("A")), at(1));
    assert_eq!(supervisor.session().active_turn(), None);
    assert_eq!(supervisor.busy(), Some(Busy::Handed));
}

#[test]
fn s4_08_a_send_that_failed_ends_that_send_and_no_turn() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started), started("own")] {
        supervisor.handle(input, at(1));
    }
    let failed = Answer::SendFailed {
        message: "m1".into(),
        attempted: false,
    };
    let effects = then(&mut supervisor, answer(failed));
    assert_eq!(
        effects,
        [Effect::Report(Report::MessageFailed("m1".into()))]
    );
    assert_eq!(
        supervisor.session().active_turn().map(TurnId::as_str),
        Some("own")
    );
}

#[test]
fn the_answer_about_an_earlier_message_says_nothing_of_the_one_in_hand() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    supervisor.handle(send("m2"), at(1));
    supervisor.handle(sent("m1", Some("A")), at(1));
    assert_eq!(supervisor.busy(), Some(Busy::Handed));
    let late = answer(Answer::SendFailed {
        message: "m1".into(),
        attempted: true,
    });
    assert_eq!(then(&mut supervisor, late), []);
    assert_eq!(supervisor.busy(), Some(Busy::Handed));
}

#[test]
fn s7_a_message_in_hand_is_refused_a_second_time() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.queued(), 0);
    assert_eq!(
        then(&mut supervisor, send("m1")),
        [Effect::Refuse(Refusal::AlreadyAccepted)]
    );
}

#[test]
fn a_message_whose_turn_has_begun_is_no_longer_known_and_accepted_like_a_new_one() {
    let mut supervisor = working();
    assert_eq!(then(&mut supervisor, send("m1")), [Effect::Accept]);
    assert_eq!(supervisor.queued(), 1);
}

#[test]
fn s12_a_message_is_not_handed_over_while_another_is_in_hand() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(then(&mut supervisor, send("m2")), [Effect::Accept]);
    assert_eq!(supervisor.queued(), 1);
}

#[test]
fn a_message_whose_turn_began_before_the_reply_that_names_it_is_no_longer_in_hand() {
    for named in [Some("A"), None] {
        let mut supervisor = fresh();
        for input in [send("m1"), answer(Answer::Started), started("A")] {
            supervisor.handle(input, at(1));
        }
        assert_eq!(supervisor.busy(), Some(Busy::Handed));
        supervisor.handle(sent("m1", named), at(1));
        assert_eq!(supervisor.busy(), Some(Busy::Turn));
    }
}

#[test]
fn a_message_stays_in_hand_when_another_turn_than_the_one_it_was_promised_begins() {
    let mut supervisor = fresh();
    for input in [
        send("m1"),
        answer(Answer::Started),
        sent("m1", Some("A")),
        started("own"),
    ] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.busy(), Some(Busy::Handed));
}

#[test]
fn a_provider_that_dies_by_itself_is_not_fed_the_rest_of_the_queue() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let effects = then(&mut supervisor, event(Event::SessionExited));
    assert_eq!(effects, [Effect::Report(Report::QueueParked)]);
    assert!(!supervisor.has_provider());
}

#[test]
fn a_provider_that_is_gone_though_nobody_stopped_it_parks_the_queue() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let effects = then(&mut supervisor, answer(Answer::Stopped));
    assert_eq!(effects, [Effect::Report(Report::QueueParked)]);
}

#[test]
fn d15_a_configuration_waits_for_the_next_turn() {
    let mut supervisor = working();
    let effects = then(
        &mut supervisor,
        Input::Command(Command::Configure("fast".into())),
    );
    assert_eq!(
        effects.first(),
        Some(&Effect::Report(Report::ConfigurationDeferred(
            "fast".into()
        )))
    );
    supervisor.handle(send("m2"), at(1));
    let effects = then(&mut supervisor, ended("A", TurnResult::Completed));
    let configure = Effect::Configure {
        epoch: E1,
        config: "fast".into(),
    };
    assert_eq!(effects.first(), Some(&configure));
}
