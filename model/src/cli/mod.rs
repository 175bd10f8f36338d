//! The commands: one file each, with its arguments and its `run`.
//!
//! Results go to standard output, progress and diagnostics to standard error. Exit codes: 0 verified, or nothing found;
//! 1 violated, or something found; 2 usage, or input that cannot be read; 3 inconclusive.

mod replay;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The lifecycle of coding-agent sessions: real event streams folded by verified code.
#[derive(Debug, Parser)]
#[command(name = "session-lifecycle", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Folds a stream of events and shows, for each, the session and what the event did to it
    Replay(replay::Args),
}

pub(crate) fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Replay(args) => replay::run(&args),
    }
}
