//! The audit of databases: each query finds what was planted for it, nothing else, and writes nothing.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use session_lifecycle_model::audit::{Audit, Severity};

use crate::scene::{Folder, audit, brief};
use crate::stores::{NOW, Stores, fingerprint};

/// Query, and what it must find.
pub(crate) const PLANTED: [(char, &str); 8] = [
    (
        'a',
        "finding S1 projection_thread_sessions bad stored_inactive_with_turn",
    ),
    (
        'b',
        "finding S5 projection_thread_sessions bad stored_turn_ended",
    ),
    (
        'c',
        "finding S5 projection_thread_sessions bad stored_work_without_turn",
    ),
    (
        'd',
        "finding L2 projection_thread_sessions bad stored_work_without_provider",
    ),
    (
        'e',
        "hint S5 projection_thread_sessions bad stores_name_different_turns",
    ),
    ('f', "finding L2 projection_turns 6 open_turn_not_active"),
    ('g', "finding L3 projection_turns 7 orphaned_pending_start"),
    ('h', "finding L2 orchestration_events 6 old_work_in_events"),
];

/// What a user does with a plan of repair.
fn carry_out(plan: &str, database: &Path) {
    let connection = Connection::open(database).unwrap();
    connection.execute_batch(plan).unwrap();
}

#[test]
fn a_healthy_database_has_no_finding_and_no_hint() {
    let folder = Folder::new("db-healthy");
    let path = Stores::healthy(&folder, "state.sqlite").close();
    let (audited, told) = audit(&path);
    assert_eq!((brief(&audited), told), (vec![], String::new()));
    assert_eq!(
        (
            audited.totals.files,
            audited.totals.threads,
            audited.exit_code()
        ),
        (1, 5, 0)
    );
}

#[test]
fn each_query_finds_what_was_planted_for_it_and_nothing_else() {
    for (query, expected) in PLANTED {
        let folder = Folder::new(&format!("db-{query}"));
        let stores = Stores::healthy(&folder, "state.sqlite");
        stores.make_later();
        stores.plant(query);
        let (audited, told) = audit(&stores.close());
        assert_eq!(
            (brief(&audited), told),
            (vec![expected.to_owned()], String::new()),
            "query {query}"
        );
        assert_eq!(audited.findings[0].thread_id, "bad");
        assert_eq!(audited.exit_code(), u8::from(query != 'e'));
    }
}

#[test]
fn a_session_that_points_at_a_turn_where_its_binding_names_none_is_a_hint() {
    let folder = Folder::new("db-bound-to-none");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.run(
        "UPDATE provider_session_runtime SET runtime_payload_json = '{}' WHERE thread_id = 'works'",
    );
    let (audited, _) = audit(&stores.close());
    let hint = "hint S5 projection_thread_sessions works stores_name_different_turns";
    assert_eq!(brief(&audited), [hint]);
}

#[test]
fn the_repair_plan_mends_each_planted_fault_and_is_not_executed_by_the_audit() {
    for (query, _) in PLANTED.into_iter().filter(|(query, _)| *query != 'e') {
        let folder = Folder::new(&format!("db-plan-{query}"));
        let stores = Stores::healthy(&folder, "state.sqlite");
        stores.make_later();
        stores.plant(query);
        let path = stores.close();
        let before = fingerprint(&path);
        let plan = audit(&path).0.to_plan();
        assert_eq!(fingerprint(&path), before, "query {query} wrote something");
        // The event is appended; the host projects it when it starts.
        carry_out(&plan, &path);
        assert_eq!(
            brief(&audit(&path).0),
            [""; 0],
            "query {query} is not mended by\n{plan}"
        );
    }
}

