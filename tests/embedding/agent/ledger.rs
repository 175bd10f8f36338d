//! What an agent really did.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The truth: what the agent did, in a file that it only ever appends to.
pub(super) struct Ledger {
    file: File,
    path: PathBuf,
}

impl Ledger {
    pub(super) fn open(home: &Path) -> io::Result<Self> {
        let path = home.join("ledger");
        let file = File::options().create(true).append(true).open(&path)?;
        Ok(Self { file, path })
    }

    pub(super) fn write(&self, entry: &str) {
        let line = format!("{entry}\n");
        (&self.file)
            .write_all(line.as_bytes())
            .expect("a ledger to write to");
    }

    pub(super) fn count(&self, word: &str) -> usize {
        let entries = fs::read_to_string(&self.path).expect("a ledger to read");
        entries
            .lines()
            .filter(|line| line.split(' ').next() == Some(word))
            .count()
    }
}
