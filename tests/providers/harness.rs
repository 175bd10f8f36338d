//! Folds a stream, and tells each step in one line.

use std::fmt::Write as _;
use std::path::Path;

use session_lifecycle::Status;
use session_lifecycle::stream::{Projection, ProviderReader, Reading, RuntimeEvent, StreamEnd};

/// A stream that was folded.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) lines: Vec<String>,
    pub(crate) projection: Projection,
}

impl Told {
    /// Reads a line, and folds what it tells.
    pub(crate) fn read(&mut self, reader: &mut dyn ProviderReader, at: usize, line: &[u8]) {
        match reader.read(line) {
            Ok(Reading::Blank) => {}
            Ok(Reading::PassedOver(why)) => self.lines.push(format!("{at} passed over: {why:?}")),
            Ok(Reading::Events(events)) => self.fold(&at.to_string(), &events),
            Err(bad) => self.lines.push(format!("{at} bad: {}: {bad}", bad.code())),
        }
    }

    pub(crate) fn fold(&mut self, at: &str, events: &[RuntimeEvent]) {
        for event in events {
            let folded = self.projection.fold(event);
            let mut line = format!(
                "{at} {} {} {:?} -> ",
                event.thread_id, event.event_type, event.event
            );
            let session = folded.session;
            write!(line, "{}", session.status).unwrap();
            if let Some(turn) = &session.active_turn_id {
                write!(line, " {turn}").unwrap();
            }
            if let Some(error) = &session.last_error {
                write!(line, " {error:?}").unwrap();
            }
            write!(line, ", {}", folded.outcome).unwrap();
            self.lines.push(line);
        }
    }

    /// What the only thread shows, and the turn it works on.
    #[track_caller]
    pub(crate) fn shows(&self) -> (Status, Option<String>) {
        let sessions: Vec<_> = self.projection.sessions().collect();
        assert_eq!(sessions.len(), 1, "{:#?}", self.lines);
        let turn = sessions[0].active_turn_id.as_ref();
        (
            sessions[0].status,
            turn.map(|turn| turn.as_str().to_owned()),
        )
    }

    /// Which lines are bad, and what is wrong with each, as one word.
    pub(crate) fn bad(&self) -> Vec<(&str, &str)> {
        let bad = self
            .lines
            .iter()
            .filter_map(|line| line.split_once(" bad: "));
        bad.filter_map(|(at, told)| Some((at, told.split_once(':')?.0)))
            .collect()
    }

    /// How a turn of the thread settled.
    pub(crate) fn settled(&self, thread: &str, turn: &str) -> Option<String> {
        let ledger = self.projection.lifecycle(thread)?.ledger();
        ledger.get(turn).map(|how| how.to_string())
    }
}

/// Folds lines of text.
pub(crate) fn told(reader: &mut dyn ProviderReader, text: &str) -> Told {
    let mut told = Told::default();
    for (at, line) in text.lines().enumerate() {
        told.read(reader, at + 1, line.as_bytes());
    }
    told
}

/// Folds a fixture and holds it against its snapshot, `<name>.snap` beside it. A fixture that is named `... .ended.ndjson` is
/// the whole life of a process.
///
/// `INSTA_UPDATE=always` writes the snapshots anew, for a reader of the difference to judge.
#[track_caller]
pub(crate) fn fixture(reader: &mut dyn ProviderReader, provider: &str, name: &str) -> Told {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(provider);
    let text = std::fs::read_to_string(folder.join(format!("{name}.ndjson"))).expect(name);
    let mut told = told(reader, &text);
    if name.ends_with(".ended") {
        told.fold("end", &reader.end(StreamEnd::Closed));
    }
    insta::with_settings!({
        snapshot_path => folder,
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, told.lines.join("\n"));
    });
    told
}

/// A turn, as [`Told::shows`] names it.
pub(crate) fn turn(id: &str) -> Option<String> {
    Some(id.to_owned())
}
