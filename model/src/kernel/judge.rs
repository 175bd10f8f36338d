//! What a step did to what the session shows, held against what was said and what is so.

use session_lifecycle::supervisor::{Answer, Command, Input, ProviderEvent, TrueState};
use session_lifecycle::{Event, Settlement, ThreadState, TurnResult};

use crate::kernel::action::Stimulus;
use crate::kernel::claims::Claim;
use crate::kernel::truth::{Ask, Job, Owed, Process, Truth};
use crate::kernel::view::View;
use crate::world::Turn;

/// What the user sees running, or about to, and wants ended.
pub(super) fn note_interrupt(truth: &mut Truth, view: &View, stimulus: Stimulus) {
    if matches!(stimulus, Stimulus::Interrupt | Stimulus::SendNow(_)) {
        let is_shown = truth.turn.is_some() && truth.turn == view.active;
        let has_reached = |mail| truth.mail[mail as usize].reached > 0;
        let is_hidden =
            truth.turn.is_some() && !truth.is_own && view.handed.is_some_and(has_reached);
        truth.owes(Owed::Turn, is_shown || is_hidden);
        let is_ahead = |mail| truth.asks.iter().any(|ask| ask == Ask::Send(mail));
        truth.owes(Owed::Message, view.handed.is_some_and(is_ahead));
    }
    if stimulus == Stimulus::Interrupt {
        for job in Job::ALL {
            truth.owes(job.owed(), truth.tasks & view.tasks & job.bit() != 0);
        }
        truth.owes(Owed::Request, truth.request && view.requests > 0);
    }
}

/// Where the provider's reply to a message names no turn, and it begins turns of its own, nobody can tell which turn is
/// the message's: the next that begins is struck, and no more.
pub(super) fn note_doubt(truth: &mut Truth, before: &View, after: &View, input: &Input) {
    let names_none = matches!(
        input,
        Input::Answer {
            answer: Answer::Sent { turn: None, .. },
            ..
        }
    );
    let is_taken_for_begun = before.handed.is_some() && after.handed != before.handed;
    let is_struck = after.interrupting == Some(truth.turn);
    let is_unnamed = before.is_unnamed && matches!(input, Input::Event { .. });
    let is_in_doubt = is_taken_for_begun && (names_none || is_unnamed) && !is_struck;
    truth.owes_no_more(Owed::Turn, is_in_doubt);
}

/// What was to be ended has ended, or never began.
pub(super) fn settle_what_was_owed(before: &Truth, after: &mut Truth) {
    let is_gone = after.process != Process::Up;
    let begins = after.asks.iter().any(|ask| matches!(ask, Ask::Send(_)));
    let is_begun = before.memory.interrupted & Owed::Message as u8 != 0 && !begins;
    let has_ended = before.turn.is_some() && before.turn != after.turn;
    after.owes_no_more(Owed::Turn, has_ended || after.turn.is_none() || is_gone);
    after.owes(
        Owed::Turn,
        is_begun && !is_gone && before.turn.is_none() && after.turn.is_some(),
    );
    after.owes_no_more(Owed::Message, !begins || is_gone);
    for job in Job::ALL {
        after.owes_no_more(job.owed(), after.tasks & job.bit() == 0);
    }
    after.owes_no_more(Owed::Request, !after.request);
}

/// What the step did to what the session shows, held against what was said and what is so.
pub(super) fn judge(truth: &mut Truth, before: &View, after: &View, input: &Input, stale: bool) {
    let told = told(input).filter(|_| !stale);
    judge_turns(truth, before, after, input, told);
    if (after.status, after.active) != (before.status, before.active) {
        truth.memory.quiet = 0;
    }
    let shown = |view: &View| {
        let View {
            status,
            active,
            error,
            queue,
            handed,
            ..
        } = *view;
        (status, active, error, queue, handed)
    };
    if stale && shown(before) != shown(after) {
        Claim::S9.breaks(truth);
    }
    let could_not_start = matches!(
        input,
        Input::Answer {
            answer: Answer::StartFailed { .. },
            ..
        }
    );
    if could_not_start && !stale && !before.stopping && !after.error {
        Claim::S8.breaks(truth);
    }
    judge_what_waits(truth, before, after, input);
}

/// What the provider said of its lifecycle.
fn told(input: &Input) -> Option<&Event> {
    match input {
        Input::Event {
            event: ProviderEvent::Lifecycle(event),
            ..
        } => Some(event),
        _ => None,
    }
}

