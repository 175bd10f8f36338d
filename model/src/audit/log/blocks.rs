//! An input as blocks of bytes, one after another, in memory that does not grow with it.
//!
//! A block ends wherever it is full, within a line as a rule. So a plain file has its blocks at places that are known before any
//! of it is read, and several threads read it at once; what was cut in two is put together by `Lines`.

use std::io::{self, ErrorKind, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::mapped::Window;
use crate::audit::files::Input;

/// How much is read at a time: small enough that a second look at it finds it in the processor's cache.
pub(super) const BLOCK: usize = 256 << 10;

/// How an input is cut into blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// How long a block is, in bytes.
    pub(super) size: usize,
    /// Full blocks of a file are mapped where that can be done, and not read.
    pub(super) is_mapped: bool,
}

impl Cut {
    pub(super) const READ: Self = Self {
        size: BLOCK,
        is_mapped: false,
    };

    /// For so many threads: up to four with 2 MiB a window; more of them share what four have, for two windows a thread and one
    /// more are there at once.
    const fn mapped(threads: usize) -> Self {
        let four_share = 8 << 20;
        Self {
            size: four_share / if threads < 4 { 4 } else { threads },
            is_mapped: true,
        }
    }

    /// From this size on, in bytes, a file is mapped. The hosts known rotate a log before it has a sixth of it: nobody writes to
    /// such a file any more, least of all from its beginning.
    const LARGE: u64 = 64 << 20;

    /// As it is best for the input, and so many threads.
    pub(super) fn of(input: &Input, threads: usize) -> Self {
        match input {
            #[cfg(unix)]
            Input::File(file) if file.metadata().is_ok_and(|file| file.len() >= Self::LARGE) => {
                Self::mapped(threads)
            }
            #[cfg(unix)]
            Input::File(_) => Self::READ,
            Input::Stream(_) => Self::READ,
        }
    }
}

/// Bytes that follow one another in the input.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Where they stand if they need not be read.
    window: Option<Window>,
    buffer: Vec<u8>,
    filled: usize,
}

