//! `replay-trace`: what each voice makes of a kept trace.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use session_lifecycle::{Fault, FaultLayer};
use session_lifecycle_model::audit;
use session_lifecycle_model::replay::printable;
use session_lifecycle_model::trace::{Trace, as_test, replay_with};

use crate::cli::output::{self, Format, UNREADABLE};

#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Three voices fold the trace, each for itself: the library (as a host calls it), the model's subject (the
shipped logic as `check` sees it; it knows three turns), and the naive second version of the rules that the property tests
compare with. Of what they remember everything is compared.

Exit codes:
  0  they agree on every step
  1  they disagree: the first such step says who, and what each says
  2  the trace cannot be read"
)]
pub(crate) struct Args {
    /// A trace that `check` or `audit --save-trace` kept, or a log of events, plain or compressed (gzip, zstd); `-` is standard input
    file: PathBuf,

    /// Which thread of a log
    #[arg(long, value_name = "ID")]
    thread: Option<String>,

    /// Print a Rust test that folds the trace with the crate, instead
    #[arg(long, conflicts_with = "format")]
    as_test: bool,

    /// Put this published defect back into the library first, as in `S1-01`, to see where the other voices notice it
    #[arg(long, value_name = "ID", value_parser = output::fault, conflicts_with = "as_test")]
    fault: Option<Fault>,

    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Ends with 0 if the library, the model and the oracle agree, 1 if they do not, 2 if the trace cannot be read.
pub(crate) fn run(args: &Args) -> ExitCode {
    let elsewhere = |fault: &Fault| fault.layer() != FaultLayer::Projection;
    if let Some(fault) = args.fault.filter(elsewhere) {
        let id = fault.id();
        return output::wrong_usage(&format!(
            "{id} is no defect of the projection; a trace is folded by the projection"
        ));
    }
    let name = output::name_of(&args.file);
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
        let replayed = replay_with(&trace, args.fault)?;
        let text = match args.format {
            Format::Text => replayed.to_string(),
            Format::Json => output::json(&replayed),
        };
        Ok((text, replayed.exit_code()))
    });
    match answer {
        Ok((text, code)) => output::answer(&text, code),
        Err(why) => {
            let why = printable(&why.to_string());
            eprintln!("session-lifecycle: {name} is no trace: {why}");
            UNREADABLE.into()
        }
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = Vec::new();
    audit::open(path)?.read_to_end(&mut file)?;
    Ok(file)
}
