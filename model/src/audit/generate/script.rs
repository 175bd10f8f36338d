//! What a thread tells, line by line.

use std::collections::VecDeque;

use super::Dice;
use super::entry::{ScriptLine, What};
use crate::audit::finding::Check;

/// Writes a script, line by line.
pub(super) struct Writer<'a> {
    pub(super) lines: VecDeque<ScriptLine>,
    pub(super) dice: &'a mut Dice,
    pub(super) is_busy: bool,
    /// The host writes records of its own.
    pub(super) has_host: bool,
    pub(super) thread: u64,
    pub(super) turns: u64,
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
    pub(super) fn add(&mut self, what: What) -> &mut Self {
        self.lines.push_back(ScriptLine {
            what,
            planted: None,
        });
        self
    }

    /// The line just written is where the violation shows.
    pub(super) fn planted(&mut self, check: Check) -> &mut Self {
        if let Some(last) = self.lines.back_mut() {
            last.planted = Some(check);
        }
        self
    }

    pub(super) fn event(
        &mut self,
        kind: &'static str,
        turn: Option<&str>,
        payload: &str,
    ) -> &mut Self {
        self.add(What::Event(
            kind,
            turn.map(str::to_owned),
            payload.to_owned(),
        ))
    }

    pub(super) fn stored(&mut self, status: &'static str, turn: Option<&str>) -> &mut Self {
        self.add(What::Stored(status, turn.map(str::to_owned), false))
    }

    pub(super) fn stored_alone(&mut self, status: &'static str, turn: Option<&str>) -> &mut Self {
        self.add(What::Stored(status, turn.map(str::to_owned), true))
    }

    pub(super) fn arrive(&mut self) {
        self.event("session.started", None, "{}");
        if self.has_host {
            self.event("thread.started", None, "{}")
                .event("session.state.changed", None, r#"{"state":"ready"}"#)
                .stored("ready", None);
        }
    }

    pub(super) fn leave(&mut self) {
        self.event("session.exited", None, r#"{"exitKind":"graceful"}"#);
        if self.has_host {
            self.stored("stopped", None);
        }
    }

    pub(super) fn name_turn(&mut self) -> String {
        self.turns += 1;
        format!("turn-{:06}-{:04}", self.thread, self.turns)
    }

    pub(super) fn begin(&mut self) -> String {
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

    pub(super) fn work(&mut self, turn: &str) {
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

    pub(super) fn words(&mut self) -> String {
        if !self.is_busy {
            return "it \\\"works\\\" on \\u2026 this; ".repeat(1 + self.dice.below(12) as usize);
        }
        let texts = 1 + self.dice.below(25);
        let text = |_| TEXTS[self.dice.below(TEXTS.len() as u64) as usize];
        (0..texts).map(text).collect()
    }

    pub(super) fn end(&mut self, turn: &str) {
        let result = [r#"{"state":"completed"}"#, r#"{"state":"interrupted"}"#]
            [usize::from(self.dice.below(8) == 0)];
        self.event("turn.completed", Some(turn), result);
        if self.has_host {
            self.stored("ready", None);
        }
    }

    pub(super) fn turn(&mut self) {
        let turn = self.begin();
        self.end(&turn);
    }
}
