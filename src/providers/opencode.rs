//! `OpenCode` server: the events of its stream, which name sessions but never turns.

use alloc::vec::Vec;

use crate::stream::{
    BadLine, Field, Native, PassedOver, ProviderReader, Reading, RuntimeEvent, StreamEnd, Teller,
    Threads, Wrong, ended, inside, message, name, names_turns, pick, state,
    thread as name_of_thread, turn, unknown_state, when, word,
};
use crate::{Event, Message, TurnId, TurnResult};

/// What only a session at work causes.
const WORK: [&str; 4] = ["message.", "session.next.", "permission.", "question."];

/// What a session can be.
const STATES: [&str; 3] = ["busy", "idle", "retry"];

/// What is about the server, its files or its clients, and never about a session.
const OF_THE_SERVER: [&str; 12] = [
    "server.",
    "global.",
    "installation.",
    "file.",
    "lsp.",
    "mcp.",
    "project.",
    "pty.",
    "tui.",
    "vcs.",
    "workspace.",
    "worktree.",
];

/// Reads the events of an `OpenCode` server: bare JSON, or as server-sent events (`data: ...`).
///
/// Threads are called as `sessionID` says. Turns are `turn-1`, `turn-2`, ... in the order in which a session is seen to
/// become busy; T3's records name their turns, and those names are kept. What ends a turn ends the one that is open just
/// then: the stream does not say which it means.
#[derive(Debug, Default)]
pub struct OpenCodeReader {
    threads: Threads<ThreadMemory>,
}

#[derive(Debug, Default)]
struct ThreadMemory {
    open: Option<TurnId>,
    /// The session has been announced: it was created, or the stream was attached to it.
    announced: bool,
}

names_turns!(OpenCodeReader, threads.mint);

impl ProviderReader for OpenCodeReader {
    fn read(&mut self, line: &[u8]) -> Result<Reading, BadLine> {
        let Some(line) = data(line) else {
            return Ok(Reading::PassedOver(PassedOver::Aside));
        };
        let native = match Native::of(line)? {
            Ok(native) => native,
            Err(reading) => return Ok(reading),
        };
        let keys = ["type", "properties", "payload", "timestamp"];
        let [mut kind, mut properties, payload, time] =
            native.body.object(|text| pick(text, keys))?;
        if kind.is_none() {
            // The global stream wraps each event; T3's records may hold the properties alone.
            [kind, properties] = match payload {
                Some(_) => inside(payload, ["type", "properties"]),
                None => [native.method, native.payload],
            };
        }
        let kind = name(kind, |value| Wrong::MissingType { value })?;
        let [session, info, part, status, error] =
            inside(properties, ["sessionID", "info", "part", "status", "error"]);
        let [of_info, id, role] = inside(info, ["sessionID", "id", "role"]);
        let [of_part] = inside(part, ["sessionID"]);
        let id = id.filter(|_| kind.starts_with("session.") && role.is_none());
        let session = name_of_thread(session.or(of_info).or(of_part).or(id))?;
        let Some(thread) = native
            .thread
            .or(session)
            .or_else(|| self.threads.only().map(Into::into))
        else {
            // An error of the server's own is not one of a session.
            return if kind.starts_with("session.") && base(&kind) != "session.error" {
                Err(Wrong::MissingThread { value: None }.into())
            } else {
                Ok(Reading::PassedOver(PassedOver::Aside))
            };
        };
        if OF_THE_SERVER.iter().any(|family| kind.starts_with(family)) {
            return Ok(Reading::PassedOver(PassedOver::Aside));
        }
        let teller = Teller {
            native: kind,
            at: native.at.or_else(|| when(time)),
            thread,
        };
        let named = turn(native.turn).unwrap_or_default();
        let facts = self
            .facts(&teller.thread, base(&teller.native), [status, error], named)
            .map_err(|wrong| teller.bad(wrong))?;
        Ok(teller.tell(facts))
    }

