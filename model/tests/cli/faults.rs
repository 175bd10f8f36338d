//! The command `faults`.

use std::collections::BTreeSet;

use session_lifecycle_model::faults;

use crate::command::{Answer, run};
use crate::{assert_trace, keys, list};

#[test]
fn faults_list_names_every_fault_and_its_link() {
    let Answer { code, out, err } = run(&["faults", "--list"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for entry in faults::all() {
        let row = format!(
            "{:<6} {:<3}  {}",
            entry.fault.id(),
            entry.property.as_str(),
            entry.symptom
        );
        assert!(
            out.contains(&format!("{row}\n            {}\n", entry.link)),
            "{row}\n{out}"
        );
    }
    let json = run(&["faults", "--list", "--format", "json"]).json();
    assert_eq!(json["total"], faults::all().count());
    assert_eq!(list(&json, "faults").len(), faults::all().count());
}

#[test]
fn faults_as_json_is_one_object_with_these_keys() {
    let args = ["faults", "--only", "s1-01", "L1-02", "--format", "json"];
    let answer = run(&args);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let json = answer.json();
    assert_eq!(keys(&json), BTreeSet::from(["caught", "faults", "total"]));
    assert_eq!((&json["total"], &json["caught"]), (&2.into(), &2.into()));
    for fault in list(&json, "faults") {
        let promised = ["id", "link", "property", "caught", "trace"];
        assert_eq!(
            keys(fault),
            promised
                .into_iter()
                .chain(["engine", "symptom", "decision"])
                .collect()
        );
        assert_eq!(fault["caught"], true);
        assert_trace(fault);
    }
    assert_eq!(list(&json["faults"][0], "trace").len(), 6);
}

#[test]
fn faults_only_one_tells_its_shortest_trace() {
    let Answer { code, out, .. } = run(&["faults", "--only", "S1-01"]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.starts_with("caught   S1-01  by S1  in  6 steps: "),
        "{out}"
    );
    assert!(out.contains(include_str!("../faults/s1_01.txt")), "{out}");
    assert!(out.ends_with("\n1 of 1 caught\n"), "{out}");
}
