//! The logs of one set, read once from the oldest line to the newest.

mod blocks;
mod host;
mod records;
mod rows;
mod seen;
mod sieve;
mod sound;
mod stored;
mod thread;
#[cfg(test)]
mod ways;
mod workers;

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::rc::Rc;

use memchr::memmem;
use serde::de::IgnoredAny;
use session_lifecycle::Event;
use session_lifecycle::t3::{BadLine, Line, PassedOver, RuntimeEvent, read_bytes};

use crate::audit::database::Rows;
use crate::audit::files::{LogFile, open};
use crate::audit::finding::Finding;
use crate::audit::{Totals, Unreadable};
use blocks::LIMIT;
pub(in crate::audit) use host::status;
pub(in crate::audit) use records::read_records;
use seen::{Notes, Seen};
pub(in crate::audit) use sieve::{Care, Sieve};
use thread::Thread;

/// The threads of a set of files that continue one another.
#[derive(Debug, Default)]
pub(in crate::audit) struct Log {
    threads: HashMap<String, Box<Thread>>,
    /// What databases hold of the threads.
    rows: Rc<Rows>,
    /// How many of them wait for an event of any kind.
    waiting: usize,
    /// Places so far where lines of any thread may be missing.
    gaps: u64,
    /// A planted defect: no thread ever waits.
    #[cfg(test)]
    is_deaf: bool,
}

/// What reading a set needs beside it.
pub(in crate::audit) struct Reading<'a, W> {
    pub(in crate::audit) sieve: &'a Sieve,
    pub(in crate::audit) strict: bool,
    pub(in crate::audit) threads: usize,
    pub(in crate::audit) totals: &'a mut Totals,
    pub(in crate::audit) findings: &'a mut Vec<Finding>,
    pub(in crate::audit) diagnostics: &'a mut W,
}

impl<W: Write> Reading<'_, W> {
    /// Counts lines of which both ends, or the label, were enough. A few of them are read all the same, where a file begins
    /// or a thread is in doubt; they are counted too, so that parts of a log and the whole give one number.
    fn skimmed(&mut self, lines: u64) {
        if self.sieve.care == Care::Needed {
            self.totals.skimmed += lines;
        }
    }

    fn bad(&mut self, file: &str, line: u64, why: &dyn std::fmt::Display) {
        self.totals.invalid += 1;
        // Diagnostics are for whoever watches; the answer does not depend on them.
        let _ = writeln!(self.diagnostics, "{file}:{line}: {why}");
    }
}

impl Log {
    /// Holds the threads against these rows.
    pub(in crate::audit) fn beside(rows: &Rc<Rows>) -> Self {
        Self {
            rows: Rc::clone(rows),
            ..Self::default()
        }
    }

