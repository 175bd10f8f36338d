//! The lifecycle of a coding-agent session, as types.
//!
//! A host that runs coding agents keeps a *session* for every conversation: a status, and the turn that is being worked
//! on. When a session becomes `ready`, `interrupted`, `stopped` or `error`, its active turn is cleared; `starting` and
//! `running` keep it (S1).
//!
//! ```
//! use session_lifecycle::{AnySession, Event, SessionState, Status, TurnId};
//!
//! let step = AnySession::new().apply(Event::TurnStarted { turn: Some(TurnId::from("t1")) });
//! let ready = Event::SessionStateChanged { state: SessionState::Ready, reason: None };
//! let step = step.session.apply(ready); // not a word about the turn
//!
//! assert_eq!((step.session.status(), step.session.active_turn()), (Status::Ready, None));
//! assert_eq!(step.outcome.to_string(), "running to ready, turn t1 settled as unreported (inferred) (R2)");
//! ```
//!
//! | to | there is |
//! |---|---|
//! | fold what a provider tells | [`AnySession::apply`]: an [`Event`] in, the session and an [`Outcome`] out |
//! | replay what many threads did, again and again | [`Batch`]: the events in, a [`Replay`] out |
//! | write transitions that the compiler checks | [`Session`], with a type for each of the seven states |
//! | read a stored row, or mend a broken one | [`SessionRecord`], [`repair`](repair()) |
//! | stop a provider that nobody uses | [`Reaper`], [`Evidence`], [`ReapPermit`] |
//! | leave a host's decisions to a state machine without input or output | [`supervisor::Supervisor`] |
//! | read an event stream | the modules `t3` (feature `t3`) and `providers` (a feature for each provider) |
//!
//! The rules R1 to R9, the decisions D1 to D16, and the ids of properties (S1, L2) and published defects (S1-01) that
//! these pages name, are explained in the
//! [repository](https://github.com/session-lifecycle/session-lifecycle/tree/main/docs): `lifecycle.md`, `supervisor.md`,
//! `properties.md`, `faults.md`; `guide.md` shows how a host uses all of it.
//!
//! # Features
//!
//! None is on by default: the crate is `no_std` with `alloc`, and has no dependencies.
//!
//! - `serde`: sessions, records and snapshots as documents; an impossible session cannot be read.
//! - `t3`: T3 Code's events in, its projected session out. Implies `serde`.
//! - `codex`, `codex-exec`, `claude`, `acp`, `opencode`: the native streams of these providers in. Each implies `serde`.
//! - `acp-schema`: ACP messages through the protocol's official types as well. Implies `acp`, and needs std.
//! - `faults`: published defects, put back on purpose. For the model only, never for a host.
#![no_std]
#![forbid(unsafe_code)]
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
mod batch;
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
pub use batch::{Batch, Replay, Replayed};
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
