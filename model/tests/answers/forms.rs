//! The forms of `check` for machines that run tests: JUnit, SARIF and the annotations of GitHub.

use std::process::Output;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};

use crate::command::{run, stderr, stdout};
use crate::sarif::sarif_schema;
use crate::schema::assert_valid;

const VERIFIED: [&str; 4] = ["--layer", "projection", "--property", "S1"];
const VIOLATED: [&str; 4] = ["--fault", "S1-01", "--property", "S1"];
/// Both layers, of which one stops before it begins, and so does the other.
const INCONCLUSIVE: [&str; 2] = ["--time-limit", "0"];

/// The answer to a check in the small scope, which must end with this code.
fn check(arguments: &[&str], form: &str, code: i32) -> String {
    let all = [&["check", "--scope", "small", "--format", form], arguments].concat();
    let output = run(&all);
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(stderr(&output), "");
    stdout(&output).to_owned()
}

fn junit(arguments: &[&str], code: i32) -> Report {
    let xml = check(arguments, "junit", code);
    Report::deserialize_from_str(&xml).unwrap_or_else(|why| panic!("{why}: {xml}"))
}

fn property<'a>(suite: &'a TestSuite, name: &str) -> &'a str {
    let found = suite.properties.iter().find(|one| &*one.name == name);
    &found.unwrap_or_else(|| panic!("no {name}")).value
}

/// How a case failed: the kind, the message and the text.
fn failure(case: &TestCase) -> (NonSuccessKind, &str, &str) {
    match &case.status {
        TestCaseStatus::NonSuccess {
            kind,
            message,
            description,
            ..
        } => (
            *kind,
            message.as_deref().unwrap(),
            description.as_deref().unwrap(),
        ),
        TestCaseStatus::Success { .. } | TestCaseStatus::Skipped { .. } => {
            panic!("{} did not fail", case.name.as_str())
        }
    }
}

#[test]
fn a_verified_property_is_a_case_that_passed_and_its_suite_says_how_much_was_searched() {
    let report = junit(&VERIFIED, 0);
    assert_eq!((report.tests, report.failures, report.errors), (1, 0, 0));
    let suite = &report.test_suites[0];
    assert_eq!(&*suite.name, "projection");
    assert_eq!(property(suite, "verdict"), "verified");
    assert_eq!(property(suite, "scope"), "small");
    assert!(property(suite, "bounds").contains("2 turns"));
    let numbers = ["states", "edges", "depth"].map(|name| property(suite, name));
    assert_eq!(numbers, ["148028", "938757", "20"]);
    assert_eq!(property(suite, "peer"), "stateright agrees: 148028 states");
    assert!(suite.time.unwrap().as_micros() > 0);
    let case = &suite.test_cases[0];
    assert_eq!(
        &*case.name,
        "S1: an inactive session never points at a turn"
    );
    assert!(matches!(case.status, TestCaseStatus::Success { .. }));
}

#[test]
fn a_violated_property_is_a_failure_with_the_steps_of_its_counterexample() {
    let report = junit(&VIOLATED, 1);
    assert_eq!((report.tests, report.failures, report.errors), (1, 1, 0));
    let (kind, message, text) = failure(&report.test_suites[0].test_cases[0]);
    assert_eq!(kind, NonSuccessKind::Failure);
    assert_eq!(
        message,
        "S1 is violated: an inactive session never points at a turn"
    );
    assert!(text.contains("6.  The next event from the runtime arrives: session.state.changed ready.\n        session ready, turn A;"));
}

#[test]
fn each_layer_is_a_suite_and_each_inconclusive_property_an_error_of_it_never_a_pass() {
    let report = junit(&INCONCLUSIVE, 3);
    let names = report.test_suites.iter().map(|suite| &*suite.name);
    assert_eq!(names.collect::<Vec<_>>(), ["supervisor", "projection"]);
    let sizes = report
        .test_suites
        .iter()
        .map(|suite| suite.test_cases.len());
    assert_eq!(sizes.collect::<Vec<_>>(), [17, 10]);
    assert_eq!((report.tests, report.errors, report.skipped), (27, 27, 0));
    for case in report.test_suites.iter().flat_map(|one| &one.test_cases) {
        let (kind, message, text) = failure(case);
        assert_eq!(kind, NonSuccessKind::Error);
        assert!(message.contains(" is inconclusive: "), "{message}");
        assert!(text.contains("the time limit of 0 s was reached"), "{text}");
    }
}

