//! R7: `runtime.error`.

use super::cells;

cells! {
    x_01_running_is_in_error_and_holds_no_turn_when_its_turn_failed:
        "turn.started A", "runtime.error A \"boom\""
        => "error \"boom\" latest A | A failed (reported)",
        "running to error, turn A settled as failed (reported) (R7)";
    starting_is_in_error_when_its_turn_failed:
        "turn.started A; session.state.changed starting", "runtime.error A \"boom\""
        => "error \"boom\" latest A | A failed (reported)",
        "starting to error, turn A settled as failed (reported) (R7)";
    running_keeps_its_text_when_its_turn_failed_without_a_message:
        "turn.started A; runtime.error - \"boom\"", "runtime.error A"
        => "error \"boom\" latest A | A failed (reported)",
        "running to error, turn A settled as failed (reported) (R7)";
    x_02_ready_ignores_an_error_of_a_settled_turn:
        "turn.started A; turn.completed A completed", "runtime.error A \"boom\""
        => "ready latest A | A completed (reported)", "ignored: turn A has settled as completed (reported)";
    running_ignores_an_error_of_a_settled_turn:
        "turn.started A; session.state.changed ready; turn.started B", "runtime.error A \"boom\""
        => "running B | A unreported (inferred)", "ignored: turn A has settled as unreported (inferred)";
    stopped_ignores_an_error_of_a_settled_turn:
        "turn.started A; session.exited", "runtime.error A \"boom\""
        => "stopped latest A | A interrupted (inferred)", "ignored: turn A has settled as interrupted (inferred)";
    x_03_running_keeps_its_turn_when_an_error_names_none:
        "turn.started A", "runtime.error - \"boom\"" => "running A \"boom\"", "still running (R7)";
    starting_keeps_its_turn_when_an_error_names_none:
        "turn.started A; session.state.changed starting", "runtime.error - \"boom\""
        => "starting A \"boom\"", "still starting (R7)";
    running_has_a_default_text_when_an_error_says_nothing:
        "turn.started A", "runtime.error -" => "running A \"Provider runtime error\"", "still running (R7)";
    busy_without_a_turn_is_in_error_when_an_error_names_none:
        "turn.started -", "runtime.error - \"boom\"" => "error \"boom\"", "running to error (R7)";
    ready_is_in_error_when_an_error_names_no_turn:
        "session.started", "runtime.error - \"boom\"" => "error \"boom\"", "ready to error (R7)";
    ready_is_in_error_when_a_turn_failed_that_nobody_saw_start:
        "session.started", "runtime.error A \"boom\""
        => "error \"boom\" latest A | A failed (reported)",
        "ready to error, turn A settled as failed (reported) (R7)";
    busy_without_a_turn_is_in_error_when_one_failed:
        "turn.started -", "runtime.error A \"boom\""
        => "error \"boom\" latest A | A failed (reported)",
        "running to error, turn A settled as failed (reported) (R7)";
    running_ignores_an_error_of_another_turn:
        "turn.started A", "runtime.error B \"boom\""
        => "running A", "ignored: the event is about turn B, and turn A is active";
    starting_ignores_an_error_of_another_turn:
        "turn.started A; session.state.changed starting", "runtime.error B \"boom\""
        => "starting A", "ignored: the event is about turn B, and turn A is active";
    stopped_only_keeps_the_text_of_an_error:
        "session.exited", "runtime.error - \"boom\"" => "stopped \"boom\"", "still stopped (R7)";
    stopped_only_keeps_the_text_of_an_error_of_an_unknown_turn:
        "session.exited", "runtime.error A \"boom\"" => "stopped \"boom\"", "still stopped (R7)";
    interrupted_after_an_exit_only_keeps_the_text_of_an_error:
        "session.exited; session.state.changed interrupted", "runtime.error A \"boom\""
        => "interrupted \"boom\" closed", "still interrupted (R7)";
    error_takes_the_newer_text:
        "runtime.error - \"boom\"", "runtime.error - \"crash\"" => "error \"crash\"", "still error (R7)";
    error_keeps_its_text_when_another_error_says_nothing:
        "runtime.error - \"boom\"", "runtime.error -" => "error \"boom\"", "still error (R7)";
}
