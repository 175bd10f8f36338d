//! Which lines of a block have to be read, and which can be passed over unread.
//!
//! Most of a log is deltas. R1 to R8 know nine types of events, and the audit four of the host's records; a line that is
//! none of these cannot change what an audit finds (work counts only for a thread that waits for it, which `Log` sees to).
//! Such a type is the text of a key `type`. In JSON, a letter of a key or of a text is spelled out, or as `\u00` and two
//! digits. So a line that has neither the key with one of these texts after it, nor such an escape, is none of them,
//! whatever the order of its fields, its white space, and whatever stands in it nested or twice.

use memchr::memchr_iter;
use memchr::memmem::Finder;

use super::blocks::{Block, LIMIT};
use super::sound::{self, Shape};

const KEY: &[u8] = b"\"type\"";

/// How closely lines are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Care {
    /// Lines that can change what is found are read. Of the others only both ends are looked at.
    Needed,
    /// Every byte of every line is validated.
    Strict,
    /// Every line is read in full: what the other two are held against.
    InFull,
}

/// A block, and which of its lines must be read.
#[derive(Default)]
pub(super) struct Sifted {
    pub(super) block: Block,
    /// Where each line ends, without its end.
    ends: Vec<usize>,
    wanted: Vec<bool>,
}

impl Sifted {
    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A line, without its end.
    pub(super) fn line(&self, index: usize) -> &[u8] {
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |end| end + 1);
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.block.bytes().get(start..end).unwrap_or_default()
    }

    /// The first line from this one on that must be read; the number of lines if there is none.
    pub(super) fn next_wanted(&self, from: usize) -> usize {
        let rest = self.wanted.get(from..).unwrap_or_default();
        rest.iter()
            .position(|wanted| *wanted)
            .map_or(self.len(), |skipped| from + skipped)
    }
}

/// Looks for the lines that have to be read.
pub(in crate::audit) struct Sieve {
    pub(super) care: Care,
    pub(super) key: Finder<'static>,
    pub(super) escape: Finder<'static>,
}

impl Sieve {
    pub(in crate::audit) fn new(care: Care) -> Self {
        Self {
            care,
            key: Finder::new(KEY),
            escape: Finder::new(b"\\u00"),
        }
    }

    /// Finds the lines of the block, and marks those that must be read.
    pub(super) fn sift(&self, sifted: &mut Sifted) {
        let Sifted {
            block,
            ends,
            wanted,
        } = sifted;
        let bytes = block.bytes();
        ends.clear();
        wanted.clear();
        ends.extend(memchr_iter(b'\n', bytes));
        if block.stops_short {
            ends.push(bytes.len());
        }
        let is_utf8 = self.care == Care::Strict && simdutf8::basic::from_utf8(bytes).is_ok();
        let mut start = 0;
        for end in ends.iter() {
            wanted.push(self.wants(&bytes[start..*end], is_utf8));
            start = end + 1;
        }
        if let (true, Some(last)) = (block.stops_short, wanted.last_mut()) {
            *last = true;
        }
        if self.care == Care::Needed {
            self.mark_types(bytes, ends, wanted);
            self.mark_escapes(bytes, ends, wanted);
        }
    }

    /// Whether a line must be read that came without its neighbours.
    pub(super) fn wants_alone(&self, line: &[u8]) -> bool {
        let mut wanted = [self.wants(line, false)];
        if self.care == Care::Needed {
            self.mark_types(line, &[line.len()], &mut wanted);
            self.mark_escapes(line, &[line.len()], &mut wanted);
        }
        wanted[0]
    }

    fn wants(&self, line: &[u8], is_utf8: bool) -> bool {
        line.len() > LIMIT
            || match self.care {
                Care::Needed => !begins_and_ends_as_a_record(line),
                Care::Strict => {
                    !is_sound_and_aside(line) || !is_utf8 && std::str::from_utf8(line).is_err()
                }
                Care::InFull => true,
            }
    }

    fn mark_types(&self, bytes: &[u8], ends: &[usize], wanted: &mut [bool]) {
        let mut line = 0;
        for at in self.key.find_iter(bytes) {
            if may_decide(&bytes[at + KEY.len()..]) {
                mark(at, &mut line, ends, wanted);
            }
        }
    }

    fn mark_escapes(&self, bytes: &[u8], ends: &[usize], wanted: &mut [bool]) {
        let mut line = 0;
        for at in self.escape.find_iter(bytes) {
            // A control character spells no name; colours in the output of tools are full of them.
            if !matches!(bytes.get(at + 4), Some(b'0' | b'1')) {
                mark(at, &mut line, ends, wanted);
            }
        }
    }
}

/// Marks the line that a place is in; `line` is one that is not behind it.
fn mark(at: usize, line: &mut usize, ends: &[usize], wanted: &mut [bool]) {
    while ends.get(*line).is_some_and(|end| *end < at) {
        *line += 1;
    }
    if let Some(wanted) = wanted.get_mut(*line) {
        *wanted = true;
    }
}

/// What follows the key `type`: whether it may be one of the types that decide. All that is no text may.
fn may_decide(rest: &[u8]) -> bool {
    let Some(rest) = without_space(rest).strip_prefix(b":") else {
        // The text of another key, or a line that is cut off, which its end shows.
        return false;
    };
    without_space(rest)
        .strip_prefix(b"\"")
        .is_none_or(is_deciding)
}

fn without_space(bytes: &[u8]) -> &[u8] {
    let space = bytes
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    &bytes[space.count()..]
}

/// Whether a type begins like one of R1 to R8, or like a record of the host that an audit reads.
pub(super) fn is_deciding(kind: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 8] = [
        b"session.s",
        b"session.e",
        b"thread.s",
        b"thread.turn-",
        b"turn.s",
        b"turn.c",
        b"turn.a",
        b"runtime.e",
    ];
    matches!(kind.first(), Some(b's' | b't' | b'r'))
        && BEGINNINGS.iter().any(|start| kind.starts_with(start))
}

/// Whether a line begins like a record, labelled or bare, and ends like one with a payload. Most of those that were cut off
/// do not. Any other form is no fault: it is read, and then one knows.
fn begins_and_ends_as_a_record(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    line.ends_with(b"}}") && record(line).is_some_and(|(_, record)| record.starts_with(b"{\""))
}

/// The record of a line in the one form that hosts write, and whether it is bare or canonical; else none.
fn record(line: &[u8]) -> Option<(bool, &[u8])> {
    /// `[2026-05-28T10:00:00.000Z] `
    const TIME: usize = 27;
    if line.first() == Some(&b'{') {
        return Some((true, line));
    }
    let (time, rest) = line.split_at_checked(TIME)?;
    let is_time = time.starts_with(b"[") && time.ends_with(b"Z] ");
    if !is_time || time[..TIME - 2].contains(&b']') {
        return None;
    }
    let record = |label: &[u8]| rest.strip_prefix(label);
    record(b"CANON: ").map(|record| (true, record)).or_else(|| {
        let other = record(b"NTIVE: ").or_else(|| record(b"ORCH: "))?;
        Some((false, other))
    })
}

/// Whether the line is JSON to its last byte, and says at its top that it is of a type that decides nothing.
fn is_sound_and_aside(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Some((is_canonical, record)) = record(line) else {
        return false;
    };
    match sound::shape(record) {
        Some(Shape::Event { kind }) => !is_deciding(kind),
        // What is canonical must be an event, or be known as none.
        Some(Shape::Other { kind }) => !is_canonical && !kind.is_some_and(is_deciding),
        None => false,
    }
}
