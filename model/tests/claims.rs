//! The documents claim what the model asks, in the same words and numbers.

use session_lifecycle::Fault;
use session_lifecycle_model::engine::{Limits, explore};
use session_lifecycle_model::faults::entry;
use session_lifecycle_model::kernel::Claim;
use session_lifecycle_model::world::World;
use session_lifecycle_model::{PropertyId, Scope, Shipped};

const README: &str = include_str!("../../README.md");
const LIFECYCLE: &str = include_str!("../../docs/lifecycle.md");
const PROPERTIES: &str = include_str!("../../docs/properties.md");

#[test]
fn the_table_of_properties_says_what_each_claims_and_when_its_premise_occurs() {
    for id in PropertyId::ALL {
        let row = format!("| {id} | {} | {} | ", id.sentence(), id.witness());
        let kind = match (id.kind().as_str(), id.is_inductive()) {
            (kind, true) => format!("{kind}, inductive |"),
            (kind, false) => format!("{kind} |"),
        };
        let listed = PROPERTIES
            .lines()
            .any(|line| line == format!("{row}{kind}"));
        assert!(listed, "docs/properties.md lacks: {row}{kind}");
    }
    let rows = PROPERTIES.lines().filter(|line| {
        PropertyId::ALL
            .iter()
            .any(|id| line.starts_with(&format!("| {id} | ")))
    });
    assert_eq!(rows.count(), PropertyId::ALL.len());
}

#[test]
fn the_readme_shows_a_run_that_asks_every_property() {
    let of_a_host = Claim::ALL.map(|claim| (claim.as_str(), claim.sentence()));
    let of_the_reducer = PropertyId::ALL.map(|id| (id.as_str(), id.sentence()));
    let only_the_reducers = of_the_reducer
        .iter()
        .filter(|(id, _)| Claim::named(id).is_none());
    for (id, sentence) in of_a_host.iter().chain(only_the_reducers) {
        let line = format!("{:<13} {id:<4} {sentence}\n", "verified");
        assert!(README.contains(&line), "README.md lacks: {line}");
    }
    let scope = format!("        {}\n", Scope::DEFAULT);
    assert!(README.contains(&scope), "README.md lacks: {scope}");
    // The variants of published defects, X-01 to X-09, are not counted.
    let published = Fault::ALL
        .iter()
        .filter(|fault| !fault.id().starts_with('X'));
    let faults = format!("**{} published defects**", published.count());
    assert!(README.contains(&faults), "README.md lacks: {faults}");
}

#[test]
fn the_rules_link_to_the_headings_of_the_faults() {
    let mut links = 0;
    for line in LIFECYCLE.lines() {
        let Some((id, link)) = line
            .strip_prefix('[')
            .and_then(|line| line.split_once("]: "))
        else {
            continue;
        };
        let symptom = entry(id)
            .unwrap_or_else(|| panic!("no such fault: {id}"))
            .symptom;
        let heading: String = format!("{id}: {symptom}")
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || [' ', '-'].contains(c))
            .map(|c| {
                if c == ' ' {
                    '-'
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        assert_eq!(link, format!("faults.md#{heading}"));
        assert!(LIFECYCLE.contains(&format!("[{id}],")) || LIFECYCLE.contains(&format!("[{id}]]")));
        links += 1;
    }
    assert_eq!(links, 23);
}

#[test]
fn the_small_scope_is_as_large_as_the_document_says() {
    let world = World::new(Shipped::default(), Scope::SMALL);
    let found = explore(&world, Limits::default(), |_| {});
    let [states, edges] = [found.graph.len(), found.graph.edge_count()].map(grouped);
    let row = format!(
        "| `small` | 2 | 2 | 1 | 1 | {states} | {edges} | {} |",
        found.depth
    );
    assert!(PROPERTIES.contains(&row), "docs/properties.md lacks: {row}");
}

/// A number below a thousand million, as people write it.
fn grouped(number: usize) -> String {
    match (number / 1_000_000, number / 1_000 % 1_000, number % 1_000) {
        (0, thousands, rest) => format!("{thousands},{rest:03}"),
        (millions, thousands, rest) => format!("{millions},{thousands:03},{rest:03}"),
    }
}
