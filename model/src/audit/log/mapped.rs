//! A window of a large file: its bytes where the kernel keeps them, which a read would copy.
//!
//! Whoever cuts a file short while it is mapped ends the program with a signal, as does a disk that fails. So what a host may still be
//! writing is read (`Cut::of`); the kernel is asked for all of a window before any of it is looked at, so that a
//! disk's failure is an error like one of a read; and for the rest a command can say which file it was.
#![cfg_attr(target_os = "linux", allow(unsafe_code))]

use std::fs::File;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, Ordering};

/// The name of the file that is mapped.
static NAME: AtomicPtr<String> = AtomicPtr::new(std::ptr::null_mut());
/// Whether a thread has begun to say so.
static IS_TOLD: AtomicBool = AtomicBool::new(false);
/// How the process ends where one is cut short.
static CODE: AtomicU8 = AtomicU8::new(0);

/// From now on this file is mapped. Its name is kept for good: a signal may ask for it at any time.
pub(super) fn begin(name: String) {
    NAME.store(Box::into_raw(Box::new(name)), Ordering::Release);
}

/// Lets the whole process end with this exit code and a sentence on standard error where a large file is cut short while an
/// [`Audit`](crate::audit::Audit) has it mapped, and not without a word. For commands: it is the process's one handler of SIGBUS
/// (Linux; elsewhere no file is mapped).
pub fn end_with_sentence(code: u8) {
    CODE.store(code, Ordering::Release);
    #[cfg(target_os = "linux")]
    {
        let handler = broke_off as extern "C" fn(libc::c_int) as libc::sighandler_t;
        // SAFETY: the handler does nothing but what a handler may do (signal-safety(7)): atomics, write, signal, pause, _exit.
        unsafe { libc::signal(libc::SIGBUS, handler) };
    }
}

#[cfg(target_os = "linux")]
extern "C" fn broke_off(_: libc::c_int) {
    let say = |text: &str| {
        // SAFETY: the bytes of a text, and their number. Nobody is left to hear that it failed.
        unsafe { libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), text.len()) };
    };
    // SAFETY: null, or a text that `begin` never gives back, and that nobody changes.
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
        // no longer written at all.
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
