//! One line for each event, for people or for machines.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use session_lifecycle::t3::{BadLine, Folded, ProjectedSession, RuntimeEvent};
use session_lifecycle::{Message, Status, TurnId};

use super::{Format, Replay};

/// A cell wider than this pushes the rest of its own row to the right, not the whole table.
const WIDEST: usize = 36;

/// One event, or one bad line with the session of its thread, where that is known.
pub(super) enum ReplayedLine<'a> {
    Folded(&'a RuntimeEvent, &'a Folded),
    Bad(&'a BadLine, Option<&'a ProjectedSession>),
}

pub(super) struct StepWriter<'a, W> {
    output: &'a mut W,
    format: Format,
    color: bool,
    widths: [usize; 5],
}

/// A step for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReplayedRow<'a> {
    line: u64,
    thread_id: Option<&'a str>,
    status: Option<Status>,
    active_turn_id: Option<&'a TurnId>,
    last_error: Option<&'a Message>,
    updated_at: Option<&'a str>,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a, W: Write> StepWriter<'a, W> {
    pub(super) fn new(output: &'a mut W, options: &Replay) -> Self {
        Self {
            output,
            format: options.format,
            color: options.color,
            widths: [5, 12, 21, 11, 12],
        }
    }

    /// The head of the table.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        match self.format {
            Format::Text => {
                let head = ["line", "thread", "event", "status", "turn"].map(str::to_owned);
                self.columns(head, "", "outcome")
            }
            Format::Ndjson => Ok(()),
        }
    }

    pub(super) fn show(&mut self, line: u64, step: &ReplayedLine<'_>) -> io::Result<()> {
        match self.format {
            Format::Text => self.show_text(line, step),
            Format::Ndjson => self.show_json(line, step),
        }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    fn show_json(&mut self, line: u64, step: &ReplayedLine<'_>) -> io::Result<()> {
        let (session, outcome, reason) = match step {
            ReplayedLine::Folded(_, folded) => {
                (Some(&folded.session), folded.word(), folded.reason())
            }
            ReplayedLine::Bad(bad, session) => (*session, "invalid", Some(bad.code())),
        };
        let row = ReplayedRow {
            line,
            thread_id: session.map(|session| session.thread_id.as_str()),
            status: session.map(|session| session.status),
            active_turn_id: session.and_then(|session| session.active_turn_id.as_ref()),
            last_error: session.and_then(|session| session.last_error.as_ref()),
            updated_at: session.and_then(|session| session.updated_at.as_deref()),
            outcome,
            reason,
        };
        serde_json::to_writer(&mut *self.output, &row)?;
        self.output.write_all(b"\n")
    }

    fn show_text(&mut self, line: u64, step: &ReplayedLine<'_>) -> io::Result<()> {
        let (event, session, color, outcome) = match step {
            ReplayedLine::Folded(event, folded) => {
                let (color, outcome) = match folded.word() {
                    "applied" => ("", folded.outcome.to_string()),
                    "untouched" => ("2", "untouched".to_owned()),
                    "rejected" => ("31", folded.outcome.to_string()),
                    _ => ("33", folded.outcome.to_string()),
                };
                let event = Some(event.event_type.as_str());
                (event, Some(&folded.session), color, outcome)
            }
            ReplayedLine::Bad(bad, session) => (None, *session, "31", format!("invalid: {bad}")),
        };
        let turn = session.and_then(|session| session.active_turn_id.as_ref());
        let cells = [
            line.to_string(),
            cell(session.map(|session| session.thread_id.as_str())),
            cell(event),
            cell(session.map(|session| session.status.as_str())),
            cell(turn.map(TurnId::as_str)),
        ];
        self.columns(cells, color, &printable(&outcome))
    }

    /// Cells under one another as far as the rows so far were wide, and a last one that needs no end.
    fn columns(&mut self, cells: [String; 5], color: &str, last: &str) -> io::Result<()> {
        let mut row = String::new();
        for (at, (text, width)) in cells.iter().zip(&mut self.widths).enumerate() {
            *width = text.chars().count().min(WIDEST).max(*width);
            let width = *width;
            // Numbers to the right, names to the left. Writing to a string cannot fail.
            let _ = if at == 0 {
                write!(row, "{text:>width$}  ")
            } else {
                write!(row, "{text:<width$}  ")
            };
        }
        if self.color && !color.is_empty() {
            writeln!(self.output, "{row}\u{1b}[{color}m{last}\u{1b}[0m")
        } else {
            writeln!(self.output, "{row}{last}")
        }
    }
}

fn cell(text: Option<&str>) -> String {
    text.map_or_else(|| "-".to_owned(), printable)
}

/// Text from a log or the name of a file, with what would steer a terminal, or turn the order of what it shows, spelt out.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || reorders(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether it changes the direction of the text that follows, or breaks the line where some terminals do not.
fn reorders(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
