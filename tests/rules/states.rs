//! R2, R3 and R8: the provider names a state of its own, exits, or names the state of its thread.

use super::cells;

// R2 `starting`.
cells! {
    idle_starts_when_the_provider_is_starting:
        "", "session.state.changed starting" => "starting", "idle to starting (R2)";
    running_keeps_its_turn_when_the_provider_is_starting:
        "turn.started A", "session.state.changed starting" => "starting A", "running to starting (R2)";
    stopped_is_open_again_when_the_provider_is_starting:
        "session.exited", "session.state.changed starting" => "starting", "stopped to starting (R2)";
    error_is_kept_when_the_provider_is_starting:
        "runtime.error - \"boom\"", "session.state.changed starting" => "starting \"boom\"", "error to starting (R2)";
}

// R2 `running` and `waiting`.
cells! {
    ready_is_busy_when_the_provider_is_running:
        "session.started", "session.state.changed running" => "running", "ready to running (R2)";
    ready_is_busy_when_the_provider_is_waiting:
        "session.started", "session.state.changed waiting" => "running", "ready to running (R2)";
    starting_keeps_its_turn_when_the_provider_is_running:
        "turn.started A; session.state.changed starting", "session.state.changed running"
        => "running A", "starting to running (R2)";
    running_keeps_its_turn_when_the_provider_is_waiting:
        "turn.started A", "session.state.changed waiting" => "running A", "still running (R2)";
    error_after_an_exit_is_open_again_when_the_provider_is_running:
        "session.exited; session.state.changed error \"boom\"", "session.state.changed running"
        => "running \"boom\"", "error to running (R2)";
    a_settled_turn_is_not_active_again_when_the_provider_is_running:
        "turn.started A; turn.completed A completed", "session.state.changed running"
        => "running latest A | A completed (reported)", "ready to running (R2)";
}

// R2 `ready`.
cells! {
    /* T3 Code pull request 3159: the test of its host, by the same name. */
    clears_active_turn_when_provider_session_becomes_ready:
        "session.started; turn.started turn_a", "session.state.changed ready"
        => "ready latest turn_a | turn_a unreported (inferred)",
        "running to ready, turn turn_a settled as unreported (inferred) (R2)";
    starting_settles_its_turn_when_the_provider_is_ready:
        "turn.started A; session.state.changed starting", "session.state.changed ready"
        => "ready latest A | A unreported (inferred)",
        "starting to ready, turn A settled as unreported (inferred) (R2)";
    running_forgets_its_error_when_the_provider_is_ready:
        "turn.started A; runtime.error - \"boom\"", "session.state.changed ready"
        => "ready latest A | A unreported (inferred)",
        "running to ready, turn A settled as unreported (inferred) (R2)";
    s5_04_busy_without_a_turn_is_ready_when_the_provider_is:
        "turn.started -", "session.state.changed ready" => "ready", "running to ready (R2)";
    stopped_is_open_again_when_the_provider_is_ready:
        "session.exited", "session.state.changed ready" => "ready", "stopped to ready (R2)";
    error_is_forgotten_when_the_provider_is_ready:
        "runtime.error - \"boom\"", "session.state.changed ready" => "ready", "error to ready (R2)";
}

// R2 `interrupted`.
cells! {
    running_settles_its_turn_when_the_provider_was_interrupted:
        "turn.started A", "session.state.changed interrupted"
        => "interrupted latest A | A interrupted (inferred)",
        "running to interrupted, turn A settled as interrupted (inferred) (R2)";
    error_is_kept_when_the_provider_was_interrupted:
        "runtime.error - \"boom\"", "session.state.changed interrupted"
        => "interrupted \"boom\"", "error to interrupted (R2)";
    stopped_stays_closed_when_the_provider_was_interrupted:
        "session.exited", "session.state.changed interrupted" => "interrupted closed", "stopped to interrupted (R2)";
    idle_is_interrupted_when_the_provider_was:
        "", "session.state.changed interrupted" => "interrupted", "idle to interrupted (R2)";
}

// R2 `stopped`.
cells! {
    running_settles_its_turn_when_the_provider_stopped:
        "turn.started A", "session.state.changed stopped"
        => "stopped latest A | A interrupted (inferred)",
        "running to stopped, turn A settled as interrupted (inferred) (R2)";
    ready_is_stopped_when_the_provider_stopped:
        "session.started", "session.state.changed stopped" => "stopped", "ready to stopped (R2)";
    error_is_kept_when_the_provider_stopped:
        "runtime.error - \"boom\"", "session.state.changed stopped" => "stopped \"boom\"", "error to stopped (R2)";
}

