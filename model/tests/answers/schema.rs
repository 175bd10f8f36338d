//! Each answer for machines is what its published schema says; and the schemas can say no.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::audit::pair;
use crate::command::{file, run, stored};

pub(crate) fn schema(name: &str) -> Validator {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/schema/{name}.schema.json"));
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

pub(crate) fn assert_valid(schema: &Validator, answer: &Value) {
    let errors: Vec<String> = schema
        .iter_errors(answer)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{answer:#}");
}

/// The answer as it is is valid; after each of these changes it is not.
fn guards(name: &str, answer: &Value, changes: &[fn(&mut Value)]) {
    let schema = schema(name);
    assert_valid(&schema, answer);
    for (number, change) in changes.iter().enumerate() {
        let mut changed = answer.clone();
        change(&mut changed);
        assert_ne!(
            changed, *answer,
            "change {number} of {name} changes nothing"
        );
        assert!(
            !schema.is_valid(&changed),
            "change {number} of {name} passes: {changed:#}"
        );
    }
}

fn answer(arguments: &[&str]) -> Value {
    let output = run(arguments);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {output:?}"))
}

#[test]
fn check_answers_as_its_schema_says_whatever_the_verdict() {
    let violated = answer(&[
        "check",
        "--scope",
        "small",
        "--fault",
        "S1-01",
        "--property",
        "S1",
        "--format",
        "json",
    ]);
    assert_eq!(violated["verdict"], "violated");
    guards(
        "check",
        &violated,
        &[
            |answer| answer["verdict"] = json!("fine"),
            |answer| answer["properties"][0]["trace"] = json!([]),
            |answer| answer["properties"][0]["trace"][0]["cycle"] = json!("yes"),
            |answer| answer["extra"] = json!(1),
            |answer| drop(answer.as_object_mut().unwrap().remove("states")),
        ],
    );
    let verified = answer(&[
        "check",
        "--scope",
        "small",
        "--property",
        "S1",
        "--format",
        "json",
    ]);
    assert_eq!(verified["verdict"], "verified");
    assert_valid(&schema("check"), &verified);
    let cut = answer(&[
        "check",
        "--scope",
        "small",
        "--state-limit",
        "10",
        "--format",
        "json",
    ]);
    assert_eq!(cut["verdict"], "inconclusive");
    assert_valid(&schema("check"), &cut);
}

#[test]
fn faults_answers_as_its_schema_says_be_it_a_list_or_a_run() {
    let run = answer(&["faults", "--only", "X-02", "--format", "json"]);
    assert_eq!(run["caught"], 1);
    guards(
        "faults",
        &run,
        &[
            |answer| answer["faults"][0]["id"] = json!("first"),
            |answer| answer["faults"][0]["caught"] = json!("yes"),
            |answer| drop(answer["faults"][0].as_object_mut().unwrap().remove("trace")),
            |answer| drop(answer.as_object_mut().unwrap().remove("total")),
        ],
    );
    assert_valid(
        &schema("faults"),
        &answer(&["faults", "--list", "--format", "json"]),
    );
}

#[test]
fn audit_answers_as_its_schema_says_of_logs_and_of_databases() {
    let log = file("schema.log", &stored("ready"));
    let mut found = answer(&["audit", "--format", "json", log.to_str().unwrap()]);
    guards(
        "audit",
        &found,
        &[
            |answer| answer["findings"][0]["severity"] = json!("warning"),
            |answer| answer["findings"][0]["line"] = json!(0),
            |answer| answer["findings"][0]["table"] = json!("both a line and a table"),
            |answer| {
                drop(
                    answer["findings"][0]
                        .as_object_mut()
                        .unwrap()
                        .remove("line"),
                )
            },
            |answer| answer["findings"][0]["faults"] = json!(["S1"]),
            |answer| drop(answer.as_object_mut().unwrap().remove("threads")),
        ],
    );
    let database = file("schema.sqlite", "");
    fs::remove_file(&database).unwrap();
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE projection_thread_sessions (thread_id TEXT PRIMARY KEY, status TEXT, active_turn_id TEXT);
             INSERT INTO projection_thread_sessions VALUES ('th', 'ready', 'A');",
        )
        .unwrap();
    found = answer(&[
        "audit",
        "--format",
        "json",
        "--repair-plan",
        database.to_str().unwrap(),
    ]);
    assert_eq!(found["findings"][0]["table"], "projection_thread_sessions");
    assert!(
        found["repairPlan"][0]
            .as_str()
            .unwrap()
            .starts_with("UPDATE projection_thread_sessions SET ")
    );
    guards(
        "audit",
        &found,
        &[
            |answer| answer["repairPlan"] = json!("UPDATE"),
            |answer| drop(answer["findings"][0].as_object_mut().unwrap().remove("row")),
        ],
    );
}

#[test]
fn a_finding_between_a_log_and_a_database_is_as_its_schema_says() {
    let (log, database) = pair("schema-between");
    let found = answer(&["audit", "--format", "json", &log, &database]);
    guards(
        "audit",
        &found,
        &[
            |answer| answer["findings"][0]["beside"] = json!("projection_thread_sessions"),
            |answer| {
                drop(
                    answer["findings"][0]["beside"]
                        .as_object_mut()
                        .unwrap()
                        .remove("row"),
                )
            },
            |answer| answer["findings"][0]["beside"]["line"] = json!(1),
        ],
    );
    assert_eq!(found["findings"][0]["beside"]["file"], database);
    let part = file("schema-between.json", &found.to_string());
    let merged = answer(&[
        "audit",
        "--merge",
        "--format",
        "json",
        part.to_str().unwrap(),
    ]);
    assert_eq!(merged, found);
}

#[test]
fn replay_answers_as_its_schema_says_line_by_line() {
    let log = file(
        "schema-replay.log",
        "{\"type\":\"turn.started\",\"threadId\":\"th\",\"turnId\":\"A\"}\n{\"type\":\"turn.started\",\"threadId\":\"th\",\"turnId\":\"B\"}\nnonsense\n{\"type\":\"session.exited\",\"threadId\":\"th\"}\n",
    );
    let output = run(&["replay", "--format", "ndjson", log.to_str().unwrap()]);
    let lines: Vec<Value> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    for line in &lines {
        assert_valid(&schema("replay"), line);
    }
    guards(
        "replay",
        &lines[1],
        &[
            |line| drop(line.as_object_mut().unwrap().remove("reason")),
            |line| line["outcome"] = json!("done"),
        ],
    );
    guards(
        "replay",
        &lines[3],
        &[|line| line["activeTurnId"] = json!("A")],
    );
}

#[test]
fn a_kept_trace_and_its_replay_are_as_their_schemas_say() {
    let path = file("schema-trace.json", "");
    let kept = path.to_str().unwrap();
    run(&[
        "check",
        "--scope",
        "small",
        "--fault",
        "X-02",
        "--property",
        "S3",
        "--save-trace",
        kept,
    ]);
    let trace: Value = serde_json::from_str(&fs::read_to_string(kept).unwrap()).unwrap();
    guards(
        "trace",
        &trace,
        &[
            |trace| trace["format"] = json!("seed 42"),
            |trace| trace["steps"] = json!([]),
            |trace| drop(trace.as_object_mut().unwrap().remove("steps")),
        ],
    );
    let replayed = answer(&["replay-trace", "--format", "json", kept]);
    guards(
        "replay-trace",
        &replayed,
        &[
            |answer| answer["agree"] = json!("mostly"),
            |answer| answer["steps"][0]["disagree"] = json!(["nobody"]),
            |answer| drop(answer["steps"][0].as_object_mut().unwrap().remove("oracle")),
        ],
    );
    let spoilt = answer(&["replay-trace", "--fault", "X-02", "--format", "json", kept]);
    assert_valid(&schema("replay-trace"), &spoilt);
    assert_eq!(
        (&spoilt["agree"], &spoilt["putBack"]),
        (&json!(false), &json!("X-02"))
    );
}