impl Block {
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.window {
            Some(window) => window,
            None => self.buffer.get(..self.filled).unwrap_or_default(),
        }
    }

    /// Reads until the block is full; what was read counts even if the read after it failed.
    fn fill(
        &mut self,
        size: usize,
        mut read: impl FnMut(&mut [u8], usize) -> io::Result<usize>,
    ) -> io::Result<()> {
        self.window = None;
        self.buffer.resize(size, 0);
        self.filled = 0;
        while self.filled < size {
            match read(&mut self.buffer[self.filled..], self.filled) {
                Ok(0) => break,
                Ok(read) => self.filled += read,
                Err(why) if why.kind() == ErrorKind::Interrupted => {}
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }

    /// Takes what stands at that place of a file; all that is at its end, or cannot be mapped, is read.
    #[cfg(unix)]
    fn take(&mut self, file: &std::fs::File, start: u64, cut: Cut) -> io::Result<()> {
        use std::os::unix::fs::FileExt;
        self.window = None;
        if cut.is_mapped {
            self.window = Window::of(file, start, cut.size);
        }
        if self.window.is_some() {
            return Ok(());
        }
        self.fill(cut.size, |buffer, filled| {
            file.read_at(buffer, start + filled as u64)
        })
    }
}

/// Hands out the blocks of an input, each with its number, to as many threads as ask.
pub(super) struct Blocks {
    input: SharedInput,
    cut: Cut,
    handed_out: Mutex<HandedOut>,
}

enum SharedInput {
    Stream(Mutex<Box<dyn Read + Send>>),
    #[cfg(unix)]
    File(std::fs::File),
}

#[derive(Default)]
struct HandedOut {
    taken: u64,
    end: Option<InputEnd>,
}

/// The first block that could not be filled: nothing after it counts, a file that grows meanwhile notwithstanding.
struct InputEnd {
    at: u64,
    is_empty: bool,
    how: io::Result<()>,
}

impl Blocks {
    pub(super) fn of(input: Input, cut: Cut) -> Self {
        Self {
            input: match input {
                Input::Stream(stream) => SharedInput::Stream(Mutex::new(Box::new(stream))),
                #[cfg(unix)]
                Input::File(file) => SharedInput::File(file),
            },
            cut,
            handed_out: Mutex::default(),
        }
    }

    /// Fills the block with the bytes that come next, and says which block of the input it is; none after the end.
    ///
    /// What was read before a read failed is handed out like everything else.
    pub(super) fn next(&self, block: &mut Block) -> Option<u64> {
        let mut handed_out = self.handed_out();
        if handed_out.end.is_some() {
            return None;
        }
        let number = handed_out.taken;
        handed_out.taken += 1;
        let read = match &self.input {
            // Whoever takes the number reads: nobody else may come between.
            SharedInput::Stream(stream) => {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                block.fill(self.cut.size, |buffer, _| stream.read(buffer))
            }
            #[cfg(unix)]
            SharedInput::File(file) => {
                drop(handed_out);
                let read = block.take(file, number * self.cut.size as u64, self.cut);
                handed_out = self.handed_out();
                read
            }
        };
        let is_first = handed_out.end.as_ref().is_none_or(|end| number < end.at);
        let length = block.bytes().len();
        if is_first && (read.is_err() || length < self.cut.size) {
            handed_out.end = Some(InputEnd {
                at: number,
                is_empty: length == 0,
                how: read,
            });
        }
        (length > 0).then_some(number)
    }

    /// How many blocks there are, once that is known.
    pub(super) fn count(&self) -> Option<u64> {
        let handed_out = self.handed_out();
        let end = handed_out.end.as_ref()?;
        Some(end.at + u64::from(!end.is_empty))
    }

    /// As if whoever took that block had found it empty.
    #[cfg(test)]
    pub(super) fn end_at(&self, at: u64) {
        self.handed_out().end = Some(InputEnd {
            at,
            is_empty: true,
            how: Ok(()),
        });
    }

    /// How the input ended, once all of its blocks were taken.
    pub(super) fn end(self) -> io::Result<()> {
        let handed_out = self.handed_out.into_inner();
        let end = handed_out.unwrap_or_else(PoisonError::into_inner).end;
        end.map_or(Ok(()), |end| end.how)
    }

    fn handed_out(&self) -> MutexGuard<'_, HandedOut> {
        self.handed_out
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufReader, Cursor, Write};

    fn file(text: &[u8]) -> Input {
        static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("session-lifecycle-blocks-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(text).unwrap();
        let input = Input::of(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        input
    }

    fn stream(input: impl Read + Send + 'static) -> Input {
        Input::Stream(Box::new(BufReader::with_capacity(3, input)))
    }

    fn cut(size: usize) -> Cut {
        Cut { size, ..Cut::READ }
    }

    fn read(blocks: &Blocks) -> Vec<Vec<u8>> {
        let mut block = Block::default();
        let mut all = Vec::new();
        while let Some(number) = blocks.next(&mut block) {
            assert_eq!(number, all.len() as u64);
            all.push(block.bytes().to_vec());
        }
        assert_eq!(blocks.count(), Some(all.len() as u64));
        all
    }

    #[test]
    fn a_large_file_is_mapped_and_a_stream_or_what_a_host_may_still_write_is_read() {
        let path =
            std::env::temp_dir().join(format!("session-lifecycle-cut-{}", std::process::id()));
        let large = std::fs::File::create(&path).unwrap();
        for (length, cut) in [(Cut::LARGE, Cut::mapped(2)), (Cut::LARGE - 1, Cut::READ)] {
            large.set_len(length).unwrap();
            // A log does not begin with nothing; but none of it is looked at here.
            assert_eq!(Cut::of(&Input::of(&path).unwrap(), 2), cut);
        }
        std::fs::remove_file(path).unwrap();
        assert!((1..=16).all(|threads| Cut::mapped(threads).size * (2 * threads + 1) <= 18 << 20));
        assert_eq!(Cut::of(&stream(Cursor::new("a")), 2), Cut::READ);
    }

    #[test]
    fn the_blocks_of_an_input_are_its_bytes_and_each_but_the_last_is_full() {
        let text = b"abcde\n\nf\r\nghi".repeat(3);
        for size in 1..=text.len() + 1 {
            for is_mapped in [false, true] {
                for input in [file(&text), stream(Cursor::new(text.clone()))] {
                    let blocks = Blocks::of(input, Cut { size, is_mapped });
                    assert!(read(&blocks).into_iter().eq(text.chunks(size)));
                    blocks.end().unwrap();
                }
            }
        }
    }

    #[test]
    fn whoever_takes_a_block_beyond_the_end_moves_it_no_further() {
        let blocks = Blocks::of(file(b"abcdefgh"), cut(4));
        let mut block = Block::default();
        blocks.handed_out().taken = 5;
        assert_eq!(blocks.next(&mut block), None);
        blocks.handed_out().end = None;
        blocks.handed_out().taken = 3;
        assert_eq!(blocks.next(&mut block), None);
        assert_eq!(blocks.count(), Some(3));
        // Somebody else was given an earlier one, and finds that the file was cut short.
        let mut handed_out = blocks.handed_out();
        let end = handed_out.end.take();
        handed_out.taken = 2;
        drop(handed_out);
        assert!(end.is_some_and(|end| end.is_empty));
        assert_eq!(blocks.next(&mut block), None);
        assert_eq!(blocks.count(), Some(2));
    }

    #[test]
    fn what_was_read_before_a_failure_is_handed_out_before_it() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(ErrorKind::BrokenPipe.into())
            }
        }
        let blocks = Blocks::of(stream(Cursor::new("a\nb\nhalf").chain(Breaks)), cut(6));
        assert_eq!(read(&blocks), [&b"a\nb\nha"[..], b"lf"]);
        assert_eq!(blocks.end().unwrap_err().kind(), ErrorKind::BrokenPipe);
    }
}
