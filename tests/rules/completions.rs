//! R5 and R6: `turn.completed` and `turn.aborted`.

use super::cells;

// R5: the active turn, or one that nobody saw start.
cells! {
    running_is_ready_when_its_turn_completed:
        "turn.started A; runtime.error - \"boom\"", "turn.completed A completed"
        => "ready latest A | A completed (reported)",
        "running to ready, turn A settled as completed (reported) (R5)";
    running_is_ready_when_its_turn_was_cut_short:
        "turn.started A", "turn.completed A interrupted"
        => "ready latest A | A interrupted (reported)",
        "running to ready, turn A settled as interrupted (reported) (R5)";
    running_is_in_error_when_its_turn_failed:
        "turn.started A", "turn.completed A failed \"boom\""
        => "error \"boom\" latest A | A failed (reported)",
        "running to error, turn A settled as failed (reported) (R5)";
    running_keeps_its_error_when_its_turn_failed_without_a_message:
        "turn.started A; runtime.error - \"boom\"", "turn.completed A failed"
        => "error \"boom\" latest A | A failed (reported)",
        "running to error, turn A settled as failed (reported) (R5)";
    running_has_a_default_text_when_its_turn_failed_without_a_message:
        "turn.started A", "turn.completed A failed"
        => "error \"Turn failed\" latest A | A failed (reported)",
        "running to error, turn A settled as failed (reported) (R5)";
    a_message_of_a_turn_that_did_not_fail_is_not_kept:
        "turn.started A", "turn.completed A completed \"boom\""
        => "ready latest A | A completed (reported)",
        "running to ready, turn A settled as completed (reported) (R5)";
    starting_is_ready_when_its_turn_completed:
        "turn.started A; session.state.changed starting", "turn.completed A completed"
        => "ready latest A | A completed (reported)",
        "starting to ready, turn A settled as completed (reported) (R5)";
    busy_without_a_turn_is_ready_when_one_completed:
        "turn.started -", "turn.completed A completed"
        => "ready latest A | A completed (reported)",
        "running to ready, turn A settled as completed (reported) (R5)";
    idle_is_ready_when_a_turn_completed_that_nobody_saw_start:
        "", "turn.completed A completed"
        => "ready latest A | A completed (reported)",
        "idle to ready, turn A settled as completed (reported) (R5)";
    error_is_forgotten_when_a_turn_completed_that_nobody_saw_start:
        "runtime.error - \"boom\"", "turn.completed A completed"
        => "ready latest A | A completed (reported)",
        "error to ready, turn A settled as completed (reported) (R5)";
    interrupted_is_in_error_when_a_turn_failed_that_nobody_saw_start:
        "session.state.changed interrupted", "turn.completed A failed \"boom\""
        => "error \"boom\" latest A | A failed (reported)",
        "interrupted to error, turn A settled as failed (reported) (R5)";
}

// R5: no id, another turn, closed.
cells! {
    s4_02_running_ignores_a_completion_without_an_id:
        "turn.started A", "turn.completed - completed"
        => "running A", "ignored: the event ends a turn without naming it";
    stopped_ignores_a_completion_without_an_id:
        "session.exited", "turn.completed - failed \"boom\""
        => "stopped", "ignored: the event ends a turn without naming it";
    s4_03_running_records_the_completion_of_another_turn_and_goes_on:
        "turn.started B", "turn.completed A completed"
        => "running B | A completed (reported)",
        "ignored: the event is about turn A, and turn B is active";
    starting_records_the_failure_of_another_turn_and_goes_on:
        "turn.started B; session.state.changed starting", "turn.completed A failed \"boom\""
        => "starting B | A failed (reported)",
        "ignored: the event is about turn A, and turn B is active";
    s3_07_stopped_records_a_completion_that_comes_too_late:
        "session.exited", "turn.completed A failed \"boom\""
        => "stopped | A failed (reported)", "ignored: the session has exited, turn A comes too late";
    error_after_an_exit_records_a_completion_that_comes_too_late:
        "session.exited; session.state.changed error \"boom\"", "turn.completed A completed"
        => "error \"boom\" closed | A completed (reported)",
        "ignored: the session has exited, turn A comes too late";
}

