//! What holds for every command: wrong usage, known names, colours, and answers that cannot be written.

use session_lifecycle_model::PropertyId;

use crate::command::{Answer, command, run};

#[test]
fn the_help_names_every_command_of_the_readme() {
    let Answer { out: help, .. } = run(&["--help"]);
    let table = include_str!("../../../README.md")
        .split("| command |")
        .nth(1);
    let rows = table.expect("a table of the commands").split("\n\n").next();
    let rows = rows.expect("a table ends").lines().skip(2);
    let named: Vec<&str> = rows
        .filter_map(|row| row.strip_prefix("| `")?.split([' ', '`']).next())
        .collect();
    assert_eq!(named.len(), 8, "{named:?}");
    for command in named {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}: {help}"
        );
    }
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
