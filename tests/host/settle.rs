//! What has to happen in the end, and how long it may take: L1 to L5.

use session_lifecycle::supervisor::{MessageId, Patience, Supervisor};

use crate::claim::{Broken, Claim};
use crate::step::{Act, Step, Wish};
use crate::truth::{Meant, State, Thread, View};
use crate::world::{SWEEP, World, ms, timestamp};

/// The longest that anything is on its way, twice: there and back.
const WIRE: u64 = 2 * 45_000;
/// The longest that a duplicate waits.
const LATE: u64 = 3_600_000;

/// How long turns work on, and users think, once mishaps have ceased: longer than an interrupt may take.
pub(crate) const BUSY: u64 = 600_000;

const LIVE: [Claim; 4] = [Claim::L1, Claim::L2, Claim::L3, Claim::L4];

/// How long each liveness claim may wait for its goal, once nothing disturbs it.
fn bounds(patience: &Patience) -> [u64; 4] {
    let p = patience;
    let stop = 2 * ms(p.stop);
    let strike = ms(p.start) + ms(p.send) + ms(p.interrupt) + ms(p.read) + stop + WIRE;
    let settle = ms(p.stall) + ms(p.read) + strike;
    let deliver = settle + ms(p.start) + ms(p.send) + WIRE;
    let reap = ms(p.lease) + ms(p.idle) + 2 * SWEEP + deliver;
    [reap, settle, deliver, strike]
}

impl World {
    /// Mishaps cease, users answer, and time runs until every thread is at rest and every process is gone.
    pub(crate) fn settle(&mut self) -> Result<(), Broken> {
        let begun = self.now;
        self.calm = Some(begun);
        self.excuse();
        let waiting = self
            .threads
            .iter()
            .map(|thread| thread.memory.pending.len() as u64);
        let longest = waiting.max().unwrap_or(0) + 2;
        let limit = begun + BUSY + LATE + longest * bounds(&self.patience).iter().sum::<u64>();
        let step = Step {
            takes: 20,
            ..Step::plain(Act::Next)
        };
        while !self.is_settled() {
            for at in 0..self.threads.len() {
                let view = &self.threads[at].view;
                let asks = view.has_provider && !view.stored.requests.is_empty();
                if asks && self.now >= begun + BUSY {
                    self.wish(at, Wish::Answer, &step)?;
                    self.observe()?;
                }
            }
            self.next(&step)?;
            self.observe()?;
            if self.now > limit {
                return self.stuck();
            }
        }
        self.calm = None;
        for (at, thread) in self.threads.iter().enumerate() {
            for message in &thread.memory.pending {
                if !is_accounted_for(thread, message) {
                    return Broken::by(Claim::L3, at, format!("{message} waits for ever"));
                }
            }
            let stored = &thread.view.stored;
            if !stored.requests.is_empty() || !stored.tasks.is_empty() {
                return Broken::by(Claim::L1, at, "what its provider left is shown for ever");
            }
        }
        Ok(())
    }

    fn is_settled(&self) -> bool {
        self.threads.iter().all(|thread| {
            let view = &thread.view;
            thread.process.is_none() && !view.has_provider && !view.working && thread.in_flight == 0
        })
    }

    fn stuck(&self) -> Result<(), Broken> {
        let is_stuck = |thread: &Thread| thread.process.is_some() || thread.view.has_provider;
        let stuck = self.threads.iter().position(is_stuck);
        Broken::by(Claim::L1, stuck.unwrap_or(0), "nothing ends it")
    }

    /// After every step: what is so, and for how long the goals have been waited for.
    pub(crate) fn observe(&mut self) -> Result<(), Broken> {
        let bounds = bounds(&self.patience);
        for (at, thread) in self.threads.iter_mut().enumerate() {
            thread.forget_what_is_over();
            crate::judge::mark(at, thread, &mut self.tally)?;
            let goals = goals(thread);
            for (which, claim) in LIVE.into_iter().enumerate() {
                if goals[which] {
                    thread.memory.since[which] = None;
                    continue;
                }
                let since = *thread.memory.since[which].get_or_insert(self.now);
                self.tally.saw(claim, since == self.now);
                if self.now - since > bounds[which] {
                    let seconds = (self.now - since) / 1_000;
                    return Broken::by(claim, at, format!("nothing of it for {seconds} seconds"));
                }
            }
        }
        Ok(())
    }
}

/// The goals of L1 to L4: where one holds, nothing is owed.
fn goals(thread: &Thread) -> [bool; 4] {
    let (view, memory) = (&thread.view, &thread.memory);
    let (stored, runs) = (&view.stored, thread.turn().is_some());
    let asks = view.has_provider && !stored.requests.is_empty();
    let is_gone = thread.process.is_none() || thread.is(State::Booting);
    let reaped = (is_gone && (view.has_provider || stored.requests.is_empty()))
        || view.busy.is_some()
        || thread.shows_true_task()
        || asks
        || (!stored.queue.is_empty() && !stored.parked)
        || runs;
    let settled = !view.status.is_active() || runs || asks;
    let mut pending = memory.pending.iter();
    let delivered = runs || asks || pending.all(|message| is_accounted_for(thread, message));
    let struck = !view.is_interrupting() && !memory.stopping && memory.interrupted.is_empty();
    [reaped, settled, delivered, struck]
}

/// It reached the provider, was reported, or waits in a queue that is shown as parked.
fn is_accounted_for(thread: &Thread, message: &MessageId) -> bool {
    let stored = &thread.view.stored;
    let fate = &thread.mail[message];
    let waits = stored.queue.contains(message) && stored.parked && !thread.memory.forgotten;
    !fate.accepted || fate.reported || fate.reached > 0 || waits
}

/// L5: what was meant for each thread, told to a supervisor that is alone, makes it want and show the same.
pub(crate) fn each_goes_as_it_would_alone(world: &World) -> Result<(), Broken> {
    let subject = &world.subject;
    for (at, thread) in world.threads.iter().enumerate() {
        let mut alone: Supervisor = subject.fresh(world.patience);
        let mut wanted = Vec::with_capacity(thread.wanted.len());
        for meant in &thread.meant {
            match meant {
                Meant::Told(now, input) => {
                    wanted.extend(alone.handle(input.clone(), timestamp(*now)));
                }
                Meant::Booted(now, stored, life) => {
                    alone = subject.boot((**stored).clone(), *life, world.patience, *now);
                    wanted.extend(alone.booted(timestamp(*now)));
                }
            }
        }
        if wanted != thread.wanted || *View::of(&alone) != *thread.view {
            return Broken::by(Claim::L5, at, "alone it goes another way");
        }
    }
    Ok(())
}
