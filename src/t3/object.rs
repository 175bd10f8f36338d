//! The fields of a JSON object that the rules ask for, and nothing else of it.

use core::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::stream::{Field, from_bytes};

/// An event, or a payload: the fields that either may have.
///
/// What is not asked for is skipped without being built: a log is mostly deltas. Skipping is also the more tolerant
/// way: half of a surrogate pair (T3 cuts long strings by UTF-16 units), a number beyond all range or a deep nest in
/// a field that nobody reads does no harm. A key that comes twice counts as `JSON.parse` counts it: the last wins.
#[derive(Default)]
pub(super) struct Object<'a> {
    pub(super) kind: Field<'a>,
    pub(super) thread_id: Field<'a>,
    pub(super) created_at: Field<'a>,
    pub(super) turn_id: Field<'a>,
    pub(super) payload: Field<'a>,
    pub(super) state: Field<'a>,
    pub(super) status: Field<'a>,
    pub(super) reason: Field<'a>,
    pub(super) message: Field<'a>,
    pub(super) error_message: Field<'a>,
    pub(super) aggregate_kind: Field<'a>,
    pub(super) aggregate_id: Field<'a>,
}

impl<'a> Object<'a> {
    fn slot(&mut self, key: Key) -> Option<&mut Field<'a>> {
        match key {
            Key::Type => Some(&mut self.kind),
            Key::ThreadId => Some(&mut self.thread_id),
            Key::CreatedAt => Some(&mut self.created_at),
            Key::TurnId => Some(&mut self.turn_id),
            Key::Payload => Some(&mut self.payload),
            Key::State => Some(&mut self.state),
            Key::Status => Some(&mut self.status),
            Key::Reason => Some(&mut self.reason),
            Key::Message => Some(&mut self.message),
            Key::ErrorMessage => Some(&mut self.error_message),
            Key::AggregateKind => Some(&mut self.aggregate_kind),
            Key::AggregateId => Some(&mut self.aggregate_id),
            Key::Other => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut object = Object::default();
                while let Some(key) = map.next_key::<Key>()? {
                    match object.slot(key) {
                        Some(slot) => {
                            let value: &RawValue = map.next_value()?;
                            *slot = Some(value).filter(|value| value.get() != "null");
                        }
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(object)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

#[derive(Clone, Copy)]
enum Key {
    Type,
    ThreadId,
    CreatedAt,
    TurnId,
    Payload,
    State,
    Status,
    Reason,
    Message,
    ErrorMessage,
    AggregateKind,
    AggregateId,
    Other,
}

impl From<&[u8]> for Key {
    fn from(key: &[u8]) -> Self {
        match key {
            b"type" => Self::Type,
            b"threadId" => Self::ThreadId,
            b"createdAt" => Self::CreatedAt,
            b"turnId" => Self::TurnId,
            b"payload" => Self::Payload,
            b"state" => Self::State,
            b"status" => Self::Status,
            b"reason" => Self::Reason,
            b"message" => Self::Message,
            b"errorMessage" => Self::ErrorMessage,
            b"aggregateKind" => Self::AggregateKind,
            b"aggregateId" => Self::AggregateId,
            _ => Self::Other,
        }
    }
}

from_bytes!(Key);
