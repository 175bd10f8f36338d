//! The fault catalogue: every published defect that is put back is caught, by the property that the catalogue names.

mod catalogue;
mod pinned;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::thread;

use session_lifecycle_model::engine::{Limits, ask_stateright};
use session_lifecycle_model::faults::{
    CATALOGUE, Catcher, Caught, Entry, READERS, SUPERVISED, all, entry,
};
use session_lifecycle_model::kernel::{Allowance, Claim, Kernel, Trouble, counterexamples};
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

/// All of their worlds where `SESSION_LIFECYCLE_LONG` is set, which takes most of a minute: CI asks for it once.
#[test]
fn the_shipped_supervisor_survives_the_searches_that_catch_its_defects() {
    let worlds: BTreeSet<&[Trouble]> = SUPERVISED
        .iter()
        .filter_map(|entry| match entry.property {
            Catcher::Supervisor(_, kinds) => Some(kinds),
            Catcher::Projection(_) | Catcher::Stream(..) => None,
        })
        .collect();
    let is_long = std::env::var_os("SESSION_LIFECYCLE_LONG").is_some();
    let worlds = worlds
        .into_iter()
        .filter(|kinds| is_long || kinds.len() < 2);
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
    // The projection's types see to S1 and S3; L5 is broken by a host with one worker for all (`tests/supervisor.rs`).
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
        // A claim of liveness is broken by a cycle; L4 also by the step that gives an interrupt up, or refuses it.
        let given_up = ["L4-02", "L4-04", "L4-13"].contains(&caught.id);
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
    let expected = include_str!("s1_01.txt");
    assert_eq!(story, expected, "the story is now:\n{story}");
}
