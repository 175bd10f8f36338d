//! The fault catalogue: every published defect that is put back is caught, by the property that the catalogue names.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::thread;

use session_lifecycle::Fault;
use session_lifecycle_model::engine::{Limits, ask_stateright};
use session_lifecycle_model::faults::{
    CATALOGUE, Catcher, Caught, Entry, LEFT_OUT, LeftOut, READERS, SUPERVISED, all, entry,
};
#[cfg(not(debug_assertions))]
use session_lifecycle_model::kernel::{Allowance, Kernel, counterexamples};
use session_lifecycle_model::kernel::{Claim, Trouble};
use session_lifecycle_model::world::World;
use session_lifecycle_model::{Plan, PropertyId, Scope, Shipped, TraceStep, check_subject};

/// Every defect put back, once for all tests.
static CAUGHT: LazyLock<Vec<Caught>> = LazyLock::new(|| {
    let entries: Vec<&Entry> = all().collect();
    let (left, right) = entries.split_at(entries.len() / 2);
    let (left, right) = (left.to_vec(), right.to_vec());
    let run = |entries: Vec<&Entry>| entries.into_iter().map(Entry::run).collect::<Vec<_>>();
    let other = thread::spawn(move || run(right));
    let mut caught = run(left);
    caught.extend(other.join().expect("no run panics"));
    caught
});

/// Id, property, steps of the shortest trace.
const PINNED: [(&str, &str, usize); 121] = [
    ("S1-01", "S1", 6),
    ("S1-03", "S1", 4),
    ("S1-04", "S1", 5),
    ("S1-05", "L2", 9),
    ("S1-06", "S1", 4),
    ("S2-01", "S2", 11),
    ("S2-03", "S2", 6),
    ("S2-13", "S2", 6),
    ("S3-01", "S3", 7),
    ("S3-02", "S3", 7),
    ("S3-04", "S3", 7),
    ("S3-07", "S3", 6),
    ("S4-01", "S4", 6),
    ("S4-02", "S4", 5),
    ("S4-03", "S4", 7),
    ("S5-02", "S4", 5),
    ("S5-04", "L2", 8),
    ("S5-08", "S4", 4),
    ("S5-10", "S4", 6),
    ("S8-01", "S8", 6),
    ("S8-02", "S8", 4),
    ("L1-02", "L1", 7),
    ("L1-06", "L1", 9),
    ("L2-01", "L2", 8),
    ("L2-10", "L2", 6),
    ("X-01", "S1", 5),
    ("X-02", "S3", 6),
    ("X-03", "S4", 5),
    ("S2-05", "S2", 12),
    ("S2-07", "S2", 7),
    ("S2-08", "S2", 6),
    ("S2-09", "S2", 9),
    ("S2-10", "S2", 8),
    ("S2-11", "S4", 7),
    ("S2-12", "S8", 8),
    ("S2-14", "S2", 7),
    ("S2-15", "S2", 12),
    ("S3-08", "S9", 6),
    ("S4-05", "S4", 6),
    ("S4-06", "S5", 13),
    ("S4-07", "S2", 9),
    ("S4-08", "S4", 6),
    ("S4-09", "S4", 14),
    ("S4-10", "S6", 10),
    ("S4-11", "S9", 10),
    ("S4-13", "S9", 10),
    ("S4-15", "S9", 10),
    ("S5-05", "S5", 3),
    ("S5-06", "S5", 3),
    ("S5-09", "S5", 10),
    ("S6-01", "S6", 7),
    ("S6-02", "S6", 2),
    ("S6-03", "L3", 5),
    ("S6-04", "S6", 3),
    ("S6-06", "L3", 6),
    ("S6-07", "S6", 1),
    ("S6-08", "S11", 8),
    ("S7-01", "S7", 8),
    ("S7-02", "S12", 7),
    ("S8-03", "S8", 8),
    ("S8-04", "S8", 3),
    ("S8-05", "S8", 10),
    ("S8-06", "S8", 7),
    ("S10-01", "S10", 4),
    ("S10-02", "L4", 13),
    ("L1-01", "L1", 13),
    ("L1-03", "L1", 12),
    ("L1-07", "L3", 6),
    ("L2-02", "S5", 9),
    ("L2-03", "L2", 3),
    ("L2-04", "L2", 14),
    ("L2-05", "S8", 12),
    ("L2-06", "S5", 7),
    ("L2-12", "L2", 9),
    ("L2-13", "L2", 3),
    ("L2-14", "S5", 5),
    ("L2-15", "S5", 8),
    ("L3-01", "L3", 11),
    ("L3-02", "S6", 2),
    ("L3-03", "S6", 5),
    ("L3-04", "L3", 4),
    ("L3-05", "L3", 11),
    ("L3-09", "S12", 11),
    ("L3-10", "L4", 13),
    ("L4-03", "L4", 8),
    ("L4-05", "L4", 9),
    ("L4-06", "L3", 3),
    ("L4-08", "L4", 9),
    ("L4-09", "L4", 10),
    ("L4-11", "S12", 2),
    ("L4-12", "S4", 6),
    ("X-04", "S6", 2),
    ("S1-02", "L2", 10),
    ("S1-07", "S5", 10),
    ("S2-02", "S2", 9),
    ("S2-16", "S5", 8),
    ("S3-06", "S5", 5),
    ("S4-12", "S4", 7),
    ("S4-14", "S9", 11),
    ("S4-16", "L2", 18),
    ("S4-17", "S5", 8),
    ("S5-01", "S5", 12),
    ("S5-03", "S5", 10),
    ("S5-07", "S5", 10),
    ("S6-05", "L3", 4),
    ("L1-04", "L2", 3),
    ("L1-08", "S5", 9),
    ("L3-06", "L3", 13),
    ("L3-08", "L3", 11),
    ("L4-01", "L4", 15),
    ("L4-02", "L4", 7),
    ("L4-04", "L4", 10),
    ("L4-07", "L4", 16),
    ("L4-10", "L4", 18),
    ("X-05", "S8", 6),
    ("X-06", "S8", 7),
    ("X-08", "S5", 3),
    ("S3-05", "S5", 2),
    ("L2-09", "S5", 2),
    ("L2-16", "S5", 4),
    ("X-09", "S5", 2),
];

