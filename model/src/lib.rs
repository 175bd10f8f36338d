//! The model.
mod agreement;
mod check;
pub mod engine;
pub mod faults;
mod induction;
pub mod properties;
mod matrix;
mod reducer;
mod report;
pub mod scope;
mod shipped;
mod subject;
pub mod world;

pub use agreement::typed_transition;
pub use check::{Plan, check, check_reducer, check_subject};
pub use induction::{BrokenStep, Induction, induct};
pub use matrix::{dot, mermaid, tables};
pub use properties::PropertyId;
pub use reducer::{Own, Reducer};
pub use report::{PeerReport, PropertyReport, Report, TraceStep, Verdict};
pub use scope::Scope;
pub use shipped::{Packed, Shipped};
pub use subject::{Folded, Subject};
