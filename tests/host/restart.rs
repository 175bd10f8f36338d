//! The host dies, and comes back.

use session_lifecycle::ProviderLife;
use session_lifecycle::supervisor::{Ending, Input};

use crate::claim::Broken;
use crate::judge;
use crate::note;
use crate::step::Step;
use crate::truth::{Meant, View};
use crate::world::{Item, World, timestamp};

impl World {
    /// The host dies, and comes back from what it has stored.
    pub(crate) fn crash(&mut self, life: ProviderLife, step: &Step) -> Result<(), Broken> {
        self.drop_waiting(|waiting| {
            let of_the_host = matches!(
                waiting.item,
                Item::News(_) | Item::Reply(_) | Item::Due(_) | Item::Reap
            );
            of_the_host || (life == ProviderLife::Gone && !matches!(waiting.item, Item::Sweep))
        });
        for waiting in self.queue.values_mut() {
            waiting.again |= matches!(waiting.item, Item::Ask(_));
        }
        for at in 0..self.threads.len() {
            if life == ProviderLife::Gone {
                self.die(at);
            }
        }
        for at in 0..self.threads.len() {
            self.boot(at, step)?;
        }
        if step.dies.is_some() {
            let plain = Step {
                dies: None,
                ..*step
            };
            return self.crash(life, &plain);
        }
        Ok(())
    }

    fn boot(&mut self, at: usize, step: &Step) -> Result<(), Broken> {
        self.happened += 1;
        let (now, patience) = (self.now, self.patience);
        let thread = &mut self.threads[at];
        let stored = thread.disk.clone();
        let survives = thread
            .process
            .as_ref()
            .is_some_and(|process| process.epoch == stored.epoch);
        let life = if survives {
            ProviderLife::Alive
        } else {
            ProviderLife::Gone
        };
        let booted = Meant::Booted(now, Box::new(stored.clone()), life);
        thread.meant.push(booted);
        thread.timers.clear();
        thread.supervisor = self.subject.boot(stored.clone(), life, patience, now);
        let effects = thread.supervisor.booted(timestamp(now)).into_vec();
        thread.wanted.extend(effects.iter().cloned());
        let after = View::of(&thread.supervisor);
        let before = std::mem::replace(&mut thread.view, after.clone());
        let memory = &mut thread.memory;
        memory.stopping = false;
        memory.struck = None;
        memory.asked = None;
        memory.interrupted.clear();
        memory.moved = now;
        memory.since = [None; 4];
        memory.misled |= survives;

        if survives {
            // What the host had heard and not stored, it has not heard.
            if let Some(turn) = &stored.session.active_turn {
                memory.over.remove(turn);
            }
        } else {
            memory.owed = None;
            memory.over.extend(before.active.clone());
            memory.over.extend(stored.session.active_turn.clone());
        }
        note::strike(thread, &effects);
        self.tell_story(at, |_| {
            let how = if survives {
                ", and its provider lives"
            } else {
                ""
            };
            let effects = crate::words::effects(&effects, step.dies);
            format!("The host boots{how}.{effects}")
        });
        judge::booted(at, &stored, &after)?;
        let performed = step.dies.map_or(effects.len(), usize::from);
        for effect in effects.iter().take(performed) {
            // What it was told to end and has not ended, it is told again.
            let was_asked = stored.ending == Some(Ending::Process);
            self.perform(at, effect, &Input::Sweep, was_asked, step)?;
        }
        self.end_of_line(at);
        Ok(())
    }
}
