//! What a step did to what the session shows, held against what was said and what is so.

use session_lifecycle::Settlement;
use session_lifecycle::supervisor::{Answer, Command, Input, ProviderEvent, TrueState};

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
    let told = match input {
        Input::Event {
            event: ProviderEvent::Lifecycle(event),
            ..
        } if !stale => Some(event),
        _ => None,
    };
    let names = |turn: Turn| {
        let named = match told {
            Some(
                session_lifecycle::Event::TurnCompleted { turn, .. }
                | session_lifecycle::Event::TurnAborted { turn }
                | session_lifecycle::Event::RuntimeError { turn, .. },
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
    };
    let ends_all = match (told, input) {
        (Some(event), _) => matches!(
            event,
            session_lifecycle::Event::SessionStateChanged { .. }
                | session_lifecycle::Event::SessionExited
                | session_lifecycle::Event::ThreadStateChanged(
                    session_lifecycle::ThreadState::Closed | session_lifecycle::ThreadState::Error
                )
        ),
        (None, Input::Answer { answer, .. }) => matches!(
            answer,
            Answer::Stopped | Answer::StartFailed { .. } | Answer::Read { turn: None, .. }
        ),
        _ => false,
    };
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
            if !names(turn) && !ends_all {
                Claim::S4.breaks(truth);
            }
            truth.memory.over |= turn.bit();
        }
    }
    for turn in Turn::ALL {
        if names(turn) && !matches!(told, Some(session_lifecycle::Event::RuntimeError { .. })) {
            truth.memory.over |= turn.bit();
        }
        if truth.memory.owed == Some(turn)
            && (names(turn) || ends_all)
            && after.active != Some(turn)
        {
            truth.memory.owed = None;
        }
        judge_settlement(truth, before, after, turn, input);
    }
    if (after.status, after.active) != (before.status, before.active) {
        truth.memory.quiet = 0;
    }
    if stale
        && (
            before.status,
            before.active,
            before.error,
            before.queue,
            before.handed,
        ) != (
            after.status,
            after.active,
            after.error,
            after.queue,
            after.handed,
        )
    {
        Claim::S9.breaks(truth);
    }
    if before.cursor && !after.cursor {
        Claim::S11.breaks(truth);
    }
    let sends = matches!(
        input,
        Input::Command(Command::Send(_) | Command::SendNow(_))
    );
    truth.memory.forgotten = after.parked && (sends || truth.memory.forgotten);
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
    if matches!(input, Input::Command(Command::Interrupt | Command::Stop))
        && before.queue != after.queue
    {
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
                    && result == session_lifecycle::TurnResult::Failed
                    && truth.ended[turn as usize]
                        == Some(session_lifecycle::TurnResult::Interrupted))
        }
        (_, None | Some(Settlement::Inferred(_))) => true,
    };
    if !honest {
        Claim::S8.breaks(truth);
    }
}

/// Whether this says how the turn ended.
fn reports(input: &Input, turn: Turn) -> bool {
    use session_lifecycle::Event as E;
    let named = match input {
        Input::Event {
            event:
                ProviderEvent::Lifecycle(
                    E::TurnCompleted { turn, .. }
                    | E::TurnAborted { turn }
                    | E::RuntimeError { turn, .. },
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
