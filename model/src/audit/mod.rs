//! Reads the logs and databases of real hosts, and reports every violation with its place.
//!
//! A log is folded by the shipped rules, thread by thread, and held against what the host itself wrote down. A database
//! is asked where its tables disagree. What lines missing by design would explain is a hint, not a finding: a host's logs
//! are best effort, rotated by two writers apart, and cut.

mod database;
mod files;
mod finding;
pub mod generate;
mod kept;
mod log;
mod merge;
mod parts;
mod report;
pub(crate) mod time;
mod zstd;

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rusqlite::ffi;
use serde::{Deserialize, Serialize};

use crate::replay::printable;
use database::Rows;
use files::{Inputs, LogFile};
pub use files::{LONGEST_LINE, open};
pub use finding::{Beside, Check, Finding, Place, Severity, table_of_checks};
pub use kept::NotKept;
pub use log::end_with_sentence;
use log::{AuditRun, Care, Complaints, Log, Sieve};
pub use merge::BadPart;
pub use parts::BadRecords;

/// What to audit, and how.
#[derive(Clone, Debug)]
pub struct Audit {
    /// Files and folders; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// Every byte of every line must be sound, also of those that are passed over.
    pub strict: bool,
    /// Every line is read in full, none is passed over: slow, and what the quick way is held against.
    pub in_full: bool,
    /// How many threads look at a log; the answer does not depend on it.
    pub threads: usize,
    /// Plain files of 64 MiB and more are mapped and not read, where that can be done (Linux): faster. Whoever cuts such a file short meanwhile
    /// ends the process with the signal SIGBUS; see [`end_with_sentence`].
    pub mapped: bool,
    /// The time from which ages in a database count; the newest that stands in it, if none is given.
    pub at: Option<String>,
    /// From how many minutes on stored work counts as old.
    pub old_minutes: u32,
}

/// What an audit met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Files that were read, databases among them.
    pub files: u64,
    /// Lines, blank ones too.
    pub lines: u64,
    /// Events of providers that R1 to R8 know; work counts for none of them.
    pub events: u64,
    /// Threads of such events, of the host's records, of bad lines and of rows.
    pub threads: u64,
    /// Lines that could not be read.
    pub invalid: u64,
    /// Lines of which no more was looked at than both ends, or the label, and whether anything in them can change what is
    /// found; nobody knows whether they are sound. 0 where the audit is strict.
    pub skimmed: u64,
    /// Files that could not be read, or not to their end.
    pub unreadable: u64,
    /// Lines that are blank: nothing in them can be judged. Left out of JSON where there are none.
    #[serde(default, skip_serializing_if = "is_none")]
    pub blank: u64,
    /// Rows of databases that could not be judged, such as a session in a status that nobody knows. Left out of JSON
    /// where there are none.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unjudged: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audited {
    /// Findings and hints, by file and place.
    pub findings: Vec<Finding>,
    /// What was met.
    #[serde(flatten)]
    pub totals: Totals,
    /// The writes that would mend the databases, as SQL.
    #[serde(skip)]
    pub repairs: Vec<String>,
}

/// How many files cannot be read; each is named when it is counted.
#[derive(Default)]
struct Unreadable(u64);

impl Unreadable {
    fn tell(&mut self, path: &Path, why: &dyn fmt::Display, diagnostics: &mut impl Write) {
        self.0 += 1;
        let _ = writeln!(diagnostics, "{}: cannot be read: {why}", name_of(path));
    }
}

/// The order in which the files were read, and of each file that of its lines.
fn sort_in(files: &[LogFile], findings: &mut [Finding]) {
    let order = |file: &str| {
        files
            .iter()
            .position(|known| known.path.as_os_str() == file)
    };
    findings.sort_by_cached_key(|finding| {
        let Finding {
            file,
            place,
            thread_id,
            check,
            ..
        } = finding;
        (order(file), place.clone(), thread_id.clone(), *check)
    });
}

