//! One look at every byte, many at a time.
//!
//! It stops at line feeds, and where the key `type` or an escaped letter may begin. What begins there is for the caller to say: a
//! place that is none of these costs a moment, one that is passed over costs a finding.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, mask8x32, u8x32};

use super::prefetch::prefetch;

/// How many bytes are looked at together, and how far beyond them.
const STEP: usize = 64;
const BEYOND: usize = 4;

/// How far beyond them memory is asked for: bytes that are mapped are in no cache yet. Half of it is slower, twice as much is not
/// faster.
const AHEAD: usize = 2 << 10;

/// Calls `found` with each place where there is a line feed, `"` with `y` two bytes after it, or a backslash with one of `2` to
/// `7` four bytes after it, from the first to the last. At the end of the bytes, every quote and backslash is such a place.
pub(super) fn each_place(level: Level, bytes: &[u8], mut found: impl FnMut(usize)) {
    // A call and no part of the loop, which so keeps to registers: places are rare.
    let found: &mut dyn FnMut(usize) = &mut found;
    dispatch!(level, simd => walk(simd, bytes, found));
}

#[inline(always)]
fn walk<S: Simd>(simd: S, bytes: &[u8], found: &mut dyn FnMut(usize)) {
    let mut at = 0;
    loop {
        at += without_places(simd, &bytes[at..]);
        let Some(chunk) = bytes[at..].first_chunk() else {
            break;
        };
        let bits = |from| places(simd, chunk, from).to_bitmask();
        let mut places = bits(0) | bits(STEP / 2) << (STEP / 2);
        while places != 0 {
            found(at + places.trailing_zeros() as usize);
            places &= places - 1;
        }
        at += STEP;
    }
    for (beyond, byte) in bytes[at..].iter().enumerate() {
        if matches!(byte, b'\n' | b'"' | b'\\') {
            found(at + beyond);
        }
    }
}

/// How many of the next bytes are no places, in whole steps. A loop of its own, and without a call, so that it keeps what it
/// compares with in registers.
#[inline(always)]
fn without_places<S: Simd>(simd: S, bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk() {
        prefetch(bytes, at + AHEAD);
        if (places(simd, chunk, 0) | places(simd, chunk, STEP / 2)).any_true() {
            break;
        }
        at += STEP;
    }
    at
}

/// Which of the 32 bytes from `from` on are places to stop at.
#[inline(always)]
fn places<S: Simd>(simd: S, chunk: &[u8; STEP + BEYOND], from: usize) -> mask8x32<S> {
    let ahead = |by: usize| u8x32::from_slice(simd, &chunk[from + by..from + by + 32]);
    let first = ahead(0);
    let feeds = first.simd_eq(b'\n');
    let keys = first.simd_eq(b'"') & ahead(2).simd_eq(b'y');
    // Below `2` the difference wraps around, and is large.
    let is_letter = (ahead(4) - b'2').simd_le(b'7' - b'2');
    let escapes = first.simd_eq(b'\\') & is_letter;
    feeds | keys | escapes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn levels() -> Vec<Level> {
        vec![Level::new(), Level::baseline()]
    }

    fn is_place(bytes: &[u8], at: usize) -> bool {
        let follows = |ahead: usize, range: std::ops::RangeInclusive<u8>| {
            bytes
                .get(at + ahead)
                .is_some_and(|byte| range.contains(byte))
        };
        match bytes[at] {
            b'\n' => true,
            b'"' => follows(2, b'y'..=b'y'),
            b'\\' => follows(4, b'2'..=b'7'),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_each_place_is_found_once_and_in_order(
            letters in proptest::collection::vec(0..9usize, 0..600),
            arbitrary in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            const LETTERS: [u8; 9] = *b"\n\"y\\u0278";
            let mut bytes: Vec<u8> = letters.iter().map(|at| LETTERS[*at]).collect();
            bytes.extend(arbitrary);
            for level in levels() {
                let mut found = Vec::new();
                each_place(level, &bytes, |at| found.push(at));
                prop_assert!(found.is_sorted_by(|a, b| a < b));
                let ending = bytes.len().saturating_sub(STEP + BEYOND);
                for at in 0..bytes.len() {
                    let is_found = found.binary_search(&at).is_ok();
                    prop_assert!(is_found || !is_place(&bytes, at), "{at} is passed over");
                    let is_close = matches!(bytes[at], b'\n' | b'"' | b'\\') && at >= ending;
                    prop_assert!(!is_found || is_close || is_place(&bytes, at), "{at} is none");
                }
            }
        }
    }
}
