//! Agent Client Protocol: the wire log of a client, requests, answers and updates in both directions.

mod logged;
mod message;
#[cfg(feature = "acp-schema")]
mod schema;

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use logged::Logged;
pub use message::{AcpAnswer, AcpMessage, JsonRpcId, Stop, Update};
#[cfg(feature = "acp-schema")]
pub use schema::{NotOfTheProtocol, read_strictly};

use super::DEFAULT_THREAD;
use crate::stream::{
    BadLine, Frame, Native, PassedOver, ProviderReader, Reading, RuntimeEvent, StreamEnd, Teller,
    Threads, Wanted, Wrong, frame_bytes, names_turns, pick,
};
use crate::{Event, SessionState, TurnId, TurnResult};

/// How many requests without an answer a reader remembers. The oldest is forgotten first.
const UNANSWERED: usize = 256;

/// Reads one message as tolerantly as [`AcpReader`] does; `None` for a line without one.
///
/// # Errors
///
/// What is wrong with the line.
pub fn read_message(line: &[u8]) -> Result<Option<AcpMessage>, BadLine> {
    match frame_bytes(line, Wanted::Native)? {
        Frame::Blank | Frame::PassedOver(_) => Ok(None),
        Frame::Record(record) => message::read(record, None, None).map(|read| Some(read.message)),
    }
}

/// Reads the wire log of an ACP client, version 1, and the states of version 2.
///
/// Threads are called as `sessionId` says, or as T3's record calls them. The wire knows no turns: the prompt's request
/// is the turn. It is called `turn-1`, `turn-2`, ... in the order of the prompts, for the ids of requests begin anew
/// with each connection.
#[derive(Debug, Default)]
pub struct AcpReader {
    threads: Threads<Option<TurnId>>,
    /// What the client has asked.
    asked: VecDeque<(JsonRpcId, Asked)>,
    /// The ids of what the agent has asked. They may be the same as the client's.
    asked_back: VecDeque<(JsonRpcId, String)>,
    /// The published defect that it carries.
    #[cfg(feature = "faults")]
    fault: Option<crate::Fault>,
}

#[derive(Clone, Debug)]
enum Asked {
    Opening { thread: Option<String> },
    Prompt { thread: String, turn: TurnId },
}

names_turns!(AcpReader, threads.mint);

impl ProviderReader for AcpReader {
    fn read(&mut self, line: &[u8]) -> Result<Reading, BadLine> {
        let native = match Native::of(line)? {
            Ok(native) => native,
            Err(reading) => return Ok(reading),
        };
        let read = match logged::read(&native)
            .map_err(|wrong| self.of_its_thread(&native, wrong.into()))?
        {
            Some(Logged::Request(read)) => read,
            Some(Logged::Copy) => return Ok(Reading::PassedOver(PassedOver::Aside)),
            None => message::read(native.body, native.method, native.payload)
                .map_err(|bad| self.of_its_thread(&native, bad))?,
        };
        let (thread, facts) = match read.message {
            AcpMessage::Opening { id, session } => {
                let thread = native.thread.or(session);
                let of = thread.clone();
                remember(&mut self.asked, (id, Asked::Opening { thread }));
                match of {
                    Some(thread) => (thread, [Event::Noticed].into()),
                    None => return Ok(Reading::PassedOver(PassedOver::Aside)),
                }
            }
            AcpMessage::Prompt { id, session } => {
                let thread = self.thread(native.thread, session)?;
                (thread.clone(), self.prompt(id, thread))
            }
            AcpMessage::Asked { id, session } => {
                let thread = self.thread(native.thread, session)?;
                remember(&mut self.asked_back, (id, thread.clone()));
                let turn = self.threads.of(&thread).clone();
                (thread, [Event::WorkObserved { turn }].into())
            }
            AcpMessage::Update { session, update } => {
                let thread = self.thread(native.thread, session)?;
                let facts = [self.update(&thread, update)].into();
                (thread, facts)
            }
            AcpMessage::Answer { id, answer } => match self.answer(&id, answer, native.thread) {
                Some(told) => told,
                None => return Ok(Reading::PassedOver(PassedOver::Aside)),
            },
            AcpMessage::Other { session } => match native.thread.or(session) {
                Some(thread) => (thread, [Event::Noticed].into()),
                None => return Ok(Reading::PassedOver(PassedOver::Aside)),
            },
        };
        let teller = Teller {
            thread,
            native: read.method.unwrap_or_else(|| "answer".into()),
            at: native.at,
        };
        Ok(teller.tell(facts))
    }

