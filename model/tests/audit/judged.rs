//! What of a database was judged, and what the audit says where something was not.

use session_lifecycle_model::audit::Audited;

use crate::scene::{Folder, audit, brief};
use crate::stores::Stores;

/// The answer to a healthy database that was changed so, and what was told beside it.
fn answer(name: &str, sql: &str) -> (Audited, String) {
    let folder = Folder::new(&format!("db-judged-{name}"));
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.run(sql);
    audit(&stores.close())
}

const EMPTY: &str = "DELETE FROM projection_thread_sessions; DELETE FROM projection_turns;
     DELETE FROM provider_session_runtime; DELETE FROM projection_threads;";

#[test]
fn a_thread_that_stands_in_the_stored_events_alone_is_judged_and_counted() {
    let folder = Folder::new("db-judged-events");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('h');
    stores.run(EMPTY);
    let (audited, _) = audit(&stores.close());
    let found = "finding L2 orchestration_events 6 old_work_in_events";
    assert_eq!(brief(&audited), [found]);
    assert_eq!((audited.totals.threads, audited.exit_code()), (6, 1));

    let at_rest =
        "DELETE FROM orchestration_events WHERE payload_json NOT LIKE '%\"status\":\"ready\"%'";
    let (audited, _) = answer("rest", &format!("{EMPTY} {at_rest}"));
    assert_eq!((brief(&audited), audited.exit_code()), (vec![], 0));
}

#[test]
fn a_database_of_which_no_check_can_be_asked_is_inconclusive() {
    let (audited, told) = answer(
        "none",
        "DROP TABLE projection_thread_sessions; DROP TABLE projection_turns; DROP TABLE orchestration_events;",
    );
    assert_eq!(told.matches(" is skipped: ").count(), 8, "{told}");
    assert_eq!((audited.totals.files, audited.totals.threads), (1, 0));
    assert_eq!(audited.exit_code(), 3);
}

#[test]
fn a_session_in_a_status_that_nobody_knows_is_named_counted_and_no_pass() {
    let (audited, told) = answer(
        "status",
        "UPDATE projection_thread_sessions SET status = 'dreaming' WHERE thread_id = 'rests'",
    );
    let named =
        r#": the session of thread rests is "dreaming", which nobody knows; it is not judged"#;
    assert!(told.trim_end().ends_with(named), "{told}");
    assert_eq!(brief(&audited), [""; 0]);
    assert_eq!((audited.totals.unjudged, audited.exit_code()), (1, 2));
    assert!(
        audited
            .to_string()
            .ends_with("5 threads; 1 row could not be judged"),
        "{audited}"
    );
    let json = audited.to_json(false).unwrap();
    assert!(json.contains(r#""unjudged": 1"#), "{json}");
    let twice = Audited::merge([("a", json.as_bytes()), ("b", json.as_bytes())]).unwrap();
    assert_eq!(twice.totals.unjudged, 2);
}

#[test]
fn the_last_event_of_a_session_in_a_status_that_nobody_knows_is_named_too() {
    let (audited, told) = answer(
        "event",
        "UPDATE orchestration_events SET payload_json = json_set(payload_json, '$.session.status', 'dreaming') WHERE stream_id = 'rests'",
    );
    let named = r#": row 1 of orchestration_events says that the session is "dreaming", which nobody knows; it is not judged"#;
    assert!(told.trim_end().ends_with(named), "{told}");
    assert_eq!(audited.exit_code(), 2);
}

#[test]
fn a_time_that_is_none_does_not_hide_the_newest_one() {
    let folder = Folder::new("db-judged-times");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.run(
        "UPDATE projection_thread_sessions SET updated_at = 'Invalid Date' WHERE thread_id = 'gone';
         UPDATE projection_turns SET requested_at = 'Invalid Date', completed_at = x'ff' WHERE thread_id = 'gone';
         UPDATE provider_session_runtime SET last_seen_at = 'Invalid Date' WHERE thread_id = 'gone';
         UPDATE orchestration_events SET occurred_at = 'Invalid Date' WHERE stream_id = 'gone';",
    );
    stores.plant('c');
    let (audited, _) = audit(&stores.close());
    let found = "finding S5 projection_thread_sessions bad stored_work_without_turn";
    assert_eq!(brief(&audited), [found]);
}

#[test]
fn a_turn_without_a_name_is_none_in_whatever_table_it_stands() {
    let folder = Folder::new("db-judged-nameless");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.make_later();
    stores.plant('h');
    stores.run(
        "UPDATE orchestration_events SET payload_json = json_set(payload_json, '$.session.activeTurnId', '') WHERE stream_id = 'bad';
         INSERT INTO projection_turns (thread_id, turn_id, state, requested_at) VALUES ('bad', '', 'running', '2026-05-28T09:00:00.000Z')",
    );
    let (audited, _) = audit(&stores.path);
    assert_eq!(
        brief(&audited),
        ["finding L2 orchestration_events 6 old_work_in_events"]
    );
    assert_eq!(audited.findings[0].turn_id, None);
    let message = "the last event of the session leaves it running with no turn, long ago";
    assert_eq!(audited.findings[0].message, message);

    stores.run(
        "DELETE FROM orchestration_events;
         UPDATE projection_thread_sessions SET status = 'ready', active_turn_id = '' WHERE thread_id = 'bad'",
    );
    let (audited, _) = audit(&stores.close());
    let message = "turn B is open, and the session is ready with no turn";
    assert_eq!(audited.findings[0].message, message);
    assert_eq!(audited.findings.len(), 1);
}

#[test]
fn a_database_whose_last_write_was_cut_short_is_no_attempt_to_write() {
    let folder = Folder::new("db-judged-journal");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.run("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN;");
    for turn in 0..200 {
        let turn = format!("turn-{turn:0200}");
        stores.ended("rests", &turn, "completed");
    }
    // As a crash leaves it: some of the pages written, and the journal that says how to undo it.
    let copied = folder.write("copy/x", "").with_file_name("state.sqlite");
    std::fs::copy(&stores.path, &copied).unwrap();
    std::fs::copy(
        folder.0.join("state.sqlite-journal"),
        copied.with_file_name("state.sqlite-journal"),
    )
    .unwrap();
    let (audited, told) = audit(&copied);
    assert_eq!(audited.exit_code(), 2);
    let why = "its last write was cut short, and only a program that may write can undo it: \
               open a copy of it and of its journal with `sqlite3` once, and audit that\n";
    assert!(told.ends_with(why), "{told}");
}
