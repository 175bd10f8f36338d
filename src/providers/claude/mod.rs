//! Claude: `--output-format stream-json` and the messages of the Agent SDK.

mod message;

use alloc::string::String;
use alloc::vec::Vec;

use super::DEFAULT_THREAD;
use crate::stream::{
    BadLine, Native, PassedOver, ProviderReader, Reading, RuntimeEvent, StreamEnd, Teller, Threads,
    ended, names_turns, text,
};
use crate::{Event, Message, SessionState, ThreadState, TurnId, TurnResult};
use message::ClaudeMessage;

/// Reads the messages of Claude, in both directions.
///
/// The thread is called as `session_id` says; a message without one belongs to the session that spoke last, and to
/// [`DEFAULT_THREAD`] before any has. Turns are `turn-1`, `turn-2`, ... in the order in which they are seen to begin:
/// with a prompt, or with Claude speaking unprompted. T3's records name their turns; those names are kept.
#[derive(Debug, Default)]
pub struct ClaudeReader {
    threads: Threads<ThreadMemory>,
    current: Option<String>,
    /// A prompt was sent before Claude had named its session.
    prompted: bool,
    /// The published defect that it carries.
    #[cfg(feature = "faults")]
    fault: Option<crate::Fault>,
}

#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; together they are no state"
)]
struct ThreadMemory {
    open: Option<TurnId>,
    /// What T3's records call the open turn.
    recorded: Option<TurnId>,
    /// Claude has spoken in the open turn.
    spoken: bool,
    /// A result came, and nothing new began since.
    at_rest: bool,
    /// The session shows as busy, and no turn is open.
    busy: bool,
    /// Claude has announced the session.
    announced: bool,
}

names_turns!(ClaudeReader, threads.mint);

impl ProviderReader for ClaudeReader {
    fn read(&mut self, line: &[u8]) -> Result<Reading, BadLine> {
        let native = match Native::of(line)? {
            Ok(native) => native,
            Err(reading) => return Ok(reading),
        };
        let told = ClaudeMessage::of(&native, self.current.as_deref())?;
        let is_prompt = told.is_prompt(put_back!(self, S3_05));
        let known = native
            .thread
            .or(told.session.clone())
            .or_else(|| self.current.clone());
        if known.is_none() && (is_prompt || told.kind.starts_with("control_")) {
            self.prompted |= is_prompt;
            return Ok(Reading::PassedOver(PassedOver::Aside));
        }
        let thread = known.unwrap_or_else(|| DEFAULT_THREAD.into());
        let teller = Teller {
            native: told.name(),
            at: native.at.or_else(|| told.at.clone()),
            thread: thread.clone(),
        };
        let mut facts = Vec::new();
        told.knows_its_result().map_err(|wrong| teller.bad(wrong))?;
        if told.is_init() && !core::mem::replace(&mut self.threads.of(&thread).announced, true) {
            // The first of this stream: a session that had exited is there again.
            facts.push(Event::SessionStarted);
        }
        if core::mem::take(&mut self.prompted) {
            self.prompt(&thread, None, &mut facts);
        }
        if is_prompt {
            self.prompt(&thread, told.named, &mut facts);
        } else {
            self.hear(&thread, told, &mut facts);
        }
        self.current = Some(thread);
        Ok(teller.tell(facts))
    }

    /// The process is gone, and with it an open turn.
    fn end(&mut self, end: StreamEnd<'_>) -> Vec<RuntimeEvent> {
        self.prompted = false;
        self.current = None;
        let mut events = Vec::new();
        for (thread, memory) in self.threads.drain() {
            let teller = Teller::at_the_end(thread);
            let (result, message) = match end {
                StreamEnd::Closed => (TurnResult::Interrupted, None),
                StreamEnd::Failed(why) => (TurnResult::Failed, Some(Message::from(why))),
            };
            let mut facts = Vec::new();
            if let Some(message) = &message {
                let turn = memory.open.clone();
                facts.push(Event::RuntimeError {
                    turn,
                    message: Some(message.clone()),
                });
            }
            if let Some(turn) = memory.open {
                facts.push(Event::TurnCompleted {
                    turn: Some(turn),
                    result,
                    message,
                });
            }
            facts.push(Event::SessionExited);
            events.extend(teller.events(facts));
        }
        events
    }
}

impl ClaudeReader {
    /// The same reader, carrying a published defect.
    #[cfg(feature = "faults")]
    #[must_use]
    pub fn with_fault(mut self, fault: Option<crate::Fault>) -> Self {
        self.fault = fault;
        self
    }

    /// A prompt begins a turn. One that is open was worked off first: Claude takes prompts one by one.
    fn prompt(&mut self, thread: &str, named: Option<TurnId>, facts: &mut Vec<Event>) {
        if let Some(open) = self.threads.of(thread).open.take() {
            facts.push(ended(Some(open), TurnResult::Completed, None));
        }
        self.begin(thread, named, facts);
    }

