//! Lines of a stream, as bytes, of any content and bounded length.

use std::io::{self, BufRead};

use super::{Counts, Failed};

/// The longest line that is read: a multiple of what any known host writes.
pub(crate) const LIMIT: usize = 64 << 20;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The line, without its end.
    Line,
    /// A line beyond the limit; nothing of it was kept.
    TooLong,
    /// There is no further line.
    End,
}

/// The lines of a stream.
pub(crate) struct Lines<'a, R> {
    input: &'a mut R,
    /// Whether all that was at hand has been handed out, so that the next read may wait.
    used_up: bool,
}

impl<'a, R: BufRead> Lines<'a, R> {
    pub(crate) fn of(input: &'a mut R) -> Self {
        Self {
            input,
            used_up: true,
        }
    }

    /// Reads the next line; calls `before_waiting` before a read that may wait, so that a stream that pauses has been
    /// answered as far as it came.
    pub(crate) fn next(
        &mut self,
        line: &mut Vec<u8>,
        mut before_waiting: impl FnMut() -> io::Result<()>,
    ) -> Result<Next, Failed> {
        line.clear();
        let mut seen = false;
        let mut too_long = false;
        loop {
            if self.used_up {
                before_waiting().map_err(|why| Failed::Write(why, Counts::default()))?;
            }
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
                Err(why) => return Err(Failed::Read(why)),
            };
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let at_end = chunk.is_empty();
            seen |= !at_end;
            too_long |= line.len() + part.len() > LIMIT;
            if too_long {
                *line = Vec::new();
            } else {
                line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.used_up = used == chunk.len();
            self.input.consume(used);
            if end.is_some() || at_end {
                return Ok(match (seen, too_long) {
                    (false, _) => Next::End,
                    (true, false) => Next::Line,
                    (true, true) => Next::TooLong,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, Lines, Next};
    use std::io::{BufRead, BufReader, Read, repeat};

    fn next(lines: &mut Lines<'_, impl BufRead>) -> (Next, Vec<u8>) {
        let mut line = Vec::new();
        let next = lines.next(&mut line, || Ok(())).unwrap();
        (next, line)
    }

    #[test]
    fn a_line_longer_than_the_limit_is_skipped_and_the_next_one_is_read() {
        let long = repeat(b'x').take(LIMIT as u64 + 1);
        let mut input = BufReader::with_capacity(1 << 20, long.chain(&b"\nnext"[..]));
        let mut lines = Lines::of(&mut input);
        assert_eq!(next(&mut lines), (Next::TooLong, vec![]));
        assert_eq!(next(&mut lines), (Next::Line, b"next".to_vec()));
        assert_eq!(next(&mut lines), (Next::End, vec![]));
    }

    #[test]
    fn a_line_may_come_in_pieces_and_need_not_end() {
        let mut input = BufReader::with_capacity(2, &b"abcde\n\nf"[..]);
        let mut lines = Lines::of(&mut input);
        for expected in [&b"abcde"[..], b"", b"f"] {
            assert_eq!(next(&mut lines), (Next::Line, expected.to_vec()));
        }
        assert_eq!(next(&mut lines).0, Next::End);
    }
}
