//! `diagram`: the transition graph, from the code.

use std::process::ExitCode;

use clap::ValueEnum;
use session_lifecycle_model::{dot, mermaid};

use crate::cli::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The language of the graph
    #[arg(long, value_enum, default_value_t = Language::Mermaid)]
    format: Language,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    /// For Markdown
    Mermaid,
    /// For Graphviz
    Dot,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let graph = match args.format {
        Language::Mermaid => mermaid(),
        Language::Dot => dot(),
    };
    output::answer(&graph, 0)
}
