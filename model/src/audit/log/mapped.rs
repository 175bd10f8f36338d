//! A window of a large file: its bytes where the kernel keeps them, which a read would copy.
//!
//! Whoever cuts a file short while it is mapped ends the program with a signal, as does a disk that fails. So what a host may still be
//! writing is read (`Cut::of`); the kernel is asked for all of a window before any of it is looked at, so that a
//! disk's failure is an error like one of a read; and for the rest a command can say which file it was.
#![allow(unsafe_code)]

use std::fs::File;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, Ordering};

/// The name of the file that is mapped.
static NAME: AtomicPtr<String> = AtomicPtr::new(std::ptr::null_mut());
/// Whether a thread has begun to say so.
static IS_TOLD: AtomicBool = AtomicBool::new(false);
/// How the process ends where one is cut short.
static CODE: AtomicU8 = AtomicU8::new(0);

/// A file that is mapped piece by piece, as long as this lives. Its name is never given back: a signal may ask for it at any time.
pub(super) struct MappedFile(());

impl MappedFile {
    pub(super) fn named(name: String) -> Self {
        NAME.store(Box::into_raw(Box::new(name)), Ordering::Release);
        Self(())
    }
}

impl Drop for MappedFile {
    fn drop(&mut self) {
        NAME.store(std::ptr::null_mut(), Ordering::Release);
    }
}

/// Lets the whole process end with this exit code and a sentence on standard error where a large file is cut short while an
/// [`Audit`](crate::audit::Audit) has it mapped, and not without a word. For commands: it is the process's one handler of SIGBUS
/// (Linux; elsewhere no file is mapped).
pub fn end_with_sentence(code: u8) {
    CODE.store(code, Ordering::Release);
    let handler = broke_off as extern "C" fn(libc::c_int) as libc::sighandler_t;
    // SAFETY: the handler does nothing but what a handler may do (signal-safety(7)): atomics, write, signal, pause, _exit.
    unsafe { libc::signal(libc::SIGBUS, handler) };
}

extern "C" fn broke_off(_: libc::c_int) {
    let say = |text: &str| {
        // SAFETY: the bytes of a text, and their number. Nobody is left to hear that it failed.
        unsafe { libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), text.len()) };
    };
    // SAFETY: null, or a text that `MappedFile` never gives back, and that nobody changes.
    let Some(name) = (unsafe { NAME.load(Ordering::Acquire).as_ref() }) else {
        // Not ours: it happens again, as if nobody had asked.
        // SAFETY: the default is no handler.
        unsafe { libc::signal(libc::SIGBUS, libc::SIG_DFL) };
        return;
    };
    if IS_TOLD.swap(true, Ordering::AcqRel) {
        // Another thread's window was cut short as well, and that thread ends the process.
        // SAFETY: it waits.
        unsafe { libc::pause() };
    }
    say(name);
    say(
        ": was cut short while it was audited, so that nothing is known of any input; audit it again\n",
    );
    // SAFETY: it ends the process, and runs nothing of it.
    unsafe { libc::_exit(CODE.load(Ordering::Acquire).into()) };
}

/// Bytes of a file that are mapped.
#[derive(Debug)]
pub(super) struct Window(memmap2::Mmap);

impl Window {
    /// The bytes from `start` on, if there are so many, and all of them are there.
    pub(super) fn of(file: &File, start: u64, size: usize) -> Option<Self> {
        if file.metadata().ok()?.len() < start + size as u64 {
            return None;
        }
        let mut window = memmap2::MmapOptions::new();
        window.offset(start).len(size);
        // SAFETY: the bytes must stay what they are while the window is looked at. A log is only appended to; a large one is
        // no longer written at all.
        let window = unsafe { window.map(file) }.ok()?;
        window.advise(memmap2::Advice::PopulateRead).ok()?;
        Some(Self(window))
    }
}

impl Deref for Window {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
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
