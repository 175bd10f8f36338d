//! What the standard asks of a SARIF log, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, as a JSON Schema.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::schema::assert_valid;

/// What SARIF 2.1.0 asks of the members that `check` writes (the numbers are those of the standard's sections); no others are
/// allowed here, so that none goes unexamined.
pub(crate) fn sarif_schema() -> Validator {
    let closed = |required: &[&str], properties: Value| json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false });
    let text = || json!({ "type": "string", "minLength": 1 });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let message = || closed(&["text"], json!({ "text": text() })); // 3.11
    let level = || json!({ "enum": ["none", "note", "warning", "error"] }); // 3.27.10
    let bag = || json!({ "type": "object" }); // 3.8
    // 3.49
    let rule = closed(
        &["id"],
        json!({
            "id": text(), "shortDescription": message(), "help": message(), "properties": bag(),
            "helpUri": { "type": "string", "pattern": "^https://" },
            "defaultConfiguration": closed(&[], json!({ "level": level() })),
        }),
    );
    // 3.19
    let driver = closed(
        &["name"],
        json!({
            "name": text(), "version": text(), "rules": list(rule),
            "semanticVersion": { "type": "string", "pattern": "^\\d+\\.\\d+\\.\\d+" },
            "informationUri": { "type": "string", "pattern": "^https://" },
        }),
    );
    // 3.58
    let notification = closed(
        &["message"],
        json!({
            "level": level(), "message": message(),
            "associatedRule": closed(&[], json!({ "id": text(), "index": count() })),
        }),
    );
    // 3.20
    let invocation = closed(
        &["executionSuccessful"],
        json!({
            "executionSuccessful": { "type": "boolean" }, "exitCode": { "type": "integer" },
            "toolExecutionNotifications": list(notification),
        }),
    );
    // 3.28 and 3.33
    let logical = closed(
        &[],
        json!({ "name": text(), "fullyQualifiedName": text(), "kind": text() }),
    );
    let location = closed(
        &[],
        json!({ "message": message(), "logicalLocations": list(logical) }),
    );
    // 3.36 to 3.38
    let step = closed(
        &[],
        json!({ "location": location, "executionOrder": count(), "properties": bag() }),
    );
    let mut steps = list(step);
    steps["minItems"] = json!(1);
    let mut flows = list(closed(&["locations"], json!({ "locations": steps })));
    flows["minItems"] = json!(1);
    // 3.27: whatever did not fail has no level.
    let kinds = json!([
        "pass",
        "open",
        "informational",
        "notApplicable",
        "review",
        "fail"
    ]);
    let mut result = closed(
        &["message"],
        json!({
            "ruleId": text(), "ruleIndex": count(), "message": message(), "properties": bag(),
            "kind": { "enum": kinds }, "level": level(), "locations": list(location),
            "codeFlows": list(closed(&["threadFlows"], json!({ "threadFlows": flows }))),
        }),
    );
    result["if"] =
        json!({ "required": ["kind"], "properties": { "kind": { "not": { "const": "fail" } } } });
    result["then"] = json!({ "properties": { "level": { "const": "none" } } });
    // 3.13 and 3.14
    let run = closed(
        &["tool"],
        json!({
            "tool": closed(&["driver"], json!({ "driver": driver })), "properties": bag(),
            "invocations": list(invocation), "results": list(result),
        }),
    );
    let log = closed(
        &["version", "runs"],
        json!({ "$schema": text(), "version": { "const": "2.1.0" }, "runs": list(run) }),
    );
    jsonschema::validator_for(&log).unwrap()
}

#[test]
fn what_sarif_forbids_is_refused() {
    let schema = sarif_schema();
    let driver = json!({ "name": "session-lifecycle" });
    let log = |result: Value| json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": driver }, "results": [result] }] });
    assert_valid(&schema, &log(json!({ "message": { "text": "a" } })));
    assert!(!schema.is_valid(&log(json!({}))));
    assert!(!schema.is_valid(&log(
        json!({ "message": { "text": "a" }, "kind": "inconclusive" })
    )));
    assert!(!schema.is_valid(&log(
        json!({ "message": { "text": "a" }, "kind": "open", "level": "warning" })
    )));
}
