//! The same messages through the protocol's official types.
//!
//! Agents in the field send what the strict types refuse, so the tolerant reader decides. This one exists to show that
//! on well-formed messages the two agree.

use alloc::string::{String, ToString};
use core::fmt;

use agent_client_protocol_schema::v1::{
    CancelNotification, CreateTerminalRequest, Error, InitializeRequest, LoadSessionRequest,
    NewSessionRequest, NewSessionResponse, PromptRequest, PromptResponse, ReadTextFileRequest,
    RequestId, RequestPermissionRequest, RequestPermissionResponse, ResumeSessionRequest,
    SessionNotification, SessionUpdate, SetSessionModeRequest, StopReason, WriteTextFileRequest,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::message::{AcpAnswer, AcpMessage, CANCELLED, JsonRpcId, Stop, Update};

/// A message that the official types refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotOfTheProtocol {
    why: String,
}

impl fmt::Display for NotOfTheProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a message of the protocol, version 1: {}", self.why)
    }
}

impl core::error::Error for NotOfTheProtocol {}

impl From<serde_json::Error> for NotOfTheProtocol {
    fn from(why: serde_json::Error) -> Self {
        Self {
            why: why.to_string(),
        }
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    id: Option<RequestId>,
    method: Option<String>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error: Option<Error>,
}

impl From<RequestId> for JsonRpcId {
    fn from(id: RequestId) -> Self {
        match id {
            RequestId::Str(text) => Self::Text(text),
            RequestId::Number(_) | RequestId::Null => Self::Number(id.to_string()),
        }
    }
}

/// Reads one message of version 1 with the official types.
///
/// # Errors
///
/// The message is none, or it is of a method that has no part in the lifecycle and is not read here.
pub fn read_strictly(message: &str) -> Result<AcpMessage, NotOfTheProtocol> {
    let envelope: Envelope<'_> = serde_json::from_str(message)?;
    let id = envelope.id.map(JsonRpcId::from);
    match (envelope.method.as_deref(), id) {
        (Some(method), Some(id)) => request(method, id, envelope.params),
        (Some("session/update"), None) => {
            let told: SessionNotification = params(envelope.params)?;
            Ok(AcpMessage::Update {
                session: Some(told.session_id.to_string()),
                update: update(&told.update),
            })
        }
        (Some("session/cancel"), None) => {
            let told: CancelNotification = params(envelope.params)?;
            Ok(AcpMessage::Other {
                session: Some(told.session_id.to_string()),
            })
        }
        (Some(method), None) => Err(refused(method)),
        (None, Some(id)) => match envelope.error {
            Some(error) => Ok(AcpMessage::Answer {
                id,
                answer: AcpAnswer::Failed {
                    cancelled: i64::from(i32::from(error.code)) == CANCELLED,
                    why: Some(error.message),
                },
            }),
            None => Ok(AcpMessage::Answer {
                id,
                answer: answer(envelope.result),
            }),
        },
        (None, None) => Err(refused("neither method nor id")),
    }
}

fn request(
    method: &str,
    id: JsonRpcId,
    given: Option<&RawValue>,
) -> Result<AcpMessage, NotOfTheProtocol> {
    let asked = |id, session: String| AcpMessage::Asked {
        id,
        session: Some(session),
    };
    Ok(match method {
        "initialize" => {
            params::<InitializeRequest>(given)?;
            AcpMessage::Other { session: None }
        }
        "session/new" => {
            params::<NewSessionRequest>(given)?;
            AcpMessage::Opening { id, session: None }
        }
        "session/load" => {
            let session = params::<LoadSessionRequest>(given)?.session_id.to_string();
            AcpMessage::Opening {
                id,
                session: Some(session),
            }
        }
        "session/resume" => {
            let session = params::<ResumeSessionRequest>(given)?
                .session_id
                .to_string();
            AcpMessage::Opening {
                id,
                session: Some(session),
            }
        }
        "session/prompt" => {
            let session = params::<PromptRequest>(given)?.session_id.to_string();
            AcpMessage::Prompt {
                id,
                session: Some(session),
            }
        }
        "session/set_mode" => {
            let session = params::<SetSessionModeRequest>(given)?
                .session_id
                .to_string();
            AcpMessage::Other {
                session: Some(session),
            }
        }
        "session/request_permission" => asked(
            id,
            params::<RequestPermissionRequest>(given)?
                .session_id
                .to_string(),
        ),
        "fs/read_text_file" => asked(
            id,
            params::<ReadTextFileRequest>(given)?.session_id.to_string(),
        ),
        "fs/write_text_file" => asked(
            id,
            params::<WriteTextFileRequest>(given)?
                .session_id
                .to_string(),
        ),
        "terminal/create" => asked(
            id,
            params::<CreateTerminalRequest>(given)?
                .session_id
                .to_string(),
        ),
        method => return Err(refused(method)),
    })
}

fn params<T: DeserializeOwned>(given: Option<&RawValue>) -> Result<T, NotOfTheProtocol> {
    Ok(serde_json::from_str(given.map_or("{}", RawValue::get))?)
}

fn refused(what: &str) -> NotOfTheProtocol {
    NotOfTheProtocol { why: what.into() }
}

/// An answer does not say what it answers: its type is the one that it fits.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the protocol's enums are not exhaustive"
)]
fn answer(result: Option<&RawValue>) -> AcpAnswer {
    let result = result.map_or("null", RawValue::get);
    if let Ok(answer) = serde_json::from_str::<PromptResponse>(result) {
        AcpAnswer::Stopped(match answer.stop_reason {
            StopReason::Cancelled => Stop::Cancelled,
            _ => Stop::Ended,
        })
    } else if let Ok(answer) = serde_json::from_str::<NewSessionResponse>(result) {
        AcpAnswer::Session(answer.session_id.to_string())
    } else if serde_json::from_str::<RequestPermissionResponse>(result).is_ok() {
        AcpAnswer::Decided
    } else {
        AcpAnswer::Other
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the protocol's enums are not exhaustive"
)]
fn update(update: &SessionUpdate) -> Update {
    match update {
        SessionUpdate::AvailableCommandsUpdate(_)
        | SessionUpdate::CurrentModeUpdate(_)
        | SessionUpdate::ConfigOptionUpdate(_)
        | SessionUpdate::SessionInfoUpdate(_)
        | SessionUpdate::UsageUpdate(_)
        | SessionUpdate::Notice(_) => Update::Setting,
        _ => Update::Work,
    }
}
