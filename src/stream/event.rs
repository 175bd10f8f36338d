//! An event, with the thread that it is about.

use alloc::string::String;

use crate::Event;

/// An event of a stream, read as far as the rules need.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuntimeEvent {
    /// The thread, as the stream calls it. Never empty.
    pub thread_id: String,
    /// The type, as the line spells it.
    pub event_type: String,
    /// When it was made, where the line says so: as the line spells it, but milliseconds since 1970 as the ISO time that
    /// they are. Nothing in the rules depends on it.
    pub created_at: Option<String>,
    /// The fact.
    pub event: Event,
}
