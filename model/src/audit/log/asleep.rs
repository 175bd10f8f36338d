//! A thread of which nothing is under way, as few bytes: most threads of a log are over, and are kept only because a turn that
//! settled must never start again.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use session_lifecycle::{
    AnySession, Inference, Message, SessionRecord, Settlement, Status, TurnId, TurnResult,
};

use super::seen::Seen;
use super::stored::Stored;
use super::thread::Thread;

const SETTLEMENTS: [Settlement; 6] = [
    Settlement::Reported(TurnResult::Completed),
    Settlement::Reported(TurnResult::Failed),
    Settlement::Reported(TurnResult::Interrupted),
    Settlement::Inferred(Inference::Failed),
    Settlement::Inferred(Inference::Interrupted),
    Settlement::Inferred(Inference::Unreported),
];

/// The names of files, each once.
#[derive(Debug, Default)]
pub(super) struct FileNames(Vec<Rc<str>>);

/// A thread, and everything of it.
#[derive(Debug)]
pub(super) struct Asleep(Box<[u8]>);

/// What is written of it; numbers stand for what there is only little of.
#[derive(Serialize, Deserialize)]
struct KeptThread<'a> {
    status: usize,
    #[serde(borrow)]
    last_error: Option<&'a str>,
    is_closed: bool,
    /// Which of the turns is the latest.
    latest: Option<usize>,
    #[serde(borrow)]
    turns: Vec<(&'a str, usize)>,
    announced: bool,
    asked: bool,
    #[serde(borrow)]
    ended: Vec<(&'a str, KeptSeen<'a>)>,
    #[serde(borrow)]
    exited: Option<KeptSeen<'a>>,
    #[serde(borrow)]
    stored: Option<KeptStored<'a>>,
    lost: u64,
}

#[derive(Serialize, Deserialize)]
struct KeptSeen<'a> {
    file: usize,
    line: u64,
    time: Option<&'a str>,
    at: Option<i64>,
    gaps: u64,
}

#[derive(Serialize, Deserialize)]
struct KeptStored<'a> {
    status: usize,
    turn: Option<&'a str>,
    #[serde(borrow)]
    seen: KeptSeen<'a>,
    updated_at: Option<i64>,
    told: bool,
}

impl Asleep {
    /// The thread, if nothing of it is under way.
    pub(super) fn of(thread: &Thread, names: &mut FileNames) -> Option<Self> {
        // Every field is named, so that no new one is forgotten.
        let Thread {
            session,
            announced,
            began: None,
            asked,
            ended,
            strangers,
            unreported,
            conflict: None,
            exited,
            stored,
            pending: None,
            lost,
            rows: None,
        } = thread
        else {
            return None;
        };
        if !strangers.is_empty()
            || !unreported.is_empty()
            || session.active_turn().is_some()
            || thread.waits()
        {
            return None;
        }
        let latest = session.latest_turn();
        let turns = session.ledger().iter();
        let turns = turns
            .map(|(turn, how)| Some((turn.as_str(), number_of(how, &SETTLEMENTS)?)))
            .collect::<Option<Vec<_>>>()?;
        let kept = KeptThread {
            status: number_of(session.status(), &Status::ALL)?,
            last_error: session.last_error().map(Message::as_str),
            is_closed: session.is_closed(),
            latest: latest
                .and_then(|latest| turns.iter().position(|(turn, _)| *turn == latest.as_str())),
            turns,
            announced: *announced,
            asked: *asked,
            ended: ended
                .iter()
                .map(|(turn, seen)| (turn.as_str(), names.kept_seen(seen)))
                .collect(),
            exited: exited.as_ref().map(|seen| names.kept_seen(seen)),
            stored: match stored {
                Some(stored) => Some(KeptStored {
                    status: number_of(stored.status, &Status::ALL)?,
                    turn: stored.turn.as_ref().map(TurnId::as_str),
                    seen: names.kept_seen(&stored.seen),
                    updated_at: stored.updated_at,
                    told: stored.told,
                }),
                None => None,
            },
            lost: *lost,
        };
        let bytes = postcard::to_allocvec(&kept).ok()?;
        Some(Self(bytes.into_boxed_slice()))
    }

    /// The thread as it was.
    pub(super) fn wake(&self, names: &FileNames) -> Thread {
        let kept: KeptThread<'_> = postcard::from_bytes(&self.0).expect("it was written here");
        let turn = |at: usize| TurnId::from(kept.turns[at].0);
        let session = SessionRecord {
            status: Status::ALL[kept.status],
            active_turn: None,
            last_error: kept.last_error.map(Message::from),
            closed: kept.is_closed,
            latest_turn: kept.latest.map(turn),
            turns: kept
                .turns
                .iter()
                .map(|(turn, how)| (TurnId::from(*turn), SETTLEMENTS[*how]))
                .collect(),
        };
        Thread {
            session: AnySession::try_from(session).expect("it was a session"),
            announced: kept.announced,
            asked: kept.asked,
            ended: kept
                .ended
                .iter()
                .map(|(turn, place)| (TurnId::from(*turn), names.seen(place)))
                .collect(),
            exited: kept.exited.map(|place| names.seen(&place)),
            stored: kept.stored.map(|stored| Stored {
                status: Status::ALL[stored.status],
                turn: stored.turn.map(TurnId::from),
                seen: names.seen(&stored.seen),
                updated_at: stored.updated_at,
                told: stored.told,
            }),
            lost: kept.lost,
            ..Thread::default()
        }
    }
}

impl FileNames {
    fn kept_seen<'a>(&mut self, seen: &'a Seen) -> KeptSeen<'a> {
        let Seen {
            file,
            line,
            time,
            at,
            gaps,
        } = seen;
        // Mostly it is one of the newest.
        let known = self.0.iter().rposition(|name| name == file);
        let file = known.unwrap_or_else(|| {
            self.0.push(Rc::clone(file));
            self.0.len() - 1
        });
        KeptSeen {
            file,
            line: *line,
            time: time.as_deref(),
            at: *at,
            gaps: *gaps,
        }
    }

    fn seen(&self, place: &KeptSeen<'_>) -> Seen {
        Seen {
            file: Rc::clone(&self.0[place.file]),
            line: place.line,
            time: place.time.map(Rc::from),
            at: place.at,
            gaps: place.gaps,
        }
    }
}

fn number_of<T: PartialEq>(value: T, all: &[T]) -> Option<usize> {
    all.iter().position(|known| *known == value)
}
