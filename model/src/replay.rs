//! Folds a stream of events, and shows each step.

pub(crate) mod lines;
mod report;

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, BufRead, Write};

use session_lifecycle::stream::{
    BadLine, Projection, ProviderReader, Reading, RuntimeEvent, StreamEnd,
};
use session_lifecycle::t3::T3Reader;

use lines::{Lines, Next};
pub use report::printable;
use report::{ReplayedLine, StepWriter};

/// The form in which the steps are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns, for people: line, thread, event, status, turn, and the outcome as a sentence.
    Text,
    /// One JSON object a line, for machines.
    Ndjson,
}

/// How to replay.
#[derive(Clone, Debug)]
pub struct Replay {
    /// What diagnostics call the input.
    pub name: String,
    /// The form of the answer.
    pub format: Format,
    /// Whether text may be coloured.
    pub color: bool,
}

/// What a replay met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines, blank ones too.
    pub lines: u64,
    /// Events that were folded: the sum of the four outcomes.
    pub events: u64,
    /// Threads that were named, be it by a bad line.
    pub threads: u64,
    /// Events that took effect.
    pub applied: u64,
    /// Events that came again, or too late.
    pub ignored: u64,
    /// Events that contradict another source.
    pub rejected: u64,
    /// Events without a say in the lifecycle.
    pub untouched: u64,
    /// Lines that could not be read.
    pub invalid: u64,
    /// Records that are none of the projection's business.
    pub passed_over: u64,
}

/// A replay that did not reach the end.
#[derive(Debug)]
pub enum Failed {
    /// The input cannot be read.
    Read(io::Error),
    /// The answer cannot be written; what was met until then.
    Write(io::Error, Counts),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(why) => write!(f, "cannot read the events: {why}"),
            Self::Write(why, _) => write!(f, "cannot write the answer: {why}"),
        }
    }
}

impl std::error::Error for Failed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(why) | Self::Write(why, _) => Some(why),
        }
    }
}

/// Folds every event of a stream of T3 Code: [`replay_from`] with its reader.
///
/// # Errors
///
/// As [`replay_from`].
///
/// ```
/// use session_lifecycle_model::replay::{Format, Replay, replay};
///
/// let mut events = &br#"{"type":"turn.started","threadId":"th-1","turnId":"t1"}"#[..];
/// let options = Replay { name: "a.log".into(), format: Format::Ndjson, color: false };
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let counts = replay(&mut events, &mut out, &mut err, &options)?;
/// assert_eq!(counts.applied, 1);
/// assert_eq!(
///     String::from_utf8_lossy(&out),
///     "{\"line\":1,\"threadId\":\"th-1\",\"status\":\"running\",\"activeTurnId\":\"t1\",\"lastError\":null,\
///      \"updatedAt\":null,\"outcome\":\"applied\"}\n"
/// );
/// # Ok::<(), session_lifecycle_model::replay::Failed>(())
/// ```
pub fn replay(
    input: &mut impl BufRead,
    output: &mut impl Write,
    diagnostics: &mut impl Write,
    options: &Replay,
) -> Result<Counts, Failed> {
    let source = Source {
        reader: &mut T3Reader,
        end: None,
    };
    replay_from(source, input, output, diagnostics, options)
}

/// Whose stream it is.
pub struct Source<'a> {
    /// Its reader.
    pub reader: &'a mut dyn ProviderReader,
    /// How the provider ended, if the end of the input is the provider's own.
    pub end: Option<StreamEnd<'a>>,
}

