//! Names that a supervisor passes on and never looks into.

use alloc::sync::Arc;
use core::borrow::Borrow;
use core::fmt;

macro_rules! opaque {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<alloc::string::String> for $name {
            fn from(text: alloc::string::String) -> Self {
                Self(text.into())
            }
        }

        /// A map that is keyed by ids is looked up with a text.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
    )+};
}

opaque! {
    /// A message of the user, named by the host.
    MessageId;
    /// A request of the provider for an approval or an answer.
    RequestId;
    /// Background work of the provider.
    TaskId;
    /// All that a provider is to work with: a model, a mode, an effort. A later one replaces an earlier one whole.
    ConfigId;
    /// Where a provider can resume a conversation. Only the provider can read it.
    Cursor;
}

/// Which start of the provider something belongs to. Grows by one with each start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u32);

impl Epoch {
    pub(crate) fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}