    fn begin(&mut self, thread: &str, named: Option<TurnId>, facts: &mut Vec<Event>) {
        let recorded = named.clone();
        let turn = Some(named.unwrap_or_else(|| self.threads.mint()));
        let memory = self.threads.of(thread);
        *memory = ThreadMemory {
            open: turn.clone(),
            recorded,
            announced: memory.announced,
            ..ThreadMemory::default()
        };
        facts.push(Event::TurnStarted { turn });
    }

    /// T3's log keeps no prompts, but each record names the turn that T3 works on: another name than before is another
    /// prompt.
    fn follow(&mut self, thread: &str, named: Option<&TurnId>, facts: &mut Vec<Event>) {
        let memory = self.threads.of(thread);
        let Some(named) = named.filter(|_| memory.open.is_some()) else {
            return;
        };
        if memory.recorded.get_or_insert_with(|| named.clone()) != named {
            self.prompt(thread, Some(named.clone()), facts);
        }
    }

    fn hear(&mut self, thread: &str, told: ClaudeMessage<'_>, facts: &mut Vec<Event>) {
        self.follow(thread, told.named.as_ref(), facts);
        let forgets = put_back!(self, L2_16);
        let memory = self.threads.of(thread);
        let work = Event::WorkObserved {
            turn: memory.open.clone(),
        };
        match (told.kind.as_str(), told.subtype.as_str()) {
            (_, _) if told.of_a_subagent => facts.push(work),
            ("assistant", _) if told.says_that_no_answer_is_due() && !put_back!(self, L2_08) => {
                memory.go_unanswered(facts);
            }
            ("assistant", _) => {
                if memory.open.is_some() {
                    facts.push(work);
                } else {
                    self.begin(thread, told.named, facts);
                }
                self.threads.of(thread).spoken = true;
            }
            ("user" | "stream_event" | "tool_progress", _) => {
                memory.spoken |= memory.open.is_some();
                facts.push(work);
            }
            ("result", _) => memory.result(&told, facts),
            ("system", "init") => {
                memory.at_rest = false;
                memory.open.take_if(|_| forgets);
                if facts.is_empty() {
                    facts.push(Event::Noticed);
                }
            }
            ("system", "status") => facts.push(memory.status(&told)),
            ("system", "compact_boundary") => {
                facts.push(Event::ThreadStateChanged(ThreadState::Compacted));
            }
            ("system", "task_started" | "task_progress" | "task_notification")
            | ("control_request", _) => facts.push(work),
            // Among them session_state_changed, which not every CLI sends, and whose idle waits for background work.
            _ => facts.push(Event::Noticed),
        }
    }
}

impl ThreadMemory {
    /// Claude compacts, asks, or works; after a result it only tidies up, and that is no new work.
    fn status(&mut self, told: &ClaudeMessage<'_>) -> Event {
        if self.at_rest {
            return Event::WorkObserved { turn: None };
        }
        let state = match told.status.and_then(text).as_deref() {
            Some("compacting") => SessionState::Waiting,
            Some(_) | None => SessionState::Running,
        };
        self.busy = self.open.is_none();
        Event::SessionStateChanged {
            state,
            reason: None,
        }
    }

    /// Claude owes no answer: what was asked is over, without a result.
    fn go_unanswered(&mut self, facts: &mut Vec<Event>) {
        facts.push(match self.open.take() {
            Some(turn) => ended(Some(turn), TurnResult::Completed, None),
            None => Event::Noticed,
        });
        self.at_rest = true;
    }

    fn result(&mut self, told: &ClaudeMessage<'_>, facts: &mut Vec<Event>) {
        if told.is_success() && told.counts_no_turns() && self.open.is_some() && !self.spoken {
            // The handshake of a resumed session: it ends no turn, least of all one that was just begun.
            facts.push(ended(None, TurnResult::Completed, None));
            return;
        }
        let turn = self.open.take().or_else(|| told.named.clone());
        let goes_unnamed = self.busy && turn.is_none();
        let why = told.why();
        let failed = !told.is_success() && !told.is_interruption(why.as_deref());
        if told.is_success() {
            facts.push(ended(turn, TurnResult::Completed, None));
        } else if !failed {
            facts.push(ended(turn, TurnResult::Interrupted, None));
        } else {
            let subtype = Some(&told.subtype).filter(|subtype| !subtype.is_empty());
            let message: Option<Message> = why.or_else(|| subtype.cloned()).map(Into::into);
            facts.push(Event::RuntimeError {
                turn: turn.clone(),
                message: message.clone(),
            });
            facts.push(ended(turn, TurnResult::Failed, message));
        }
        if goes_unnamed && !failed {
            // Work without a word, as compaction is: its end names no turn, and so has to say that all is over.
            facts.push(Event::SessionStateChanged {
                state: SessionState::Ready,
                reason: None,
            });
        }
        *self = Self {
            at_rest: true,
            announced: self.announced,
            ..Self::default()
        };
    }
}
