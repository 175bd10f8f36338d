//! In place of `mapped`, where a kernel cannot be asked whether all of a window is there: every file is read.

use std::convert::Infallible;
use std::ops::Deref;

/// Bytes of a file that are mapped: none are.
#[derive(Debug)]
pub(super) struct Window(Infallible);

impl Window {
    #[cfg(unix)]
    pub(super) fn of(_: &std::fs::File, _: u64, _: usize) -> Option<Self> {
        None
    }
}

impl Deref for Window {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self.0 {}
    }
}

/// A file that is mapped piece by piece: none is.
pub(super) struct MappedFile(());

impl MappedFile {
    pub(super) fn named(_: String) -> Self {
        Self(())
    }
}

/// Lets the whole process end with this exit code and a sentence where a large file is cut short while it is mapped. Here no file is
/// mapped, and there is nothing to do.
pub fn end_with_sentence(_: u8) {}
