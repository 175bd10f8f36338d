//! What the compiler refuses, each with its reason beside it: `compile_fail/*.rs` and `*.stderr`.
//!
//! No feature makes any of these possible; what the compiler prints differs a little, so it is compared without any.
//! After a new compiler: `TRYBUILD=overwrite cargo test --test compile_fail`, and read what has changed.
#![cfg(not(any(feature = "serde", feature = "t3", feature = "faults")))]

#[test]
fn the_compiler_refuses_what_no_session_may_do() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
}
