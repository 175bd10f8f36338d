//! The generated documents say what the code does. `BLESS=1` writes them anew.

use std::fs;
use std::path::Path;

use session_lifecycle_model::documents::{self, REGENERATE};
use session_lifecycle_model::faults;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(name);
    fs::read_to_string(path).unwrap_or_default()
}

/// Where a document and what the code generates part: the line, and both sides of it.
fn drift(stored: &str, generated: &str) -> Option<(usize, String, String)> {
    if stored == generated {
        return None;
    }
    let line = |text: &str, at: usize| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
    let longest = stored.lines().count().max(generated.lines().count());
    let at = (0..longest).find(|at| line(stored, *at) != line(generated, *at));
    // The same lines: it is the break after the last one that differs.
    let at = at.unwrap_or(longest);
    Some((at + 1, line(stored, at), line(generated, at)))
}

fn assert_current(name: &str, generated: &str) {
    let first = generated.lines().next().unwrap_or_default();
    assert!(
        first.contains(REGENERATE),
        "docs/{name} says how to write it anew: {first}"
    );
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../docs")
            .join(name);
        fs::write(path, generated).expect("the document can be written");
    }
    if let Some((line, was, now)) = drift(&read(name), generated) {
        panic!(
            "docs/{name} is not what the code says, from line {line} on:\n  \
             the document: {was}\n  the code:     {now}\nIf the code is right: {REGENERATE}"
        );
    }
}

#[test]
fn the_transitions_are_those_of_the_code() {
    assert_current("transitions.md", &documents::transitions());
}

#[test]
fn the_kill_table_and_the_stories_are_those_of_the_checker() {
    let page = documents::faults();
    assert_current("faults.md", &page);
    for entry in faults::all() {
        let id = entry.fault.id();
        let row = format!("| [{id}]({}) | ", entry.link);
        assert_eq!(page.matches(&row).count(), 1, "{id} has one row");
        let heading = format!("\n## {id}: ");
        assert_eq!(page.matches(&heading).count(), 1, "{id} has one story");
    }
    assert!(!page.contains("survived"), "a fault survives");
}

#[test]
fn the_document_of_the_audit_says_how_long_a_line_may_be() {
    let limit = session_lifecycle_model::audit::LONGEST_LINE >> 20;
    let sentence = format!("A line of more than {limit} MiB is bad");
    assert!(read("audit.md").contains(&sentence), "{sentence}");
}

#[test]
fn the_transitions_are_a_graph_and_a_table_for_each_situation() {
    let page = documents::transitions();
    assert_eq!(page.matches("```").count(), 2, "one block, closed");
    assert!(page.contains("```mermaid\nstateDiagram-v2\n    [*] --> idle\n"));
    assert_eq!(page.matches("\n### ").count(), 11);
    assert_eq!(page.matches("|---|---|---|---|").count(), 11);
    assert!(page.contains("### running, with a turn\n"));
    let rows = page.lines().filter(|line| line.starts_with("| R")).count();
    assert!(rows > 11 * 40, "{rows} rows");
}

#[test]
fn a_document_that_has_drifted_is_shown_with_its_first_line_that_has() {
    let at = |was: &str, now: &str| drift(was, now).map(|(line, ..)| line);
    assert_eq!(at("a\nb\n", "a\nb\n"), None);
    assert_eq!(at("a\nb\n", "a\nc\n"), Some(2));
    assert_eq!(at("a\n", "a\nb\n"), Some(2));
    assert_eq!(at("a\nb\n", "a\n"), Some(2));
    assert_eq!(at("", "a\n"), Some(1));
    let (_, was, now) = drift("", "a\n").expect("they differ");
    assert_eq!((was.as_str(), now.as_str()), ("(nothing)", "a"));
    assert!(
        drift("a", "a\n").is_some(),
        "the line break at the end counts"
    );
}
