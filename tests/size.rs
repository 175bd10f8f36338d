//! A session without its strings fits in a cache line (DESIGN: 64 bytes).

#[cfg(not(feature = "faults"))]
#[test]
fn a_session_fits_in_a_cache_line() {
    assert!(
        size_of::<session_lifecycle::AnySession>() <= 64,
        "{} bytes",
        size_of::<session_lifecycle::AnySession>()
    );
}