#[test]
fn a_plan_does_nothing_to_a_row_that_has_changed_since() {
    let folder = Folder::new("db-plan-late");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('a');
    let plan = audit(&stores.path).0.to_plan();
    stores.run("UPDATE projection_thread_sessions SET status = 'running', active_turn_id = 'C' WHERE thread_id = 'bad'");
    stores.run(&plan);
    let row: (String, String) = stores
        .connection
        .query_row(
            "SELECT status, active_turn_id FROM projection_thread_sessions WHERE thread_id = 'bad'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(row, ("running".to_owned(), "C".to_owned()));
}

#[test]
fn a_quote_in_a_name_stays_within_its_literal_in_the_plan() {
    let folder = Folder::new("db-quote");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('a');
    stores.run("UPDATE projection_thread_sessions SET thread_id = 'it''s; --', active_turn_id = 'o''clock' WHERE thread_id = 'bad'");
    let path = stores.close();
    let plan = audit(&path).0.to_plan();
    carry_out(&plan, &path);
    assert_eq!(audit(&path).0.exit_code(), 0, "{plan}");
}

#[test]
fn what_would_steer_a_terminal_or_a_shell_that_reads_the_plan_stands_in_it_in_hexadecimal() {
    let folder = Folder::new("db-control");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('a');
    // The shell of SQLite takes the carriage return of a line's end for its own.
    stores.run(
        "UPDATE projection_thread_sessions SET thread_id = 'it''s' || char(13, 10, 27, 8238), active_turn_id = char(7) WHERE thread_id = 'bad'",
    );
    let path = stores.close();
    let plan = audit(&path).0.to_plan();
    assert!(
        !plan.contains(['\r', '\u{7}', '\u{1b}', '\u{202e}']),
        "{plan:?}"
    );
    carry_out(&plan, &path);
    assert_eq!(audit(&path).0.exit_code(), 0, "{plan}");
}

#[test]
fn a_session_whose_turn_is_stored_as_an_empty_text_is_mended_too() {
    let folder = Folder::new("db-empty-turn");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('c');
    stores.run("UPDATE projection_thread_sessions SET active_turn_id = '' WHERE thread_id = 'bad'");
    let path = stores.close();
    let (audited, _) = audit(&path);
    assert_eq!(brief(&audited), [PLANTED[2].1]);
    let plan = audited.to_plan();
    carry_out(&plan, &path);
    assert_eq!(brief(&audit(&path).0), [""; 0], "{plan}");
}

#[test]
fn the_weights_follow_the_age_of_the_row_and_of_the_host() {
    let folder = Folder::new("db-weights");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('f');
    assert_eq!(
        brief(&audit(&stores.path).0),
        ["hint L2 projection_turns 6 open_turn_not_active"]
    );
    let stores = Stores::healthy(&folder, "young.sqlite");
    stores.plant('b');
    stores.run("UPDATE projection_turns SET completed_at = '2026-05-28T11:59:59.000Z' WHERE thread_id = 'bad'");
    assert_eq!(
        brief(&audit(&stores.path).0),
        ["hint S5 projection_thread_sessions bad stored_turn_ended"]
    );
    let stores = Stores::healthy(&folder, "error.sqlite");
    stores.plant('a');
    stores.run("UPDATE projection_thread_sessions SET status = 'error' WHERE thread_id = 'bad'");
    assert_eq!(
        brief(&audit(&stores.path).0),
        ["hint S1 projection_thread_sessions bad stored_inactive_with_turn"]
    );
}

#[test]
fn the_bound_and_the_time_are_the_callers_to_choose() {
    let folder = Folder::new("db-bound");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('c');
    let ask = |old_minutes, at: Option<&str>| {
        let at = at.map(str::to_owned);
        let audit = Audit {
            old_minutes,
            at,
            ..Audit::of([&stores.path])
        };
        audit.run(&mut Vec::new()).count(Severity::Finding)
    };
    assert_eq!(ask(30, None), 1);
    assert_eq!(ask(600, None), 0);
    assert!(
        ask(600, Some("2026-05-29T12:00:00.000Z")) > 1,
        "a day later, all work is old"
    );
    assert_eq!(ask(30, Some("2026-05-28T09:01:00.000Z")), 0);
    assert_eq!(ask(30, Some(NOW)), 1);
}

#[test]
fn the_time_that_ages_count_from_is_the_newest_whichever_store_it_stands_in() {
    let folder = Folder::new("db-newest");
    for newest in [
        "UPDATE projection_turns SET started_at = '2026-05-29T12:00:00.000Z' WHERE thread_id = 'works'",
        "INSERT INTO projection_thread_activities (activity_id, thread_id, tone, kind, summary, payload_json, created_at)
         VALUES ('late', 'rests', 'tool', 'k', 's', '{}', '2026-05-29T12:00:00.000Z')",
    ] {
        let stores = Stores::healthy(&folder, "state.sqlite");
        stores.plant('c');
        let findings = |audit: Audit| brief(&audit.run(&mut Vec::new()));
        let a_day_later = findings(Audit {
            at: Some("2026-05-29T12:00:00.000Z".to_owned()),
            ..Audit::of([&stores.path])
        });
        stores.run(newest);
        let unless_told_otherwise = findings(Audit::of([&stores.path]));
        assert_eq!(unless_told_otherwise, a_day_later, "{newest}");
        fs::remove_file(stores.close()).unwrap();
    }
}

#[test]
fn archived_and_deleted_threads_are_asked_like_the_others() {
    let folder = Folder::new("db-away");
    for (column, word) in [("archived_at", "archived"), ("deleted_at", "deleted")] {
        let stores = Stores::healthy(&folder, word);
        stores.plant('d');
        stores.run(&format!(
            "UPDATE projection_threads SET {column} = '{NOW}' WHERE thread_id = 'bad'"
        ));
        let (audited, _) = audit(&stores.path);
        assert_eq!(audited.exit_code(), 1);
        assert!(
            audited.findings[0]
                .message
                .ends_with(&format!("; the thread is {word}")),
            "{:?}",
            audited.findings
        );
    }
}

#[test]
fn what_the_log_of_the_database_holds_is_read_while_the_host_has_it_open() {
    let folder = Folder::new("db-wal");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0;");
    stores.plant('a');
    let before = fingerprint(&stores.path);
    assert!(
        !before.1.is_empty(),
        "the fault stands in the log, not in the file"
    );
    assert_eq!(brief(&audit(&stores.path).0), [PLANTED[0].1]);
    assert_eq!(fingerprint(&stores.path), before);

    // The same two files where nobody has them open, and no index lies beside them.
    let copied = folder.write("copy/x", "").with_file_name("state.sqlite");
    fs::copy(&stores.path, &copied).unwrap();
    fs::copy(
        folder.0.join("state.sqlite-wal"),
        copied.with_file_name("state.sqlite-wal"),
    )
    .unwrap();
    let before = fingerprint(&copied);
    assert_eq!(brief(&audit(&copied).0), [PLANTED[0].1]);
    assert_eq!(fingerprint(&copied), before);
}

#[test]
fn a_check_without_its_table_or_column_is_skipped_with_a_note_and_the_others_are_asked() {
    let folder = Folder::new("db-partial");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('a');
    stores.run("DROP TABLE provider_session_runtime; DROP TABLE orchestration_events; ALTER TABLE projection_turns DROP COLUMN completed_at; DROP TABLE projection_threads;");
    let (audited, told) = audit(&stores.path);
    assert_eq!(brief(&audited), [PLANTED[0].1]);
    assert_eq!(audited.exit_code(), 1);
    let notes: Vec<&str> = told
        .lines()
        .map(|line| line.split_once(": ").unwrap().1)
        .collect();
    assert_eq!(
        notes,
        [
            "stored_work_without_provider is skipped: there is no table provider_session_runtime",
            "stores_name_different_turns is skipped: there is no table provider_session_runtime",
            "orphaned_pending_start is skipped: the table projection_turns has no column completed_at",
            "old_work_in_events is skipped: there is no table orchestration_events",
        ]
    );
}

#[test]
fn what_is_no_database_or_not_the_hosts_is_told_in_a_sentence() {
    let folder = Folder::new("db-none");
    let not_one = folder.write("state.sqlite", "this is text, and long enough for it");
    let (audited, told) = audit(&not_one);
    assert_eq!((audited.exit_code(), audited.totals.unreadable), (2, 1));
    assert!(
        told.ends_with("state.sqlite: cannot be read: it is not a SQLite database\n"),
        "{told}"
    );

    let cut = folder.write("cut.sqlite", "SQLite format 3\0 and no more");
    assert_eq!(audit(&cut).0.exit_code(), 2);

    let other = folder.0.join("other.db");
    Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE shopping (item)")
        .unwrap();
    let (audited, told) = audit(&other);
    assert_eq!(audited.exit_code(), 2);
    assert!(
        told.contains("holds none of the tables of T3 Code"),
        "{told}"
    );
    // In a folder it is somebody else's business.
    fs::remove_file(&not_one).unwrap();
    fs::remove_file(&cut).unwrap();
    let (audited, told) = audit(&folder.0);
    assert_eq!(audited.exit_code(), 3, "nothing else is there");
    assert!(told.contains("other.db: passed over"), "{told}");
}

#[test]
fn a_payload_that_is_no_json_breaks_no_query_and_the_event_is_named_as_not_judged() {
    let folder = Folder::new("db-json");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('a');
    stores.run("UPDATE provider_session_runtime SET runtime_payload_json = '{cut'; UPDATE orchestration_events SET payload_json = '{cut';");
    let (audited, told) = audit(&stores.path);
    assert_eq!(brief(&audited), [PLANTED[0].1]);
    let named = "of orchestration_events has a payload that is no JSON; it is not judged";
    assert!(told.contains(named), "{told}");
}

#[test]
fn odd_values_are_read_as_text_and_cost_no_other_row_its_judgement() {
    let folder = Folder::new("db-odd");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.make_later();
    stores.plant('a');
    stores.run(
        "INSERT INTO projection_thread_sessions (thread_id, status, updated_at) VALUES (NULL, 'ready', '2026-05-28T10:00:00.000Z');
         INSERT INTO projection_thread_sessions (thread_id, status, active_turn_id, updated_at)
         VALUES ('blob', 'running', x'41ff', '2026-05-28T10:00:00.000Z')",
    );
    let (audited, told) = audit(&stores.close());
    let found = brief(&audited);
    assert!(found.contains(&PLANTED[0].1.to_owned()), "{found:#?}");
    assert!(
        told.contains("a row of projection_thread_sessions names no thread"),
        "{told}"
    );
    assert_eq!((audited.totals.files, audited.totals.unreadable), (1, 0));
}

#[test]
fn a_repair_of_a_turn_makes_no_orphan_of_a_start_that_waits_behind_it() {
    let folder = Folder::new("db-plan-waits");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.make_later();
    stores.plant('f');
    stores.run(
        "INSERT INTO projection_turns (thread_id, turn_id, state, requested_at)
         VALUES ('bad', NULL, 'pending', '2026-05-28T10:30:00.000Z')",
    );
    let path = stores.close();
    let plan = audit(&path).0.to_plan();
    carry_out(&plan, &path);
    assert_eq!(brief(&audit(&path).0), [""; 0], "{plan}");
}

#[test]
fn each_database_of_a_plan_has_a_transaction_of_its_own_under_its_name() {
    let folder = Folder::new("db-plan-two");
    for (name, query) in [("one.sqlite", 'a'), ("two.sqlite", 'f')] {
        let stores = Stores::healthy(&folder, name);
        stores.make_later();
        stores.plant(query);
        stores.close();
    }
    let plan = audit(&folder.0).0.to_plan();
    assert_eq!(plan.matches("BEGIN IMMEDIATE;").count(), 2, "{plan}");
    assert_eq!(plan.matches("COMMIT;").count(), 2);
    for name in ["one.sqlite", "two.sqlite"] {
        assert!(plan.contains(&format!("{name} alone:\nBEGIN")), "{plan}");
    }
}

#[test]
fn a_plan_writes_no_column_that_the_schema_does_not_have() {
    let folder = Folder::new("db-plan-older");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.make_later();
    stores.plant('d');
    stores.run("ALTER TABLE projection_turns DROP COLUMN completed_at");
    let path = stores.close();
    let plan = audit(&path).0.to_plan();
    carry_out(&plan, &path);
    assert_eq!(brief(&audit(&path).0), [""; 0], "{plan}");
}
