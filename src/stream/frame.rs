//! What stands around the JSON of a line.

use serde::de::IgnoredAny;

use super::bad_line::{BadLine, Wrong, excerpt};

/// Why a record was passed over. None of these is read any further than it takes to know so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassedOver {
    /// A provider's own message, as it came (`NTIVE`), in a stream of canonical events: the canonical event made of it
    /// stands on a line of its own.
    Native,
    /// A canonical event (`CANON`) in a stream of a provider's own messages, which tell the same.
    Canonical,
    /// A record of what the host did (`ORCH`, or any line with an `aggregateKind` or an `aggregateId`): the host's own
    /// conclusions are no evidence of what the provider said.
    Orchestration,
    /// A record with a label that nobody knew when this was written.
    OtherLabel,
    /// A message that tells nothing of a thread: an answer, a heartbeat, a line of the transport.
    Aside,
}

/// A line without what stands around it.
#[derive(Clone, Copy)]
pub(crate) enum Frame<'a> {
    Blank,
    PassedOver(PassedOver),
    Record(Record<'a>),
}

/// The JSON of a line.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) text: &'a str,
    /// It looks like the beginning of a header, or like an array.
    cut: bool,
}

/// Which labels of T3's logs a reader wants.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Canonical,
    Native,
}

impl Wanted {
    fn passes_over(self, label: &str) -> Option<PassedOver> {
        let why = match label {
            "CANON" => PassedOver::Canonical,
            "NTIVE" => PassedOver::Native,
            "ORCH" => PassedOver::Orchestration,
            _ => PassedOver::OtherLabel,
        };
        let wanted = match self {
            Self::Canonical => PassedOver::Canonical,
            Self::Native => PassedOver::Native,
        };
        (why != wanted).then_some(why)
    }
}

/// Takes a byte order mark, white space and the header `[<time>] LABEL: ` from a line.
pub(crate) fn frame(line: &str, wanted: Wanted) -> Result<Frame<'_>, BadLine> {
    let line = line.trim_start_matches('\u{feff}').trim_ascii();
    if line.is_empty() {
        return Ok(Frame::Blank);
    }
    Ok(Frame::Record(match Header::of(line) {
        Header::None => Record {
            text: line,
            cut: false,
        },
        Header::Cut => Record {
            text: line,
            cut: true,
        },
        Header::Label { label, record } => match wanted.passes_over(label) {
            Some(why) => return Ok(Frame::PassedOver(why)),
            None if record.is_empty() => return Err(cut_off(line)),
            None => Record {
                text: record,
                cut: false,
            },
        },
    }))
}

/// [`frame`] for bytes that may be anything.
pub(crate) fn frame_bytes(line: &[u8], wanted: Wanted) -> Result<Frame<'_>, BadLine> {
    let wrong = match core::str::from_utf8(line) {
        Ok(line) => return frame(line, wanted),
        Err(wrong) => wrong,
    };
    let sound = line.get(..wrong.valid_up_to()).unwrap_or_default();
    let sound = core::str::from_utf8(sound).unwrap_or_default();
    let start = sound.trim_start_matches('\u{feff}').trim_ascii();
    if let Header::Label { label, .. } = Header::of(start)
        && let Some(why) = wanted.passes_over(label)
    {
        return Ok(Frame::PassedOver(why));
    }
    // A character that begins and does not end: the line was cut in the middle of it.
    if wrong.error_len().is_none() {
        return Err(cut_off(start));
    }
    let column = wrong.valid_up_to().saturating_add(1);
    Err(Wrong::NotUtf8 { column }.into())
}

impl<'a> Record<'a> {
    /// A record that stands inside this one.
    pub(crate) fn of_part(text: &'a str) -> Self {
        Self { text, cut: false }
    }

    /// Reads it as an object, or says why it is none.
    pub(crate) fn object<T>(
        self,
        read: impl FnOnce(&'a str) -> serde_json::Result<T>,
    ) -> Result<T, BadLine> {
        if !self.text.starts_with('{') {
            return Err(match serde_json::from_str::<IgnoredAny>(self.text) {
                Ok(IgnoredAny) => {
                    let value = excerpt(self.text);
                    Wrong::NotAnObject { value }.into()
                }
                Err(_) if self.cut => cut_off(self.text),
                Err(wrong) => not_json(self.text, &wrong),
            });
        }
        read(self.text).map_err(|wrong| not_json(self.text, &wrong))
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
