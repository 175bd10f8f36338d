//! The one question by which a published defect comes back into a decision.

/// Whether this supervisor carries that defect.
#[cfg(feature = "faults")]
macro_rules! put_back {
    ($supervisor:expr, $fault:ident) => {
        $supervisor.fault == Some(crate::Fault::$fault)
    };
}

/// Without the feature `faults` no supervisor does. The detour keeps clippy from simplifying what the feature needs.
#[cfg(not(feature = "faults"))]
macro_rules! put_back {
    ($supervisor:expr, $fault:ident) => {
        core::convert::identity(false)
    };
}
