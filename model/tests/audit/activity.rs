//! What shows that old work of a database still goes on, and what does not.

use session_lifecycle_model::audit::{Audit, Severity};

use crate::database::PLANTED;
use crate::scene::{Folder, audit, brief, log};
use crate::stores::{LONG_AGO, RECENTLY, Stores};

/// What is found of old work that a query was planted for, with an activity of the thread.
fn beside_activity(
    name: &str,
    query: char,
    (turn, tone, at): (Option<&str>, &str, &str),
) -> Vec<String> {
    let folder = Folder::new(&format!("db-activity-{name}"));
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.make_later();
    stores.plant(query);
    stores.activity("bad", turn, tone, at);
    let (audited, told) = audit(&stores.close());
    assert_eq!(told, "");
    let is_hint = audited.count(Severity::Finding) == 0;
    assert_eq!(is_hint, audited.repairs.is_empty(), "{query}");
    brief(&audited)
}

const OLD_WORK: [char; 3] = ['b', 'c', 'h'];

fn planted(query: char) -> &'static str {
    let found = PLANTED.iter().find(|(known, _)| *known == query);
    found.expect("it is planted").1
}

#[test]
fn a_tool_that_was_used_lately_makes_a_hint_of_old_work_and_nothing_is_to_be_repaired() {
    for query in OLD_WORK {
        for tone in ["tool", "approval"] {
            let turn = (query != 'c').then_some("B");
            let hint = planted(query).replace("finding", "hint");
            let found = beside_activity("lately", query, (turn, tone, RECENTLY));
            assert_eq!(found, [hint], "{query} {tone}");
        }
    }
}

#[test]
fn a_tool_of_any_turn_shows_work_of_a_session_that_names_none() {
    let hint = planted('c').replace("finding", "hint");
    assert_eq!(
        beside_activity("any", 'c', (Some("Z"), "tool", RECENTLY)),
        [hint]
    );
}

#[test]
fn what_the_host_may_have_written_what_is_old_and_what_is_of_another_turn_shows_no_work() {
    for query in OLD_WORK {
        let turn = (query != 'c').then_some("B");
        let mut none = vec![
            (turn, "info", RECENTLY),
            (turn, "error", RECENTLY),
            (turn, "tool", LONG_AGO),
            (turn, "tool", "2026-05-28T11:29:59.000Z"),
            (turn, "tool", "some time"),
        ];
        if query != 'c' {
            none.extend([(Some("A"), "tool", RECENTLY), (None, "tool", RECENTLY)]);
        }
        for activity in none {
            let found = beside_activity("none", query, activity);
            assert_eq!(found, [planted(query)], "{query} {activity:?}");
        }
    }
}

#[test]
fn a_tool_that_was_used_before_the_turn_ended_does_not_show_that_it_goes_on() {
    let folder = Folder::new("db-activity-before");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('b');
    stores.run("UPDATE projection_turns SET completed_at = '2026-05-28T11:40:00.000Z' WHERE thread_id = 'bad'");
    stores.activity("bad", Some("B"), "tool", "2026-05-28T11:39:59.000Z");
    let ask = |old_minutes| {
        let audit = Audit {
            old_minutes,
            ..Audit::of([&stores.path])
        };
        brief(&audit.run(&mut Vec::new()))
    };
    assert_eq!(ask(15), [planted('b')]);
    stores.activity("bad", Some("B"), "tool", "2026-05-28T11:50:00.000Z");
    assert_eq!(ask(15), [planted('b').replace("finding", "hint")]);
}

#[test]
fn a_tool_is_not_later_than_an_end_whose_time_cannot_be_read() {
    let folder = Folder::new("db-activity-unreadable");
    let stores = Stores::healthy(&folder, "state.sqlite");
    stores.plant('b');
    stores.run("UPDATE projection_turns SET completed_at = 'some time' WHERE thread_id = 'bad'");
    stores.activity("bad", Some("B"), "tool", RECENTLY);
    assert_eq!(brief(&audit(&stores.close()).0), [planted('b')]);
}

#[test]
fn a_log_that_goes_on_for_a_day_makes_nothing_old_in_a_database_that_may_be_an_older_copy() {
    let folder = Folder::new("db-younger-log");
    Stores::healthy(&folder, "state.sqlite").close();
    folder.write(
        "th.log",
        &log(&[
            "0 session.started",
            "90000 turn.started A",
            "90001 turn.completed A",
        ]),
    );
    assert_eq!(brief(&audit(&folder.0).0), [""; 0]);
}
