//! The decisions of the supervisor, one sentence each; the letters D are those of `docs/supervisor.md`.

mod boot;
mod guards;
mod idle;

use std::time::Duration;

use session_lifecycle::supervisor::{
    Answer, Busy, Command, Deadline, Effect, Epoch, Input, InvalidSnapshot, Patience,
    ProviderEvent, Refusal, Report, Supervisor, TrueState,
};
use session_lifecycle::{
    Event, ProviderLife, SessionState, Status, ThreadState, Timestamp, TurnId, TurnOutcome,
    TurnResult,
};

const E1: Epoch = Epoch(1);

fn at(seconds: u64) -> Timestamp {
    Timestamp(Duration::from_secs(seconds))
}

fn fresh() -> Supervisor {
    Supervisor::new(Patience::default(), at(0))
}

/// What follows from an input, without deadlines and storage.
fn then(supervisor: &mut Supervisor, input: Input) -> Vec<Effect> {
    let effects = supervisor.handle(input, at(1));
    effects
        .filter(|effect| {
            !matches!(
                effect,
                Effect::Persist | Effect::SetDeadline { .. } | Effect::ClearDeadline(_)
            )
        })
        .collect()
}

fn send(message: &str) -> Input {
    Input::Command(Command::Send(message.into()))
}

fn answer(answer: Answer) -> Input {
    Input::Answer { epoch: E1, answer }
}

fn event(event: Event) -> Input {
    heard(E1, ProviderEvent::Lifecycle(event))
}

fn heard(epoch: Epoch, event: ProviderEvent) -> Input {
    Input::Event {
        epoch: Some(epoch),
        event,
    }
}

fn aborted(turn: &str) -> Input {
    event(Event::TurnAborted {
        turn: Some(turn.into()),
    })
}

fn started(turn: &str) -> Input {
    event(Event::TurnStarted {
        turn: Some(turn.into()),
    })
}

fn ended(turn: &str, result: TurnResult) -> Input {
    event(Event::TurnCompleted {
        turn: Some(turn.into()),
        result,
        message: None,
    })
}

fn sent(message: &str, turn: Option<&str>) -> Input {
    answer(Answer::Sent {
        message: message.into(),
        turn: turn.map(TurnId::from),
    })
}

/// A supervisor whose provider works on turn A for message m1.
fn working() -> Supervisor {
    let mut supervisor = fresh();
    for input in [
        send("m1"),
        answer(Answer::Started),
        sent("m1", Some("A")),
        started("A"),
    ] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.busy(), Some(Busy::Turn));
    supervisor
}

fn outcome(supervisor: &Supervisor, turn: &str) -> Option<TurnOutcome> {
    supervisor
        .session()
        .ledger()
        .get(turn)
        .map(|how| how.outcome())
}

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
fn a_message_that_was_accepted_is_refused_a_second_time() {
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
fn d3_an_interrupt_keeps_the_turn_until_its_end_is_reported() {
    let mut supervisor = working();
    let effects = then(&mut supervisor, Input::Command(Command::Interrupt));
    let turn = Some(TurnId::from("A"));
    assert_eq!(
        effects,
        [Effect::Accept, Effect::Interrupt { epoch: E1, turn }]
    );
    assert!(supervisor.session().active_turn().is_some());
    supervisor.handle(
        event(Event::TurnAborted {
            turn: Some("A".into()),
        }),
        at(1),
    );
    assert_eq!(supervisor.session().status(), Status::Interrupted);
    assert_eq!(supervisor.busy(), None);
}

#[test]
fn d3_an_interrupt_that_has_no_effect_in_time_ends_the_process() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    let effects = supervisor
        .handle(Input::Due(Deadline::Interrupt), at(60))
        .into_vec();
    assert!(effects.contains(&Effect::Stop {
        epoch: E1,
        force: true
    }));
}

#[test]
fn an_earlier_deadline_of_the_same_kind_changes_nothing() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(100));
    let effects = supervisor
        .handle(Input::Due(Deadline::Interrupt), at(101))
        .into_vec();
    assert_eq!(effects, []);
}

#[test]
fn s8_03_the_failure_of_an_interrupted_turn_is_the_interruption() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    supervisor.handle(ended("A", TurnResult::Failed), at(1));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Interrupted));
}

#[test]
fn s8_05_nothing_to_interrupt_is_asked_about_before_anything_is_settled() {
    let mut supervisor = working();
    supervisor.handle(Input::Command(Command::Interrupt), at(1));
    let effects = then(&mut supervisor, answer(Answer::NothingToInterrupt));
    let turn = Some(TurnId::from("A"));
    assert_eq!(
        effects,
        [Effect::Read {
            epoch: E1,
            turn: turn.clone()
        }]
    );
    let state = TrueState::Ended(TurnResult::Completed);
    supervisor.handle(answer(Answer::Read { turn, state }), at(1));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Completed));
}

#[test]
fn l4_05_an_interrupt_during_a_start_strikes_when_the_turn_begins() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started)] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(
        then(&mut supervisor, Input::Command(Command::Interrupt)),
        [Effect::Accept]
    );
    let effects = then(&mut supervisor, started("A"));
    let turn = Some(TurnId::from("A"));
    assert_eq!(effects, [Effect::Interrupt { epoch: E1, turn }]);
}