/// How a path is told to whoever watches.
fn name_of(path: &Path) -> String {
    printable(&path.display().to_string())
}

impl Audit {
    /// An audit of these paths, with the bounds that fit most.
    #[must_use]
    pub fn of(paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self {
            paths: paths.into_iter().map(Into::into).collect(),
            strict: false,
            in_full: false,
            threads: 1,
            mapped: false,
            at: None,
            old_minutes: 30,
        }
    }

    /// Reads everything once. What cannot be read is named in `diagnostics` and counted; the rest is read all the same.
    ///
    /// Needs memory for the threads of one set of rotated files at a time, and for what it finds.
    ///
    /// ```
    /// use session_lifecycle_model::audit::Audit;
    ///
    /// let folder = std::env::temp_dir().join("session-lifecycle-doc");
    /// std::fs::create_dir_all(&folder)?;
    /// let log = folder.join("th-1.log");
    /// std::fs::write(&log, r#"{"type":"thread.session-set","aggregateId":"th-1","payload":{"session":{"status":"ready","activeTurnId":"t1"}}}"#)?;
    ///
    /// let audited = Audit::of([&log]).run(&mut Vec::new());
    /// assert_eq!(audited.findings[0].property, "S1");
    /// assert_eq!(audited.findings[0].sentence(), "line 1: the host stored a session that is ready and points at turn t1");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn run(&self, diagnostics: &mut impl Write) -> Audited {
        let mut audited = Audited::default();
        let mut threads = BTreeSet::new();
        let mut unreadable = Unreadable::default();
        let inputs = Inputs::gather(&self.paths, |path, why| {
            unreadable.tell(path, why, diagnostics)
        });
        inputs.tell_barren(diagnostics);
        let sieve = self.sieve();
        let opened = Opened::all(&inputs.databases);
        let mut rows = Rows::default();
        let held = opened.iter().enumerate();
        for (order, database) in held.filter(|_| !inputs.sets.is_empty()) {
            if let Err(why) = database.add_rows(&mut rows, order, self) {
                let path = name_of(database.path);
                let _ = writeln!(diagnostics, "{path}: no log is held against it: {why}");
            }
        }
        let rows = Rc::new(rows);
        for files in inputs.sets.values() {
            let mut findings = Vec::new();
            let mut log = Log::beside(&rows);
            let mut reading = AuditRun {
                sieve: &sieve,
                threads: self.threads,
                mapped: self.mapped,
                totals: &mut audited.totals,
                findings: &mut findings,
                diagnostics,
                complaints: &mut Complaints::default(),
            };
            log.read(files, &mut reading, &mut unreadable);
            log.finish(&mut findings, |thread_id| {
                threads.insert(thread_id);
            });
            sort_in(files, &mut findings);
            audited.findings.append(&mut findings);
        }
        for opened in opened {
            self.read_database(
                opened,
                &mut audited,
                &mut threads,
                &mut unreadable,
                diagnostics,
            );
        }
        audited.totals.threads = threads.len() as u64;
        audited.totals.unreadable = unreadable.0;
        audited
    }

    fn sieve(&self) -> Sieve {
        let care = match (self.in_full, self.strict) {
            (true, _) => Care::InFull,
            (false, true) => Care::Strict,
            (false, false) => Care::Needed,
        };
        let mut sieve = Sieve::new(care);
        sieve.strict = self.strict;
        sieve
    }

    fn read_database(
        &self,
        opened: Opened<'_>,
        audited: &mut Audited,
        threads: &mut BTreeSet<String>,
        unreadable: &mut Unreadable,
        diagnostics: &mut impl Write,
    ) {
        let Opened {
            path,
            named,
            database,
            has_others,
        } = opened;
        let read = database.and_then(|database| {
            let name = path.display().to_string();
            database::ask(&database.connection, &name, self)
        });
        match read {
            Ok(answer) if answer.is_foreign && !named => {
                let _ = writeln!(
                    diagnostics,
                    "{}: passed over, it is not a database of T3 Code",
                    name_of(path)
                );
            }
            Ok(answer) if answer.is_foreign => {
                let why = "it is a database, and holds none of the tables of T3 Code";
                unreadable.tell(path, &why, diagnostics);
            }
            Ok(mut answer) => {
                for note in &answer.notes {
                    let _ = writeln!(diagnostics, "{}: {}", name_of(path), printable(note));
                }
                audited.totals.files += 1;
                audited.totals.unjudged += answer.unjudged;
                audited.findings.append(&mut answer.findings);
                if has_others && !answer.repairs.is_empty() {
                    audited
                        .repairs
                        .push(format!("-- For {} alone:", name_of(path)));
                }
                audited.repairs.append(&mut answer.repairs);
                threads.append(&mut answer.threads);
            }
            Err(why) => unreadable.tell(path, &why, diagnostics),
        }
    }
}

