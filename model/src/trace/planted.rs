//! Each voice is spoilt in turn: the others notice, and it is the one that is named.

use session_lifecycle::Fault;

use super::oracle::Oracle;
use super::voices::Cast;
use super::{Replayed, Trace, Voice};
use crate::shipped::Shipped;

/// A turn that its session leaves without a report, and that is said to start once more.
fn trace() -> Trace {
    let log = concat!(
        "{\"type\":\"turn.started\",\"threadId\":\"th\",\"turnId\":\"t-1\"}\n",
        "{\"type\":\"session.state.changed\",\"threadId\":\"th\",\"payload\":{\"state\":\"ready\"}}\n",
        "{\"type\":\"turn.started\",\"threadId\":\"th\",\"turnId\":\"t-1\"}\n",
    );
    Trace::of_log(log.as_bytes(), None).unwrap()
}

fn replayed(cast: Cast) -> Replayed {
    cast.replay(&trace()).unwrap()
}

/// The step and the voices of the first disagreement.
fn first(replayed: &Replayed) -> Option<(usize, Vec<Voice>)> {
    assert_eq!(replayed.exit_code(), u8::from(!replayed.agree));
    let step = replayed
        .steps
        .iter()
        .find(|step| !step.disagree.is_empty())?;
    Some((step.step, step.disagree.clone()))
}

#[test]
fn voices_that_are_sound_agree() {
    assert_eq!(first(&replayed(Cast::default())), None);
}

#[test]
fn a_defect_in_the_library_alone_is_the_librarys() {
    let replayed = replayed(Cast {
        library: Some(Fault::S1_01),
        ..Cast::default()
    });
    assert_eq!(first(&replayed), Some((2, vec![Voice::Library])));
    assert!(
        replayed.to_string().contains(
            "At step 2 the library DISAGREES with the others:\n  \
             the library says ready t-1 (applied)\n  \
             the model says ready latest t-1 | t-1 unreported (inferred)\n  \
             the oracle says ready latest t-1 | t-1 unreported (inferred) (applied)\n"
        ),
        "{replayed}"
    );
}

#[test]
fn a_defect_in_the_model_alone_is_the_models() {
    let replayed = replayed(Cast {
        model: Shipped::with_fault(Fault::S3_01),
        ..Cast::default()
    });
    assert_eq!(first(&replayed), Some((3, vec![Voice::Model])));
    assert_eq!(
        replayed.steps[2].model.as_deref(),
        Some("running t-1 | t-1 unreported (inferred)")
    );
}

#[test]
fn a_defect_in_the_oracle_alone_is_the_oracles_be_it_in_what_it_merely_remembers() {
    let forgets: fn(&mut Oracle) = |oracle| oracle.ledger.clear();
    let replayed = replayed(Cast {
        spoil: Some(forgets),
        ..Cast::default()
    });
    assert_eq!(first(&replayed), Some((2, vec![Voice::Oracle])));
    assert_eq!(replayed.steps[1].oracle, "ready latest t-1 (applied)");
}

#[test]
fn where_the_model_has_one_text_for_all_errors_library_and_oracle_are_both_named() {
    let log = "{\"type\":\"runtime.error\",\"threadId\":\"th\",\"payload\":{\"message\":\"no\"}}\n";
    let babbles: fn(&mut Oracle) = |oracle| oracle.last_error = Some("yes".to_owned());
    let cast = Cast {
        spoil: Some(babbles),
        ..Cast::default()
    };
    let replayed = cast
        .replay(&Trace::of_log(log.as_bytes(), None).unwrap())
        .unwrap();
    assert_eq!(
        first(&replayed),
        Some((1, vec![Voice::Library, Voice::Oracle]))
    );
}
