//! Kept traces: the library, the model and the oracle of the property tests, on the same events.

use std::fs;
use std::path::{Path, PathBuf};

use session_lifecycle::Fault;
use session_lifecycle_model::faults::{CATALOGUE, Catcher};
use session_lifecycle_model::trace::{Compared, Trace, Voice, as_test, replay, replay_with};
use session_lifecycle_model::{Plan, Scope, Shipped, check_subject};

use crate::command::{file, run, stderr, stdout};

/// Defects of every kind of property, among them some with a restart, a reaped session and a cycle.
const FAULTS: [Fault; 7] = [
    Fault::S1_01,
    Fault::S2_13,
    Fault::S3_02,
    Fault::S4_02,
    Fault::S8_02,
    Fault::L1_02,
    Fault::L2_01,
];

fn counterexample(fault: Fault) -> Trace {
    let entry = CATALOGUE.iter().find(|entry| entry.fault == fault).unwrap();
    let Catcher::Projection(property) = entry.property else {
        panic!("{fault:?} is not of the projection")
    };
    let plan = Plan {
        properties: vec![property],
        second_opinion: false,
        ..Scope::SMALL.into()
    };
    let report = check_subject(Shipped::with_fault(fault), &plan, |_| {});
    Trace::of(&report.properties[0], Some(fault)).expect("the fault is caught")
}

/// All three voices are asked about every step, and agree.
pub(crate) fn all_agree(trace: &Trace) {
    let replayed = replay(trace).unwrap();
    let asked = replayed.steps.iter().all(|step| step.model.is_some());
    assert!(replayed.agree && asked, "{replayed}");
}

#[test]
fn on_each_counterexample_the_library_the_model_and_the_oracle_agree_and_the_defect_differs() {
    for fault in FAULTS {
        let trace = counterexample(fault);
        let replayed = replay(&trace).unwrap();
        all_agree(&trace);
        let json = serde_json::to_vec(&trace).unwrap();
        assert_eq!(Trace::read(&json, None).unwrap(), trace);
        // The reaper's defects differ in what the reaper may do, not in what an event does.
        let differs = replayed
            .steps
            .iter()
            .any(|step| step.with_fault.as_ref() != Some(&step.library));
        assert_eq!(
            differs,
            ![Fault::S2_13, Fault::L1_02].contains(&fault),
            "{replayed}"
        );
        // Put back into the library, it is noticed by the others, who agree.
        let spoilt = replay_with(&trace, Some(fault)).unwrap();
        let alone = |step: &Compared| step.disagree == [Voice::Library];
        assert_eq!(spoilt.steps.iter().any(alone), differs, "{spoilt}");
        assert_eq!(spoilt.agree, !differs, "{spoilt}");
    }
}

#[test]
fn the_model_is_not_asked_about_a_fourth_turn_and_the_rest_still_agrees() {
    let log: String = ["A", "B", "C", "D"]
        .iter()
        .map(|turn| {
            format!("{{\"type\":\"turn.completed\",\"threadId\":\"th\",\"turnId\":\"{turn}\"}}\n")
        })
        .collect();
    let replayed = replay(&Trace::read(log.as_bytes(), None).unwrap()).unwrap();
    let asked: Vec<_> = replayed
        .steps
        .iter()
        .map(|step| step.model.is_some())
        .collect();
    assert_eq!(
        (asked, replayed.agree),
        (vec![true, true, true, false], true)
    );
    assert!(
        replayed
            .to_string()
            .ends_with("agree on 3 steps; the library and the oracle on 1 more, of which the model could not be asked.\n"),
        "{replayed}"
    );
}

#[test]
fn a_sentence_that_would_break_the_comment_above_a_rust_test_is_spelt_out_in_it() {
    let odd = "turn \u{202e}A\u{2069}\n} fn";
    let trace = format!(
        r#"{{"format":"session-lifecycle trace 1","property":"a b; c","sentence":{},"steps":[{{"event":{{"type":"session.started","threadId":"t"}}}}]}}"#,
        serde_json::to_string(odd).unwrap()
    );
    let test = as_test(&Trace::read(trace.as_bytes(), None).unwrap()).unwrap();
    assert!(
        test.starts_with(
            "/// a b; c: turn \\u{202e}A\\u{2069} } fn\n#[test]\nfn kept_trace_a_b__c()"
        ),
        "{test}"
    );
}