// R5: a settled turn.
cells! {
    ready_ignores_a_second_completion:
        "turn.started A; turn.completed A completed", "turn.completed A failed \"boom\""
        => "ready latest A | A completed (reported)", "ignored: turn A has settled as completed (reported)";
    s8_05_ready_corrects_an_inferred_outcome:
        "turn.started A; session.state.changed ready", "turn.completed A completed"
        => "ready latest A | A completed (reported)", "still ready, turn A is now known as completed (reported) (R5)";
    ready_shows_the_failure_of_its_latest_turn_when_it_is_reported:
        "turn.started A; session.state.changed ready", "turn.completed A failed \"boom\""
        => "error \"boom\" latest A | A failed (reported)",
        "ready to error, turn A is now known as failed (reported) (R5)";
    ready_shows_the_failure_of_its_latest_turn_with_a_default_text:
        "turn.started A; session.state.changed ready", "turn.completed A failed"
        => "error \"Turn failed\" latest A | A failed (reported)",
        "ready to error, turn A is now known as failed (reported) (R5)";
    ready_does_not_show_the_failure_of_an_earlier_turn:
        "turn.started A; session.state.changed ready; turn.started B; turn.completed B completed",
        "turn.completed A failed \"boom\""
        => "ready latest B | A failed (reported), B completed (reported)",
        "still ready, turn A is now known as failed (reported) (R5)";
    running_does_not_show_the_failure_of_an_earlier_turn:
        "turn.started A; session.state.changed ready; turn.started B", "turn.completed A failed \"boom\""
        => "running B | A failed (reported)", "still running, turn A is now known as failed (reported) (R5)";
    interrupted_does_not_show_the_failure_of_its_latest_turn:
        "turn.started A; session.state.changed interrupted", "turn.completed A failed \"boom\""
        => "interrupted latest A | A failed (reported)",
        "still interrupted, turn A is now known as failed (reported) (R5)";
    stopped_corrects_an_inferred_outcome_and_stays_stopped:
        "turn.started A; session.exited", "turn.completed A failed \"boom\""
        => "stopped latest A | A failed (reported)", "still stopped, turn A is now known as failed (reported) (R5)";
    error_corrects_an_inferred_outcome_and_stays_in_error:
        "turn.started A; session.state.changed error \"boom\"", "turn.completed A completed"
        => "error \"boom\" latest A | A completed (reported)",
        "still error, turn A is now known as completed (reported) (R5)";
}

// R6.
cells! {
    l2_01_running_is_interrupted_when_its_turn_was_aborted:
        "turn.started A; runtime.error - \"boom\"", "turn.aborted A"
        => "interrupted \"boom\" latest A | A interrupted (reported)",
        "running to interrupted, turn A settled as interrupted (reported) (R6)";
    starting_is_interrupted_when_its_turn_was_aborted:
        "turn.started A; session.state.changed starting", "turn.aborted A"
        => "interrupted latest A | A interrupted (reported)",
        "starting to interrupted, turn A settled as interrupted (reported) (R6)";
    running_ignores_an_abort_without_an_id:
        "turn.started A", "turn.aborted -" => "running A", "ignored: the event ends a turn without naming it";
    stopped_ignores_an_abort_without_an_id:
        "session.exited", "turn.aborted -" => "stopped", "ignored: the event ends a turn without naming it";
    running_records_the_abort_of_another_turn_and_goes_on:
        "turn.started B", "turn.aborted A"
        => "running B | A interrupted (reported)", "ignored: the event is about turn A, and turn B is active";
    ready_records_the_abort_of_a_turn_that_was_not_active:
        "session.started", "turn.aborted A"
        => "ready | A interrupted (reported)", "ignored: turn A was not active";
    busy_without_a_turn_records_the_abort_of_one_and_stays_busy:
        "turn.started -", "turn.aborted A"
        => "running | A interrupted (reported)", "ignored: turn A was not active";
    stopped_records_the_abort_of_a_turn_that_was_not_active:
        "session.exited", "turn.aborted A"
        => "stopped | A interrupted (reported)", "ignored: turn A was not active";
    ready_ignores_the_abort_of_a_turn_that_reported:
        "turn.started A; turn.completed A completed", "turn.aborted A"
        => "ready latest A | A completed (reported)", "ignored: turn A has settled as completed (reported)";
    ready_corrects_an_inferred_outcome_when_the_turn_was_aborted:
        "turn.started A; session.state.changed ready", "turn.aborted A"
        => "ready latest A | A interrupted (reported)",
        "still ready, turn A is now known as interrupted (reported) (R6)";
    stopped_corrects_an_inferred_outcome_when_the_turn_was_aborted:
        "turn.started A; session.exited", "turn.aborted A"
        => "stopped latest A | A interrupted (reported)",
        "still stopped, turn A is now known as interrupted (reported) (R6)";
    running_corrects_an_earlier_turn_when_it_was_aborted:
        "turn.started A; session.state.changed ready; turn.started B", "turn.aborted A"
        => "running B | A interrupted (reported)",
        "still running, turn A is now known as interrupted (reported) (R6)";
}
