//! Tasks, requests and the reaper.

use super::*;

#[test]
fn l1_03_requests_of_a_provider_that_is_gone_are_stale() {
    let mut supervisor = working();
    supervisor.handle(heard(E1, ProviderEvent::RequestOpened("r".into())), at(1));
    let effects = then(&mut supervisor, event(Event::SessionExited));
    assert!(effects.contains(&Effect::Report(Report::RequestStale("r".into()))));
    let effects = then(&mut supervisor, Input::Command(Command::Answer("r".into())));
    assert_eq!(effects, [Effect::Refuse(Refusal::RequestNotOpen)]);
}

#[test]
fn d11_a_task_keeps_the_provider_until_its_lease_is_over() {
    let mut supervisor = working();
    supervisor.handle(heard(E1, ProviderEvent::TaskStarted("k".into())), at(1));
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    assert!(!supervisor.reapable(at(4_000)));
    let effects: Vec<Effect> = supervisor
        .handle(Input::Due(Deadline::Lease("k".into())), at(6_000))
        .collect();
    assert!(effects.contains(&Effect::Report(Report::TaskLost("k".into()))));
    assert!(supervisor.reapable(at(6_000)));
}

#[test]
fn d11_a_lease_that_was_renewed_outlasts_its_earlier_deadline() {
    let mut supervisor = working();
    let lease = || Input::Due(Deadline::Lease("k".into()));
    supervisor.handle(heard(E1, ProviderEvent::TaskStarted("k".into())), at(1));
    supervisor.handle(
        heard(E1, ProviderEvent::TaskProgressed("k".into())),
        at(5_000),
    );
    assert_eq!(supervisor.handle(lease(), at(5_401)).into_vec(), []);
    assert_eq!(supervisor.background_tasks(), 1);
    supervisor.handle(lease(), at(10_400));
    assert_eq!(supervisor.background_tasks(), 0);
}

#[test]
fn s2_13_the_sweep_decides_when_it_comes_and_not_before() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    assert!(supervisor.reapable(at(2_000)));
    supervisor.handle(send("m2"), at(2_000));
    let effects: Vec<Effect> = supervisor.handle(Input::Sweep, at(2_001)).collect();
    assert_eq!(effects, []);
}

#[test]
fn a_request_that_is_opened_twice_is_one() {
    let mut supervisor = working();
    for _ in 0..2 {
        supervisor.handle(heard(E1, ProviderEvent::RequestOpened("r".into())), at(1));
    }
    assert_eq!(supervisor.open_requests().len(), 1);
}