#[test]
fn what_is_no_trace_is_named() {
    for (content, why) in [
        ("", "there is no event"),
        ("nonsense", "line 1: "),
        (
            r#"{"format":"session-lifecycle trace 1","steps":[]}"#,
            "no step of the trace reaches the session",
        ),
        (
            r#"{"format":"another","steps":[{"event":{"type":"session.started","threadId":"t"}}]}"#,
            "the format is \"another\"",
        ),
        (
            r#"{"format":"session-lifecycle trace 1","steps":[{"event":{"type":"session.state.changed","threadId":"t","payload":{"state":"asleep"}}}]}"#,
            "step 1: the session state \"asleep\"",
        ),
        (
            r#"{"format":"session-lifecycle trace 1","fault":"S9-99","steps":[{"host":"restarted"}]}"#,
            "there is no fault S9-99",
        ),
        (
            r#"{"format":"session-lifecycle trace 1","steps":7}"#,
            "invalid type",
        ),
        (
            "{\"type\":\"session.started\",\"threadId\":\"a\"}\n{\"type\":\"session.started\",\"threadId\":\"b\"}\n",
            "there are 2 threads; name one of them (--thread): a, b",
        ),
    ] {
        let refused = Trace::read(content.as_bytes(), None).unwrap_err();
        assert!(refused.to_string().starts_with(why), "{content}: {refused}");
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/answers/fixtures")
        .join(name)
}

/// `UPDATE=1` writes the fixture anew.
#[test]
fn the_rust_tests_of_the_kept_traces_are_the_ones_that_are_compiled_here() {
    let mut tests = String::new();
    for name in ["s1-01.json", "s8-02.json", "quoted.json"] {
        let trace = Trace::read(&fs::read(fixture(name)).unwrap(), None).unwrap();
        all_agree(&trace);
        tests += &as_test(&trace).unwrap();
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(fixture("kept.rs"), &tests).unwrap();
    }
    assert_eq!(fs::read_to_string(fixture("kept.rs")).unwrap(), tests);
}

#[test]
fn check_keeps_a_counterexample_and_replay_trace_says_where_the_voices_agree() {
    let path = file("kept.json", "");
    let kept = path.to_str().unwrap();
    let checked = run(&[
        "check",
        "--scope",
        "small",
        "--fault",
        "S1-01",
        "--property",
        "S1",
        "--save-trace",
        kept,
    ]);
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(
        fs::read_to_string(kept).unwrap(),
        fs::read_to_string(fixture("s1-01.json")).unwrap()
    );

    let replayed = run(&["replay-trace", kept]);
    assert_eq!(replayed.status.code(), Some(0), "{}", stderr(&replayed));
    let text = stdout(&replayed);
    assert!(
        text.contains("The library, the model and the oracle agree throughout, on "),
        "{text}"
    );
    assert!(
        text.contains("With S1-01 put back, step ")
            && text.contains(" shows ready, turn A where the shipped logic shows ready, last turn A unreported (inferred)."),
        "{text}"
    );

    let spoilt = run(&["replay-trace", "--fault", "s1-01", kept]);
    let text = stdout(&spoilt);
    assert_eq!(spoilt.status.code(), Some(1), "{text}");
    assert!(
        text.contains("S1-01 is put back into the library.\nAt step ")
            && text
                .contains(" the library DISAGREES with the others:\n  the library says ready A "),
        "{text}"
    );
    let elsewhere = run(&["replay-trace", "--fault", "L3-01", kept]);
    assert_eq!(elsewhere.status.code(), Some(2), "{}", stdout(&elsewhere));

    let test = run(&["replay-trace", "--as-test", kept]);
    let compiled = fs::read_to_string(fixture("kept.rs")).unwrap();
    assert!(
        compiled.contains(stdout(&test)) && stdout(&test).contains("fn kept_trace_s1_01()"),
        "{}",
        stdout(&test)
    );
}

#[test]
fn a_log_is_replayed_as_a_trace_though_it_is_compressed() {
    use std::io::Write as _;
    let log = br#"{"type":"turn.started","threadId":"th","turnId":"A"}"#;
    let path = file("trace.log.gz", "");
    let mut gzip = flate2::write::GzEncoder::new(
        fs::File::create(&path).unwrap(),
        flate2::Compression::default(),
    );
    gzip.write_all(log).unwrap();
    gzip.finish().unwrap();
    let replayed = run(&["replay-trace", path.to_str().unwrap()]);
    assert_eq!(replayed.status.code(), Some(0), "{}", stderr(&replayed));
}

#[test]
fn check_keeps_nothing_where_nothing_is_violated() {
    let path = file("nothing.json", "");
    fs::remove_file(&path).unwrap();
    let kept = path.to_str().unwrap();
    let checked = run(&[
        "check",
        "--scope",
        "small",
        "--state-limit",
        "10",
        "--save-trace",
        kept,
    ]);
    assert_eq!(checked.status.code(), Some(3));
    assert!(!path.exists());
    assert!(stderr(&checked).contains("there is no counterexample to keep"));
    assert_eq!(
        run(&["replay-trace", path.to_str().unwrap()]).status.code(),
        Some(2)
    );
}

#[test]
fn what_stands_in_a_file_of_somebody_else_never_steers_the_terminal() {
    const ODD: &str = "\\u001b[31m";
    let start = |thread: &str| {
        format!(r#"{{"type":"turn.started","threadId":"{thread}","turnId":"{ODD}\n"}}"#)
    };
    let kept = |rest: &str| {
        let step = format!(r#"{{"action":"{ODD}","event":{}}}"#, start("th"));
        format!(r#"{{"format":"session-lifecycle trace 1",{rest}"steps":[{step}]}}"#)
    };
    let files = [
        ("steering-turn.log", start("th"), 0),
        (
            "steering-threads.log",
            format!("{}\n{}", start("th"), start(ODD)),
            2,
        ),
        ("steering-action.json", kept(""), 0),
        (
            "steering-fault.json",
            kept(&format!(r#""fault":"{ODD}","#)),
            2,
        ),
    ];
    let replayed = files.map(|(name, content, code)| {
        let path = file(name, &content);
        (run(&["replay-trace", path.to_str().unwrap()]), code)
    });
    let part = format!(
        r#"{{"findings":[{{"severity":"{ODD}","check":"","threadId":"","file":"","message":""}}]}}"#
    );
    let part = file("steering-part\u{1b}.json", &part);
    let merged = run(&["audit", "--merge", part.to_str().unwrap()]);
    for (output, code) in replayed.into_iter().chain([(merged, 2)]) {
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert!(told.contains("\\u{1b}"), "{told:?}");
        assert!(!told.contains('\u{1b}'), "{told:?}");
    }
}
