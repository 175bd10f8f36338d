//! The text of an error, as wide as one pointer.

use alloc::boxed::Box;
use core::fmt;
use core::ops::Deref;

/// The text of an error, for people.
///
/// One word wide, so that a session stays within a cache line; errors are rare, their second indirection is not felt.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Message(Box<Box<str>>);

impl Message {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self(Box::new(text.into()))
    }
}

impl From<alloc::string::String> for Message {
    fn from(text: alloc::string::String) -> Self {
        Self(Box::new(text.into_boxed_str()))
    }
}

impl Deref for Message {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
