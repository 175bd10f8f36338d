//! What a line says, as far as an audit asks: the part of reading that needs nothing but the line, and is done by any thread.

use serde::de::IgnoredAny;
use session_lifecycle::t3::{BadLine, Line, PassedOver, RuntimeEvent, read_bytes, read_line};

use super::host::{self, HostRecord};
use super::lines::LIMIT;

/// A line that was read in full.
pub(super) enum ReadLine {
    Blank,
    Event(RuntimeEvent),
    Host(HostRecord),
    /// A record that an audit passes over.
    Aside,
    /// A record that is passed over, and that is not sound: why, and whether it may have been one that counts.
    Unsound(String, bool),
    Bad(BadLine),
}

/// Reads a line; `strict` asks for sound JSON of what is passed over as well.
pub(super) fn read(line: &[u8], strict: bool) -> ReadLine {
    if line.len() > LIMIT {
        return ReadLine::Bad(BadLine::too_long(LIMIT));
    }
    // Whether it is text at all is found out fast, and why it is not by the reader.
    let read = match simdutf8::basic::from_utf8(line) {
        Ok(text) => read_line(text),
        Err(_) => read_bytes(line),
    };
    match read {
        Ok(Line::Blank) => ReadLine::Blank,
        Ok(Line::Event(event)) => ReadLine::Event(event),
        Ok(Line::PassedOver(why)) => {
            let is_of_host = why == PassedOver::Orchestration;
            if strict && let Err(why) = strictly(line) {
                return ReadLine::Unsound(why, is_of_host);
            }
            if !is_of_host {
                return ReadLine::Aside;
            }
            let may_matter = host::may_matter(line);
            let record = may_matter.then(|| host::read(line)).flatten();
            let is_doubtful = may_matter || !line.trim_ascii_end().ends_with(b"}");
            match record {
                Some(record) => ReadLine::Host(record),
                None if is_doubtful => match strictly(line) {
                    Ok(()) => ReadLine::Aside,
                    Err(why) => ReadLine::Unsound(why, true),
                },
                None => ReadLine::Aside,
            }
        }
        Err(bad) => ReadLine::Bad(bad),
    }
}

/// Whether a record that is passed over is JSON all the same.
fn strictly(line: &[u8]) -> Result<(), String> {
    let start = memchr::memchr(b'{', line).ok_or("the line holds no record")?;
    std::str::from_utf8(line).map_err(|why| {
        format!(
            "the line is not UTF-8 from byte {} on",
            why.valid_up_to() + 1
        )
    })?;
    serde_json::from_slice::<IgnoredAny>(&line[start..])
        .map(|_| ())
        .map_err(|why| format!("the record of the line is not JSON: {why}"))
}
