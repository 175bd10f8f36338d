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

/// Reads the next line; calls `before_waiting` whenever what is at hand is used up, so that a stream that pauses has
/// been answered as far as it came.
pub(crate) fn next_line(
    input: &mut (impl BufRead + ?Sized),
    line: &mut Vec<u8>,
    mut before_waiting: impl FnMut() -> io::Result<()>,
) -> Result<Next, Failed> {
    line.clear();
    let mut seen = false;
    let mut too_long = false;
    loop {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
            Err(why) => return Err(Failed::Read(why)),
        };
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = &chunk[..end.unwrap_or(chunk.len())];
        seen |= !chunk.is_empty();
        too_long |= line.len() + part.len() > LIMIT;
        if too_long {
            *line = Vec::new();
        } else {
            line.extend_from_slice(part);
        }
        let (used, empty) = (part.len() + usize::from(end.is_some()), chunk.is_empty());
        let used_up = used == chunk.len();
        input.consume(used);
        if used_up {
            before_waiting().map_err(|why| Failed::Write(why, Counts::default()))?;
        }
        if end.is_some() || empty {
            return Ok(match (seen, too_long) {
                (false, _) => Next::End,
                (true, false) => Next::Line,
                (true, true) => Next::TooLong,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, Next, next_line};
    use std::io::{BufReader, Read, repeat};

    fn next(input: &mut impl std::io::BufRead) -> (Next, Vec<u8>) {
        let mut line = Vec::new();
        let next = next_line(input, &mut line, || Ok(())).unwrap();
        (next, line)
    }

    #[test]
    fn a_line_longer_than_the_limit_is_skipped_and_the_next_one_is_read() {
        let long = repeat(b'x').take(LIMIT as u64 + 1);
        let mut input = BufReader::new(long.chain(&b"\nnext"[..]));
        assert_eq!(next(&mut input), (Next::TooLong, vec![]));
        assert_eq!(next(&mut input), (Next::Line, b"next".to_vec()));
        assert_eq!(next(&mut input), (Next::End, vec![]));
    }

    #[test]
    fn a_line_may_come_in_pieces_and_need_not_end() {
        let mut input = BufReader::with_capacity(2, &b"abcde\n\nf"[..]);
        for expected in [&b"abcde"[..], b"", b"f"] {
            assert_eq!(next(&mut input), (Next::Line, expected.to_vec()));
        }
        assert_eq!(next(&mut input).0, Next::End);
    }
}
