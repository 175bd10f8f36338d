//! What an event log can show, one violation a test, beside what would explain it.

use crate::scene::{Folder, audit, brief, found};

#[test]
fn a_stored_session_that_is_ready_with_a_turn_is_told_once_until_it_changes() {
    let found = found(
        "s1",
        &[
            "0 session.started",
            "1 turn.started A",
            "1 host.session-set running A",
            "2 session.state.changed ready",
            "2 host.session-set ready A",
            "3 host.session-set ready A",
            "4 turn.completed A",
            "4 host.session-set ready -",
        ],
    );
    assert_eq!(found, ["finding S1 line 5 inactive_with_turn"]);
}

#[test]
fn a_stored_session_in_error_with_a_turn_is_a_hint_because_the_host_means_it() {
    let found = found(
        "s1-error",
        &["0 session.started", "1 host.session-set error A"],
    );
    assert_eq!(found, ["hint S1 line 2 inactive_with_turn"]);
}

#[test]
fn a_turn_that_a_ready_session_leaves_is_a_finding_once_the_thread_goes_on() {
    let left = [
        "0 session.started",
        "1 turn.started A",
        "2 session.state.changed ready",
    ];
    let (next, late) = (
        ["3 turn.started B", "4 turn.completed B"],
        ["3 turn.completed A"],
    );
    assert_eq!(
        found("left-end", &left),
        ["hint L2 line 3 turn_never_settled"]
    );
    assert_eq!(
        found("left-on", &[&left[..], &next].concat()),
        ["finding L2 line 3 turn_never_settled"]
    );
    assert_eq!(
        found("left-late", &[&left[..], &late, &next].concat()),
        [""; 0]
    );
}

#[test]
fn a_turn_that_a_ready_session_leaves_is_a_finding_once_the_session_ends_however_that_is_told() {
    let left = [
        "0 session.started",
        "1 turn.started A",
        "2 session.state.changed ready",
    ];
    for end in [
        "3 session.exited",
        "3 session.state.changed stopped",
        "3 thread.state.changed closed",
    ] {
        let folder = Folder::new("left-ends");
        let log = crate::scene::log(&[&left[..], &[end]].concat());
        let (audited, _) = audit(&folder.write("th.log", &log));
        assert_eq!(
            brief(&audited),
            ["finding L2 line 3 turn_never_settled"],
            "{end}"
        );
        assert_eq!(
            audited.findings[0].message,
            "turn A began at line 2 and never ended: the session became ready under it, and the session ended at line 4"
        );
    }
}

#[test]
fn a_turn_that_an_exit_cut_short_is_a_finding_unless_somebody_asked_for_it() {
    let begun = ["0 session.started", "1 turn.started A"];
    let exited = ["3 session.exited"];
    let asked = ["2 host.session-stop-requested"];
    assert_eq!(
        found("exit", &[&begun[..], &exited].concat()),
        ["finding L2 line 3 turn_never_settled"]
    );
    let stopped = [&begun[..], &asked, &exited, &["4 session.started"]].concat();
    assert_eq!(
        found("exit-asked", &stopped),
        ["hint L2 line 4 turn_never_settled"]
    );
}

#[test]
fn a_log_that_merely_ends_in_the_middle_of_a_turn_is_a_hint() {
    assert_eq!(
        found("ends", &["0 session.started", "1 turn.started A"]),
        ["hint L2 line 2 turn_never_settled"]
    );
}

#[test]
fn a_start_of_a_settled_turn_is_a_finding_and_a_late_copy_of_the_first_start_a_hint() {
    let settled = [
        "0 session.started",
        "5 turn.started A",
        "6 turn.completed A",
    ];
    assert_eq!(
        found("back", &[&settled[..], &["7 turn.started A"]].concat()),
        ["finding S3 line 4 settled_turn_started"]
    );
    assert_eq!(
        found("back-late", &[&settled[..], &["5 turn.started A"]].concat()),
        ["hint S3 line 4 settled_turn_started"]
    );
}

