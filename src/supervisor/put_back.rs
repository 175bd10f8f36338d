//! The one question by which a published defect comes back into a decision.

/// Whether this supervisor carries that defect: without the feature `faults`, the constant `false`.
#[cfg(feature = "faults")]
macro_rules! put_back {
    ($supervisor:expr, $fault:ident) => {
        $supervisor.fault == Some(crate::Fault::$fault)
    };
}

/// Whether this supervisor carries that defect: without the feature `faults`, the constant `false`.
#[cfg(not(feature = "faults"))]
macro_rules! put_back {
    ($supervisor:expr, $fault:ident) => {
        false
    };
}
