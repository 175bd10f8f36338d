//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! A property has no place in a file, so results have logical locations only.

use serde_json::{Value, json};
use session_lifecycle_model::{PropertyReport, Verdict};

use super::forms::{Answer, Part, headline, why};

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// One property of one layer. Both layers have an `S1`, and claim different things by it.
struct Rule<'a> {
    index: usize,
    id: String,
    layer: &'static str,
    property: &'a PropertyReport,
}

/// The log: one run, whatever the number of layers.
pub(super) fn log(answer: &Answer) -> Value {
    let rules = rules(&answer.parts);
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "session-lifecycle",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": REPOSITORY,
                "rules": rules.iter().map(descriptor).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": answer.whole.verdict != Verdict::Inconclusive && answer.code < 2,
                "exitCode": answer.code,
                "toolExecutionNotifications": notifications(answer, &rules),
            }],
            "results": rules.iter().map(result).collect::<Vec<_>>(),
            "properties": {
                "verdict": answer.whole.verdict,
                "layers": answer.parts.iter().map(searched).collect::<Vec<_>>(),
            },
        }],
    })
}

fn rules(parts: &[Part]) -> Vec<Rule<'_>> {
    let of_parts = parts.iter().flat_map(|part| {
        let properties = part.report.properties.iter();
        properties.map(|property| (part.layer, property))
    });
    let numbered = of_parts.enumerate();
    numbered
        .map(|(index, (layer, property))| Rule {
            index,
            id: format!("{layer}/{}", property.id),
            layer,
            property,
        })
        .collect()
}

fn descriptor(rule: &Rule<'_>) -> Value {
    let document = match rule.layer {
        "supervisor" => "docs/supervisor.md",
        _ => "docs/properties.md",
    };
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.property.sentence },
        "help": { "text": format!("{document} says what it means, and how far it is shown.") },
        "helpUri": format!("{REPOSITORY}/blob/main/{document}"),
        "defaultConfiguration": { "level": "error" },
        "properties": { "kind": rule.property.kind },
    })
}

/// Only what fails has a level (section 3.27.10 of the standard): one that is open is warned of in the invocation.
fn result(rule: &Rule<'_>) -> Value {
    let (kind, level) = match rule.property.verdict {
        Verdict::Verified => ("pass", "none"),
        Verdict::Violated => ("fail", "error"),
        Verdict::Inconclusive => ("open", "none"),
    };
    json!({
        "ruleId": rule.id,
        "ruleIndex": rule.index,
        "kind": kind,
        "level": level,
        "message": { "text": told(rule.property) },
        "locations": [{ "logicalLocations": [{
            "name": rule.layer,
            "fullyQualifiedName": format!("session-lifecycle::{}", rule.layer),
            "kind": "module",
        }] }],
        "codeFlows": code_flows(rule.property),
        "properties": { "verdict": rule.property.verdict, "bounds": rule.property.bounds },
    })
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
fn code_flows(property: &PropertyReport) -> Vec<Value> {
    let steps = property.trace.iter().map(|step| {
        json!({
            "executionOrder": step.step,
            "location": { "message": { "text": format!("{}\n{}", step.action, step.state) } },
            "properties": { "cycle": step.cycle },
        })
    });
    let steps: Vec<Value> = steps.collect();
    if steps.is_empty() {
        return Vec::new();
    }
    vec![json!({ "threadFlows": [{ "locations": steps }] })]
}

fn notifications(answer: &Answer, rules: &[Rule<'_>]) -> Vec<Value> {
    let doubts = answer.parts.iter().filter_map(|part| {
        let reason = part.report.reason.as_ref()?;
        let text = format!("the search of the {} is in doubt: {reason}", part.layer);
        Some(json!({ "level": "error", "message": { "text": text } }))
    });
    let open = rules
        .iter()
        .filter(|rule| rule.property.verdict == Verdict::Inconclusive);
    let open = open.map(|rule| {
        json!({
            "level": "warning",
            "message": { "text": told(rule.property) },
            "associatedRule": { "id": rule.id, "index": rule.index },
        })
    });
    doubts.chain(open).collect()
}

/// How much was searched of a layer.
fn searched(part: &Part) -> Value {
    let Part { layer, report } = part;
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
