//! `replay`: what a stream of events makes of its sessions.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::output::{self, UNREADABLE};
use clap::ValueEnum;
use session_lifecycle::providers::{
    AcpReader, ClaudeReader, CodexExecReader, CodexReader, OpenCodeReader,
};
use session_lifecycle::stream::{ProviderReader, StreamEnd};
use session_lifecycle::t3::T3Reader;
use session_lifecycle_model::audit;
use session_lifecycle_model::replay::{Counts, Failed, Format, Replay, Source, replay_from};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes:
  0  every line was read
  2  a line could not be read (each is named on standard error, and the rest is read all the same), or the file could not")]
pub(crate) struct Args {
    /// The file to read, plain or compressed (gzip, zstd); standard input if it is `-` or left out
    file: Option<PathBuf>,

    /// The form of the events
    #[arg(long, value_enum, default_value_t = From::T3)]
    from: From,

    /// The end of the input is the end of the provider: fold what follows from it, too
    #[arg(long)]
    ended: bool,

    /// The form of the answer: columns for people, or one JSON object a line
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum From {
    /// T3 Code's runtime events: bare JSON lines, or its provider logs
    T3,
    /// The messages of a Codex app-server
    Codex,
    /// The lines of `codex exec --json`; threads without a name are called `main`
    CodexExec,
    /// Claude's `--output-format stream-json`, or the messages of its Agent SDK
    Claude,
    /// The wire log of an Agent Client Protocol client, both directions
    Acp,
    /// The events of an OpenCode server
    #[value(name = "opencode")]
    OpenCode,
}

impl From {
    fn reader(self) -> Box<dyn ProviderReader> {
        match self {
            Self::T3 => Box::new(T3Reader),
            Self::Codex => Box::new(CodexReader::default()),
            Self::CodexExec => Box::new(CodexExecReader::default()),
            Self::Claude => Box::new(ClaudeReader::default()),
            Self::Acp => Box::new(AcpReader::default()),
            Self::OpenCode => Box::new(OpenCodeReader::default()),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Ndjson,
}

/// Ends with 0, or with 2 if any line was bad or the input cannot be read.
pub(crate) fn run(args: &Args) -> ExitCode {
    let file = args.file.as_deref().filter(|file| *file != Path::new("-"));
    if file.is_none() && io::stdin().is_terminal() {
        eprintln!("session-lifecycle: reads events from this terminal, until Ctrl-D");
    }
    let mut input = match audit::open(file.unwrap_or(Path::new("-"))) {
        Ok(input) => input,
        Err(why) => return unreadable(&name(file), &why),
    };
    let stdout = io::stdout();
    let options = Replay {
        name: name(file),
        format: match args.format {
            FormatArg::Text => Format::Text,
            FormatArg::Ndjson => Format::Ndjson,
        },
        color: stdout.is_terminal() && output::may_color(),
    };
    let mut output = BufWriter::new(stdout.lock());
    let mut diagnostics = io::stderr().lock();
    let mut reader = args.from.reader();
    let source = Source {
        reader: &mut *reader,
        end: args.ended.then_some(StreamEnd::Closed),
    };
    match replay_from(source, &mut input, &mut output, &mut diagnostics, &options) {
        Ok(counts) => {
            // Standard error may be gone; there is nobody left to tell.
            let _ = writeln!(diagnostics, "{counts}");
            if counts.events == 0 && counts.invalid > 0 {
                let _ = writeln!(diagnostics, "{}", another_form(args.from));
            }
            code(counts)
        }
        Err(Failed::Read(why)) => unreadable(&options.name, &why),
        // Whoever was reading has seen enough.
        Err(Failed::Write(why, counts)) if why.kind() == io::ErrorKind::BrokenPipe => code(counts),
        Err(Failed::Write(why, _)) => {
            eprintln!("session-lifecycle: cannot write the answer: {why}");
            UNREADABLE.into()
        }
    }
}

/// Where no line was an event, it is most likely the log of somebody else.
fn another_form(from: From) -> String {
    let name = |form: &From| {
        form.to_possible_value()
            .map(|value| value.get_name().to_owned())
    };
    let names: Vec<String> = From::value_variants().iter().filter_map(name).collect();
    let (read, all) = (name(&from).unwrap_or_default(), names.join(", "));
    format!("no line is an event as --from {read} reads them; --from takes {all}")
}

fn code(counts: Counts) -> ExitCode {
    if counts.invalid == 0 {
        ExitCode::SUCCESS
    } else {
        UNREADABLE.into()
    }
}

fn name(file: Option<&Path>) -> String {
    file.map_or_else(|| "<stdin>".to_owned(), output::name_of)
}

fn unreadable(name: &str, why: &io::Error) -> ExitCode {
    eprintln!("session-lifecycle: cannot read {name}: {why}");
    UNREADABLE.into()
}
