//! The command `check`.

use std::collections::BTreeSet;

use serde_json::Value;
use session_lifecycle_model::PropertyId;
use session_lifecycle_model::kernel::Claim;

use crate::command::{Answer, run};
use crate::{assert_trace, keys, list};

#[test]
fn check_of_the_shipped_logic_ends_with_0_and_says_verified() {
    let Answer { code, out, err } = run(&["check", "--layer", "projection", "--scope", "small"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(out.lines().last(), Some("verdict verified"));
    for id in PropertyId::ALL {
        let row = format!("verified      {id:<4} {}", id.sentence());
        assert!(out.lines().any(|line| line == row), "{row}\n{out}");
    }
    assert!(
        out.contains("148028 states, 938757 edges, depth 20"),
        "{out}"
    );
    assert_eq!(err, "", "progress is for terminals");
}

#[test]
fn check_without_a_layer_verifies_all_seventeen_properties_and_those_of_the_reducer() {
    let answer = run(&["check", "--scope", "small", "--format", "json"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    let json = answer.json();
    let verified: Vec<&str> = list(&json, "properties")
        .iter()
        .filter(|one| one["verdict"] == "verified")
        .filter_map(|one| one["id"].as_str())
        .collect();
    let of_the_reducer = PropertyId::ALL.map(PropertyId::as_str);
    let all = Claim::ALL.map(Claim::as_str);
    for id in all.iter().chain(&of_the_reducer) {
        assert_eq!(verified.iter().filter(|one| *one == id).count(), 1, "{id}");
    }
    assert_eq!(all.len(), 17);
    let states = 148_028 + 1_500_401;
    assert_eq!(json["states"], states);
    let bounds: Vec<&str> = json["bounds"].as_str().unwrap().split('\n').collect();
    assert_eq!(bounds.len(), 2, "a line for each layer: {bounds:?}");
    assert!(bounds.iter().all(|line| *line == line.trim()), "{bounds:?}");
}

#[test]
fn check_with_a_fault_ends_with_1_and_tells_the_story() {
    let Answer { code, out, err } = run(&["check", "--scope", "small", "--fault", "S1-01"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(
        out.contains("verdict violated\n\nS1 is violated: "),
        "{out}"
    );
    assert!(
        out.contains("session.state.changed ready.\n        session ready, turn A;"),
        "{out}"
    );
}

#[test]
fn check_with_a_fault_of_the_supervisor_explores_its_world_and_tells_the_story() {
    let plain = run(&["check", "--fault", "s6-07"]);
    assert_eq!((plain.code, plain.err.as_str()), (1, ""), "{}", plain.out);
    assert!(
        plain
            .out
            .contains("verdict violated\n\nS6 is violated: no accepted message is lost\n"),
        "{}",
        plain.out
    );
    assert!(
        plain
            .out
            .contains("The user sends m1. The host dies after 1 of what follows, and boots."),
        "{}",
        plain.out
    );
    let asked = run(&[
        "check",
        "--layer",
        "supervisor",
        "--fault",
        "S6-07",
        "--property",
        "S6",
        "--format",
        "json",
    ]);
    assert_eq!(asked.code, 1);
    let json = asked.json();
    assert_eq!(json["verdict"], "violated");
    assert_eq!(list(&json, "properties").len(), 1);
    assert_eq!(list(&json["properties"][0], "trace").len(), 1);
    let bounds = json["bounds"].as_str().unwrap();
    assert!(bounds.ends_with("in 1 world: 1 host restart"), "{bounds}");
}

#[test]
fn check_with_a_fault_of_another_layer_says_so() {
    let wrong: [(&[&str], &str); 4] = [
        (
            &["check", "--layer", "supervisor", "--fault", "S1-01"],
            "S1-01 is a defect of the projection, and not of the supervisor",
        ),
        (
            &["check", "--layer", "projection", "--fault", "S2-07"],
            "S2-07 is a defect of the supervisor, and not of the projection",
        ),
        (&["check", "--fault", "X-09"], "`faults --only X-09`"),
        (
            &["explore", "--fault", "S6-07"],
            "S6-07 is no defect of the projection",
        ),
    ];
    for (args, why) in wrong {
        let Answer { code, err, .. } = run(args);
        assert_eq!(code, 2, "{args:?}");
        assert!(err.contains(why), "{args:?}: {err}");
    }
}

#[test]
fn check_that_a_limit_cuts_short_ends_with_3() {
    let limits: [&[&str]; 4] = [
        &["--scope", "large", "--time-limit", "0"],
        &["--scope", "large", "--time-limit", "0", "--threads", "2"],
        &["--scope", "small", "--state-limit", "1000"],
        &["--scope", "small", "--depth-limit", "5"],
    ];
    for limit in limits {
        let Answer { code, out, .. } = run(&[&["check"], limit].concat());
        assert_eq!(code, 3, "{limit:?}: {out}");
        assert!(out.contains("limit of "), "{out}");
        assert_eq!(out.lines().last(), Some("verdict inconclusive"));
    }
}

#[test]
fn check_of_named_properties_asks_those_alone() {
    let args = [
        "check",
        "--scope",
        "small",
        "--property",
        "s1",
        "--property",
        "L2",
    ];
    let answer = run(&[&args[..], &["--format", "json"]].concat());
    assert_eq!(answer.code, 0);
    let json = answer.json();
    let ids: Vec<&Value> = list(&json, "properties")
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert_eq!(ids, ["S1", "L2"]);
}

#[test]
fn check_as_json_is_one_object_with_these_keys() {
    let args = [
        "check", "--scope", "small", "--fault", "S1-06", "--format", "json",
    ];
    let answer = run(&args);
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    let json = answer.json();
    let promised = [
        "verdict",
        "scope",
        "states",
        "edges",
        "depth",
        "seconds",
        "properties",
    ];
    let more = ["bounds", "bytes", "reason", "peer"];
    assert_eq!(keys(&json), promised.into_iter().chain(more).collect());
    assert_eq!(
        (&json["verdict"], &json["scope"]),
        (&"violated".into(), &"small".into())
    );
    assert!(
        json["seconds"]
            .as_f64()
            .is_some_and(|seconds| seconds > 0.0)
    );
    for count in ["states", "edges", "depth", "bytes"] {
        assert!(
            json[count].as_u64().is_some_and(|count| count > 0),
            "{count}"
        );
    }
    assert_eq!(
        keys(&json["peer"]),
        BTreeSet::from(["agrees", "seconds", "states"])
    );
    assert_eq!(list(&json, "properties").len(), PropertyId::ALL.len());
    for property in list(&json, "properties") {
        let promised = ["id", "kind", "verdict", "bounds", "trace"];
        let more = ["sentence", "reason"];
        assert_eq!(keys(property), promised.into_iter().chain(more).collect());
        assert_trace(property);
        let is_violated = property["verdict"] == "violated";
        assert_eq!(
            is_violated,
            !list(property, "trace").is_empty(),
            "{property}"
        );
    }
}
