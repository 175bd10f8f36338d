//! What is told of the lines of a file that cannot be read: a few of each kind in full, of the others how many there are.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::mem;

use crate::replay::some;

/// How many lines of a kind are told of each file.
const TOLD: u64 = 5;

/// How much of a file is looked at before it counts as no text.
const LOOKED_AT: usize = 64 << 10;

/// The complaints about one file.
#[derive(Debug, Default)]
pub(in crate::audit) struct Complaints {
    /// By kind: how many lines, and the last of them that was told.
    kinds: BTreeMap<&'static str, (u64, u64)>,
    /// The file is no text, and what its lines are like is of no use to anybody.
    is_no_text: bool,
}

impl Complaints {
    /// A file begins with these bytes.
    pub(super) fn begin(&mut self, start: &[u8]) {
        self.is_no_text = !is_text(start);
    }

    /// A line cannot be read: what kind of line it is, and why.
    pub(super) fn add(
        &mut self,
        (file, line): (&str, u64),
        (kind, why): (&'static str, &dyn fmt::Display),
        diagnostics: &mut impl Write,
    ) {
        let (count, last) = self.kinds.entry(kind).or_default();
        *count += 1;
        if !self.is_no_text && *count <= TOLD {
            *last = line;
            // Diagnostics are for whoever watches; the answer does not depend on them.
            let _ = writeln!(diagnostics, "{file}:{line}: {why}");
        }
    }

    /// The file ends: says how many complaints were kept back.
    pub(super) fn finish(&mut self, file: &str, diagnostics: &mut impl Write) {
        let Self { kinds, is_no_text } = mem::take(self);
        if is_no_text {
            let count = kinds.values().map(|(count, _)| count).sum();
            let lines = some(count, "line");
            let _ = writeln!(
                diagnostics,
                "{file}: not a log: most of its beginning is no UTF-8 text; {lines} could not be read"
            );
            return;
        }
        for (kind, (count, last)) in kinds {
            if let more @ 1.. = count.saturating_sub(TOLD) {
                let lines = some(more, "more line");
                let _ = writeln!(
                    diagnostics,
                    "{file}: {lines} could not be read, like line {last} ({kind})"
                );
            }
        }
    }
}

/// Whether at least half of the first lines are UTF-8 without a NUL. A log of which a few bytes were spoilt still is a log.
fn is_text(start: &[u8]) -> bool {
    let start = &start[..start.len().min(LOOKED_AT)];
    if is_clean(start) {
        return true;
    }
    let lines = start.split(|byte| *byte == b'\n');
    let (clean, spoilt): (Vec<bool>, Vec<bool>) = lines
        .filter(|line| !line.is_empty())
        .map(is_clean)
        .partition(|clean| *clean);
    clean.len() >= spoilt.len()
}

/// Whether it is UTF-8 without a NUL, but for a character that is cut off at its end.
fn is_clean(bytes: &[u8]) -> bool {
    let is_utf8 = match simdutf8::compat::from_utf8(bytes) {
        Ok(_) => true,
        Err(why) => why.error_len().is_none(),
    };
    is_utf8 && memchr::memchr(0, bytes).is_none()
}
