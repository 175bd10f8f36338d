//! What is told of the lines of a file that cannot be read: each of them, unless the file is no text at all.

use std::fmt;
use std::io::Write;

use crate::replay::{printable, some};

/// How much of a file is looked at before it counts as no text.
const LOOKED_AT: usize = 64 << 10;

/// The complaints about one file.
#[derive(Debug, Default)]
pub(in crate::audit) struct Complaints {
    /// In a file that is no text, how many of its lines cannot be read. What they are like is of no use to anybody.
    of_no_text: Option<u64>,
}

impl Complaints {
    /// A file begins with these bytes.
    pub(super) fn begin(&mut self, start: &[u8]) {
        self.of_no_text = (!is_text(start)).then_some(0);
    }

    /// A line cannot be read.
    pub(super) fn add(
        &mut self,
        (file, line): (&str, u64),
        why: &dyn fmt::Display,
        diagnostics: &mut impl Write,
    ) {
        match &mut self.of_no_text {
            Some(count) => *count += 1,
            None => {
                // Diagnostics are for whoever watches; the answer does not depend on them.
                let what = printable(&format!("{file}:{line}: {why}"));
                let _ = writeln!(diagnostics, "{what}");
            }
        }
    }

    /// The file ends.
    pub(super) fn finish(&mut self, file: &str, diagnostics: &mut impl Write) {
        // Where all lines could be read, or did not matter, nothing is wrong with it.
        if let Some(count @ 1..) = self.of_no_text.take() {
            let (file, lines) = (printable(file), some(count, "line"));
            let _ = writeln!(
                diagnostics,
                "{file}: not a log: most of its beginning is no text; {lines} could not be read"
            );
        }
    }
}

/// Whether there is no NUL, or at least half of the first lines are UTF-8 without one. A log of which a few bytes were spoilt
/// still is a log, and so is one in another encoding: what is wrong with a line of it is worth telling.
fn is_text(start: &[u8]) -> bool {
    let start = &start[..start.len().min(LOOKED_AT)];
    if memchr::memchr(0, start).is_none() {
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
