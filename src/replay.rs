//! The stored events of many threads, folded into their sessions.

use alloc::vec::Vec;
use core::hint::black_box;

use crate::{AnySession, Event, Outcome};

/// How many events are looked at ahead: enough that memory answers many requests at once, few enough that all of it is
/// still in the nearest cache when its turn comes.
const AHEAD: usize = 64;

/// Folds a stored log of many threads into their sessions: what [`AnySession::apply`] would make of it event by event,
/// with the sessions and ids of the next few events looked up ahead. That spares waits where memory is slow or shared;
/// where the caches hold the sessions it gains nothing (`docs/performance.md`).
///
/// Threads are numbered by the caller, from zero and without gaps: a session is added for each number that `sessions`
/// does not have yet. `seen` is told the thread, its session after the event, and what the event did, in the order of
/// the log. Only a few events are held at a time, however long the log is.
///
/// ```
/// use session_lifecycle::{Event, Status, TurnId, replay};
///
/// let turn = |id: &str| Some(TurnId::from(id));
/// let log = [
///     (0, Event::TurnStarted { turn: turn("a") }),
///     (1, Event::TurnStarted { turn: turn("b") }),
///     (0, Event::SessionExited),
/// ];
/// let mut sessions = Vec::new();
/// let mut words = Vec::new();
/// replay(&mut sessions, log, |thread, _, outcome| words.push(format!("{thread}: {outcome}")));
///
/// assert_eq!(sessions[0].status(), Status::Stopped);
/// assert_eq!(sessions[1].active_turn(), turn("b").as_ref());
/// assert_eq!(words[2], "0: running to stopped, turn a settled as interrupted (inferred) (R3)");
/// ```
pub fn replay(
    sessions: &mut Vec<AnySession>,
    log: impl IntoIterator<Item = (usize, Event)>,
    mut seen: impl FnMut(usize, &AnySession, Outcome),
) {
    let mut log = log.into_iter();
    let mut next = Vec::with_capacity(AHEAD);
    loop {
        next.extend(log.by_ref().take(AHEAD));
        if next.is_empty() {
            return;
        }
        fetch(sessions, &next);
        for (thread, event) in next.drain(..) {
            if sessions.len() <= thread {
                sessions.resize_with(thread.saturating_add(1), AnySession::new);
            }
            if let Some(session) = sessions.get_mut(thread) {
                let outcome = session.fold(event);
                seen(thread, session, outcome);
            }
        }
    }
}

/// Has the sessions of these events brought near, with the active id that each event will be compared with. They lie all
/// over memory, and `apply` would wait for one after the other; these look-ups do not depend on each other, so that
/// memory answers them together.
fn fetch(sessions: &[AnySession], events: &[(usize, Event)]) {
    let mut sum = 0_u8;
    for (thread, _) in events {
        if let Some(session) = sessions.get(*thread) {
            let id = session.latest_turn();
            sum ^= id.and_then(|id| id.as_str().bytes().next()).unwrap_or(0);
        }
    }
    black_box(sum);
}
