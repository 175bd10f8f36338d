//! Parts of a set of logs, audited apart, give the answer that one audit of everything gives.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use session_lifecycle::t3::{Line, read_line};
use session_lifecycle_model::audit::generate::{Recipe, generate};
use session_lifecycle_model::audit::{Audit, Audited, Finding, Place, Severity};

use crate::scene::{Folder, brief, log};
use crate::stores::Stores;

/// Two sets of rotated files, with threads that span the files, bad lines and a file without any line.
fn logs(name: &str) -> Folder {
    let folder = Folder::new(name);
    let mut log = Vec::new();
    let recipe = Recipe {
        seed: 5,
        bytes: 400 << 10,
        violations: 30,
    };
    generate(&mut log, recipe).unwrap();
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

/// The same, and two databases that name some of the threads, and others: each thread in its own way.
fn logs_and_rows(name: &str) -> Folder {
    let folder = logs(name);
    fs::create_dir(folder.0.join("x")).unwrap();
    fs::create_dir(folder.0.join("y")).unwrap();
    for (database, first) in [("x/state.sqlite", 0), ("y/state.sqlite", 12)] {
        let stores = Stores::healthy(&folder, database);
        stores.make_later();
        for number in first..first + 24 {
            let thread = format!("{}-{number:06}", ["thread", "other"][number % 2]);
            let row = match number % 3 {
                0 => ["running", "", "20:20:00"],
                1 => ["running", "gone", "20:20:00"],
                _ => ["ready", "", "20:20:00"],
            };
            stores.session(&thread, row);
            stores.ended(&thread, &format!("{thread}-turn-1"), "error");
        }
        stores.run("UPDATE projection_threads SET deleted_at = '2026-05-28T21:00:00.000Z' WHERE thread_id LIKE '%1'");
        stores.session("newest", ["ready", "", "23:59:00"]);
        stores.close();
    }
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
            let Ok(read) = serde_json::from_str::<Value>(text[start..].trim_end()) else {
                return copies(&record, parts);
            };
            read["aggregateId"].as_str().map(str::to_owned)
        }
        Ok(Line::Blank) => None,
        Err(_) => return copies(&record, parts),
    };
    let part = thread.map_or(number, |thread| part_of(&thread)) % parts;
    vec![(part, record)]
}

/// The record counts in the first part, and every other one has to know of it.
fn copies(record: &Value, parts: usize) -> Vec<(usize, Value)> {
    let of_part = |part| {
        let mut record = record.clone();
        record["copy"] = json!(part > 0);
        (part, record)
    };
    (0..parts).map(of_part).collect()
}