    /// The agent is gone, and no prompt will be answered.
    fn end(&mut self, end: StreamEnd<'_>) -> Vec<RuntimeEvent> {
        self.asked.clear();
        self.asked_back.clear();
        self.threads.exit(end)
    }
}

impl AcpReader {
    /// The same reader, carrying a published defect.
    #[cfg(feature = "faults")]
    #[must_use]
    pub fn with_fault(mut self, fault: Option<crate::Fault>) -> Self {
        self.fault = fault;
        self
    }

    /// What is wrong with an answer, with the thread of the prompt that it answers.
    fn of_its_thread(&self, native: &Native<'_>, bad: BadLine) -> BadLine {
        if bad.thread_id.is_some() || !matches!(bad.wrong, Wrong::UnknownResult { .. }) {
            return bad;
        }
        let answered = || {
            let [id] = native.body.object(|text| pick(text, ["id"])).ok()?;
            let id = JsonRpcId::of(id?);
            self.asked
                .iter()
                .rev()
                .find_map(|(known, asked)| match asked {
                    Asked::Prompt { thread, .. } if *known == id => Some(thread.clone()),
                    Asked::Prompt { .. } | Asked::Opening { .. } => None,
                })
        };
        BadLine {
            thread_id: native.thread.clone().or_else(answered),
            ..bad
        }
    }

    /// Whose message it is; one that names no session is about the only one.
    fn thread(&self, record: Option<String>, session: Option<String>) -> Result<String, Wrong> {
        match (record.or(session), self.threads.only()) {
            (Some(named), _) => Ok(named),
            (None, Some(only)) => Ok(only.into()),
            (None, None) if self.threads.is_empty() => Ok(DEFAULT_THREAD.into()),
            (None, None) => Err(Wrong::MissingThread { value: None }),
        }
    }

    fn prompt(&mut self, id: JsonRpcId, thread: String) -> Vec<Event> {
        let unanswered = self.asked.iter().find_map(|(known, asked)| match asked {
            Asked::Prompt { thread: of, turn } if *known == id && *of == thread => Some(turn),
            Asked::Prompt { .. } | Asked::Opening { .. } => None,
        });
        if let Some(turn) = unanswered.cloned() {
            // The same request once more: it is one turn, and one answer will come.
            return [Event::TurnStarted { turn: Some(turn) }].into();
        }
        let joined = self.threads.of(&thread).clone();
        if let Some(turn) = joined.filter(|_| put_back!(self, S4_04)) {
            let work = Event::WorkObserved {
                turn: Some(turn.clone()),
            };
            remember(&mut self.asked, (id, Asked::Prompt { thread, turn }));
            return [work].into();
        }
        let turn = self.threads.mint();
        *self.threads.of(&thread) = Some(turn.clone());
        let begun = Event::TurnStarted {
            turn: Some(turn.clone()),
        };
        remember(&mut self.asked, (id, Asked::Prompt { thread, turn }));
        [begun].into()
    }

    /// For S4-04: whether another prompt joined the turn, and has no answer yet.
    fn is_asked_of(&self, turn: &TurnId) -> bool {
        self.asked.iter().any(|(_, asked)| match asked {
            Asked::Prompt { turn: of, .. } => of == turn,
            Asked::Opening { .. } => false,
        })
    }

    /// Work is work, whenever it is told of; only the states of version 2 begin or end anything.
    fn update(&mut self, thread: &str, update: Update) -> Event {
        let open = self.threads.of(thread).clone();
        match (update, open) {
            (Update::Work, turn) | (Update::Running, turn @ Some(_)) => {
                Event::WorkObserved { turn }
            }
            (Update::Setting, _) | (Update::Idle(_), None) => Event::Noticed,
            (Update::Running | Update::RequiresAction, None) => {
                let turn = Some(self.threads.mint());
                self.threads.of(thread).clone_from(&turn);
                Event::TurnStarted { turn }
            }
            (Update::RequiresAction, Some(_)) => Event::SessionStateChanged {
                state: SessionState::Waiting,
                reason: None,
            },
            (Update::Idle(stop), turn @ Some(_)) => {
                *self.threads.of(thread) = None;
                stopped(turn, stop.unwrap_or(Stop::Ended))
            }
        }
    }

