//! One step: what the host is told, what it does about it, and what the properties see.

use session_lifecycle::supervisor::{Effect, Report};
use session_lifecycle::{Settlement, TurnId};

use crate::kernel::action::{Due, Move, Stimulus};
use crate::kernel::allowance::Trouble;
use crate::kernel::call::{Call, Item};
use crate::kernel::claims::Claim;
use crate::kernel::judge::{judge, note_doubt, note_interrupt, settle_what_was_owed};
use crate::kernel::truth::{Ask, Job, Mail, OLD, Owed, Process, Reply, ShortQueue, Truth};
use crate::kernel::view::View;
use crate::kernel::{Kernel, Spot};
use crate::world::Turn;

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
        let stored = self.memo.view(next.disk);
        Claim::mark(&mut next, &view, &stored);
        (next != *spot).then_some(next)
    }

    /// The host is told something, and performs what follows, or the first few things of it.
    fn tell(&self, spot: &mut Spot, stimulus: Stimulus, only: Option<u8>) -> Option<()> {
        let before = self.memo.view(spot.kept);
        let call = take(spot, stimulus, &before)?;
        let stale = call.epoch().is_some_and(|epoch| epoch != before.epoch);
        let handled = self.memo.handle(spot.kept, call);
        let (kept, input, effects) = (handled.kept, &handled.input, &handled.effects);
        if only.is_some_and(|only| usize::from(only) > effects.len()) {
            return None;
        }
        spot.kept = kept;
        let after = self.memo.view(kept);
        if handled.touched {
            spot.truth.idle_age = 0;
        }
        if effects.contains(&Effect::Accept) {
            note_interrupt(&mut spot.truth, &before, stimulus);
        }
        note_doubt(&mut spot.truth, &before, &after, input);
        judge(&mut spot.truth, &before, &after, input, stale);
        let performed = only.map_or(effects.len(), usize::from);
        for effect in effects.iter().take(performed) {
            // An interrupt that has not taken effect may end in a stop (L4).
            let was_ending = before.stopping || before.interrupting.is_some();
            perform(spot, effect, stimulus, &after, was_ending)?;
        }
        Some(())
    }

    /// The host dies with its children, and comes back from what it has stored.
    fn reboot(&self, spot: &mut Spot) -> Option<()> {
        let truth = &mut spot.truth;
        truth.allowance.spend(Trouble::Restart)?;
        let before = self.memo.view(spot.kept);
        truth.die();
        truth.news = ShortQueue::default();
        truth.replies = ShortQueue::default();
        truth.again = None;
        truth.idle_age = 0;
        truth.memory.quiet = 0;
        truth.memory.owed = None;
        truth.memory.over |= before.active.map_or(0, Turn::bit);
        let stored = self.memo.view(spot.disk);
        truth.memory.over |= stored.active.map_or(0, Turn::bit);
        let booted = self.memo.boot(spot.disk);
        spot.kept = booted.kept;
        let after = self.memo.view(booted.kept);
        for turn in Turn::ALL {
            let (was, is) = (stored.settled[turn as usize], after.settled[turn as usize]);
            if was != is && is.is_some_and(Settlement::is_reported) {
                Claim::S8.breaks(&mut spot.truth);
            }
        }
        for effect in booted.effects.iter() {
            perform(spot, effect, Stimulus::Boot, &after, false)?;
        }
        Some(())
    }
}

/// What the shipped code is told, taken from where it was on its way. `None` where it cannot happen now.
fn take(spot: &mut Spot, stimulus: Stimulus, view: &View) -> Option<Call> {
    let truth = &mut spot.truth;
    let mut late = false;
    let mut item = Item::None;
    match stimulus {
        Stimulus::Send(mail) | Stimulus::SendNow(mail) => {
            let first = Mail::ALL
                .into_iter()
                .take(usize::from(truth.allowance.messages))
                .find(|mail| !truth.mail[*mail as usize].submitted)?;
            (first == mail).then_some(())?;
            truth.mail[mail as usize].submitted = true;
            truth.memory.fence = false;
            truth.memory.quiet = 0;
            if stimulus == Stimulus::SendNow(mail) {
                truth.allowance.spend(Trouble::Stop)?;
                truth.memory.excused = true;
            }
        }
        Stimulus::Interrupt | Stimulus::Stop => {
            truth.allowance.spend(Trouble::Stop)?;
            truth.memory.quiet = 0;
        }
        Stimulus::Answer => (view.requests > 0).then_some(())?,
        Stimulus::Configure => {
            truth.allowance.spend(Trouble::Configuration)?;
            truth.memory.quiet = 0;
        }
        Stimulus::News => item = Item::news(truth.news.pop()?),
        Stimulus::NewsTwice => {
            truth.allowance.spend(Trouble::Duplicate)?;
            let news = truth.news.pop()?;
            truth.again = Some(news);
            item = Item::news(news);
        }
        Stimulus::Again => item = Item::news(truth.again.take()?),
        Stimulus::Reply => {
            let (epoch, reply) = truth.replies.pop()?;
            item = Item::Reply(epoch, reply);
        }
        Stimulus::Due(due) => {
            view.is_set(due).then_some(())?;
            fall_due(truth, due)?;
        }
        Stimulus::Sweep => late = truth.idle_age == OLD,
        Stimulus::Boot => return None,
    }
    Some(Call {
        stimulus,
        item,
        late,
    })
}

