//! The commands `check`, `faults`, `diagram` and `explore`, run as their users run them.

mod command;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use command::{Answer, Child, command, run};
use serde_json::Value;
use session_lifecycle_model::faults;
use session_lifecycle_model::kernel::Claim;
use session_lifecycle_model::{PropertyId, dot, mermaid};

fn keys(value: &Value) -> BTreeSet<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("a list")
}

fn assert_trace(value: &Value) {
    let steps = list(value, "trace");
    for (number, step) in (1..).zip(steps) {
        assert_eq!(
            keys(step),
            BTreeSet::from(["action", "cycle", "state", "step"])
        );
        assert_eq!(step["step"], number);
    }
}

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
    let bounds = json["bounds"].as_str().unwrap();
    let by_layer: Vec<&str> = bounds.split('\n').collect();
    assert_eq!(by_layer.len(), 2, "{bounds}");
    assert!(by_layer.iter().all(|line| *line == line.trim()), "{bounds}");
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
    assert!(out.contains(include_str!("faults/s1_01.txt")), "{out}");
    assert!(out.ends_with("\n1 of 1 caught\n"), "{out}");
}

#[test]
fn diagram_prints_the_graph_in_either_language() {
    assert_eq!(run(&["diagram"]), Answer::of(0, mermaid()));
    assert_eq!(
        run(&["diagram", "--format", "mermaid"]),
        Answer::of(0, mermaid())
    );
    assert_eq!(run(&["diagram", "--format", "dot"]), Answer::of(0, dot()));
}

#[test]
fn wrong_usage_ends_with_2_and_names_the_value() {
    let wrong: [(&[&str], &str); 16] = [
        (&["check", "--scope", "huge"], "huge"),
        (&["check", "--property", "S99"], "S99"),
        (&["check", "--fault", "S9-99"], "S9-99"),
        (&["check", "--format", "xml"], "xml"),
        (&["check", "--threads", "0"], "'0'"),
        (&["check", "--time-limit", "soon"], "soon"),
        (&["check", "--time-limit=-1"], "-1"),
        (&["check", "--state-limit", "many"], "many"),
        (&["faults", "--only", "S9-99"], "S9-99"),
        (&["faults", "--format", "ndjson"], "ndjson"),
        (&["diagram", "--format", "svg"], "svg"),
        (&["explore", "--scope", "huge"], "huge"),
        (&["explore", "--fault", "S9-99"], "S9-99"),
        (&["explore", "--addr", "nowhere"], "nowhere"),
        (&["verify"], "verify"),
        (&["check", "small"], "small"),
    ];
    for (args, value) in wrong {
        let Answer { code, out, err } = run(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(value), "{args:?}: {err}");
    }
    assert_eq!(run(&[]).code, 2, "a command is needed");
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let Answer { err, .. } = run(&["check", "--property", "S99"]);
    assert!(
        PropertyId::ALL.iter().all(|id| err.contains(id.as_str())),
        "{err}"
    );
    let Answer { err, .. } = run(&["check", "--layer", "projection", "--property", "S12"]);
    assert!(
        err.contains(
            "no such property of the projection; there are S1, S2, S3, S4, S8, L1, L2, T1, O1, O2"
        ),
        "{err}"
    );
    let Answer { err, .. } = run(&["check", "--scope", "huge"]);
    assert!(
        ["small", "default", "large"]
            .iter()
            .all(|name| err.contains(name)),
        "{err}"
    );
    let Answer { err, .. } = run(&["check", "--fault", "S9-99"]);
    assert!(err.contains("faults --list"), "{err}");
}

#[test]
fn no_answer_has_escape_codes_where_there_is_no_terminal() {
    let all: [&[&str]; 5] = [
        &["check", "--scope", "small", "--fault", "S1-06"],
        &["faults", "--only", "S1-06"],
        &["diagram"],
        &["check", "--scope", "huge"],
        &["--help"],
    ];
    for args in all {
        for no_color in [None, Some("1")] {
            let mut command = command(args);
            command.env_remove("NO_COLOR");
            command.envs(no_color.map(|no| ("NO_COLOR", no)));
            let Answer { out, err, .. } = Answer::from(command.output().expect("it runs"));
            assert!(
                !out.contains('\x1b') && !err.contains('\x1b'),
                "{args:?}: {out}{err}"
            );
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_ends_with_2_and_says_so() {
    let full = std::fs::File::create("/dev/full").expect("linux has it");
    let output = command(&["diagram"])
        .stdout(full)
        .output()
        .expect("it runs");
    let Answer { code, err, .. } = Answer::from(output);
    assert_eq!(code, 2);
    assert!(err.contains("cannot write the answer"), "{err}");
}

#[test]
fn explore_on_an_occupied_port_ends_with_2_and_names_it() {
    let occupant = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let addr = occupant.local_addr().expect("it is bound").to_string();
    let Answer { code, out, err } = run(&["explore", "--addr", &addr]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains(&addr), "{err}");
}

/// What the server answers, once it does; head and body.
fn get(addr: SocketAddr, path: &str) -> Option<(String, String)> {
    let mut stream = TcpStream::connect_timeout(&addr, Duration::from_secs(1)).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.to_owned(), body.to_owned()))
}

#[test]
fn explore_serves_the_model_with_its_properties() {
    let free = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let addr = free.local_addr().expect("it is bound");
    drop(free);
    let args = ["explore", "--scope", "small", "--addr", &addr.to_string()];
    let _server = Child::start(&args);
    let begun = Instant::now();
    let (head, body) = loop {
        if let Some(answer) = get(addr, "/.status") {
            break answer;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the Explorer does not answer"
        );
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    for id in PropertyId::ALL {
        assert!(
            body.contains(&format!("{id} witness: {}", id.witness())),
            "{id}: {body}"
        );
    }
    let (_, states) = get(addr, "/.states/").expect("it answered before");
    assert!(
        states.contains("session: idle") && states.contains("provider: Absent"),
        "a state is shown by its names: {states}"
    );
}