#[test]
fn every_defect_is_caught_by_its_property_with_a_shortest_trace_of_this_length() {
    for caught in &*CAUGHT {
        assert!(caught.caught, "{} survived {}", caught.id, caught.property);
    }
    let found: Vec<_> = CAUGHT
        .iter()
        .map(|caught| (caught.id, caught.property, caught.trace.len()))
        .collect();
    assert_eq!(found, PINNED);
}

#[test]
fn the_catalogue_names_every_fault_of_the_crate_once() {
    let named: Vec<&str> = all().map(|entry| entry.fault.id()).collect();
    let faults: Vec<&str> = Fault::ALL.iter().map(|fault| fault.id()).collect();
    assert_eq!(named, faults, "the same ones in the same order");
    assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), named.len());
    let published = all().filter(|entry| entry.is_published()).count();
    assert!(published >= 104, "{published}");
    let readme = include_str!("../../README.md");
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

#[test]
fn the_shipped_logic_survives_the_search_that_catches_the_defects() {
    let property = |entry: &Entry| match entry.property {
        Catcher::Projection(property) => Some(property),
        Catcher::Supervisor(..) | Catcher::Stream(..) => None,
    };
    let properties: BTreeSet<PropertyId> = CATALOGUE.iter().filter_map(property).collect();
    let plan = Plan {
        properties: properties.into_iter().collect(),
        second_opinion: false,
        ..Scope::SMALL.into()
    };
    check_subject(Shipped::default(), &plan, |_| {}).assert_verified();
}

/// A minute and a half, and so only where it is optimised: CI asks for it once.
#[cfg(not(debug_assertions))]
#[test]
fn the_shipped_supervisor_survives_the_searches_that_catch_its_defects() {
    let worlds: BTreeSet<&[Trouble]> = SUPERVISED
        .iter()
        .filter_map(|entry| match entry.property {
            Catcher::Supervisor(_, kinds) => Some(kinds),
            Catcher::Projection(_) | Catcher::Stream(..) => None,
        })
        .collect();
    for kinds in worlds {
        let world = Allowance::once(kinds);
        let broken = counterexamples(&Kernel::new(world), &Claim::ALL);
        assert!(broken.is_empty(), "with {world}: {broken:#?}");
    }
}

#[test]
fn a_defect_of_the_supervisor_that_its_claim_does_not_see_is_reported_as_a_survivor() {
    // A queue that is dropped is nobody's turn.
    let planted = Entry {
        property: Catcher::Supervisor(Claim::S3, &[Trouble::Stop]),
        ..*entry("S6-02").expect("it is in the catalogue")
    };
    let survivor = planted.run();
    assert!(!survivor.caught);
    assert_eq!((survivor.id, survivor.property), ("S6-02", "S3"));
}

#[test]
fn a_defect_of_the_supervisor_is_not_caught_where_its_trouble_does_not_occur() {
    // One deviation makes the host ask, and no other is left for a wrong answer; and nobody stops anything.
    for (id, kinds) in [("S5-03", &[Trouble::Deviation][..]), ("S10-01", &[])] {
        let entry = entry(id).expect("it is in the catalogue");
        let Catcher::Supervisor(claim, _) = entry.property else {
            panic!("{id} is of the supervisor");
        };
        let elsewhere = Entry {
            property: Catcher::Supervisor(claim, kinds),
            ..*entry
        };
        let trace = elsewhere.run().trace;
        assert!(trace.is_empty(), "{id}: {trace:#?}");
    }
}

