//! T1, O1 and O2 outside the world's bounds: every valid session of three turns, reachable or not, times every event.

use session_lifecycle::{
    AnySession, Fault, Ignored, Message, Outcome, SessionRecord, Status, Step, TurnId,
};
use session_lifecycle_model::world::Told;
use session_lifecycle_model::{Packed, typed_transition};

fn sessions() -> impl Iterator<Item = Packed> {
    Packed::every().filter(|packed| packed.record().broken().is_empty())
}

/// Every session times every event; how many pairs that was.
fn each_pair(mut ask: impl FnMut(Packed, Told)) -> usize {
    let events = Told::all();
    let mut pairs = 0;
    for packed in sessions() {
        for told in &events {
            ask(packed, *told);
            pairs += 1;
        }
    }
    pairs
}

const PAIRS: usize = 20_188 * 47;

#[test]
fn the_typed_transitions_and_apply_agree_wherever_a_typed_one_is_meant() {
    let mut meant = 0;
    let pairs = each_pair(|packed, told| {
        let event = told.event();
        if let Some((typed, refused)) = typed_transition(packed.unpack(None), &event) {
            meant += 1;
            let Step { session, outcome } = packed.unpack(None).apply(event);
            assert_eq!(typed, session, "{told} in {:?}", packed.record());
            if let Some(why) = refused {
                assert_eq!(why, outcome, "{told} in {:?}", packed.record());
            }
        }
    });
    assert_eq!(pairs, PAIRS);
    // Announcements, states of the session, the exit and two states of the thread, in every session; and turns.
    assert!(meant > 20_188 * 12, "{meant} of {pairs}");
}

#[test]
fn a_second_delivery_changes_nothing_and_is_never_a_new_transition_of_a_turn() {
    let pairs = each_pair(|packed, told| {
        let first = packed.unpack(None).apply(told.event()).session;
        let record = SessionRecord::from(&first);
        let Step { session, outcome } = first.apply(told.event());
        assert_eq!(
            SessionRecord::from(&session),
            record,
            "{told} twice: {outcome}"
        );
        if let Outcome::Applied(transition) = outcome {
            assert_eq!(
                transition.turn,
                None,
                "{told} twice in {:?}",
                packed.record()
            );
        }
    });
    assert_eq!(pairs, PAIRS);
}

/// The part that a host shows.
fn shown(session: &AnySession) -> (Status, Option<TurnId>, Option<Message>, bool) {
    (
        session.status(),
        session.active_turn().cloned(),
        session.last_error().cloned(),
        session.is_closed(),
    )
}

#[test]
fn a_rejected_event_changes_nothing_and_an_ignored_one_nothing_that_is_shown() {
    let (mut ignored, mut rejected) = (0, 0);
    let pairs = each_pair(|packed, told| {
        let before = packed.unpack(None);
        let (was, record) = (shown(&before), SessionRecord::from(&before));
        let Step { session, outcome } = before.apply(told.event());
        match outcome {
            Outcome::Applied(_) => {}
            Outcome::Ignored(why) => {
                ignored += 1;
                assert_eq!(shown(&session), was, "{told}: {why}");
            }
            Outcome::Rejected(why) => {
                rejected += 1;
                assert_eq!(SessionRecord::from(&session), record, "{told}: {why}");
            }
        }
    });
    assert_eq!(pairs, PAIRS);
    assert!(
        ignored > 0 && rejected > 0,
        "{ignored} ignored, {rejected} rejected"
    );
}

#[test]
fn every_refusal_tells_its_reason_in_a_sentence_and_in_a_code() {
    each_pair(|packed, told| {
        let (sentence, code) = match packed.unpack(None).apply(told.event()).outcome {
            Outcome::Applied(_) => return,
            Outcome::Ignored(why) => (why.to_string(), Ignored::code(&why)),
            Outcome::Rejected(why) => (why.to_string(), why.code()),
        };
        assert!(sentence.contains(' '), "{told}: {sentence}");
        assert!(
            code.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
            "{code}"
        );
    });
}

#[test]
fn the_comparison_sees_a_defect_in_apply() {
    // The typed transitions have no defects: wherever one changes what apply does, the two differ.
    for fault in [Fault::S1_01, Fault::S1_04, Fault::L2_10] {
        let mut differ = 0;
        each_pair(|packed, told| {
            let event = told.event();
            if let Some((typed, _)) = typed_transition(packed.unpack(None), &event) {
                let faulty = packed.unpack(Some(fault)).apply(event).session;
                differ += usize::from(SessionRecord::from(&typed) != SessionRecord::from(&faulty));
            }
        });
        assert!(differ > 0, "{fault:?} is not seen");
    }
}
