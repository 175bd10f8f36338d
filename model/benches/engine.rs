//! What it costs to search a world: the engine beside stateright's breadth-first checker, and beside Spin.

mod engine {
    pub(crate) mod spin;
}
mod frame;

use std::path::Path;

use engine::spin;
use frame::{Contestant, Limit, Row, Section, Skipped};
use session_lifecycle_model::engine::{Explored, Limits, ask_stateright, explore_with};
use session_lifecycle_model::world::{Action, Point, World};
use session_lifecycle_model::{Packed, Scope, Shipped};
use stateright::{Model, Property};

/// As the command line does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const INTRO: &str = "Each searches the projection's world whole, and all see the same states. stateright's breadth-first checker is
asked one property that always holds, which is the least that it looks at; it keeps a hash of each state and no edges, where the engine
keeps every state and every edge, exactly. Spin is spared the model: it reads the engine's own table of transitions, so that a state is a
number (`-DSAFETY -DNOREDUCE -DNOFAIR`; depth first and breadth first with `-O2`, and depth first once more with `-O3`); its hash compaction
and bit states, which are not exact, are not used, and its time is that of the whole process. The engine makes every step by the model's functions,
each of them asked once about each of the parts of states on which its answer depends; that is part of its time. The shipped `apply` alone is
remembered from one search of the process to the next. The process, stateright in it, allocates as the command line does, with mimalloc.
Memory is that of the states with their index, without the edges.";

const MEASURED: [&str; 9] = [
    "src/apply.rs",
    "src/rules.rs",
    "model/src/engine",
    "model/src/world",
    "model/src/main.rs",
    "model/src/scope.rs",
    "model/src/shipped.rs",
    "model/benches/engine.rs",
    "model/benches/engine",
];

const RATE: &str = "million states/s";
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

fn ours(world: &World<Shipped>, threads: usize) -> Explored<World<Shipped>> {
    let explored = explore_with(threads, world, Limits::default(), |_| {});
    assert!(explored.cut.is_none());
    explored
}

fn searched<'a>(
    name: &str,
    world: &'a World<Shipped>,
    threads: usize,
    counts: [usize; 3],
) -> Contestant<'a> {
    Contestant::new(name, move || {
        let mut seen = [0; 3];
        let took = frame::timed(|| {
            let explored = ours(world, threads);
            seen = sizes(&explored);
            explored
        });
        assert_eq!(seen, counts, "{threads} threads");
        took
    })
}

fn sizes(explored: &Explored<World<Shipped>>) -> [usize; 3] {
    let graph = &explored.graph;
    [graph.len(), graph.edge_count(), explored.depth]
}

/// States in a second, in millions.
fn rate(states: usize, nanoseconds: f64) -> f64 {
    states as f64 / nanoseconds * 1e3
}

fn main() {
    if !frame::is_bench() {
        return;
    }
    let mut rows = beside_stateright();
    rows.extend(beside_spin());
    Section {
        name: "engine",
        command: "cargo bench -p session-lifecycle-model --bench engine",
        measured: &MEASURED,
        intro: INTRO,
        rows,
    }
    .write();
}

fn beside_stateright() -> Vec<Row> {
    let world = World::new(Shipped::default(), Scope::DEFAULT);
    let explored = ours(&world, 1);
    let counts = sizes(&explored);
    let bytes = explored.graph.state_bytes() as f64 / counts[0] as f64;
    drop(explored);
    let mut contestants = [
        searched("one thread", &world, 1, counts),
        searched("two threads", &world, 2, counts),
        Contestant::new("stateright, one thread", || {
            let peer = ask_stateright(Unasked(world.clone()), Limits::default(), 1);
            assert_eq!(peer.states, counts[0]);
            peer.elapsed
        }),
    ];
    let best = frame::interleaved(ROUNDS, &mut contestants);
    let rate = |at: usize| rate(counts[0], best[at]);
    vec![
        Row::new("default scope, one thread", RATE, rate(0))
            .beside(contestants[2].name.clone(), rate(2))
            .limit(Limit::AtLeast(5.0)),
        Row::new("default scope, two threads", RATE, rate(1))
            .beside("one thread", rate(0))
            .limit(Limit::AtLeast(1.3)),
        Row::new(
            "default scope, memory beside the edges",
            "bytes/state",
            bytes,
        )
        .limit(Limit::AtMost(24.0)),
    ]
}

fn beside_spin() -> Vec<Row> {
    let what = "small scope, one thread";
    let world = World::new(Shipped::default(), Scope::SMALL);
    let explored = ours(&world, 1);
    let counts = sizes(&explored);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spin");
    let searches = match spin::searches(&explored.graph, &folder) {
        Ok(searches) => searches,
        Err(why) => {
            let row = Row::skipped(what, RATE, &Skipped::because(format!("beside Spin: {why}")));
            return vec![row.limit(Limit::AtLeast(3.0))];
        }
    };
    let mut contestants = vec![searched("one thread", &world, 1, counts)];
    contestants.extend(searches.iter().map(|search| {
        Contestant::new(format!("Spin, {}", search.name), move || {
            let seen = search.search();
            // Spin counts the step to the initial state.
            assert_eq!([seen.states, seen.transitions], [counts[0], counts[1] + 1]);
            seen.elapsed
        })
    }));
    let best = frame::interleaved(2 * ROUNDS, &mut contestants);
    let rate = |at: usize| rate(counts[0], best[at]);
    (1..contestants.len())
        .map(|at| {
            let row = Row::new(what, RATE, rate(0)).beside(contestants[at].name.clone(), rate(at));
            // The target names one of them.
            if at == 1 {
                row.limit(Limit::AtLeast(3.0))
            } else {
                row
            }
        })
        .collect()
}
