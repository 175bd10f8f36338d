//! The logs of one set, read once from the oldest line to the newest.

mod asleep;
mod blocks;
mod complaints;
mod conflict;
mod file;
mod host;
mod lines;
#[cfg_attr(not(target_os = "linux"), path = "unmapped.rs")]
mod mapped;
mod prefetch;
mod read;
mod records;
mod refused;
mod rows;
mod scan;
mod seen;
mod sieve;
mod sound;
mod stored;
mod thread;
mod threads;
mod unreported;
#[cfg(test)]
mod ways;
mod workers;

use std::io::{self, Write};
use std::rc::Rc;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use session_lifecycle::Event;
use session_lifecycle::t3::{BadLine, RuntimeEvent};

use crate::audit::database::Rows;
use crate::audit::files::{Input, LogFile};
use crate::audit::finding::Finding;
use crate::audit::{Totals, Unreadable, name_of};
use blocks::{Blocks, Cut};
pub(in crate::audit) use complaints::Complaints;
use host::HostRecord;
pub(in crate::audit) use host::status;
use mapped::MappedFile;
pub use mapped::end_with_sentence;
use read::ReadLine;
pub(in crate::audit) use records::read_records;
pub(in crate::audit) use seen::finding_unless;
use seen::{Notes, Seen};
pub(in crate::audit) use sieve::{Care, Sieve};
use thread::Thread;
use threads::Threads;

/// The threads of a set of files that continue one another.
#[derive(Debug, Default)]
pub(in crate::audit) struct Log {
    threads: Threads,
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
pub(in crate::audit) struct AuditRun<'a, W> {
    pub(in crate::audit) sieve: &'a Sieve,
    pub(in crate::audit) threads: usize,
    pub(in crate::audit) mapped: bool,
    pub(in crate::audit) totals: &'a mut Totals,
    pub(in crate::audit) findings: &'a mut Vec<Finding>,
    pub(in crate::audit) diagnostics: &'a mut W,
    pub(in crate::audit) complaints: &'a mut Complaints,
}

