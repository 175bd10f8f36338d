//! An audit in parts: what there is to read, told to whoever reads it instead; the rows of databases, taken along; and the
//! lines that come back.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Write};

use serde::Serialize;

use super::database::{RowRecord, each_row};
use super::files::{Inputs, LogFile};
use super::log::{self, read_records};
use super::{Audit, Audited, BadDatabase, Opened, Unreadable, name_of};

/// A file of logs, for whoever reads it instead.
#[derive(Serialize)]
struct ListedFile<'a> {
    set: usize,
    order: usize,
    gaps: u64,
    file: &'a str,
}

/// Records that cannot be read: which, and why, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRecords(pub(super) String);

impl fmt::Display for BadRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadRecords {}

impl Audit {
    /// Reads lines that something else has read, each a JSON object with its place, after the rows of their threads
    /// (`docs/scale.md`): a part of a set of logs that holds all of each of its threads. The answers of all parts make one
    /// with [`Audited::merge`].
    ///
    /// # Errors
    ///
    /// A record is none, or does not stand in its order.
    pub fn run_records(
        &self,
        input: &mut impl BufRead,
        diagnostics: &mut impl Write,
    ) -> Result<Audited, BadRecords> {
        read_records(input, &self.sieve(), diagnostics)
    }

    /// Audits the databases alone, and writes down the rows that logs are held against, a JSON object each, for
    /// [`run_records`](Self::run_records) to read them before the lines of their threads.
    ///
    /// # Errors
    ///
    /// The rows cannot be written.
    pub fn run_rows(
        &self,
        rows: &mut impl Write,
        diagnostics: &mut impl Write,
    ) -> io::Result<Audited> {
        let mut audited = Audited::default();
        let mut threads = BTreeSet::new();
        let mut unreadable = Unreadable::default();
        let inputs = Inputs::gather(&self.paths, |path, why| {
            unreadable.tell(path, why, diagnostics);
        });
        inputs.tell_barren(diagnostics);
        for (order, opened) in Opened::all(&inputs.databases).into_iter().enumerate() {
            if let Err(why) = opened.write_rows(order, self, rows)? {
                let path = name_of(opened.path);
                let _ = writeln!(diagnostics, "{path}: no log is held against it: {why}");
            }
            self.read_database(
                opened,
                &mut audited,
                &mut threads,
                &mut unreadable,
                diagnostics,
            );
        }
        rows.flush()?;
        audited.totals.threads = threads.len() as u64;
        audited.totals.unreadable = unreadable.0;
        Ok(audited)
    }

    /// The files that would be read, in their order, for whoever reads them instead: a JSON object each, with the set of
    /// files that continue one another, its order in that, and between how many files before it lines may be missing.
    ///
    /// # Errors
    ///
    /// None that is known: every key is a text.
    pub fn files(&self, diagnostics: &mut impl Write) -> serde_json::Result<(String, bool)> {
        let mut unreadable = Unreadable::default();
        let inputs = Inputs::gather(&self.paths, |path, why| {
            unreadable.tell(path, why, diagnostics);
        });
        inputs.tell_barren(diagnostics);
        let mut text = String::new();
        for (set, files) in inputs.sets.values().enumerate() {
            let mut before: Option<&LogFile> = None;
            let mut gaps = 0;
            for (order, file) in files.iter().enumerate() {
                // One that was named is wanted whatever it looks like; that it is there has to be seen.
                let wanted = log::is_wanted(file, files, diagnostics).and_then(|wanted| {
                    if wanted && file.path.as_os_str() != "-" {
                        File::open(&file.path)?;
                    }
                    Ok(wanted)
                });
                match wanted {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(why) => {
                        unreadable.tell(&file.path, &why, diagnostics);
                        gaps += 1;
                        continue;
                    }
                }
                gaps += u64::from(before.is_some_and(|before| !before.leads_on_to(file)));
                before = Some(file);
                let file = &*file.path.display().to_string();
                text += &serde_json::to_string(&ListedFile {
                    set,
                    order,
                    gaps,
                    file,
                })?;
                text.push('\n');
            }
        }
        Ok((text, unreadable.0 == 0))
    }
}

impl Opened<'_> {
    /// Why a database cannot be opened is told when it is asked.
    fn write_rows(
        &self,
        order: usize,
        audit: &Audit,
        out: &mut impl Write,
    ) -> io::Result<Result<(), BadDatabase>> {
        let Ok(database) = &self.database else {
            return Ok(Ok(()));
        };
        let name = self.path.display().to_string();
        let mut written = Ok(());
        let read = each_row(
            &database.connection,
            (&name, order),
            audit,
            |source, row| {
                let database = source;
                let record = serde_json::to_string(&RowRecord { database, row });
                written = record
                    .map_err(io::Error::from)
                    .and_then(|record| writeln!(out, "{record}"));
                match &written {
                    Ok(()) => Ok(()),
                    Err(why) => Err(BadDatabase::Io(why.kind().into())),
                }
            },
        );
        written.map(|()| read)
    }
}
