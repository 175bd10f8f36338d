//! One step: what the host is told, what it does about it, and what the properties see.

use session_lifecycle::supervisor::{
    Answer, Command, Effect, Epoch, Input, ProviderEvent, Report, TrueState,
};
use session_lifecycle::{Message, Settlement, TurnId};

use crate::kernel::action::{Due, Move, Stimulus};
use crate::kernel::claims::Claim;
use crate::kernel::judge::{judge, note_doubt, note_interrupt, settle_what_was_owed};
use crate::kernel::memo::Handled;
use crate::kernel::truth::{Ask, Line, Mail, News, Owed, Process, Reply, Truth};
use crate::kernel::view::{CURSOR, REQUEST, TASK, View, deadline};
use crate::kernel::{Kernel, Spot};
use crate::world::{OLD, Told, Turn};

impl Kernel {
    pub(super) fn step(&self, spot: &Spot, action: Move) -> Option<Spot> {
        let mut next = *spot;
        match action {
            Move::Host(Stimulus::Boot) => self.reboot(&mut next)?,
            Move::Host(stimulus) => self.tell(&mut next, stimulus, None)?,
            Move::HostDies(stimulus, after) => {
                self.tell(&mut next, stimulus, Some(after))?;
                self.reboot(&mut next)?;
            }
            Move::Provider(response) => next.truth.respond(response)?,
            Move::Alone(deed) => next.truth.act(deed)?,
            Move::Tick => {
                let truth = &mut next.truth;
                truth.idle_age = OLD.min(truth.idle_age + 1);
                truth.memory.quiet = OLD.min(truth.memory.quiet + 1);
            }
        }
        if next.truth.memory.owed != next.truth.turn {
            next.truth.memory.owed = None;
        }
        if next.truth.process == Process::Off {
            next.truth.idle_age = 0;
            next.truth.memory.quiet = 0;
        }
        settle_what_was_owed(&spot.truth, &mut next.truth);
        let view = self.memo.view(next.kept);
        Claim::mark(&mut next, &view);
        (next != *spot).then_some(next)
    }

    /// The host is told something, and performs what follows, or the first few things of it.
    fn tell(&self, spot: &mut Spot, stimulus: Stimulus, only: Option<u8>) -> Option<()> {
        let before = self.memo.view(spot.kept);
        let (input, late) = take(spot, stimulus, &before)?;
        let stale = match &input {
            Input::Event {
                epoch: Some(epoch), ..
            } => epoch.0 != u32::from(before.epoch),
            Input::Answer { epoch, .. } => epoch.0 != u32::from(before.epoch),
            _ => false,
        };
        let Handled {
            kept,
            effects,
            touched,
        } = self.memo.handle(spot.kept, input.clone(), late);
        if only.is_some_and(|only| usize::from(only) > effects.len()) {
            return None;
        }
        spot.kept = kept;
        let after = self.memo.view(kept);
        if touched {
            spot.truth.idle_age = 0;
        }
        if effects.contains(&Effect::Accept) {
            note_interrupt(&mut spot.truth, &before, stimulus);
        }
        note_doubt(&mut spot.truth, &before, &after, &input);
        judge(&mut spot.truth, &before, &after, &input, stale);
        let performed = only.map_or(effects.len(), usize::from);
        for effect in effects.iter().take(performed) {
            perform(spot, effect, stimulus, &after, before.stopping)?;
        }
        Some(())
    }

    /// The host dies with its children, and comes back from what it has stored.
    fn reboot(&self, spot: &mut Spot) -> Option<()> {
        let truth = &mut spot.truth;
        truth.allowance.restarts = truth.allowance.restarts.checked_sub(1)?;
        let before = self.memo.view(spot.kept);
        truth.die();
        truth.news = Line::default();
        truth.replies = Line::default();
        truth.again = None;
        truth.idle_age = 0;
        truth.memory.quiet = 0;
        truth.memory.owed = None;
        truth.memory.over |= before.active.map_or(0, Turn::bit);
        let stored = self.memo.view(spot.disk);
        truth.memory.over |= stored.active.map_or(0, Turn::bit);
        let Handled { kept, effects, .. } = self.memo.boot(spot.disk);
        spot.kept = kept;
        let after = self.memo.view(kept);
        for turn in Turn::ALL {
            let (was, is) = (stored.settled[turn as usize], after.settled[turn as usize]);
            if was != is && is.is_some_and(Settlement::is_reported) {
                Claim::S8.breaks(&mut spot.truth);
            }
        }
        for effect in effects.iter() {
            perform(spot, effect, Stimulus::Boot, &after, false)?;
        }
        Some(())
    }
}

