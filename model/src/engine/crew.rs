//! Who expands the states: one thread, or several that hand in what they found in the order of the states.

use std::collections::VecDeque;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use crate::engine::edges::{EdgeBlock, STATES, end_of_block};
use crate::engine::{Searched, Steps, Store};

/// How many batches each thread may be ahead: what they found has to be kept.
const AHEAD: usize = 4;
/// How many states are expanded between two looks at the clock.
const BETWEEN_LOOKS: usize = 64;

/// Expands states.
pub(super) trait Crew {
    /// The steps of the first of these states, and of as many that follow as are expanded at once. The next call goes
    /// on behind them. A batch that was taken up is handed back, to be used again.
    fn next(&mut self, keys: &[u64], range: Range<usize>, used: Batch) -> Batch;
}

/// Some states, and the steps out of them; out of the first of them only, if there was no time for all.
#[derive(Default)]
pub(super) struct Batch {
    keys: Vec<u64>,
    pub(super) steps: Steps,
    /// The edges that the steps are, as soon as there are numbers for their keys.
    pub(super) block: EdgeBlock,
}

impl Batch {
    fn of(keys: &[u64], mut used: Self) -> Self {
        used.keys.clear();
        used.keys.extend_from_slice(keys);
        used
    }
}

/// What all threads look at. None of them sees the graph: what they find are keys, and the thread that takes it up gives
/// those their numbers, one after the other.
pub(super) struct Expansion<'a, M: Searched> {
    pub(super) model: &'a M,
    pub(super) store: &'a M::Store,
    pub(super) until: Option<Instant>,
}

impl<M: Searched> Clone for Expansion<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M: Searched> Copy for Expansion<'_, M> {}

impl<M: Searched> Expansion<'_, M> {
    /// Expands a batch, as far as the time allows.
    fn expand(&self, memory: &mut <M::Store as Store<M>>::Memory, batch: &mut Batch) {
        let Batch { keys, steps, block } = batch;
        steps.clear();
        for keys in keys.chunks(BETWEEN_LOOKS) {
            if self.until.is_some_and(|until| Instant::now() >= until) {
                break;
            }
            for key in keys {
                self.store.expand(self.model, memory, *key, steps);
                steps.end_state();
            }
        }
        *block = EdgeBlock::of(steps);
    }
}

/// A single thread.
pub(super) struct Alone<'a, M: Searched> {
    expansion: Expansion<'a, M>,
    memory: <M::Store as Store<M>>::Memory,
}

impl<'a, M: Searched> Alone<'a, M> {
    pub(super) fn new(expansion: Expansion<'a, M>) -> Self {
        Self {
            expansion,
            memory: Default::default(),
        }
    }
}

impl<M: Searched> Crew for Alone<'_, M> {
    fn next(&mut self, keys: &[u64], range: Range<usize>, used: Batch) -> Batch {
        let end = range.end.min(end_of_block(range.start));
        let mut batch = Batch::of(&keys[range.start..end], used);
        self.expansion.expand(&mut self.memory, &mut batch);
        batch
    }
}

/// Batches that wait for a thread, with their places in the order of all.
#[derive(Default)]
struct Desk {
    orders: Mutex<Orders>,
    changed: Condvar,
}

#[derive(Default)]
struct Orders {
    waiting: VecDeque<(usize, Batch)>,
    closed: bool,
}

impl Desk {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, place: usize, batch: Batch) {
        self.orders().waiting.push_back((place, batch));
        self.changed.notify_one();
    }

    fn wait(&self) -> Option<(usize, Batch)> {
        let idle = |orders: &mut Orders| orders.waiting.is_empty() && !orders.closed;
        let orders = self.changed.wait_while(self.orders(), idle);
        let mut orders = orders.unwrap_or_else(PoisonError::into_inner);
        if orders.closed {
            return None;
        }
        orders.waiting.pop_front()
    }
}

/// Work that ends early ends for all.
struct Closing<'a>(&'a Desk);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.orders().closed = true;
        self.0.changed.notify_all();
    }
}

/// The thread that takes up what all have found, and expands a batch while the next in order is not there yet.
struct Together<'a, M: Searched> {
    own: Alone<'a, M>,
    desk: &'a Desk,
    done: Receiver<(usize, thread::Result<Batch>)>,
    most: usize,
    /// The place of the batch that is handed in next, and those behind it, as far as they have been ordered.
    place: usize,
    ordered: VecDeque<Option<Batch>>,
    /// The state behind those that have been ordered.
    end: usize,
    used: Vec<Batch>,
}

impl<M: Searched> Together<'_, M> {
    fn order(&mut self, keys: &[u64], range: &Range<usize>) {
        if self.ordered.is_empty() {
            self.end = range.start;
        }
        while self.ordered.len() < self.most && self.end < range.end {
            let end = range.end.min(end_of_block(self.end));
            let used = self.used.pop().unwrap_or_default();
            let batch = Batch::of(&keys[self.end..end], used);
            self.desk.put(self.place + self.ordered.len(), batch);
            self.ordered.push_back(None);
            self.end = end;
        }
    }

    fn accept(&mut self, place: usize, batch: thread::Result<Batch>) {
        let batch = batch.unwrap_or_else(|panic| resume_unwind(panic));
        self.ordered[place - self.place] = Some(batch);
    }
}

impl<M: Searched> Crew for Together<'_, M> {
    fn next(&mut self, keys: &[u64], range: Range<usize>, used: Batch) -> Batch {
        if self.ordered.is_empty() && range.len() < 2 * STATES {
            return self.own.next(keys, range, used);
        }
        self.used.push(used);
        self.order(keys, &range);
        loop {
            while let Ok((place, batch)) = self.done.try_recv() {
                self.accept(place, batch);
            }
            if let Some(batch) = self.ordered.front_mut().and_then(Option::take) {
                self.ordered.pop_front();
                self.place += 1;
                return batch;
            }
            let order = self.desk.orders().waiting.pop_front();
            if let Some((place, mut batch)) = order {
                self.own.expansion.expand(&mut self.own.memory, &mut batch);
                self.accept(place, Ok(batch));
            } else {
                let (place, batch) = self.done.recv().expect("the others wait for orders");
                self.accept(place, batch);
            }
        }
    }
}

/// Lets several threads expand, this one among them, as long as the work with them goes on.
pub(super) fn together<M, T>(
    expansion: &Expansion<'_, M>,
    threads: usize,
    work: impl FnOnce(&mut dyn Crew) -> T,
) -> T
where
    M: Searched<Action: Send + Sync> + Sync,
    M::Store: Send + Sync,
    <M::Store as Store<M>>::Memory: Send,
{
    let desk = Desk::default();
    let (hand_in, done) = channel();
    thread::scope(|scope| {
        let _closing = Closing(&desk);
        for _ in 1..threads {
            let (desk, hand_in) = (&desk, hand_in.clone());
            scope.spawn(move || {
                let mut memory = Default::default();
                while let Some((place, mut batch)) = desk.wait() {
                    let expanded = catch_unwind(AssertUnwindSafe(|| {
                        expansion.expand(&mut memory, &mut batch);
                        batch
                    }));
                    if hand_in.send((place, expanded)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(hand_in);
        work(&mut Together {
            own: Alone::new(*expansion),
            desk: &desk,
            done,
            most: AHEAD * threads,
            place: 0,
            ordered: VecDeque::new(),
            end: 0,
            used: Vec::new(),
        })
    })
}
