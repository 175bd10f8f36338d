//! What is stored comes back: every combination of its fields is a supervisor that works on, or is refused by name.

mod resume;
mod rows;

use resume::World;
use rows::every_row;
use session_lifecycle::supervisor::{
    Answer, Command, Deadline, Effect, Ending, Epoch, Input, InvalidSnapshot, MessageId, Patience,
    Report, StoredMessage, Supervisor, SupervisorSnapshot, TrueState,
};
use session_lifecycle::{ProviderLife, SessionRecord, Status, Timestamp};

const LIVES: [ProviderLife; 2] = [ProviderLife::Alive, ProviderLife::Gone];

fn boot(snapshot: SupervisorSnapshot, life: ProviderLife) -> Result<Supervisor, InvalidSnapshot> {
    Supervisor::boot(snapshot, life, Patience::default(), Timestamp::default())
        .map(|(supervisor, _)| supervisor)
}

fn blank() -> SupervisorSnapshot {
    Supervisor::new(Patience::default(), Timestamp::default()).snapshot()
}

/// What a sound snapshot must come to: loaded, it is consistent, and loading it again changes nothing; it works on, and
/// each of its messages reaches the provider once, or is reported, and the one in hand is never sent again.
fn comes_back(snapshot: &SupervisorSnapshot, life: ProviderLife) -> Result<(), String> {
    is_loaded_once(snapshot, life)?;
    let loaded = boot(snapshot.clone(), life).map_err(|why| format!("refused: {why}"))?;
    let epoch = (life == ProviderLife::Alive).then_some(Epoch(snapshot.epoch));
    let mut world = World::new(loaded, epoch);
    world.live()?;
    let times = |message: &MessageId| world.sent.iter().filter(|sent| *sent == message).count();
    let last = MessageId::from("last");
    if let Some(message) = snapshot.queue.iter().chain([&last]).find(|m| times(m) != 1) {
        return Err(format!(
            "S6, S7: {message} was sent {} times",
            times(message)
        ));
    }
    if let Some(handed) = &snapshot.handed {
        let uncertain = Report::MessageUncertain(handed.message.clone());
        if times(&handed.message) > 0 {
            return Err(format!("S7: {} is sent again", handed.message));
        }
        if !world.reports.contains(&uncertain) {
            return Err(format!("S6: nothing is said of {}", handed.message));
        }
    }
    Ok(())
}

/// Loading what was just loaded gives the same supervisor, with the same to do but for what was lost, which is reported.
fn is_loaded_once(snapshot: &SupervisorSnapshot, life: ProviderLife) -> Result<(), String> {
    let mut once = boot(snapshot.clone(), life).map_err(|why| format!("refused: {why}"))?;
    let stored = once.snapshot();
    let mut again = boot(stored.clone(), life).map_err(|why| format!("refused again: {why}"))?;
    if again.snapshot() != stored {
        return Err(format!("loaded again: {:?}", again.snapshot()));
    }
    let to_do = |supervisor: &mut Supervisor| -> Vec<Effect> {
        let effects = supervisor.booted(Timestamp::default());
        effects
            .filter(|effect| !matches!(effect, Effect::Report(_) | Effect::ClearDeadline(_)))
            .collect()
    };
    let (first, second) = (to_do(&mut once), to_do(&mut again));
    if first != second {
        return Err(format!("to do: {first:?}, then {second:?}"));
    }
    Ok(())
}

#[track_caller]
fn all_come_back(snapshots: impl Iterator<Item = SupervisorSnapshot>) -> usize {
    let mut count = 0;
    for snapshot in snapshots {
        for life in LIVES {
            if let Err(why) = comes_back(&snapshot, life) {
                panic!("{why}\nof {snapshot:?}, provider {life:?}");
            }
        }
        count += 1;
    }
    count
}

#[test]
fn every_stored_row_that_repair_accepts_comes_back_within_a_snapshot() {
    let rows = every_row();
    let of = |session: SessionRecord| SupervisorSnapshot {
        session,
        queue: vec!["m1".into()],
        ..blank()
    };
    for row in &rows {
        for life in LIVES {
            let (patience, now) = (Patience::default(), Timestamp::default());
            let (_, repaired) =
                Supervisor::boot(of(row.clone()), life, patience, now).expect("a row");
            assert_eq!(repaired, row.broken(), "{row:?}");
        }
    }
    assert_eq!(all_come_back(rows.into_iter().map(of)), 3_024);
}

/// The fields of a snapshot beside its session, each with the values that make a difference.
fn every_rest() -> Vec<SupervisorSnapshot> {
    let mut rest = Vec::new();
    for queue in [vec![], vec!["m1"], vec!["m1", "m2"]] {
        for handed in every_message_in_hand() {
            for ids in [vec![], vec!["x"], vec!["x", "y"], vec!["x", "x"]] {
                for bits in 0..48_u8 {
                    let is_set = |bit: u8| bits & 1 << bit != 0;
                    rest.push(SupervisorSnapshot {
                        queue: queue.iter().copied().map(MessageId::from).collect(),
                        handed: handed.clone(),
                        parked: is_set(0),
                        tasks: ids.iter().copied().map(Into::into).collect(),
                        requests: ids
                            .iter()
                            .copied()
                            .filter(|_| is_set(1))
                            .map(Into::into)
                            .collect(),
                        config: is_set(2).then(|| "fast".into()),
                        cursor: is_set(3).then(|| "cursor".into()),
                        ending: [None, Some(Ending::Turn), Some(Ending::Process)]
                            [usize::from(bits >> 4)],
                        ..blank()
                    });
                }
            }
        }
    }
    rest
}

