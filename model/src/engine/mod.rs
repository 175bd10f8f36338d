//! Two engines for one model: a graph of our own, which keeps every state and edge, and stateright's checker.

mod crew;
mod edges;
mod graph;
mod grid;
mod limits;
mod liveness;
mod parts;
mod peer;
mod search;
mod store;
mod table;

pub use graph::{Explored, Graph};
pub use grid::Grid;
pub use limits::{Cut, Limits, Progress};
pub use liveness::{Fairness, Lasso, find_lasso};
pub use parts::{InParts, Parted, Parts, Place};
pub use peer::{Peer, ask_stateright};
pub use search::{explore, explore_until, explore_with};
pub use store::{Alphabet, Interner, Searched, Steps, Store, Trials, Whole};
pub use table::NONE;
