//! Verdicts together, as exit codes, and as panics.

use std::panic::catch_unwind;

use session_lifecycle::Fault;
use session_lifecycle_model::engine::Limits;
use session_lifecycle_model::{Report, Shipped, Verdict, check, check_subject};

use crate::{s1, with};

#[test]
fn the_verdict_of_nothing_is_inconclusive() {
    assert_eq!(Verdict::of([]), Verdict::Inconclusive);
}

#[test]
fn the_worst_of_several_verdicts_is_theirs_together() {
    use Verdict::{Inconclusive, Verified, Violated};
    assert_eq!(Verdict::of([Verified, Verified]), Verified);
    for all in [[Inconclusive, Verified], [Verified, Inconclusive]] {
        assert_eq!(Verdict::of(all), Inconclusive);
    }
    for other in [Verified, Inconclusive, Violated] {
        assert_eq!(Verdict::of([Violated, other]), Violated);
        assert_eq!(Verdict::of([other, Violated]), Violated);
    }
}

#[test]
fn the_exit_codes_tell_the_verdicts_apart() {
    let codes =
        [Verdict::Verified, Verdict::Violated, Verdict::Inconclusive].map(Verdict::exit_code);
    assert_eq!(codes, [0, 1, 3]);
}

/// What `assert_verified` says when it panics; `None` if it does not.
fn complaint(report: &Report) -> Option<String> {
    let panic = catch_unwind(|| report.assert_verified()).err()?;
    panic.downcast::<String>().ok().map(|text| *text)
}

#[test]
fn assert_verified_panics_with_the_whole_report_of_a_violation() {
    let report = check_subject(Shipped::with_fault(Fault::S1_06), &s1(), |_| {});
    let text = complaint(&report).expect("a violation is no pass");
    assert_eq!(text, report.to_string());
    assert!(
        text.contains("S1 is violated") && text.contains("verdict violated"),
        "{text}"
    );
    for step in &report.properties[0].trace {
        assert!(text.contains(&step.action), "{text}");
    }
}

#[test]
fn assert_verified_panics_with_the_whole_report_of_what_is_inconclusive() {
    let report = check(with(Limits {
        states: Some(10),
        ..Limits::default()
    }));
    let text = complaint(&report).expect("nothing was shown");
    assert_eq!(text, report.to_string());
    assert!(
        text.contains("the limit of 10 states was reached"),
        "{text}"
    );
    assert!(text.contains("verdict inconclusive"), "{text}");
}

#[test]
fn assert_verified_is_silent_about_what_is_verified() {
    assert_eq!(complaint(&check(s1())), None);
}
