//! What a step did to what a thread shows, held against what was said and what is so: S1 to S12.

use session_lifecycle::supervisor::{
    Answer, Command, Effect, Epoch, Input, ProviderEvent, SupervisorSnapshot, TrueState,
};
use session_lifecycle::{Event, Settlement, Status, ThreadState, TurnId, TurnResult};

use crate::claim::{Broken, Claim, Tally};
use crate::truth::{State, Thread, View};

/// An input as the properties read it.
pub(crate) struct Heard<'a> {
    input: &'a Input,
    /// The lifecycle event, if it comes from the present provider.
    told: Option<&'a Event>,
    /// It belongs to another provider than the present one.
    pub(crate) stale: bool,
}

impl<'a> Heard<'a> {
    pub(crate) fn new(input: &'a Input, view: &View) -> Self {
        let is_old = |epoch: &Epoch| epoch.0 != view.stored.epoch;
        let (told, stale) = match input {
            Input::Event { epoch, event } => {
                let stale = epoch.as_ref().is_some_and(is_old);
                let told = if let ProviderEvent::Lifecycle(event) = event {
                    Some(event).filter(|_| !stale)
                } else {
                    None
                };
                (told, stale)
            }
            Input::Answer { epoch, .. } => (None, is_old(epoch)),
            Input::Command(_) | Input::Due(_) | Input::Sweep => (None, false),
        };
        Self { input, told, stale }
    }

    /// The turn of which this says something that ends it.
    fn named(&self) -> Option<&'a TurnId> {
        match (self.told, self.input) {
            (
                Some(
                    Event::TurnCompleted { turn, .. }
                    | Event::TurnAborted { turn }
                    | Event::RuntimeError { turn, .. },
                ),
                _,
            ) => turn.as_ref(),
            (
                None,
                Input::Answer {
                    answer: Answer::Read { turn, state },
                    ..
                },
            ) if *state != TrueState::Running => turn.as_ref(),
            _ => None,
        }
    }

    /// Whether it ends whatever the session shows.
    fn ends_all(&self) -> bool {
        match (self.told, self.input) {
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
            (None, _) => false,
        }
    }

    /// The turn of which it says how it ended, whichever provider says so.
    fn reported(&self) -> Option<&'a TurnId> {
        match self.input {
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
        }
    }

    /// Counts the premises that this input is.
    pub(crate) fn witness(&self, thread: &Thread, before: &View, tally: &mut Tally) {
        if let Some(Event::TurnStarted { turn: Some(turn) }) = self.told {
            tally.saw(Claim::S3, thread.memory.over.contains(turn));
        }
        if let (Some(turn), Input::Event { .. }) = (self.reported(), self.input) {
            let another = |active: &TurnId| active != turn;
            tally.saw(Claim::S4, before.active.as_ref().is_some_and(another));
            let how = settlement(before, turn);
            tally.saw(Claim::S8, how.is_some_and(|how| !how.is_reported()));
        }
        tally.saw(
            Claim::S9,
            self.stale && matches!(self.input, Input::Event { .. }),
        );
    }
}

pub(crate) fn settlement(view: &View, turn: &TurnId) -> Option<Settlement> {
    let turns = &view.stored.session.turns;
    turns
        .iter()
        .find(|(one, _)| one == turn)
        .map(|(_, how)| *how)
}

