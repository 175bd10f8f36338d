//! The same graph, with keys that are the worst for the engine's table: all of them have one home and one mark.

use session_lifecycle_model::engine::{Alphabet, Searched, Steps, Store, Trials};
use stateright::Model;

use crate::digraph::{Digraph, Take};

#[derive(Clone, Debug)]
pub(crate) struct Crowded(pub(crate) Digraph);

impl Model for Crowded {
    type State = u16;
    type Action = Take;

    fn init_states(&self) -> Vec<u16> {
        self.0.init_states()
    }

    fn actions(&self, state: &u16, actions: &mut Vec<Take>) {
        self.0.actions(state, actions);
    }

    fn next_state(&self, state: &u16, take: Take) -> Option<u16> {
        self.0.next_state(state, take)
    }

    fn within_boundary(&self, state: &u16) -> bool {
        self.0.within_boundary(state)
    }
}

impl Searched for Crowded {
    type Store = Crowd;

    fn store(&self) -> Crowd {
        Crowd::default()
    }
}

#[derive(Default)]
pub(crate) struct Crowd(Alphabet<Take>);

/// The factor of the table's hash, and its inverse: what is multiplied with both is as it was.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
const INVERSE: u64 = 0xf1de_83e1_9937_733d;

/// The key of which the hash is the number of the state: only the lowest bits of two of them differ.
fn key(state: u16) -> u64 {
    let product = u64::from(state).wrapping_mul(INVERSE);
    product ^ (product >> 32)
}

impl Store<Crowded> for Crowd {
    type Memory = Trials<Take>;

    fn key(&self, state: u16) -> u64 {
        key(state)
    }

    fn state(&self, key: u64) -> u16 {
        let hash = (key ^ (key >> 32)).wrapping_mul(FACTOR);
        u16::try_from(hash).expect("a key that was given out")
    }

    fn expand(&self, model: &Crowded, trials: &mut Trials<Take>, at: u64, steps: &mut Steps) {
        trials.expand(model, &self.state(at), &self.0, key, steps);
    }

    fn actions(&self) -> Vec<Take> {
        self.0.all()
    }

    fn freeze(&self) {}

    fn counts(&self) -> Vec<usize> {
        Vec::new()
    }

    fn bytes(&self) -> usize {
        0
    }
}