// R2 `error`.
cells! {
    running_settles_its_turn_when_the_provider_failed:
        "turn.started A", "session.state.changed error \"boom\""
        => "error \"boom\" latest A | A failed (inferred)",
        "running to error, turn A settled as failed (inferred) (R2)";
    error_keeps_its_text_when_the_provider_failed_without_a_reason:
        "runtime.error - \"boom\"", "session.state.changed error" => "error \"boom\"", "still error (R2)";
    error_takes_the_newer_reason:
        "runtime.error - \"boom\"", "session.state.changed error \"crash\"" => "error \"crash\"", "still error (R2)";
    ready_has_a_default_text_when_the_provider_failed_without_a_reason:
        "session.started", "session.state.changed error" => "error \"Provider session error\"", "ready to error (R2)";
    stopped_stays_closed_when_the_provider_failed:
        "session.exited", "session.state.changed error \"boom\"" => "error \"boom\" closed", "stopped to error (R2)";
    a_reason_of_another_state_than_error_is_not_kept:
        "session.started", "session.state.changed interrupted \"boom\"" => "interrupted", "ready to interrupted (R2)";
}

// R3.
cells! {
    running_settles_its_turn_when_the_session_exited:
        "turn.started A", "session.exited"
        => "stopped latest A | A interrupted (inferred)",
        "running to stopped, turn A settled as interrupted (inferred) (R3)";
    starting_settles_its_turn_when_the_session_exited:
        "turn.started A; session.state.changed starting", "session.exited"
        => "stopped latest A | A interrupted (inferred)",
        "starting to stopped, turn A settled as interrupted (inferred) (R3)";
    idle_is_stopped_when_the_session_exited:
        "", "session.exited" => "stopped", "idle to stopped (R3)";
    error_is_kept_when_the_session_exited:
        "runtime.error - \"boom\"", "session.exited" => "stopped \"boom\"", "error to stopped (R3)";
    stopped_stays_stopped_when_the_session_exited:
        "session.exited", "session.exited" => "stopped", "still stopped (R3)";
    interrupted_after_an_exit_is_stopped_when_the_session_exited:
        "session.exited; session.state.changed interrupted", "session.exited" => "stopped", "interrupted to stopped (R3)";
}

// R8.
cells! {
    s1_05_running_settles_its_turn_when_the_thread_failed:
        "turn.started A", "thread.state.changed error"
        => "error \"Provider thread error\" latest A | A failed (inferred)",
        "running to error, turn A settled as failed (inferred) (R8)";
    running_keeps_its_error_when_the_thread_failed:
        "turn.started A; runtime.error - \"boom\"", "thread.state.changed error"
        => "error \"boom\" latest A | A failed (inferred)",
        "running to error, turn A settled as failed (inferred) (R8)";
    ready_is_in_error_when_the_thread_failed:
        "session.started", "thread.state.changed error" => "error \"Provider thread error\"", "ready to error (R8)";
    stopped_stays_closed_when_the_thread_failed:
        "session.exited", "thread.state.changed error"
        => "error \"Provider thread error\" closed", "stopped to error (R8)";
    running_settles_its_turn_when_the_thread_was_closed:
        "turn.started A", "thread.state.changed closed"
        => "stopped latest A | A interrupted (inferred)",
        "running to stopped, turn A settled as interrupted (inferred) (R8)";
    stopped_stays_stopped_when_the_thread_was_closed:
        "session.exited", "thread.state.changed closed" => "stopped", "still stopped (R8)";
}

// R9.
cells! {
    s5_10_running_ignores_that_the_thread_is_idle:
        "turn.started A", "thread.state.changed idle"
        => "running A", "ignored: the event has no say in the lifecycle";
    ready_ignores_that_the_thread_is_active:
        "session.started", "thread.state.changed active" => "ready", "ignored: the event has no say in the lifecycle";
    stopped_ignores_that_the_thread_was_archived:
        "session.exited", "thread.state.changed archived" => "stopped", "ignored: the event has no say in the lifecycle";
    error_ignores_that_the_thread_was_compacted:
        "runtime.error - \"boom\"", "thread.state.changed compacted"
        => "error \"boom\"", "ignored: the event has no say in the lifecycle";
    running_ignores_work:
        "turn.started A", "work.observed A" => "running A", "ignored: the event has no say in the lifecycle";
    s3_04_ready_ignores_work_of_a_settled_turn:
        "turn.started A; turn.completed A completed", "work.observed A"
        => "ready latest A | A completed (reported)", "ignored: the event has no say in the lifecycle";
    stopped_ignores_work:
        "session.exited", "work.observed -" => "stopped", "ignored: the event has no say in the lifecycle";
    running_ignores_what_it_does_not_know:
        "turn.started A", "noticed" => "running A", "ignored: the event has no say in the lifecycle";
    idle_ignores_what_it_does_not_know:
        "", "noticed" => "idle", "ignored: the event has no say in the lifecycle";
}
