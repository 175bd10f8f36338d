//! Which lines of a block have to be read, and which can be passed over unread.
//!
//! Most of a log is deltas. R1 to R8 know nine types of events, and the audit four of the host's records; a line that is
//! none of these cannot change what an audit finds (work counts only for a thread that waits for it, which `Log` sees to).
//! Such a type is the text of a key `type`. In JSON, a letter of a key or of a text is spelled out, or as `\u00` and two
//! digits. So a line that has neither the key with one of these texts after it, nor such an escape, is none of them,
//! whatever the order of its fields, its white space, and whatever stands in it nested or twice.

use std::ops::Range;

use fearless_simd::Level;
use memchr::{memchr_iter, memrchr};

use super::blocks::Block;
use super::lines::LIMIT;
use super::read::{ReadLine, read};
use super::scan::each_place;
use super::sound::{self, Shape};

const KEY: [u8; 6] = *b"\"type\"";

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

/// A block, and those of the lines that are whole within it that had to be read.
#[derive(Default)]
pub(super) struct Sifted {
    pub(super) block: Block,
    /// From the end of the first line, which may have begun before the block, to the beginning of the last, which may go on
    /// after it.
    inner: Range<usize>,
    /// How many lines these are.
    pub(super) lines: u64,
    pub(super) wanted: Vec<SiftedLine>,
}

/// A line that had to be read.
pub(super) struct SiftedLine {
    /// Where it stands in the block, without its end.
    pub(super) at: Range<usize>,
    /// How many lines that are whole within the block stand before it.
    pub(super) before: u64,
    /// What it says.
    pub(super) read: ReadLine,
}

impl Sifted {
    /// Where the lines are that are whole within the block.
    pub(super) fn inner(&self) -> Range<usize> {
        self.inner.clone()
    }
}

/// Looks for the lines that have to be read.
pub(in crate::audit) struct Sieve {
    pub(super) care: Care,
    /// Sound JSON is asked of every line that is read.
    pub(in crate::audit) strict: bool,
    /// What the processor can do.
    pub(super) level: Level,
    // Of a known length, so that a look at them is no call.
    pub(super) key: [u8; 6],
    pub(super) escape: [u8; 4],
    /// A planted defect: what follows a key follows at once.
    #[cfg(test)]
    pub(super) is_blind_to_space: bool,
}

impl Sieve {
    pub(in crate::audit) fn new(care: Care) -> Self {
        Self {
            care,
            strict: care == Care::Strict,
            level: Level::new(),
            key: KEY,
            escape: *b"\\u00",
            #[cfg(test)]
            is_blind_to_space: false,
        }
    }

    pub(super) fn read(&self, line: &[u8]) -> ReadLine {
        read(line, self.strict)
    }

    /// Finds the lines of the block that must be read, and reads them.
    pub(super) fn sift(&self, sifted: &mut Sifted) {
        let Sifted {
            block,
            inner,
            lines,
            wanted,
        } = sifted;
        let bytes = block.bytes();
        *lines = 0;
        wanted.clear();
        // A block without a line's end is all of one line, or of its beginning.
        let first = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
        let last = memrchr(b'\n', bytes).map_or(first, |end| end + 1);
        *inner = first..last;
        let bytes = &bytes[inner.clone()];
        let mut start = 0;
        let mut end_line = |end: usize, is_wanted: &dyn Fn(&[u8]) -> bool| {
            let line = &bytes[start..end];
            if is_wanted(line) {
                wanted.push(SiftedLine {
                    at: first + start..first + end,
                    before: *lines,
                    read: self.read(line),
                });
            }
            *lines += 1;
            start = end + 1;
        };
        match self.care {
            Care::Needed => {
                let mut decides = false;
                each_place(self.level, bytes, |at| {
                    if bytes[at] == b'\n' {
                        end_line(at, &|line| decides || !begins_and_ends_as_a_record(line));
                        decides = false;
                    } else {
                        decides = decides || self.may_decide(&bytes[at..]);
                    }
                });
            }
            Care::Strict => {
                let is_utf8 = simdutf8::basic::from_utf8(bytes).is_ok();
                for end in memchr_iter(b'\n', bytes) {
                    end_line(end, &|line| !self.is_passed_strictly(line, is_utf8));
                }
            }
            Care::InFull => {
                for end in memchr_iter(b'\n', bytes) {
                    end_line(end, &|_| true);
                }
            }
        }
    }

    /// Whether a line must be read that came without its neighbours.
    pub(super) fn wants_alone(&self, line: &[u8]) -> bool {
        line.len() > LIMIT
            || match self.care {
                Care::Needed => {
                    let mut decides = !begins_and_ends_as_a_record(line);
                    each_place(self.level, line, |at| {
                        decides = decides || self.may_decide(&line[at..]);
                    });
                    decides
                }
                Care::Strict => !self.is_passed_strictly(line, false),
                Care::InFull => true,
            }
    }

    /// Whether there stands the key of a type that may decide, or a letter that is spelled as an escape.
    fn may_decide(&self, rest: &[u8]) -> bool {
        if let Some((key, rest)) = rest.split_first_chunk()
            && *key == self.key
        {
            #[cfg(test)]
            if self.is_blind_to_space && !rest.starts_with(b":\"") {
                return false;
            }
            return may_decide(rest);
        }
        // The names are ASCII, and no control characters; colours in the output of tools are full of these.
        rest.first_chunk() == Some(&self.escape) && matches!(rest.get(4), Some(b'2'..=b'7'))
    }

    fn is_passed_strictly(&self, line: &[u8], is_utf8: bool) -> bool {
        is_sound_and_aside(self.level, line) && (is_utf8 || std::str::from_utf8(line).is_ok())
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
    // Without a branch inside, so that it is done for many bytes at once.
    let has_bracket = |found: bool, byte: &u8| found | (*byte == b']');
    if !is_time || time[..TIME - 2].iter().fold(false, has_bracket) {
        return None;
    }
    let record = |label: &[u8]| rest.strip_prefix(label);
    record(b"CANON: ").map(|record| (true, record)).or_else(|| {
        let other = record(b"NTIVE: ").or_else(|| record(b"ORCH: "))?;
        Some((false, other))
    })
}

/// Whether the line is JSON to its last byte, and says at its top that it is of a type that decides nothing.
fn is_sound_and_aside(level: Level, line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Some((is_canonical, record)) = record(line) else {
        return false;
    };
    match sound::shape(level, record) {
        Some(Shape::Event { kind }) => !is_deciding(kind),
        // What is canonical must be an event, or be known as none.
        Some(Shape::Other { kind }) => !is_canonical && !kind.is_some_and(is_deciding),
        None => false,
    }
}
