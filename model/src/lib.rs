//! The model of `session-lifecycle`: the shipped code, or a reducer of your own, in a world that misbehaves.
//!
//! [`check`](check()) explores everything that a provider, a channel, a host, a reaper and a user can do within a [`Scope`],
//! with two engines, and concludes [`Verdict::Verified`], [`Verdict::Violated`] or [`Verdict::Inconclusive`].
//! [`check_supervisor`] does the same for the decisions of a host. The model calls the crate's own `apply`, `decide`,
//! `reap` and `repair`, and the supervisor's `handle` and `boot`; it holds no second version of them.
//!
//! ```
//! use session_lifecycle_model::{Scope, check};
//!
//! check(Scope::SMALL).assert_verified();
//! ```
//!
//! A host that keeps its own logic implements [`Reducer`] and calls [`check_reducer`].

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a question about one kind of event has the same answer for every other; what an event does is decided in the crate"
)]

mod agreement;
pub mod audit;
mod check;
pub mod documents;
pub mod engine;
pub mod faults;
mod induction;
pub mod kernel;
mod matrix;
mod narrator;
mod profile;
pub mod properties;
mod reducer;
pub mod replay;
mod report;
mod scope;
mod shipped;
mod subject;
pub mod trace;
pub mod world;

pub use agreement::typed_transition;
pub use check::{Plan, check, check_reducer, check_subject};
pub use induction::{BrokenStep, Induction, induct};
pub use kernel::check_supervisor;
pub use matrix::{dot, mermaid, tables};
pub use profile::{Departures, Profile, TurnIds};
pub use properties::PropertyId;
pub use reducer::{Own, Reducer};
pub use report::{PeerReport, PropertyReport, Report, TraceStep, Verdict};
pub use scope::Scope;
pub use shipped::{Packed, Shipped};
pub use subject::{Consequence, Subject};

/// The Rust blocks of the documents are tests.
#[cfg(doctest)]
mod doctested {
    #[doc = include_str!("../../README.md")]
    mod readme {}
    #[doc = include_str!("../../docs/guide.md")]
    mod guide {}
    #[doc = include_str!("../../docs/supervisor.md")]
    mod supervisor {}
}
