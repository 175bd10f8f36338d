//! A message of the Agent Client Protocol, as far as it matters to the lifecycle.

use alloc::string::String;

use serde_json::value::RawValue;

use crate::stream::{
    BadLine, Field, Record, Wrong, excerpt, inside, name, pick, state, text,
    thread as name_of_thread, unknown_state, word,
};

/// A message, whichever way it went.
///
/// The method says which way: `session/prompt` is the client's, `session/update` the agent's. An answer says so by its
/// shape, and by the request whose id it bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcpMessage {
    /// The client asks for a session: a new one, or one that the agent has stored (`session/new`, `load`, `resume`).
    Opening {
        /// The id of the request.
        id: JsonRpcId,
        /// The stored session.
        session: Option<String>,
    },
    /// The client sends a prompt: a turn begins (`session/prompt`).
    Prompt {
        /// The id of the request.
        id: JsonRpcId,
        /// The session.
        session: Option<String>,
    },
    /// The agent asks the client for something: a permission, a file, a terminal.
    Asked {
        /// The id of the request.
        id: JsonRpcId,
        /// The session.
        session: Option<String>,
    },
    /// The agent tells of its work (`session/update`).
    Update {
        /// The session.
        session: Option<String>,
        /// What it tells.
        update: Update,
    },
    /// Either side answers.
    Answer {
        /// The id of the request.
        id: JsonRpcId,
        /// What it answers.
        answer: AcpAnswer,
    },
    /// Anything else: `initialize`, `session/cancel` (a wish, not a fact), methods of the future.
    Other {
        /// The session, if it names one.
        session: Option<String>,
    },
}

/// The id of a request. JSON-RPC tells a number from a text: `1` and `"1"` are two requests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JsonRpcId {
    /// A number, as the line spells it; so is an id that is of neither kind.
    Number(String),
    /// A text.
    Text(String),
}

impl JsonRpcId {
    pub(super) fn of(id: &RawValue) -> Self {
        text(id).map_or_else(|| Self::Number(id.get().into()), Self::Text)
    }

    /// Of a request in a record that keeps no id.
    fn none() -> Self {
        Self::Text(String::new())
    }
}

/// What an update tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// Something that only an agent at work sends.
    Work,
    /// A setting: commands, modes, a title, usage.
    Setting,
    /// Version 2: the agent works.
    Running,
    /// Version 2: the agent waits for somebody.
    RequiresAction,
    /// Version 2: the agent is at rest.
    Idle(Option<Stop>),
}

/// Why a turn stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It was cancelled.
    Cancelled,
    /// For any other reason: its end, a limit, a refusal.
    Ended,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcpAnswer {
    /// The session has this name.
    Session(String),
    /// The turn is over.
    Stopped(Stop),
    /// Version 2: the prompt is accepted; its turn is told of by updates.
    Accepted,
    /// The user has decided.
    Decided,
    /// The request was refused.
    Failed {
        /// Because it was cancelled.
        cancelled: bool,
        /// What went wrong.
        why: Option<String>,
    },
    /// Something else, or nothing.
    Other,
}

/// The code of an answer to a request that was cancelled.
pub(super) const CANCELLED: i64 = -32800;

/// Updates that tell of a setting.
const SETTINGS: [&str; 6] = [
    "available_commands_update",
    "current_mode_update",
    "config_option_update",
    "session_info_update",
    "usage_update",
    "notice",
];

/// Methods of the client that open a session.
const OPENING: [&str; 4] = [
    "session/new",
    "session/load",
    "session/resume",
    "session/fork",
];

/// Other requests of the client, which nobody is to mistake for the agent's.
const OF_THE_CLIENT: [&str; 3] = ["initialize", "authenticate", "logout"];

/// A message with its method, if it is none of the answers.
pub(super) struct Read {
    pub(super) method: Option<String>,
    pub(super) message: AcpMessage,
}