/// Folds every event of `input`, each into the session of its thread, and writes one line for each to `output`.
///
/// A line that tells of several facts shows several times. A bad line is shown too, with the session as it was; it is
/// named in `diagnostics` by its place and its value; and the rest is folded all the same. Blank lines and records
/// passed over show nothing. A line counts as bad beyond 64 MiB, so that no input can ask for more memory than that (T3
/// Code's own records end at 4 MiB). What follows from the end of the provider is shown at the last line.
///
/// # Errors
///
/// The input cannot be read, or the output cannot be written. A `diagnostics` that cannot be written is no error.
///
/// ```
/// use session_lifecycle::providers::CodexExecReader;
/// use session_lifecycle::stream::StreamEnd;
/// use session_lifecycle_model::replay::{Format, Replay, Source, replay_from};
///
/// let mut events = &br#"{"type":"turn.started"}"#[..];
/// let options = Replay { name: "a.log".into(), format: Format::Ndjson, color: false };
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let source = Source { reader: &mut CodexExecReader::default(), end: Some(StreamEnd::Closed) };
/// let counts = replay_from(source, &mut events, &mut out, &mut err, &options)?;
/// assert_eq!((counts.lines, counts.events), (1, 2));
/// assert!(out.ends_with(b"\"status\":\"stopped\",\"activeTurnId\":null,\"lastError\":null,\
///     \"updatedAt\":null,\"outcome\":\"applied\"}\n"));
/// # Ok::<(), session_lifecycle_model::replay::Failed>(())
/// ```
pub fn replay_from(
    source: Source<'_>,
    input: &mut impl BufRead,
    output: &mut impl Write,
    diagnostics: &mut impl Write,
    options: &Replay,
) -> Result<Counts, Failed> {
    let mut fold = Fold {
        counts: Counts::default(),
        projection: Projection::new(),
        strangers: BTreeSet::new(),
        report: StepWriter::new(output, options),
    };
    let mut lines = Lines::of(input);
    let mut line = Vec::new();
    fold.report
        .begin()
        .map_err(|why| Failed::Write(why, fold.counts))?;
    loop {
        let read = match lines.next(&mut line, || fold.report.flush()) {
            Ok(Next::End) => break,
            Ok(Next::Line) => source.reader.read(&line),
            Ok(Next::TooLong) => Err(BadLine::too_long(lines::LIMIT)),
            Err(Failed::Read(why)) => return Err(Failed::Read(why)),
            Err(Failed::Write(why, _)) => return Err(Failed::Write(why, fold.counts)),
        };
        fold.counts.lines += 1;
        let shown = match read {
            Ok(Reading::Blank) => Ok(()),
            Ok(Reading::PassedOver(_)) => {
                fold.counts.passed_over += 1;
                Ok(())
            }
            Ok(Reading::Events(events)) => fold.events(&events),
            Err(bad) => {
                // Diagnostics are for whoever watches; the answer does not depend on them.
                let what = printable(&format!("{}:{}: {bad}", options.name, fold.counts.lines));
                let _ = writeln!(diagnostics, "{what}");
                fold.bad(&bad)
            }
        };
        shown.map_err(|why| Failed::Write(why, fold.counts))?;
    }
    let ended = source.end.map(|end| source.reader.end(end));
    fold.events(&ended.unwrap_or_default())
        .and_then(|()| fold.report.flush())
        .map_err(|why| Failed::Write(why, fold.counts))?;
    Ok(fold.end())
}

/// A replay under way.
struct Fold<'a, W> {
    counts: Counts,
    projection: Projection,
    /// Threads that only bad lines have named so far.
    strangers: BTreeSet<String>,
    report: StepWriter<'a, W>,
}

impl<W: Write> Fold<'_, W> {
    fn events(&mut self, events: &[RuntimeEvent]) -> io::Result<()> {
        for event in events {
            let folded = self.projection.fold(event);
            self.counts.count(folded.word());
            self.report
                .show(self.counts.lines, &ReplayedLine::Folded(event, &folded))?;
        }
        Ok(())
    }

    fn bad(&mut self, bad: &BadLine) -> io::Result<()> {
        self.counts.invalid += 1;
        let session = bad.thread_id.as_deref().map(|thread_id| {
            if self.projection.lifecycle(thread_id).is_none() {
                self.strangers.insert(thread_id.to_owned());
            }
            self.projection.session(thread_id)
        });
        self.report
            .show(self.counts.lines, &ReplayedLine::Bad(bad, session.as_ref()))
    }

    fn end(mut self) -> Counts {
        let projection = &self.projection;
        self.strangers
            .retain(|thread_id| projection.lifecycle(thread_id).is_none());
        self.counts.threads = (projection.len() + self.strangers.len()) as u64;
        self.counts
    }
}

impl Counts {
    fn count(&mut self, word: &str) {
        self.events += 1;
        match word {
            "applied" => self.applied += 1,
            "ignored" => self.ignored += 1,
            "rejected" => self.rejected += 1,
            _ => self.untouched += 1,
        }
    }
}

impl fmt::Display for Counts {
    /// One line for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lines, events, threads) = (
            some(self.lines, "line"),
            some(self.events, "event"),
            some(self.threads, "thread"),
        );
        write!(
            f,
            "{lines}, {events}, {threads}: {} applied, {} ignored, {} rejected, {} untouched, {} invalid; {} passed over",
            self.applied,
            self.ignored,
            self.rejected,
            self.untouched,
            self.invalid,
            self.passed_over
        )
    }
}

/// `1 line`, `2 lines`.
pub(crate) fn some(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
