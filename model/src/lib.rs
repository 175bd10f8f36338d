//! The model.

pub mod replay;
