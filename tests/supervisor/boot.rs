//! What a host that comes back does, each because of one condition.

use super::*;

fn back(supervisor: &Supervisor, provider: ProviderLife) -> (Supervisor, Vec<Effect>) {
    let snapshot = supervisor.snapshot();
    let (mut booted, _) =
        Supervisor::boot(snapshot, provider, Patience::default(), at(0)).expect("a snapshot");
    let effects = booted.booted(at(0)).collect();
    (booted, effects)
}

fn asked(turn: Option<&str>) -> Effect {
    let turn = turn.map(TurnId::from);
    Effect::Read { epoch: E1, turn }
}

#[test]
fn a_provider_that_outlived_the_host_is_asked_and_its_tasks_have_new_leases() {
    let mut supervisor = working();
    supervisor.handle(heard(E1, ProviderEvent::TaskStarted("k".into())), at(1));
    let (_, effects) = back(&supervisor, ProviderLife::Alive);
    assert!(effects.contains(&asked(Some("A"))));
    assert!(effects.contains(&Effect::SetDeadline {
        deadline: Deadline::Lease("k".into()),
        at: at(5_400)
    }));
}

#[test]
fn l4_a_provider_that_outlived_the_host_is_told_again_what_it_has_to_end() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    let (_, effects) = back(&supervisor, ProviderLife::Alive);
    let turn = Some(TurnId::from("A"));
    assert!(effects.contains(&Effect::Interrupt { epoch: E1, turn }));
    assert!(!effects.contains(&asked(Some("A"))));

    supervisor.handle(Input::Command(Command::Stop), at(1));
    let (_, effects) = back(&supervisor, ProviderLife::Alive);
    let (epoch, force) = (E1, false);
    assert!(effects.contains(&Effect::Stop { epoch, force }));
}

#[test]
fn l4_what_the_provider_has_to_end_is_stored_though_the_queue_is_parked_already() {
    let mut supervisor = working();
    for input in [
        Input::Command(Command::Interrupt),
        aborted("A"),
        started("own"),
    ] {
        supervisor.handle(input, at(1));
    }
    let interrupt = Input::Command(Command::Interrupt);
    let effects = supervisor.handle(interrupt, at(1)).into_vec();
    assert_eq!(effects.first(), Some(&Effect::Persist));
}

#[test]
fn a_parked_queue_is_reported_when_its_provider_died_with_the_host() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    let (booted, effects) = back(&supervisor, ProviderLife::Gone);
    assert!(effects.contains(&Effect::Report(Report::QueueParked)));
    assert_eq!(booted.queued(), 1);
}

#[test]
fn l3_a_provider_that_was_coming_up_when_the_host_died_gets_the_message_once_it_rests() {
    let mut supervisor = fresh();
    supervisor.handle(send("m1"), at(1));
    let (mut booted, effects) = back(&supervisor, ProviderLife::Alive);
    assert!(effects.contains(&asked(None)));
    let (turn, state, message) = (None, TrueState::Unknown, "m1".into());
    assert_eq!(
        then(&mut booted, answer(Answer::Read { turn, state })),
        [Effect::Send { epoch: E1, message }]
    );
}

#[test]
fn a_task_that_stands_in_a_snapshot_twice_is_one() {
    let mut snapshot = working().snapshot();
    snapshot.tasks = vec!["k".into(), "k".into()];
    let patience = Patience::default();
    let booted = Supervisor::boot(snapshot, ProviderLife::Alive, patience, at(0));
    assert_eq!(booted.expect("a snapshot").0.background_tasks(), 1);
}

#[test]
fn s7_a_snapshot_whose_message_in_hand_is_queued_too_is_refused() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    let mut snapshot = supervisor.snapshot();
    snapshot.queue = vec!["m1".into()];
    let patience = Patience::default();
    let refused = Supervisor::boot(snapshot, ProviderLife::Gone, patience, at(0));
    let why = InvalidSnapshot::MessageTwice("m1".into());
    assert_eq!(refused.expect_err("twice"), why);
}
