//! The graph engine against stateright's checker and against a breadth-first search that is obviously right.

mod digraph;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use digraph::crowded::Crowded;
use digraph::{Digraph, Take};
use session_lifecycle_model::engine::{
    Cut, Explored, Graph, Grid, Limits, NONE, ask_stateright, explore,
};

fn explored(model: &Digraph) -> Explored<Digraph> {
    explore(model, Limits::default(), |_| {})
}

fn numbers(graph: &Graph<Digraph>) -> BTreeMap<u16, u32> {
    graph.states().zip(0..).collect()
}

/// A way from 0 to 9 and back by ones, with a short cut from 2 to 8.
fn ring() -> Digraph {
    let ones = (0..10).map(|at| (at, (at + 1) % 10));
    Digraph::new(&[0], ones.chain([(2, 8)]))
}

#[test]
fn it_sees_the_states_that_stateright_sees() {
    for seed in 0..40 {
        let model = Digraph::random(seed);
        let ours = explored(&model);
        let distances = model.distances();
        assert!(ours.cut.is_none());
        assert_eq!(
            numbers(&ours.graph).into_keys().collect::<BTreeSet<_>>(),
            distances.into_keys().collect::<BTreeSet<_>>(),
            "seed {seed}"
        );
        for threads in [1, 2] {
            let peer = ask_stateright(model.clone(), Limits::default(), threads);
            assert_eq!(
                ours.graph.len(),
                peer.states,
                "seed {seed}, {threads} threads"
            );
            assert!(peer.broken.is_empty() && !peer.answered);
        }
    }
}

#[test]
fn it_keeps_every_edge_that_stays_inside_also_the_parallel_ones() {
    for seed in 0..40 {
        let model = Digraph::random(seed);
        let Explored { graph, .. } = explored(&model);
        let mut all = 0;
        for (state, at) in numbers(&graph) {
            let kept: Vec<u16> = graph
                .edges(at)
                .map(|(_, to)| graph.state(to).expect("an edge leads to a state"))
                .collect();
            assert_eq!(kept, model.after(state).collect::<Vec<_>>(), "seed {seed}");
            all += kept.len();
        }
        assert_eq!(graph.edge_count(), all, "seed {seed}");
    }
}

#[test]
fn the_way_to_each_state_is_a_shortest_one() {
    for seed in 0..40 {
        let model = Digraph::random(seed);
        let Explored { graph, depth, .. } = explored(&model);
        let distances = model.distances();
        assert_eq!(depth, *distances.values().max().expect("there is a start"));
        let depths = graph.depths();
        for (state, at) in numbers(&graph) {
            let way: Vec<u16> = graph
                .way_to(at)
                .into_iter()
                .map(|at| graph.state(at).expect("a way goes by states"))
                .collect();
            assert_eq!(way.len(), distances[&state] + 1, "seed {seed}: {way:?}");
            assert_eq!(depths[at as usize] as usize, distances[&state]);
            assert!(model.starts.contains(&way[0]));
            assert_eq!(way.last(), Some(&state));
            for leg in way.windows(2) {
                assert!(model.after(leg[0]).any(|to| to == leg[1]), "{leg:?}");
            }
        }
    }
}

#[test]
fn the_states_are_numbered_by_their_distance() {
    for seed in 0..40 {
        let depths = explored(&Digraph::random(seed)).graph.depths();
        assert!(depths.is_sorted(), "seed {seed}: {depths:?}");
    }
}

#[test]
fn keys_that_all_belong_in_one_place_are_told_apart() {
    for seed in 0..4 {
        let model = Digraph::random_of(seed, 1_000, 500);
        let (plain, crowded) = (
            explored(&model),
            explore(&Crowded(model), Limits::default(), |_| {}),
        );
        let (plain, crowded) = (plain.graph, crowded.graph);
        assert!(plain.len() > 500, "seed {seed}");
        assert!(plain.states().eq(crowded.states()), "seed {seed}");
        for at in 0..u32::try_from(plain.len()).expect("it is small") {
            assert!(plain.edges(at).eq(crowded.edges(at)), "seed {seed}");
            assert_eq!(plain.way_to(at), crowded.way_to(at), "seed {seed}");
        }
    }
}

#[test]
fn a_grid_reads_as_what_was_noted_last_and_blank_everywhere_else() {
    let mut grid = Grid::blank(NONE);
    let mut noted = HashMap::new();
    // Rows and columns in no order, so that it grows in both directions, and some cells twice.
    for value in 0..600_u32 {
        let (row, column) = (value * 7 % 50, value * 13 % (1 + value / 4));
        grid.put(row, column, value);
        noted.insert((row, column), value);
        let (row, column) = (value * 11 % 60, value * 5 % 160);
        let expected = noted.get(&(row, column)).copied().unwrap_or(NONE);
        assert_eq!(grid.get(row, column), expected);
    }
    for row in 0..60 {
        for column in 0..300 {
            let expected = noted.get(&(row, column)).copied().unwrap_or(NONE);
            assert_eq!(grid.get(row, column), expected, "{row}, {column}");
        }
    }
}

#[test]
fn a_short_cut_is_taken() {
    let Explored { graph, depth, .. } = explored(&ring());
    let at = numbers(&graph)[&8];
    let way: Vec<u16> = graph
        .way_to(at)
        .iter()
        .map(|at| graph.state(*at).unwrap())
        .collect();
    assert_eq!(way, [0, 1, 2, 8]);
    assert_eq!((graph.len(), graph.edge_count(), depth), (10, 11, 7));
}

