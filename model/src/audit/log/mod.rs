//! The logs of one set, read once from the oldest line to the newest.

mod host;
mod seen;
mod stored;
mod thread;

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::rc::Rc;

use serde::de::IgnoredAny;
use session_lifecycle::t3::{BadLine, Line, PassedOver, read_bytes};

use crate::audit::files::{LogFile, open};
use crate::audit::finding::Finding;
use crate::audit::{Totals, Unreadable};
use crate::replay::lines::{LIMIT, Lines, Next};
pub(in crate::audit) use host::status;
use seen::{Notes, Seen};
use thread::Thread;

/// The threads of a set of files that continue one another.
#[derive(Debug, Default)]
pub(in crate::audit) struct Log {
    threads: BTreeMap<String, Box<Thread>>,
    /// Places so far where lines of any thread may be missing.
    gaps: u64,
}

/// What reading a set needs beside it.
pub(in crate::audit) struct Reading<'a, W> {
    pub(in crate::audit) strict: bool,
    pub(in crate::audit) totals: &'a mut Totals,
    pub(in crate::audit) findings: &'a mut Vec<Finding>,
    pub(in crate::audit) diagnostics: &'a mut W,
}

impl<W: Write> Reading<'_, W> {
    fn bad(&mut self, file: &str, line: u64, why: &dyn std::fmt::Display) {
        self.totals.invalid += 1;
        // Diagnostics are for whoever watches; the answer does not depend on them.
        let _ = writeln!(self.diagnostics, "{file}:{line}: {why}");
    }
}

impl Log {
    /// Reads the files in their order. One that cannot be read is told, leaves a gap, and the next one is read.
    pub(in crate::audit) fn read<W: Write>(
        &mut self,
        files: &[LogFile],
        reading: &mut Reading<'_, W>,
        unreadable: &mut Unreadable<'_>,
    ) {
        let mut before: Option<&LogFile> = None;
        for file in files {
            match file.is_wanted() {
                Ok(true) => {}
                Ok(false) => {
                    let _ = writeln!(
                        reading.diagnostics,
                        "{}: passed over, it does not look like a log of events",
                        file.path.display()
                    );
                    continue;
                }
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
            let read = open(&file.path).and_then(|mut input| {
                reading.totals.files += 1;
                self.read_file(&mut *input, &name, reading)
            });
            if let Err(why) = read {
                unreadable.tell(&file.path, &why, reading.diagnostics);
                self.gaps += 1;
            }
        }
    }

    fn read_file<W: Write>(
        &mut self,
        mut input: &mut dyn BufRead,
        name: &Rc<str>,
        reading: &mut Reading<'_, W>,
    ) -> io::Result<()> {
        let mut lines = Lines::of(&mut input);
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            let next = match lines.next(&mut line, || Ok(())) {
                Ok(next) => next,
                Err(crate::replay::Failed::Read(why) | crate::replay::Failed::Write(why, _)) => {
                    return Err(why);
                }
            };
            number += 1;
            match next {
                Next::End => return Ok(()),
                Next::Line => self.read_line(&line, name, number, reading),
                Next::TooLong => self.bad(&BadLine::too_long(LIMIT), name, number, reading),
            }
            reading.totals.lines += 1;
        }
    }

    fn read_line<W: Write>(
        &mut self,
        line: &[u8],
        name: &Rc<str>,
        number: u64,
        reading: &mut Reading<'_, W>,
    ) {
        match read_bytes(line) {
            Ok(Line::Blank) => {}
            Ok(Line::Event(event)) => {
                reading.totals.events += 1;
                let gaps = self.gaps;
                let thread = self.thread(&event.thread_id);
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
                thread.event(&event, &seen, &mut notes);
            }
            Ok(Line::PassedOver(why)) => {
                if reading.strict
                    && let Err(why) = strictly(line)
                {
                    return reading.bad(name, number, &why);
                }
                if why == PassedOver::Orchestration && host::may_matter(line) {
                    self.read_host(line, name, number, reading);
                }
            }
            Err(bad) => self.bad(&bad, name, number, reading),
        }
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
        let thread = self.thread(&record.thread_id);
        let seen = Seen::new(name, number, record.time.as_deref(), gaps + thread.lost);
        let mut notes = Notes {
            thread_id: &record.thread_id,
            findings: reading.findings,
        };
        thread.host(&record.fact, &seen, &mut notes);
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
            Some(thread_id) => self.thread(thread_id).lost += 1,
            None => self.gaps += 1,
        }
    }

    /// No allocation for a thread that was seen before.
    fn thread(&mut self, thread_id: &str) -> &mut Thread {
        if !self.threads.contains_key(thread_id) {
            self.threads.insert(thread_id.to_owned(), Box::default());
        }
        self.threads.get_mut(thread_id).expect("inserted above")
    }

    /// The set ends: what was waiting for proof is told as it stands, and each thread that was named is counted.
    pub(in crate::audit) fn finish(
        self,
        findings: &mut Vec<Finding>,
        mut count: impl FnMut(String),
    ) {
        for (thread_id, thread) in self.threads {
            let mut notes = Notes {
                thread_id: &thread_id,
                findings,
            };
            thread.finish(&mut notes);
            count(thread_id);
        }
    }
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
