//! The lines of an input, put together where a block ends within one.

use memchr::memchr;

use super::sieve::Sifted;

pub(super) use crate::audit::LONGEST_LINE as LIMIT;

/// What comes next in an input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A line that came without its neighbours, without its end.
    Line(&'a [u8]),
    /// The last line, which has no end: the input stops in it.
    CutOff(&'a [u8]),
    /// A line that is beyond the limit, and was thrown away.
    TooLong,
    /// The lines that are whole within the block.
    Inner,
}

/// Joins the end of one block and the beginning of the next.
#[derive(Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end has not come.
    carried: Vec<u8>,
    is_too_long: bool,
}

impl Lines {
    /// Hands out the parts of the next block, in their order.
    pub(super) fn add(&mut self, sifted: &Sifted, mut part: impl FnMut(Part<'_>)) {
        let bytes = sifted.block.bytes();
        let Some(first) = memchr(b'\n', bytes) else {
            return self.carry(bytes);
        };
        if self.carried.is_empty() && !self.is_too_long {
            part(Part::Line(&bytes[..first]));
        } else {
            self.carry(&bytes[..first]);
            part(self.joined(Part::Line));
            self.clear();
        }
        part(Part::Inner);
        self.carry(&bytes[sifted.inner().end..]);
    }

    /// The input has ended.
    pub(super) fn finish(mut self, part: impl FnOnce(Part<'_>)) {
        if self.is_too_long || !self.carried.is_empty() {
            part(self.joined(Part::CutOff));
        }
    }

    fn carry(&mut self, bytes: &[u8]) {
        self.is_too_long |= self.carried.len() + bytes.len() > LIMIT;
        if self.is_too_long {
            self.carried = Vec::new();
        } else {
            self.carried.extend_from_slice(bytes);
        }
    }

    fn joined<'a>(&'a mut self, whole: impl FnOnce(&'a [u8]) -> Part<'a>) -> Part<'a> {
        if self.is_too_long {
            Part::TooLong
        } else {
            whole(&self.carried)
        }
    }

    fn clear(&mut self) {
        self.is_too_long = false;
        self.carried.clear();
        // What one long line needed is not kept for all that follow.
        self.carried.shrink_to(super::blocks::BLOCK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::files::Input;
    use crate::audit::log::blocks::{BLOCK, Blocks, Cut};
    use crate::audit::log::sieve::{Care, Sieve};
    use std::io::{BufReader, Cursor, Read, repeat};

    /// Each line of the input; the last one with a mark if it is cut off.
    fn lines(input: impl Read + Send + 'static, size: usize) -> Vec<String> {
        let input = Input::Stream(Box::new(BufReader::new(input)));
        let blocks = Blocks::of(input, Cut { size, ..Cut::READ });
        let (sieve, mut sifted) = (Sieve::new(Care::InFull), Sifted::default());
        let (mut lines, mut all) = (Lines::default(), Vec::new());
        let text = |line: &[u8]| String::from_utf8(line.to_vec()).unwrap();
        let mut tell = |part: Part<'_>, sifted: &Sifted| match part {
            Part::Line(line) => all.push(text(line)),
            Part::CutOff(line) => all.push(format!("{} is cut off", text(line))),
            Part::TooLong => all.push("too long".to_owned()),
            Part::Inner => {
                let bytes = sifted.block.bytes();
                let inner = sifted.wanted.iter();
                all.extend(inner.map(|wanted| text(&bytes[wanted.at.clone()])));
            }
        };
        while blocks.next(&mut sifted.block).is_some() {
            sieve.sift(&mut sifted);
            lines.add(&sifted, |part| tell(part, &sifted));
        }
        lines.finish(|part| tell(part, &sifted));
        all
    }

    #[test]
    fn wherever_the_blocks_end_the_lines_are_those_of_the_input() {
        for size in 1..30 {
            let whole = lines(Cursor::new("abcde\n\nf\r\nghi\n"), size);
            assert_eq!(whole, ["abcde", "", "f\r", "ghi"], "{size}");
            let cut = lines(Cursor::new("\n\nabcde\nf"), size);
            assert_eq!(cut, ["", "", "abcde", "f is cut off"], "{size}");
            assert!(lines(Cursor::new(""), size).is_empty());
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_thrown_away_and_those_around_it_are_read() {
        let long = |more: u64| repeat(b'x').take(LIMIT as u64 + more);
        let input = Cursor::new("before\n")
            .chain(long(1))
            .chain(Cursor::new("\nafter\n"))
            .chain(long(7));
        assert_eq!(
            lines(input, BLOCK),
            ["before", "too long", "after", "too long"]
        );
        let longest = lines(long(0).chain(Cursor::new("\nx")), BLOCK);
        assert_eq!(longest[0].len(), LIMIT);
        assert_eq!(longest[1], "x is cut off");
    }
}