/// Reads a message, tolerantly: fields that are unknown, or of another kind than the protocol says, are no matter, but for
/// those that say whose it is and what became of a turn.
pub(super) fn read(
    record: Record<'_>,
    beside: Field<'_>,
    inner: Field<'_>,
) -> Result<Read, BadLine> {
    let [id, method, params, result, error, session] = record.object(|text| {
        pick(
            text,
            ["id", "method", "params", "result", "error", "sessionId"],
        )
    })?;
    // T3's records hold whole messages, or a method beside its parameters.
    let bare = method.is_none() && result.is_none() && error.is_none() && beside.is_some();
    let (method, params) = if bare {
        (beside, inner)
    } else {
        (method, params)
    };
    if method.is_none() && id.is_some() && (result.is_some() || error.is_some() || !bare) {
        let id = id.map_or_else(JsonRpcId::none, JsonRpcId::of);
        let answer = match error {
            Some(_) => failure(error),
            None => answer(result)?,
        };
        let message = AcpMessage::Answer { id, answer };
        return Ok(Read {
            method: None,
            message,
        });
    }
    if method.is_none() && id.is_none() && error.is_some() {
        // Of a message that could not be read, nobody knows whose it was.
        let message = AcpMessage::Other { session: None };
        return Ok(Read {
            method: None,
            message,
        });
    }
    let method = name(method, |value| Wrong::MissingType { value })?;
    let [of_params, update] = inside(params, ["sessionId", "update"]);
    let session = name_of_thread(of_params.or(session))?;
    let message = match (method.as_str(), id.map(JsonRpcId::of)) {
        ("session/update", _) => {
            let update = update_of(update).map_err(|wrong| BadLine {
                thread_id: session.clone(),
                wrong,
            })?;
            AcpMessage::Update { session, update }
        }
        ("session/prompt", Some(id)) => AcpMessage::Prompt { id, session },
        (opening, Some(id)) if opens(opening) => {
            let session = session.filter(|_| opening != "session/fork");
            AcpMessage::Opening { id, session }
        }
        (asked, Some(id)) if is_asked(asked) => AcpMessage::Asked { id, session },
        (asked, None) if bare && is_asked(asked) => AcpMessage::Asked {
            id: JsonRpcId::none(),
            session,
        },
        _ => AcpMessage::Other { session },
    };
    Ok(Read {
        method: Some(method),
        message,
    })
}

/// Whether a request opens a session.
pub(super) fn opens(method: &str) -> bool {
    OPENING.contains(&method)
}

/// Whether a request is the agent's.
pub(super) fn is_asked(method: &str) -> bool {
    let of_the_client = OF_THE_CLIENT.contains(&method) || method.starts_with("session/");
    method == "session/request_permission" || !of_the_client
}

fn update_of(update: Field<'_>) -> Result<Update, Wrong> {
    let [kind, told, stop] = inside(update, ["sessionUpdate", "state", "stopReason"]);
    Ok(match kind.and_then(text).as_deref() {
        Some("state_update") => match (state("session", told)?.as_str(), told) {
            ("running", _) => Update::Running,
            ("requires_action", _) => Update::RequiresAction,
            ("idle", _) => Update::Idle(stop.map(stop_of).transpose()?),
            (_, Some(told)) => return Err(unknown_state("session", told)),
            (_, None) => return Err(Wrong::MissingState { of: "session" }),
        },
        Some(kind) if SETTINGS.contains(&kind) => Update::Setting,
        Some(_) => Update::Work,
        None => Update::Setting,
    })
}

/// Every word that nobody knows is an end; what is no word is no reason.
fn stop_of(reason: &RawValue) -> Result<Stop, Wrong> {
    match text(reason).as_deref() {
        Some("cancelled") => Ok(Stop::Cancelled),
        Some(_) => Ok(Stop::Ended),
        None => Err(Wrong::UnknownResult {
            value: excerpt(reason.get()),
        }),
    }
}

pub(super) fn answer(result: Field<'_>) -> Result<AcpAnswer, Wrong> {
    let [session, stop, message, outcome] =
        inside(result, ["sessionId", "stopReason", "messageId", "outcome"]);
    Ok(match (stop, word(session)) {
        (Some(stop), _) => AcpAnswer::Stopped(stop_of(stop)?),
        (None, Some(session)) => AcpAnswer::Session(session),
        (None, None) if message.is_some() => AcpAnswer::Accepted,
        (None, None) if outcome.is_some() => AcpAnswer::Decided,
        (None, None) => AcpAnswer::Other,
    })
}

fn failure(error: Field<'_>) -> AcpAnswer {
    let [code, why] = inside(error, ["code", "message"]);
    let code = code.and_then(|code| code.get().parse().ok());
    AcpAnswer::Failed {
        cancelled: code == Some(CANCELLED),
        why: why.and_then(text),
    }
}
