//! How a model's states become numbers of 64 bits, exactly, and back.

use std::hash::Hash;
use std::sync::{OnceLock, PoisonError, RwLock};

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use stateright::Model;

use crate::engine::table::narrow;

/// A model that the engine can search. One that has nothing better names [`Whole`] as its store.
pub trait Searched: Model<State: Clone + Hash + Eq, Action: Clone + Hash + Eq> {
    /// What keeps its states.
    type Store: Store<Self>;

    /// A store without a state.
    fn store(&self) -> Self::Store;
}

/// Keeps states under keys. Two states have one key if they are equal, and two if they are not.
pub trait Store<M: Searched<Store = Self>> {
    /// What a thread remembers from one state to the next. It speeds a search up and changes nothing of it.
    type Memory: Default;

    /// The key of a state.
    fn key(&self, state: M::State) -> u64;

    /// The state of a key that was given out.
    fn state(&self, key: u64) -> M::State;

    /// The steps out of a state, in the order of the model's actions: each action for which the model has a next state
    /// within its boundary.
    fn expand(&self, model: &M, memory: &mut Self::Memory, key: u64, steps: &mut Steps);

    /// The actions, by the numbers that `expand` gives them.
    fn actions(&self) -> Vec<M::Action>;

    /// There will be no more states.
    fn freeze(&self);

    /// How many different ones there are of each of the parts that it keeps.
    fn counts(&self) -> Vec<usize>;

    /// Bytes of memory, without what the states themselves point at.
    fn bytes(&self) -> usize;
}

/// The steps out of some states, one state after the other.
#[derive(Debug, Default)]
pub struct Steps {
    /// Where the steps of each state end.
    ends: Vec<u32>,
    /// There is room for steps behind those that have been made.
    actions: Vec<u8>,
    keys: Vec<u64>,
    len: usize,
}

impl Steps {
    /// A step: the number of its action, and the key of the state where it leads.
    #[inline]
    pub fn push(&mut self, action: u8, to: u64) {
        let (actions, keys) = self.room(1);
        actions[0] = action;
        keys[0] = to;
        self.made(1);
    }

    /// Room for so many steps more: for their actions, and for the keys of where they lead.
    #[inline]
    pub fn room(&mut self, more: usize) -> (&mut [u8], &mut [u64]) {
        let end = self.len + more;
        if end > self.keys.len() {
            let len = end.next_power_of_two();
            self.actions.resize(len, 0);
            self.keys.resize(len, 0);
        }
        (
            &mut self.actions[self.len..end],
            &mut self.keys[self.len..end],
        )
    }

    /// So many steps have been written down where there was room for them.
    #[inline]
    pub fn made(&mut self, steps: usize) {
        self.len += steps;
    }

    #[inline]
    pub(super) fn end_state(&mut self) {
        self.ends.push(narrow(self.len));
    }

    pub(super) fn ends(&self) -> &[u32] {
        &self.ends
    }

    pub(super) fn actions(&self) -> &[u8] {
        &self.actions[..self.len]
    }

    pub(super) fn keys(&self) -> &[u64] {
        &self.keys[..self.len]
    }

    pub(super) fn clear(&mut self) {
        self.ends.clear();
        self.len = 0;
    }
}

/// Values and their numbers, for several threads at once.
///
/// Which of two values has the lower number may depend on which thread was faster; nothing that a search finds does.
#[derive(Debug)]
pub struct Interner<T> {
    growing: RwLock<Values<T>>,
    /// All of them, once there will be no more: nobody has to wait for them any longer.
    grown: OnceLock<Values<T>>,
}

type Values<T> = IndexSet<T, FxBuildHasher>;

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self {
            growing: RwLock::default(),
            grown: OnceLock::new(),
        }
    }
}

impl<T: Clone + Hash + Eq> Interner<T> {
    /// The number of a value.
    ///
    /// # Panics
    ///
    /// If there are more than four thousand million values.
    pub fn number(&self, value: T) -> u32 {
        let known = self.read(|values| values.get_index_of(&value));
        narrow(known.unwrap_or_else(|| {
            let values = self.growing.write();
            let mut values = values.unwrap_or_else(PoisonError::into_inner);
            values.insert_full(value).0
        }))
    }