    /// A stream that ends cleanly says nothing: the server may well live on. One that breaks takes the sessions along.
    fn end(&mut self, end: StreamEnd<'_>) -> Vec<RuntimeEvent> {
        match end {
            StreamEnd::Closed => Vec::new(),
            StreamEnd::Failed(_) => self.threads.exit(end),
        }
    }
}

impl OpenCodeReader {
    fn facts(
        &mut self,
        thread: &str,
        kind: &str,
        [status, error]: [Field<'_>; 2],
        named: Option<TurnId>,
    ) -> Result<Vec<Event>, Wrong> {
        let facts = match kind {
            "session.created" => {
                self.threads.of(thread).announced = true;
                [Event::SessionStarted, Event::ThreadStarted].into()
            }
            "session.status" => {
                let told = self.status(thread, status, named)?;
                // The first state of a session that nobody saw created: the stream was attached to it.
                let attached = !core::mem::replace(&mut self.threads.of(thread).announced, true);
                let announced = [Event::SessionStarted, Event::ThreadStarted];
                announced
                    .into_iter()
                    .filter(|_| attached)
                    .chain([told])
                    .collect()
            }
            "session.error" => self.error(thread, error, named),
            _ => {
                let open = self.threads.of(thread).open.clone();
                let is_work = WORK.iter().any(|family| kind.starts_with(family));
                // A prompt that is queued or steered is the client's doing.
                if is_work && kind != "session.next.prompted" {
                    [Event::WorkObserved { turn: open }].into()
                } else {
                    [Event::Noticed].into()
                }
            }
        };
        Ok(facts)
    }

    /// Busy begins a turn and idle ends it; each comes more than once.
    fn status(
        &mut self,
        thread: &str,
        status: Field<'_>,
        named: Option<TurnId>,
    ) -> Result<Event, Wrong> {
        let [kind] = inside(status, ["type"]);
        let told = kind.or(status);
        let word = state("session", told)?;
        if let Some(told) = told.filter(|_| !STATES.contains(&word.as_str())) {
            return Err(unknown_state("session", told));
        }
        let open = self.threads.of(thread).open.clone();
        Ok(match (word.as_str(), open) {
            ("busy", None) => {
                let turn = Some(named.unwrap_or_else(|| self.threads.mint()));
                self.threads.of(thread).open.clone_from(&turn);
                Event::TurnStarted { turn }
            }
            ("busy", turn) => Event::WorkObserved { turn },
            ("idle", open) => match open.or(named) {
                Some(turn) => {
                    self.threads.of(thread).open = None;
                    ended(Some(turn), TurnResult::Completed, None)
                }
                None => Event::Noticed,
            },
            // It tries again.
            _ => Event::Noticed,
        })
    }

    /// An abort is what the user asked for; every other error fails the open turn and the session.
    fn error(&mut self, thread: &str, error: Field<'_>, named: Option<TurnId>) -> Vec<Event> {
        let turn = self.threads.of(thread).open.take().or(named);
        let [name, data, beside] = inside(error, ["name", "data", "message"]);
        let [inner] = inside(data, ["message"]);
        if word(name).as_deref() == Some("MessageAbortedError") {
            return [Event::TurnAborted { turn }].into();
        }
        let message: Option<Message> = message(inner.or(beside).or(name));
        let failed = turn.map(|turn| ended(Some(turn), TurnResult::Failed, message.clone()));
        let error = Event::RuntimeError {
            turn: None,
            message,
        };
        failed.into_iter().chain([error]).collect()
    }
}

/// A type without its version: `session.next.step.started.1`.
fn base(kind: &str) -> &str {
    match kind.rsplit_once('.') {
        Some((base, version)) if version.bytes().all(|byte| byte.is_ascii_digit()) => base,
        _ => kind,
    }
}

/// The data of a server-sent event, or the line itself; `None` for the transport's own lines.
fn data(line: &[u8]) -> Option<&[u8]> {
    let start = line.trim_ascii_start();
    if let Some(data) = start.strip_prefix(b"data:") {
        return Some(data);
    }
    let own: [&[u8]; 4] = [b":", b"event:", b"id:", b"retry:"];
    (!own.iter().any(|prefix| start.starts_with(prefix))).then_some(line)
}
