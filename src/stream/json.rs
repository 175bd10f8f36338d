//! Parts of a JSON text, as tolerant of the rest of it as can be.

use alloc::string::String;
use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::bad_line::{Wrong, excerpt};
use crate::TurnId;

/// A value as the line spells it; `None` for one that is absent or `null`, which is the same.
pub(crate) type Field<'a> = Option<&'a RawValue>;

/// The text of a JSON string; `None` for a value of another kind. What is not Unicode in it is replaced.
pub(crate) fn text(value: &RawValue) -> Option<String> {
    let quoted = value.get().strip_prefix('"')?;
    // Mostly nothing in it is spelled otherwise than it is: a value is known to be JSON.
    if let Some(text) = quoted.strip_suffix('"').filter(|text| !text.contains('\\')) {
        return Some(text.into());
    }
    serde_json::from_str::<Text>(value.get())
        .ok()
        .map(|Text(text)| text)
}

/// The values of some keys of an object; nothing else of it is built. Of a key that comes twice the last value counts.
pub(crate) fn pick<'a, const N: usize>(
    object: &'a str,
    keys: [&str; N],
) -> serde_json::Result<[Field<'a>; N]> {
    struct Keys<'k, const N: usize>(&'k [&'k str; N]);
    struct Key<'k, const N: usize>(&'k [&'k str; N]);

    impl<'de, const N: usize> Visitor<'de> for Keys<'_, N> {
        type Value = [Field<'de>; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = [None; N];
            while let Some(at) = map.next_key_seed(Key(self.0))? {
                match at.and_then(|at| found.get_mut(at)) {
                    Some(slot) => {
                        let value: &RawValue = map.next_value()?;
                        *slot = Some(value).filter(|value| value.get() != "null");
                    }
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
            }
            Ok(found)
        }
    }

    impl<'de, const N: usize> DeserializeSeed<'de> for Key<'_, N> {
        type Value = Option<usize>;

        fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Self::Value, D::Error> {
            key.deserialize_bytes(self)
        }
    }

    impl<const N: usize> Visitor<'_> for Key<'_, N> {
        type Value = Option<usize>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a key")
        }

        fn visit_bytes<E>(self, key: &[u8]) -> Result<Self::Value, E> {
            Ok(self.0.iter().position(|known| known.as_bytes() == key))
        }
    }

    let mut reader = serde_json::Deserializer::from_str(object);
    let found = reader.deserialize_map(Keys(&keys))?;
    reader.end()?;
    Ok(found)
}

/// [`pick`] from a value that may not be there, or may not be an object: then nothing is found in it.
pub(crate) fn inside<'a, const N: usize>(field: Field<'a>, keys: [&str; N]) -> [Field<'a>; N] {
    field
        .and_then(|value| pick(value.get(), keys).ok())
        .unwrap_or([None; N])
}

/// The text of a field; `None` for one that is empty, or no text.
pub(crate) fn word(field: Field<'_>) -> Option<String> {
    field.and_then(text).filter(|text| !text.is_empty())
}

/// The turn that a message names, if it does.
pub(crate) fn turn(field: Field<'_>) -> Result<Option<TurnId>, Wrong> {
    match (field, word(field)) {
        (_, Some(turn)) => Ok(Some(turn.into())),
        (None, None) => Ok(None),
        (Some(value), None) => Err(Wrong::BadTurnId {
            value: excerpt(value.get()),
        }),
    }
}

/// Whether a field is `true`.
pub(crate) fn is_true(field: Field<'_>) -> bool {
    field.is_some_and(|value| value.get() == "true")
}

struct Text(String);

impl From<&[u8]> for Text {
    fn from(text: &[u8]) -> Self {
        Self(String::from_utf8_lossy(text).into_owned())
    }
}

/// Reads a JSON string as bytes: only so does `serde_json` let half a surrogate pair pass.
macro_rules! from_bytes {
    ($($read:ident),+) => {$(
        impl<'de> Deserialize<'de> for $read {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Bytes;

                impl Visitor<'_> for Bytes {
                    type Value = $read;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<$read, E> {
                        Ok(bytes.into())
                    }
                }

                deserializer.deserialize_bytes(Bytes)
            }
        }
    )+};
}
pub(crate) use from_bytes;
from_bytes!(Text);
