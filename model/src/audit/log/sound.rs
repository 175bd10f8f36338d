//! Whether a record is JSON to its last byte, and what it says at its top: without building anything of it.
//!
//! It says yes only where it is certain. Of anything unusual (a name that is spelled with escapes or comes twice, a nest too
//! deep to be counted here) it says no, and the line is read by the reader of the crate, which decides.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x32};

/// What a sound record is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    /// It names a thread and a type.
    Event { kind: &'a [u8] },
    /// It does not name both.
    Other { kind: Option<&'a [u8]> },
}

/// The shape of a record that is surely JSON, and an object; `None` where that is not certain. That it is UTF-8 has to be
/// known: a whole block is asked for it at once.
pub(super) fn shape(level: Level, record: &[u8]) -> Option<Shape<'_>> {
    dispatch!(level, simd => shape_by(simd, record))
}

fn shape_by<S: Simd>(simd: S, record: &[u8]) -> Option<Shape<'_>> {
    let mut walk = Walk {
        simd,
        bytes: record,
        at: 0,
        depth: 0,
        objects: 0,
    };
    let [kind, thread] = walk.object()?;
    (walk.at == record.len()).then_some(match (kind, thread) {
        (Some(kind), Some(_)) => Shape::Event { kind },
        (kind, _) => Shape::Other { kind },
    })
}

struct Walk<'a, S> {
    simd: S,
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    /// One bit for each open bracket, the innermost lowest: whether it is an object's.
    objects: u64,
}

/// The values at the top that are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TopKey {
    Kind,
    Thread,
    Other,
}

impl<'a, S: Simd> Walk<'a, S> {
    /// The whole record: the texts of its type and of its thread.
    fn object(&mut self) -> Option<[Option<&'a [u8]>; 2]> {
        let (mut kind, mut thread) = (None, None);
        if self.next()? != b'{' {
            return None;
        }
        self.open(true)?;
        let mut field = self.first_key()?;
        loop {
            // A value is due, unless a bracket was closed as soon as it was opened.
            if let Some(key) = field {
                let start = self.at;
                match (self.value()?, key) {
                    (ValueKind::Opened, TopKey::Other) => {
                        field = self.first()?;
                        continue;
                    }
                    (ValueKind::Text, TopKey::Kind) => self.keep(start, &mut kind)?,
                    (ValueKind::Text, TopKey::Thread) => self.keep(start, &mut thread)?,
                    (ValueKind::Text | ValueKind::Scalar, TopKey::Other) => {}
                    (ValueKind::Opened | ValueKind::Scalar, TopKey::Kind | TopKey::Thread) => {
                        return None;
                    }
                }
            }
            loop {
                let in_object = self.objects & 1 == 1;
                match (self.token()?, in_object) {
                    (b',', true) => field = Some(self.key()?),
                    (b',', false) => field = Some(TopKey::Other),
                    (b'}', true) | (b']', false) => {
                        self.depth -= 1;
                        self.objects >>= 1;
                        if self.depth == 0 {
                            return Some([kind, thread]);
                        }
                        continue;
                    }
                    _ => return None,
                }
                break;
            }
        }
    }