/// A message in hand in every form, those included that no supervisor would store.
fn every_message_in_hand() -> Vec<Option<StoredMessage>> {
    let mut all = vec![None];
    for turn in [None, Some("A"), Some("B")] {
        for (taken, begun) in [(false, false), (false, true), (true, false), (true, true)] {
            all.push(Some(StoredMessage {
                message: "in-hand".into(),
                taken,
                turn: turn.map(Into::into),
                begun,
            }));
        }
    }
    all
}

/// Every status, with a turn and without, as a provider leaves it and as a legacy host stores it.
fn every_session() -> Vec<SessionRecord> {
    let turns = [None, Some("A")];
    let all = Status::ALL.into_iter().flat_map(|status| {
        turns.map(|turn| SessionRecord::from_row(status, turn.map(Into::into), None))
    });
    all.collect()
}

#[test]
fn every_combination_of_the_fields_of_a_snapshot_comes_back() {
    let (sessions, rest) = (every_session(), every_rest());
    let all = sessions.iter().flat_map(|session| {
        rest.iter().map(|rest| SupervisorSnapshot {
            session: session.clone(),
            epoch: 7,
            ..rest.clone()
        })
    });
    assert_eq!(all_come_back(all), 14 * 3 * 13 * 4 * 48);
}

#[test]
fn a_message_that_stands_twice_anywhere_is_refused_by_name() {
    let handed = |message: &str| {
        Some(StoredMessage {
            message: message.into(),
            taken: false,
            turn: None,
            begun: false,
        })
    };
    let twice: [(&[&str], _); 4] = [
        (&["m1", "m1"], None),
        (&["m1", "m2", "m1"], None),
        (&["m1"], handed("m1")),
        (&["m2", "m1"], handed("m1")),
    ];
    for (queue, handed) in twice {
        for life in LIVES {
            let snapshot = SupervisorSnapshot {
                queue: queue.iter().copied().map(MessageId::from).collect(),
                handed: handed.clone(),
                ..blank()
            };
            let refused = boot(snapshot, life).expect_err("twice");
            assert_eq!(refused, InvalidSnapshot::MessageTwice("m1".into()));
        }
    }
}

#[test]
fn the_start_after_the_last_epoch_has_another_one() {
    let snapshot = SupervisorSnapshot {
        epoch: u32::MAX,
        queue: vec!["m1".into()],
        ..blank()
    };
    all_come_back([snapshot.clone()].into_iter());
    let mut booted = boot(snapshot, ProviderLife::Gone).expect("a snapshot");
    let effects = booted.booted(Timestamp::default()).into_vec();
    let (epoch, cursor) = (Epoch(0), None);
    assert!(effects.contains(&Effect::Start { epoch, cursor }));
}

/// Ids are opaque: whoever chose them may have chosen these.
#[test]
fn ids_of_no_or_blank_text_are_ids_like_any_other() {
    for id in ["", " ", "\t\n", "\u{feff}"] {
        let snapshot = SupervisorSnapshot {
            queue: vec![id.into(), "m1".into()],
            tasks: vec![id.into()],
            requests: vec![id.into()],
            config: Some(id.into()),
            cursor: Some(id.into()),
            ..blank()
        };
        all_come_back([snapshot].into_iter());
    }
}

#[test]
fn d11_a_task_of_a_provider_that_outlived_the_host_has_a_lease_again() {
    let snapshot = SupervisorSnapshot {
        tasks: vec!["k".into()],
        ..blank()
    };
    let mut booted = boot(snapshot, ProviderLife::Alive).expect("a snapshot");
    let at = Timestamp(Patience::default().lease);
    let deadline = Deadline::Lease("k".into());
    let effects = booted.booted(Timestamp::default()).into_vec();
    let set = Effect::SetDeadline {
        deadline: deadline.clone(),
        at,
    };
    assert!(effects.contains(&set), "{effects:?}");
    let effects = booted.handle(Input::Due(deadline), at).into_vec();
    assert!(effects.contains(&Effect::Report(Report::TaskLost("k".into()))));
}

#[test]
fn a_provider_that_came_up_while_the_host_was_away_gets_the_message_once_it_says_that_it_rests() {
    let mut before = Supervisor::new(Patience::default(), Timestamp::default());
    let _ = before.handle(
        Input::Command(Command::Send("m1".into())),
        Timestamp::default(),
    );
    let mut booted = boot(before.snapshot(), ProviderLife::Alive).expect("a snapshot");
    let (epoch, turn) = (Epoch(1), None);
    let effects = booted.booted(Timestamp::default()).into_vec();
    assert!(effects.contains(&Effect::Read { epoch, turn }));
    let (turn, state) = (None, TrueState::Unknown);
    let answer = Answer::Read { turn, state };
    let effects = booted.handle(Input::Answer { epoch, answer }, Timestamp::default());
    let message = "m1".into();
    assert!(
        effects
            .into_vec()
            .contains(&Effect::Send { epoch, message })
    );
}
