//! One line of a file: an event, something else, or nothing.

use serde::de::IgnoredAny;

use super::bad_line::{BadLine, Wrong, excerpt};
use super::event::RuntimeEvent;
use super::object::Object;

/// What a line holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// An event of a thread's provider.
    Event(RuntimeEvent),
    /// A record that is none of the projection's business.
    PassedOver(PassedOver),
    /// Nothing.
    Blank,
}

/// Why a record was passed over. None of these is read any further than it takes to know so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassedOver {
    /// A provider's own message, as it came (`NTIVE`): the canonical event made of it stands on a line of its own.
    Native,
    /// A record of what the host did (`ORCH`, or any line with an `aggregateKind` or an `aggregateId`): the host's own
    /// conclusions are no evidence of what the provider said.
    Orchestration,
    /// A record with a label that nobody knew when this was written.
    OtherLabel,
}

/// Reads one line, with or without its end.
///
/// Reads bare JSON and the log form `[<time>] LABEL: <json>`; a byte order mark, white space around the record and
/// unknown fields are no matter.
///
/// # Errors
///
/// What is wrong with the line: no JSON, no thread, a state that the rules do not know. An unknown *type* is not
/// wrong: it is an event without a say in the lifecycle (R9).
pub fn read_line(line: &str) -> Result<Line, BadLine> {
    let line = line.trim_start_matches('\u{feff}').trim_ascii();
    if line.is_empty() {
        return Ok(Line::Blank);
    }
    match Header::of(line) {
        Header::None => read_record(line),
        Header::Label { label, record } => match passed_over(label) {
            Some(why) => Ok(Line::PassedOver(why)),
            None if record.is_empty() => Err(cut_off(line)),
            None => read_record(record),
        },
        Header::Cut => match read_record(line) {
            Err(bad) if matches!(bad.wrong, Wrong::NotJson { .. }) => Err(cut_off(line)),
            read => read,
        },
    }
}

/// [`read_line`] for bytes that may be anything.
///
/// # Errors
///
/// As [`read_line`], and for a line that is not UTF-8 (unless its label says that it is passed over anyway).
pub fn read_bytes(line: &[u8]) -> Result<Line, BadLine> {
    let wrong = match core::str::from_utf8(line) {
        Ok(line) => return read_line(line),
        Err(wrong) => wrong,
    };
    let sound = line.get(..wrong.valid_up_to()).unwrap_or_default();
    let sound = core::str::from_utf8(sound).unwrap_or_default();
    let start = sound.trim_start_matches('\u{feff}').trim_ascii();
    if let Header::Label { label, .. } = Header::of(start)
        && let Some(why) = passed_over(label)
    {
        return Ok(Line::PassedOver(why));
    }
    // A character that begins and does not end: the line was cut in the middle of it.
    if wrong.error_len().is_none() {
        return Err(cut_off(start));
    }
    let column = wrong.valid_up_to().saturating_add(1);
    Err(Wrong::NotUtf8 { column }.into())
}

fn passed_over(label: &str) -> Option<PassedOver> {
    match label {
        "CANON" => None,
        "NTIVE" => Some(PassedOver::Native),
        "ORCH" => Some(PassedOver::Orchestration),
        _ => Some(PassedOver::OtherLabel),
    }
}

/// What stands in front of a record: `[<time>] LABEL: `.
enum Header<'a> {
    /// Nothing: a bare record.
    None,
    /// A label, and the record behind it.
    Label { label: &'a str, record: &'a str },
    /// The beginning of a header, and then the end of the line; or a JSON array, which looks the same.
    Cut,
}

impl<'a> Header<'a> {
    fn of(line: &'a str) -> Self {
        let Some(line) = line.strip_prefix('[') else {
            return Self::None;
        };
        let Some((time, line)) = line.split_once(']') else {
            return if line.bytes().all(is_of_time) {
                Self::Cut
            } else {
                Self::None
            };
        };
        let line = line.trim_ascii_start();
        match line.split_once(':') {
            Some((label, record)) if is_label(label) => Self::Label {
                label,
                record: record.trim_ascii_start(),
            },
            None if time.bytes().all(is_of_time) && (line.is_empty() || is_label(line)) => {
                Self::Cut
            }
            Some(_) | None => Self::None,
        }
    }
}

fn is_label(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The characters of an ISO time.
fn is_of_time(byte: u8) -> bool {
    byte.is_ascii_digit() || b"-:.+TZ".contains(&byte)
}

fn read_record(record: &str) -> Result<Line, BadLine> {
    if !record.starts_with('{') {
        return Err(match serde_json::from_str::<IgnoredAny>(record) {
            Ok(IgnoredAny) => {
                let value = excerpt(record);
                Wrong::NotAnObject { value }.into()
            }
            Err(wrong) => not_json(record, &wrong),
        });
    }
    let object: Object<'_> =
        serde_json::from_str(record).map_err(|wrong| not_json(record, &wrong))?;
    if object.aggregate_kind.is_some() || object.aggregate_id.is_some() {
        return Ok(Line::PassedOver(PassedOver::Orchestration));
    }
    RuntimeEvent::read(&object).map(Line::Event)
}

fn not_json(record: &str, wrong: &serde_json::Error) -> BadLine {
    if wrong.is_eof() {
        return cut_off(record);
    }
    let wrong = Wrong::NotJson {
        column: wrong.column(),
        value: excerpt(record),
    };
    wrong.into()
}

fn cut_off(line: &str) -> BadLine {
    let value = excerpt(line);
    Wrong::CutOff { value }.into()
}
