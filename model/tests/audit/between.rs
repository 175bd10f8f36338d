//! Logs beside the databases of the same host: where the two contradict each other, and where one is merely older.

use std::fs;

use session_lifecycle_model::audit::{Audit, Audited, Finding, Severity};

use crate::scene::{Folder, audit, log};
use crate::stores::Stores;

/// What was found between log and database, in a few words; the place of both. Other findings have their own tests.
fn between(audited: &Audited) -> Vec<String> {
    let tell = |finding: &Finding| {
        let beside = finding.beside.as_ref()?;
        assert!(beside.file.ends_with("state.sqlite") && finding.message.contains(&beside.file));
        Some(format!(
            "{} {} {} {} beside {} {}",
            finding.severity,
            finding.property,
            finding.place,
            finding.check.code(),
            beside.table,
            beside.row
        ))
    };
    audited.findings.iter().filter_map(tell).collect()
}

/// The row of a session as `status turn time`, and the log, in one folder. The database goes on until 12:00.
fn pair(name: &str, row: [&str; 3], events: &[&str]) -> (Folder, Stores) {
    let folder = Folder::new(&format!("between-{name}"));
    folder.write("logs/th.log", &log(events));
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.make_later();
    stores.session("th", row);
    (folder, stores)
}

fn found(name: &str, row: [&str; 3], events: &[&str]) -> Vec<String> {
    let (folder, stores) = pair(name, row, events);
    stores.close();
    let (audited, told) = audit(&folder.0);
    assert_eq!(told, "");
    between(&audited)
}

const TURN: [&str; 3] = [
    "0 session.started",
    "60 turn.started A",
    "120 turn.completed A",
];

#[test]
fn a_row_that_works_on_a_turn_that_ended_in_the_log_is_a_finding_whichever_is_the_younger() {
    for at in ["10:01:00", "10:05:00"] {
        assert_eq!(
            found("settled", ["running", "A", at], &TURN),
            ["finding S5 line 3 row_keeps_settled_turn beside projection_thread_sessions th"],
            "{at}"
        );
    }
}

#[test]
fn a_row_that_works_after_the_exit_in_the_log_is_a_finding_with_a_turn_and_without() {
    let events = [
        "0 session.started",
        "60 turn.started A",
        "120 session.exited",
    ];
    for row in [
        ["running", "A", "10:01:00"],
        ["running", "", "10:01:00"],
        ["starting", "", "10:00:30"],
    ] {
        assert_eq!(
            found("exited", row, &events),
            ["finding L2 line 3 row_works_after_exit beside projection_thread_sessions th"]
        );
    }
}

#[test]
fn a_row_that_works_on_nothing_after_the_log_came_to_rest_is_a_finding_and_on_an_unknown_turn_a_hint()
 {
    assert_eq!(
        found("rested", ["running", "", "10:01:00"], &TURN),
        ["finding S5 line 3 row_works_at_rest beside projection_thread_sessions th"]
    );
    assert_eq!(
        found("unknown", ["running", "Z", "10:01:00"], &TURN),
        ["hint S5 line 3 row_works_at_rest beside projection_thread_sessions th"]
    );
}

#[test]
fn a_row_that_rests_while_the_log_goes_on_with_the_turn_is_a_finding_at_the_line_that_goes_on() {
    let head = [
        "0 session.started",
        "60 turn.started A",
        "61 item.completed A",
    ];
    let goes_on = [&head[..], &["300 item.completed A", "301 item.completed A"]].concat();
    assert_eq!(
        found("goes-on", ["ready", "", "10:02:00"], &goes_on),
        ["finding S5 line 4 row_rests_during_turn beside projection_thread_sessions th"]
    );
    assert_eq!(
        found("never-shown", ["ready", "", "10:00:30"], &head),
        ["finding S5 line 2 row_rests_during_turn beside projection_thread_sessions th"]
    );
}

