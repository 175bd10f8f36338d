//! The native streams of five providers: every quirk that is known of them, folded event by event.
//!
//! Each fixture is a stream; `<name>.expected` beside it says what each line tells, and what the session shows then.

#![cfg(all(
    feature = "codex",
    feature = "codex-exec",
    feature = "claude",
    feature = "acp",
    feature = "opencode"
))]

mod harness;

mod acp;
mod any_bytes;
mod claude;
mod codex;
mod codex_exec;
mod opencode;