#[test]
fn a_copy_of_an_old_start_is_a_hint_however_many_turns_have_ended_since() {
    let mut log = vec!["0 session.started".to_owned()];
    for (at, turn) in ["A", "B", "C", "D", "E", "F"].iter().enumerate() {
        log.push(format!("{} turn.started {turn}", 10 * at + 1));
        log.push(format!("{} turn.completed {turn}", 10 * at + 2));
    }
    let back = |second: u32, more: &[&str]| {
        let copy = format!("{second} turn.started A");
        let log = log.iter().map(String::as_str).chain(more.iter().copied());
        let log: Vec<&str> = log.chain([copy.as_str()]).collect();
        let told = found(&format!("back-{second}-{}", more.len()), &log);
        told.last().unwrap().clone()
    };
    for exit in [&[][..], &["70 session.exited"]] {
        let line = 14 + exit.len();
        let told = |severity: &str| format!("{severity} S3 line {line} settled_turn_started");
        assert_eq!(back(1, exit), told("hint"));
        assert_eq!(back(80, exit), told("finding"));
    }
}

#[test]
fn a_start_that_arrives_after_its_own_end_is_a_hint_whatever_the_session_did_at_the_end() {
    let rests = ["0 session.started"];
    let works = ["0 session.started", "1 turn.started A"];
    let exited = ["0 session.started", "1 session.exited"];
    for (name, before, end) in [
        ("rests", &rests[..], "5 turn.aborted B"),
        ("works", &works, "5 turn.aborted B"),
        ("works-completed", &works, "5 turn.completed B"),
        ("exited", &exited, "5 turn.completed B"),
    ] {
        let line = before.len() + 2;
        let told = |second: u32| {
            let start = format!("{second} turn.started B");
            let log = [before, &[end, &start]].concat();
            let mut told = found(&format!("own-end-{name}-{second}"), &log);
            told.retain(|told| told.ends_with("settled_turn_started"));
            told
        };
        assert_eq!(
            told(4),
            [format!("hint S3 line {line} settled_turn_started")],
            "{name}"
        );
        assert_eq!(
            told(6),
            [format!("finding S3 line {line} settled_turn_started")],
            "{name}"
        );
    }
}

#[test]
fn a_start_of_a_turn_that_was_left_is_not_said_to_come_after_an_end() {
    let told = |name: &str, log: &[&str]| {
        let folder = Folder::new(name);
        let (audited, _) = audit(&folder.write("th.log", &crate::scene::log(log)));
        let back = audited.findings.into_iter().next_back().unwrap();
        assert_eq!(back.check.code(), "settled_turn_started");
        back.message
    };
    let begun = ["0 session.started", "1 turn.started A"];
    let rest = ["2 session.state.changed ready", "3 turn.started A"];
    assert_eq!(
        told("left-back", &[&begun[..], &rest].concat()),
        "turn A is said to start, and the session had become ready under it at line 3"
    );
    let overtaken = ["2 turn.started B", "3 turn.completed B", "4 turn.started A"];
    assert_eq!(
        told("overtaken-back", &[&begun[..], &overtaken].concat()),
        "turn A is said to start, and the thread had gone on with turn B at line 4"
    );
}

#[test]
fn a_start_while_another_turn_runs_is_a_finding_and_its_end_is_not_another_one() {
    let events = [
        "0 session.started",
        "1 turn.started A",
        "2 turn.started B",
        "3 item.completed A",
        "4 turn.completed B",
        "5 turn.completed A",
    ];
    assert_eq!(
        found("conflict", &events),
        ["finding S12 line 3 turn_conflict"]
    );
}

#[test]
fn a_first_turn_that_is_never_heard_of_after_a_conflict_never_settled_and_later_turns_are_believed()
{
    let events = [
        "0 session.started",
        "1 turn.started A",
        "2 turn.started B",
        "4 turn.completed B",
        "5 turn.started C",
        "6 turn.completed C",
    ];
    assert_eq!(
        found("abandoned", &events),
        [
            "finding S12 line 3 turn_conflict",
            "finding L2 line 4 turn_never_settled"
        ]
    );
}

