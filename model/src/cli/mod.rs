//! The commands: one file each, with its arguments and its `run`.
//!
//! Results go to standard output, progress and diagnostics to standard error. Exit codes: 0 verified, or nothing found;
//! 1 violated, or something found; 2 usage, or input that cannot be read; 3 inconclusive.

mod audit;
mod audit_traces;
mod check;
mod diagram;
mod explore;
mod faults;
mod generate;
mod output;
mod replay;
mod replay_trace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The lifecycle of coding-agent sessions: the shipped logic checked, real event streams folded.
#[derive(Debug, Parser)]
#[command(name = "session-lifecycle", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks every property of the shipped logic, exhaustively within a scope
    Check(check::Args),
    /// Puts published defects back, one by one, and shows what catches each
    Faults(faults::Args),
    /// Folds a stream of events and shows, for each, the session and what the event did to it
    Replay(replay::Args),
    /// Folds a kept trace with the library, the model and the tests' oracle, and says where they agree
    ReplayTrace(replay_trace::Args),
    /// Reads real logs and databases, and reports every violation with its place
    Audit(audit::Args),
    /// Opens stateright's Explorer on the model, in a browser
    Explore(explore::Args),
    /// Prints the transition graph, from the code
    Diagram(diagram::Args),
    /// Writes a log with planted violations to try `audit` on, and says where they are
    Generate(generate::Args),
}

pub(crate) fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Check(args) => check::run(&args),
        Command::Faults(args) => faults::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::ReplayTrace(args) => replay_trace::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Explore(args) => explore::run(&args),
        Command::Diagram(args) => diagram::run(&args),
        Command::Generate(args) => generate::run(&args),
    }
}