#[test]
fn what_was_asked_to_end_and_goes_on_for_a_moment_is_a_hint() {
    let events = [
        "0 session.started",
        "60 turn.started A",
        "100 host.turn-interrupt-requested",
        "300 item.completed A",
    ];
    assert_eq!(
        found("asked", ["interrupted", "", "10:02:00"], &events),
        ["hint S5 line 4 row_rests_during_turn beside projection_thread_sessions th"]
    );
}

#[test]
fn a_row_that_names_a_turn_and_the_log_a_younger_one_is_a_finding() {
    let events = ["0 session.started", "60 turn.started B"];
    assert_eq!(
        found("another", ["running", "A", "10:00:30"], &events),
        ["finding S5 line 2 row_names_another_turn beside projection_thread_sessions th"]
    );
    assert_eq!(
        found("younger", ["running", "C", "10:05:00"], &events),
        [""; 0]
    );
}

#[test]
fn a_turn_that_ended_otherwise_in_its_row_is_a_finding_and_by_an_older_host_a_hint() {
    let ended = |later: bool, state: &str| {
        let folder = Folder::new(&format!("between-outcome-{later}-{state}"));
        folder.write("th.log", &log(&TURN));
        let stores = Stores::healthy(&folder, "state.sqlite");
        if later {
            stores.make_later();
        }
        stores.session("th", ["ready", "", "10:02:00"]);
        stores.ended("th", "A", state);
        stores.close();
        between(&audit(&folder.0).0)
    };
    let row = "S8 line 3 row_ends_turn_otherwise beside projection_turns 6";
    assert_eq!(ended(true, "error"), [format!("finding {row}")]);
    assert_eq!(ended(true, "interrupted"), [format!("finding {row}")]);
    assert_eq!(ended(false, "interrupted"), [format!("hint {row}")]);
    assert_eq!(ended(true, "completed"), [""; 0]);
}

#[test]
fn where_the_database_may_simply_be_the_older_store_it_is_a_hint() {
    let (folder, stores) = pair("older", ["running", "A", "10:01:00"], &TURN);
    stores.close();
    let ask = |at: &str| {
        let at = Some(at.to_owned());
        let audit = Audit {
            at,
            ..Audit::of([&folder.0])
        };
        between(&audit.run(&mut Vec::new()))
    };
    let rest = "S5 line 3 row_keeps_settled_turn beside projection_thread_sessions th";
    assert_eq!(ask("2026-05-28T10:03:00.000Z"), [format!("hint {rest}")]);
    assert_eq!(ask("2026-05-28T10:33:00.000Z"), [format!("finding {rest}")]);
}

#[test]
fn where_the_log_is_simply_the_older_store_nothing_is_said() {
    for row in [
        ["running", "Z", "10:30:00"],
        ["running", "", "10:30:00"],
        ["starting", "", "10:30:00"],
        ["stopped", "", "10:30:00"],
    ] {
        assert_eq!(found("log-older", row, &TURN), [""; 0], "{row:?}");
        let exited = [&TURN[..], &["180 session.exited"]].concat();
        assert_eq!(found("exit-older", row, &exited), [""; 0], "{row:?}");
        // A host that starts anew settles what the log saw last at work.
        let cut = found("log-cut", row, &TURN[..2]);
        assert_eq!(cut, [""; 0], "{row:?}");
    }
}

#[test]
fn a_line_that_was_lost_since_makes_a_hint_of_what_it_could_explain() {
    let (folder, stores) = pair("lost", ["running", "", "10:01:00"], &TURN);
    stores.close();
    let path = folder.0.join("logs/th.log");
    let cut = fs::read_to_string(&path).unwrap()
        + "[2026-05-28T10:05:00.000Z] CANON: {\"type\":\"turn.st\n";
    fs::write(&path, cut).unwrap();
    assert_eq!(
        between(&audit(&folder.0).0),
        ["hint S5 line 3 row_works_at_rest beside projection_thread_sessions th"]
    );
}

