//! Logs made to order: healthy threads, interleaved, and violations planted among them.

mod entry;
mod script;
mod violations;

use std::collections::VecDeque;
use std::io::{self, Write};

use serde::Serialize;

use super::finding::Check;
use entry::ScriptLine;
use script::Writer;

/// When the first line is written: 2026-05-28T20:26:40Z.
const BEGINNING: i64 = 1_780_000_000_000;

/// Threads that are at work at the same time.
const ABREAST: usize = 24;

/// Which log to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The same seed gives the same log.
    pub seed: u64,
    /// About how long it should be.
    pub bytes: u64,
    /// How many violations to plant, of each kind in turn.
    pub violations: usize,
}

/// Where a violation stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Planted {
    /// The line at which it shows, from 1.
    pub line: u64,
    /// The check that must find it.
    #[serde(serialize_with = "super::finding::code")]
    pub check: Check,
    /// The thread.
    pub thread_id: String,
}

/// The violations that can be planted: those that are findings, and not hints, in a log.
pub const KINDS: [Check; 10] = [
    Check::InactiveWithTurn,
    Check::TurnNeverSettled,
    Check::SettledTurnStarted,
    Check::TurnConflict,
    Check::StartAfterExit,
    Check::ForeignEnd,
    Check::HostKeepsSettledTurn,
    Check::HostWorksAfterExit,
    Check::HostRestsDuringTurn,
    Check::PendingStartLost,
];

/// Writes a log and says where its violations are. The whole log is one file of many threads; every thread is told to its end.
///
/// The host writes down all that it does, and turns are short: most lines count for an audit.
///
/// # Errors
///
/// The output cannot be written.
pub fn generate(output: &mut impl Write, recipe: Recipe) -> io::Result<Vec<Planted>> {
    write_log(output, recipe, false)
}

/// [`generate`] with long turns of long lines, as logs mostly are: one line in twenty counts for an audit, and some of the
/// others have the types that count nested in them.
///
/// # Errors
///
/// The output cannot be written.
pub fn generate_busy(output: &mut impl Write, recipe: Recipe) -> io::Result<Vec<Planted>> {
    write_log(output, recipe, true)
}

fn write_log(output: &mut impl Write, recipe: Recipe, is_busy: bool) -> io::Result<Vec<Planted>> {
    let mut log = LogWriter {
        output,
        is_busy,
        dice: Dice(recipe.seed),
        clock: BEGINNING,
        line: 0,
        written: 0,
        threads: 0,
        planted: Vec::new(),
    };
    let mut scripts: Vec<Script> = Vec::new();
    let mut planned = 0;
    loop {
        let done = log.written >= recipe.bytes;
        if !done && scripts.len() < ABREAST {
            let due = recipe.bytes / (recipe.violations as u64 + 1) * (planned as u64 + 1);
            let violation = (planned < recipe.violations && log.written >= due).then(|| {
                planned += 1;
                KINDS[(planned - 1) % KINDS.len()]
            });
            scripts.push(log.thread(violation));
        } else if done && planned < recipe.violations {
            // Short logs: what has not found its place yet comes at the end.
            planned += 1;
            scripts.push(log.thread(Some(KINDS[(planned - 1) % KINDS.len()])));
        } else if scripts.is_empty() {
            break;
        }
        let at = log.dice.below(scripts.len() as u64) as usize;
        match scripts[at].lines.pop_front() {
            Some(entry) => log.write(&mut scripts[at], &entry)?,
            None => drop(scripts.swap_remove(at)),
        }
    }
    log.output.flush()?;
    log.planted.sort();
    Ok(log.planted)
}

/// A small generator of numbers (SplitMix64): enough for variety, the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// What is still to be told of one thread.
struct Script {
    thread: String,
    lines: VecDeque<ScriptLine>,
    /// When its last event was made: what the host stores is dated so.
    told_at: i64,
}

struct LogWriter<'a, W> {
    output: &'a mut W,
    is_busy: bool,
    dice: Dice,
    clock: i64,
    line: u64,
    written: u64,
    threads: u64,
    planted: Vec<Planted>,
}

impl<W: Write> LogWriter<'_, W> {
    /// A thread from its beginning to its end, with a violation in the midst of it, if one is given.
    fn thread(&mut self, violation: Option<Check>) -> Script {
        self.threads += 1;
        let is_busy = self.is_busy;
        let has_host = !is_busy || violation.is_some() || self.dice.below(16) == 0;
        let mut writer = Writer {
            lines: VecDeque::new(),
            dice: &mut self.dice,
            is_busy,
            has_host,
            thread: self.threads,
            turns: 0,
        };
        writer.arrive();
        let most = if is_busy { 1 } else { 4 };
        for _ in 0..1 + writer.dice.below(most) {
            writer.turn();
        }
        if let Some(check) = violation {
            writer.violate(check);
        }
        if !is_busy || violation.is_some() {
            for _ in 0..1 + writer.dice.below(most) {
                writer.turn();
            }
        }
        writer.leave();
        Script {
            lines: writer.lines,
            thread: format!("thread-{:06}", self.threads),
            told_at: self.clock,
        }
    }

    fn write(&mut self, script: &mut Script, entry: &ScriptLine) -> io::Result<()> {
        self.line += 1;
        self.clock += 1 + self.dice.below(40) as i64;
        let line = entry.line(self.line, &script.thread, self.clock, &mut script.told_at);
        self.written += line.len() as u64;
        if let Some(check) = entry.planted {
            self.planted.push(Planted {
                line: self.line,
                check,
                thread_id: script.thread.clone(),
            });
        }
        self.output.write_all(line.as_bytes())
    }
}