    /// What an answer says, and of which thread; `None` for one of no consequence.
    fn answer(
        &mut self,
        id: &JsonRpcId,
        answer: AcpAnswer,
        record: Option<String>,
    ) -> Option<(String, Vec<Event>)> {
        let of_the_client = match &answer {
            AcpAnswer::Session(_) | AcpAnswer::Stopped(_) | AcpAnswer::Accepted => true,
            AcpAnswer::Decided | AcpAnswer::Failed { .. } | AcpAnswer::Other => false,
        };
        // Both sides count their own requests, and the agent waits for its answers before it gives its own.
        if !of_the_client && let Some(thread) = take(&mut self.asked_back, id) {
            let turn = self.threads.of(&thread).clone();
            return Some((thread, [Event::WorkObserved { turn }].into()));
        }
        match (take(&mut self.asked, id)?, answer) {
            (Asked::Opening { thread }, AcpAnswer::Failed { .. }) => {
                thread.map(|thread| (thread, [Event::Noticed].into()))
            }
            (Asked::Opening { thread }, answer) => {
                let named = match answer {
                    AcpAnswer::Session(session) => Some(session),
                    AcpAnswer::Stopped(_)
                    | AcpAnswer::Accepted
                    | AcpAnswer::Decided
                    | AcpAnswer::Failed { .. }
                    | AcpAnswer::Other => None,
                };
                let thread = record.or(thread).or(named)?;
                self.threads.of(&thread);
                let ready = Event::SessionStateChanged {
                    state: SessionState::Ready,
                    reason: None,
                };
                Some((
                    thread,
                    [Event::SessionStarted, ready, Event::ThreadStarted].into(),
                ))
            }
            (Asked::Prompt { thread, turn }, AcpAnswer::Accepted) => {
                Some((thread, [Event::WorkObserved { turn: Some(turn) }].into()))
            }
            (
                Asked::Prompt { thread, .. },
                AcpAnswer::Failed {
                    cancelled: true, ..
                },
            ) if put_back!(self, L2_09) => Some((thread, [Event::Noticed].into())),
            (Asked::Prompt { thread, turn }, _)
                if put_back!(self, S4_04) && self.is_asked_of(&turn) =>
            {
                Some((thread, [Event::WorkObserved { turn: Some(turn) }].into()))
            }
            (Asked::Prompt { thread, turn }, answer) => {
                let open = self.threads.of(&thread);
                if open.as_ref() == Some(&turn) {
                    *open = None;
                }
                let event = match answer {
                    AcpAnswer::Failed {
                        cancelled: false,
                        why,
                    } => Event::TurnCompleted {
                        turn: Some(turn),
                        result: TurnResult::Failed,
                        message: why.map(Into::into),
                    },
                    AcpAnswer::Failed {
                        cancelled: true, ..
                    }
                    | AcpAnswer::Stopped(Stop::Cancelled) => stopped(Some(turn), Stop::Cancelled),
                    // Whatever the reason, and whatever else it says: the prompt is answered.
                    AcpAnswer::Stopped(Stop::Ended)
                    | AcpAnswer::Session(_)
                    | AcpAnswer::Accepted
                    | AcpAnswer::Decided
                    | AcpAnswer::Other => stopped(Some(turn), Stop::Ended),
                };
                Some((thread, [event].into()))
            }
        }
    }
}

fn stopped(turn: Option<TurnId>, stop: Stop) -> Event {
    let result = match stop {
        Stop::Cancelled => TurnResult::Interrupted,
        Stop::Ended => TurnResult::Completed,
    };
    Event::TurnCompleted {
        turn,
        result,
        message: None,
    }
}

fn remember<T>(asked: &mut VecDeque<(JsonRpcId, T)>, request: (JsonRpcId, T)) {
    if asked.len() >= UNANSWERED {
        asked.pop_front();
    }
    asked.push_back(request);
}

/// The request of that id, the latest if an id was used again.
fn take<T>(asked: &mut VecDeque<(JsonRpcId, T)>, id: &JsonRpcId) -> Option<T> {
    let at = asked.iter().rposition(|(known, _)| known == id)?;
    asked.remove(at).map(|(_, request)| request)
}
