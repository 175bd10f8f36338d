//! The one door through which a stored session comes back: valid, or an error that names the broken rule.
#![cfg(feature = "serde")]

mod checks;
mod generate;
#[path = "../model/src/trace/oracle.rs"]
mod oracle;
mod story;

use std::fs;
use std::path::{Path, PathBuf};

use checks::{possible, survives};
use generate::{caught, caught_in, events, holds};
use oracle::Oracle;
use proptest::prelude::*;
use serde_json::{Value, json};
use session_lifecycle::supervisor::Report;
use session_lifecycle::{AnySession, Event, ProviderLife, SessionRecord, Status, TurnId, repair};

fn fixtures(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let mut found: Vec<(PathBuf, String)> = fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| (path.clone(), fs::read_to_string(path).expect("a text")))
        .collect();
    found.sort();
    found
}

/// The sentence beside a document.
fn beside(document: &Path) -> String {
    let sentence = document.with_extension("txt");
    let text = fs::read_to_string(&sentence).unwrap_or_else(|why| panic!("{sentence:?}: {why}"));
    text.trim_end().to_owned()
}

/// The error without the place in the text, which is serde's to choose.
fn why(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn every_refused_document_is_refused_with_the_sentence_beside_it() {
    let documents = fixtures("refused");
    assert!(documents.len() >= 20, "{} documents", documents.len());
    for (path, text) in documents {
        let refused = serde_json::from_str::<AnySession>(&text)
            .expect_err(&format!("{} was accepted", path.display()));
        assert_eq!(why(&refused), beside(&path), "{}", path.display());
    }
}

#[test]
fn every_accepted_document_is_the_session_beside_it() {
    let documents = fixtures("accepted");
    assert!(documents.len() >= 8, "{} documents", documents.len());
    for (path, text) in documents {
        let session: AnySession =
            serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        assert_eq!(
            Oracle::of(&session).to_string(),
            beside(&path),
            "{}",
            path.display()
        );
        let again: AnySession = serde_json::from_value(json!(session)).expect("what was written");
        assert_eq!(again, session);
    }
}

#[test]
fn a_document_has_these_names() {
    let mut session = AnySession::new();
    for event in story::events("turn.started A; turn.completed A failed \"boom\"; turn.started B") {
        session = session.apply(event).session;
    }
    let expected = json!({
        "status": "running",
        "activeTurn": "B",
        "lastError": "boom",
        "closed": false,
        "latestTurn": "B",
        "turns": [{ "turn": "A", "outcome": "failed", "reported": true }],
    });
    assert_eq!(json!(session), expected);
    assert_eq!(json!(SessionRecord::from(&session)), expected);
}

#[test]
fn every_status_is_written_as_it_is_shown() {
    for status in Status::ALL {
        assert_eq!(json!(status), json!(status.as_str()));
        let read: Status = serde_json::from_value(json!(status.as_str())).expect("a status");
        assert_eq!(read, status);
    }
}

#[test]
fn what_a_supervisor_reports_is_stored_and_read_again() {
    let documents = [
        (Report::QueueParked, json!("queueParked")),
        (
            Report::MessageUncertain("m1".into()),
            json!({ "messageUncertain": "m1" }),
        ),
        (
            Report::ConfigurationDeferred("fast".into()),
            json!({ "configurationDeferred": "fast" }),
        ),
    ];
    for (report, document) in documents {
        assert_eq!(json!(report), document);
        let read: Report = serde_json::from_value(document).expect("a report");
        assert_eq!(read, report);
    }
}

#[test]
fn a_broken_document_is_a_record_and_can_be_repaired() {
    let text = r#"{ "status": "ready", "activeTurn": "A" }"#;
    let record: SessionRecord = serde_json::from_str(text).expect("a record");
    let row = SessionRecord::from_row(Status::Ready, Some(TurnId::from("A")), None);
    assert_eq!(record, row);
    let session = repair(record, ProviderLife::Alive).session;
    assert_eq!(
        Oracle::of(&session).to_string(),
        "ready latest A | A unreported (inferred)"
    );
}

fn through_json(session: &AnySession) -> Result<AnySession, String> {
    let text = serde_json::to_string(session).map_err(|why| why.to_string())?;
    serde_json::from_str(&text).map_err(|why| why.to_string())
}

#[test]
fn a_session_survives_its_document() {
    holds(events(), |events| survives(through_json, events));
}

#[test]
fn planted_a_document_that_lacks_a_field_is_found() {
    for field in ["activeTurn", "lastError", "closed", "latestTurn", "turns"] {
        let through = |session: &AnySession| {
            let mut document = json!(session);
            document.as_object_mut().expect("an object").remove(field);
            serde_json::from_value(document).map_err(|why| why.to_string())
        };
        let found = caught_in(events(), |events| survives(through, events));
        assert!(found.len() <= 2, "{field}\n{}", story::text(&found));
    }
}

/// A value that could stand where a field of a session stands.
fn value() -> impl Strategy<Value = Value> {
    let words = [
        "idle",
        "starting",
        "running",
        "ready",
        "interrupted",
        "stopped",
        "error",
        "completed",
        "failed",
        "unreported",
        "A",
        "B",
        "D",
        "",
    ];
    prop_oneof![
        4 => proptest::sample::select(words.to_vec()).prop_map(|word| json!(word)),
        2 => any::<bool>().prop_map(|flag| json!(flag)),
        1 => Just(Value::Null),
        1 => any::<i8>().prop_map(|number| json!(number)),
        1 => Just(json!([])),
        1 => Just(json!([{ "turn": "A", "outcome": "completed", "reported": true }])),
        1 => Just(json!([{ "turn": "B", "outcome": "completed", "reported": false }])),
        1 => Just(json!({})),
    ]
}

const FIELDS: [&str; 7] = [
    "status",
    "activeTurn",
    "lastError",
    "closed",
    "latestTurn",
    "turns",
    "other",
];

/// Any JSON, often with the names and the words of a session in it.
fn any_json() -> impl Strategy<Value = Value> {
    value().prop_recursive(3, 24, 6, |inner| {
        let name = prop_oneof![
            4 => proptest::sample::select(FIELDS.to_vec()).prop_map(str::to_owned),
            1 => "\\PC{0,4}",
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map(name, inner, 0..7)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// The document of a session after some events, with up to three fields taken away or written over.
fn mutated() -> impl Strategy<Value = Value> {
    let mutation = (
        proptest::sample::select(FIELDS.to_vec()),
        proptest::option::of(value()),
    );
    let mutations = proptest::collection::vec(mutation, 0..=3);
    let events = proptest::collection::vec(generate::event(), 0..20);
    (events, mutations).prop_map(|(events, mutations): (Vec<Event>, _)| {
        let session = events
            .into_iter()
            .fold(AnySession::new(), |session, event| {
                session.apply(event).session
            });
        let mut document = json!(session);
        let fields = document.as_object_mut().expect("a session is an object");
        for (field, value) in mutations {
            match value {
                Some(value) => fields.insert(field.to_owned(), value),
                None => fields.remove(field),
            };
        }
        document
    })
}

/// What is read from the text is nothing or a possible session.
fn reads_nothing_impossible(
    read: impl Fn(&str) -> Option<Oracle>,
    text: &str,
) -> Result<(), String> {
    match read(text) {
        None => Ok(()),
        Some(shown) => possible(&shown).map_err(|why| format!("{text} was read as {shown}: {why}")),
    }
}

fn shipped(text: &str) -> Option<Oracle> {
    let read: AnySession = serde_json::from_str(text).ok()?;
    Some(Oracle::of(&read))
}

/// What a reader without the rules would make of a document.
fn credulous(text: &str) -> Option<Oracle> {
    let read: SessionRecord = serde_json::from_str(text).ok()?;
    Some(Oracle::of_record(&read))
}

#[test]
fn no_mutated_document_gives_an_impossible_session() {
    let read = std::cell::Cell::new((0_u32, 0_u32));
    holds(mutated(), |document| {
        let (yes, no) = read.get();
        let accepted = shipped(&document.to_string()).is_some();
        read.set((yes + u32::from(accepted), no + u32::from(!accepted)));
        reads_nothing_impossible(shipped, &document.to_string())
    });
    let (accepted, refused) = read.get();
    assert!(
        accepted > 0 && refused > 0,
        "{accepted} accepted, {refused} refused"
    );
}

#[test]
fn planted_a_reader_without_the_rules_is_found() {
    caught(mutated(), |document| {
        reads_nothing_impossible(credulous, &document.to_string())
    });
}

#[test]
fn no_json_panics_or_gives_an_impossible_session() {
    holds(any_json(), |document| {
        reads_nothing_impossible(shipped, &document.to_string())
    });
}

#[test]
fn no_text_panics_or_gives_an_impossible_session() {
    holds("\\PC{0,60}", |text| reads_nothing_impossible(shipped, text));
}

#[test]
fn no_cut_document_panics_or_gives_an_impossible_session() {
    holds(
        (mutated(), any::<prop::sample::Index>()),
        |(document, at)| {
            let text = document.to_string();
            let mut cut = at.index(text.len());
            while !text.is_char_boundary(cut) {
                cut -= 1;
            }
            if shipped(&text[..cut]).is_some() {
                return Err(format!("half a document was read: {}", &text[..cut]));
            }
            Ok(())
        },
    );
}

#[test]
fn a_record_that_is_read_is_the_record_that_was_written() {
    holds(generate::record(), |record| {
        let read: SessionRecord =
            serde_json::from_value(json!(record)).map_err(|why| why.to_string())?;
        // An absent latest turn reads as in a row without a memory: the active one.
        let mut expected = record.clone();
        expected.latest_turn = expected
            .latest_turn
            .or_else(|| expected.active_turn.clone());
        if read == expected {
            Ok(())
        } else {
            Err(format!("{read:?}"))
        }
    });
}
