//! Which files are read, in which order, and what becomes of those that cannot be.

use std::fs;
use std::io::Write as _;

use session_lifecycle_model::audit::{Audit, Audited, Severity, Totals};

use crate::scene::{Folder, audit, brief, line, log};

#[test]
fn a_line_that_was_lost_in_between_makes_a_hint_of_a_finding() {
    let folder = Folder::new("lost");
    let (head, tail) = (
        log(&["0 session.started", "1 turn.started A"]),
        log(&[
            "3 turn.started B",
            "4 item.completed A",
            "5 turn.completed A",
        ]),
    );
    let whole = folder.write("whole.log", &format!("{head}{tail}"));
    assert_eq!(
        brief(&audit(&whole).0),
        ["finding S12 line 3 turn_conflict"]
    );
    let cut = folder.write(
        "cut.log",
        &format!("{head}[2026-05-28T10:00:02.000Z] CANON: {{\"type\":\"turn.comp\n{tail}"),
    );
    let (audited, told) = audit(&cut);
    assert_eq!(brief(&audited), ["hint S12 line 4 turn_conflict"]);
    assert_eq!(
        (
            audited.totals.invalid,
            audited.totals.lines,
            audited.exit_code()
        ),
        (1, 6, 2)
    );
    assert!(told.contains("cut.log:3: the line is cut off: "), "{told}");
}

#[cfg(unix)]
#[test]
fn a_name_that_would_steer_the_terminal_is_spelt_out_where_it_is_told() {
    let folder = Folder::new("names");
    let log = folder.write("na\u{1b}[31mme\n\u{202e}.log", "nonsense\n");
    let (audited, told) = audit(&log);
    assert_eq!(audited.exit_code(), 2);
    assert!(
        told.contains("na\\u{1b}[31mme\\n\\u{202e}.log:1: the line is not JSON"),
        "{told:?}"
    );
    let (_, told) = audit(&folder.0.join("gone\u{1b}.sqlite"));
    assert!(
        told.contains("gone\\u{1b}.sqlite: cannot be read: "),
        "{told:?}"
    );
}

#[test]
fn bad_lines_and_findings_together_end_with_two_because_the_answer_is_not_whole() {
    let folder = Folder::new("both");
    let events = log(&["0 session.started", "1 host.session-set ready A"]);
    let (audited, told) = audit(&folder.write("th.log", &format!("{events}nonsense\n")));
    assert_eq!(brief(&audited), ["finding S1 line 2 inactive_with_turn"]);
    assert_eq!(audited.exit_code(), 2);
    assert_eq!(told.lines().count(), 1);
}

