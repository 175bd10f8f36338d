//! Claude: `--output-format stream-json` and the messages of the Agent SDK.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::value::RawValue;

use super::DEFAULT_THREAD;
use crate::stream::{
    BadLine, Field, Native, PassedOver, ProviderReader, Reading, RuntimeEvent, StreamEnd, Teller,
    Threads, Wrong, excerpt, inside, is_true, name, pick, spelled, text, thread as name_of_thread,
    turn, word,
};
use crate::{Event, Message, SessionState, ThreadState, TurnId, TurnResult};

/// Reads the messages of Claude, in both directions.
///
/// The thread is called as `session_id` says; a message without one belongs to the session that spoke last, and to
/// [`DEFAULT_THREAD`] before any has. Turns are `turn-1`, `turn-2`, ... in the order in which they are seen to begin:
/// with a prompt, or with Claude speaking unprompted. T3's records name their turns; those names are kept.
#[derive(Debug, Default)]
pub struct ClaudeReader {
    threads: Threads<Memory>,
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
struct Memory {
    open: Option<TurnId>,
    /// Claude has spoken in the open turn.
    spoken: bool,
    /// A result came, and nothing new began since.
    at_rest: bool,
    /// The session shows as busy, and no turn is open.
    busy: bool,
    /// Claude has announced the session.
    announced: bool,
}

/// A message, as far as it matters.
struct Told<'a> {
    kind: String,
    subtype: String,
    /// The turn that T3's record names.
    named: Option<TurnId>,
    of_a_subagent: bool,
    /// A subtype that is no text.
    odd_subtype: Field<'a>,
    fields: [Field<'a>; 6],
}

impl ProviderReader for ClaudeReader {
    fn read(&mut self, line: &[u8]) -> Result<Reading, BadLine> {
        let native = match Native::of(line)? {
            Ok(native) => native,
            Err(reading) => return Ok(reading),
        };
        let keys = [
            "type",
            "subtype",
            "session_id",
            "parent_tool_use_id",
            "timestamp",
            "message",
            "isReplay",
            "isSynthetic",
            "status",
            "is_error",
            "result",
            "errors",
            "error",
            "num_turns",
        ];
        let [
            kind,
            subtype,
            session,
            parent,
            time,
            message,
            replay,
            synthetic,
            status,
            is_error,
            result,
            errors,
            error,
            num_turns,
        ] = native.body.object(|text| pick(text, keys))?;
        let kind =
            name(kind, |value| Wrong::MissingType { value }).map_err(|wrong| self.bad(wrong))?;
        let session = session.filter(|session| session.get() != "\"\"");
        let session = name_of_thread(session).map_err(|wrong| self.bad(wrong))?;
        // A client that does not know the session yet calls it nothing, or `default`.
        let session = session.filter(|session| session != "default");
        let told = Told {
            subtype: subtype.and_then(text).unwrap_or_default(),
            odd_subtype: subtype.filter(|subtype| text(subtype).is_none()),
            named: turn(native.turn).unwrap_or_default(),
            of_a_subagent: parent.is_some(),
            fields: [status, is_error, result, errors, error, num_turns],
            kind,
        };
        // What comes back of older prompts says that it is a replay.
        let is_prompt = told.kind == "user"
            && !told.of_a_subagent
            && (!is_true(replay) || put_back!(self, S3_05))
            && !is_true(synthetic)
            && is_somebodys_words(message);
        let known = native.thread.or(session).or_else(|| self.current.clone());
        if known.is_none() && (is_prompt || told.kind.starts_with("control_")) {
            self.prompted |= is_prompt;
            return Ok(Reading::PassedOver(PassedOver::Aside));
        }
        let thread = known.unwrap_or_else(|| DEFAULT_THREAD.into());
        let teller = Teller {
            native: told.name(),
            at: native.at.or_else(|| spelled(time)),
            thread: thread.clone(),
        };
        let mut facts = Vec::new();
        if told.kind == "result"
            && let Some(value) = told.odd_subtype
        {
            let value = excerpt(value.get());
            return Err(teller.bad(Wrong::UnknownResult { value }));
        }
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
            let teller = Teller {
                thread,
                native: "end".into(),
                at: None,
            };
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

    fn bad(&self, wrong: Wrong) -> BadLine {
        BadLine {
            thread_id: self.current.clone(),
            wrong,
        }
    }

    /// A prompt begins a turn. One that is open was worked off first: Claude takes prompts one by one.
    fn prompt(&mut self, thread: &str, named: Option<TurnId>, facts: &mut Vec<Event>) {
        if let Some(open) = self.threads.of(thread).open.take() {
            facts.push(ended(Some(open), TurnResult::Completed, None));
        }
        self.begin(thread, named, facts);
    }

    fn begin(&mut self, thread: &str, named: Option<TurnId>, facts: &mut Vec<Event>) {
        let turn = Some(named.unwrap_or_else(|| self.threads.mint()));
        let memory = self.threads.of(thread);
        *memory = Memory {
            open: turn.clone(),
            announced: memory.announced,
            ..Memory::default()
        };
        facts.push(Event::TurnStarted { turn });
    }

    fn hear(&mut self, thread: &str, told: Told<'_>, facts: &mut Vec<Event>) {
        let forgets = put_back!(self, L2_16);
        let memory = self.threads.of(thread);
        let work = Event::WorkObserved {
            turn: memory.open.clone(),
        };
        match (told.kind.as_str(), told.subtype.as_str()) {
            (_, _) if told.of_a_subagent => facts.push(work),
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

impl Memory {
    /// Claude compacts, asks, or works; after a result it only tidies up, and that is no new work.
    fn status(&mut self, told: &Told<'_>) -> Event {
        let [status, ..] = told.fields;
        if self.at_rest {
            return Event::WorkObserved { turn: None };
        }
        let state = match status.and_then(text).as_deref() {
            Some("compacting") => SessionState::Waiting,
            Some(_) | None => SessionState::Running,
        };
        self.busy = self.open.is_none();
        Event::SessionStateChanged {
            state,
            reason: None,
        }
    }

    fn result(&mut self, told: &Told<'_>, facts: &mut Vec<Event>) {
        let [_, _, _, _, _, num_turns] = told.fields;
        let counted_nothing = num_turns.is_some_and(|turns| turns.get() == "0");
        if told.is_success() && counted_nothing && self.open.is_some() && !self.spoken {
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

impl Told<'_> {
    fn is_init(&self) -> bool {
        self.kind == "system" && self.subtype == "init"
    }

    /// Both have to say so: a result can be a `success` that is an error. One that does not say how it ended reads as one.
    fn is_success(&self) -> bool {
        let [_, is_error, ..] = self.fields;
        matches!(self.subtype.as_str(), "success" | "") && !is_true(is_error)
    }

    fn is_interruption(&self, why: Option<&str>) -> bool {
        let said = why.unwrap_or_default().to_ascii_lowercase();
        let words = ["interrupt", "abort", "cancel"];
        self.subtype != "success" && words.iter().any(|word| said.contains(word))
    }

    /// What a result gives as its reason.
    fn why(&self) -> Option<String> {
        let [_, _, result, errors, error, _] = self.fields;
        let error = error.and_then(|error| reasons(Some(error)).or_else(|| text(error)));
        reasons(errors).or(error).or_else(|| word(result))
    }

    fn name(&self) -> String {
        let mut name = self.kind.clone();
        if !self.subtype.is_empty() {
            name.push('/');
            name.push_str(&self.subtype);
        }
        name
    }
}

fn ended(turn: Option<TurnId>, result: TurnResult, message: Option<Message>) -> Event {
    Event::TurnCompleted {
        turn,
        result,
        message,
    }
}

/// The texts of a list, as one.
fn reasons(errors: Field<'_>) -> Option<String> {
    let list: Vec<&RawValue> = serde_json::from_str(errors?.get()).ok()?;
    let said: Vec<String> = list
        .into_iter()
        .filter_map(|error| {
            let [message] = inside(Some(error), ["message"]);
            message.and_then(text).or_else(|| text(error))
        })
        .collect();
    Some(said.join("; ")).filter(|said| !said.is_empty())
}

/// What Claude writes in the user's name: that an interrupt was taken, and what a command of its own printed.
const IN_THE_USERS_NAME: [&str; 3] = ["[Request interrupted", "<local-command-", "<command-name>"];

/// Whether a user message is somebody's words, rather than the answer of a tool, or nothing.
fn is_somebodys_words(message: Field<'_>) -> bool {
    let [content] = inside(message, ["content"]);
    let Some(content) = content else {
        return false;
    };
    if let Some(said) = text(content) {
        return is_said_by_the_user(&said);
    }
    let parts: Vec<&RawValue> = serde_json::from_str(content.get()).unwrap_or_default();
    let mut some = false;
    for part in parts {
        let [kind, said] = inside(Some(part), ["type", "text"]);
        some = true;
        if kind.and_then(text).as_deref() == Some("tool_result")
            || said
                .and_then(text)
                .is_some_and(|said| !is_said_by_the_user(&said))
        {
            return false;
        }
    }
    some
}

fn is_said_by_the_user(text: &str) -> bool {
    !IN_THE_USERS_NAME
        .iter()
        .any(|beginning| text.starts_with(beginning))
}
