//! Parts of a set of logs, audited apart, give the answer that one audit of everything gives.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use session_lifecycle::t3::{Line, read_line};
use session_lifecycle_model::audit::generate::{Wanted, generate};
use session_lifecycle_model::audit::{Audit, Audited};

use crate::scene::Folder;

/// Two sets of rotated files, with threads that span the files, bad lines and a file without any line.
fn logs(name: &str) -> Folder {
    let folder = Folder::new(name);
    let mut log = Vec::new();
    let wanted = Wanted {
        seed: 5,
        bytes: 400 << 10,
        violations: 30,
    };
    generate(&mut log, wanted).unwrap();
    let log = String::from_utf8(log).unwrap();
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    let (first, rest) = lines.split_at(lines.len() / 3);
    let (second, third) = rest.split_at(rest.len() / 2);
    folder.write("events.a.log.2", &first.concat());
    folder.write(
        "events.a.log.1",
        &(second.concat() + "[2026-05-28T20:26:41.000Z] CANON: {\"type\":\"turn.com\n"),
    );
    folder.write(
        "events.a.log",
        &("nonsense\n\n".to_owned() + &third.concat()),
    );
    folder.write(
        "b.log.1",
        &first.concat().replace("thread-00000", "other-00000"),
    );
    folder.write("b.log", &rest.concat().replace("\n", "\r\n"));
    folder.write("c.log", "");
    folder
}

/// The line as a record of each part that needs it.
fn records(file: &Value, number: usize, text: &str, parts: usize) -> Vec<(usize, Value)> {
    let mut record = file.clone();
    record["line"] = json!(number);
    record["text"] = json!(text);
    let thread = match read_line(text) {
        Ok(Line::Event(event)) => Some(event.thread_id),
        Ok(Line::PassedOver(_)) => {
            let start = text.find('{').unwrap();
            let record: Value = serde_json::from_str(text[start..].trim_end()).unwrap();
            record["aggregateId"].as_str().map(str::to_owned)
        }
        Ok(Line::Blank) => None,
        Err(_) => {
            let mut copy = record.clone();
            copy["copy"] = json!(true);
            let mut all = vec![(0, record)];
            all.extend((1..parts).map(|part| (part, copy.clone())));
            return all;
        }
    };
    let part = thread.map_or(number, |thread| thread.bytes().map(usize::from).sum()) % parts;
    vec![(part, record)]
}

fn files(folder: &Folder) -> Vec<Value> {
    let (listed, is_whole) = Audit::of([&folder.0]).files(&mut Vec::new()).unwrap();
    assert!(is_whole);
    listed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn in_parts(folder: &Folder, parts: usize) -> Audited {
    let mut streams = vec![String::new(); parts];
    for file in files(folder) {
        // The file is told once, so that it is counted.
        let mut told = file.clone();
        told["line"] = json!(0);
        streams[0] += &format!("{told}\n");
        let text = fs::read_to_string(file["file"].as_str().unwrap()).unwrap();
        for (number, line) in (1..).zip(text.split_terminator('\n')) {
            for (part, record) in records(&file, number, line, parts) {
                streams[part] += &format!("{record}\n");
            }
        }
    }
    let answers: Vec<Vec<u8>> = streams
        .iter()
        .map(|stream| {
            let audit = Audit::of([""; 0]);
            let answer = audit
                .run_records(&mut stream.as_bytes(), &mut Vec::new())
                .unwrap();
            answer.to_json(false).unwrap().into_bytes()
        })
        .collect();
    Audited::merge(answers.iter().map(Vec::as_slice)).unwrap()
}

#[test]
fn the_answers_of_any_number_of_parts_make_the_answer_of_the_whole() {
    let folder = logs("scale-parts");
    let whole = Audit::of([&folder.0]).run(&mut Vec::new());
    assert!(
        whole.findings.len() > 30 && whole.totals.invalid == 2,
        "{whole}"
    );
    assert_eq!(whole.totals.files, 6);
    for parts in [1, 2, 7] {
        assert_eq!(in_parts(&folder, parts), whole, "{parts} parts");
    }
}

#[test]
fn records_out_of_order_and_what_is_no_record_or_no_answer_are_refused_in_a_sentence() {
    let record =
        |line: u64| json!({"set":0,"order":0,"gaps":0,"file":"a.log","line":line,"text":""});
    let read = |text: String| {
        let audit = Audit::of([""; 0]);
        audit
            .run_records(&mut text.as_bytes(), &mut Vec::new())
            .map_err(|why| why.to_string())
    };
    let unsorted = read(format!("{}\n{}\n", record(2), record(1)));
    assert_eq!(
        unsorted.unwrap_err(),
        "record 2: it is not in order of set, file and line"
    );
    assert!(
        read("nonsense".to_owned())
            .unwrap_err()
            .starts_with("record 1: ")
    );
    let merge = |part: &str| Audited::merge([part.as_bytes()]).unwrap_err().to_string();
    assert!(merge("{}").starts_with("part 1: missing field"));
    let row = json!({"findings":[{"severity":"hint","check":"unnamed_end","threadId":"t","turnId":null,"file":"f","time":null,"message":"m"}],
        "files":0,"lines":0,"events":0,"threads":0,"invalid":0,"unreadable":0});
    assert!(merge(&row.to_string()).contains("databases are audited whole"));
}

/// Python with Spark, and Java, if it is wanted: starting Spark takes most of a minute; else why not.
fn spark() -> Result<&'static str, &'static str> {
    if std::env::var_os("SESSION_LIFECYCLE_SPARK").is_none() {
        return Err("SESSION_LIFECYCLE_SPARK=1 asks for it");
    }
    let works = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        let command = command
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    match (
        works("python3", &["-c", "import pyspark"]),
        works("java", &["-version"]),
    ) {
        (true, true) => Ok("python3"),
        (false, _) => Err("pyspark is not installed"),
        (true, false) => Err("java is not installed"),
    }
}

#[test]
fn spark_on_two_workers_gives_the_answer_of_one_machine() {
    let python = match spark() {
        Ok(python) => python,
        Err(why) => return eprintln!("\n!!! SKIPPED, the recipe for Spark is not run: {why}\n"),
    };
    let folder = logs("scale-spark");
    let binary = env!("CARGO_BIN_EXE_session-lifecycle");
    let output = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/audit_on_spark.py"))
        .args(["--master", "local-cluster[2,1,1024]", "--binary", binary])
        .args(["--parts", "3", "--split", "100000"])
        .arg(&folder.0)
        .output()
        .unwrap();
    let whole = Audit::of([&folder.0]).run(&mut Vec::new());
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(i32::from(whole.exit_code())),
        "{told}"
    );
    let expected = whole.to_json(false).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim_end(),
        expected.trim_end()
    );
}
