//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! A property has no place in a file, so results have logical locations only.

use serde_json::{Value, json};
use serde_sarif::sarif::{
    CodeFlow, Invocation, Location, LogicalLocation, Message, MultiformatMessageString,
    Notification, PropertyBag, ReportingConfiguration, ReportingDescriptor,
    ReportingDescriptorReference, Result as SarifResult, ResultKind, ResultLevel, Run, Sarif,
    ThreadFlow, ThreadFlowLocation, Tool, ToolComponent, Version,
};
use session_lifecycle_model::{PropertyReport, Verdict};

use super::forms::{CheckAnswer, LayerReport, headline, why};

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One property of one layer. Both layers have an `S1`, and claim different things by it.
struct SarifRule<'a> {
    index: i64,
    id: String,
    layer: &'static str,
    property: &'a PropertyReport,
}

/// The log: one run, whatever the number of layers.
pub(super) fn log(answer: &CheckAnswer) -> Sarif {
    let rules = rules(&answer.parts);
    let driver = ToolComponent::builder()
        .name("session-lifecycle")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(REPOSITORY)
        .rules(rules.iter().map(descriptor).collect::<Vec<_>>())
        .build();
    let is_done = answer.whole.verdict != Verdict::Inconclusive && answer.code < 2;
    let invocation = Invocation::builder()
        .execution_successful(is_done)
        .exit_code(answer.code)
        .tool_execution_notifications(notifications(answer, &rules))
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .invocations(vec![invocation])
        .results(rules.iter().map(result).collect::<Vec<_>>())
        .properties(bag([
            ("verdict", json!(answer.whole.verdict)),
            ("layers", answer.parts.iter().map(searched).collect()),
        ]))
        .build();
    Sarif::builder()
        .schema(SCHEMA)
        .version(json!(Version::V2_1_0))
        .runs(vec![run])
        .build()
}

fn rules(parts: &[LayerReport]) -> Vec<SarifRule<'_>> {
    let of_parts = parts.iter().flat_map(|part| {
        let properties = part.report.properties.iter();
        properties.map(|property| (part.layer, property))
    });
    let numbered = (0..).zip(of_parts);
    numbered
        .map(|(index, (layer, property))| SarifRule {
            index,
            id: format!("{layer}/{}", property.id),
            layer,
            property,
        })
        .collect()
}

fn descriptor(rule: &SarifRule<'_>) -> ReportingDescriptor {
    let document = match rule.layer {
        "supervisor" => "docs/supervisor.md",
        _ => "docs/properties.md",
    };
    let text = |text: String| MultiformatMessageString::builder().text(text).build();
    let failing = ReportingConfiguration::builder()
        .level(json!(ResultLevel::Error))
        .build();
    ReportingDescriptor::builder()
        .id(&rule.id)
        .short_description(text(rule.property.sentence.to_string()))
        .help(text(format!(
            "{document} says what it means, and how far it is shown."
        )))
        .help_uri(format!("{REPOSITORY}/blob/main/{document}"))
        .default_configuration(failing)
        .properties(bag([("kind", json!(rule.property.kind))]))
        .build()
}

/// Only what fails has a level (section 3.27.10 of the standard): one that is open is warned of in the invocation.
fn result(rule: &SarifRule<'_>) -> SarifResult {
    let (kind, level) = match rule.property.verdict {
        Verdict::Verified => (ResultKind::Pass, ResultLevel::None),
        Verdict::Violated => (ResultKind::Fail, ResultLevel::Error),
        Verdict::Inconclusive => (ResultKind::Open, ResultLevel::None),
    };
    let layer = LogicalLocation::builder()
        .name(rule.layer)
        .fully_qualified_name(format!("session-lifecycle::{}", rule.layer))
        .kind("module")
        .build();
    SarifResult::builder()
        .rule_id(&rule.id)
        .rule_index(rule.index)
        .kind(kind)
        .level(level)
        .message(message(told(rule.property)))
        .locations(vec![
            Location::builder().logical_locations(vec![layer]).build(),
        ])
        .code_flows(code_flows(rule.property))
        .properties(bag([
            ("verdict", json!(rule.property.verdict)),
            ("bounds", json!(rule.property.bounds)),
        ]))
        .build()
}

fn told(property: &PropertyReport) -> String {
    match property.verdict {
        Verdict::Verified => headline(property),
        Verdict::Violated | Verdict::Inconclusive => {
            format!("{} ({})", headline(property), why(property))
        }
    }
}

/// The counterexample, if there is one.
fn code_flows(property: &PropertyReport) -> Vec<CodeFlow> {
    let steps = (1..).zip(&property.trace).map(|(order, step)| {
        let text = format!("{}\n{}", step.action, step.state);
        ThreadFlowLocation::builder()
            .execution_order(order)
            .location(Location::builder().message(message(text)).build())
            .properties(bag([("cycle", json!(step.cycle))]))
            .build()
    });
    let steps: Vec<_> = steps.collect();
    if steps.is_empty() {
        return Vec::new();
    }
    let flow = ThreadFlow::builder().locations(steps).build();
    vec![CodeFlow::builder().thread_flows(vec![flow]).build()]
}

fn notifications(answer: &CheckAnswer, rules: &[SarifRule<'_>]) -> Vec<Notification> {
    let doubts = answer.parts.iter().filter_map(|part| {
        let reason = part.report.reason.as_ref()?;
        let text = format!("the search of the {} is in doubt: {reason}", part.layer);
        let doubt = Notification::builder().level(json!(ResultLevel::Error));
        Some(doubt.message(message(text)).build())
    });
    let open = rules
        .iter()
        .filter(|rule| rule.property.verdict == Verdict::Inconclusive);
    let open = open.map(|rule| {
        let property = ReportingDescriptorReference::builder()
            .id(&rule.id)
            .index(rule.index)
            .build();
        Notification::builder()
            .level(json!(ResultLevel::Warning))
            .message(message(told(rule.property)))
            .associated_rule(property)
            .build()
    });
    doubts.chain(open).collect()
}

fn message(text: String) -> Message {
    Message::builder().text(text).build()
}

/// What the standard has no member for.
fn bag<const N: usize>(properties: [(&str, Value); N]) -> PropertyBag {
    let named = properties.map(|(name, value)| (name.to_owned(), value));
    PropertyBag::builder().additional_properties(named).build()
}

/// How much was searched of a layer.
fn searched(part: &LayerReport) -> Value {
    let LayerReport { layer, report } = part;
    json!({
        "layer": layer,
        "verdict": report.verdict,
        "scope": report.scope,
        "bounds": report.bounds,
        "states": report.states,
        "edges": report.edges,
        "depth": report.depth,
        "seconds": report.seconds,
        "peer": report.peer,
    })
}