#[test]
fn an_action_between_two_states_is_one_that_leads_from_one_to_the_other() {
    let Explored { graph, .. } = explored(&ring());
    let at = numbers(&graph);
    assert_eq!(graph.action_between(at[&2], at[&8]), Some(&Take(1)));
    assert_eq!(graph.action_between(at[&2], at[&3]), Some(&Take(0)));
    assert_eq!(graph.action_between(at[&8], at[&2]), None);
}

#[test]
fn each_of_two_initial_states_is_a_start() {
    let model = Digraph::new(&[0, 5, 0], [(0, 1), (5, 6), (6, 1), (1, 2)]);
    let Explored { graph, depth, .. } = explored(&model);
    assert_eq!((graph.len(), graph.edge_count(), depth), (5, 4, 2));
    for start in [0, 1] {
        assert_eq!(graph.way_to(start), [start], "a start has no way before it");
    }
}

#[test]
fn a_state_out_of_bounds_is_not_entered_also_as_a_start() {
    let model = Digraph {
        most: 3,
        ..Digraph::new(&[7, 0], [(0, 1), (1, 4), (4, 2), (1, 3), (7, 2)])
    };
    let Explored { graph, .. } = explored(&model);
    let states: Vec<u16> = graph.states().collect();
    assert_eq!(states, [0, 1, 3], "4 would have led to 2");
    assert_eq!(graph.edge_count(), 2, "an edge out of bounds is none");
}

#[test]
fn a_search_names_the_limit_that_cut_it() {
    let cut = |limits| explore(&ring(), limits, |_| {}).cut;
    let all = Limits::default();
    assert_eq!(cut(all), None);
    let depth = |depth| Limits {
        depth: Some(depth),
        ..all
    };
    let states = |states| Limits {
        states: Some(states),
        ..all
    };
    assert_eq!(cut(depth(4)), Some(Cut::Depth(4)));
    assert_eq!(cut(depth(8)), None);
    assert_eq!(cut(states(4)), Some(Cut::States(4)));
    assert_eq!(cut(states(10)), None);
    let time = Limits {
        time: Some(Duration::ZERO),
        ..all
    };
    assert_eq!(cut(time), Some(Cut::Time(Duration::ZERO)));
}

#[test]
fn a_search_that_was_cut_at_a_depth_has_all_states_up_to_there_and_no_deeper_one() {
    for seed in 0..10 {
        let model = Digraph::random(seed);
        let distances = model.distances();
        for depth in 0..4 {
            let limits = Limits {
                depth: Some(depth),
                ..Limits::default()
            };
            let Explored { graph, .. } = explore(&model, limits, |_| {});
            let near = distances.iter().filter(|(_, far)| **far <= depth);
            let near: BTreeSet<u16> = near.map(|(state, _)| *state).collect();
            assert_eq!(numbers(&graph).into_keys().collect::<BTreeSet<_>>(), near);
        }
    }
}

#[test]
fn a_state_that_was_met_and_not_expanded_has_no_edges() {
    let limits = Limits {
        depth: Some(2),
        ..Limits::default()
    };
    let Explored { graph, .. } = explore(&ring(), limits, |_| {});
    let last = u32::try_from(graph.len() - 1).expect("it is small");
    assert_eq!(graph.edges(last).count(), 0);
    assert_eq!(graph.edges(0).count(), 1);
}

#[test]
fn the_progress_ends_with_what_was_found() {
    let mut told = Vec::new();
    let Explored { graph, depth, .. } = explore(&ring(), Limits::default(), |now| told.push(now));
    let last = told.last().expect("progress is told at least once");
    assert_eq!(
        (last.states, last.edges, last.depth),
        (graph.len(), graph.edge_count(), depth)
    );
}

#[test]
fn a_graph_takes_at_least_its_states_and_edges_and_at_most_a_few_times_that() {
    let long = Digraph::new(
        &[0],
        (0..20_000).flat_map(|at| [(at, at + 1), (at, at / 2)]),
    );
    let Explored { graph, .. } = explored(&long);
    let edge = size_of::<u32>() + size_of::<u8>();
    let least = graph.len() * (size_of::<u16>() + 2 * size_of::<u32>()) + graph.edge_count() * edge;
    assert!(
        (least..least * 8).contains(&graph.bytes()),
        "{} of {least}",
        graph.bytes()
    );
}

#[test]
fn an_empty_model_has_an_empty_graph_and_the_peer_sees_nothing() {
    let nothing = Digraph::new(&[], []);
    let explored = explored(&nothing);
    assert!(explored.graph.is_empty());
    assert_eq!(
        (explored.graph.edge_count(), explored.depth, explored.cut),
        (0, 0, None)
    );
    assert!(explored.doubt().is_some(), "an empty search shows nothing");
    assert_eq!(explored.graph.state(0), None);
    assert!(u64::from(NONE) > 4_000_000_000);
    assert_eq!(ask_stateright(nothing, Limits::default(), 1).states, 0);
}

#[test]
fn the_peer_names_the_safety_property_that_it_finds_broken() {
    let model = Digraph::new(&[0], [(0, 1), (1, u16::MAX)]);
    let peer = ask_stateright(model, Limits::default(), 1);
    assert_eq!(peer.broken, BTreeSet::from(["below the last number"]));
}