#[test]
fn a_turn_whose_end_is_reported_late_had_an_end_however_the_thread_went_on() {
    let begun = ["0 session.started", "1 turn.started A"];
    let ways = [
        &["2 session.exited", "3 session.started"][..],
        &["2 session.state.changed ready", "3 thread.started"],
        &["2 session.state.changed stopped", "3 session.exited"],
        &[
            "2 session.state.changed ready",
            "3 turn.started B",
            "4 turn.completed B",
        ],
    ];
    for (at, way) in ways.into_iter().enumerate() {
        let log = [&begun[..], way, &["9 turn.completed A"]].concat();
        assert_eq!(found(&format!("late-{at}"), &log), [""; 0], "{log:?}");
        let log = [&begun[..], way].concat();
        assert_eq!(
            found(&format!("never-{at}"), &log),
            ["finding L2 line 3 turn_never_settled"],
            "{log:?}"
        );
    }
}

#[test]
fn turns_that_overlap_are_each_a_conflict_and_none_of_them_never_ended() {
    let nested = [
        "0 session.started",
        "1 turn.started A",
        "2 turn.started B",
        "3 turn.completed B",
        "4 turn.completed A",
    ];
    assert_eq!(
        found("nested", &nested),
        ["finding S12 line 3 turn_conflict"]
    );
    let three = [
        "0 session.started",
        "1 turn.started A",
        "2 turn.started B",
        "3 turn.started C",
    ];
    let ends = [
        "4 turn.completed A",
        "5 turn.completed B",
        "6 turn.completed C",
    ];
    let conflicts = [
        "finding S12 line 3 turn_conflict",
        "finding S12 line 4 turn_conflict",
    ];
    assert_eq!(found("three", &[&three[..], &ends].concat()), conflicts);
    let never = "finding L2 line 4 turn_never_settled";
    let mut found = found("three-open", &three);
    assert!(found.iter().any(|finding| finding == never), "{found:?}");
    found.retain(|finding| finding != never);
    assert_eq!(found, conflicts);
}

#[test]
fn the_ends_of_many_turns_that_were_refused_are_not_found_a_second_time() {
    let mut log = vec![
        "0 session.started".to_owned(),
        "1 turn.started A".to_owned(),
    ];
    for (at, turn) in ["B", "C", "D", "E", "F", "G"].iter().enumerate() {
        log.push(format!("{} turn.started {turn}", 2 + 2 * at));
        log.push(format!("{} item.completed A", 3 + 2 * at));
    }
    for (at, turn) in ["B", "C", "D", "E", "F", "G", "A"].iter().enumerate() {
        log.push(format!("{} turn.completed {turn}", 20 + at));
    }
    let log: Vec<&str> = log.iter().map(String::as_str).collect();
    let found = found("many", &log);
    assert_eq!(found.len(), 6, "{found:#?}");
    assert!(found.iter().all(|finding| finding.contains("S12")));
}

#[test]
fn as_many_turns_at_once_as_an_agent_has_helpers_are_each_a_conflict_and_their_ends_nothing_more() {
    let mut log = vec![
        "0 session.started".to_owned(),
        "1 turn.started A".to_owned(),
    ];
    log.extend((0..40).map(|child| format!("{} turn.started c{child}", 2 + child)));
    log.push("50 item.completed A".to_owned());
    log.extend((0..40).map(|child| format!("{} turn.completed c{child}", 60 + child)));
    log.push("110 turn.completed A".to_owned());
    let log: Vec<&str> = log.iter().map(String::as_str).collect();
    let found = found("helpers", &log);
    assert_eq!(found.len(), 40, "{found:#?}");
    assert!(found.iter().all(|finding| finding.contains("S12")));
}

#[test]
fn of_many_turns_that_were_left_none_is_found_whose_end_is_reported_late() {
    let mut log = vec!["0 session.started".to_owned()];
    for turn in 0..20 {
        log.push(format!("{} turn.started t{turn}", 10 * turn + 1));
        log.push(format!("{} session.state.changed ready", 10 * turn + 2));
    }
    log.extend((0..20).map(|turn| format!("{} turn.completed t{turn}", 300 + turn)));
    let log: Vec<&str> = log.iter().map(String::as_str).collect();
    assert_eq!(found("many-late", &log), [""; 0]);
}