/// S3, S4, S8 and L4, and what has to be remembered of turns.
fn judge_turns(
    truth: &mut Truth,
    before: &View,
    after: &View,
    input: &Input,
    told: Option<&Event>,
) {
    let is_over = |turn: Turn| names_end(told, input, turn);
    let all_is_over = ends_all(told, input);
    if after.active != before.active {
        if let Some(turn) = after.active {
            if truth.memory.over & turn.bit() != 0 || (before.closed && !before.has_provider) {
                Claim::S3.breaks(truth);
            }
            if truth.turn == Some(turn) {
                truth.memory.owed = Some(turn);
            }
        }
        if let Some(turn) = before.active {
            if !is_over(turn) && !all_is_over {
                Claim::S4.breaks(truth);
            }
            truth.memory.over |= turn.bit();
        }
    }
    // Whoever gives an interrupt up must have seen its turn end.
    if let Some(Some(turn)) = before.interrupting
        && after.interrupting != Some(Some(turn))
        && after.active == Some(turn)
    {
        Claim::L4.breaks(truth);
    }
    for turn in Turn::ALL {
        if is_over(turn) && !matches!(told, Some(Event::RuntimeError { .. })) {
            truth.memory.over |= turn.bit();
        }
        if truth.memory.owed == Some(turn)
            && (is_over(turn) || all_is_over)
            && after.active != Some(turn)
        {
            truth.memory.owed = None;
        }
        judge_settlement(truth, before, after, turn, input);
    }
}

/// Whether this says that the turn is not worked on any more.
fn names_end(told: Option<&Event>, input: &Input, turn: Turn) -> bool {
    let named = match told {
        Some(
            Event::TurnCompleted { turn, .. }
            | Event::TurnAborted { turn }
            | Event::RuntimeError { turn, .. },
        ) => turn.as_ref(),
        _ => None,
    };
    let read = match input {
        Input::Answer {
            answer: Answer::Read { turn, state },
            ..
        } if *state != TrueState::Running => turn.as_ref(),
        _ => None,
    };
    named.or(read).is_some_and(|id| id.as_str() == turn.name())
}

/// Whether this speaks of the whole session's work, whatever its turn.
fn ends_all(told: Option<&Event>, input: &Input) -> bool {
    match (told, input) {
        (Some(event), _) => matches!(
            event,
            Event::SessionStateChanged { .. }
                | Event::SessionExited
                | Event::ThreadStateChanged(ThreadState::Closed | ThreadState::Error)
        ),
        (None, Input::Answer { answer, .. }) => matches!(
            answer,
            Answer::Stopped | Answer::StartFailed { .. } | Answer::Read { turn: None, .. }
        ),
        _ => false,
    }
}

/// S11, and whether the queue waits although the user has sent something since it was put on hold.
fn judge_what_waits(truth: &mut Truth, before: &View, after: &View, input: &Input) {
    let sends = matches!(
        input,
        Input::Command(Command::Send(_) | Command::SendNow(_))
    );
    truth.memory.forgotten = after.parked && (sends || truth.memory.forgotten);
    let stops = matches!(input, Input::Command(Command::Interrupt | Command::Stop));
    let has_lost_queue = stops && before.queue != after.queue;
    if has_lost_queue || (before.cursor && !after.cursor) {
        Claim::S11.breaks(truth);
    }
}

/// S8: reported only if it was; final once reported; a stop that the user asked for is no failure.
fn judge_settlement(truth: &mut Truth, before: &View, after: &View, turn: Turn, input: &Input) {
    let (was, is) = (before.settled[turn as usize], after.settled[turn as usize]);
    let is_reported = reports(input, turn);
    if was == is {
        // An inference does not outlive the report.
        let is_news = matches!(input, Input::Event { .. });
        if is_news && is_reported && matches!(was, Some(Settlement::Inferred(_))) {
            Claim::S8.breaks(truth);
        }
        return;
    }
    let honest = match (was, is) {
        (Some(Settlement::Reported(_)), _) => false,
        (_, Some(Settlement::Reported(result))) => {
            let asked = before.interrupting == Some(Some(turn));
            is_reported
                && !(asked
                    && result == TurnResult::Failed
                    && truth.ended[turn as usize] == Some(TurnResult::Interrupted))
        }
        (_, None | Some(Settlement::Inferred(_))) => true,
    };
    if !honest {
        Claim::S8.breaks(truth);
    }
}

/// Whether this says how the turn ended.
fn reports(input: &Input, turn: Turn) -> bool {
    let named = match input {
        Input::Event {
            event:
                ProviderEvent::Lifecycle(
                    Event::TurnCompleted { turn, .. }
                    | Event::TurnAborted { turn }
                    | Event::RuntimeError { turn, .. },
                ),
            ..
        }
        | Input::Answer {
            answer:
                Answer::Read {
                    turn,
                    state: TrueState::Ended(_),
                },
            ..
        } => turn.as_ref(),
        Input::Event { .. }
        | Input::Command(_)
        | Input::Answer { .. }
        | Input::Due(_)
        | Input::Sweep => None,
    };
    named.is_some_and(|id| id.as_str() == turn.name())
}
