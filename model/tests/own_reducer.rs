//! A host's own reducer, checked in a test of its own: T3 Code's of May 2026, the same with the fix of pull request
//! 3159, and one that leaves the work to the crate.

mod t3_code;

use session_lifecycle::{AnySession, Event, SessionRecord, SessionState, Status, TurnId};
use session_lifecycle_model::engine::{Limits, explore};
use session_lifecycle_model::world::World;
use session_lifecycle_model::{
    Own, Plan, PropertyId, Reducer, Report, Scope, Verdict, check_reducer,
};
use t3_code::{FixedIn3159, OfMay2026};

/// A turn, and then a session that is ready although no terminal event has come.
fn ready_in_the_middle_of_a_turn() -> [Event; 3] {
    [
        Event::SessionStarted,
        Event::TurnStarted {
            turn: Some("A".into()),
        },
        Event::SessionStateChanged {
            state: SessionState::Ready,
            reason: None,
        },
    ]
}

fn concluded(report: &Report, verdict: Verdict) -> Vec<&'static str> {
    let of = report
        .properties
        .iter()
        .filter(|property| property.verdict == verdict);
    of.map(|property| property.id).collect()
}

fn story(report: &Report, id: PropertyId) -> Vec<&str> {
    let property = report.property(id).expect("it was asked");
    property
        .trace
        .iter()
        .map(|step| step.action.as_str())
        .collect()
}

#[test]
fn the_reducer_of_may_2026_points_at_a_turn_when_ready() {
    let report = check_reducer::<OfMay2026>(Scope::SMALL);
    assert_eq!(report.verdict, Verdict::Violated);
    let s1 = report.property(PropertyId::S1).expect("it was asked");
    assert_eq!(s1.verdict, Verdict::Violated);
    assert_eq!(
        concluded(&report, Verdict::Violated),
        ["S1", "S2", "S3", "S4", "L1", "L2"]
    );
}

#[test]
fn the_shortest_way_to_a_turn_in_a_failed_session_is_an_error_report() {
    // Nearer than the defect of pull request 3159: `error` is inactive too.
    let report = check_reducer::<OfMay2026>(Scope::SMALL);
    let story = story(&report, PropertyId::S1);
    assert!(
        story
            .last()
            .is_some_and(|last| last.contains("runtime.error A")),
        "{story:?}"
    );
}

#[test]
fn the_reducer_of_may_2026_keeps_its_turn_through_the_change_that_pull_request_3159_mends() {
    let mut session = OfMay2026::new();
    for event in ready_in_the_middle_of_a_turn() {
        session.apply(&event);
    }
    assert_eq!(
        (session.status(), session.active_turn()),
        (Status::Ready, Some("A"))
    );

    let mut session = FixedIn3159::new();
    for event in ready_in_the_middle_of_a_turn() {
        session.apply(&event);
    }
    assert_eq!(
        (session.status(), session.active_turn()),
        (Status::Ready, None)
    );
}

/// Whether the world can lead a reducer to a session that is ready and points at a turn.
fn comes_to_be_ready_with_a_turn<R: Reducer>() -> bool {
    let world = World::new(Own::<R>::default(), Scope::SMALL);
    let graph = explore(&world, Limits::default(), |_| {}).graph;
    let mut sessions = graph.states().map(|point| point.session);
    sessions.any(|session| session.status() == Status::Ready && session.active_turn().is_some())
}

#[test]
fn pull_request_3159_rules_out_a_ready_session_with_a_turn() {
    assert!(comes_to_be_ready_with_a_turn::<OfMay2026>());
    assert!(!comes_to_be_ready_with_a_turn::<FixedIn3159>());
}

#[test]
fn the_fix_of_pull_request_3159_leaves_the_turn_of_an_error_and_five_more_properties() {
    let report = check_reducer::<FixedIn3159>(Scope::SMALL);
    assert_eq!(report.verdict, Verdict::Violated);
    assert_eq!(
        concluded(&report, Verdict::Violated),
        ["S1", "S2", "S3", "S4", "L1", "L2"]
    );
}

/// A host that stores plain data, and leaves the deciding to the crate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Leaning(SessionRecord);

impl Reducer for Leaning {
    fn new() -> Self {
        Self(SessionRecord::from(&AnySession::new()))
    }
    fn apply(&mut self, event: &Event) {
        let session = AnySession::try_from(self.0.clone()).expect("only sessions are stored");
        self.0 = SessionRecord::from(&session.apply(event.clone()).session);
    }
    fn status(&self) -> Status {
        self.0.status
    }
    fn active_turn(&self) -> Option<&str> {
        self.0.active_turn.as_ref().map(TurnId::as_str)
    }
}

#[test]
fn a_reducer_that_leaves_the_work_to_the_crate_is_verified_on_all_that_it_can_be_asked() {
    let report = check_reducer::<Leaning>(Scope::SMALL);
    report.assert_verified();
    assert_eq!(
        concluded(&report, Verdict::Verified),
        ["S1", "S2", "S3", "S4", "L1", "L2"]
    );
    assert!(report.states > 100_000, "{report}");
}

#[test]
fn what_a_reducer_cannot_be_asked_is_inconclusive_and_not_passed_over() {
    use PropertyId::{O1, O2, S1, S8, T1};
    let plan = Plan {
        properties: vec![S1, S8, T1, O1, O2],
        second_opinion: false,
        ..Scope::SMALL.into()
    };
    let report = check_reducer::<Leaning>(plan);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert_eq!(concluded(&report, Verdict::Verified), ["S1"]);
    assert_eq!(
        concluded(&report, Verdict::Inconclusive),
        ["S8", "T1", "O1", "O2"]
    );
}

/// The crate's own sessions, with a number of the events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Counting(u64, Leaning);

impl Reducer for Counting {
    fn new() -> Self {
        Self(0, Leaning::new())
    }
    fn apply(&mut self, event: &Event) {
        self.0 += 1;
        self.1.apply(event);
    }
    fn status(&self) -> Status {
        self.1.status()
    }
    fn active_turn(&self) -> Option<&str> {
        self.1.active_turn()
    }
}

#[test]
fn a_reducer_that_counts_is_inconclusive_and_told_why() {
    let limits = Limits {
        states: Some(1_000),
        ..Limits::default()
    };
    let plan = Plan {
        limits,
        ..Scope::SMALL.into()
    };
    let report = check_reducer::<Counting>(plan);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    let told = report.to_string();
    assert!(
        told.contains("\nnote    a reducer that counts or keeps times"),
        "{told}"
    );
}

/// A reducer that takes it for granted that an exit finds no turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Certain(Leaning);

impl Reducer for Certain {
    fn new() -> Self {
        Self(Leaning::new())
    }
    fn apply(&mut self, event: &Event) {
        if *event == Event::SessionExited {
            assert_eq!(self.active_turn(), None, "an exit finds no turn");
        }
        self.0.apply(event);
    }
    fn status(&self) -> Status {
        self.0.status()
    }
    fn active_turn(&self) -> Option<&str> {
        self.0.active_turn()
    }
    fn restarted(&mut self) {
        self.0.restarted();
    }
}

#[test]
#[should_panic(
    expected = "the reducer panicked: SessionExited came to Certain(Leaning(SessionRecord { status: Running, \
                           active_turn: Some(\"A\")"
)]
fn a_reducer_that_panics_is_told_the_event_and_the_session() {
    let _ = check_reducer::<Certain>(Scope::SMALL);
}