    /// Keeps a text at the top: one that is neither empty nor spelled with escapes, and has not come before.
    fn keep(&self, start: usize, kept: &mut Option<&'a [u8]>) -> Option<()> {
        let text = self.bytes.get(start..self.at)?.trim_ascii();
        let text = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let is_plain = !text.is_empty() && memchr::memchr(b'\\', text).is_none();
        (is_plain && kept.replace(text).is_none()).then_some(())
    }

    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// The next byte that is not white space.
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.next()? {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                byte => return Some(byte),
            }
        }
    }

    fn open(&mut self, is_object: bool) -> Option<()> {
        if self.depth == u64::BITS {
            return None;
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u64::from(is_object);
        Some(())
    }

    /// After an opening bracket: what the first value is for; `None` inside if there is none.
    fn first(&mut self) -> Option<Option<TopKey>> {
        if self.objects & 1 == 1 {
            return self.first_key();
        }
        let at = self.at;
        let is_empty = self.token()? == b']';
        // The closing bracket is read again, where brackets are closed.
        self.at = if is_empty { self.at - 1 } else { at };
        Some((!is_empty).then_some(TopKey::Other))
    }

    fn first_key(&mut self) -> Option<Option<TopKey>> {
        match self.token()? {
            b'}' => {
                self.at -= 1;
                Some(None)
            }
            b'"' => self.rest_of_key().map(Some),
            _ => None,
        }
    }

    fn key(&mut self) -> Option<TopKey> {
        (self.token()? == b'"').then_some(())?;
        self.rest_of_key()
    }

    fn rest_of_key(&mut self) -> Option<TopKey> {
        let start = self.at;
        self.text()?;
        let key = self.bytes.get(start..self.at - 1)?;
        (self.token()? == b':').then_some(())?;
        if self.depth > 1 {
            return Some(TopKey::Other);
        }
        match key {
            b"type" => Some(TopKey::Kind),
            b"threadId" => Some(TopKey::Thread),
            key => (!key.contains(&b'\\')).then_some(TopKey::Other),
        }
    }

    fn value(&mut self) -> Option<ValueKind> {
        match self.token()? {
            b'"' => self.text().map(|()| ValueKind::Text),
            b'{' => self.open(true).map(|()| ValueKind::Opened),
            b'[' => self.open(false).map(|()| ValueKind::Opened),
            b't' => self.word(b"rue"),
            b'f' => self.word(b"alse"),
            b'n' => self.word(b"ull"),
            b'-' => {
                let digit = self.next()?;
                self.number(digit)
            }
            byte => self.number(byte),
        }
    }

    fn word(&mut self, rest: &[u8]) -> Option<ValueKind> {
        let found = self.bytes.get(self.at..)?.starts_with(rest);
        self.at += rest.len();
        found.then_some(ValueKind::Scalar)
    }

    fn number(&mut self, first: u8) -> Option<ValueKind> {
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Some(ValueKind::Scalar)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Option<()> {
        let start = self.at;
        self.digits();
        (self.at > start).then_some(())
    }

    /// The rest of a text, its closing quote included.
    fn text(&mut self) -> Option<()> {
        let (simd, bytes, at) = (self.simd, self.bytes, self.at);
        self.at = simd.vectorize(
            #[inline(always)]
            || end_of_text(simd, bytes, at),
        )?;
        Some(())
    }
}

/// What a value turned out to be.
#[derive(Clone, Copy)]
enum ValueKind {
    Text,
    Scalar,
    /// A bracket was opened.
    Opened,
}

/// Where a text ends, its closing quote included, that goes on here. Many bytes are looked at together.
#[inline(always)]
fn end_of_text<S: Simd>(simd: S, bytes: &[u8], mut at: usize) -> Option<usize> {
    const MANY: usize = 32;
    'many: while let Some(chunk) = bytes.get(at..)?.first_chunk::<MANY>() {
        let many = u8x32::from_slice(simd, chunk);
        let specials = many.simd_eq(b'"') | many.simd_eq(b'\\') | many.simd_le(0x1f);
        let mut specials = specials.to_bitmask();
        while specials != 0 {
            let special = specials.trailing_zeros() as usize;
            match chunk[special] {
                b'"' => return Some(at + special + 1),
                b'\\' => {}
                _ => return None,
            }
            let after = special + 1 + escape(&bytes[at + special + 1..])?;
            if after >= MANY {
                at += after;
                continue 'many;
            }
            specials &= u64::MAX << after;
        }
        at += MANY;
    }
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 1 + escape(&bytes[at + 1..])?,
            0..0x20 => return None,
            _ => at += 1,
        }
    }
}

/// How long an escape is, without its backslash.
fn escape(rest: &[u8]) -> Option<usize> {
    match rest.first()? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(1),
        b'u' => {
            let digits = rest.get(1..5)?;
            digits.iter().all(u8::is_ascii_hexdigit).then_some(5)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::IgnoredAny;

    fn kind(record: &str) -> Option<Option<&str>> {
        let kind = match shape(Level::new(), record.as_bytes())? {
            Shape::Event { kind } => Some(kind),
            Shape::Other { kind } => kind,
        };
        Some(kind.map(|kind| std::str::from_utf8(kind).unwrap()))
    }

    #[test]
    fn a_record_says_its_type_wherever_it_stands_and_nested_ones_do_not_count() {
        for (record, expected) in [
            (r#"{"type":"a","threadId":"t"}"#, Some(Some("a"))),
            (
                r#"{ "x" : [ { "type" : "b" } , [ ] , { } ] , "threadId" : "t" , "type" : "a" }"#,
                Some(Some("a")),
            ),
            (
                r#"{"raw":{"type":"b"},"n":[-0.5e+3,true,false,null,"\u00e9\"\\"]}"#,
                Some(None),
            ),
            (r#"{}"#, Some(None)),
            // Not certain, and so for the reader to decide.
            (r#"{"type":"a","type":"b"}"#, None),
            (r#"{"\u0074ype":"a"}"#, None),
            (r#"{"type":"\u0061"}"#, None),
            (r#"{"type":""}"#, None),
            (r#"{"type":7}"#, None),
        ] {
            assert_eq!(kind(record), expected, "{record}");
        }
    }

    #[test]
    fn whatever_byte_of_a_record_is_changed_or_cut_off_it_is_called_sound_only_if_it_is() {
        let record = r#"{"type":"a","threadId":"t","x":[1.5e-3,-0,{"k":"\u00e9\\ \"q\" so long that it is looked at in more than one part é, and escapes stand at \u201eany\u201c place, also where a part ends: \n\\"},true,null],"y":{}}"#;
        let mut refused = 0;
        for at in 0..record.len() {
            for byte in 0..=255 {
                let mut changed = record.as_bytes().to_vec();
                changed[at] = byte;
                let cut = &record.as_bytes()[..at];
                for line in [changed.as_slice(), cut] {
                    let is_json = serde_json::from_slice::<IgnoredAny>(line).is_ok();
                    let [here, anywhere] = [Level::new(), Level::baseline()];
                    let is_sound = shape(here, line).is_some();
                    assert_eq!(is_sound, shape(anywhere, line).is_some());
                    assert!(
                        is_json || !is_sound || std::str::from_utf8(line).is_err(),
                        "{}",
                        String::from_utf8_lossy(line)
                    );
                    refused += usize::from(is_json && !is_sound);
                }
            }
        }
        // What is refused without need is little: escaped or repeated names, a type that is no text.
        assert!(refused < 700, "{refused}");
    }
}
