//! What the claims have to remember of a step: what an interrupt has to end, and what a question may conclude.

use session_lifecycle::supervisor::{Answer, Command, Effect, Input, ProviderEvent, TrueState};
use session_lifecycle::{Event, TurnId};

use crate::truth::{Owed, Thread, View};

/// Notes what the user's interrupt has to end: what is shown and really runs, the turn of the message in hand though it
/// is not shown yet, and the message itself while it is on its way.
pub(crate) fn interrupt(thread: &mut Thread, before: &View, command: &Command) {
    if !matches!(command, Command::Interrupt | Command::SendNow(_)) {
        return;
    }
    let mut owed = Vec::new();
    let handed = before
        .handed()
        .map(|message| (message, &thread.mail[message]));
    if let Some(turn) = thread.turn() {
        let is_hidden = handed.is_some_and(|(_, fate)| fate.reached > 0);
        if before.active.as_ref() == Some(turn) || is_hidden {
            owed.push(Owed::Turn(turn.clone()));
        }
    }
    if let Some((message, _)) = handed.filter(|(_, fate)| fate.travels) {
        owed.push(Owed::Mail(message.clone()));
    }
    if *command == Command::Interrupt {
        let (tasks, requests) = (&before.stored.tasks, &before.stored.requests);
        let runs = tasks.iter().filter(|task| thread.runs_task(task));
        owed.extend(runs.cloned().map(Owed::Task));
        let waits = requests.iter().filter(|request| thread.waits_for(request));
        owed.extend(waits.cloned().map(Owed::Request));
    }
    thread.memory.interrupted.extend(owed);
}

/// Notes what may still be concluded from the answer to the question that was asked.
pub(crate) fn question(thread: &mut Thread, input: &Input) {
    match input {
        Input::Answer {
            answer: Answer::Read { turn, state },
            ..
        } => {
            let is_wrong = *state == TrueState::Unknown && thread.turn() == turn.as_ref();
            // Whoever has called itself ready, or is to be interrupted, is believed.
            thread.memory.misled |= is_wrong && turn.is_some() && !thread.memory.hinted;
            let is_its_own = |(asked, _): &mut (Option<TurnId>, u64)| asked == turn;
            thread.memory.asked.take_if(is_its_own);
        }
        Input::Event {
            event: ProviderEvent::Lifecycle(Event::SessionStateChanged { .. }),
            ..
        }
        | Input::Answer { .. }
        | Input::Due(_) => thread.memory.hinted = false,
        Input::Event { .. } | Input::Command(_) | Input::Sweep => {}
    }
}

/// Notes what an interrupt strikes, once it is sent.
pub(crate) fn strike(thread: &mut Thread, effects: &[Effect]) {
    for effect in effects {
        if let Effect::Interrupt { turn, .. } = effect {
            thread.memory.struck = Some(turn.clone());
        }
    }
}

/// Where the provider's reply to a message names no turn, and it begins turns of its own, nobody can tell which turn is
/// the message's: the next that begins is struck, and no more.
pub(crate) fn doubt(thread: &mut Thread, before: &View, after: &View, input: &Input) {
    let names_none = matches!(
        input,
        Input::Answer {
            answer: Answer::Sent { turn: None, .. },
            ..
        }
    );
    let is_unnamed = before
        .stored
        .handed
        .as_ref()
        .is_some_and(|handed| handed.taken && handed.turn.is_none());
    let is_unnamed = is_unnamed && matches!(input, Input::Event { .. });
    let is_taken_for_begun = before.handed().is_some() && after.handed().is_none();
    let strikes = after.is_interrupting().then_some(&thread.memory.struck);
    let is_struck = strikes == Some(&Some(thread.turn().cloned()));
    if is_taken_for_begun && (names_none || is_unnamed) && !is_struck {
        let owed = &mut thread.memory.interrupted;
        owed.retain(|owed| !matches!(owed, Owed::Mail(_) | Owed::Turn(_)));
    }
}
