//! serde: a session is written as its record, and read back through the record's one door.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    AnySession, Inference, Message, SessionRecord, Settlement, Status, TurnId, TurnOutcome,
    TurnResult,
};

/// The document: camelCase names, everything but the status optional, and nothing that it does not know.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "a session")]
struct Document {
    status: Status,
    #[serde(default)]
    active_turn: Option<TurnId>,
    #[serde(default)]
    last_error: Option<Message>,
    #[serde(default)]
    closed: Option<bool>,
    #[serde(default)]
    latest_turn: Option<TurnId>,
    #[serde(default)]
    turns: Vec<SettledTurn>,
}

#[derive(Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "a settled turn"
)]
struct SettledTurn {
    turn: TurnId,
    outcome: TurnOutcome,
    reported: bool,
}

impl TryFrom<SettledTurn> for (TurnId, Settlement) {
    type Error = String;

    fn try_from(settled: SettledTurn) -> Result<Self, String> {
        let how = match (settled.outcome, settled.reported) {
            (TurnOutcome::Completed, true) => Settlement::Reported(TurnResult::Completed),
            (TurnOutcome::Failed, true) => Settlement::Reported(TurnResult::Failed),
            (TurnOutcome::Interrupted, true) => Settlement::Reported(TurnResult::Interrupted),
            (TurnOutcome::Failed, false) => Settlement::Inferred(Inference::Failed),
            (TurnOutcome::Interrupted, false) => Settlement::Inferred(Inference::Interrupted),
            (TurnOutcome::Unreported, false) => Settlement::Inferred(Inference::Unreported),
            (TurnOutcome::Completed, false) => {
                return Err(alloc::format!(
                    "S8: turn {} cannot be inferred to be completed",
                    settled.turn
                ));
            }
            (TurnOutcome::Unreported, true) => {
                return Err(alloc::format!(
                    "S8: turn {} cannot be reported as unreported",
                    settled.turn
                ));
            }
        };
        Ok((settled.turn, how))
    }
}

impl Serialize for SessionRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let turns = self.turns.iter().map(|(turn, how)| SettledTurn {
            turn: turn.clone(),
            outcome: how.outcome(),
            reported: how.is_reported(),
        });
        let document = Document {
            status: self.status,
            active_turn: self.active_turn.clone(),
            last_error: self.last_error.clone(),
            closed: Some(self.closed),
            latest_turn: self.latest_turn.clone(),
            turns: turns.collect(),
        };
        document.serialize(serializer)
    }
}

/// Reads any record, a broken one too, as long as it is one: give it to [`repair`](crate::repair()).
///
/// What a document leaves out is filled in as [`SessionRecord::from_row`] does.
impl<'de> Deserialize<'de> for SessionRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::deserialize(deserializer)?;
        let mut record = Self::from_row(document.status, document.active_turn, document.last_error);
        record.closed = document.closed.unwrap_or(record.closed);
        record.latest_turn = document.latest_turn.or(record.latest_turn);
        for settled in document.turns {
            record
                .turns
                .push(settled.try_into().map_err(de::Error::custom)?);
        }
        Ok(record)
    }
}

impl Serialize for AnySession {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SessionRecord::from(self).serialize(serializer)
    }
}

/// Gives a valid session, or an error that names the broken rules.
impl<'de> Deserialize<'de> for AnySession {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(SessionRecord::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Serialize for TurnId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for TurnId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        if id.is_empty() {
            Err(de::Error::custom("a turn id cannot be empty"))
        } else {
            Ok(id.into())
        }
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl Serialize for TurnOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for TurnOutcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        [
            Self::Completed,
            Self::Failed,
            Self::Interrupted,
            Self::Unreported,
        ]
        .into_iter()
        .find(|outcome| outcome.to_string() == word)
        .ok_or_else(|| {
            de::Error::unknown_variant(&word, &["completed", "failed", "interrupted", "unreported"])
        })
    }
}

macro_rules! as_text {
    ($($id:ty),+) => {$(
        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    )+};
}

as_text!(
    crate::supervisor::MessageId,
    crate::supervisor::RequestId,
    crate::supervisor::TaskId,
    crate::supervisor::ConfigId,
    crate::supervisor::Cursor
);
