//! A log of many threads, replayed: the sessions and outcomes of `apply`, event by event.

mod generate;

use generate::{caught_in, holds, interleaved};
use session_lifecycle::{AnySession, Event, Outcome, Status, replay};

type Log = Vec<(usize, Event)>;
type Seen = Vec<(usize, Status, Outcome)>;

fn one_by_one(log: &Log) -> (Vec<AnySession>, Seen) {
    let mut sessions = Vec::new();
    let mut seen = Vec::new();
    for (thread, event) in log.clone() {
        while sessions.len() <= thread {
            sessions.push(AnySession::new());
        }
        let step = std::mem::take(&mut sessions[thread]).apply(event);
        seen.push((thread, step.session.status(), step.outcome));
        sessions[thread] = step.session;
    }
    (sessions, seen)
}

fn replayed(log: &Log) -> (Vec<AnySession>, Seen) {
    let mut sessions = Vec::new();
    let mut seen = Vec::new();
    replay(&mut sessions, log.clone(), |thread, session, outcome| {
        seen.push((thread, session.status(), outcome));
    });
    (sessions, seen)
}

fn differs(log: &[(u8, Event)], prepare: fn(&mut Log)) -> Result<(), String> {
    let log: Log = log
        .iter()
        .map(|(thread, event)| ((*thread).into(), event.clone()))
        .collect();
    let mut prepared = log.clone();
    prepare(&mut prepared);
    let (expected, found) = (one_by_one(&log), replayed(&prepared));
    if found == expected {
        Ok(())
    } else {
        Err(format!("{found:?}, one by one {expected:?}"))
    }
}

#[test]
fn a_replay_gives_the_sessions_and_the_outcomes_of_apply_in_the_order_of_the_log() {
    holds(interleaved(), |log| differs(log, |_| {}));
}

#[test]
fn planted_a_log_out_of_order_is_told_from_the_log() {
    let shortest = caught_in(interleaved(), |log| differs(log, |log| log.reverse()));
    assert_eq!(shortest.len(), 2, "{shortest:?}");
}

#[test]
fn a_replay_in_parts_is_a_replay_of_the_whole() {
    holds(interleaved(), |log| {
        let log: Log = log
            .iter()
            .map(|(thread, event)| ((*thread).into(), event.clone()))
            .collect();
        let mut sessions = Vec::new();
        for part in log.chunks(7) {
            replay(&mut sessions, part.to_vec(), |_, _, _| {});
        }
        let whole = replayed(&log).0;
        if sessions == whole {
            Ok(())
        } else {
            Err(format!("{sessions:?}, the whole {whole:?}"))
        }
    });
}

#[test]
fn sessions_are_added_up_to_the_highest_thread_and_those_there_are_kept() {
    let mut sessions = vec![AnySession::new().apply(Event::SessionStarted).session];
    replay(
        &mut sessions,
        [(2, Event::SessionExited)],
        |thread, session, _| {
            assert_eq!((thread, session.status()), (2, Status::Stopped));
        },
    );
    let shown: Vec<Status> = sessions.iter().map(AnySession::status).collect();
    assert_eq!(shown, [Status::Ready, Status::Idle, Status::Stopped]);
    replay(&mut sessions, [], |_, _, _| {
        panic!("there is nothing to see")
    });
    assert_eq!(sessions.len(), 3);
}