/// The one run of a log that the standard allows.
fn sarif(arguments: &[&str], code: i32) -> Value {
    let log: Value = serde_json::from_str(&check(arguments, "sarif", code)).unwrap();
    assert_valid(&sarif_schema(), &log);
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    assert_eq!(log["runs"][0]["invocations"][0]["exitCode"], code);
    log["runs"][0].clone()
}

#[test]
fn a_verified_property_is_a_result_that_passed_under_its_rule() {
    let run = sarif(&VERIFIED, 0);
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "session-lifecycle");
    assert_eq!(driver["version"], env!("CARGO_PKG_VERSION"));
    let rule = &driver["rules"][0];
    assert_eq!(rule["id"], "projection/S1");
    assert_eq!(
        rule["shortDescription"]["text"],
        "an inactive session never points at a turn"
    );
    let link = rule["helpUri"].as_str().unwrap();
    assert!(link.ends_with("/docs/properties.md"), "{link}");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let result = &run["results"][0];
    assert_eq!(
        (&result["kind"], &result["level"]),
        (&json!("pass"), &json!("none"))
    );
    let searched = &run["properties"]["layers"][0];
    assert_eq!(searched["states"], 148_028);
    assert_eq!(searched["peer"]["agrees"], true);
}

#[test]
fn a_violated_property_is_an_error_whose_code_flow_is_the_counterexample() {
    let run = sarif(&VIOLATED, 1);
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let result = &run["results"][0];
    assert_eq!(
        (&result["kind"], &result["level"]),
        (&json!("fail"), &json!("error"))
    );
    let steps = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(steps.as_array().unwrap().len(), 6);
    assert_eq!(steps[5]["executionOrder"], 6);
    let last = steps[5]["location"]["message"]["text"].as_str().unwrap();
    assert!(
        last.ends_with("session ready, turn A; in truth the provider rests"),
        "{last}"
    );
}

#[test]
fn inconclusive_properties_are_open_and_the_invocation_warns_of_each_and_did_not_succeed() {
    let run = sarif(&INCONCLUSIVE, 3);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!((rules.len(), results.len()), (27, 27));
    for (index, result) in results.iter().enumerate() {
        assert_eq!(result["kind"], "open");
        assert_eq!(result["ruleIndex"], index);
        assert_eq!(result["ruleId"], rules[index]["id"]);
    }
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let warnings = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(warnings.len(), 27);
    assert!(warnings.iter().all(|one| one["level"] == "warning"));
}

#[test]
fn a_verified_check_is_one_notice_of_what_was_searched() {
    let out = check(&VERIFIED, "github", 0);
    let (title, message) = out.split_once("small::").unwrap();
    assert_eq!(title, "::notice title=projection is verified%2C scope ");
    assert!(message.starts_with("1 verified; 148028 states, 938757 edges, depth 20, "));
    assert!(message.contains("; stateright agrees: 148028 states; within 2 turns"));
    assert_eq!(out.lines().count(), 1);
}

#[test]
fn a_violated_property_is_one_error_that_holds_all_steps() {
    let out = check(&VIOLATED, "github", 1);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("::notice title=projection is violated%2C scope small::"));
    let message = lines[1].strip_prefix("::error title=S1 is violated (projection)::");
    let steps: Vec<&str> = message.unwrap().split("%0A").collect();
    assert_eq!(steps[0], "an inactive session never points at a turn");
    assert_eq!(
        steps.last().unwrap().trim(),
        "session ready, turn A; in truth the provider rests"
    );
    assert_eq!(steps.len(), 1 + 2 * 6);
}

#[test]
fn each_inconclusive_property_is_a_warning_of_its_layer() {
    let out = check(&INCONCLUSIVE, "github", 3);
    let of = |name: &str| {
        let start = format!("::{name} title=");
        out.lines().filter(|line| line.starts_with(&start)).count()
    };
    assert_eq!((of("notice"), of("warning"), of("error")), (2, 27, 0));
    assert_eq!(out.lines().count(), 29);
    assert!(out.contains("\n::warning title=L5 is inconclusive (supervisor)::"));
}

#[test]
fn the_other_commands_do_not_take_these_forms() {
    for form in ["junit", "sarif", "github"] {
        let of = |command: &[&str]| -> Output { run(&[command, &["--format", form]].concat()) };
        for command in [&["faults", "--list"][..], &["audit", "."], &["replay", "-"]] {
            let output = of(command);
            assert_eq!(output.status.code(), Some(2), "{command:?}");
            assert!(
                stderr(&output).contains(&format!("invalid value '{form}'")),
                "{output:?}"
            );
        }
    }
}
