//! R1: `session.started` and `thread.started`.

use super::cells;

cells! {
    idle_becomes_ready_when_the_session_is_announced:
        "", "session.started" => "ready", "idle to ready (R1)";
    idle_becomes_ready_when_the_thread_is_announced:
        "", "thread.started" => "ready", "idle to ready (R1)";
    starting_becomes_ready_when_announced:
        "session.state.changed starting", "session.started" => "ready", "starting to ready (R1)";
    starting_with_a_turn_runs_it_when_announced:
        "turn.started A; session.state.changed starting", "session.started" => "running A", "starting to running (R1)";
    ready_stays_ready_when_announced:
        "session.started", "session.started" => "ready", "still ready (R1)";
    busy_without_a_turn_becomes_ready_when_announced:
        "turn.started -", "thread.started" => "ready", "running to ready (R1)";
    running_keeps_its_turn_and_its_error_when_announced:
        "turn.started A; runtime.error - \"boom\"", "thread.started" => "running A \"boom\"", "still running (R1)";
    interrupted_becomes_ready_when_announced:
        "session.state.changed interrupted", "session.started" => "ready", "interrupted to ready (R1)";
    interrupted_after_an_exit_is_open_again_when_announced:
        "session.exited; session.state.changed interrupted", "session.started" => "ready", "interrupted to ready (R1)";
    stopped_is_open_again_when_announced:
        "session.exited", "session.started" => "ready", "stopped to ready (R1)";
    error_is_forgotten_when_announced:
        "runtime.error - \"boom\"", "session.started" => "ready", "error to ready (R1)";
    error_after_an_exit_is_open_again_when_announced:
        "session.exited; session.state.changed error \"boom\"", "thread.started" => "ready", "error to ready (R1)";
    an_announcement_keeps_the_ledger_and_the_latest_turn:
        "turn.started A; session.exited", "session.started"
        => "ready latest A | A interrupted (inferred)", "stopped to ready (R1)";
}

/// T3 Code pull request 3159 keeps this test of its host by the same name.
#[test]
fn does_not_clear_active_turn_when_session_or_thread_started_arrives_mid_turn() {
    let mut session = super::after("session.started");
    for (event, shown) in [
        ("turn.started turn_a", "running turn_a"),
        ("thread.started", "running turn_a"),
        ("session.started", "running turn_a"),
        (
            "turn.completed turn_a completed",
            "ready latest turn_a | turn_a completed (reported)",
        ),
    ] {
        session = session.apply(crate::story::event(event)).session;
        assert_eq!(crate::oracle::Oracle::of(&session).to_string(), shown);
    }
}
