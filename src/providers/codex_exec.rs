//! `codex exec --json`: one run of one thread, without turn ids.

use alloc::string::String;
use alloc::vec::Vec;

use super::DEFAULT_THREAD;
use crate::stream::{
    BadLine, Field, Mint, Native, ProviderReader, Reading, RuntimeEvent, StreamEnd, Teller, Wrong,
    inside, message, name, names_turns, pick, thread as name_of_thread, when,
};
use crate::{Event, Message, SessionState, TurnId, TurnResult};

/// Reads the lines of `codex exec --json`.
///
/// The thread is called as `thread.started` calls it, and [`DEFAULT_THREAD`] before. Turns are `turn-1`, `turn-2`, ...
/// in the order in which they start. The exit of the process is not in the stream: the host says so with
/// [`end`](ProviderReader::end).
#[derive(Debug, Default)]
pub struct CodexExecReader {
    thread: Option<String>,
    open: Option<TurnId>,
    mint: Mint,
    /// An `error` line that nothing has followed yet: fatal only if the stream ends with it.
    last_words: Option<Message>,
}

names_turns!(CodexExecReader, mint);

impl ProviderReader for CodexExecReader {
    fn read(&mut self, line: &[u8]) -> Result<Reading, BadLine> {
        let native = match Native::of(line)? {
            Ok(native) => native,
            Err(reading) => return Ok(reading),
        };
        let [kind, thread_id, error, text, time] = native
            .body
            .object(|text| pick(text, ["type", "thread_id", "error", "message", "timestamp"]))?;
        let kind = name(kind, |value| Wrong::MissingType { value }).map_err(|wrong| BadLine {
            thread_id: self.thread.clone(),
            wrong,
        })?;
        let named = name_of_thread(thread_id).map_err(|wrong| BadLine {
            thread_id: self.thread.clone(),
            wrong,
        })?;
        let mut left = Vec::new();
        if kind == "thread.started" && named.is_some() && named != self.thread {
            left = self.leave(native.at.as_deref());
            self.thread = named;
        }
        let facts = self.facts(&kind, error, text);
        let thread = native.thread.or_else(|| self.thread.clone());
        let teller = Teller {
            thread: thread.unwrap_or_else(|| DEFAULT_THREAD.into()),
            native: kind,
            at: native.at.or_else(|| when(time)),
        };
        left.extend(teller.events(facts));
        Ok(Reading::Events(left))
    }

    /// The process has exited. An error that nothing followed was fatal; the exit code proves nothing.
    fn end(&mut self, end: StreamEnd<'_>) -> Vec<RuntimeEvent> {
        let thread = self.thread.take();
        let teller = Teller::at_the_end(thread.unwrap_or_else(|| DEFAULT_THREAD.into()));
        let message = match end {
            StreamEnd::Closed => self.last_words.take(),
            StreamEnd::Failed(why) => Some(why.into()),
        };
        let turn = self.open.take();
        let fatal = message.map(|message| Event::RuntimeError {
            turn,
            message: Some(message),
        });
        teller
            .events(fatal.into_iter().chain([Event::SessionExited]))
            .collect()
    }
}

impl CodexExecReader {
    fn facts(&mut self, kind: &str, error: Field<'_>, text: Field<'_>) -> Vec<Event> {
        let [why] = inside(error, ["message"]);
        if kind == "error" {
            self.last_words = message(text).or_else(|| message(why));
            return [Event::Noticed].into();
        }
        let last_words = self.last_words.take();
        match kind {
            "thread.started" => [Event::ThreadStarted].into(),
            "turn.started" => {
                // Turns follow one another: the one before is over, and nothing has said how.
                let left = self.open.take().map(|_| Event::SessionStateChanged {
                    state: SessionState::Ready,
                    reason: None,
                });
                self.open = Some(self.mint.next());
                let begun = Event::TurnStarted {
                    turn: self.open.clone(),
                };
                left.into_iter().chain([begun]).collect()
            }
            "turn.completed" => [self.ended(TurnResult::Completed, None)].into(),
            "turn.failed" => {
                let why = message(why).or(last_words);
                [self.ended(TurnResult::Failed, why)].into()
            }
            _ if kind.starts_with("item.") || kind == "request_user_input" => {
                [Event::WorkObserved {
                    turn: self.open.clone(),
                }]
                .into()
            }
            _ => [Event::Noticed].into(),
        }
    }

    /// Another thread takes over: each process has one, so that of this one has gone, and took an open turn along.
    fn leave(&mut self, at: Option<&str>) -> Vec<RuntimeEvent> {
        if self.open.take().is_none() {
            return Vec::new();
        }
        let thread = self.thread.take();
        let teller = Teller {
            thread: thread.unwrap_or_else(|| DEFAULT_THREAD.into()),
            native: "thread.started".into(),
            at: at.map(Into::into),
        };
        teller.events([Event::SessionExited]).collect()
    }

    fn ended(&mut self, result: TurnResult, message: Option<Message>) -> Event {
        Event::TurnCompleted {
            turn: self.open.take(),
            result,
            message,
        }
    }
}