/// A database, open if it can be.
struct Opened<'a> {
    path: &'a Path,
    named: bool,
    database: Result<database::Database, BadDatabase>,
    /// It is not the only one.
    has_others: bool,
}

impl<'a> Opened<'a> {
    fn all(databases: &'a [(PathBuf, bool)]) -> Vec<Self> {
        let open = |(path, named): &'a (PathBuf, bool)| Self {
            path,
            named: *named,
            database: database::open(path),
            has_others: databases.len() > 1,
        };
        databases.iter().map(open).collect()
    }

    /// Adds what logs are held against. Why a database cannot be opened is told when it is asked.
    fn add_rows(&self, rows: &mut Rows, order: usize, audit: &Audit) -> Result<(), BadDatabase> {
        let Ok(database) = &self.database else {
            return Ok(());
        };
        let name = self.path.display().to_string();
        rows.add(&database.connection, (&name, order), audit)
    }
}

impl Audited {
    /// 2 if anything could not be read, or a row not judged, for then nobody knows what else there is; else 3 if there was nothing to judge;
    /// else 1 if there are findings; else 0. Hints do not count.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let Totals {
            invalid,
            unreadable,
            unjudged,
            ..
        } = self.totals;
        if invalid > 0 || unreadable > 0 || unjudged > 0 {
            2
        } else if self.is_empty() {
            3
        } else {
            u8::from(self.count(Severity::Finding) > 0)
        }
    }

    /// Whether there was nothing to judge: no line but blank ones, and no row of a thread. That proves nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.totals.lines == self.totals.blank && self.totals.threads == 0
    }

    /// How many there are of one severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

/// Whether a text is a time that an audit can count from.
#[must_use]
pub fn is_time(text: &str) -> bool {
    time::instant(text).is_some()
}

/// A database that cannot be read: why, in a sentence.
#[derive(Debug)]
enum BadDatabase {
    Io(io::Error),
    Sql(rusqlite::Error),
    NotOne,
}

impl fmt::Display for BadDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(why) => why.fmt(f),
            Self::Sql(why) if is_cut_short(why) => f.write_str(CUT_SHORT),
            Self::Sql(why) => why.fmt(f),
            Self::NotOne => f.write_str("it is not a SQLite database"),
        }
    }
}

/// Whether a journal lies beside the database that SQLite would have to carry out, were it allowed to write.
fn is_cut_short(why: &rusqlite::Error) -> bool {
    why.sqlite_error()
        .is_some_and(|why| why.extended_code == ffi::SQLITE_READONLY_ROLLBACK)
}

const CUT_SHORT: &str = "its last write was cut short, and only a program that may write can undo it: open a copy of it \
                         and of its journal with `sqlite3` once, and audit that";

impl From<io::Error> for BadDatabase {
    fn from(why: io::Error) -> Self {
        Self::Io(why)
    }
}

impl From<rusqlite::Error> for BadDatabase {
    fn from(why: rusqlite::Error) -> Self {
        Self::Sql(why)
    }
}
