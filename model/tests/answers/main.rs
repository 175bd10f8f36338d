//! The answers of the command line: published schemas, exit codes, and traces that are kept and replayed.

mod audit;
mod command;
mod forms;
mod kept_findings;
mod sarif;
mod schema;
mod trace;

/// Written by `replay-trace --as-test`; the tests of `trace` hold it against what is printed today.
mod kept {
    include!("fixtures/kept.rs");
}
