//! Whatever a stream holds, no reader panics, and no session becomes impossible.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use session_lifecycle::providers::{
    AcpReader, ClaudeReader, CodexExecReader, CodexReader, OpenCodeReader,
};
use session_lifecycle::stream::{Projection, ProviderReader, Reading, StreamEnd};
use session_lifecycle::t3::T3Reader;
use session_lifecycle::{AnySession, SessionRecord};

fn readers() -> [Box<dyn ProviderReader>; 6] {
    [
        Box::new(T3Reader),
        Box::new(CodexReader::default()),
        Box::new(CodexExecReader::default()),
        Box::new(ClaudeReader::default()),
        Box::new(AcpReader::default()),
        Box::new(OpenCodeReader::default()),
    ]
}

/// A line, shown as text where it fails.
#[derive(Clone)]
struct Line(Vec<u8>);

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.escape_ascii().to_string())
    }
}

/// Every line of every fixture.
fn lines() -> Vec<Vec<u8>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut lines = Vec::new();
    for provider in ["codex", "codex-exec", "claude", "acp", "opencode"] {
        let mut files: Vec<_> = std::fs::read_dir(root.join(provider))
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|file| file.extension().is_some_and(|kind| kind == "ndjson"))
            .collect();
        files.sort();
        assert!(files.len() >= 8, "{provider}: {}", files.len());
        for file in files {
            let text = std::fs::read_to_string(file).unwrap();
            lines.extend(text.lines().map(|line| line.as_bytes().to_vec()));
        }
    }
    lines
}

#[derive(Clone, Debug)]
enum Mutation {
    None,
    Cut(Index),
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Splice(Index, Vec<u8>, Index),
}

impl Mutation {
    fn of(self, mut line: Vec<u8>) -> Vec<u8> {
        if line.is_empty() {
            return line;
        }
        match self {
            Self::None => {}
            Self::Cut(at) => line.truncate(at.index(line.len())),
            Self::Replace(at, byte) => {
                let at = at.index(line.len());
                line[at] = byte;
            }
            Self::Insert(at, bytes) => {
                let at = at.index(line.len());
                line.splice(at..at, bytes);
            }
            Self::Splice(at, other, from) => {
                line.truncate(at.index(line.len()));
                if !other.is_empty() {
                    line.extend_from_slice(&other[from.index(other.len())..]);
                }
            }
        }
        line
    }
}

fn mutated() -> impl Strategy<Value = Line> {
    let line = || select(lines());
    let parts = [
        "null",
        "{}",
        "[]",
        "7",
        "\"\"",
        "\\ud800",
        ",",
        "}",
        "\"type\":",
        "\"method\":1,",
    ];
    let part = select(parts.map(|part| part.as_bytes().to_vec()).to_vec());
    let mutation = prop_oneof![
        2 => Just(Mutation::None),
        1 => any::<Index>().prop_map(Mutation::Cut),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        2 => (any::<Index>(), part).prop_map(|(at, part)| Mutation::Insert(at, part)),
        1 => (any::<Index>(), line(), any::<Index>())
            .prop_map(|(at, other, from)| Mutation::Splice(at, other, from)),
    ];
    (line(), mutation).prop_map(|(line, mutation)| Line(mutation.of(line)))
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Feeds the lines to every reader, and holds what comes of them against what is possible.
fn survives(lines: &[Line], end: StreamEnd<'_>) -> Result<(), TestCaseError> {
    for mut reader in readers() {
        let mut projection = Projection::new();
        for line in lines {
            if let Ok(Reading::Events(events)) = reader.read(&line.0) {
                prop_assert!(!events.is_empty());
                for event in events {
                    prop_assert!(!event.thread_id.is_empty());
                    let thread = event.thread_id.clone();
                    projection.fold(&event);
                    possible(&projection, &thread)?;
                }
            }
        }
        for event in reader.end(end) {
            projection.fold(&event);
            possible(&projection, &event.thread_id)?;
        }
    }
    Ok(())
}

fn possible(projection: &Projection, thread: &str) -> Result<(), TestCaseError> {
    let session = projection.session(thread);
    prop_assert!(session.status.is_active() || session.active_turn_id.is_none());
    let record = SessionRecord::from(projection.lifecycle(thread).unwrap());
    prop_assert!(AnySession::try_from(record).is_ok());
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_read_without_a_panic(lines in vec(vec(any::<u8>(), 0..80).prop_map(Line), 0..8)) {
        survives(&lines, StreamEnd::Closed)?;
    }

    #[test]
    fn mutated_lines_of_any_provider_never_give_an_impossible_session(lines in vec(mutated(), 1..30)) {
        survives(&lines, StreamEnd::Closed)?;
        survives(&lines, StreamEnd::Failed("broken"))?;
    }

    #[test]
    fn a_bad_line_leaves_a_reader_as_it_was(lines in vec(mutated(), 1..30)) {
        for (mut all, mut good) in readers().into_iter().zip(readers()) {
            for line in &lines {
                let read = all.read(&line.0);
                if read.is_ok() {
                    prop_assert_eq!(read, good.read(&line.0));
                }
            }
            prop_assert_eq!(all.end(StreamEnd::Closed), good.end(StreamEnd::Closed));
        }
    }
}

#[test]
fn a_reader_remembers_a_bounded_number_of_threads_and_never_mints_an_id_twice() {
    let mut reader = OpenCodeReader::default();
    let mut seen = std::collections::BTreeSet::new();
    for thread in 0..3000 {
        let line = format!(
            r#"{{"type":"session.status","properties":{{"sessionID":"s{}","status":{{"type":"busy"}}}}}}"#,
            thread % 1500
        );
        let Ok(Reading::Events(events)) = reader.read(line.as_bytes()) else {
            panic!("{line}");
        };
        let begun = format!("{:?}", events.last().unwrap().event);
        assert!(begun.contains("TurnStarted"), "{begun}");
        assert!(seen.insert(begun), "{events:?}");
    }
    assert_eq!(reader.end(StreamEnd::Failed("gone")).len(), 2 * 1024);
}