#[test]
fn the_missing_deadline_of_l4_09_alone_is_not_what_catches_l4_01() {
    let entry = entry("L4-09").expect("it is in the catalogue");
    let quiet = Entry {
        property: Catcher::Supervisor(Claim::L4, &[Trouble::Stop]),
        ..*entry
    };
    let caught = quiet.run();
    let interrupts = |step: &TraceStep| step.action.contains("takes up: interrupt");
    assert!(!caught.trace.iter().any(interrupts), "{:#?}", caught.trace);
}

#[test]
fn the_shipped_readers_play_every_stream_as_it_went() {
    for entry in READERS {
        let Catcher::Stream(_, tape) = entry.property else {
            panic!("{:?} is of a reader", entry.fault);
        };
        assert_eq!(tape.first_difference(None), [], "{:?}", entry.fault);
    }
}

#[test]
fn a_defect_of_a_reader_that_its_stream_does_not_show_is_reported_as_a_survivor() {
    for (one, other) in READERS.iter().zip(READERS.iter().skip(1)) {
        let planted = Entry {
            property: other.property,
            ..*one
        };
        let survivor = planted.run();
        assert!(
            !survivor.caught,
            "{:?} in the stream of {:?}",
            one.fault, other.fault
        );
    }
}

#[test]
fn every_claim_of_the_supervisor_but_three_catches_a_defect_of_its_own() {
    let asked: BTreeSet<&str> = SUPERVISED
        .iter()
        .map(|entry| entry.property.as_str())
        .collect();
    let unasked: Vec<&str> = Claim::ALL
        .iter()
        .map(|claim| claim.as_str())
        .filter(|id| !asked.contains(id))
        .collect();
    // The projection's types see to S1 and S3; L5 is broken by a host with one worker for all (`supervisor.rs`).
    assert_eq!(unasked, ["S1", "S3", "L5"]);
}

#[test]
fn a_defect_that_its_property_does_not_see_is_reported_as_a_survivor() {
    // The typed transitions agree with whatever the reaper does.
    let planted = Entry {
        property: Catcher::Projection(PropertyId::T1),
        ..*entry("S2-13").expect("it is in the catalogue")
    };
    let survivor = planted.run();
    assert!(!survivor.caught);
    assert!(survivor.trace.is_empty());
    assert_eq!((survivor.id, survivor.property), ("S2-13", "T1"));
}

#[test]
fn a_defect_is_caught_by_a_counterexample_and_not_by_doubt() {
    for (caught, entry) in CAUGHT.iter().zip(all()) {
        let last = caught.trace.last().expect("a caught defect has a trace");
        // A claim of liveness is broken by a cycle; L4 also by the step that gives an interrupt up.
        let given_up = ["L4-02", "L4-04"].contains(&caught.id);
        let is_endless = entry.property.is_liveness() && !given_up;
        assert_eq!(last.cycle, is_endless, "{}", caught.id);
        let steps: Vec<usize> = caught.trace.iter().map(|step| step.step).collect();
        assert_eq!(steps, (1..=steps.len()).collect::<Vec<_>>());
    }
}

#[test]
fn stateright_sees_every_defect_of_safety_after_as_many_steps_and_not_before() {
    for (entry, caught) in CATALOGUE.iter().zip(&*CAUGHT) {
        if entry.property.is_liveness() {
            continue;
        }
        let is_seen_within = |steps: usize| {
            let world = World::new(Shipped::with_fault(entry.fault), Scope::SMALL);
            // stateright counts the start as depth 1, and does not look at what is as deep as its limit.
            let limits = Limits {
                depth: Some(steps + 2),
                ..Limits::default()
            };
            let peer = ask_stateright(world, limits, 1);
            let name = format!("{}: ", entry.property.as_str());
            peer.broken.iter().any(|broken| broken.starts_with(&name))
        };
        let steps = caught.trace.len();
        assert!(is_seen_within(steps), "{} in {steps} steps", caught.id);
        assert!(!is_seen_within(steps - 1), "{} in less", caught.id);
    }
}

#[test]
fn the_defect_of_pull_request_3159_is_told_as_a_story() {
    let caught = CAUGHT.iter().find(|caught| caught.id == "S1-01");
    let trace = &caught.expect("it was put back").trace;
    let story: String = trace.iter().map(|step| format!("{step}\n")).collect();
    let expected = include_str!("faults/s1_01.txt");
    assert_eq!(story, expected, "the story is now:\n{story}");
}
