//! However little is held at a time, each thread gets its lines.

use std::fs;
use std::path::PathBuf;

use super::lines::each_thread;
use crate::audit::files::{Inputs, LogFile};

/// Where the test binary stands: a unit test is told of no other place below the target folder.
fn folder() -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    binary.parent().unwrap().to_owned()
}

/// The threads in the order in which they are handed out, with how many lines; `None` where there are too many.
fn handed_out(held: usize) -> Vec<(String, Option<usize>)> {
    let path = folder().join(format!("kept-{held}-{}.log", std::process::id()));
    let mut log = String::new();
    for round in 0..10 {
        for (thread, rounds) in [("a", 10), ("b", 4), ("c", 2), ("unasked", 10)] {
            if round < rounds {
                let line = r#"{"type":"item.completed","threadId":"th","turnId":"A"}"#;
                log += &(line.replace("\"th\"", &format!("\"{thread}\"")) + "\n");
            }
        }
    }
    fs::write(&path, log).unwrap();
    let inputs = Inputs::gather(std::slice::from_ref(&path), |_, _| {});
    let files = inputs.sets.values().next().unwrap();
    let threads = ["a", "b", "c"].map(|thread| (thread, (0, 1000))).into();
    let mut all = Vec::new();
    each_thread(
        files,
        threads,
        Some(held),
        |thread, lines| -> Result<(), ()> {
            all.push((thread.to_owned(), lines.unwrap().map(|lines| lines.len())));
            Ok(())
        },
    )
    .unwrap();
    fs::remove_file(path).unwrap();
    all
}

#[test]
fn threads_that_do_not_fit_together_are_read_one_after_the_other_and_only_one_too_large_alone_is_given_up()
 {
    let lines = |counts: [Option<usize>; 3]| -> Vec<(String, Option<usize>)> {
        ["a", "b", "c"]
            .map(str::to_owned)
            .into_iter()
            .zip(counts)
            .collect()
    };
    let all = lines([Some(10), Some(4), Some(2)]);
    assert_eq!(handed_out(1 << 20), all);
    // Room for ten lines and a little, and not for sixteen.
    assert_eq!(handed_out(11 * 250), all);
    assert_eq!(handed_out(5 * 250), lines([None, Some(4), Some(2)]));
    assert_eq!(handed_out(10), lines([None, None, None]));
}

#[test]
fn a_file_that_cannot_be_read_gives_up_the_threads_that_end_in_it_and_leaves_a_gap_for_the_others()
{
    let gone = LogFile::new("nowhere/th.log.1".into(), true).1;
    let path = folder().join(format!("kept-gone-{}.log", std::process::id()));
    let line = r#"{"type":"item.completed","threadId":"b","turnId":"A"}"#;
    fs::write(&path, format!("{line}\n{line}\n")).unwrap();
    let files = [gone, LogFile::new(path.clone(), true).1];
    let threads = [("a", (0, 7)), ("b", (1, 2))].into();
    let mut all = Vec::new();
    each_thread(&files, threads, None, |thread, lines| -> Result<(), ()> {
        all.push((
            thread.to_owned(),
            lines.ok().flatten().map(|lines| lines.len()),
        ));
        Ok(())
    })
    .unwrap();
    fs::remove_file(path).unwrap();
    assert_eq!(all, [("a".to_owned(), None), ("b".to_owned(), Some(2))]);
}
