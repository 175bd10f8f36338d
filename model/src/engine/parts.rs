//! States in parts, of each of which one copy is kept.

use std::hash::Hash;

use stateright::Model;

use crate::engine::store::{Alphabet, Interner, Searched, Steps, Store, Trials};

/// A state in three parts. There are far fewer different parts than states, if each moves little while the others do.
pub trait InParts: Clone {
    /// One part.
    type First: Clone + Hash + Eq;
    /// Another.
    type Second: Clone + Hash + Eq;
    /// The third.
    type Third: Clone + Hash + Eq;

    /// How many bits of a key each part has: there are no more different ones of it than that.
    const BITS: [u32; 3];

    /// The parts of a state.
    fn apart(self) -> (Self::First, Self::Second, Self::Third);

    /// The state of three parts.
    fn joined(first: Self::First, second: Self::Second, third: Self::Third) -> Self;
}

/// Parts of states, one copy of each.
pub struct Parts<P: InParts> {
    first: Interner<P::First>,
    second: Interner<P::Second>,
    third: Interner<P::Third>,
}

/// The numbers of a state's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Of the first part.
    pub first: u32,
    /// Of the second.
    pub second: u32,
    /// Of the third.
    pub third: u32,
}

impl<P: InParts> Default for Parts<P> {
    fn default() -> Self {
        Self {
            first: Interner::default(),
            second: Interner::default(),
            third: Interner::default(),
        }
    }
}

/// A number that has room in so many bits.
fn within(number: u32, bits: u32) -> u32 {
    assert!(
        u64::from(number) >> bits == 0,
        "there is room for {} different parts of the states of this model, and there are more",
        1_u64 << bits
    );
    number
}

impl<P: InParts> Parts<P> {
    /// The number of a first part.
    pub fn first(&self, part: P::First) -> u32 {
        within(self.first.number(part), P::BITS[0])
    }

    /// The number of a second part.
    pub fn second(&self, part: P::Second) -> u32 {
        within(self.second.number(part), P::BITS[1])
    }

    /// The number of a third part.
    pub fn third(&self, part: P::Third) -> u32 {
        within(self.third.number(part), P::BITS[2])
    }

    /// The first part of that number.
    pub fn first_of(&self, number: u32) -> P::First {
        self.first.value(number)
    }

    /// The second part of that number.
    pub fn second_of(&self, number: u32) -> P::Second {
        self.second.value(number)
    }

    /// The third part of that number.
    pub fn third_of(&self, number: u32) -> P::Third {
        self.third.value(number)
    }

    /// The key of the state at a place.
    #[must_use]
    pub fn key_of(place: Place) -> u64 {
        let [_, second, third] = P::BITS;
        (u64::from(place.first) << second | u64::from(place.second)) << third
            | u64::from(place.third)
    }

    /// The place of the state of a key.
    #[must_use]
    pub fn place_of(key: u64) -> Place {
        let [_, second, third] = P::BITS;
        let low = |key: u64, bits: u32| (key & ((1 << bits) - 1)) as u32;
        Place {
            first: (key >> (second + third)) as u32,
            second: low(key >> third, second),
            third: low(key, third),
        }
    }

    /// The key of a state.
    pub fn key(&self, state: P) -> u64 {
        const { assert!(P::BITS[0] + P::BITS[1] + P::BITS[2] <= u64::BITS) };
        let (first, second, third) = state.apart();
        Self::key_of(Place {
            first: self.first(first),
            second: self.second(second),
            third: self.third(third),
        })
    }

    /// The key of a state beside one whose parts and place are known. Most steps leave a part as it is, and to compare is
    /// less than to look up.
    fn key_beside(&self, state: P, known: &(P::First, P::Second, P::Third), at: Place) -> u64 {
        let (first, second, third) = state.apart();
        let same = (first == known.0, second == known.1, third == known.2);
        Self::key_of(Place {
            first: if same.0 { at.first } else { self.first(first) },
            second: if same.1 {
                at.second
            } else {
                self.second(second)
            },
            third: if same.2 { at.third } else { self.third(third) },
        })
    }

    /// The state of a key.
    pub fn state(&self, key: u64) -> P {
        let place = Self::place_of(key);
        P::joined(
            self.first_of(place.first),
            self.second_of(place.second),
            self.third_of(place.third),
        )
    }

    /// There will be no more parts.
    pub fn freeze(&self) {
        self.first.freeze();
        self.second.freeze();
        self.third.freeze();
    }

    /// How many different ones there are of each part.
    pub fn counts(&self) -> [usize; 3] {
        [self.first.len(), self.second.len(), self.third.len()]
    }

    /// Bytes of memory, without what the parts themselves point at.
    pub fn bytes(&self) -> usize {
        self.first.bytes() + self.second.bytes() + self.third.bytes()
    }
}

/// Keeps states in their parts, and tries every action on each.
pub struct Parted<M: Model<State: InParts>> {
    parts: Parts<M::State>,
    alphabet: Alphabet<M::Action>,
}

impl<M: Model<State: InParts>> Default for Parted<M> {
    fn default() -> Self {
        Self {
            parts: Parts::default(),
            alphabet: Alphabet::default(),
        }
    }
}

impl<M: Searched<Store = Self, State: InParts>> Store<M> for Parted<M> {
    type Memory = Trials<M::Action>;

    fn key(&self, state: M::State) -> u64 {
        self.parts.key(state)
    }

    fn state(&self, key: u64) -> M::State {
        self.parts.state(key)
    }

    fn expand(&self, model: &M, trials: &mut Self::Memory, key: u64, steps: &mut Steps) {
        let (state, from) = (self.state(key), Parts::<M::State>::place_of(key));
        let apart = state.clone().apart();
        let key = |next| self.parts.key_beside(next, &apart, from);
        trials.expand(model, &state, &self.alphabet, key, steps);
    }

    fn actions(&self) -> Vec<M::Action> {
        self.alphabet.all()
    }

    fn freeze(&self) {
        self.parts.freeze();
    }

    fn counts(&self) -> Vec<usize> {
        self.parts.counts().to_vec()
    }

    fn bytes(&self) -> usize {
        self.parts.bytes()
    }
}
