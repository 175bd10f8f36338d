//! The native streams of five providers: every quirk that is known of them, folded event by event.
//!
//! Each fixture is a stream; `<name>.snap` beside it says what each line tells, and what the session shows then.

#![cfg(feature = "native")]

#[cfg_attr(
    not(all(feature = "claude", feature = "codex")),
    allow(dead_code, reason = "each provider uses its part")
)]
mod harness;

#[cfg(feature = "acp")]
mod acp;
#[cfg(all(
    feature = "t3",
    feature = "codex",
    feature = "codex-exec",
    feature = "claude",
    feature = "acp",
    feature = "opencode"
))]
mod any_bytes;
#[cfg(feature = "claude")]
mod claude;
#[cfg(feature = "codex")]
mod codex;
#[cfg(feature = "codex-exec")]
mod codex_exec;
#[cfg(all(
    feature = "codex-exec",
    feature = "claude",
    feature = "acp",
    feature = "opencode"
))]
mod connections;
#[cfg(feature = "opencode")]
mod opencode;
