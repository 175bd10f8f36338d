//! What is stored, and what comes back from it.

use super::*;

#[test]
fn d2_a_restart_interrupts_the_turn_and_keeps_the_cursor() {
    let mut supervisor = working();
    supervisor.handle(heard(E1, ProviderEvent::CursorAdvanced("c".into())), at(1));
    let stored = supervisor.snapshot();
    let (mut booted, broken) =
        Supervisor::boot(stored, ProviderLife::Gone, Patience::default(), at(0))
            .expect("a snapshot");
    assert_eq!(broken, []);
    assert_eq!(booted.booted(at(0)).into_vec(), [Effect::Persist]);
    assert_eq!(booted.session().status(), Status::Stopped);
    assert_eq!(outcome(&booted, "A"), Some(TurnOutcome::Interrupted));
    let effects = then(&mut booted, send("m2"));
    let (epoch, cursor) = (Epoch(2), Some("c".into()));
    assert!(effects.contains(&Effect::Start { epoch, cursor }));
}

#[test]
fn s8_whatever_changes_what_is_shown_or_remembered_of_the_session_is_stored_at_once() {
    let mut supervisor = working();
    for (input, is_change) in [
        (ended("A", TurnResult::Completed), true),
        (ended("A", TurnResult::Completed), false),
        (started("B"), true),
        (event(Event::WorkObserved { turn: None }), false),
        (aborted("B"), true),
    ] {
        let words = format!("{input:?}");
        let before = supervisor.snapshot();
        let effects = supervisor.handle(input, at(1)).into_vec();
        assert_eq!(effects.contains(&Effect::Persist), is_change, "{words}");
        assert_eq!(supervisor.snapshot() != before, is_change, "{words}");
    }
}

#[test]
fn d10_a_message_in_hand_at_a_crash_is_reported_and_never_sent_again() {
    let mut supervisor = fresh();
    for input in [send("m1"), send("m2"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    let (mut booted, _) = Supervisor::boot(
        supervisor.snapshot(),
        ProviderLife::Gone,
        Patience::default(),
        at(0),
    )
    .expect("a snapshot");
    let effects: Vec<Effect> = booted.booted(at(0)).collect();
    assert_eq!(
        effects.first(),
        Some(&Effect::Report(Report::MessageUncertain("m1".into())))
    );
    // Nobody has tried to send m2 yet: that is safe to do now.
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Start { .. }))
    );
    assert_eq!(booted.queued(), 1);
}

#[test]
fn loading_twice_is_loading_once() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let boot = |snapshot| {
        let (mut booted, _) =
            Supervisor::boot(snapshot, ProviderLife::Gone, Patience::default(), at(0))
                .expect("a snapshot");
        let stored = booted.snapshot();
        booted.booted(at(0));
        stored
    };
    let once = boot(supervisor.snapshot());
    assert_eq!(boot(once.clone()), once);
}

#[test]
fn a_snapshot_that_would_send_a_message_twice_is_refused() {
    let mut snapshot = fresh().snapshot();
    snapshot.queue = vec!["m1".into(), "m1".into()];
    let refused = Supervisor::boot(snapshot, ProviderLife::Gone, Patience::default(), at(0));
    let why = refused.expect_err("twice");
    assert_eq!(why, InvalidSnapshot::MessageTwice("m1".into()));
    assert_eq!(
        why.to_string(),
        "S7: message m1 stands in the snapshot twice"
    );
}

#[test]
fn a_snapshot_of_another_version_is_refused() {
    let mut snapshot = fresh().snapshot();
    snapshot.version = 2;
    let refused = Supervisor::boot(snapshot, ProviderLife::Gone, Patience::default(), at(0));
    assert_eq!(
        refused.expect_err("version 2"),
        InvalidSnapshot::UnknownVersion(2)
    );
}

#[cfg(feature = "serde")]
#[test]
fn a_snapshot_survives_its_document() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let snapshot = supervisor.snapshot();
    let document = serde_json::to_string(&snapshot).expect("a document");
    let read: session_lifecycle::supervisor::SupervisorSnapshot =
        serde_json::from_str(&document).expect("a snapshot");
    assert_eq!(read, snapshot);
}
