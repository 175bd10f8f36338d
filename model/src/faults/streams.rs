//! Defects of the readers of native streams, each with a short stream of which it is known what really went on.

use session_lifecycle::providers::{AcpReader, ClaudeReader, CodexReader};
use session_lifecycle::stream::{Projection, ProviderReader, Reading};
use session_lifecycle::{AnySession, Fault, TurnOutcome};

use crate::faults::{Catcher, Entry};
use crate::kernel::Claim;
use crate::report::TraceStep;

/// Whether a provider works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Really {
    /// It works on a turn of the thread.
    Works,
    /// It rests.
    Rests,
}

/// A stream of a provider, line by line, and what was really so once each line had been said.
#[derive(Debug, PartialEq, Eq)]
pub struct Tape {
    /// Whose stream it is, as the command line calls it.
    pub provider: &'static str,
    /// The thread that is asked about.
    pub thread: &'static str,
    /// What is said, who says it in the words of a story, and what is so then.
    pub lines: &'static [(&'static str, &'static str, Really)],
    /// How the thread's turns ended, in the order of their names.
    pub ends: &'static [TurnOutcome],
}

impl Tape {
    /// The steps up to the first line after which work is shown and there is none, or the other way round; all of them, if a
    /// turn is written down to have ended otherwise than it did; empty, if everything is as it was.
    ///
    /// # Panics
    ///
    /// If a line cannot be read: the tapes are part of this crate.
    #[must_use]
    pub fn first_difference(&self, fault: Option<Fault>) -> Vec<TraceStep> {
        let mut reader: Box<dyn ProviderReader> = match self.provider {
            "acp" => Box::new(AcpReader::default().with_fault(fault)),
            "claude" => Box::new(ClaudeReader::default().with_fault(fault)),
            _ => Box::new(CodexReader::default().with_fault(fault)),
        };
        let mut projection = Projection::new().with_fault(fault);
        let mut trace = Vec::new();
        for (at, (line, story, really)) in (1..).zip(self.lines) {
            let read = reader.read(line.as_bytes()).expect("a tape can be read");
            if let Reading::Events(events) = read {
                for event in events {
                    projection.fold(&event);
                }
            }
            let session = projection.session(self.thread);
            let turn = session
                .active_turn_id
                .as_ref()
                .map_or_else(String::new, |turn| format!(", turn {turn}"));
            let truth = match really {
                Really::Works => "the provider works",
                Really::Rests => "the provider rests",
            };
            trace.push(TraceStep {
                step: at,
                action: (*story).to_owned(),
                state: format!("session {}{turn}; in truth {truth}", session.status),
                cycle: false,
                event: None,
                host: None,
            });
            if session.status.is_active() != (*really == Really::Works) {
                return trace;
            }
        }
        let ends = self.ends_in(&projection);
        if ends == self.ends {
            return Vec::new();
        }
        if let Some(last) = trace.last_mut() {
            let ends = [ends.as_slice(), self.ends].map(in_words);
            last.state += &format!("; turns ended as {}, in truth as {}", ends[0], ends[1]);
        }
        trace
    }

    fn ends_in(&self, projection: &Projection) -> Vec<TurnOutcome> {
        let session = projection.lifecycle(self.thread);
        let ledger = session.map(AnySession::ledger).into_iter();
        ledger
            .flat_map(|ledger| ledger.iter())
            .map(|(_, how)| how.outcome())
            .collect()
    }
}

fn in_words(ends: &[TurnOutcome]) -> String {
    let words: Vec<&str> = ends.iter().map(|end| end.as_str()).collect();
    words.join(", ")
}

macro_rules! entry {
    ($fault:ident, $claim:ident in $tape:ident, $link:expr, $symptom:literal, $decision:literal) => {
        Entry {
            fault: Fault::$fault,
            link: $link,
            symptom: $symptom,
            decision: $decision,
            property: Catcher::Stream(Claim::$claim, &$tape),
        }
    };
}

const INIT: &str = r#"{"type":"system","subtype":"init","session_id":"s1"}"#;
const PROMPT: &str = r#"{"type":"user","message":{"role":"user","content":"go on"}}"#;

const RESUMED: Tape = Tape {
    provider: "claude",
    thread: "s1",
    lines: &[
        (INIT, "Claude resumes a session.", Really::Rests),
        (
            r#"{"type":"user","session_id":"s1","isReplay":true,"message":{"role":"user","content":"go on"}}"#,
            "It tells again what the user said long ago.",
            Really::Rests,
        ),
    ],
    ends: &[],
};

const ANNOUNCED_TWICE: Tape = Tape {
    provider: "claude",
    thread: "s1",
    lines: &[
        (INIT, "Claude begins a session.", Really::Rests),
        (PROMPT, "The user sends a prompt.", Really::Works),
        (
            INIT,
            "Claude announces itself, as before every answer.",
            Really::Works,
        ),
        (
            r#"{"type":"result","subtype":"success","is_error":false,"num_turns":1,"session_id":"s1"}"#,
            "It is done.",
            Really::Rests,
        ),
    ],
    ends: &[TurnOutcome::Completed],
};

