//! A stream as blocks of whole lines: one large read after another, in memory that does not grow with the stream.

use std::io::{self, BufRead, ErrorKind};

use memchr::{memchr, memrchr};

/// How much is read at a time: small enough that a second look at it finds it in the processor's cache.
pub(super) const BLOCK: usize = 256 << 10;

/// The longest line that is read. A log of the hosts known is rotated before it is that long.
pub(super) const LIMIT: usize = 16 << 20;

/// Whole lines, in the order of the stream.
#[derive(Debug, Default)]
pub(super) struct Block {
    buffer: Vec<u8>,
    filled: usize,
    /// The last line has no end: the stream stops in it.
    pub(super) stops_short: bool,
    /// In place of its lines: one line that is beyond the limit, and was thrown away.
    pub(super) too_long: bool,
}

impl Block {
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    fn begin_with(&mut self, carried: &[u8]) {
        self.stops_short = false;
        self.too_long = false;
        self.filled = 0;
        // What one long line needed is not kept for all that follow.
        if self.buffer.len() > 4 * BLOCK {
            self.buffer = Vec::new();
        }
        self.room(carried.len());
        self.buffer[..carried.len()].copy_from_slice(carried);
        self.filled = carried.len();
    }

    /// Room for at least this much more.
    fn room(&mut self, more: usize) -> &mut [u8] {
        let needed = self.filled + more;
        if self.buffer.len() < needed {
            self.buffer.resize(needed.next_multiple_of(BLOCK), 0);
        }
        &mut self.buffer[self.filled..]
    }
}

/// Cuts a stream into blocks.
pub(super) struct Blocks<R> {
    input: R,
    /// The beginning of a line whose end has not been read.
    carried: Vec<u8>,
    end: Option<io::Result<()>>,
}

impl<R: BufRead> Blocks<R> {
    pub(super) fn of(input: R) -> Self {
        Self {
            input,
            carried: Vec::new(),
            end: None,
        }
    }

    /// Fills the block with the lines that come next; `false` at the end of the stream.
    ///
    /// What was read before a read failed is handed out before the failure is.
    pub(super) fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        block.begin_with(&self.carried);
        self.carried.clear();
        while self.end.is_none() {
            let read = match self.input.read(block.room(BLOCK)) {
                Ok(0) => {
                    self.end = Some(Ok(()));
                    break;
                }
                Ok(read) => read,
                Err(why) if why.kind() == ErrorKind::Interrupted => continue,
                Err(why) => {
                    // A line that the failure cuts short is not a line.
                    block.filled = 0;
                    self.end = Some(Err(why));
                    break;
                }
            };
            let before = block.filled;
            block.filled += read;
            if let Some(end) = memrchr(b'\n', &block.bytes()[before..]) {
                let end = before + end + 1;
                self.carried.extend_from_slice(&block.bytes()[end..]);
                block.filled = end;
                return Ok(true);
            }
            if block.filled > LIMIT {
                block.filled = 0;
                block.too_long = true;
                self.skip_line()?;
                return Ok(true);
            }
        }
        if block.filled > 0 {
            block.stops_short = true;
            return Ok(true);
        }
        match self.end.take() {
            Some(Err(why)) => Err(why),
            Some(Ok(())) | None => Ok(false),
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let chunk = self.input.fill_buf()?;
            let (used, found) = match memchr(b'\n', chunk) {
                Some(end) => (end + 1, true),
                None => (chunk.len(), chunk.is_empty()),
            };
            self.input.consume(used);
            if found {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufReader, Cursor, Read, repeat};

    fn blocks(input: impl BufRead) -> Vec<(Vec<u8>, bool, bool)> {
        let mut blocks = Blocks::of(input);
        let mut block = Block::default();
        let mut all = Vec::new();
        while blocks.next(&mut block).unwrap() {
            all.push((block.bytes().to_vec(), block.stops_short, block.too_long));
        }
        all
    }

    /// Hands out at most so many bytes at a time.
    struct Drip<'a>(&'a [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    #[test]
    fn the_blocks_of_a_stream_are_its_bytes_and_each_but_the_last_ends_with_a_line() {
        let text = b"abcde\n\nf\r\nghi".repeat(3);
        for step in 1..9 {
            let input = BufReader::with_capacity(1, Drip(&text, step));
            let read = blocks(input);
            let whole: Vec<u8> = read.iter().flat_map(|(bytes, ..)| bytes.clone()).collect();
            assert_eq!(whole, text);
            let (last, before) = read.split_last().unwrap();
            assert!(before.iter().all(|(bytes, ..)| bytes.ends_with(b"\n")));
            assert_eq!((last.1, last.0.as_slice()), (true, &b"ghi"[..]));
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_thrown_away_and_those_around_it_are_read() {
        let long = repeat(b'x').take(LIMIT as u64 + 1);
        let input = Cursor::new("before\n")
            .chain(long)
            .chain(Cursor::new("\nafter\n"));
        let read = blocks(BufReader::with_capacity(BLOCK, input));
        let lines: Vec<_> = read
            .iter()
            .filter(|(bytes, _, too_long)| *too_long || !bytes.is_empty())
            .map(|(bytes, _, too_long)| (bytes.as_slice(), *too_long))
            .collect();
        assert_eq!(
            lines,
            [(&b"before\n"[..], false), (b"", true), (b"after\n", false)]
        );
    }

    #[test]
    fn what_was_read_before_a_failure_is_handed_out_before_it() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(ErrorKind::BrokenPipe.into())
            }
        }
        let mut blocks = Blocks::of(BufReader::new(Cursor::new("a\nb\nhalf").chain(Breaks)));
        let mut block = Block::default();
        assert!(blocks.next(&mut block).unwrap());
        assert_eq!(block.bytes(), b"a\nb\n");
        let failed = blocks.next(&mut block).unwrap_err();
        assert_eq!(failed.kind(), ErrorKind::BrokenPipe);
    }
}