/// What the shipped code is told, taken from where it was on its way. `None` where it cannot happen now.
fn take(spot: &mut Spot, stimulus: Stimulus, view: &View) -> Option<(Input, bool)> {
    let truth = &mut spot.truth;
    let plain = |input| Some((input, false));
    match stimulus {
        Stimulus::Send(mail) | Stimulus::SendNow(mail) => {
            let first = Mail::ALL
                .into_iter()
                .find(|mail| !truth.mail[*mail as usize].submitted)?;
            (first == mail).then_some(())?;
            truth.mail[mail as usize].submitted = true;
            truth.memory.fence = false;
            let message = mail.name().into();
            truth.memory.quiet = 0;
            plain(Input::Command(match stimulus {
                Stimulus::SendNow(_) => {
                    truth.allowance.stops = truth.allowance.stops.checked_sub(1)?;
                    truth.memory.excused = true;
                    Command::SendNow(message)
                }
                _ => Command::Send(message),
            }))
        }
        Stimulus::Interrupt | Stimulus::Stop => {
            truth.allowance.stops = truth.allowance.stops.checked_sub(1)?;
            truth.memory.quiet = 0;
            let stop = stimulus == Stimulus::Stop;
            plain(Input::Command(if stop {
                Command::Stop
            } else {
                Command::Interrupt
            }))
        }
        Stimulus::Answer => {
            (view.requests > 0).then_some(())?;
            plain(Input::Command(Command::Answer(REQUEST.into())))
        }
        Stimulus::Configure => {
            truth.allowance.configurations = truth.allowance.configurations.checked_sub(1)?;
            truth.memory.quiet = 0;
            plain(Input::Command(Command::Configure("other".into())))
        }
        Stimulus::News => {
            let (epoch, news) = truth.news.pop()?;
            plain(heard(epoch, news))
        }
        Stimulus::NewsTwice => {
            truth.allowance.duplicates = truth.allowance.duplicates.checked_sub(1)?;
            let (epoch, news) = truth.news.pop()?;
            truth.again = Some((epoch, news));
            plain(heard(epoch, news))
        }
        Stimulus::Again => {
            let (epoch, news) = truth.again.take()?;
            plain(heard(epoch, news))
        }
        Stimulus::Reply => {
            let (epoch, reply) = truth.replies.pop()?;
            plain(Input::Answer {
                epoch: Epoch(u32::from(epoch)),
                answer: answer(reply),
            })
        }
        Stimulus::Due(due) => {
            view.is_set(due).then_some(())?;
            let alive = truth.process == Process::Up;
            // What a deadline promises: it is longer than any silence of what really works.
            let works = match due {
                Due::Stall => alive && truth.turn.is_some(),
                Due::Lease => alive && truth.task,
                Due::Read => alive,
                Due::Start | Due::Send | Due::Interrupt | Due::Stop => false,
            };
            (!works).then_some(())?;
            plain(Input::Due(deadline(due)))
        }
        Stimulus::Sweep => Some((Input::Sweep, truth.idle_age == OLD)),
        Stimulus::Boot => None,
    }
}

fn heard(epoch: u8, news: News) -> Input {
    let event = match news {
        News::Told(wire) => match Told::from(wire) {
            Told::TaskStarted => ProviderEvent::TaskStarted(TASK.into()),
            Told::TaskEnded => ProviderEvent::TaskEnded(TASK.into()),
            told => ProviderEvent::Lifecycle(told.event()),
        },
        News::RequestOpened => ProviderEvent::RequestOpened(REQUEST.into()),
        News::RequestResolved => ProviderEvent::RequestResolved(REQUEST.into()),
        News::Cursor => ProviderEvent::CursorAdvanced(CURSOR.into()),
    };
    Input::Event {
        epoch: Some(Epoch(u32::from(epoch))),
        event,
    }
}

fn answer(reply: Reply) -> Answer {
    let id = |turn: Option<Turn>| turn.map(|turn| TurnId::from(turn.name()));
    match reply {
        Reply::Started => Answer::Started,
        Reply::StartFailed => Answer::StartFailed {
            reason: Message::from("it did not start"),
        },
        Reply::Sent(mail, turn) => Answer::Sent {
            message: mail.name().into(),
            turn: id(turn),
        },
        Reply::SendFailed(mail, attempted) => Answer::SendFailed {
            message: mail.name().into(),
            attempted,
        },
        Reply::Interrupted => Answer::Interrupted,
        Reply::Nothing => Answer::NothingToInterrupt,
        Reply::Runs(turn) => Answer::Read {
            turn: id(turn),
            state: TrueState::Running,
        },
        Reply::Ended(turn, result) => Answer::Read {
            turn: id(turn),
            state: TrueState::Ended(result),
        },
        Reply::Unknown(turn) => Answer::Read {
            turn: id(turn),
            state: TrueState::Unknown,
        },
        Reply::Stopped => Answer::Stopped,
        Reply::StopFailed => Answer::StopFailed,
    }
}

