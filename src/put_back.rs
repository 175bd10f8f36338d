//! The one question by which a published defect comes back into a decision.

/// Whether this supervisor, or this reader, carries that defect.
#[cfg(feature = "faults")]
macro_rules! put_back {
    ($bearer:expr, $fault:ident) => {
        $bearer.fault == Some(crate::Fault::$fault)
    };
}

/// Without the feature `faults` none does. The detour keeps clippy from simplifying what the feature needs.
#[cfg(not(feature = "faults"))]
macro_rules! put_back {
    ($bearer:expr, $fault:ident) => {
        core::convert::identity(false)
    };
}
