//! What the readers of event streams share: events with their thread, bad lines, and the projection that folds them.
//!
//! A reader turns the lines of one stream into [`RuntimeEvent`]s; a [`Projection`] folds these into sessions. The
//! readers are [`t3::T3Reader`](crate::t3::T3Reader) and those of the module `providers`.

#![cfg_attr(
    not(all(
        feature = "t3",
        feature = "codex",
        feature = "codex-exec",
        feature = "claude",
        feature = "acp",
        feature = "opencode"
    )),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "each reader uses its part of what is shared"
    )
)]

mod bad_line;
mod event;
mod frame;
mod json;
#[cfg(feature = "native")]
mod native;
mod projected;
mod projection;
mod reader;

pub use bad_line::{BadLine, Wrong};
pub use event::RuntimeEvent;
pub use frame::PassedOver;
pub use projected::ProjectedSession;
pub use projection::{Folded, Projection};
pub use reader::{ProviderReader, Reading, StreamEnd};

pub(crate) use bad_line::excerpt;
pub(crate) use frame::{Frame, Record, Wanted, frame, frame_bytes};
pub(crate) use json::{Field, from_bytes, inside, is_true, pick, text, turn, word};
#[cfg(feature = "native")]
pub(crate) use native::{
    Mint, Native, Teller, Threads, ended, message, name, names_turns, state, thread, unknown_state,
    when,
};
