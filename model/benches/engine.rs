//! What it costs to search a world: the engine beside stateright's breadth-first checker, and beside Spin.

mod engine {
    pub(crate) mod spin;
}

use std::path::Path;
use std::time::{Duration, Instant};

use engine::spin;
use session_lifecycle_model::engine::{Explored, Limits, Peer, ask_stateright, explore_with};
use session_lifecycle_model::world::{Action, Point, World};
use session_lifecycle_model::{Packed, Scope, Shipped};
use stateright::{Model, Property};

const ROUNDS: usize = 5;

/// The world without its properties: to be asked one that always holds is the least that stateright looks at.
#[derive(Clone)]
struct Unasked(World<Shipped>);

impl Model for Unasked {
    type State = Point<Packed>;
    type Action = Action;

    fn init_states(&self) -> Vec<Self::State> {
        self.0.init_states()
    }

    fn actions(&self, point: &Self::State, actions: &mut Vec<Action>) {
        self.0.actions(point, actions);
    }

    fn next_state(&self, point: &Self::State, action: Action) -> Option<Self::State> {
        self.0.next_state(point, action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("nothing is asked", |_, _| true)]
    }
}

fn ours(world: &World<Shipped>, threads: usize) -> (Duration, Explored<World<Shipped>>) {
    let begun = Instant::now();
    let explored = explore_with(threads, world, Limits::default(), |_| {});
    assert!(explored.cut.is_none());
    (begun.elapsed(), explored)
}

fn stateright(world: &World<Shipped>, threads: usize) -> Peer {
    ask_stateright(Unasked(world.clone()), Limits::default(), threads)
}

fn row(what: &str, ours: Duration, peer: &str, theirs: Duration, least: f64) {
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    let verdict = if ratio >= least { "reached" } else { "MISSED" };
    println!(
        "{what}: {:.1} ms, {peer} {:.1} ms, {ratio:.2} times as fast, at least {least}: {verdict}",
        ours.as_secs_f64() * 1e3,
        theirs.as_secs_f64() * 1e3
    );
}

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return; // `cargo test --all-targets` only builds
    }
    // `-- spin` or `-- stateright`: only that.
    let only: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let asked = |which: &str| only.is_empty() || only.iter().any(|one| one == which);
    if asked("stateright") {
        beside_stateright();
    }
    if asked("spin") {
        beside_spin();
    }
}

fn beside_stateright() {
    let world = World::new(Shipped::default(), Scope::DEFAULT);
    let mut best = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        let [one, two] = [1, 2].map(|threads| ours(&world, threads));
        let counts = (one.1.graph.len(), one.1.graph.edge_count(), one.1.depth);
        assert_eq!(
            counts,
            (two.1.graph.len(), two.1.graph.edge_count(), two.1.depth)
        );
        let bytes = one.1.graph.state_bytes() as f64 / counts.0 as f64;
        println!("  {counts:?}, {bytes:.2} bytes a state beside the edges");
        assert!(bytes <= 24.0);
        drop((one.1, two.1));
        let [peer_one, peer_two] = [1, 2].map(|threads| stateright(&world, threads));
        assert_eq!((peer_one.states, peer_two.states), (counts.0, counts.0));
        let round = [one.0, two.0, peer_one.elapsed, peer_two.elapsed];
        println!("  {round:.2?}");
        for (best, now) in best.iter_mut().zip(round) {
            *best = now.min(*best);
        }
    }
    row(
        "default scope, one thread",
        best[0],
        "stateright, one thread",
        best[2],
        5.0,
    );
    row(
        "default scope, two threads",
        best[1],
        "stateright, two threads",
        best[3],
        0.0,
    );
    row(
        "default scope, two threads",
        best[1],
        "one thread",
        best[0],
        1.3,
    );
}

fn beside_spin() {
    let world = World::new(Shipped::default(), Scope::SMALL);
    let graph = ours(&world, 1).1.graph;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spin");
    let searches = match spin::searches(&graph, &folder) {
        Ok(searches) => searches,
        Err(why) => return eprintln!("\n!!! SKIPPED: beside Spin: {why}\n"),
    };
    let mut best = Duration::MAX;
    let mut theirs = vec![Duration::MAX; searches.len()];
    for _ in 0..2 * ROUNDS {
        best = best.min(ours(&world, 1).0);
        for (best, search) in theirs.iter_mut().zip(&searches) {
            let seen = search.search();
            assert_eq!(seen.states, graph.len(), "{}", search.name);
            // Spin counts the step to the initial state.
            assert_eq!(seen.transitions, graph.edge_count() + 1, "{}", search.name);
            *best = seen.elapsed.min(*best);
        }
    }
    for (search, theirs) in searches.iter().zip(theirs) {
        row(
            "small scope, one thread",
            best,
            &format!("Spin, {}", search.name),
            theirs,
            3.0,
        );
    }
}
