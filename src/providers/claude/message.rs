//! One message of Claude, as far as it matters.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::value::RawValue;

use crate::TurnId;
use crate::stream::{
    BadLine, Field, Native, Wrong, excerpt, inside, is_true, name, pick, text,
    thread as name_of_thread, turn, when, word,
};

/// What a line says, whichever side it is from.
pub(super) struct ClaudeMessage<'a> {
    pub(super) kind: String,
    pub(super) subtype: String,
    /// A subtype that is no text.
    odd_subtype: Field<'a>,
    pub(super) session: Option<String>,
    pub(super) at: Option<String>,
    /// The turn that T3's record names.
    pub(super) named: Option<TurnId>,
    pub(super) of_a_subagent: bool,
    message: Field<'a>,
    is_replay: bool,
    is_synthetic: bool,
    pub(super) status: Field<'a>,
    is_error: Field<'a>,
    result: Field<'a>,
    errors: Field<'a>,
    error: Field<'a>,
    num_turns: Field<'a>,
}

impl<'a> ClaudeMessage<'a> {
    /// Reads a line; of one that is no message, the session that spoke last is told.
    pub(super) fn of(native: &Native<'a>, current: Option<&str>) -> Result<Self, BadLine> {
        let bad = |wrong| BadLine {
            thread_id: current.map(Into::into),
            wrong,
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
        let kind = name(kind, |value| Wrong::MissingType { value }).map_err(bad)?;
        let session = session.filter(|session| session.get() != "\"\"");
        let session = name_of_thread(session).map_err(bad)?;
        Ok(Self {
            kind,
            subtype: subtype.and_then(text).unwrap_or_default(),
            odd_subtype: subtype.filter(|subtype| text(subtype).is_none()),
            // A client that does not know the session yet calls it nothing, or `default`.
            session: session.filter(|session| session != "default"),
            at: when(time),
            named: turn(native.turn).unwrap_or_default(),
            of_a_subagent: parent.is_some(),
            message,
            is_replay: is_true(replay),
            is_synthetic: is_true(synthetic),
            status,
            is_error,
            result,
            errors,
            error,
            num_turns,
        })
    }

    /// Whether it is a prompt of the user. What comes back of older prompts says that it is a replay.
    pub(super) fn is_prompt(&self, even_replayed: bool) -> bool {
        self.kind == "user"
            && !self.of_a_subagent
            && (!self.is_replay || even_replayed)
            && !self.is_synthetic
            && is_somebodys_words(self.message)
    }

    /// A result whose subtype is no text is none that anybody knows.
    pub(super) fn knows_its_result(&self) -> Result<(), Wrong> {
        match self.odd_subtype {
            Some(value) if self.kind == "result" => Err(Wrong::UnknownResult {
                value: excerpt(value.get()),
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a result says that Claude took no turn.
    pub(super) fn counts_no_turns(&self) -> bool {
        self.num_turns.is_some_and(|turns| turns.get() == "0")
    }

    pub(super) fn is_init(&self) -> bool {
        self.kind == "system" && self.subtype == "init"
    }

    /// Both have to say so: a result can be a `success` that is an error. One that does not say how it ended reads as one.
    pub(super) fn is_success(&self) -> bool {
        matches!(self.subtype.as_str(), "success" | "") && !is_true(self.is_error)
    }

    /// Whether Claude says, in words that no model wrote, that nothing is to be answered. No result follows them (L2-08).
    pub(super) fn says_that_no_answer_is_due(&self) -> bool {
        let [model, content] = inside(self.message, ["model", "content"]);
        model.and_then(text).as_deref() == Some("<synthetic>")
            && content.is_some_and(|content| only_text(content).as_deref() == Some(NO_ANSWER))
    }

    pub(super) fn is_interruption(&self, why: Option<&str>) -> bool {
        let said = why.unwrap_or_default().to_ascii_lowercase();
        let words = ["interrupt", "abort", "cancel"];
        self.subtype != "success" && words.iter().any(|word| said.contains(word))
    }

    /// What a result gives as its reason.
    pub(super) fn why(&self) -> Option<String> {
        let error = self
            .error
            .and_then(|error| reasons(Some(error)).or_else(|| text(error)));
        reasons(self.errors).or(error).or_else(|| word(self.result))
    }

    pub(super) fn name(&self) -> String {
        let mut name = self.kind.clone();
        if !self.subtype.is_empty() {
            name.push('/');
            name.push_str(&self.subtype);
        }
        name
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

/// What Claude writes in the place of an answer.
const NO_ANSWER: &str = "No response requested.";

/// The text of a content that is one, or a list of one.
fn only_text(content: &RawValue) -> Option<String> {
    text(content).or_else(|| {
        let [part] = serde_json::from_str::<[&RawValue; 1]>(content.get()).ok()?;
        let [said] = inside(Some(part), ["text"]);
        said.and_then(text)
    })
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
