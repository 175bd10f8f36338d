//! `generate`: a log with planted violations, for tests and measurements.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use session_lifecycle_model::audit::generate::{Recipe, generate, generate_busy};

use crate::cli::output::{self, UNREADABLE};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write the log
    file: PathBuf,

    /// About how many bytes to write
    #[arg(long, default_value_t = 5 << 20)]
    bytes: u64,

    /// How many violations to plant
    #[arg(long, default_value_t = 20)]
    violations: usize,

    /// Write long turns of long lines, one in twenty of which counts for an audit
    #[arg(long)]
    busy: bool,

    /// What the log is made from: the same seed gives the same log
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// As much is written at a time, in bytes: the page cache keeps it in large pages, which are read faster.
const BUFFER: usize = 1 << 20;

/// Prints what was planted, as a JSON array.
pub(crate) fn run(args: &Args) -> ExitCode {
    let recipe = Recipe {
        seed: args.seed,
        bytes: args.bytes,
        violations: args.violations,
    };
    let written = File::create(&args.file)
        .map(|output| BufWriter::with_capacity(BUFFER, output))
        .and_then(|mut out| {
            if args.busy {
                generate_busy(&mut out, recipe)
            } else {
                generate(&mut out, recipe)
            }
        });
    match written {
        Ok(planted) => output::answer(&output::json(&planted), 0),
        Err(why) => {
            let name = output::name_of(&args.file);
            eprintln!("session-lifecycle: cannot write {name}: {why}");
            UNREADABLE.into()
        }
    }
}
