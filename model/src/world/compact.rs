//! The world as the engine searches it: each state three numbers, each step put together from what its parts did before.
//!
//! A state comes apart into three: the session, what is on its way, and the rest of the world (its core). A step depends on
//! few of them (`way::Maker`), and there are few different ones of each, so that nearly every step has been made before
//! with other parts beside it. The functions that make it are those of the model itself.

use crate::engine::{InParts, Parts, Searched, Steps, Store};
use crate::subject::Subject;
use crate::world::known::{Known, Memory};
use crate::world::traffic::Traffic;
use crate::world::{Action, Env, Point, World};

impl<S: Subject> Searched for World<S> {
    type Store = Compact<S>;

    fn store(&self) -> Compact<S> {
        Compact(Parts::default())
    }
}

/// Keeps the states of a [`World`] in their parts.
pub struct Compact<S: Subject>(Parts<Point<S::Session>>);

impl<T: Clone + std::hash::Hash + Eq> InParts for Point<T> {
    type First = T;
    type Second = Env;
    type Third = Traffic;

    const BITS: [u32; 3] = [28, 18, 18];

    fn apart(self) -> (T, Env, Traffic) {
        let (core, traffic) = self.env.apart();
        (self.session, core, traffic)
    }

    fn joined(session: T, core: Env, traffic: Traffic) -> Self {
        Self {
            session,
            env: Env { traffic, ..core },
        }
    }
}

impl<S: Subject> Store<World<S>> for Compact<S> {
    type Memory = Memory;

    fn key(&self, point: Point<S::Session>) -> u64 {
        self.0.key(point)
    }

    fn state(&self, key: u64) -> Point<S::Session> {
        self.0.state(key)
    }

    #[inline]
    fn expand(&self, world: &World<S>, memory: &mut Memory, key: u64, steps: &mut Steps) {
        let known = Known {
            world,
            parts: &self.0,
        };
        known.expand(memory, Parts::<Point<S::Session>>::place_of(key), steps);
    }

    fn actions(&self) -> Vec<Action> {
        Action::all()
    }

    fn freeze(&self) {
        self.0.freeze();
    }

    fn counts(&self) -> Vec<usize> {
        self.0.counts().to_vec()
    }

    fn bytes(&self) -> usize {
        self.0.bytes()
    }
}
