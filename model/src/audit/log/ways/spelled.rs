//! Lines of a log, however they may be spelled.

use proptest::prelude::*;

/// What a line is made from; what is not asked of its kind is ignored.
#[derive(Clone, Debug)]
pub(super) struct Spelled {
    kind: usize,
    thread: usize,
    turn: usize,
    /// Seconds since the line before.
    seconds: u64,
    frame: usize,
    /// How the fields are turned around.
    order: usize,
    spaces: Spaces,
    /// Every so many characters of a name, one is spelled as an escape; 0 for none.
    escapes: usize,
    /// What else stands in the record.
    decoy: usize,
    ending: Ending,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spaces {
    Nowhere,
    AroundColons,
    Everywhere,
}

#[derive(Clone, Copy, Debug)]
enum Ending {
    Feed,
    ReturnFeed,
    /// The line stops here, counted from its end.
    CutOff(usize),
}

const KINDS: [&str; 22] = [
    "session.started",
    "session.state.changed",
    "session.exited",
    "thread.started",
    "turn.started",
    "turn.completed",
    "turn.aborted",
    "runtime.error",
    "thread.session-set",
    "thread.session-set",
    "thread.turn-start-requested",
    "thread.session-stop-requested",
    "content.delta",
    "item.completed",
    "item.completed",
    "item.updated",
    "thread.token-usage.updated",
    "turn.plan.updated",
    "session.configured",
    "thread.created",
    "host.unheard-of",
    "",
];
/// Names that JSON spells in more than one way, and one that stands within another.
const THREADS: [&str; 4] = ["th", "th/ö", "a \"th\"", "th 😀"];
const TURNS: [&str; 4] = ["A", "B/C", "\\", ""];
const STATES: [&str; 4] = ["ready", "running", "error", "completed"];

pub(super) fn spelled() -> impl Strategy<Value = Spelled> {
    let ending = prop_oneof![
        12 => Just(Ending::Feed),
        3 => Just(Ending::ReturnFeed),
        1 => (1usize..90).prop_map(Ending::CutOff),
    ];
    let content = (0..KINDS.len(), 0..6usize, 0..TURNS.len(), 0u64..50);
    let style = (0..9usize, 0..8usize, 0..6usize, 0..6usize, 0..16usize);
    (content, style, ending).prop_map(
        |((kind, thread, turn, seconds), (frame, order, spaces, escapes, decoy), ending)| Spelled {
            kind,
            // Mostly the first thread, so that something happens.
            thread: thread.saturating_sub(2),
            turn,
            seconds,
            frame,
            order,
            spaces: match spaces {
                0 => Spaces::Everywhere,
                1 => Spaces::AroundColons,
                _ => Spaces::Nowhere,
            },
            escapes: escapes.saturating_sub(3) * 3,
            decoy,
            ending,
        },
    )
}

impl Spelled {
    /// A text as JSON, with more or fewer escapes.
    fn text(&self, text: &str) -> String {
        let mut json = String::from("\"");
        for (at, letter) in text.chars().enumerate() {
            let is_escaped = self.escapes > 0 && (at + self.order).is_multiple_of(self.escapes);
            match letter {
                _ if is_escaped || letter < ' ' => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        json += &format!("\\u{unit:04x}");
                    }
                }
                '"' | '\\' => json.extend(['\\', letter]),
                '/' if self.decoy.is_multiple_of(3) => json += "\\/",
                letter => json.push(letter),
            }
        }
        json.push('"');
        json
    }

    fn object(&self, fields: &[(&str, String)]) -> String {
        let space = |if_spaced| if if_spaced { " \t" } else { "" };
        let colon = space(self.spaces != Spaces::Nowhere);
        let space = space(self.spaces == Spaces::Everywhere);
        let mut json: Vec<String> = fields
            .iter()
            .map(|(key, value)| format!("{space}{}{colon}:{colon}{value}", self.text(key)))
            .collect();
        let turn = self.order % json.len().max(1);
        json.rotate_left(turn);
        format!("{{{}{space}}}", json.join(","))
    }

    fn record(&self, time: &str) -> String {
        let kind = KINDS[self.kind];
        let thread = self.text(THREADS[self.thread]);
        let turn = self.text(TURNS[self.turn]);
        let time = self.text(time);
        let is_host = kind.contains('-') && !kind.contains("usage") || kind == "thread.created";
        let state = self.text(STATES[(self.turn + self.order) % STATES.len()]);
        let stored = self.text(["ready", "running", "stopped"][self.order % 3]);
        if is_host {
            let session = self.object(&[
                ("status", stored),
                (
                    "activeTurnId",
                    if self.turn == 3 {
                        "null".to_owned()
                    } else {
                        turn
                    },
                ),
                ("updatedAt", time.clone()),
            ]);
            let payload = self.object(&[("threadId", thread.clone()), ("session", session)]);
            return self.object(&[
                ("aggregateKind", self.text("thread")),
                ("aggregateId", thread),
                ("type", self.text(kind)),
                ("occurredAt", time),
                ("payload", payload),
            ]);
        }
        let state = if kind == "turn.completed" {
            self.text("completed")
        } else {
            state
        };
        let state = if kind == "session.state.changed" && self.turn == 3 {
            self.text("ready")
        } else {
            state
        };
        let mut payload = vec![("state", state)];
        if self.decoy == 6 {
            payload.push(("n", "[1,{\"type\":\"turn.started\"}]".to_owned()));
        }
        let payload = self.object(&payload);
        let mut fields = vec![
            (
                "type",
                self.text(if kind.is_empty() {
                    "item.completed"
                } else {
                    kind
                }),
            ),
            ("threadId", thread.clone()),
            ("createdAt", time),
            ("payload", payload),
        ];
        if self.turn < 3 {
            fields.push(("turnId", turn));
        }
        match self.decoy {
            0 => fields.push((
                "raw",
                self.object(&[
                    ("type", self.text("turn.started")),
                    ("threadId", self.text("other")),
                ]),
            )),
            1 => fields.push((
                "text",
                self.text("\"type\":\"turn.completed\",\"threadId\":\"th\""),
            )),
            2 => fields.insert(0, ("type", self.text("turn.completed"))),
            3 => fields.insert(0, ("threadId", self.text("nobody"))),
            4 => fields.push(("kind", self.text("type"))),
            5 => fields.push(("raw", self.text("\u{1b}[32m ü \u{7f}"))),
            _ => {}
        }
        if [2, 3].contains(&self.decoy) {
            // Of a key that comes twice the last value counts: the order is part of the meaning.
            return Self {
                order: 0,
                ..self.clone()
            }
            .object(&fields);
        }
        self.object(&fields)
    }

    fn line(&self, now: u64) -> String {
        let time = format!(
            "2026-05-28T{:02}:{:02}:{:02}.000Z",
            now / 3600 % 24,
            now / 60 % 60,
            now % 60
        );
        let record = self.record(&time);
        let line = match self.frame {
            0 => record,
            1 => format!("  \u{feff}{record} "),
            2 => format!("[{time}] NTIVE: {record}"),
            3 => format!("[then] CANON:{record}"),
            4 => String::new(),
            _ => format!("[{time}] CANON: {record}"),
        };
        match self.ending {
            Ending::Feed => line + "\n",
            Ending::ReturnFeed => line + "\r\n",
            Ending::CutOff(missing) => {
                let mut kept: String = line.chars().collect();
                for _ in 0..missing.min(line.chars().count()) {
                    kept.pop();
                }
                // What still ends like a record is for `strict` to name.
                while kept.trim_end().ends_with("}}") {
                    kept.pop();
                }
                kept + "\n"
            }
        }
    }
}

pub(super) fn log(lines: &[Spelled]) -> String {
    let mut now = 0;
    let line = |line: &Spelled| {
        now += line.seconds;
        line.line(now)
    };
    lines.iter().map(line).collect()
}
