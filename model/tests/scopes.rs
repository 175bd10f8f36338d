//! The size of the model, scope by scope: what it means, pinned.

use std::sync::LazyLock;

use session_lifecycle_model::engine::{Explored, Limits, explore};
use session_lifecycle_model::world::{Action, Point, World};
use session_lifecycle_model::{Packed, PropertyId, Report, Scope, Shipped, Verdict, check};

static SMALL: LazyLock<Explored<World<Shipped>>> =
    LazyLock::new(|| explore(&small(), Limits::default(), |_| {}));

fn small() -> World<Shipped> {
    World::new(Shipped::default(), Scope::SMALL)
}

fn assert_size(report: &Report, states: usize, edges: usize, depth: usize) {
    report.assert_verified();
    assert_eq!(
        (report.states, report.edges, report.depth),
        (states, edges, depth)
    );
    let peer = report.peer.as_ref().expect("stateright was asked");
    assert!(peer.agrees, "{report}");
    assert_eq!(peer.states, states);
}

/// The default scope is ten times the small one, and so only where `SESSION_LIFECYCLE_LONG` is set: CI asks for it once.
#[test]
fn each_scope_is_verified_and_both_engines_see_this_many_states() {
    assert_size(&check(Scope::SMALL), 148_028, 938_757, 20);
    if std::env::var_os("SESSION_LIFECYCLE_LONG").is_some() {
        assert_size(&check(Scope::DEFAULT), 1_864_336, 12_879_856, 24);
    }
}

#[test]
fn a_state_of_the_model_is_32_bytes_and_4_of_them_are_the_session() {
    assert_eq!(size_of::<Point<Packed>>(), 32);
    assert_eq!(size_of::<Packed>(), 4);
}

#[test]
fn the_small_scope_takes_at_most_24_bytes_a_state_and_6_an_edge_beside_the_places_where_edges_begin()
 {
    let Explored { graph, .. } = &*SMALL;
    let state = graph.state_bytes() as f64 / graph.len() as f64;
    assert!((12.0..24.0).contains(&state), "{state} bytes a state");
    let edges = graph.bytes() - graph.state_bytes() - 4 * graph.len();
    let edge = edges as f64 / graph.edge_count() as f64;
    assert!((5.0..6.0).contains(&edge), "{edge} bytes an edge");
}

#[test]
fn the_states_of_the_small_scope_have_few_different_parts() {
    let parts = SMALL.graph.parts();
    assert!(parts.iter().all(|many| *many > 1), "{parts:?}");
    assert!(
        parts.iter().sum::<usize>() * 10 < SMALL.graph.len(),
        "{parts:?}"
    );
}

#[test]
fn each_property_has_a_witness_in_the_small_scope() {
    let world = small();
    for id in PropertyId::ALL {
        let witnesses = SMALL
            .graph
            .states()
            .filter(|point| id.is_witnessed(&world, point))
            .count();
        assert!(witnesses > 0, "{id}: {} never occurs", id.witness());
        assert!(
            witnesses < SMALL.graph.len(),
            "{id}: {} says nothing",
            id.witness()
        );
    }
}

#[test]
fn no_state_of_the_small_scope_breaks_a_property() {
    let world = small();
    for id in PropertyId::ALL {
        let broken = SMALL
            .graph
            .states()
            .find(|point| id.is_broken(&world, point));
        assert!(broken.is_none(), "{id}: {broken:?}");
    }
}

#[test]
fn every_action_of_the_world_happens_in_the_small_scope_but_noise_which_changes_nothing() {
    let mut never = Action::all();
    for at in (0..).take(SMALL.graph.len()) {
        never.retain(|action| !SMALL.graph.edges(at).any(|(taken, _)| taken == action));
    }
    assert_eq!(never, [Action::Noise]);
}

#[test]
fn the_default_scope_has_three_turns_and_three_events_in_flight() {
    assert_eq!((Scope::DEFAULT.turns, Scope::DEFAULT.in_flight), (3, 3));
    assert_eq!(Scope::default(), Scope::DEFAULT);
}

#[test]
fn each_scope_is_found_by_its_name_and_a_larger_one_has_no_less_of_anything() {
    for scope in Scope::NAMED {
        assert_eq!(Scope::named(scope.name), Some(scope));
    }
    assert_eq!(Scope::named("huge"), None);
    for pair in Scope::NAMED.windows(2) {
        let size = |scope: Scope| {
            let budget = scope.budget;
            [
                scope.turns,
                scope.in_flight,
                budget.launches,
                budget.deviations,
                budget.crashes,
                budget.restarts,
                budget.duplicates,
            ]
        };
        let grows = size(pair[0])
            .into_iter()
            .zip(size(pair[1]))
            .all(|(less, more)| less <= more);
        assert!(grows, "{} and {}", pair[0].name, pair[1].name);
    }
}

#[test]
fn the_bounds_are_stated_with_every_verdict() {
    let report = check(Scope::SMALL);
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(report.bounds, Scope::SMALL.to_string());
    for property in &report.properties {
        assert!(
            property.bounds.starts_with(&report.bounds),
            "{}",
            property.id
        );
    }
    let bounds = |id| &report.property(id).expect("all were asked").bounds;
    for id in [PropertyId::S1, PropertyId::S3, PropertyId::S8] {
        assert!(bounds(id).contains("runs of any length"), "{id}");
    }
    for id in [PropertyId::L1, PropertyId::L2] {
        assert!(bounds(id).contains("weak fairness"), "{id}");
    }
}
