//! One file, read once from its first line to its last.

use std::io::{self, Write};
use std::mem;
use std::rc::Rc;

use session_lifecycle::t3::BadLine;

use super::blocks::Blocks;
use super::lines::{LIMIT, Lines, Part};
use super::read::ReadLine;
use super::sieve::Sifted;
use super::{AuditRun, Log, workers};

/// How far a file has been read.
struct Reader<'a> {
    name: &'a Rc<str>,
    /// Lines so far.
    number: u64,
    /// Whether a line of the file was an event or a known record: what is something else altogether is not passed over.
    is_known: bool,
}

impl Log {
    pub(super) fn read_file<W: Write>(
        &mut self,
        blocks: Blocks,
        name: &Rc<str>,
        reading: &mut AuditRun<'_, W>,
    ) -> io::Result<()> {
        let (sieve, threads) = (reading.sieve, reading.threads);
        let mut file = Reader {
            name,
            number: 0,
            is_known: false,
        };
        let mut lines = Lines::default();
        let mut has_begun = false;
        let read = workers::each_block(blocks, sieve, threads, |sifted| {
            if !mem::replace(&mut has_begun, true) {
                reading.complaints.begin(sifted.block.bytes());
            }
            lines.add(sifted, |part| {
                self.read_part(&part, sifted, &mut file, reading)
            });
        });
        if read.is_ok() {
            // A line that a failure cuts short is none.
            lines.finish(|part| self.read_part(&part, &Sifted::default(), &mut file, reading));
        }
        reading.totals.lines += file.number;
        reading.complaints.finish(name, reading.diagnostics);
        read
    }

    fn read_part<W: Write>(
        &mut self,
        part: &Part<'_>,
        sifted: &Sifted,
        file: &mut Reader<'_>,
        reading: &mut AuditRun<'_, W>,
    ) {
        let number = file.number + 1;
        let decides = match part {
            Part::Inner | Part::TooLong => true,
            Part::Line(line) | Part::CutOff(line) => reading.sieve.wants_alone(line),
        };
        reading.skimmed(u64::from(!decides));
        match part {
            Part::Inner => return self.read_inner(sifted, file, reading),
            Part::TooLong => self.bad(&BadLine::too_long(LIMIT), file.name, number, reading),
            Part::Line(line)
                if file.is_known && !decides && !(self.waiting > 0 && self.is_waited_for(line)) => {
            }
            Part::Line(line) | Part::CutOff(line) => {
                file.is_known |= self.read_line(line, (file.name, number), decides, reading);
            }
        }
        file.number += 1;
    }

    /// Reads the lines of a block that are wanted, and those between them for which somebody waits.
    fn read_inner<W: Write>(
        &mut self,
        sifted: &Sifted,
        file: &mut Reader<'_>,
        reading: &mut AuditRun<'_, W>,
    ) {
        let bytes = sifted.block.bytes();
        let inner = sifted.inner();
        let mut from = inner.start;
        let mut number = file.number;
        for wanted in &sifted.wanted {
            self.read_between(&bytes[from..wanted.at.start], number, file, reading);
            number = file.number + wanted.before + 1;
            reading.skimmed(u64::from(matches!(wanted.read, ReadLine::Aside)));
            file.is_known |= self.take(&wanted.read, file.name, number, reading);
            from = wanted.at.end + 1;
        }
        reading.skimmed(sifted.lines - sifted.wanted.len() as u64);
        self.read_between(&bytes[from..inner.end], number, file, reading);
        file.number += sifted.lines;
    }

    /// Lines that are not wanted for what they are; the number is that of the line before.
    fn read_between<W: Write>(
        &mut self,
        lines: &[u8],
        mut number: u64,
        file: &mut Reader<'_>,
        reading: &mut AuditRun<'_, W>,
    ) {
        let mut from = 0;
        while from < lines.len() && !(file.is_known && self.waiting == 0) {
            let end = memchr::memchr(b'\n', &lines[from..]).map_or(lines.len(), |end| from + end);
            let line = &lines[from..end];
            number += 1;
            if !file.is_known || self.is_waited_for(line) {
                file.is_known |= self.read_line(line, (file.name, number), false, reading);
            }
            from = end + 1;
        }
    }
}
