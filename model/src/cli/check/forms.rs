//! The forms in which `check` answers. All of them tell the verdict that the exit code tells.

use session_lifecycle_model::{PropertyReport, Report, Verdict};

use super::{github, junit, sarif};
use crate::cli::output;

/// The form of an answer of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// JUnit XML: a suite for each layer, a case for each property; an inconclusive one is an error
    Junit,
    /// SARIF 2.1.0: a result for each property, a counterexample as a code flow
    Sarif,
    /// Annotations of a run of GitHub Actions
    Github,
}

/// What was concluded of one layer.
#[derive(Debug)]
pub(super) struct LayerReport {
    /// The name of the layer.
    pub(super) layer: &'static str,
    pub(super) report: Report,
}

/// What was concluded of all layers.
#[derive(Debug)]
pub(super) struct CheckAnswer {
    pub(super) parts: Vec<LayerReport>,
    /// The layers as one.
    pub(super) whole: Report,
    /// What the command ends with.
    pub(super) code: u8,
}

impl CheckAnswer {
    /// The text in this form, or why there is none.
    pub(super) fn written(&self, form: Form) -> Result<String, String> {
        Ok(match form {
            Form::Text => self.whole.to_string(),
            Form::Json => output::json(&self.whole),
            Form::Junit => junit::document(self)?,
            Form::Sarif => output::json(&sarif::log(self)),
            Form::Github => github::commands(self),
        })
    }
}

/// The verdict on a property, with the property.
pub(super) fn headline(property: &PropertyReport) -> String {
    let PropertyReport {
        id,
        verdict,
        sentence,
        ..
    } = property;
    format!("{id} is {verdict}: {sentence}")
}

/// Why nothing can be said of a property.
pub(super) fn why(property: &PropertyReport) -> &str {
    property.reason.as_deref().unwrap_or("no reason is known")
}

/// What the second engine said.
pub(super) fn peer(report: &Report) -> String {
    report.peer.as_ref().map_or_else(
        || "stateright was not asked".to_owned(),
        |peer| {
            let word = if peer.agrees { "agrees" } else { "disagrees" };
            format!("stateright {word}: {} states", peer.states)
        },
    )
}

/// How many properties there are of each verdict, without those of which there are none.
pub(super) fn tally(report: &Report) -> String {
    let verdicts = [Verdict::Violated, Verdict::Inconclusive, Verdict::Verified];
    let counts = verdicts.map(|verdict| {
        let of_it = report
            .properties
            .iter()
            .filter(|one| one.verdict == verdict);
        (of_it.count(), verdict)
    });
    let told = counts.into_iter().filter(|(count, _)| *count > 0);
    told.map(|(count, verdict)| format!("{count} {verdict}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A layer whose only property is verified, by a search that the second engine contradicts.
    fn in_doubt() -> CheckAnswer {
        let property = PropertyReport {
            id: "S1",
            kind: "safety",
            sentence: "an inactive session never points at a turn",
            verdict: Verdict::Verified,
            reason: None,
            bounds: "all".to_owned(),
            trace: Vec::new(),
        };
        let whole = Report {
            verdict: Verdict::Inconclusive,
            scope: "small".to_owned(),
            bounds: "<all>\n& 100%".to_owned(),
            states: 2,
            edges: 1,
            depth: 1,
            seconds: 0.5,
            bytes: 0,
            reason: Some("the second engine disagrees:\n<2> & not 100%".to_owned()),
            peer: None,
            properties: vec![property],
        };
        let part = LayerReport {
            layer: "projection",
            report: whole.clone(),
        };
        CheckAnswer {
            parts: vec![part],
            whole,
            code: 3,
        }
    }

    #[test]
    fn a_search_in_doubt_is_an_error_of_its_suite_though_its_property_is_verified() {
        let xml = in_doubt().written(Form::Junit).unwrap();
        let document = quick_junit::Report::deserialize_from_str(&xml).unwrap();
        assert_eq!((document.tests, document.errors), (2, 1));
        let suite = &document.test_suites[0];
        let bounds = suite.properties.iter().find(|one| &*one.name == "bounds");
        assert_eq!(&*bounds.unwrap().value, "<all>\n& 100%");
        let quick_junit::TestCaseStatus::NonSuccess { description, .. } =
            &suite.test_cases[1].status
        else {
            panic!("it passes: {xml}");
        };
        assert_eq!(
            description.as_deref(),
            Some("the second engine disagrees:\n<2> & not 100%")
        );
    }

    #[test]
    fn a_search_in_doubt_is_an_error_of_the_invocation() {
        let log = sarif::log(&in_doubt());
        let invocation = &log.runs[0].invocations.as_ref().unwrap()[0];
        assert!(!invocation.execution_successful);
        let told = invocation.tool_execution_notifications.as_ref().unwrap();
        assert_eq!(told[0].level, Some("error".into()));
    }

    #[test]
    fn a_search_in_doubt_is_a_warning_and_each_annotation_one_line() {
        assert_eq!(
            in_doubt().written(Form::Github).unwrap(),
            "::notice title=projection is inconclusive%2C scope small::1 verified; 2 states, 1 edges, depth 1, 0.50 s; \
             stateright was not asked; within <all>%0A& 100%25\n\
             ::warning title=the search is in doubt (projection)::the second engine disagrees:%0A<2> & not 100%25\n"
        );
    }
}
