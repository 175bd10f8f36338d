//! The lines of threads in which something was found, read once more.

use std::collections::BTreeMap;
use std::io;

use session_lifecycle::Event;
use session_lifecycle::t3::{Line, read_bytes};

use crate::audit::files::{LogFile, open};
use crate::audit::log;
use crate::replay::Failed;
use crate::replay::lines::{Lines, Next};

/// How many bytes of lines are held at a time, at most.
const HELD: usize = 64 << 20;

/// A line of a thread.
pub(super) struct ThreadLine {
    /// Which file of the set, and which line of it, from 1.
    pub(super) place: (usize, u64),
    pub(super) text: String,
    pub(super) event: Option<(String, Event)>,
}

/// The lines of a thread until the last one that is asked for.
struct AskedLines {
    until: (usize, u64),
    lines: Vec<ThreadLine>,
    bytes: usize,
}

/// Hands out the lines of each thread until its place, in the order of the threads' names; `None` of one that has more of
/// them than are held. The set is read as often as it takes to hold no more than that.
pub(super) fn each_thread<E>(
    files: &[LogFile],
    mut threads: BTreeMap<&str, (usize, u64)>,
    held: Option<usize>,
    mut hand_out: impl FnMut(&str, io::Result<Option<Vec<ThreadLine>>>) -> Result<(), E>,
) -> Result<(), E> {
    while let Some((first, _)) = threads.first_key_value() {
        let first = *first;
        let asked = threads.iter().map(|(thread, until)| {
            let asked = AskedLines {
                until: *until,
                lines: Vec::new(),
                bytes: 0,
            };
            (*thread, asked)
        });
        let mut reading = Retrieval {
            asked: asked.collect(),
            room: held.unwrap_or(HELD),
        };
        for (thread, why) in reading.read(files) {
            hand_out(thread, Err(why))?;
            threads.remove(thread);
        }
        let is_first_too_large = reading.asked.is_empty() && threads.contains_key(first);
        if is_first_too_large {
            hand_out(first, Ok(None))?;
            threads.remove(first);
        }
        for (thread, asked) in reading.asked {
            hand_out(thread, Ok(Some(asked.lines)))?;
            threads.remove(thread);
        }
    }
    Ok(())
}

struct Retrieval<'a> {
    asked: BTreeMap<&'a str, AskedLines>,
    /// How many more bytes may be held.
    room: usize,
}

impl<'a> Retrieval<'a> {
    /// Reads what is asked for. Gives the threads back whose last line is in a file that cannot be read; one that cannot be
    /// read before it leaves a gap, as it does in an audit.
    fn read(&mut self, files: &[LogFile]) -> Vec<(&'a str, io::Error)> {
        let mut failed = Vec::new();
        for (order, file) in files.iter().enumerate() {
            if self.asked.values().all(|asked| asked.until.0 < order) {
                break;
            }
            let Err(why) = self.read_file(order, file) else {
                continue;
            };
            let ends_here = |(thread, asked): (&&'a str, &AskedLines)| {
                (asked.until.0 == order).then_some(*thread)
            };
            let ending: Vec<&'a str> = self.asked.iter().filter_map(ends_here).collect();
            for thread in ending {
                self.room += self.asked.remove(thread).map_or(0, |asked| asked.bytes);
                failed.push((thread, io::Error::new(why.kind(), why.to_string())));
            }
        }
        failed
    }

    fn read_file(&mut self, order: usize, file: &LogFile) -> io::Result<()> {
        let untils = self.asked.values().map(|asked| asked.until);
        let is_last = untils.clone().all(|until| until.0 <= order);
        let last = untils.max().filter(|_| is_last);
        let mut input = open(&file.path)?;
        let mut lines = Lines::of(&mut input);
        let mut text = Vec::new();
        for number in 1.. {
            match lines.next(&mut text, || Ok(())) {
                Ok(Next::Line) => self.line((order, number), &text),
                Ok(Next::TooLong) => {}
                Ok(Next::End) => break,
                Err(Failed::Read(why) | Failed::Write(why, _)) => return Err(why),
            }
            if last.is_some_and(|last| last <= (order, number)) {
                break;
            }
        }
        Ok(())
    }

    fn line(&mut self, place: (usize, u64), text: &[u8]) {
        if log::only_thread(text).is_some_and(|thread| !self.asked.contains_key(thread)) {
            return;
        }
        let (thread, event) = match read_bytes(text) {
            Ok(Line::Event(event)) if event.event != Event::Noticed => {
                (event.thread_id, Some((event.event_type, event.event)))
            }
            Ok(Line::PassedOver(_)) => match log::thread_of_record(text) {
                Some(thread) => (thread, None),
                None => return,
            },
            Ok(Line::Event(_) | Line::Blank) | Err(_) => return,
        };
        let Some(asked) = self.asked.get_mut(thread.as_str()) else {
            return;
        };
        if place > asked.until {
            return;
        }
        let text = String::from_utf8_lossy(text.trim_ascii()).into_owned();
        let bytes = text.len() + size_of::<ThreadLine>();
        asked.bytes += bytes;
        asked.lines.push(ThreadLine { place, text, event });
        self.make_room(bytes);
    }

    /// Where there is no room, the last threads have to wait for another time.
    fn make_room(&mut self, bytes: usize) {
        while self.room < bytes {
            let Some((_, dropped)) = self.asked.pop_last() else {
                return;
            };
            self.room += dropped.bytes;
        }
        self.room -= bytes;
    }
}