    /// The value of a number.
    ///
    /// # Panics
    ///
    /// If the number was not given out.
    pub fn value(&self, number: u32) -> T {
        let value = |values: &Values<T>| values.get_index(number as usize).cloned();
        self.read(value).expect("only numbers that were given out")
    }

    fn read<A>(&self, ask: impl FnOnce(&Values<T>) -> A) -> A {
        match self.grown.get() {
            Some(values) => ask(values),
            None => ask(&self.growing.read().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// There will be no more values.
    pub fn freeze(&self) {
        let values = self.growing.write();
        let values = std::mem::take(&mut *values.unwrap_or_else(PoisonError::into_inner));
        let _ = self.grown.set(values);
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.read(IndexSet::len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory, without what the values point at.
    pub fn bytes(&self) -> usize {
        let index_entry = size_of::<usize>() + 1;
        let each = size_of::<T>() + size_of::<u64>() + index_entry;
        self.read(IndexSet::capacity) * each
    }
}

/// The actions of a model that are known, as far as its states have offered them.
#[derive(Debug)]
pub struct Alphabet<A>(Interner<A>);

impl<A> Default for Alphabet<A> {
    fn default() -> Self {
        Self(Interner::default())
    }
}

impl<A: Clone + Hash + Eq> Alphabet<A> {
    fn number(&self, action: A) -> u8 {
        u8::try_from(self.0.number(action))
            .ok()
            .filter(|number| *number != u8::MAX)
            .expect("a model of at most 255 actions")
    }

    /// All of them, by number.
    #[must_use]
    pub fn all(&self) -> Vec<A> {
        self.0.read(|all| all.iter().cloned().collect())
    }
}

/// What a thread needs to try actions one by one.
#[derive(Debug)]
pub struct Trials<A> {
    offered: Vec<A>,
    known: FxHashMap<A, u8>,
}

impl<A> Default for Trials<A> {
    fn default() -> Self {
        Self {
            offered: Vec::new(),
            known: FxHashMap::default(),
        }
    }
}

impl<A: Clone + Hash + Eq> Trials<A> {
    /// Tries every action that the model offers.
    pub fn expand<M: Searched<Action = A>>(
        &mut self,
        model: &M,
        state: &M::State,
        alphabet: &Alphabet<A>,
        mut key: impl FnMut(M::State) -> u64,
        steps: &mut Steps,
    ) {
        let Self { offered, known } = self;
        offered.clear();
        model.actions(state, offered);
        for action in offered.drain(..) {
            let Some(next) = model.next_state(state, action.clone()) else {
                continue;
            };
            if model.within_boundary(&next) {
                let number = known
                    .entry(action)
                    .or_insert_with_key(|action| alphabet.number(action.clone()));
                steps.push(*number, key(next));
            }
        }
    }
}

/// Keeps states as they are.
pub struct Whole<M: Model> {
    states: Interner<M::State>,
    alphabet: Alphabet<M::Action>,
}

impl<M: Model> Default for Whole<M> {
    fn default() -> Self {
        Self {
            states: Interner::default(),
            alphabet: Alphabet::default(),
        }
    }
}

impl<M: Searched<Store = Self>> Store<M> for Whole<M> {
    type Memory = Trials<M::Action>;

    fn key(&self, state: M::State) -> u64 {
        self.states.number(state).into()
    }

    fn state(&self, key: u64) -> M::State {
        self.states.value((key & u64::from(u32::MAX)) as u32)
    }

    fn expand(&self, model: &M, trials: &mut Self::Memory, key: u64, steps: &mut Steps) {
        let state = self.state(key);
        let key = |next| self.key(next);
        trials.expand(model, &state, &self.alphabet, key, steps);
    }

    fn actions(&self) -> Vec<M::Action> {
        self.alphabet.all()
    }

    fn freeze(&self) {
        self.states.freeze();
    }

    fn counts(&self) -> Vec<usize> {
        vec![self.states.len()]
    }

    fn bytes(&self) -> usize {
        self.states.bytes()
    }
}