impl<W: Write> AuditRun<'_, W> {
    /// Counts lines of which both ends, or the label, were enough. A few of them are read all the same, where a file begins
    /// or a thread is in doubt; they are counted too, so that parts of a log and the whole give one number.
    fn skimmed(&mut self, lines: u64) {
        if self.sieve.care == Care::Needed {
            self.totals.skimmed += lines;
        }
    }

    fn bad(&mut self, place: (&str, u64), why: &dyn std::fmt::Display) {
        self.totals.invalid += 1;
        self.complaints.add(place, why, self.diagnostics);
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
        reading: &mut AuditRun<'_, W>,
        unreadable: &mut Unreadable,
    ) {
        let mut before: Option<&LogFile> = None;
        for file in files {
            match is_wanted(file, files, reading.diagnostics) {
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
            let read = Input::of(&file.path).and_then(|input| {
                reading.totals.files += 1;
                let cut = if reading.mapped {
                    Cut::of(&input, reading.threads)
                } else {
                    Cut::READ
                };
                let named = || MappedFile::named(super::name_of(&file.path));
                let _mapped = cut.is_mapped.then(named);
                self.read_file(Blocks::of(input, cut), &name, reading)
            });
            if let Err(why) = read {
                unreadable.tell(&file.path, &why, reading.diagnostics);
                self.gaps += 1;
            }
        }
    }

    /// Reads a line in full; whether it is one of a log of events. One that `decides` is one that the sieve asked for.
    fn read_line<W: Write>(
        &mut self,
        line: &[u8],
        (name, number): (&Rc<str>, u64),
        decides: bool,
        reading: &mut AuditRun<'_, W>,
    ) -> bool {
        let read = reading.sieve.read(line);
        // Its label was enough.
        reading.skimmed(u64::from(decides && matches!(read, ReadLine::Aside)));
        self.take(&read, name, number, reading)
    }

    /// Takes note of what a line says; whether it is one of a log of events.
    fn take<W: Write>(
        &mut self,
        read: &ReadLine,
        name: &Rc<str>,
        number: u64,
        reading: &mut AuditRun<'_, W>,
    ) -> bool {
        match read {
            ReadLine::Blank => {
                reading.totals.blank += 1;
                return false;
            }
            ReadLine::Event(event) => self.event(event, name, number, reading),
            ReadLine::Host(record) => self.host(record, name, number, reading),
            ReadLine::Aside => {}
            ReadLine::Unsound(why, is_lost) => {
                reading.bad((name, number), why);
                // The host may have said anything in it.
                self.gaps += u64::from(*is_lost);
                return false;
            }
            ReadLine::Bad(bad) => {
                self.bad(bad, name, number, reading);
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
        reading: &mut AuditRun<'_, W>,
    ) {
        let decides = decides(&event.event);
        if !decides && !self.threads.contains(&event.thread_id) {
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

    fn host<W: Write>(
        &mut self,
        record: &HostRecord,
        name: &Rc<str>,
        number: u64,
        reading: &mut AuditRun<'_, W>,
    ) {
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
        reading: &mut AuditRun<'_, W>,
    ) {
        reading.bad((name, number), bad);
        match &bad.thread_id {
            Some(thread_id) => self.with_thread(thread_id, |thread| thread.lost += 1),
            None => self.gaps += 1,
        }
    }

    fn with_thread(&mut self, thread_id: &str, change: impl FnOnce(&mut Thread)) {
        let waits = self.threads.with(thread_id, &self.rows, |thread| {
            let waited = thread.waits();
            change(thread);
            (waited, thread.waits())
        });
        match waits {
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
        self.threads.waits(thread_id)
    }

    /// The set ends: what was waiting for proof is told as it stands, and each thread that was named is counted.
    pub(in crate::audit) fn finish(
        self,
        findings: &mut Vec<Finding>,
        mut count: impl FnMut(String),
    ) {
        self.threads.finish(|thread_id, thread| {
            if let Some(thread) = thread {
                let mut notes = Notes {
                    thread_id: &thread_id,
                    findings,
                };
                thread.finish(self.gaps, &mut notes);
            }
            count(thread_id.into_string());
        });
    }
}

/// The thread of a record of the host's, if it is one of those that an audit reads.
pub(in crate::audit) fn thread_of_record(line: &[u8]) -> Option<String> {
    let record = host::may_matter(line).then(|| host::read(line))??;
    Some(record.thread_id.to_string())
}

/// Whether a file of a set should be read; says so where not.
pub(in crate::audit) fn is_wanted(
    file: &LogFile,
    set: &[LogFile],
    diagnostics: &mut impl Write,
) -> io::Result<bool> {
    let is_wanted = file.is_wanted(set)?;
    if !is_wanted {
        let _ = writeln!(
            diagnostics,
            "{}: passed over, it does not look like a log of T3 Code's events",
            name_of(&file.path)
        );
    }
    Ok(is_wanted)
}

/// The text of the one `threadId` of a line; `None` if there is none or another one, or if it is spelled with escapes.
pub(in crate::audit) fn only_thread(line: &[u8]) -> Option<&str> {
    const KEY: &[u8] = b"\"threadId\"";
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(KEY));
    let at = FINDER.find(line)?;
    let rest = line[at + KEY.len()..].strip_prefix(b":\"")?;
    let (thread_id, rest) = rest.split_at_checked(memchr::memchr(b'"', rest)?)?;
    let is_only = FINDER.find(rest).is_none();
    let is_plain = memchr::memchr(b'\\', thread_id).is_none();
    (is_only && is_plain)
        .then(|| std::str::from_utf8(thread_id).ok())
        .flatten()
}

/// Whether R1 to R8 have a say on it.
fn decides(event: &Event) -> bool {
    !matches!(event, Event::WorkObserved { .. } | Event::Noticed)
}
