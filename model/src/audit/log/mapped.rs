//! A window of a large file: its bytes where the kernel keeps them, which a read would copy.
//!
//! Whoever cuts a file short while it is mapped ends the program that looks at it with a signal. So only what no host known still
//! writes is mapped (`Cut::of`), and the kernel is asked for all of a window before any of it is looked at: what has been cut
//! off by then, or what the disk does not give, is an error, and is told like one of a read. What is left is a file that is
//! cut short in the fraction of a millisecond in which a window is looked at.
#![cfg_attr(target_os = "linux", allow(unsafe_code))]

use std::fs::File;
use std::ops::Deref;

/// Bytes of a file that are mapped.
#[derive(Debug)]
pub(super) struct Window(
    #[cfg(target_os = "linux")] memmap2::Mmap,
    #[cfg(not(target_os = "linux"))] std::convert::Infallible,
);

impl Window {
    /// The bytes from `start` on, if there are so many, and all of them are there.
    #[cfg(target_os = "linux")]
    pub(super) fn of(file: &File, start: u64, size: usize) -> Option<Self> {
        if file.metadata().ok()?.len() < start + size as u64 {
            return None;
        }
        let mut window = memmap2::MmapOptions::new();
        window.offset(start).len(size);
        // SAFETY: the bytes must stay what they are while the window is looked at. A log is only appended to; a large one is
        // no longer written at all. Nothing here relies on a byte that was looked at once for where it looks next: every
        // access is within the slice, whatever the slice says.
        let window = unsafe { window.map(file) }.ok()?;
        window.advise(memmap2::Advice::PopulateRead).ok()?;
        Some(Self(window))
    }

    /// Elsewhere the kernel cannot be asked whether all of the bytes are there: none is mapped.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of(_: &File, _: u64, _: usize) -> Option<Self> {
        None
    }
}

impl Deref for Window {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        #[cfg(target_os = "linux")]
        return &self.0;
        #[cfg(not(target_os = "linux"))]
        match self.0 {}
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_the_bytes_of_its_place_and_none_where_some_are_missing() {
        let name = format!("session-lifecycle-window-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, b"abcdefgh".repeat(1024)).unwrap();
        let file = File::options().read(true).write(true).open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let window = |start, size| Window::of(&file, start, size);
        assert_eq!(&*window(3, 5).unwrap(), b"defgh");
        assert_eq!(&*window(8190, 2).unwrap(), b"gh");
        assert!(window(8190, 3).is_none());
        assert!(window(9000, 1).is_none());
        file.set_len(4).unwrap();
        assert!(window(3, 5).is_none());
        assert_eq!(&*window(0, 4).unwrap(), b"abcd");
    }
}
