//! Codex app-server: JSON-RPC notifications, and T3 Code's flat records of them.

use alloc::string::String;
use alloc::vec::Vec;

use crate::stream::{
    BadLine, Field, Native, PassedOver, ProviderReader, Reading, RuntimeEvent, StreamEnd, Teller,
    Threads, Wrong, excerpt, inside, message, name, pick, state as named_state, text,
    thread as name_of_thread, turn, when, word,
};
use crate::{Event, Message, SessionState, ThreadState, TurnId, TurnResult};

/// What only a Codex at work sends.
const WORK: [&str; 9] = [
    "item/",
    "rawResponseItem/",
    "turn/plan/",
    "turn/diff/",
    "hook/",
    "thread/realtime/",
    "serverRequest/",
    "applyPatchApproval",
    "execCommandApproval",
];

/// What Codex writes to its standard error when it has lost its server for good.
const LOST: &str = "failed to connect to websocket";

/// Reads the messages of a Codex app-server.
///
/// Threads are called as the messages call them (`threadId`); a child thread is a thread of its own. In T3's records
/// the record's own `threadId` wins, and a child's `thread/*`, `turn/*` and `error` are passed off as
/// [`Event::Noticed`].
#[derive(Debug, Default)]
pub struct CodexReader {
    threads: Threads<ThreadMemory>,
    /// The published defect that it carries.
    #[cfg(feature = "faults")]
    fault: Option<crate::Fault>,
}

#[derive(Debug, Default)]
struct ThreadMemory {
    /// The turn that has begun and not ended.
    open: Option<TurnId>,
    /// What Codex calls the thread that T3's thread stands for.
    own_name: Option<String>,
}

/// A message, bare or from a record.
struct CodexMessage<'a> {
    method: String,
    params: Field<'a>,
    turn: Field<'a>,
    text: Field<'a>,
    /// The message belongs to a child of the record's thread.
    of_a_child: bool,
}

impl ProviderReader for CodexReader {
    fn read(&mut self, line: &[u8]) -> Result<Reading, BadLine> {
        let native = match Native::of(line)? {
            Ok(native) => native,
            Err(reading) => return Ok(reading),
        };
        let keys = [
            "method",
            "params",
            "payload",
            "threadId",
            "turnId",
            "message",
            "createdAt",
            "emittedAtMs",
            "id",
            "result",
            "error",
        ];
        let [
            method,
            params,
            payload,
            record,
            turn,
            text,
            created,
            emitted,
            id,
            result,
            error,
        ] = native.body.object(|text| pick(text, keys))?;
        // A record inside another has its method beside the parameters.
        let beside = method.is_none();
        let method = method.or(native.method);
        let answers = id.is_some() || result.is_some() || error.is_some();
        if method.is_none() && answers && record.is_none() && created.is_none() {
            // An answer: turn/start names a turn that may never begin, thread/read and thread/resume tell what was
            // stored. None is a fact of the session.
            return Ok(Reading::PassedOver(PassedOver::Aside));
        }
        let method = name(method, |value| Wrong::MissingType { value })?;
        let params = params.or(payload).or(native.payload.filter(|_| beside));
        let turn = turn.or(native.turn);
        let text = text.or(native.said);
        let [thread_id, thread, emitted_too] =
            inside(params, ["threadId", "thread", "emittedAtMs"]);
        let [thread] = inside(thread, ["id"]);
        let theirs = name_of_thread(thread_id)?.or_else(|| word(thread));
        let record = native.thread.or_else(|| word(record));
        let named = record.as_ref().or(theirs.as_ref()).map(String::as_str);
        let Some(thread) = named.or_else(|| self.threads.only()).map(String::from) else {
            // What a client asks before there is a thread (thread/start, thread/list) is about none.
            return if fact_of_connection(&method) || id.is_some() {
                Ok(Reading::PassedOver(PassedOver::Aside))
            } else {
                Err(Wrong::MissingThread { value: None }.into())
            };
        };
        let memory = self.threads.get(&thread);
        let own = memory.and_then(|memory| memory.own_name.as_ref());
        let is_another = own
            .zip(theirs.as_ref())
            .is_some_and(|(own, theirs)| own != theirs);
        let of_a_child = record.is_some() && is_another && !put_back!(self, X_09);
        let teller = Teller {
            thread,
            native: method.clone(),
            at: native
                .at
                .or_else(|| when(created.or(emitted).or(emitted_too))),
        };
        let told = CodexMessage {
            method,
            params,
            turn,
            text,
            of_a_child,
        };
        let open = memory.and_then(|memory| memory.open.as_ref());
        let event = told.event(open).map_err(|wrong| teller.bad(wrong))?;
        let own_name = theirs.filter(|_| record.is_some());
        self.threads.of(&teller.thread).remember(&event, own_name);
        Ok(teller.tell([event]))
    }