/// The host performs an effect.
fn perform(
    spot: &mut Spot,
    effect: &Effect,
    stimulus: Stimulus,
    view: &View,
    was_stopping: bool,
) -> Option<()> {
    let truth = &mut spot.truth;
    let off = truth.process == Process::Off;
    let turn = |id: &Option<TurnId>| id.as_ref().and_then(|id| Turn::named(id.as_str()));
    match effect {
        Effect::Persist => spot.disk = spot.kept,
        Effect::Accept => match stimulus {
            Stimulus::Send(mail) | Stimulus::SendNow(mail) => {
                truth.mail[mail as usize].accepted = true;
            }
            Stimulus::Interrupt | Stimulus::Stop => truth.memory.fence = true,
            _ => {}
        },
        Effect::Start { epoch, .. } => {
            if !off {
                Claim::S12.breaks(truth);
            }
            if truth.memory.fence {
                Claim::S10.breaks(truth);
            }
            truth.process = Process::Booting;
            truth.epoch = epoch.0 as u8;
            truth.memory.misled = false;
        }
        Effect::Send { message, .. } => {
            let mail = Mail::named(message.as_str())?;
            if truth.memory.fence {
                Claim::S10.breaks(truth);
            }
            if view.status.is_active() {
                Claim::S12.breaks(truth);
            }
            if off {
                truth
                    .replies
                    .push((truth.epoch, Reply::SendFailed(mail, false)))?;
            } else {
                truth.asks.push(Ask::Send(mail))?;
            }
        }
        Effect::Interrupt { turn: named, .. } => {
            if off {
                truth.replies.push((truth.epoch, Reply::Nothing))?;
            } else {
                let is_meant = truth.turn.is_some() && truth.turn == view.active;
                truth.owes(Owed::Turn, named.is_none() && is_meant);
                truth.asks.push(Ask::Interrupt(turn(named)))?;
            }
        }
        Effect::Read { turn: named, .. } if !off => truth.asks.push(Ask::Read(turn(named)))?,
        Effect::StopTask { .. } if !off => {
            if truth.task && !matches!(stimulus, Stimulus::Interrupt | Stimulus::Stop) {
                Claim::S2.breaks(truth);
            }
            truth.asks.push(Ask::StopTask)?
        }
        Effect::Answer { .. } | Effect::CancelRequest { .. } if !off => {
            truth.asks.push(Ask::Settle)?
        }
        // What comes to light after the decision to stop is not held against it.
        Effect::Stop { force, .. } => stop(
            truth,
            *force,
            view,
            matches!(
                stimulus,
                Stimulus::Sweep | Stimulus::News | Stimulus::NewsTwice | Stimulus::Again
            ),
            was_stopping,
        )?,
        Effect::Report(report) => match report {
            Report::MessageFailed(message) => {
                let fate = &mut truth.mail[Mail::named(message.as_str())? as usize];
                fate.reported = true;
                if fate.reached > 0 {
                    Claim::S8.breaks(truth);
                }
            }
            Report::MessageUncertain(message) => {
                truth.mail[Mail::named(message.as_str())? as usize].reported = true;
            }
            Report::QueueParked
            | Report::RequestStale(_)
            | Report::TaskLost(_)
            | Report::ConfigurationDeferred(_) => {}
        },
        Effect::Refuse(_)
        | Effect::Configure { .. }
        | Effect::SetDeadline { .. }
        | Effect::ClearDeadline(_)
        | Effect::Read { .. }
        | Effect::StopTask { .. }
        | Effect::Answer { .. }
        | Effect::CancelRequest { .. } => {}
    }
    Some(())
}

/// The process is asked to go, or is killed.
fn stop(
    truth: &mut Truth,
    force: bool,
    view: &View,
    reaped: bool,
    was_stopping: bool,
) -> Option<()> {
    let excused = was_stopping
        || truth.memory.fence
        || truth.memory.excused
        || view.closed
        || view.interrupting.is_some();
    let works = truth.memory.owed.is_some() || (truth.task && view.tasks > 0);
    if truth.process == Process::Up && !excused && (works || (reaped && truth.memory.quiet < OLD)) {
        Claim::S2.breaks(truth);
    }

    match truth.process {
        Process::Off => truth.replies.push((truth.epoch, Reply::Stopped)),
        Process::Up | Process::Booting | Process::Mute if force => {
            truth.die();
            truth.replies.push((truth.epoch, Reply::Stopped))
        }
        Process::Up => truth.asks.push(Ask::Stop),
        // It does not hear a polite word.
        Process::Booting | Process::Mute => Some(()),
    }
}