#[test]
fn healthy_pairs_agree_at_rest_at_work_stopped_in_error_and_interrupted() {
    let again = [&TURN[..], &["180 turn.started B", "200 item.completed B"]].concat();
    let cases: [([&str; 3], Vec<&str>); 6] = [
        (["ready", "", "10:02:00"], TURN.to_vec()),
        (["running", "A", "10:01:00"], TURN[..2].to_vec()),
        (["running", "B", "10:03:00"], again),
        (
            ["stopped", "", "10:03:00"],
            [&TURN[..], &["180 session.exited"]].concat(),
        ),
        (
            ["error", "", "10:02:00"],
            vec![
                "0 session.started",
                "60 turn.started A",
                "120 runtime.error A",
            ],
        ),
        (
            ["interrupted", "", "10:02:00"],
            vec![
                "0 session.started",
                "60 turn.started A",
                "120 turn.aborted A",
            ],
        ),
    ];
    for (row, events) in cases {
        assert_eq!(found("healthy", row, &events), [""; 0], "{row:?}");
    }
}

#[test]
fn archived_and_deleted_threads_and_logs_in_several_files_and_paths_are_held_against_their_rows() {
    for (column, how) in [("archived_at", "archived"), ("deleted_at", "deleted")] {
        let (folder, stores) = pair("away", ["running", "A", "10:01:00"], &[]);
        fs::remove_dir_all(folder.0.join("logs")).unwrap();
        let old = folder.write("elsewhere/events.th.log.1", &log(&TURN[..2]));
        let new = folder.write("elsewhere/events.th.log", &log(&TURN[2..]));
        stores.run(&format!("UPDATE projection_threads SET {column} = '2026-05-28T11:00:00.000Z' WHERE thread_id = 'th'"));
        let audited = Audit::of([&stores.path, &new, &old]).run(&mut Vec::new());
        assert_eq!(
            between(&audited),
            ["finding S5 line 1 row_keeps_settled_turn beside projection_thread_sessions th"]
        );
        let finding = audited
            .findings
            .iter()
            .find(|found| found.beside.is_some())
            .unwrap();
        assert!(
            finding.message.ends_with(&format!("; the thread is {how}")),
            "{finding:?}"
        );
        assert_eq!(finding.severity, Severity::Finding);
    }
}

#[test]
fn the_answer_does_not_depend_on_how_the_log_is_read_nor_on_what_else_stands_in_it() {
    let mut events = vec!["0 session.started", "60 turn.started A"];
    events.extend(std::iter::repeat_n("200 content.delta A", 20_000));
    events.push("300 item.completed A");
    let (folder, stores) = pair("ways", ["ready", "", "10:03:30"], &events);
    stores.close();
    let ask = |in_full, threads| {
        let audit = Audit {
            in_full,
            threads,
            ..Audit::of([&folder.0])
        };
        between(&audit.run(&mut Vec::new()))
    };
    let expected =
        ["finding S5 line 20003 row_rests_during_turn beside projection_thread_sessions th"];
    for (in_full, threads) in [(true, 1), (false, 1), (false, 2)] {
        assert_eq!(ask(in_full, threads), expected);
    }
}

#[test]
fn a_plan_sets_apart_what_no_write_of_it_mends() {
    let (folder, stores) = pair("plan", ["running", "A", "10:05:00"], &TURN);
    stores.run("DELETE FROM orchestration_events WHERE stream_id = 'th'");
    let heading = "-- What a log shows is mended by none of these writes; the audit says what to do about it:";
    let lines = || -> Vec<String> {
        let plan = audit(&folder.0).0.to_plan();
        let listed = plan.lines().skip(3).filter(|line| !line.is_empty());
        listed.map(str::to_owned).collect()
    };
    let only_the_log = lines();
    assert_eq!(only_the_log[0], heading);
    assert!(only_the_log[1].contains("th.log: line 3: turn A ended here"));
    assert_eq!(only_the_log[2..], ["-- There is nothing to write."]);

    stores.plant('a');
    stores.close();
    let both = lines();
    assert!(both[0].contains("state.sqlite: projection_thread_sessions bad"));
    assert_eq!(both[1..3], only_the_log[..2]);
    assert_eq!(both[3], "BEGIN IMMEDIATE;");
}