/// Holds the step against what was said and what is so.
pub(crate) fn judge(
    (at, thread): (usize, &mut Thread),
    (before, after): (&View, &View),
    heard: &Heard<'_>,
    (accepted, now): (bool, u64),
) -> Result<(), Broken> {
    let (named, ends_all) = (heard.named(), heard.ends_all());
    let names = |turn: &TurnId| named == Some(turn);
    if after.active != before.active {
        if let Some(turn) = &after.active {
            if thread.memory.over.contains(turn) {
                return Broken::by(Claim::S3, at, format!("turn {turn} was over"));
            }
            if before.closed && !before.has_provider {
                return Broken::by(Claim::S3, at, format!("turn {turn} has no provider"));
            }
            if thread.turn() == Some(turn) {
                thread.memory.owed = Some(turn.clone());
            }
        }
        if let Some(turn) = &before.active {
            if !names(turn) && !ends_all {
                return Broken::by(Claim::S4, at, format!("nobody spoke of turn {turn}"));
            }
            thread.memory.over.insert(turn.clone());
        }
    }
    if let Some(Some(turn)) = &thread.memory.struck
        && before.is_interrupting()
        && !after.is_interrupting()
        && after.active.as_ref() == Some(turn)
    {
        return Broken::by(
            Claim::L4,
            at,
            format!("the interrupt of turn {turn} is given up"),
        );
    }
    if let Some(turn) = named
        && !matches!(heard.told, Some(Event::RuntimeError { .. }))
    {
        thread.memory.over.insert(turn.clone());
    }
    if let Some(owed) = &thread.memory.owed
        && (names(owed) || ends_all)
        && after.active.as_ref() != Some(owed)
    {
        thread.memory.owed = None;
    }
    settlements((at, thread), (before, after), heard)?;
    let commanded = matches!(heard.input, Input::Command(_));
    if commanded || (after.status, &after.active) != (before.status, &before.active) {
        thread.memory.moved = now;
    }
    if heard.stale && shown(before) != shown(after) {
        return Broken::by(Claim::S9, at, "it changed what is shown");
    }
    if before.stored.cursor.is_some() && after.stored.cursor.is_none() {
        return Broken::by(Claim::S11, at, "the resume cursor is gone");
    }
    let sends = matches!(
        heard.input,
        Input::Command(Command::Send(_) | Command::SendNow(_))
    );
    thread.memory.forgotten = after.stored.parked && (sends && accepted || thread.memory.forgotten);
    let could_not_start = matches!(
        heard.input,
        Input::Answer {
            answer: Answer::StartFailed { .. },
            ..
        }
    );
    let concerns = before.has_provider && !heard.stale && !thread.memory.stopping;
    if could_not_start && concerns && after.stored.session.last_error.is_none() {
        return Broken::by(Claim::S8, at, "a start that failed leaves no error");
    }
    let stops = matches!(
        heard.input,
        Input::Command(Command::Interrupt | Command::Stop)
    );
    if stops && !accepted && (before.working || !before.stored.queue.is_empty()) {
        return Broken::by(Claim::L4, at, "what waits or runs could not be stopped");
    }
    if stops && before.stored.queue != after.stored.queue {
        return Broken::by(Claim::S11, at, "the queue is another");
    }
    Ok(())
}

/// What a user sees, and what a host stores, without how turns settled.
fn shown(view: &View) -> impl PartialEq + '_ {
    let stored = &view.stored;
    (
        (
            view.status,
            &view.active,
            &stored.session.last_error,
            view.closed,
        ),
        (&stored.queue, stored.parked, &stored.handed, stored.epoch),
        (
            &stored.tasks,
            &stored.requests,
            &stored.config,
            &stored.cursor,
        ),
        (view.working, view.busy, view.has_provider),
    )
}

/// S8: reported only if it was; final once reported; a stop that the user asked for is no failure.
fn settlements(
    (at, thread): (usize, &Thread),
    (before, after): (&View, &View),
    heard: &Heard<'_>,
) -> Result<(), Broken> {
    let reported = heard.reported();
    let (was, is) = (&before.stored.session.turns, &after.stored.session.turns);
    if was == is {
        let is_news = matches!(heard.input, Input::Event { .. });
        let still = reported.and_then(|turn| settlement(before, turn));
        if is_news && matches!(still, Some(Settlement::Inferred(_))) {
            return Broken::by(Claim::S8, at, "an inference outlives the report");
        }
        return Ok(());
    }
    for (turn, how) in was {
        if how.is_reported() && settlement(after, turn) != Some(*how) {
            return Broken::by(Claim::S8, at, format!("turn {turn} ended another way"));
        }
    }
    for (turn, how) in is {
        let Settlement::Reported(result) = how else {
            continue;
        };
        if was.contains(&(turn.clone(), *how)) {
            continue;
        }
        if reported != Some(turn) {
            return Broken::by(Claim::S8, at, format!("nobody reported turn {turn}"));
        }
        let asked = before.is_interrupting() && thread.memory.struck == Some(Some(turn.clone()));
        let was_stopped = thread.ended.get(turn) == Some(&TurnResult::Interrupted);
        if asked && *result == TurnResult::Failed && was_stopped {
            return Broken::by(Claim::S8, at, format!("turn {turn} was told to stop"));
        }
    }
    Ok(())
}

