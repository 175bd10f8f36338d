//! Sequences of events that went wrong once, kept as what they are: `fixtures/regressions.txt`.

mod checks;
#[path = "../model/src/trace/oracle.rs"]
mod oracle;
mod story;

use checks::{
    agrees_with_oracle, invariants, redelivery_changes_nothing, refusals_change_nothing,
    reported_turns_are_past, survives,
};
use oracle::Oracle;
use session_lifecycle::{AnySession, Event, SessionRecord};

/// A kept sequence: its id, what it shows, and after each event what is expected.
struct Kept {
    id: &'static str,
    title: &'static str,
    steps: Vec<(Event, &'static str)>,
}

fn kept() -> Vec<Kept> {
    let mut sequences: Vec<Kept> = Vec::new();
    for line in include_str!("fixtures/regressions.txt").lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let (id, title) = heading.split_once(' ').expect("an id and a title");
            let steps = Vec::new();
            sequences.push(Kept { id, title, steps });
        } else if let Some((event, expected)) = line.split_once(" => ") {
            let sequence = sequences.last_mut().expect("a heading comes first");
            sequence.steps.push((story::event(event), expected));
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "{line}");
        }
    }
    sequences
}

/// Folds a kept sequence; the first event that goes another way is an error.
fn goes_as_expected(mut session: AnySession, sequence: &Kept) -> Result<(), String> {
    for (event, expected) in &sequence.steps {
        let step = session.apply(event.clone());
        session = step.session;
        let answer = step.outcome.reason().unwrap_or("applied");
        let found = format!("{answer} {}", Oracle::of(&session));
        if found != *expected {
            let line = story::line(event);
            return Err(format!(
                "{} {}: {line}\nexpected {expected}\n   found {found}",
                sequence.id, sequence.title
            ));
        }
    }
    Ok(())
}

#[test]
fn every_kept_sequence_goes_as_expected() {
    let sequences = kept();
    assert_eq!(sequences[0].id, "X-02");
    assert!(sequences.len() >= 26, "{} sequences", sequences.len());
    for sequence in &sequences {
        assert!(sequence.steps.len() >= 2, "{} is empty", sequence.id);
        goes_as_expected(AnySession::new(), sequence).unwrap_or_else(|what| panic!("{what}"));
    }
}

#[test]
fn every_kept_sequence_has_every_property() {
    for sequence in kept() {
        let events: Vec<Event> = sequence.steps.into_iter().map(|(event, _)| event).collect();
        let through = |session: &AnySession| {
            AnySession::try_from(SessionRecord::from(session)).map_err(|why| why.to_string())
        };
        for found in [
            agrees_with_oracle(AnySession::new(), &events),
            redelivery_changes_nothing(AnySession::new(), &events),
            refusals_change_nothing(AnySession::new(), &events),
            reported_turns_are_past(AnySession::new(), &events),
            invariants(AnySession::new(), &events),
            survives(through, &events),
        ] {
            found.unwrap_or_else(|what| panic!("{}: {what}", sequence.id));
        }
    }
}

#[test]
fn planted_a_wrong_expectation_at_the_end_of_any_sequence_is_found() {
    for mut sequence in kept() {
        sequence.steps.last_mut().expect("a step").1 = "applied idle";
        let found = goes_as_expected(AnySession::new(), &sequence);
        assert!(found.is_err(), "{}", sequence.id);
    }
}

/// Every fault of the fold has a sequence of its own here, which goes wrong once the fault is put back.
#[cfg(feature = "faults")]
#[test]
fn planted_every_published_fault_of_the_fold_breaks_its_sequence() {
    use session_lifecycle::{Fault, FaultLayer};

    let sequences = kept();
    let elsewhere = [
        "S1-03", "S2-01", "S2-03", "S2-13", "S8-02", "L1-02", "L1-06",
    ];
    for fault in Fault::ALL {
        let faulty = || AnySession::new().with_fault(Some(*fault));
        let broken = sequences
            .iter()
            .any(|kept| kept.id == fault.id() && goes_as_expected(faulty(), kept).is_err());
        let is_of_the_fold =
            fault.layer() == FaultLayer::Projection && !elsewhere.contains(&fault.id());
        assert_eq!(broken, is_of_the_fold, "{}", fault.id());
    }
}
