//! The lifecycle of a coding-agent session, as types.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]
#![warn(clippy::pedantic)]
#![allow(
    clippy::semicolon_if_nothing_returned,
    reason = "arms of one expression read as one line"
)]
#![allow(
    clippy::large_enum_variant,
    reason = "every state carries the same memory"
)]

extern crate alloc;

#[macro_use]
mod put_back;

mod any;
mod apply;
mod event;
#[cfg(feature = "faults")]
mod fault;
mod ledger;
mod memory;
mod message;
mod outcome;
#[cfg(feature = "native")]
pub mod providers;
mod reaper;
mod record;
mod repair;
mod rules;
mod session;
mod state;
mod status;
pub mod supervisor;

#[cfg(feature = "stream")]
pub mod stream;
#[cfg(feature = "t3")]
pub mod t3;
mod turn;
#[cfg(feature = "serde")]
mod wire;

pub use any::AnySession;
pub use event::{Event, SessionState, ThreadState};
#[cfg(feature = "faults")]
pub use fault::{Fault, FaultLayer, repair_with_fault};
pub use ledger::Ledger;
pub use message::Message;
pub use outcome::{Ignored, Outcome, Rejected, Rule, Step, Transition, TurnChange};
pub use reaper::{
    Decision, Evidence, IdleClock, KeepReason, NotReaped, ReapPermit, Reaper, Timestamp,
};
pub use record::{Broken, InvalidRecord, SessionRecord};
pub use repair::{ProviderLife, Repair, RepairCause, Repaired, repair};
pub use session::{NotBegun, Session};
pub use state::{
    Active, Beginning, Errored, Idle, Inactive, Interrupted, Ready, Running, Starting, State,
    Stopped,
};
pub use status::Status;
pub use turn::{Inference, Settlement, TurnId, TurnOutcome, TurnResult};
