//! Lines that arrive one by one, each with its place: a part of a set of logs that something else has read and sorted.

use std::borrow::Cow;
use std::io::{BufRead, Write};
use std::rc::Rc;

use serde::Deserialize;

use super::read::ReadLine;
use super::sieve::Sieve;
use super::{AuditRun, Complaints, Log};
use crate::audit::database::{CarriedRow, DatedDatabase, RowRecord, Rows};
use crate::audit::{Audited, BadRecords};
use crate::replay::lines::{Lines, Next};

/// A line with its place, or a file that begins.
#[derive(Deserialize)]
struct LineRecord<'a> {
    /// Which set of files that continue one another, and which file of it.
    set: u64,
    order: u64,
    /// Between how many files before this one lines may be missing.
    gaps: u32,
    #[serde(borrow)]
    file: Cow<'a, str>,
    /// Counts from 1; 0 where only the file is told.
    line: u64,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    /// The line or the file counts elsewhere. Such a line names no thread: if it cannot be read, it may have been anybody's.
    #[serde(default)]
    copy: bool,
}

/// How far the records have come.
#[derive(Default)]
struct RecordReader {
    /// What databases hold of the threads of all sets.
    rows: Rc<Rows>,
    log: Log,
    place: Option<(u64, u64, u64)>,
    file_gaps: u32,
    name: Option<Rc<str>>,
    is_known: bool,
}

/// Reads records that are sorted by set, file and line; everything of a thread has to be among them.
pub(in crate::audit) fn read_records(
    input: &mut impl BufRead,
    sieve: &Sieve,
    diagnostics: &mut impl Write,
) -> Result<Audited, BadRecords> {
    let mut audited = Audited::default();
    let mut threads = std::collections::BTreeSet::new();
    let mut reader = RecordReader::default();
    let mut lines = Lines::of(input);
    let mut line = Vec::new();
    for number in 1.. {
        let wrong = |why: String| BadRecords(format!("record {number}: {why}"));
        match lines.next(&mut line, || Ok(())) {
            Ok(Next::Line) => {}
            Ok(Next::End) => break,
            Ok(Next::TooLong) => return Err(wrong("it is too long".to_owned())),
            Err(_) => return Err(wrong("it cannot be read".to_owned())),
        }
        let record: LineRecord<'_> = match serde_json::from_slice(&line) {
            Ok(record) => record,
            Err(why) => {
                let Ok(RowRecord { database, row }) = serde_json::from_slice(&line) else {
                    return Err(wrong(why.to_string()));
                };
                reader
                    .take_row(&database, row)
                    .map_err(|why| wrong(why.to_owned()))?;
                continue;
            }
        };
        let place = (record.set, record.order, record.line);
        if reader.place > Some(place) {
            return Err(wrong("it is not in order of set, file and line".to_owned()));
        }
        if reader.place.is_some_and(|(set, ..)| set != record.set) {
            reader.next_set().finish(&mut audited.findings, |thread| {
                threads.insert(thread);
            });
        }
        let mut reading = AuditRun {
            sieve,
            mapped: false,
            threads: 1,
            totals: &mut audited.totals,
            findings: &mut audited.findings,
            diagnostics,
            complaints: &mut Complaints::default(),
        };
        reader.take(&record, place, &mut reading);
    }
    reader.next_set().finish(&mut audited.findings, |thread| {
        threads.insert(thread);
    });
    audited.sort();
    // Those that a database names are counted with it.
    threads.retain(|thread| !reader.rows.name(thread));
    audited.totals.threads = threads.len() as u64;
    Ok(audited)
}

impl RecordReader {
    /// Rows come before all lines: a line is held against them when it is read.
    fn take_row(&mut self, database: &DatedDatabase, row: CarriedRow) -> Result<(), &'static str> {
        let rows = Rc::get_mut(&mut self.rows).filter(|_| self.place.is_none());
        rows.ok_or("a row of a database comes before all lines")?
            .take(database, row);
        Ok(())
    }

    /// The threads of the set that has ended; those of the next one are held against the same rows.
    fn next_set(&mut self) -> Log {
        let next = Self {
            rows: Rc::clone(&self.rows),
            ..Self::default()
        };
        std::mem::replace(self, next).log
    }

    fn take<W: Write>(
        &mut self,
        record: &LineRecord<'_>,
        place: (u64, u64, u64),
        reading: &mut AuditRun<'_, W>,
    ) {
        if self.place.replace(place).is_none() {
            self.log = Log::beside(&self.rows);
        }
        self.log.gaps += u64::from(record.gaps.saturating_sub(self.file_gaps));
        self.file_gaps = self.file_gaps.max(record.gaps);
        let name = match self.name.take().filter(|name| **name == *record.file) {
            Some(name) => name,
            None => {
                self.is_known = false;
                Rc::from(&*record.file)
            }
        };
        match &record.text {
            None => reading.totals.files += u64::from(!record.copy),
            Some(text) => self.line(text.as_bytes(), &name, record, reading),
        }
        self.name = Some(name);
    }

    fn line<W: Write>(
        &mut self,
        line: &[u8],
        name: &Rc<str>,
        record: &LineRecord<'_>,
        reading: &mut AuditRun<'_, W>,
    ) {
        let decides = reading.sieve.wants_alone(line);
        if record.copy {
            // Whether its file is known by then, only the part knows in which it counts; nearly always it is.
            let is_lost = || match reading.sieve.read(line) {
                ReadLine::Unsound(_, is_lost) => is_lost,
                ReadLine::Bad(bad) => bad.thread_id.is_none(),
                ReadLine::Blank | ReadLine::Event(_) | ReadLine::Host(_) | ReadLine::Aside => false,
            };
            self.log.gaps += u64::from(decides && is_lost());
            return;
        }
        let is_wanted =
            !self.is_known || decides || self.log.waiting > 0 && self.log.is_waited_for(line);
        reading.totals.lines += 1;
        reading.skimmed(u64::from(!decides));
        if is_wanted {
            self.is_known |= self
                .log
                .read_line(line, (name, record.line), decides, reading);
        }
    }
}
