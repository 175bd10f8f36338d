//! Two engines for one model: a graph of our own, which keeps every state and edge, and stateright's checker.

mod graph;
mod liveness;
mod peer;

pub use graph::{Cut, Explored, Graph, Limits, NONE, Progress, explore, explore_until};
pub use liveness::{Fairness, Lasso, find_lasso};
pub use peer::{Peer, ask_stateright};
