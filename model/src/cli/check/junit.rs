//! JUnit XML: a suite for each layer, a case for each property.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};
use session_lifecycle_model::{PropertyReport, Report, Verdict};

use super::forms::{CheckAnswer, LayerReport, headline, peer, why};

/// The document, or why it cannot be written.
pub(super) fn document(answer: &CheckAnswer) -> Result<String, String> {
    let mut document = quick_junit::Report::new("session-lifecycle check");
    document.set_time(time(&answer.whole));
    document.add_test_suites(answer.parts.iter().map(suite));
    document.to_string().map_err(|why| why.to_string())
}

fn suite(part: &LayerReport) -> TestSuite {
    let LayerReport { layer, report } = part;
    let mut suite = TestSuite::new(*layer);
    suite.set_time(time(report));
    suite.add_properties(searched(report));
    suite.add_test_cases(report.properties.iter().map(case));
    // Else the suite of a search that cannot be relied on would look like a pass.
    suite.add_test_cases(report.reason.as_deref().map(doubt));
    for case in &mut suite.test_cases {
        case.set_classname(format!("session-lifecycle.{layer}"));
    }
    suite
}

/// How much was searched.
fn searched(report: &Report) -> [Property; 7] {
    [
        Property::new("verdict", report.verdict.as_str()),
        Property::new("scope", &report.scope),
        Property::new("bounds", &report.bounds),
        Property::new("states", report.states.to_string()),
        Property::new("edges", report.edges.to_string()),
        Property::new("depth", report.depth.to_string()),
        Property::new("peer", peer(report)),
    ]
}

fn case(property: &PropertyReport) -> TestCase {
    let name = format!("{}: {}", property.id, property.sentence);
    let status = match property.verdict {
        Verdict::Verified => TestCaseStatus::success(),
        Verdict::Violated => failed(
            NonSuccessKind::Failure,
            &headline(property),
            &property.story(),
        ),
        Verdict::Inconclusive => failed(NonSuccessKind::Error, &headline(property), why(property)),
    };
    let mut case = TestCase::new(name, status);
    case.add_property(("kind", property.kind));
    case.add_property(("bounds", property.bounds.as_str()));
    case
}

/// Whatever its properties say, nobody should rely on the search.
fn doubt(reason: &str) -> TestCase {
    let status = failed(NonSuccessKind::Error, "the search is in doubt", reason);
    TestCase::new("the search can be relied on", status)
}

fn failed(kind: NonSuccessKind, message: &str, text: &str) -> TestCaseStatus {
    let verdict = match kind {
        NonSuccessKind::Failure => Verdict::Violated,
        NonSuccessKind::Error => Verdict::Inconclusive,
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(verdict.as_str());
    status.set_message(message);
    status.set_description(text);
    status
}

fn time(report: &Report) -> Duration {
    Duration::try_from_secs_f64(report.seconds).unwrap_or_default()
}
