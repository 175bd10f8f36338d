//! `audit`: real logs and databases, and every violation in them.

use std::error::Error;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use session_lifecycle_model::audit::{Audit, Audited};
use session_lifecycle_model::replay::printable;

use super::audit_traces::save_traces;
use crate::cli::output::{self, Format, UNREADABLE};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes:
  0  nothing was found; hints alone count as nothing
  1  something was found
  2  a file or a line could not be read, or a row of a database not judged (each is named on standard error, the rest is read
     all the same). This outranks 1: nobody knows what else that part holds. The answer holds what was found so far in either case
  3  there was nothing to judge, not a line and not a row: that proves nothing")]
pub(crate) struct Args {
    /// Files and folders of T3 Code: event logs (plain, gzip, zstd), bare NDJSON, databases; `-` is standard input
    ///
    /// Of a folder everything is read that is named like a log of events (`*.log`, `*.log.N`, `*.ndjson`, `*.jsonl`, and
    /// these with `.gz`, `.zst` or `.zstd`) or a database (`*.sqlite`, `*.sqlite3`, `*.db`) and looks like one. Rotated
    /// files are read from the oldest on.
    #[arg(required_unless_present = "records", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// List the logs that would be read, in their order, for something else to read them (docs/scale.md)
    #[arg(long, conflicts_with_all = ["merge", "records"])]
    files: bool,

    /// Read rows and lines that something else has read, with their places, from standard input (docs/scale.md)
    #[arg(long, conflicts_with_all = ["merge", "paths"])]
    records: bool,

    /// Audit the databases alone, and write the rows that logs are held against to this file, for `--records` (docs/scale.md)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "merge", "records", "save_trace"])]
    rows: Option<PathBuf>,

    /// Put the answers of several audits together: each PATH is one, as `--format json` gives it
    #[arg(long)]
    merge: bool,

    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Print the writes that would mend the databases, as SQL; nothing is executed
    #[arg(long)]
    repair_plan: bool,

    /// Keep the events behind each finding in a log (or hint, if there are only hints), for `replay-trace`
    ///
    /// With a folder as PATH (one that is there, or a name that ends in `/`), a file for each finding, called by its number in
    /// the answer; with any other PATH, the first finding alone. The answer names the file of each. Lines that a finding does not
    /// need are left out. What was found in a row of a database has no events, and no trace.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["files", "merge", "records"])]
    save_trace: Option<PathBuf>,

    /// Let no line pass that is not sound, be it of a kind that is passed over
    ///
    /// Without it, a line is named as bad only if it is read in full. Of a line that begins like a record, ends in `}}`, and
    /// holds neither a `"type"` that can change what is found nor an escape that might spell one (a delta, say), nothing else is
    /// looked at; and of one whose label is not CANON (NTIVE, and ORCH but for the sessions and requests of the host) the label
    /// is enough. What is broken within such a line, and whether a NTIVE or ORCH line is cut off, is not seen. The summary says
    /// how many lines were only skimmed in this way (`skimmed` in the JSON).
    #[arg(long)]
    strict: bool,

    /// How many threads look at a log; by default as many as there are processors, and four at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=16))]
    threads: Option<u8>,

    /// From how many minutes on stored work of a database counts as old
    #[arg(long, value_name = "MINUTES", default_value_t = 30)]
    older_than: u32,

    /// The time from which ages count, as in `2026-05-28T10:00:00Z`; by default the newest that stands in the database
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<String>,
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, |number| number.get().min(4))
}

fn time(text: &str) -> Result<String, String> {
    session_lifecycle_model::audit::is_time(text)
        .then(|| text.to_owned())
        .ok_or_else(|| "not a time like 2026-05-28T10:00:00Z".to_owned())
}

fn list(audit: &Audit) -> ExitCode {
    match audit.files(&mut io::stderr().lock()) {
        Ok((files, true)) => output::answer(&files, 0),
        Ok((files, false)) => output::answer(&files, UNREADABLE),
        Err(why) => output::wrong_usage(&why.to_string()),
    }
}

fn answer_of(audit: &Audit, args: &Args) -> Result<Audited, Box<dyn Error>> {
    let diagnostics = &mut io::stderr().lock();
    if args.records {
        return Ok(audit.run_records(&mut io::stdin().lock(), diagnostics)?);
    }
    if let Some(path) = &args.rows {
        let cannot = |why: io::Error| format!("cannot write {}: {why}", output::name_of(path));
        let mut rows = BufWriter::new(fs::File::create(path).map_err(cannot)?);
        return Ok(audit.run_rows(&mut rows, diagnostics).map_err(cannot)?);
    }
    if args.merge {
        let read = |path: &PathBuf| {
            let name = path.display().to_string();
            let part = read_part(path)
                .map_err(|why| format!("cannot read {}: {why}", output::name_of(path)))?;
            Ok((name, part))
        };
        let parts: Result<Vec<(String, Vec<u8>)>, String> = args.paths.iter().map(read).collect();
        let parts = parts?;
        let named = parts.iter().map(|(name, part)| (name, part.as_slice()));
        return Ok(Audited::merge(named)?);
    }
    Ok(audit.run(diagnostics))
}

/// An answer of an audit, from a file or from standard input.
fn read_part(path: &Path) -> io::Result<Vec<u8>> {
    if path != Path::new("-") {
        return fs::read(path);
    }
    let mut part = Vec::new();
    io::stdin().lock().read_to_end(&mut part)?;
    Ok(part)
}

/// Ends with 0 nothing found, 1 something found, 2 something not read.
pub(crate) fn run(args: &Args) -> ExitCode {
    session_lifecycle_model::audit::end_with_sentence(UNREADABLE);
    let audit = Audit {
        paths: args.paths.clone(),
        strict: args.strict,
        in_full: false,
        threads: args.threads.map_or_else(processors, usize::from),
        mapped: true,
        at: args.at.clone(),
        old_minutes: args.older_than,
    };
    if args.files {
        return list(&audit);
    }
    let mut audited = match answer_of(&audit, args) {
        Ok(audited) => audited,
        Err(why) => {
            eprintln!("session-lifecycle: {}", printable(&why.to_string()));
            return UNREADABLE.into();
        }
    };
    let mut code = audited.exit_code();
    let totals = audited.totals;
    if totals.invalid > 0 && totals.invalid == totals.lines {
        eprintln!(
            "no line is one of T3 Code's; the streams of the providers themselves are for `replay --from`"
        );
    }
    if let Some(path) = &args.save_trace
        && let Err(why) = save_traces(&audit, &mut audited, path)
    {
        eprintln!(
            "session-lifecycle: cannot write {}: {why}",
            output::name_of(path)
        );
        code = UNREADABLE;
    }
    let color = io::stdout().is_terminal() && output::may_color();
    let text = match args.format {
        Format::Text if args.repair_plan => audited.to_plan(),
        Format::Text => audited.to_text(color),
        Format::Json => output::text_of(audited.to_json(args.repair_plan)),
    };
    if args.repair_plan && args.format == Format::Text {
        eprintln!("{audited}");
    }
    output::answer(&text, code)
}