const UNANSWERED: Tape = Tape {
    provider: "claude",
    thread: "s1",
    lines: &[
        (INIT, "Claude begins a session.", Really::Rests),
        (PROMPT, "The user sends a prompt.", Really::Works),
        (
            r#"{"type":"assistant","session_id":"s1","message":{"role":"assistant","model":"<synthetic>","content":[{"type":"text","text":"No response requested."}]}}"#,
            "It is none that needs an answer, and no result follows.",
            Really::Rests,
        ),
    ],
    ends: &[TurnOutcome::Completed],
};

const STEERED: Tape = Tape {
    provider: "acp",
    thread: "s1",
    lines: &[
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"session/prompt","params":{"sessionId":"s1","prompt":[]}}"#,
            "The client sends a prompt.",
            Really::Works,
        ),
        (
            r#"{"jsonrpc":"2.0","id":2,"method":"session/prompt","params":{"sessionId":"s1","prompt":[]}}"#,
            "It sends another, which is to take the place of the first.",
            Really::Works,
        ),
        (
            r#"{"jsonrpc":"2.0","id":2,"result":{"stopReason":"end_turn"}}"#,
            "The agent answers the second: it is done.",
            Really::Works,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"result":{"stopReason":"cancelled"}}"#,
            "It answers the first: it was cancelled.",
            Really::Rests,
        ),
    ],
    ends: &[TurnOutcome::Interrupted, TurnOutcome::Completed],
};

const BESIDE_A_REFUSAL: Tape = Tape {
    provider: "acp",
    thread: "s2",
    lines: &[
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"session/prompt","params":{"sessionId":"s1","prompt":[]}}"#,
            "The client sends a prompt into one session.",
            Really::Rests,
        ),
        (
            r#"{"jsonrpc":"2.0","id":2,"method":"session/prompt","params":{"sessionId":"s2","prompt":[]}}"#,
            "It sends a prompt into another, which is the one that is watched.",
            Really::Works,
        ),
        (
            r#"{"jsonrpc":"2.0","id":3,"method":"session/prompt","params":{"sessionId":"s1","prompt":[]}}"#,
            "It sends a second prompt into the first, beside the turn that runs there: its start is rejected.",
            Really::Works,
        ),
        (
            r#"{"jsonrpc":"2.0","id":2,"result":{"stopReason":"end_turn"}}"#,
            "The agent answers the prompt of the session that is watched.",
            Really::Rests,
        ),
    ],
    ends: &[TurnOutcome::Completed],
};

const CANCELLED: Tape = Tape {
    provider: "acp",
    thread: "s1",
    lines: &[
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"session/prompt","params":{"sessionId":"s1","prompt":[]}}"#,
            "The client sends a prompt.",
            Really::Works,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"cancelled"}}"#,
            "The agent answers that the prompt was cancelled.",
            Really::Rests,
        ),
    ],
    ends: &[TurnOutcome::Interrupted],
};

const WITH_A_CHILD: Tape = Tape {
    provider: "codex",
    thread: "th",
    lines: &[
        (
            r#"{"threadId":"th","method":"thread/started","payload":{"thread":{"id":"n1"}}}"#,
            "Codex begins a thread.",
            Really::Rests,
        ),
        (
            r#"{"threadId":"th","method":"turn/started","payload":{"threadId":"n2","turn":{"id":"c1"}}}"#,
            "A child of it begins a turn, in a record of its parent.",
            Really::Rests,
        ),
    ],
    ends: &[],
};

/// Every defect that lives in a reader of a native stream.
pub const READERS: &[Entry] = &[
    entry!(
        S3_05,
        S5 in RESUMED,
        "https://github.com/openai/codex/pull/12420",
        "a session that is resumed shows work for ever",
        "a prompt that is told again begins a turn, instead of being taken for history"
    ),
    entry!(
        S4_04,
        S4 in STEERED,
        "https://github.com/pingdotgg/t3code/pull/3041",
        "a turn that was steered and succeeded is listed as cancelled",
        "a second prompt joins the turn of the first, and the last answer decides, instead of each ending a turn of its own"
    ),
    entry!(
        L2_08,
        S5 in UNANSWERED,
        "https://github.com/get-bb/bb/pull/334",
        "the agent thinks for ever about a prompt that needs no answer",
        "the words that no answer is due are taken for the beginning of one, instead of its end"
    ),
    entry!(
        L2_09,
        S5 in CANCELLED,
        "https://github.com/zed-industries/zed/pull/55562",
        "the panel goes on generating after a prompt was cancelled",
        "an answer that says cancelled is passed over, instead of ending the turn of its prompt"
    ),
    entry!(
        L2_11,
        S5 in BESIDE_A_REFUSAL,
        "https://github.com/get-bb/bb/pull/1321",
        "every thread of the host freezes at once",
        "an event that is rejected holds up all that follow, instead of being told and passed by"
    ),
    entry!(
        L2_16,
        S5 in ANNOUNCED_TWICE,
        "https://github.com/Emanuele-web04/synara/commit/35ccf57b9",
        "the thread stays running after its result, which named no turn any more",
        "the reader forgets its turn when the agent announces itself, instead of naming it with the result"
    ),
    entry!(
        X_09,
        S5 in WITH_A_CHILD,
        super::projection::SOURCE_READING,
        "the turn of a child is shown as the thread's own",
        "what names another thread is believed unless that was registered, instead of only what names the thread's own"
    ),
];
