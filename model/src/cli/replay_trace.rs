//! `replay-trace`: what each voice makes of a kept trace.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use session_lifecycle_model::trace::{Trace, as_test, replay};

use crate::cli::output::{self, Format, UNREADABLE};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A trace that `check` or `audit --save-trace` kept, or a log of events; `-` is standard input
    file: PathBuf,

    /// Which thread of a log
    #[arg(long, value_name = "ID")]
    thread: Option<String>,

    /// Print a Rust test that folds the trace with the crate, instead
    #[arg(long, conflicts_with = "format")]
    as_test: bool,

    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Ends with 0 if the library and the model agree, 1 if they do not, 2 if the trace cannot be read.
pub(crate) fn run(args: &Args) -> ExitCode {
    let name = args.file.display();
    let file = match read(&args.file) {
        Ok(file) => file,
        Err(why) => {
            eprintln!("session-lifecycle: cannot read {name}: {why}");
            return UNREADABLE.into();
        }
    };
    let answer = Trace::read(&file, args.thread.as_deref()).and_then(|trace| {
        if args.as_test {
            return as_test(&trace).map(|test| (test, 0));
        }
        let replayed = replay(&trace)?;
        let text = match args.format {
            Format::Text => replayed.to_string(),
            Format::Json => output::json(&replayed),
        };
        Ok((text, replayed.exit_code()))
    });
    match answer {
        Ok((text, code)) => output::answer(&text, code),
        Err(why) => {
            eprintln!("session-lifecycle: {name} is no trace: {why}");
            UNREADABLE.into()
        }
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path != Path::new("-") {
        return fs::read(path);
    }
    let mut file = Vec::new();
    io::stdin().lock().read_to_end(&mut file)?;
    Ok(file)
}
