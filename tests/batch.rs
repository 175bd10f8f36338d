//! A replayed batch says of every event what `apply` says, and has the same sessions.

mod generate;

#[path = "../model/benches/apply/streams.rs"]
#[allow(dead_code, reason = "the bench uses the rest")]
mod streams;

use std::collections::{HashMap, HashSet};

use session_lifecycle::{
    AnySession, Batch, Event, Message, Outcome, SessionRecord, SessionState, Status, ThreadState,
    TurnId, TurnResult,
};
use streams::{Kind, stream};

fn batch_of(log: impl IntoIterator<Item = (usize, Event)>) -> Batch {
    let mut batch = Batch::new();
    for (thread, event) in log {
        batch.push(thread, event);
    }
    batch
}

/// The first event of which the two say something else, or after which a thread is not the same.
fn differs(log: &[(usize, Event)], batch: &Batch) -> Result<(), String> {
    let mut sessions: HashMap<usize, AnySession> = HashMap::new();
    let mut replay = batch.replay();
    for (thread, event) in log {
        let session = sessions.entry(*thread).or_default();
        let outcome = session.fold(event.clone());
        let Some(replayed) = replay.next() else {
            return Err(format!("{event:?} is not replayed"));
        };
        let said = (
            replayed.thread(),
            replayed.outcome(),
            replayed.reason(),
            replayed.is_applied(),
        );
        if said
            != (
                *thread,
                outcome.clone(),
                outcome.reason(),
                outcome.is_applied(),
            )
        {
            return Err(format!("{event:?}: {outcome:?}, replayed: {said:?}"));
        }
        if replay.session(*thread) != *session {
            let replayed = replay.session(*thread);
            return Err(format!(
                "after {event:?}: {session:?}, replayed: {replayed:?}"
            ));
        }
    }
    match replay.next() {
        Some(more) => Err(format!("one event too many: {more:?}")),
        None => Ok(()),
    }
}

fn numbered(log: &[(u8, Event)]) -> Vec<(usize, Event)> {
    let with_number = |(thread, event): &(u8, Event)| (usize::from(*thread), event.clone());
    log.iter().map(with_number).collect()
}

#[test]
fn a_batch_of_random_events_of_three_threads_is_replayed_as_apply_folds_them() {
    generate::holds(generate::interleaved(), |log| {
        let log = numbered(log);
        differs(&log, &batch_of(log.clone()))
    });
}

#[test]
fn the_streams_of_the_bench_are_replayed_as_apply_folds_them() {
    for kind in [Kind::Life, Kind::Uniform] {
        let log = stream(kind, 20, 8_000, 5);
        assert_eq!(differs(&log, &batch_of(log.clone())), Ok(()), "{kind}");
    }
}

/// Every event about two turns, one of which may not be named, with a message and without.
fn alphabet() -> Vec<Event> {
    let turns = [None, Some(TurnId::from("A")), Some(TurnId::from("B"))];
    let messages = [None, Some(Message::from("boom"))];
    let results = [
        TurnResult::Completed,
        TurnResult::Failed,
        TurnResult::Interrupted,
    ];
    let mut events = vec![
        Event::SessionStarted,
        Event::ThreadStarted,
        Event::SessionExited,
        Event::Noticed,
    ];
    events.extend(ThreadState::ALL.map(Event::ThreadStateChanged));
    for message in messages {
        events.extend(SessionState::ALL.map(|state| Event::SessionStateChanged {
            state,
            reason: message.clone(),
        }));
        for turn in turns.clone() {
            events.extend(results.map(|result| Event::TurnCompleted {
                turn: turn.clone(),
                result,
                message: message.clone(),
            }));
            events.push(Event::RuntimeError {
                turn,
                message: message.clone(),
            });
        }
    }
    for turn in turns {
        events.extend([
            Event::TurnStarted { turn: turn.clone() },
            Event::TurnAborted { turn: turn.clone() },
            Event::WorkObserved { turn },
        ]);
    }
    events
}

/// A shortest way to each session that events about two turns can lead to.
fn ways(alphabet: &[Event]) -> Vec<Vec<Event>> {
    let new = SessionRecord::from(AnySession::new());
    let mut met = HashSet::from([new.clone()]);
    let mut ways = vec![(new, Vec::new())];
    let mut at = 0;
    while let Some((record, way)) = ways.get(at).cloned() {
        for event in alphabet {
            let session = AnySession::try_from(record.clone()).expect("it was a session");
            let after = SessionRecord::from(session.apply(event.clone()).session);
            if met.insert(after.clone()) {
                let longer = way.iter().chain([event]).cloned().collect();
                ways.push((after, longer));
            }
        }
        at += 1;
    }
    ways.into_iter().map(|(_, way)| way).collect()
}

