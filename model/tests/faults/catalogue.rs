//! What the catalogue says of each defect.

use std::collections::BTreeSet;

use session_lifecycle::{Fault, FaultLayer};
use session_lifecycle_model::faults::{Catcher, LEFT_OUT, LeftOut, all, entry};

#[test]
fn the_catalogue_names_every_fault_of_the_crate_once() {
    let named: Vec<&str> = all().map(|entry| entry.fault.id()).collect();
    let faults: Vec<&str> = Fault::ALL.iter().map(|fault| fault.id()).collect();
    assert_eq!(named, faults, "the same ones in the same order");
    assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), named.len());
    let published = all().filter(|entry| entry.is_published()).count();
    assert!(published >= 104, "{published}");
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(&format!("**{published} published defects**")));
    for id in named {
        assert_eq!(entry(id).map(|entry| entry.fault.id()), Some(id));
        assert!(
            entry(&id.to_lowercase()).is_some(),
            "ids are read in any case"
        );
    }
    assert_eq!(entry("S1-99"), None);
}

#[test]
fn each_fault_is_of_the_layer_in_which_it_is_caught() {
    for entry in all() {
        let caught_in = match entry.property {
            Catcher::Projection(_) => FaultLayer::Projection,
            Catcher::Supervisor(..) => FaultLayer::Supervisor,
            Catcher::Stream(..) => FaultLayer::Readers,
        };
        assert_eq!(entry.fault.layer(), caught_in, "{}", entry.fault.id());
    }
}

/// How many defects the collection of published ones holds for each property, and how many were found by reading (X).
const COLLECTED: [(&str, usize); 14] = [
    ("S1", 7),
    ("S2", 16),
    ("S3", 8),
    ("S4", 17),
    ("S5", 12),
    ("S6", 8),
    ("S7", 2),
    ("S8", 6),
    ("S10", 2),
    ("L1", 8),
    ("L2", 16),
    ("L3", 10),
    ("L4", 13),
    ("X", 9),
];

#[test]
fn every_collected_defect_is_either_put_back_or_left_out_with_a_reason() {
    let put_back = all().map(|entry| entry.fault.id().to_owned());
    let left_out = LEFT_OUT.iter().map(|left| left.id.to_owned());
    let mut accounted: Vec<String> = put_back.chain(left_out).collect();
    let mut collected: Vec<String> = COLLECTED
        .iter()
        .flat_map(|(family, count)| (1..=*count).map(move |n| format!("{family}-{n:02}")))
        .collect();
    accounted.sort_unstable();
    collected.sort_unstable();
    assert_eq!(accounted, collected);
    for LeftOut { id, link, why } in LEFT_OUT {
        assert!(link.starts_with("https://github.com/"), "{id}: {link}");
        assert!(why.len() > 30 && !why.ends_with('.'), "{id}: {why}");
    }
}

#[test]
fn every_link_is_public_and_leads_to_one_place() {
    for entry in all() {
        let id = entry.fault.id();
        let path = entry.link.strip_prefix("https://github.com/");
        let path = path.unwrap_or_else(|| panic!("{id}: {}", entry.link));
        let parts: Vec<&str> = path.split('/').collect();
        assert!(parts.iter().all(|part| !part.is_empty()), "{id}: {path}");
        let is_thread = matches!(parts[2], "pull" | "issues") && parts[3].parse::<u32>().is_ok();
        assert!(
            is_thread || matches!(parts[2], "blob" | "commit"),
            "{id}: {path}"
        );
    }
}

#[test]
fn every_entry_tells_the_symptom_and_the_decision_in_its_own_words() {
    let mut symptoms = BTreeSet::new();
    for entry in all() {
        let id = entry.fault.id();
        assert!(symptoms.insert(entry.symptom), "{id}: told before");
        assert!(entry.symptom.len() > 15, "{id}: {}", entry.symptom);
        assert!(entry.decision.len() > 30, "{id}: {}", entry.decision);
        assert!(!entry.decision.ends_with('.'), "{id}: one line of a table");
    }
}