/// A deadline is due; `None` where it cannot be. One for a sign of life is longer than any silence of what really works.
fn fall_due(truth: &mut Truth, due: Due) -> Option<()> {
    let alive = truth.process == Process::Up;
    match due {
        Due::Stall => (!alive || truth.turn.is_none()).then_some(()),
        Due::Lease(job) => (!alive || truth.tasks & job.bit() == 0).then_some(()),
        Due::Start | Due::Send | Due::Interrupt | Due::Read | Due::Stop => {
            if truth.is_talking() {
                truth.allowance.spend(Trouble::Haste)?;
            }
            Some(())
        }
    }
}

/// The host performs an effect.
fn perform(
    spot: &mut Spot,
    effect: &Effect,
    stimulus: Stimulus,
    view: &View,
    was_ending: bool,
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
                truth.ask(Ask::Send(mail))?;
            }
        }
        Effect::Interrupt { turn: named, .. } => {
            if off {
                truth.replies.push((truth.epoch, Reply::Nothing))?;
            } else {
                let is_meant = truth.turn.is_some() && truth.turn == view.active;
                truth.owes(Owed::Turn, named.is_none() && is_meant);
                truth.ask(Ask::Interrupt(turn(named)))?;
            }
        }
        Effect::Read { turn: named, .. } if !off => truth.ask(Ask::Read(turn(named)))?,
        Effect::StopTask { task, .. } if !off => {
            let job = Job::named(task.as_str())?;
            if truth.tasks & job.bit() != 0
                && !matches!(stimulus, Stimulus::Interrupt | Stimulus::Stop)
            {
                Claim::S2.breaks(truth);
            }
            truth.ask(Ask::StopTask(job))?
        }
        Effect::Answer { .. } | Effect::CancelRequest { .. } if !off => truth.ask(Ask::Settle)?,
        // What comes to light after the decision to stop is not held against it. Nor is the end of a provider that
        // does not answer in time: nobody can tell it from one that is mute.
        Effect::Stop { force, .. } => stop(
            truth,
            *force,
            view,
            matches!(
                stimulus,
                Stimulus::Sweep | Stimulus::News | Stimulus::NewsTwice | Stimulus::Again
            ),
            was_ending || stimulus == Stimulus::Due(Due::Read),
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
        // Whatever waits or runs can be stopped, with a provider or without.
        Effect::Refuse(_)
            if matches!(stimulus, Stimulus::Interrupt | Stimulus::Stop)
                && (view.queue != 0 || view.working) =>
        {
            Claim::L4.breaks(truth);
        }
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
fn stop(truth: &mut Truth, force: bool, view: &View, reaped: bool, was_ending: bool) -> Option<()> {
    let excused = was_ending
        || truth.memory.fence
        || truth.memory.excused
        || view.closed
        || view.interrupting.is_some();
    let works = truth.memory.owed.is_some() || truth.tasks & view.tasks != 0;
    if truth.process == Process::Up && !excused && (works || (reaped && truth.memory.quiet < OLD)) {
        Claim::S2.breaks(truth);
    }

    match truth.process {
        Process::Off => truth.replies.push((truth.epoch, Reply::Stopped)),
        Process::Up | Process::Booting | Process::Mute if force => {
            truth.die();
            truth.replies.push((truth.epoch, Reply::Stopped))
        }
        Process::Up => truth.ask(Ask::Stop),
        // It does not hear a polite word.
        Process::Booting | Process::Mute => Some(()),
    }
}
