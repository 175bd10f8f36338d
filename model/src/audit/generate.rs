//! Logs made to order: healthy threads, interleaved, and violations planted among them.

use std::collections::VecDeque;
use std::io::{self, Write};

use serde::Serialize;

use super::finding::Check;
use super::time::iso;

/// Threads that are at work at the same time.
const ABREAST: usize = 24;

/// Which log to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
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
pub fn generate(output: &mut impl Write, wanted: Wanted) -> io::Result<Vec<Planted>> {
    write_log(output, wanted, false)
}

/// [`generate`] with long turns of long lines, as logs mostly are: one line in twenty counts for an audit, and some of the
/// others have the types that count nested in them.
///
/// # Errors
///
/// The output cannot be written.
pub fn generate_busy(output: &mut impl Write, wanted: Wanted) -> io::Result<Vec<Planted>> {
    write_log(output, wanted, true)
}

fn write_log(output: &mut impl Write, wanted: Wanted, is_busy: bool) -> io::Result<Vec<Planted>> {
    let mut log = Log {
        output,
        is_busy,
        dice: Dice(wanted.seed),
        clock: 1_780_000_000_000,
        line: 0,
        written: 0,
        threads: 0,
        planted: Vec::new(),
    };
    let mut scripts: Vec<Script> = Vec::new();
    let mut planned = 0;
    loop {
        let done = log.written >= wanted.bytes;
        if !done && scripts.len() < ABREAST {
            let due = wanted.bytes / (wanted.violations as u64 + 1) * (planned as u64 + 1);
            let violation = (planned < wanted.violations && log.written >= due).then(|| {
                planned += 1;
                KINDS[(planned - 1) % KINDS.len()]
            });
            scripts.push(log.thread(violation));
        } else if done && planned < wanted.violations {
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
    lines: VecDeque<Entry>,
    /// When its last event was made: what the host stores is dated so.
    told_at: i64,
}

struct Entry {
    what: What,
    planted: Option<Check>,
}

enum What {
    /// An event: its type, its turn, its payload.
    Event(&'static str, Option<String>, String),
    /// The host stores a session: its status, its turn, and whether for an event of its own instead of the last one.
    Stored(&'static str, Option<String>, bool),
    /// The host writes another record.
    Asked(&'static str),
    /// The provider's own message.
    Native(String),
}

struct Log<'a, W> {
    output: &'a mut W,
    is_busy: bool,
    dice: Dice,
    clock: i64,
    line: u64,
    written: u64,
    threads: u64,
    planted: Vec<Planted>,
}

/// Writes a script, line by line.
struct Writer<'a> {
    lines: VecDeque<Entry>,
    dice: &'a mut Dice,
    is_busy: bool,
    /// The host writes records of its own.
    has_host: bool,
    thread: u64,
    turns: u64,
}

/// What is said in a busy log, as JSON spells it.
const TEXTS: [&str; 5] = [
    "The session keeps its turn until the provider reports an end, so the queue must wait for it. ",
    "    fn settle(&mut self) {\\n        self.ledger.insert(turn, \\\"completed\\\");\\n    }\\n",
    "/home/user/project/src/components/sidebar/thread-list.tsx:128:17 - warning: unused variable ",
    "Überprüft: 12 Dateien geändert, davon 3 neu … und \\u201ealles\\u201c läuft. ",
    "\\u001b[32m   Compiling\\u001b[0m session-lifecycle v0.1.0 (target/debug)\\r\\n",
];

impl Writer<'_> {
    fn add(&mut self, what: What) -> &mut Self {
        self.lines.push_back(Entry {
            what,
            planted: None,
        });
        self
    }

    /// The line just written is where the violation shows.
    fn planted(&mut self, check: Check) -> &mut Self {
        if let Some(last) = self.lines.back_mut() {
            last.planted = Some(check);
        }
        self
    }

    fn event(&mut self, kind: &'static str, turn: Option<&str>, payload: &str) -> &mut Self {
        self.add(What::Event(
            kind,
            turn.map(str::to_owned),
            payload.to_owned(),
        ))
    }

    fn stored(&mut self, status: &'static str, turn: Option<&str>) -> &mut Self {
        self.add(What::Stored(status, turn.map(str::to_owned), false))
    }

    fn stored_alone(&mut self, status: &'static str, turn: Option<&str>) -> &mut Self {
        self.add(What::Stored(status, turn.map(str::to_owned), true))
    }

    fn arrive(&mut self) {
        self.event("session.started", None, "{}");
        if self.has_host {
            self.event("thread.started", None, "{}")
                .event("session.state.changed", None, r#"{"state":"ready"}"#)
                .stored("ready", None);
        }
    }

    fn leave(&mut self) {
        self.event("session.exited", None, r#"{"exitKind":"graceful"}"#);
        if self.has_host {
            self.stored("stopped", None);
        }
    }

    fn name_turn(&mut self) -> String {
        self.turns += 1;
        format!("turn-{:06}-{:04}", self.thread, self.turns)
    }

    fn begin(&mut self) -> String {
        let turn = self.name_turn();
        if self.has_host {
            self.add(What::Asked("thread.turn-start-requested"));
        }
        self.event("turn.started", Some(&turn), "{}");
        if self.has_host {
            self.stored("running", Some(&turn));
        }
        self.work(&turn);
        turn
    }

    fn work(&mut self, turn: &str) {
        let lines = if self.is_busy {
            60 + self.dice.below(60)
        } else {
            1 + self.dice.below(12)
        };
        for _ in 0..lines {
            let words = self.words();
            match self.dice.below(5) {
                0 => self.add(What::Native(words)),
                1 => self.event(
                    "item.completed",
                    Some(turn),
                    &format!(r#"{{"itemType":"command_execution","data":"{words}"}}"#),
                ),
                2 if self.is_busy && self.dice.below(40) == 0 => self.event(
                    "item.updated",
                    Some(turn),
                    &format!(
                        r#"{{"item":{{"type":"command_execution","aggregated":"{words}"}},"raw":{{"type":"turn.completed","threadId":"none"}}}}"#
                    ),
                ),
                2 => self.event(
                    "thread.token-usage.updated",
                    None,
                    r#"{"usage":{"usedTokens":1234}}"#,
                ),
                _ => self.event(
                    "content.delta",
                    Some(turn),
                    &format!(r#"{{"streamKind":"assistant_text","delta":"{words}"}}"#),
                ),
            };
        }
    }

    fn words(&mut self) -> String {
        if !self.is_busy {
            return "it \\\"works\\\" on \\u2026 this; ".repeat(1 + self.dice.below(12) as usize);
        }
        let texts = 1 + self.dice.below(25);
        let text = |_| TEXTS[self.dice.below(TEXTS.len() as u64) as usize];
        (0..texts).map(text).collect()
    }

    fn end(&mut self, turn: &str) {
        let result = [r#"{"state":"completed"}"#, r#"{"state":"interrupted"}"#]
            [usize::from(self.dice.below(8) == 0)];
        self.event("turn.completed", Some(turn), result);
        if self.has_host {
            self.stored("ready", None);
        }
    }

    fn turn(&mut self) {
        let turn = self.begin();
        self.end(&turn);
    }

    fn violate(&mut self, check: Check) {
        match check {
            Check::InactiveWithTurn => {
                let turn = self.begin();
                self.event("turn.completed", Some(&turn), r#"{"state":"completed"}"#)
                    .stored("ready", Some(&turn))
                    .planted(check);
            }
            Check::TurnNeverSettled => {
                self.begin();
                self.event("session.state.changed", None, r#"{"state":"ready"}"#)
                    .planted(check)
                    .stored("ready", None);
            }
            Check::SettledTurnStarted => {
                let turn = self.begin();
                self.end(&turn);
                self.event("turn.started", Some(&turn), "{}").planted(check);
            }
            Check::TurnConflict => {
                let (turn, other) = (self.begin(), self.name_turn());
                self.event("turn.started", Some(&other), "{}")
                    .planted(check);
                self.event("turn.completed", Some(&other), r#"{"state":"completed"}"#);
                // The first turn must be heard of before the other ends, or it is over.
                let end = self.lines.pop_back();
                self.event("item.completed", Some(&turn), "{}");
                self.lines.extend(end);
                self.end(&turn);
            }
            Check::ForeignEnd => {
                let (turn, other) = (self.begin(), self.name_turn());
                self.event("turn.completed", Some(&other), r#"{"state":"completed"}"#)
                    .planted(check);
                self.end(&turn);
            }
            Check::HostKeepsSettledTurn => {
                let turn = self.begin();
                self.end(&turn);
                self.stored_alone("running", Some(&turn))
                    .planted(check)
                    .stored("ready", None);
            }
            Check::HostRestsDuringTurn => {
                let turn = self.begin();
                self.stored_alone("ready", None);
                self.event("item.completed", Some(&turn), "{}")
                    .planted(check);
                self.end(&turn);
            }
            Check::StartAfterExit => {
                self.leave();
                let turn = self.name_turn();
                self.event("turn.started", Some(&turn), "{}").planted(check);
                self.arrive();
            }
            Check::HostWorksAfterExit => {
                self.leave();
                self.stored_alone("running", None).planted(check);
                self.arrive();
            }
            Check::PendingStartLost => {
                self.add(What::Asked("thread.turn-start-requested"));
                self.event("session.exited", None, "{}")
                    .planted(check)
                    .stored("stopped", None);
                self.arrive();
            }
            Check::UnnamedEnd
            | Check::RowKeepsSettledTurn
            | Check::RowWorksAfterExit
            | Check::RowWorksAtRest
            | Check::RowNamesAnotherTurn
            | Check::RowRestsDuringTurn
            | Check::RowEndsTurnOtherwise
            | Check::StoredInactiveWithTurn
            | Check::StoredTurnEnded
            | Check::StoredWorkWithoutTurn
            | Check::StoredWorkWithoutProvider
            | Check::StoresNameDifferentTurns
            | Check::OpenTurnNotActive
            | Check::OrphanedPendingStart
            | Check::OldWorkInEvents => self.turn(), // found in databases, not in logs: `KINDS` leaves them out
        }
    }
}

impl<W: Write> Log<'_, W> {
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

    fn write(&mut self, script: &mut Script, entry: &Entry) -> io::Result<()> {
        self.line += 1;
        self.clock += 1 + self.dice.below(40) as i64;
        let now = iso(self.clock);
        let thread = &script.thread;
        let id = self.line;
        let quoted = |turn: &Option<String>| {
            turn.as_ref()
                .map_or_else(|| "null".to_owned(), |turn| format!("\"{turn}\""))
        };
        let (label, record) = match &entry.what {
            What::Event(kind, turn, payload) => {
                script.told_at = self.clock;
                let turn = turn
                    .as_ref()
                    .map_or_else(String::new, |turn| format!(r#","turnId":"{turn}""#));
                (
                    "CANON",
                    format!(
                        r#"{{"type":"{kind}","eventId":"evt-{id}","provider":"codex","threadId":"{thread}","createdAt":"{now}"{turn},"payload":{payload}}}"#
                    ),
                )
            }
            What::Stored(status, turn, alone) => {
                let at = if *alone {
                    now.clone()
                } else {
                    iso(script.told_at)
                };
                let turn = quoted(turn);
                (
                    "ORCH",
                    format!(
                        r#"{{"sequence":{id},"eventId":"evt-{id}","aggregateKind":"thread","aggregateId":"{thread}","occurredAt":"{now}","type":"thread.session-set","payload":{{"threadId":"{thread}","session":{{"threadId":"{thread}","status":"{status}","providerName":"codex","runtimeMode":"full-access","activeTurnId":{turn},"lastError":null,"updatedAt":"{at}"}}}}}}"#
                    ),
                )
            }
            What::Asked(kind) => (
                "ORCH",
                format!(
                    r#"{{"sequence":{id},"eventId":"evt-{id}","aggregateKind":"thread","aggregateId":"{thread}","occurredAt":"{now}","type":"{kind}","payload":{{"threadId":"{thread}"}}}}"#
                ),
            ),
            What::Native(words) => (
                "NTIVE",
                format!(
                    r#"{{"id":"evt-{id}","kind":"notification","provider":"codex","threadId":"{thread}","createdAt":"{now}","method":"item/agentMessage/delta","payload":{{"delta":"{words}"}}}}"#
                ),
            ),
        };
        let line = format!("[{now}] {label}: {record}\n");
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