#[test]
fn l4_an_interrupt_strikes_the_turn_that_is_shown_and_then_that_of_the_message_in_hand() {
    let mut supervisor = fresh();
    for input in [send("m1"), answer(Answer::Started), started("own")] {
        supervisor.handle(input, at(1));
    }
    let strikes = |turn: &str| Effect::Interrupt {
        epoch: E1,
        turn: Some(turn.into()),
    };
    assert_eq!(
        then(&mut supervisor, Input::Command(Command::Interrupt)),
        [Effect::Accept, strikes("own")]
    );
    assert_eq!(then(&mut supervisor, aborted("own")), []);
    assert_eq!(supervisor.busy(), Some(Busy::Interrupting));
    assert_eq!(then(&mut supervisor, started("A")), [strikes("A")]);
}

#[test]
fn l4_a_message_that_is_given_up_while_it_is_interrupted_takes_its_provider_with_it() {
    let mut supervisor = fresh();
    for input in [
        send("m1"),
        answer(Answer::Started),
        Input::Command(Command::Interrupt),
    ] {
        supervisor.handle(input, at(1));
    }
    let message = "m1".into();
    let failed = answer(Answer::SendFailed {
        message,
        attempted: true,
    });
    assert_eq!(
        then(&mut supervisor, failed),
        [
            Effect::Report(Report::MessageUncertain("m1".into())),
            Effect::Stop {
                epoch: E1,
                force: false
            }
        ]
    );
}

#[test]
fn d9_what_is_queued_waits_after_an_interrupt_and_goes_with_the_next_message() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let effects = then(&mut supervisor, Input::Command(Command::Interrupt));
    assert_eq!(effects.first(), Some(&Effect::Report(Report::QueueParked)));
    let effects = then(&mut supervisor, ended("A", TurnResult::Interrupted));
    assert_eq!(effects, []);
    assert!(supervisor.is_parked());
    let effects = then(&mut supervisor, send("m3"));
    let message = "m2".into();
    assert_eq!(
        effects,
        [Effect::Accept, Effect::Send { epoch: E1, message }]
    );
}

#[test]
fn d9_a_message_that_is_to_go_now_interrupts_and_goes_first() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    supervisor.handle(Input::Command(Command::SendNow("m3".into())), at(1));
    let effects = then(&mut supervisor, ended("A", TurnResult::Interrupted));
    let message = "m3".into();
    assert_eq!(effects, [Effect::Send { epoch: E1, message }]);
}

#[test]
fn d7_an_idle_thread_is_a_reason_to_ask_and_no_end() {
    let mut supervisor = working();
    let idle = event(Event::ThreadStateChanged(ThreadState::Idle));
    let turn = Some(TurnId::from("A"));
    assert_eq!(
        then(&mut supervisor, idle),
        [Effect::Read {
            epoch: E1,
            turn: turn.clone()
        }]
    );
    let state = TrueState::Unknown;
    supervisor.handle(answer(Answer::Read { turn, state }), at(1));
    assert!(supervisor.session().active_turn().is_some());
}

#[test]
fn s4_06_a_provider_at_rest_is_asked_whether_it_means_the_turn_that_is_shown() {
    let mut supervisor = working();
    let ready = || {
        event(Event::SessionStateChanged {
            state: SessionState::Ready,
            reason: None,
        })
    };
    let turn = Some(TurnId::from("A"));
    let read = || Effect::Read {
        epoch: E1,
        turn: turn.clone(),
    };
    assert_eq!(then(&mut supervisor, ready()), [read()]);
    let state = TrueState::Running;
    supervisor.handle(
        answer(Answer::Read {
            turn: turn.clone(),
            state,
        }),
        at(1),
    );
    assert!(supervisor.session().active_turn().is_some());

    supervisor.handle(ready(), at(1));
    let state = TrueState::Unknown;
    supervisor.handle(answer(Answer::Read { turn, state }), at(1));
    assert_eq!(supervisor.session().status(), Status::Ready);
}

#[test]
fn l2_12_a_turn_that_nothing_is_heard_of_is_asked_about() {
    let mut supervisor = working();
    let effects = supervisor
        .handle(Input::Due(Deadline::Stall), at(1_000))
        .into_vec();
    let turn = Some(TurnId::from("A"));
    assert!(effects.contains(&Effect::Read { epoch: E1, turn }));
}

#[test]
fn s9_an_event_of_an_earlier_provider_shows_nowhere() {
    let mut supervisor = working();
    for input in [
        Input::Command(Command::Stop),
        answer(Answer::Stopped),
        send("m2"),
    ] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(supervisor.session().status(), Status::Starting);
    assert_eq!(then(&mut supervisor, event(Event::SessionExited)), []);
    assert_eq!(supervisor.session().status(), Status::Starting);
}

#[test]
fn d14_what_an_earlier_provider_reports_of_its_turn_is_written_down() {
    let mut supervisor = working();
    for input in [
        Input::Command(Command::Stop),
        answer(Answer::Stopped),
        send("m2"),
    ] {
        supervisor.handle(input, at(1));
    }
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Interrupted));
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    assert_eq!(outcome(&supervisor, "A"), Some(TurnOutcome::Completed));
    assert_eq!(supervisor.session().status(), Status::Starting);
}

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
fn s2_13_the_sweep_decides_when_it_comes_and_not_before() {
    let mut supervisor = working();
    supervisor.handle(ended("A", TurnResult::Completed), at(1));
    assert!(supervisor.reapable(at(2_000)));
    supervisor.handle(send("m2"), at(2_000));
    let effects: Vec<Effect> = supervisor.handle(Input::Sweep, at(2_001)).collect();
    assert_eq!(effects, []);
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
fn a_provider_that_dies_by_itself_is_not_fed_the_rest_of_the_queue() {
    let mut supervisor = working();
    supervisor.handle(send("m2"), at(1));
    let effects = then(&mut supervisor, event(Event::SessionExited));
    assert_eq!(effects, [Effect::Report(Report::QueueParked)]);
    assert!(!supervisor.has_provider());
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