#[test]
fn a_start_that_was_refused_is_found_again_while_a_third_turn_runs() {
    let events = [
        "0 session.started",
        "1 turn.started A",
        "2 turn.started B",
        "3 item.completed A",
        "4 turn.started B",
        "5 turn.completed A",
        "6 turn.started C",
        "7 turn.started B",
        "8 turn.completed C",
    ];
    assert_eq!(
        found("refused-again", &events),
        [
            "finding S12 line 3 turn_conflict",
            "finding S12 line 8 turn_conflict"
        ]
    );
    let exited = [
        "0 session.started",
        "1 session.exited",
        "2 turn.started B",
        "3 session.started",
        "4 turn.started C",
        "5 turn.started B",
        "6 item.completed C",
        "7 turn.completed C",
    ];
    assert_eq!(
        found("refused-closed-again", &exited),
        [
            "finding S10 line 3 start_after_exit",
            "finding S12 line 6 turn_conflict"
        ]
    );
}

#[test]
fn an_end_that_was_asked_for_explains_that_the_thread_went_on_without_a_report() {
    let begun = ["0 session.started", "1 turn.started A"];
    let asked = ["2 host.turn-interrupt-requested"];
    let ended = ["3 turn.started B", "4 turn.completed B"];
    let others = ["3 turn.started B", "4 turn.started C"];
    let never = |name: &str, log: &[&[&str]]| {
        let mut found = found(name, &log.concat());
        found.retain(|finding| finding.ends_with("turn_never_settled"));
        found
    };
    assert_eq!(
        never("on", &[&begun, &ended]),
        ["finding L2 line 4 turn_never_settled"]
    );
    assert_eq!(
        never("on-asked", &[&begun, &asked, &ended]),
        ["hint L2 line 5 turn_never_settled"]
    );
    assert_eq!(
        never("others", &[&begun, &others]),
        ["finding L2 line 4 turn_never_settled"]
    );
    assert_eq!(
        never("others-asked", &[&begun, &asked, &others]),
        ["hint L2 line 5 turn_never_settled"]
    );
}

#[test]
fn an_announcement_in_the_middle_of_a_turn_does_not_take_back_that_its_end_was_asked_for() {
    let log = [
        "0 session.started",
        "1 turn.started A",
        "2 host.turn-interrupt-requested",
        "3 thread.started",
        "4 session.state.changed interrupted",
        "5 turn.started B",
        "6 turn.completed B",
    ];
    assert_eq!(
        found("asked-announced", &log),
        ["hint L2 line 5 turn_never_settled"]
    );
    let again = [
        "7 host.session-stop-requested",
        "8 session.exited",
        "9 session.started",
        "10 turn.started C",
        "11 session.exited",
    ];
    assert_eq!(
        found("asked-before", &[&log[..], &again].concat())[1..],
        ["finding L2 line 12 turn_never_settled"]
    );
}

#[test]
fn a_stop_that_was_asked_for_explains_at_the_end_of_the_log_too_that_a_turn_has_no_report() {
    let log = [
        "0 session.started",
        "1 turn.started A",
        "2 host.session-stop-requested",
        "3 session.exited",
    ];
    assert_eq!(found("asked", &log), ["hint L2 line 4 turn_never_settled"]);
}

#[test]
fn a_start_after_the_exit_is_a_finding_and_one_made_before_it_a_hint() {
    let exited = ["0 session.started", "5 session.exited"];
    assert_eq!(
        found(
            "closed",
            &[&exited[..], &["6 turn.started A", "7 turn.completed A"]].concat()
        ),
        ["finding S10 line 3 start_after_exit"]
    );
    assert_eq!(
        found(
            "closed-late",
            &[&exited[..], &["4 turn.started A"]].concat()
        ),
        ["hint S10 line 3 start_after_exit"]
    );
}