    /// Every session exits: Codex says nothing of its turns then.
    fn end(&mut self, end: StreamEnd<'_>) -> Vec<RuntimeEvent> {
        self.threads.exit(end)
    }
}

#[cfg(feature = "faults")]
impl CodexReader {
    /// The same reader, carrying a published defect.
    #[must_use]
    pub fn with_fault(mut self, fault: Option<crate::Fault>) -> Self {
        self.fault = fault;
        self
    }
}

/// Whether the message needs no thread to make sense: accounts, settings, and what nobody knows yet.
fn fact_of_connection(method: &str) -> bool {
    !["thread/", "turn/", "item/", "session/", "error"]
        .iter()
        .any(|family| method.starts_with(family))
}

impl CodexMessage<'_> {
    fn event(&self, open: Option<&TurnId>) -> Result<Event, Wrong> {
        let method = self.method.as_str();
        let ends_or_begins =
            method == "error" || method.starts_with("thread/") || method.starts_with("turn/");
        if self.of_a_child && ends_or_begins {
            return Ok(Event::Noticed);
        }
        Ok(match method {
            "session/connecting" => state(SessionState::Starting, None),
            "session/ready" => state(SessionState::Ready, None),
            "session/started" => Event::SessionStarted,
            "session/exited" | "session/closed" => Event::SessionExited,
            "thread/started" => Event::ThreadStarted,
            "thread/status/changed" => Event::ThreadStateChanged(self.thread_status()?),
            "thread/archived" => Event::ThreadStateChanged(ThreadState::Archived),
            "thread/unarchived" => Event::ThreadStateChanged(ThreadState::Active),
            "thread/closed" => Event::ThreadStateChanged(ThreadState::Closed),
            "thread/compacted" => Event::ThreadStateChanged(ThreadState::Compacted),
            "turn/started" => Event::TurnStarted { turn: self.turn()? },
            "turn/completed" => self.turn_completed()?,
            "turn/aborted" => Event::TurnAborted { turn: self.turn()? },
            "error" => self.error()?,
            "process/stderr" => self.stderr()?,
            "windowsSandbox/setupCompleted" => self.sandbox(open),
            _ if WORK.iter().any(|family| method.starts_with(family)) => Event::WorkObserved {
                turn: self.turn().unwrap_or_default(),
            },
            _ => Event::Noticed,
        })
    }

    /// `{turn: {id}}` in the events of a turn, `turnId` in the others and in T3's records.
    fn turn(&self) -> Result<Option<TurnId>, Wrong> {
        let [whole, id] = inside(self.params, ["turn", "turnId"]);
        let [own] = inside(whole, ["id"]);
        turn(own.or(id).or(self.turn))
    }

    /// Idle, lost, or else in use: `notLoaded` and words of the future end nothing.
    fn thread_status(&self) -> Result<ThreadState, Wrong> {
        let [status] = inside(self.params, ["status"]);
        let [kind] = inside(status, ["type"]);
        Ok(match named_state("thread", kind.or(status))?.as_str() {
            "idle" => ThreadState::Idle,
            "systemError" => ThreadState::Error,
            _ => ThreadState::Active,
        })
    }

    /// Whatever else the payload looks like, the turn has ended. A word that nobody knows reads as completed; what is no
    /// word is no status.
    fn turn_completed(&self) -> Result<Event, Wrong> {
        let [whole] = inside(self.params, ["turn"]);
        let [status, error] = inside(whole, ["status", "error"]);
        let [why] = inside(error, ["message"]);
        let result = match status.map(|status| text(status).ok_or(status)) {
            Some(Ok(word)) if word == "failed" => TurnResult::Failed,
            Some(Ok(word)) if word == "interrupted" => TurnResult::Interrupted,
            Some(Ok(_)) | None => TurnResult::Completed,
            Some(Err(status)) => {
                return Err(Wrong::UnknownResult {
                    value: excerpt(status.get()),
                });
            }
        };
        Ok(Event::TurnCompleted {
            turn: self.turn()?,
            result,
            message: message(why),
        })
    }

    /// An error that Codex will try to get over is a warning.
    fn error(&self) -> Result<Event, Wrong> {
        let [error, will_retry, beside] = inside(self.params, ["error", "willRetry", "message"]);
        if crate::stream::is_true(will_retry) {
            return Ok(Event::Noticed);
        }
        let [why] = inside(error, ["message"]);
        let message = message(why.or(beside).or(self.text));
        Ok(Event::RuntimeError {
            turn: self.turn()?,
            message,
        })
    }

    /// Only a lost server is an error; the rest of what a process mutters is a warning.
    fn stderr(&self) -> Result<Event, Wrong> {
        let [inner] = inside(self.params, ["message"]);
        let said = self.text.or(inner).and_then(text).unwrap_or_default();
        if said.to_ascii_lowercase().contains(LOST) {
            let message = Some(said.into());
            Ok(Event::RuntimeError {
                turn: self.turn()?,
                message,
            })
        } else {
            Ok(Event::Noticed)
        }
    }

    /// Says that Codex can work now, or cannot. In the middle of a turn it says nothing of that turn.
    fn sandbox(&self, open: Option<&TurnId>) -> Event {
        let [success, error] = inside(self.params, ["success", "error"]);
        let failed = success.is_some_and(|success| success.get() == "false");
        match (failed, open) {
            (false, None) => state(SessionState::Ready, None),
            (false, Some(_)) => Event::Noticed,
            (true, None) => state(SessionState::Error, message(error)),
            (true, Some(_)) => Event::RuntimeError {
                turn: None,
                message: message(error),
            },
        }
    }
}

impl ThreadMemory {
    fn remember(&mut self, event: &Event, own_name: Option<String>) {
        match event {
            Event::TurnStarted { turn } => self.open.clone_from(turn),
            Event::TurnCompleted { turn: ended, .. }
            | Event::TurnAborted { turn: ended }
            | Event::RuntimeError { turn: ended, .. }
                if ended.is_some() && *ended == self.open =>
            {
                self.open = None;
            }
            Event::SessionExited => *self = Self::default(),
            Event::SessionStateChanged {
                state: SessionState::Starting,
                ..
            } => self.own_name = None,
            Event::SessionStateChanged { .. }
            | Event::ThreadStateChanged(ThreadState::Closed | ThreadState::Error) => {
                self.open = None;
            }
            Event::SessionStarted
            | Event::ThreadStarted
            | Event::TurnCompleted { .. }
            | Event::TurnAborted { .. }
            | Event::RuntimeError { .. }
            | Event::ThreadStateChanged(_)
            | Event::WorkObserved { .. }
            | Event::Noticed => {}
        }
        if self.own_name.is_none() {
            self.own_name = own_name;
        }
    }
}

fn state(state: SessionState, reason: Option<Message>) -> Event {
    Event::SessionStateChanged { state, reason }
}