    /// Reads the files in their order. One that cannot be read is told, leaves a gap, and the next one is read.
    pub(in crate::audit) fn read<W: Write>(
        &mut self,
        files: &[LogFile],
        reading: &mut Reading<'_, W>,
        unreadable: &mut Unreadable<'_>,
    ) {
        let mut before: Option<&LogFile> = None;
        for file in files {
            match is_wanted(file, reading.diagnostics) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(why) => {
                    unreadable.tell(&file.path, &why, reading.diagnostics);
                    self.gaps += 1;
                    continue;
                }
            }
            if before.is_some_and(|before| !before.leads_on_to(file)) {
                self.gaps += 1;
            }
            before = Some(file);
            let name = Rc::from(file.path.display().to_string());
            let read = open(&file.path).and_then(|input| {
                reading.totals.files += 1;
                self.read_file(input, &name, reading)
            });
            if let Err(why) = read {
                unreadable.tell(&file.path, &why, reading.diagnostics);
                self.gaps += 1;
            }
        }
    }

    fn read_file<W: Write>(
        &mut self,
        input: Box<dyn BufRead + Send>,
        name: &Rc<str>,
        reading: &mut Reading<'_, W>,
    ) -> io::Result<()> {
        let (sieve, threads) = (reading.sieve, reading.threads);
        let mut number = 0;
        // Whether a line of the file was an event or a known record: what is something else altogether is not passed over.
        let mut is_known = false;
        workers::each_block(input, sieve, threads, |sifted| {
            if sifted.block.too_long {
                number += 1;
                self.bad(&BadLine::too_long(LIMIT), name, number, reading);
                return;
            }
            let mut decide = 0;
            let mut at = 0;
            while at < sifted.len() {
                let until = sifted.next_wanted(at);
                while at < until && is_known && self.waiting == 0 {
                    // Nobody waits for any of these.
                    at = until;
                }
                if at < until && is_known && !self.is_waited_for(sifted.line(at)) {
                    at += 1;
                } else if at < sifted.len() {
                    let line = sifted.line(at);
                    // The last line of a file is marked if it has no end, whatever it holds.
                    let is_cut = sifted.block.stops_short && at + 1 == sifted.len();
                    let decides = at == until && (!is_cut || sieve.wants_alone(line));
                    decide += u64::from(decides);
                    let place = (name, number + at as u64 + 1);
                    is_known |= self.read_line(line, place, decides, reading);
                    at += 1;
                }
            }
            reading.skimmed(sifted.len() as u64 - decide);
            number += sifted.len() as u64;
        })?;
        reading.totals.lines += number;
        Ok(())
    }

    /// Reads a line in full; whether it is one of a log of events. One that `decides` is one that the sieve asked for.
    fn read_line<W: Write>(
        &mut self,
        line: &[u8],
        (name, number): (&Rc<str>, u64),
        decides: bool,
        reading: &mut Reading<'_, W>,
    ) -> bool {
        if line.len() > LIMIT {
            self.bad(&BadLine::too_long(LIMIT), name, number, reading);
            return false;
        }
        match read_bytes(line) {
            Ok(Line::Blank) => return false,
            Ok(Line::Event(event)) => self.event(&event, name, number, reading),
            Ok(Line::PassedOver(why)) => {
                if reading.strict
                    && let Err(why) = strictly(line)
                {
                    reading.bad(name, number, &why);
                    return false;
                }
                if why == PassedOver::Orchestration && host::may_matter(line) {
                    self.read_host(line, name, number, reading);
                } else if decides {
                    // Its label was enough.
                    reading.skimmed(1);
                }
            }
            Err(bad) => {
                self.bad(&bad, name, number, reading);
                return false;
            }
        }
        true
    }

    fn event<W: Write>(
        &mut self,
        event: &RuntimeEvent,
        name: &Rc<str>,
        number: u64,
        reading: &mut Reading<'_, W>,
    ) {
        let decides = decides(&event.event);
        if !decides && !self.threads.contains_key(&event.thread_id) {
            return;
        }
        reading.totals.events += u64::from(decides);
        let gaps = self.gaps;
        self.with_thread(&event.thread_id, |thread| {
            let seen = Seen::new(
                name,
                number,
                event.created_at.as_deref(),
                gaps + thread.lost,
            );
            let mut notes = Notes {
                thread_id: &event.thread_id,
                findings: reading.findings,
            };
            thread.event(event, &seen, &mut notes);
        });
    }

    fn read_host<W: Write>(
        &mut self,
        line: &[u8],
        name: &Rc<str>,
        number: u64,
        reading: &mut Reading<'_, W>,
    ) {
        let Some(record) = host::read(line) else {
            return;
        };
        let gaps = self.gaps;
        self.with_thread(&record.thread_id, |thread| {
            let seen = Seen::new(name, number, record.time.as_deref(), gaps + thread.lost);
            let mut notes = Notes {
                thread_id: &record.thread_id,
                findings: reading.findings,
            };
            thread.host(&record.fact, &seen, &mut notes);
        });
    }

    fn bad<W: Write>(
        &mut self,
        bad: &BadLine,
        name: &Rc<str>,
        number: u64,
        reading: &mut Reading<'_, W>,
    ) {
        reading.bad(name, number, bad);
        match &bad.thread_id {
            Some(thread_id) => self.with_thread(thread_id, |thread| thread.lost += 1),
            None => self.gaps += 1,
        }
    }

    /// No allocation for a thread that was seen before.
    fn with_thread(&mut self, thread_id: &str, change: impl FnOnce(&mut Thread)) {
        if !self.threads.contains_key(thread_id) {
            let mut thread = Box::<Thread>::default();
            thread.rows = rows::Rows::of(self.rows.of(thread_id));
            self.threads.insert(thread_id.to_owned(), thread);
        }
        let Some(thread) = self.threads.get_mut(thread_id) else {
            return;
        };
        let waited = thread.waits();
        change(thread);
        match (waited, thread.waits()) {
            (false, true) => self.waiting += 1,
            (true, false) => self.waiting -= 1,
            (false, false) | (true, true) => {}
        }
    }

    /// Whether the line may be an event of a thread that waits for one: if it is not certain, it may.
    fn is_waited_for(&self, line: &[u8]) -> bool {
        #[cfg(test)]
        if self.is_deaf {
            return false;
        }
        let Some(thread_id) = only_thread(line) else {
            return true;
        };
        self.threads
            .get(thread_id)
            .is_some_and(|thread| thread.waits())
    }

    /// The set ends: what was waiting for proof is told as it stands, and each thread that was named is counted.
    pub(in crate::audit) fn finish(
        self,
        findings: &mut Vec<Finding>,
        mut count: impl FnMut(String),
    ) {
        let mut threads: Vec<_> = self.threads.into_iter().collect();
        threads.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (thread_id, thread) in threads {
            let mut notes = Notes {
                thread_id: &thread_id,
                findings,
            };
            thread.finish(self.gaps, &mut notes);
            count(thread_id);
        }
    }
}

