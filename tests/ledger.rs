//! The ledger finds the turn that is meant, whatever the ids look like.

use session_lifecycle::{AnySession, Event, SessionRecord, Settlement, TurnId, TurnResult};

/// Pairs of ids that the ledger's short form does not tell apart (found by trying; another short form needs others).
const ALIKE: [[&str; 2]; 4] = [
    ["turn-edfab598e775", "turn-c6c50f674e54"],
    ["turn-54ba8d746432", "turn-65c5cdd476e0"],
    ["turn-8889021e0370", "turn-16ef1a9f717d"],
    ["turn-fed8801a8378", "turn-5eebb9a4390d"],
];

fn settled(session: AnySession, turn: &str, result: TurnResult) -> AnySession {
    let event = Event::TurnCompleted {
        turn: Some(TurnId::from(turn)),
        result,
        message: None,
    };
    session.apply(event).session
}

#[test]
fn turns_whose_ids_share_a_short_form_settle_each_for_itself() {
    for [a, b] in ALIKE {
        for [first, second] in [[a, b], [b, a]] {
            let session = settled(AnySession::new(), first, TurnResult::Completed);
            assert_eq!(session.ledger().get(second), None);
            let session = settled(session, second, TurnResult::Interrupted);
            let how = |turn| session.ledger().get(turn);
            assert_eq!(
                how(first),
                Some(Settlement::Reported(TurnResult::Completed))
            );
            assert_eq!(
                how(second),
                Some(Settlement::Reported(TurnResult::Interrupted))
            );
        }
    }
}

#[test]
fn the_same_turns_settled_in_any_order_give_the_same_ledger_which_tells_them_by_id() {
    let ids: Vec<&str> = ALIKE.into_iter().flatten().collect();
    let all = |ids: &mut dyn Iterator<Item = &&str>| {
        ids.fold(AnySession::new(), |session, id| {
            settled(session, id, TurnResult::Completed)
        })
    };
    let (forth, back) = (all(&mut ids.iter()), all(&mut ids.iter().rev()));
    assert_eq!(forth.ledger(), back.ledger());
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    let told: Vec<&str> = forth.ledger().iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(told, sorted);
}

/// A record's turns enter the ledger at once, and sorted; those of events enter it one by one.
#[test]
fn a_record_of_many_turns_is_read_as_the_ledger_into_which_they_were_folded() {
    let ids: Vec<String> = (0..2_000).map(|at| format!("turn-{at:012}")).collect();
    let ids = ids.iter().map(String::as_str);
    let alike = ALIKE.iter().flatten().copied();
    let folded = ids.chain(alike).fold(AnySession::new(), |session, id| {
        settled(session, id, TurnResult::Completed)
    });
    let read = AnySession::try_from(SessionRecord::from(&folded)).expect("it was a session");
    assert_eq!(read, folded);
    let late = |session: AnySession| {
        ALIKE.iter().flatten().fold(session, |session, id| {
            settled(session, id, TurnResult::Failed)
        })
    };
    assert_eq!(
        late(read),
        late(folded),
        "each turn is found where it was put"
    );
}
