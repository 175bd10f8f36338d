//! The second opinion: stateright's own checker on the same model.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::time::{Duration, Instant};

use stateright::{Checker, Expectation, Model};

use crate::engine::Limits;

/// What stateright found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Unique states.
    pub states: usize,
    /// The names of the safety properties for which it found a counterexample.
    pub broken: BTreeSet<&'static str>,
    /// It had an answer to every property, and stopped before it had seen everything.
    pub answered: bool,
    /// How long it took.
    pub elapsed: Duration,
}

/// Runs stateright's breadth-first checker.
///
/// Its own verdict is not used: after a time, depth or count limit `assert_properties` passes. What counts here is how
/// many states it saw and what it found.
pub fn ask_stateright<M>(model: M, limits: Limits, threads: usize) -> Peer
where
    M: Model + Send + Sync + 'static,
    M::State: std::fmt::Debug + Hash + Send + Sync + Clone + PartialEq + 'static,
    M::Action: std::fmt::Debug + Send + Sync + Clone + PartialEq + 'static,
{
    let begun = Instant::now();
    let properties = model.properties();
    let mut checker = model.checker().threads(threads);
    if let Some(time) = limits.time {
        // stateright looks at the clock only where threads share their work: a single thread runs to the end.
        checker = checker.threads(threads.max(2)).timeout(time);
    }
    if let Some(states) = limits.states {
        checker = checker.target_state_count(states);
    }
    if let Some(depth) = limits.depth {
        checker = checker.target_max_depth(depth);
    }
    let checker = checker.spawn_bfs().join();
    let found = checker.discoveries();
    let broken = properties
        .iter()
        .filter(|property| {
            property.expectation == Expectation::Always && found.contains_key(property.name)
        })
        .map(|property| property.name)
        .collect();
    let answered = !properties.is_empty()
        && properties
            .iter()
            .all(|property| found.contains_key(property.name));
    Peer {
        states: checker.unique_state_count(),
        broken,
        answered,
        elapsed: begun.elapsed(),
    }
}
