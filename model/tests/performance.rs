//! `docs/performance.md` is no older than the code that it measures. `model/benches/run` measures again.

#[path = "../benches/frame/page.rs"]
#[allow(dead_code, reason = "the benches use the rest")]
mod page;

use std::collections::BTreeSet;
use std::fs;

use page::{Limit, PAGE, Results, Row, Stored, hash, root};

fn results() -> Results {
    Results::stored(&root()).expect("docs/performance.json is there; model/benches/run writes it")
}

/// What is to be said of a section whose code has changed since it was measured.
fn outdated(name: &str, section: &Stored) -> Option<String> {
    let now = hash(&root(), &section.measured).unwrap_or_else(|error| error.to_string());
    (now != section.hash).then(|| {
        format!(
            "`{name}` of {PAGE} is older than the code that it measures ({}). To measure again: {}",
            section.measured.join(", "),
            section.command
        )
    })
}

#[test]
fn no_section_is_older_than_the_code_that_it_measures() {
    let old: Vec<String> = results()
        .sections
        .iter()
        .filter_map(|(name, section)| outdated(name, section))
        .collect();
    assert!(old.is_empty(), "{}", old.join("\n"));
}

#[test]
fn every_bench_has_its_section_and_every_section_its_bench() {
    let benches: BTreeSet<String> = fs::read_dir(root().join("model/benches"))
        .expect("the benches are there")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|file| Some(file.strip_suffix(".rs")?.to_owned()))
        .collect();
    let sections: BTreeSet<String> = results().sections.into_keys().collect();
    assert_eq!(sections, benches);
}

#[test]
fn every_section_measures_its_own_bench_too_and_has_figures() {
    for (name, section) in results().sections {
        let bench = format!("model/benches/{name}.rs");
        assert!(section.measured.contains(&bench), "{name}");
        assert!(section.command.contains(&name), "{name}");
        assert!(!section.rows.is_empty(), "{name}");
    }
}

#[test]
fn the_page_shows_the_stored_figures() {
    let page = fs::read_to_string(root().join(PAGE)).expect("the page is there");
    assert!(
        page == results().render(),
        "{PAGE} is not what docs/performance.json says; model/benches/run writes both"
    );
}

#[test]
fn a_section_whose_code_has_changed_is_named_with_its_command() {
    let (name, mut section) = results().sections.pop_first().expect("a section");
    section.hash.replace_range(..1, "x");
    let said = outdated(&name, &section).expect("the hash differs");
    assert!(said.contains(&section.command), "{said}");
    section.measured.push("model/benches/gone.rs".to_owned());
    assert!(
        outdated(&name, &section).is_some(),
        "a file that is gone counts as changed"
    );
}

#[test]
fn the_hash_sees_a_changed_file_a_new_one_and_one_with_another_name() {
    let folder = std::env::temp_dir().join(format!("measured-{}", std::process::id()));
    fs::create_dir_all(folder.join("src/deep")).expect("a folder");
    let now = || hash(&folder, &["src".to_owned()]).expect("the files are there");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    write("src/deep/a.rs", "one");
    let first = now();
    assert_eq!(first, now());
    write("src/deep/a.rs", "two");
    let changed = now();
    write("src/b.rs", "");
    let added = now();
    fs::rename(folder.join("src/b.rs"), folder.join("src/c.rs")).expect("renamed");
    let all = BTreeSet::from([first, changed, added, now()]);
    fs::remove_dir_all(&folder).expect("removed");
    assert_eq!(all.len(), 4);
}

#[test]
fn a_limit_is_one_for_the_ratio_and_without_a_peer_for_the_figure() {
    let row = |limit| {
        Row::new("w", "s", 3.0)
            .beside("p", 2.0)
            .limit(limit)
            .holds()
    };
    assert_eq!(row(Limit::AtMost(1.5)), Some(true));
    assert_eq!(row(Limit::AtMost(1.4)), Some(false));
    assert_eq!(row(Limit::AtLeast(1.6)), Some(false));
    let alone = |limit| Row::new("w", "s", 3.0).limit(limit).holds();
    assert_eq!(alone(Limit::AtMost(3.0)), Some(true));
    assert_eq!(alone(Limit::AtMost(2.9)), Some(false));
    assert_eq!(Row::new("w", "s", 3.0).holds(), None);
    let skipped = Row::skipped("w", "s", &"no tool").limit(Limit::AtMost(1.0));
    assert_eq!(skipped.holds(), None, "a skipped figure reaches nothing");
}
