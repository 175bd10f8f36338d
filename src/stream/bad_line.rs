//! A line that is no event: what is wrong with it.

use alloc::string::String;
use core::fmt;

/// Values are kept up to this many characters: enough to find the place, and no log can flood another.
const EXCERPT: usize = 80;

/// A line that cannot be read: what is wrong with it, and the thread it belongs to, where that much can be read.
///
/// Displays as a sentence with the thread and the offending value. The caller knows the file and the line.
///
/// ```
/// # #[cfg(feature = "t3")] {
/// use session_lifecycle::t3::read_line;
///
/// let bad = read_line(r#"{"type":"session.state.changed","threadId":"th-1","payload":{"state":"asleep"}}"#).unwrap_err();
/// assert_eq!(bad.code(), "unknown_state");
/// assert_eq!(bad.to_string(), r#"the session state "asleep" of thread th-1 is not known"#);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BadLine {
    /// The thread that the line names, if it could be read.
    pub thread_id: Option<String>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a line. Values are as the line spells them, cut to the first 80 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// It is not UTF-8.
    NotUtf8 {
        /// The column (in bytes, from 1) of the first byte that is not.
        column: usize,
    },
    /// It is not JSON.
    NotJson {
        /// The column (in bytes, from 1) where that shows, counted within the JSON text.
        column: usize,
        /// How the line begins.
        value: String,
    },
    /// It ends too soon: it begins like an event, and the rest is missing.
    CutOff {
        /// How the line begins.
        value: String,
    },
    /// It is longer than the caller is willing to read.
    TooLong {
        /// How many bytes a line may have.
        limit: usize,
    },
    /// It is JSON, but not an object.
    NotAnObject {
        /// How the line begins.
        value: String,
    },
    /// It names no thread, and session state is per thread.
    MissingThread {
        /// What stands in place of the thread, if anything.
        value: Option<String>,
    },
    /// It names no type of event.
    MissingType {
        /// What stands in place of the type, if anything.
        value: Option<String>,
    },
    /// The payload, which would say what happened, is not an object.
    BadPayload {
        /// What stands in its place.
        value: String,
    },
    /// A change of state that does not say to which state (R2, R8).
    MissingState {
        /// Whose state.
        of: &'static str,
    },
    /// A state that R2 or R8 does not know.
    UnknownState {
        /// Whose state: `session` or `thread`.
        of: &'static str,
        /// The state.
        value: String,
    },
    /// A turn ended in a way that R5 does not know.
    UnknownResult {
        /// The result.
        value: String,
    },
    /// The turn is not named by a text with something in it (R4 to R7).
    BadTurnId {
        /// What stands in place of the name.
        value: String,
    },
}

impl BadLine {
    /// A line that is longer than the caller is willing to read.
    #[must_use]
    pub fn too_long(limit: usize) -> Self {
        Wrong::TooLong { limit }.into()
    }

    /// What is wrong as a stable `snake_case` word.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.wrong {
            Wrong::NotUtf8 { .. } => "not_utf8",
            Wrong::NotJson { .. } => "not_json",
            Wrong::CutOff { .. } => "cut_off",
            Wrong::TooLong { .. } => "too_long",
            Wrong::NotAnObject { .. } => "not_an_object",
            Wrong::MissingThread { .. } => "missing_thread",
            Wrong::MissingType { .. } => "missing_type",
            Wrong::BadPayload { .. } => "bad_payload",
            Wrong::MissingState { .. } => "missing_state",
            Wrong::UnknownState { .. } => "unknown_state",
            Wrong::UnknownResult { .. } => "unknown_result",
            Wrong::BadTurnId { .. } => "bad_turn_id",
        }
    }
}

impl From<Wrong> for BadLine {
    /// For a line whose thread cannot be read.
    fn from(wrong: Wrong) -> Self {
        Self {
            thread_id: None,
            wrong,
        }
    }
}

/// The beginning of a value, safe for a terminal: a control character in a log must not reach it.
pub(crate) fn excerpt(value: &str) -> String {
    let mut shown = String::new();
    for (at, character) in value.chars().enumerate() {
        if at == EXCERPT {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wrong {
            Wrong::NotUtf8 { column } => write!(f, "the line is not UTF-8 from byte {column} on"),
            Wrong::NotJson { column, value } => {
                write!(f, "the line is not JSON from column {column} on: {value}")
            }
            Wrong::CutOff { value } => write!(f, "the line is cut off: {value}"),
            Wrong::TooLong { limit } => write!(f, "the line is longer than {limit} bytes"),
            Wrong::NotAnObject { value } => {
                write!(f, "the line is JSON, but not an object: {value}")
            }
            Wrong::MissingThread { value: None } => f.write_str("threadId is missing"),
            Wrong::MissingThread { value: Some(value) } => {
                write!(f, "threadId is {value}, which names no thread")
            }
            Wrong::MissingType { value: None } => write!(f, "an event{} has no type", self.place()),
            Wrong::MissingType { value: Some(value) } => {
                let place = self.place();
                write!(f, "an event{place} has the type {value}, which is none")
            }
            Wrong::BadPayload { value } => {
                let place = self.place();
                write!(
                    f,
                    "an event{place} has the payload {value}, which is no object"
                )
            }
            Wrong::MissingState { of } => write!(f, "the {of} state{} is missing", self.place()),
            Wrong::UnknownState { of, value } => {
                write!(f, "the {of} state {value}{} is not known", self.place())
            }
            Wrong::UnknownResult { value } => {
                write!(f, "the turn result {value}{} is not known", self.place())
            }
            Wrong::BadTurnId { value } => {
                let place = self.place();
                write!(
                    f,
                    "an event{place} has the turnId {value}, which names no turn"
                )
            }
        }
    }
}

impl BadLine {
    fn place(&self) -> ThreadSuffix<'_> {
        ThreadSuffix(self.thread_id.as_deref())
    }
}

/// ` of thread X`, where the thread is known.
struct ThreadSuffix<'a>(Option<&'a str>);

impl fmt::Display for ThreadSuffix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(thread) => write!(f, " of thread {}", excerpt(thread)),
            None => Ok(()),
        }
    }
}

impl core::error::Error for BadLine {}