#[test]
fn a_file_that_is_no_text_is_named_once_with_the_number_of_its_lines_and_the_rest_is_read() {
    let folder = Folder::new("picture");
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    for line in 0..3_000_u32 {
        picture.extend([0, 0xff, line as u8 | 0x80, 0xfe, b'\n']);
    }
    let picture = folder.write("picture.png", &picture);
    let th = folder.write(
        "th.log",
        &log(&["0 session.started", "1 host.session-set ready A"]),
    );
    let mut told = Vec::new();
    let audited = Audit::of([&picture, &th]).run(&mut told);
    let told = String::from_utf8(told).unwrap();
    assert_eq!(brief(&audited), ["finding S1 line 2 inactive_with_turn"]);
    let totals = audited.totals;
    assert_eq!((totals.invalid, totals.files), (3_002, 2));
    assert_eq!(audited.exit_code(), 2);
    let once =
        "picture.png: not a log: most of its beginning is no text; 3002 lines could not be read\n";
    assert!(told.ends_with(once), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn a_log_in_utf_16_is_no_text_and_one_with_a_few_spoilt_bytes_is() {
    let folder = Folder::new("encodings");
    let events = log(&[
        "0 session.started",
        "1 turn.started A",
        "2 turn.completed A",
    ]);
    let utf_16: Vec<u8> = events.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (audited, told) = audit(&folder.write("wide.log", &utf_16));
    assert!(told.contains("wide.log: not a log: "), "{told}");
    assert!(told.contains(" 4 lines could not be read"), "{told}");
    assert_eq!((audited.totals.invalid, audited.exit_code()), (4, 2));
    let spoilt = [events.as_bytes(), b"\0\xff\n"].concat();
    let (audited, told) = audit(&folder.write("spoilt.log", &spoilt));
    assert!(told.contains("spoilt.log:4: "), "{told}");
    assert_eq!((audited.totals.invalid, told.lines().count()), (1, 1));
}

#[test]
fn a_log_of_which_no_line_was_unreadable_is_not_complained_of_whatever_its_encoding() {
    let folder = Folder::new("latin-1");
    let native = b"[2026-05-28T09:30:00.125Z] NATIVE: {\"text\":\"caf\xe9\"}\n".repeat(10);
    let (audited, told) = audit(&folder.write("native.log", &native));
    assert_eq!((told.as_str(), audited.totals.lines), ("", 10));
    assert_eq!((audited.totals.invalid, audited.exit_code()), (0, 0));
}

#[test]
fn the_only_line_of_a_log_is_named_if_a_byte_of_it_is_spoilt() {
    let folder = Folder::new("one-line");
    let line = b"{\"type\":\"session.started\",\"threadId\":\"th\xff\"}\n";
    let (audited, told) = audit(&folder.write("th.log", line));
    assert!(told.contains("th.log:1: "), "{told}");
    assert_eq!(audited.totals.invalid, 1);
}

#[test]
fn each_bad_line_of_a_text_is_named_however_many_there_are() {
    let folder = Folder::new("many");
    let text = format!(
        "{}{}",
        log(&["0 session.started"]),
        "nonsense\n".repeat(1_234)
    );
    let (audited, told) = audit(&folder.write("th.log", &text));
    assert_eq!(audited.totals.invalid, 1_234);
    for (line, told) in (2..).zip(told.lines()) {
        assert!(
            told.contains(&format!("th.log:{line}: ")) && told.contains("nonsense"),
            "{told}"
        );
    }
    assert_eq!(told.lines().count(), 1_234);
}

#[test]
fn rotated_files_of_both_ages_are_one_log_and_a_turn_that_spans_them_is_one_turn() {
    let folder = Folder::new("rotated");
    folder.write("th.log.2", &log(&["0 session.started", "1 turn.started A"]));
    folder.write("th.log.1", &log(&["2 item.completed A"]));
    folder.write("th.log", &log(&["3 turn.completed A", "4 turn.started B"]));
    folder.write(
        "events.th.log.1",
        &log(&["5 turn.completed B", "6 turn.started C"]),
    );
    folder.write(
        "events.th.log",
        &log(&["7 turn.completed C", "8 turn.started C"]),
    );
    let (audited, told) = audit(&folder.0);
    assert_eq!(told, "");
    assert_eq!(brief(&audited), ["finding S3 line 2 settled_turn_started"]);
    assert!(audited.findings[0].file.ends_with("events.th.log"));
    assert_eq!((audited.totals.files, audited.totals.threads), (5, 1));
}

#[test]
fn what_only_a_rotation_of_the_older_logs_lies_between_is_a_hint() {
    let folder = Folder::new("boundary");
    folder.write("th.log.1", &log(&["0 session.started", "1 turn.started A"]));
    folder.write(
        "th.log",
        &log(&[
            "2 turn.started B",
            "3 item.completed A",
            "4 turn.completed A",
        ]),
    );
    assert_eq!(
        brief(&audit(&folder.0).0),
        ["hint S12 line 1 turn_conflict"]
    );
    folder.write(
        "events.th2.log.1",
        &log(&["0 session.started", "1 turn.started A"]),
    );
    folder.write(
        "events.th2.log",
        &log(&[
            "2 turn.started B",
            "3 item.completed A",
            "4 turn.completed A",
        ]),
    );
    let both = brief(&audit(&folder.0).0);
    assert_eq!(
        both,
        [
            "hint S12 line 1 turn_conflict",
            "finding S12 line 1 turn_conflict"
        ]
    );
}

#[test]
fn a_folder_without_anything_named_like_a_log_is_said_to_be_one() {
    let folder = Folder::new("barren");
    folder.write("notes.txt", "nothing");
    let (audited, told) = audit(&folder.0);
    assert_eq!(
        told,
        format!(
            "{}: nothing in it is named like a log or a database\n",
            folder.0.display()
        )
    );
    assert_eq!((audited.totals.files, audited.exit_code()), (0, 3));
}

#[test]
fn an_audit_that_had_nothing_to_judge_is_inconclusive() {
    let folder = Folder::new("empty");
    for nothing in ["", "\n", "\n  \r\n\n"] {
        let path = folder.write("th.log", nothing);
        let (audited, _) = audit(&path);
        assert_eq!((audited.totals.files, audited.exit_code()), (1, 3));
        let summary = audited.to_string();
        assert!(
            summary.ends_with("inconclusive: there was nothing to judge"),
            "{summary}"
        );
        let part = audited.to_json(false).unwrap();
        let merged = Audited::merge([("part", part.as_bytes())]).unwrap();
        assert_eq!(merged.exit_code(), 3, "so it is once parts are merged");
    }
    let path = folder.0.join("th.log");
    folder.write("th.log", &log(&["0 session.started"]));
    assert_eq!(audit(&path).0.exit_code(), 0);
}

#[test]
fn a_folder_is_read_to_its_bottom_in_the_order_of_names_and_other_logs_are_passed_over() {
    let folder = Folder::new("folder");
    for name in ["b/th.log", "a/deep/th.ndjson", "c.jsonl"] {
        folder.write(
            name,
            &log(&["0 session.started", "1 host.session-set ready A"]),
        );
    }
    folder.write("server.log", "12:00:01 listening\n12:00:02 bye\n");
    folder.write("notes.txt", "nothing");
    let (audited, told) = audit(&folder.0);
    let files: Vec<&str> = audited
        .findings
        .iter()
        .map(|finding| {
            finding
                .file
                .strip_prefix(folder.0.to_str().unwrap())
                .unwrap()
        })
        .collect();
    assert_eq!(files, ["/c.jsonl", "/a/deep/th.ndjson", "/b/th.log"]);
    assert!(
        told.contains("server.log: passed over") && told.lines().count() == 1,
        "{told}"
    );
    assert_eq!((audited.totals.files, audited.totals.invalid), (3, 0));
}

#[test]
fn a_rotated_file_that_is_no_log_cannot_be_read_if_the_others_of_its_set_are_logs() {
    let folder = Folder::new("zeros");
    folder.write("th.log", &log(&["0 session.started"]));
    folder.write("server.log", "12:00:01 listening\n");
    folder.write("server.log.1", "11:00:01 listening\n");
    folder.write("server.log.2", "\n");
    let (audited, _) = audit(&folder.0);
    assert_eq!((audited.totals.unreadable, audited.exit_code()), (0, 0));
    // What a crash leaves of a file that was not written to the disk in time.
    for name in ["th.log.1", "th.log.1.gz", "events.th.log"] {
        let path = folder.write(name, &[0; 4096]);
        let (audited, told) = audit(&folder.0);
        let why = format!(
            "{}: cannot be read: it does not look like a log of T3 Code's events, and another file of its set does\n",
            path.display()
        );
        assert!(told.contains(&why), "{told}");
        assert_eq!(
            (audited.totals.unreadable, audited.exit_code()),
            (1, 2),
            "{name}"
        );
        let (files, is_whole) = Audit::of([&folder.0]).files(&mut Vec::new()).unwrap();
        assert!(!is_whole && !files.contains(name), "{files}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn compressed_files_give_what_plain_ones_give() {
    let folder = Folder::new("compressed");
    let text = log(&[
        "0 session.started",
        "1 turn.started A",
        "2 turn.completed A",
        "3 turn.started A",
    ]);
    let (first, second) = text.split_at(text.find('\n').unwrap() + 20);
    let mut gzip = Vec::new();
    for part in [first, second] {
        let mut encoder = flate2::write::GzEncoder::new(&mut gzip, flate2::Compression::default());
        encoder.write_all(part.as_bytes()).unwrap();
        encoder.finish().unwrap();
    }
    let mut zstd = Vec::new();
    for part in [first, second] {
        zstd.extend(ruzstd::encoding::compress_to_vec(
            part.as_bytes(),
            ruzstd::encoding::CompressionLevel::Fastest,
        ));
        // A frame that readers skip.
        zstd.extend([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    }
    for (name, bytes) in [("a.log.gz", &gzip), ("b.log.1.zst", &zstd)] {
        let path = folder.0.join(name);
        fs::write(&path, bytes).unwrap();
        let (audited, told) = audit(&path);
        assert_eq!(told, "", "{name}");
        assert_eq!(
            brief(&audited),
            ["finding S3 line 4 settled_turn_started"],
            "{name}"
        );
    }
    let torn = folder.0.join("d.log.gz");
    fs::write(&torn, [gzip.as_slice(), b"junk"].concat()).unwrap();
    let (audited, _) = audit(&torn);
    let Totals {
        lines,
        events,
        unreadable,
        ..
    } = audited.totals;
    assert_eq!(
        (lines, events, unreadable),
        (4, 4, 1),
        "what was read counts"
    );
    let cut = folder.0.join("c.log.zst");
    fs::write(&cut, &zstd[..zstd.len() / 2]).unwrap();
    let (audited, told) = audit(&cut);
    assert_eq!((audited.totals.unreadable, audited.exit_code()), (1, 2));
    assert!(told.contains("c.log.zst: cannot be read: "), "{told}");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_opened_once_and_read_from_its_first_byte() {
    let folder = Folder::new("pipe");
    let pipe = folder.0.join("th.log");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let writer = {
        let pipe = pipe.clone();
        let text = log(&["0 session.started", "1 host.session-set ready A"]);
        std::thread::spawn(move || fs::write(pipe, text))
    };
    let (audited, told) = audit(&pipe);
    assert_eq!(told, "");
    assert_eq!(brief(&audited), ["finding S1 line 2 inactive_with_turn"]);
    writer.join().unwrap().unwrap();
}

#[test]
fn strict_names_records_that_are_passed_over_and_are_not_sound() {
    let folder = Folder::new("strict");
    let path = folder.write(
        "th.log",
        "[2026-05-28T10:00:00.000Z] NTIVE: {\"a\":\n[2026-05-28T10:00:00.000Z] ORCH: {\"b\":1}\n",
    );
    assert_eq!(audit(&path).0.exit_code(), 0);
    let mut told = Vec::new();
    let strict = Audit {
        strict: true,
        ..Audit::of([&path])
    };
    let audited = strict.run(&mut told);
    assert_eq!((audited.totals.invalid, audited.exit_code()), (1, 2));
    assert!(
        String::from_utf8(told)
            .unwrap()
            .contains("th.log:1: the record of the line is not JSON")
    );
}

#[test]
fn a_file_that_is_not_there_is_named_and_the_rest_is_read() {
    let folder = Folder::new("absent");
    let there = folder.write(
        "there.log",
        &log(&["0 session.started", "1 host.session-set ready A"]),
    );
    let mut told = Vec::new();
    let audited = Audit::of([folder.0.join("absent.log"), there]).run(&mut told);
    assert_eq!(brief(&audited).len(), 1);
    assert_eq!(
        (
            audited.totals.unreadable,
            audited.totals.files,
            audited.exit_code()
        ),
        (1, 1, 2)
    );
    assert!(
        String::from_utf8(told)
            .unwrap()
            .contains("absent.log: cannot be read: ")
    );
}

#[test]
fn a_record_of_the_host_that_is_cut_off_is_named_and_explains_what_is_missing() {
    let folder = Folder::new("host-cut");
    let found = |lines: &[String]| {
        let (audited, told) = audit(&folder.write("th.log", &lines.concat()));
        let counts = [Severity::Finding, Severity::Hint].map(|severity| audited.count(severity));
        (counts, audited.exit_code(), told)
    };
    let whole: Vec<String> = [
        "0 session.started",
        "1 turn.started A",
        "1 host.session-set running A",
        "2 turn.completed A",
        "2 host.session-set ready -",
        "90 item.completed B",
        "95 session.state.changed ready",
    ]
    .map(line)
    .to_vec();
    assert_eq!(found(&whole), ([0, 0], 0, String::new()));
    let mut without = whole.clone();
    without.remove(4);
    assert_eq!(found(&without), ([1, 0], 1, String::new()));
    for label in ["CANON", "ORCH"] {
        let mut cut = whole.clone();
        let record = cut[4].replace("CANON", label);
        cut[4] = format!("{}\n", &record[..record.len() - 20]);
        let (counts, code, told) = found(&cut);
        assert!(told.contains("th.log:5:"), "{told}");
        assert_eq!((counts, code), ([0, 1], 2), "{label}");
    }
}

#[test]
fn a_file_whose_first_line_says_what_it_is_at_its_end_is_read() {
    let folder = Folder::new("long-first");
    let raw = "y".repeat(70_000);
    let line = |kind: &str| {
        format!(
            r#"{{"raw":{{"x":"{raw}"}},"type":"{kind}","threadId":"th","createdAt":"2026-07-01T10:00:01.000Z"}}"#
        )
    };
    folder.write("th.ndjson", &format!("{}\n", line("session.exited")));
    let (audited, _) = audit(&folder.0);
    assert_eq!(audited.totals.files, 1);
}