fn part_of(thread: &str) -> usize {
    thread.bytes().map(usize::from).sum()
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
    let mut rows = Vec::new();
    let databases = Audit::of([&folder.0]).run_rows(&mut rows, &mut Vec::new());
    // Wherever the rows of a thread go, they go before its lines; in which order does not matter.
    let rows = String::from_utf8(rows).unwrap();
    for row in rows.lines().rev() {
        let record: Value = serde_json::from_str(row).unwrap();
        streams[part_of(record["threadId"].as_str().unwrap()) % parts] += &format!("{row}\n");
    }
    for file in files(folder) {
        // Every part is told of the file; it counts in the first.
        let mut told = file.clone();
        told["line"] = json!(0);
        for (part, stream) in streams.iter_mut().enumerate() {
            told["copy"] = json!(part > 0);
            *stream += &format!("{told}\n");
        }
        let text = fs::read_to_string(file["file"].as_str().unwrap()).unwrap();
        for (number, line) in (1..).zip(text.split_terminator('\n')) {
            for (part, record) in records(&file, number, line, parts) {
                streams[part] += &format!("{record}\n");
            }
        }
    }
    let mut answers: Vec<Vec<u8>> = streams
        .iter()
        .map(|stream| {
            let audit = Audit::of([""; 0]);
            let answer = audit
                .run_records(&mut stream.as_bytes(), &mut Vec::new())
                .unwrap();
            answer.to_json(false).unwrap().into_bytes()
        })
        .collect();
    let databases = databases.unwrap().to_json(true).unwrap();
    answers.insert(parts / 2, databases.into_bytes());
    Audited::merge((1..).zip(answers.iter().map(Vec::as_slice))).unwrap()
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
fn each_part_knows_of_the_places_behind_its_own_lines_where_lines_may_be_missing() {
    let exited = log(&["0 session.started", "1 turn.started A", "2 session.exited"]);
    // In a part of its own, if there are several.
    let other = log(&["5 session.started"]).replace("\"th\"", "\"other\"");
    for parts in [3, 7] {
        assert_ne!(part_of("other") % parts, part_of("th") % parts);
    }
    let lost = "[2026-05-28T10:00:05.000Z] ORCH: {\"type\":\"thread.session-set\",\"aggrega\n";
    for (name, ends) in [
        ("behind-file", [("th.log.1", ""), ("th.log", "")]),
        (
            "behind-line",
            [("events.th.log.1", ""), ("events.th.log", lost)],
        ),
    ] {
        let folder = Folder::new(&format!("scale-{name}"));
        folder.write(ends[0].0, &(exited.clone() + ends[0].1));
        folder.write(ends[1].0, &(other.clone() + ends[1].1));
        let whole = Audit::of([&folder.0]).run(&mut Vec::new());
        assert_eq!(
            brief(&whole),
            ["hint L2 line 3 turn_never_settled"],
            "{name}"
        );
        for parts in [1, 3, 7] {
            assert_eq!(in_parts(&folder, parts), whole, "{name}, {parts} parts");
        }
    }
}

#[test]
fn the_answers_of_parts_hold_what_is_found_between_logs_and_databases_as_well() {
    let folder = logs_and_rows("scale-rows");
    let whole = Audit::of([&folder.0]).run(&mut Vec::new());
    let count = |is: fn(&Finding) -> bool| whole.findings.iter().filter(|found| is(found)).count();
    let between = count(|found| found.beside.is_some());
    let in_rows = count(|found| matches!(found.place, Place::Row { .. }));
    assert!(between > 30 && in_rows > 50, "{between}, {in_rows}");
    // The same line contradicts the rows of both databases.
    let both = |pair: &[Finding]| {
        let files = pair
            .iter()
            .filter_map(|found| found.beside.as_ref())
            .map(|beside| &beside.file);
        files.count() == 2 && pair[0].place == pair[1].place && pair[0].check == pair[1].check
    };
    assert!(whole.findings.windows(2).any(both));
    assert_eq!((whole.totals.files, whole.repairs.len() > 20), (8, true));
    for parts in [1, 2, 7] {
        let merged = in_parts(&folder, parts);
        assert_eq!(merged.findings, whole.findings, "{parts} parts");
        assert_eq!(merged, whole, "{parts} parts");
    }
}

#[test]
fn a_thread_that_stands_in_the_stored_events_alone_is_counted_once_in_all_parts() {
    let folder = logs_and_rows("scale-events");
    for database in ["x/state.sqlite", "y/state.sqlite"] {
        let database = rusqlite::Connection::open(folder.0.join(database)).unwrap();
        let rest = "projection_turns; DELETE FROM provider_session_runtime; DELETE FROM projection_threads";
        database
            .execute_batch(&format!(
                "DELETE FROM projection_thread_sessions; DELETE FROM {rest}"
            ))
            .unwrap();
    }
    let whole = Audit::of([&folder.0]).run(&mut Vec::new());
    for parts in [1, 2, 7] {
        assert_eq!(in_parts(&folder, parts), whole, "{parts} parts");
    }
}

#[test]
fn rows_after_a_line_are_refused_and_a_thread_that_a_row_names_is_counted_with_its_database() {
    let read = |text: String| {
        let audit = Audit::of([""; 0]);
        let audited = audit.run_records(&mut text.as_bytes(), &mut Vec::new());
        audited.map_err(|why| why.to_string())
    };
    let row = json!({"database":{"file":"d","order":0,"now":null,"old":0,"followsTurns":false},"threadId":"th"});
    let text = r#"{"type":"turn.started","threadId":"th","turnId":"A"}"#;
    let line = json!({"set":0,"order":0,"gaps":0,"file":"a.log","line":1,"text":text});
    assert_eq!(read(format!("{line}\n")).unwrap().totals.threads, 1);
    assert_eq!(read(format!("{row}\n{line}\n")).unwrap().totals.threads, 0);
    assert_eq!(
        read(format!("{line}\n{row}\n")).unwrap_err(),
        "record 2: a row of a database comes before all lines"
    );
}

#[test]
fn what_was_only_skimmed_is_counted_once_in_all_parts_and_not_at_all_where_the_audit_is_strict() {
    let broken = "{\"type\":\"content.delta\",\"threadId\":\"th\",\"payload\":{\"text\":nonsense}}";
    let start = r#"{"type":"turn.started","threadId":"th","turnId":"A"}"#;
    let native = "[2026-05-28T20:26:41.000Z] NTIVE: {\"cut\":\"of";
    let folder = Folder::new("scale-skimmed");
    // The last line has no end, so that it is read whatever it holds.
    let sound = broken.replace("nonsense", "1");
    folder.write(
        "a.log",
        &format!("{start}\n{broken}\n{native}\n{broken}\n{sound}"),
    );
    let told = |audit: &Audit| {
        let totals = audit.run(&mut Vec::new()).totals;
        (totals.lines, totals.invalid, totals.skimmed)
    };
    let audit = Audit::of([&folder.0]);
    assert_eq!(told(&audit), (5, 0, 4));
    assert_eq!(in_parts(&folder, 2).totals.skimmed, 4);
    let mut strict = audit;
    strict.strict = true;
    assert_eq!(told(&strict), (5, 3, 0));
    let summary = Audit::of([&folder.0]).run(&mut Vec::new()).to_string();
    assert!(
        summary.ends_with("1 thread; 4 lines only skimmed, not validated (--strict does)"),
        "{summary}"
    );
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
    let merge = |part: &str| {
        Audited::merge([("7.json", part.as_bytes())])
            .unwrap_err()
            .to_string()
    };
    assert!(merge("{}").starts_with("7.json: missing field"));
    let placed = |place: Value| {
        let mut finding = json!({"severity":"hint","check":"unnamed_end","threadId":"t","turnId":null,"file":"f","time":null,"message":"m"});
        for (key, value) in place.as_object().unwrap() {
            finding[key] = value.clone();
        }
        let totals = json!({"findings":[finding],"files":0,"lines":0,"events":0,"threads":0,"invalid":0,"skimmed":0,"unreadable":0});
        merge(&totals.to_string())
    };
    assert!(placed(json!({})).contains("a finding has a line, or a table and a row"));
    let foreign = placed(json!({"table":"users","row":"1"}));
    assert!(foreign.contains("no audit reads a table \"users\""));
}

#[test]
fn numbers_beyond_all_measure_in_records_and_answers_are_refused_or_stand_for_a_lot() {
    let records = |database: Value, gaps: u64| {
        let row = json!({"database":database,"threadId":"th","session":{"status":"running","turn":"A","updatedAt":null}});
        let line = |line: u64, gaps: u64, text: &str| json!({"set":0,"order":0,"gaps":gaps,"file":"a.log","line":line,"text":text});
        let start = r#"{"type":"turn.started","threadId":"th","turnId":"A","createdAt":"2026-05-28T10:00:00Z"}"#;
        let exit =
            r#"{"type":"session.exited","threadId":"th","createdAt":"2026-05-28T10:00:00Z"}"#;
        let text = format!("{row}\n{}\n{}\n", line(1, gaps, start), line(2, gaps, exit));
        Audit::of([""; 0]).run_records(&mut text.as_bytes(), &mut Vec::new())
    };
    let database = |now: i64| json!({"file":"d","order":0,"now":now,"old":1,"followsTurns":true});
    let found = records(database(i64::MIN), 0).unwrap().findings;
    let of_the_row = found.iter().filter(|finding| finding.beside.is_some());
    let severities: Vec<Severity> = of_the_row.map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Hint]);
    let lost = records(database(0), u64::MAX).unwrap_err().to_string();
    assert!(lost.starts_with("record 2: invalid value"), "{lost}");

    let part = json!({"findings":[],"files":1,"lines":u64::MAX,"events":0,"threads":0,"invalid":0,"skimmed":0,"unreadable":0});
    let part = part.to_string();
    let merged = Audited::merge([(1, part.as_bytes()), (2, part.as_bytes())]).unwrap();
    assert_eq!((merged.totals.files, merged.totals.lines), (2, u64::MAX));
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
    let folder = logs_and_rows("scale-spark");
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
