//! The threads of a set of logs. Those of which nothing is under way sleep, in a fraction of the memory.

use std::collections::HashMap;

use super::asleep::{Asleep, FileNames};
use super::rows::HeldRows;
use super::thread::Thread;
use crate::audit::database::Rows;

/// How many threads are awake at least before any is put to sleep.
const AWAKE: usize = 512;

/// Every thread that was seen.
#[derive(Debug)]
pub(super) struct Threads {
    threads: HashMap<Box<str>, Held>,
    names: FileNames,
    awake: usize,
    /// When so many are awake, those that can are put to sleep.
    bedtime: usize,
    least_awake: usize,
    /// A planted defect: who wakes knows nothing.
    #[cfg(test)]
    pub(super) is_forgetful: bool,
}

#[derive(Debug)]
enum Held {
    Awake(Box<Thread>),
    Asleep(Asleep),
}

impl Default for Threads {
    fn default() -> Self {
        Self {
            threads: HashMap::new(),
            names: FileNames::default(),
            awake: 0,
            bedtime: AWAKE,
            least_awake: AWAKE,
            #[cfg(test)]
            is_forgetful: false,
        }
    }
}

impl Threads {
    pub(super) fn contains(&self, thread_id: &str) -> bool {
        self.threads.contains_key(thread_id)
    }

    /// Whether the thread waits for an event of any kind; none does in its sleep.
    pub(super) fn waits(&self, thread_id: &str) -> bool {
        match self.threads.get(thread_id) {
            Some(Held::Awake(thread)) => thread.waits(),
            Some(Held::Asleep(_)) | None => false,
        }
    }

    /// Changes the thread, or a new one with its rows. No allocation for one that is awake.
    pub(super) fn with<T>(
        &mut self,
        thread_id: &str,
        rows: &Rows,
        change: impl FnOnce(&mut Thread) -> T,
    ) -> T {
        let changed = match self.threads.get_mut(thread_id) {
            Some(held) => match held {
                Held::Awake(thread) => change(thread),
                Held::Asleep(asleep) => {
                    let woken = asleep.wake(&self.names);
                    #[cfg(test)]
                    let woken = if self.is_forgetful {
                        Thread::default()
                    } else {
                        woken
                    };
                    let mut thread = Box::new(woken);
                    let changed = change(&mut thread);
                    *held = Held::Awake(thread);
                    self.awake += 1;
                    changed
                }
            },
            None => {
                let new = Thread {
                    rows: HeldRows::of(rows.of(thread_id)),
                    ..Thread::default()
                };
                let mut thread = Box::new(new);
                let changed = change(&mut thread);
                self.threads.insert(thread_id.into(), Held::Awake(thread));
                self.awake += 1;
                changed
            }
        };
        if self.awake > self.bedtime {
            self.put_to_sleep();
        }
        changed
    }

    /// Looks at every thread, and so is done only when many have woken since.
    fn put_to_sleep(&mut self) {
        for held in self.threads.values_mut() {
            if let Held::Awake(thread) = held
                && let Some(asleep) = Asleep::of(thread, &mut self.names)
            {
                *held = Held::Asleep(asleep);
                self.awake -= 1;
            }
        }
        self.bedtime = self.awake + self.least_awake + self.threads.len() / 32;
    }

    /// Every thread, by its id; none for one that sleeps, which waits for nothing and so has nothing left to tell.
    pub(super) fn finish(self, mut finish: impl FnMut(Box<str>, Option<Thread>)) {
        let mut threads: Vec<_> = self.threads.into_iter().collect();
        threads.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (thread_id, held) in threads {
            let thread = match held {
                Held::Awake(thread) => Some(*thread),
                Held::Asleep(_) => None,
            };
            finish(thread_id, thread);
        }
    }
}

#[cfg(test)]
impl Threads {
    /// Every thread sleeps whenever it can.
    pub(super) fn tired() -> Self {
        Self {
            bedtime: 0,
            least_awake: 0,
            ..Self::default()
        }
    }
}