#[test]
fn every_event_in_every_session_of_two_turns_is_replayed_as_apply_folds_it() {
    let alphabet = alphabet();
    let ways = ways(&alphabet);
    assert_eq!((ways.len(), alphabet.len()), (3_702, 57));
    let mut sessions = Vec::new();
    let mut batch = Batch::new();
    let mut outcomes: Vec<(usize, Outcome)> = Vec::new();
    for way in &ways {
        for event in &alphabet {
            let thread = sessions.len();
            let mut session = AnySession::new();
            for event in way.iter().chain([event]) {
                outcomes.push((thread, session.fold(event.clone())));
                batch.push(thread, event.clone());
            }
            sessions.push(session);
        }
    }
    let mut replay = batch.replay();
    let replayed = replay.by_ref().map(|step| (step.thread(), step.outcome()));
    assert!(replayed.eq(outcomes));
    for (thread, session) in sessions.iter().enumerate() {
        assert_eq!(replay.session(thread), *session);
    }
}

#[test]
fn planted_a_batch_that_lost_an_event_is_told_from_apply() {
    let log = stream(Kind::Life, 20, 2_000, 5);
    let lost = log
        .iter()
        .position(|(_, event)| matches!(event, Event::TurnAborted { .. }));
    let mut kept = log.clone();
    kept.remove(lost.expect("some turn is aborted"));
    assert!(differs(&log, &batch_of(kept)).is_err());
}

fn begun(turn: &str) -> Event {
    Event::TurnStarted {
        turn: Some(TurnId::from(turn)),
    }
}

#[test]
fn a_batch_is_replayed_from_the_first_event_as_often_as_one_likes() {
    let batch = batch_of([(0, begun("A")), (0, Event::SessionExited)]);
    let sessions = [0, 1, 2].map(|events| {
        let mut replay = batch.replay();
        assert_eq!(replay.by_ref().take(events).count(), events);
        replay.session(0).status()
    });
    assert_eq!(sessions, [Status::Idle, Status::Running, Status::Stopped]);
}

#[test]
fn a_clone_of_a_replay_goes_on_from_where_it_was_made() {
    let batch = batch_of([(0, begun("A")), (0, Event::SessionExited)]);
    let mut replay = batch.replay();
    replay.next();
    let before = replay.clone();
    replay.next();
    assert_eq!((before.len(), replay.len()), (1, 0));
    assert_eq!(before.session(0).status(), Status::Running);
    assert_eq!(replay.session(0).status(), Status::Stopped);
}

#[test]
fn a_thread_without_events_has_a_new_session() {
    let batch = batch_of([(2, begun("A"))]);
    let mut replay = batch.replay();
    replay.next();
    let threads = [0, 1, 2, 3].map(|thread| replay.session(thread) == AnySession::new());
    assert_eq!(threads, [true, true, false, true]);
}

#[test]
fn threads_may_name_their_turns_alike() {
    let ends = Event::TurnAborted {
        turn: Some(TurnId::from("A")),
    };
    let batch = batch_of([(0, begun("A")), (1, begun("A")), (0, ends)]);
    let mut replay = batch.replay();
    assert!(replay.all(|replayed| replayed.is_applied()));
    assert_eq!(replay.session(0).active_turn(), None);
    assert_eq!(replay.session(1).active_turn(), Some(&TurnId::from("A")));
}

#[test]
fn a_batch_tells_how_much_it_holds() {
    let empty = Batch::default();
    assert_eq!(
        (empty.len(), empty.threads(), empty.is_empty()),
        (0, 0, true)
    );
    assert!(empty.replay().next().is_none());
    let batch = batch_of([(2, begun("A"))]);
    assert_eq!(
        (batch.len(), batch.threads(), batch.is_empty()),
        (1, 3, false)
    );
    assert_eq!(format!("{batch:?}"), "Batch { events: 1, threads: 3, .. }");
    let mut replay = batch.replay();
    assert_eq!(
        format!("{:?}", replay.clone()),
        "Replay { left: 1, batch: Batch { events: 1, threads: 3, .. }, .. }"
    );
    let replayed = format!("{:?}", replay.next());
    assert_eq!(
        replayed,
        "Some(Replayed { thread: 2, outcome: Applied(Transition { rule: R4, from: Idle, to: Running, turn: \
         Some(Began(\"A\")) }) })"
    );
}