/// The claims that are read from what is so after a step.
pub(crate) fn mark(at: usize, thread: &Thread, tally: &mut Tally) -> Result<(), Broken> {
    let (view, memory) = (&thread.view, &thread.memory);
    if !view.status.is_active() && view.active.is_some() {
        return Broken::by(Claim::S1, at, "it is inactive and points at a turn");
    }
    let (stored, shown) = (&thread.disk.session, &view.stored.session);
    if (stored.status, &stored.active_turn) != (shown.status, &shown.active_turn) {
        return Broken::by(Claim::S5, at, "the store shows something else");
    }
    let (active, runs) = (view.status.is_active(), thread.turn().is_some());
    let waits = !view.stored.queue.is_empty();
    let quiet = thread.in_flight == 0
        && thread.is(State::Up)
        && !memory.misled
        && view.handed().is_none()
        && !memory.stopping
        && !view.is_interrupting();
    if quiet && (active != runs || view.working != runs) {
        let what = if runs {
            "work is not shown"
        } else {
            "there is no work"
        };
        return Broken::by(Claim::S5, at, what);
    }
    if quiet && view.closed {
        return Broken::by(Claim::S5, at, "its provider is there, and shown as gone");
    }
    if quiet && thread.hides_a_task() {
        return Broken::by(Claim::S5, at, "a background task is not shown");
    }
    let is_alive = active || view.status == Status::Ready;
    if !view.has_provider && (is_alive || !view.stored.tasks.is_empty()) {
        return Broken::by(Claim::S5, at, "it outlives its provider");
    }
    let is_ghost = thread.process.is_none() && view.has_provider && !memory.stopping;
    if is_ghost && thread.in_flight == 0 && !memory.misled {
        return Broken::by(Claim::S5, at, "there is no provider");
    }
    tally.saw(Claim::S1, !active && !memory.over.is_empty());
    tally.saw(Claim::S5, quiet && runs);
    tally.saw(Claim::S6, waits && runs && active);
    tally.saw(Claim::S12, waits && runs && active);
    tally.saw(
        Claim::S7,
        view.handed().is_some() && thread.process.is_none(),
    );
    tally.saw(Claim::S10, memory.fence && waits);
    let kept = waits || view.stored.cursor.is_some();
    tally.saw(Claim::S11, memory.fence && kept);
    for message in &memory.pending {
        let fate = &thread.mail[message];
        if fate.travels && !fate.reported && view.has_provider && !view.working {
            return Broken::by(Claim::S5, at, format!("{message} is on its way, unseen"));
        }
        let is_open = fate.accepted && !fate.reported && fate.reached == 0;
        if is_open && !view.holds(message) {
            return Broken::by(Claim::S6, at, format!("{message} is nowhere"));
        }
    }
    Ok(())
}

/// What a user is told and what is done cannot disagree: a message is sent at once if and only if it could be.
pub(crate) fn agrees(
    at: usize,
    (could_send, effects): (bool, &[Effect]),
    command: &Command,
) -> Result<(), Broken> {
    let (Command::Send(message) | Command::SendNow(message)) = command else {
        return Ok(());
    };
    let is_sent =
        |effect: &Effect| matches!(effect, Effect::Send { message: sent, .. } if sent == message);
    let starts = |effect: &Effect| matches!(effect, Effect::Start { .. });
    let sent = effects.iter().any(is_sent);
    if could_send && !sent && !effects.iter().any(starts) {
        return Broken::by(Claim::L3, at, "it could be sent, and was not");
    }
    if !could_send && sent && matches!(command, Command::Send(_)) {
        return Broken::by(Claim::S12, at, "it could not be sent, and was");
    }
    Ok(())
}

/// What a supervisor is after a restart, held against what was stored.
pub(crate) fn booted(at: usize, stored: &SupervisorSnapshot, after: &View) -> Result<(), Broken> {
    let (was, is) = (&stored.session.turns, &after.stored.session.turns);
    let invented = is
        .iter()
        .find(|settled| settled.1.is_reported() && !was.contains(settled));
    if let Some((turn, _)) = invented {
        return Broken::by(Claim::S8, at, format!("nobody reported turn {turn}"));
    }
    if stored.cursor != after.stored.cursor {
        return Broken::by(Claim::S11, at, "the resume cursor is gone");
    }
    if stored.parked && !after.stored.parked {
        return Broken::by(Claim::S10, at, "the queue was on hold");
    }
    Ok(())
}