/// The thread of a record of the host's, if it is one of those that an audit reads.
pub(in crate::audit) fn thread_of_record(line: &[u8]) -> Option<String> {
    let record = host::may_matter(line).then(|| host::read(line))??;
    Some(record.thread_id.to_string())
}

/// Whether a file should be read; says so where not.
pub(in crate::audit) fn is_wanted(
    file: &LogFile,
    diagnostics: &mut impl Write,
) -> io::Result<bool> {
    let is_wanted = file.is_wanted()?;
    if !is_wanted {
        let _ = writeln!(
            diagnostics,
            "{}: passed over, it does not look like a log of events",
            file.path.display()
        );
    }
    Ok(is_wanted)
}

/// The text of the one `threadId` of a line; `None` if there is none or another one, or if it is spelled with escapes.
pub(in crate::audit) fn only_thread(line: &[u8]) -> Option<&str> {
    const KEY: &[u8] = b"\"threadId\":\"";
    let at = memmem::find(line, KEY)?;
    let rest = &line[at + KEY.len()..];
    let (thread_id, rest) = rest.split_at_checked(memchr::memchr(b'"', rest)?)?;
    let is_only = memmem::find(rest, &KEY[..KEY.len() - 2]).is_none();
    let is_plain = memchr::memchr(b'\\', thread_id).is_none();
    (is_only && is_plain)
        .then(|| std::str::from_utf8(thread_id).ok())
        .flatten()
}

/// Whether R1 to R8 have a say on it.
fn decides(event: &Event) -> bool {
    !matches!(event, Event::WorkObserved { .. } | Event::Noticed)
}

/// Whether a record that is passed over is JSON all the same.
fn strictly(line: &[u8]) -> Result<(), String> {
    let start = memchr::memchr(b'{', line).ok_or("the line holds no record")?;
    std::str::from_utf8(line).map_err(|why| {
        format!(
            "the line is not UTF-8 from byte {} on",
            why.valid_up_to() + 1
        )
    })?;
    serde_json::from_slice::<IgnoredAny>(&line[start..])
        .map(|_| ())
        .map_err(|why| format!("the record of the line is not JSON: {why}"))
}