#[test]
fn an_end_of_another_turn_is_a_finding_unless_it_may_have_begun_before_the_log_did() {
    let foreign = [
        "1 turn.started A",
        "2 turn.completed B",
        "3 turn.completed A",
    ];
    assert_eq!(
        found("foreign", &[&["0 session.started"], &foreign[..]].concat()),
        ["finding S4 line 3 foreign_end"]
    );
    assert_eq!(
        found("foreign-before", &foreign),
        ["hint S4 line 2 foreign_end"]
    );
}

#[test]
fn an_end_of_another_turn_that_was_made_before_the_active_one_began_is_a_hint() {
    let late = |second: u32| {
        let end = format!("{second} turn.completed B");
        found(
            &format!("foreign-late-{second}"),
            &["0 session.started", "5 turn.started A", &end],
        )
    };
    assert_eq!(late(4)[1..], ["hint S4 line 3 foreign_end"]);
    assert_eq!(late(6)[1..], ["finding S4 line 3 foreign_end"]);
}

#[test]
fn an_end_without_a_name_in_the_middle_of_a_turn_is_a_hint() {
    let events = [
        "0 session.started",
        "1 turn.started A",
        "2 turn.completed",
        "3 turn.completed A",
    ];
    assert_eq!(found("unnamed", &events), ["hint S4 line 3 unnamed_end"]);
}

#[test]
fn a_host_that_shows_a_settled_turn_is_given_a_minute_and_no_more() {
    let begun = [
        "0 session.started",
        "1 turn.started A",
        "1 host.session-set running A",
        "2 turn.completed A",
    ];
    let quick = ["10 session.configured", "11 host.session-set ready -"];
    let slow = ["70 session.configured", "71 session.configured"];
    assert_eq!(found("host-quick", &[&begun[..], &quick].concat()), [""; 0]);
    assert_eq!(
        found("host-slow", &[&begun[..], &slow].concat()),
        ["finding S5 line 5 host_keeps_settled_turn"]
    );
    assert_eq!(
        found("host-ends", &begun),
        ["hint S5 line 3 host_keeps_settled_turn"]
    );
}

#[test]
fn a_host_that_shows_work_of_a_provider_that_left_is_a_finding_unless_it_launches_a_new_one() {
    let left = ["0 session.started", "1 session.exited"];
    assert_eq!(
        found(
            "dead",
            &[&left[..], &["2 host.session-set running -"]].concat()
        ),
        ["finding L2 line 3 host_works_after_exit"]
    );
    let launched = [
        "2 host.session-set starting -",
        "90 session.started",
        "90 host.session-set ready -",
    ];
    assert_eq!(
        found("dead-launch", &[&left[..], &launched].concat()),
        [""; 0]
    );
    let forgotten = [
        "0 session.started",
        "1 host.session-set running -",
        "2 session.exited",
        "80 session.started",
    ];
    assert_eq!(
        found("dead-late", &forgotten),
        ["finding L2 line 4 host_works_after_exit"]
    );
}

#[test]
fn a_host_that_shows_rest_while_the_turn_works_on_is_a_finding_unless_somebody_asked_for_an_end() {
    let begun = ["0 session.started", "1 turn.started A"];
    let rests = [
        "3 host.session-set ready -",
        "4 item.completed A",
        "5 turn.completed A",
    ];
    assert_eq!(
        found("rests", &[&begun[..], &rests].concat()),
        ["finding S5 line 4 host_rests_during_turn"]
    );
    let asked = ["2 host.turn-interrupt-requested"];
    assert_eq!(
        found("rests-asked", &[&begun[..], &asked, &rests].concat()),
        ["hint S5 line 5 host_rests_during_turn"]
    );
}

#[test]
fn a_turn_that_was_asked_for_and_never_began_is_a_finding_unless_another_one_may_have_taken_its_message()
 {
    let waits = [
        "0 session.started",
        "1 host.turn-start-requested",
        "2 session.exited",
    ];
    assert_eq!(
        found("pending", &waits),
        ["finding L3 line 3 pending_start_lost"]
    );
    let mid_turn = [
        "0 session.started",
        "1 turn.started A",
        "2 host.turn-start-requested",
        "3 turn.completed A",
        "4 session.exited",
    ];
    assert_eq!(
        found("pending-steer", &mid_turn),
        ["hint L3 line 5 pending_start_lost"]
    );
}
