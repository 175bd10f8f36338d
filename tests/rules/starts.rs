//! R4: `turn.started`.

use super::cells;

// A turn with an id.
cells! {
    idle_runs_a_turn_that_started:
        "", "turn.started A" => "running A", "idle to running, turn A began (R4)";
    starting_runs_a_turn_that_started:
        "session.state.changed starting", "turn.started A" => "running A", "starting to running, turn A began (R4)";
    ready_runs_a_turn_that_started:
        "session.started", "turn.started A" => "running A", "ready to running, turn A began (R4)";
    busy_without_a_turn_learns_which_one_it_is:
        "turn.started -", "turn.started A" => "running A", "still running, turn A began (R4)";
    interrupted_runs_a_turn_that_started:
        "session.state.changed interrupted", "turn.started A"
        => "running A", "interrupted to running, turn A began (R4)";
    error_runs_a_turn_that_started_and_keeps_its_text:
        "runtime.error - \"boom\"", "turn.started A"
        => "running A \"boom\"", "error to running, turn A began (R4)";
    ready_runs_a_second_turn_which_is_now_the_latest:
        "turn.started A; turn.completed A completed", "turn.started B"
        => "running B | A completed (reported)", "ready to running, turn B began (R4)";
}

// Closed.
cells! {
    s3_07_stopped_ignores_a_turn_that_started:
        "session.exited", "turn.started A"
        => "stopped", "ignored: the session has exited, turn A comes too late";
    stopped_ignores_a_turn_without_an_id:
        "session.exited", "turn.started -" => "stopped", "ignored: the session has exited";
    stopped_ignores_even_a_settled_turn_as_too_late:
        "turn.started A; session.exited", "turn.started A"
        => "stopped latest A | A interrupted (inferred)",
        "ignored: the session has exited, turn A comes too late";
    interrupted_after_an_exit_ignores_a_turn_that_started:
        "session.exited; session.state.changed interrupted", "turn.started A"
        => "interrupted closed", "ignored: the session has exited, turn A comes too late";
    error_after_an_exit_ignores_a_turn_that_started:
        "session.exited; session.state.changed error \"boom\"", "turn.started A"
        => "error \"boom\" closed", "ignored: the session has exited, turn A comes too late";
    an_announcement_lets_turns_start_again:
        "session.exited; session.started", "turn.started A" => "running A", "ready to running, turn A began (R4)";
}

// No id.
cells! {
    ready_is_busy_when_something_started:
        "session.started", "turn.started -" => "running", "ready to running (R4)";
    starting_with_a_turn_runs_it_when_something_started:
        "turn.started A; session.state.changed starting", "turn.started -"
        => "running A", "starting to running (R4)";
    running_keeps_its_turn_when_something_started:
        "turn.started A", "turn.started -" => "running A", "still running (R4)";
    busy_stays_busy_when_something_started:
        "turn.started -", "turn.started -" => "running", "still running (R4)";
}

// A settled turn, the active one, another one.
cells! {
    s3_01_interrupted_ignores_a_start_of_a_settled_turn:
        "turn.started A; turn.aborted A", "turn.started A"
        => "interrupted latest A | A interrupted (reported)",
        "ignored: turn A has settled as interrupted (reported)";
    ready_ignores_a_start_of_a_turn_that_settled_by_inference:
        "turn.started A; session.state.changed ready", "turn.started A"
        => "ready latest A | A unreported (inferred)",
        "ignored: turn A has settled as unreported (inferred)";
    running_ignores_a_start_of_a_settled_turn:
        "turn.started A; turn.completed A completed; turn.started B", "turn.started A"
        => "running B | A completed (reported)", "ignored: turn A has settled as completed (reported)";
    idle_ignores_a_start_of_a_turn_that_was_aborted_before:
        "turn.aborted A", "turn.started A"
        => "idle | A interrupted (reported)",
        "ignored: turn A has settled as interrupted (reported)";
    running_ignores_a_start_of_its_own_turn:
        "turn.started A", "turn.started A" => "running A", "ignored: turn A is running already";
    starting_runs_its_own_turn_when_it_started:
        "turn.started A; session.state.changed starting", "turn.started A"
        => "running A", "starting to running (R4)";
    s4_01_running_rejects_another_turn:
        "turn.started A", "turn.started B" => "running A", "rejected: turn B cannot start while turn A is active";
    starting_with_a_turn_rejects_another_one:
        "turn.started A; session.state.changed starting", "turn.started B"
        => "starting A", "rejected: turn B cannot start while turn A is active";
}
