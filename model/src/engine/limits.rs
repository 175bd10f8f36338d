//! How far a search may go, how far it has come, and why it ended.

use std::fmt;
use std::time::Duration;

/// How far to search. What is cut short is never a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Stop after this time.
    pub time: Option<Duration>,
    /// Stop at this many states.
    pub states: Option<usize>,
    /// Go no deeper than this many steps.
    pub depth: Option<usize>,
}

/// Why a search ended before it had seen everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The time was up.
    Time(Duration),
    /// There were more states than allowed.
    States(usize),
    /// There were states deeper than allowed.
    Depth(usize),
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(limit) => {
                write!(f, "the time limit of {} s was reached", limit.as_secs_f64())
            }
            Self::States(limit) => write!(f, "the limit of {limit} states was reached"),
            Self::Depth(limit) => write!(f, "the depth limit of {limit} steps was reached"),
        }
    }
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Unique states so far.
    pub states: usize,
    /// Edges so far.
    pub edges: usize,
    /// The depth of the state that was expanded last.
    pub depth: usize,
}
