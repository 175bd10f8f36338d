//! Two threads in one host: what the provider of one does, or does not do, is no matter to the other (L5).

use stateright::Model;

use crate::engine::{Explored, Fairness, Limits, Progress, explore, find_lasso};
use crate::kernel::action::Move;
use crate::kernel::claims::{Claim, ceases, class};
use crate::kernel::truth::Process;
use crate::kernel::{Allowance, Kernel, Spot};
use crate::narrator::{Narrator, tell};
use crate::report::TraceStep;

/// How the host performs what its supervisors ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    /// Each thread has its own: it is told of an effect's answer when there is one.
    Own,
    /// One for all, which waits for each answer before it looks at anything else. The published defect
    /// <https://github.com/pingdotgg/t3code/issues/12136>.
    Shared,
}

/// Two supervised threads. Their messages, turns and tasks have the same ids on purpose.
#[derive(Clone)]
pub struct Pair {
    threads: [Kernel; 2],
    worker: Worker,
}

impl Pair {
    /// The first thread's provider is in any one trouble; the second thread's is not.
    #[must_use]
    pub fn new(worker: Worker) -> Self {
        let troubled = Allowance::faults(1).with_messages(1);
        let plain = Allowance::faults(0).with_messages(1);
        Self {
            threads: [Kernel::new(troubled), Kernel::new(plain)],
            worker,
        }
    }

    /// The bounds of this world.
    #[must_use]
    pub fn bounds(&self) -> String {
        let [first, second] = &self.threads;
        format!(
            "two threads with a message each, the first with {}, the second with {}",
            first.allowance, second.allowance
        )
    }
}

/// A step of one of the two threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfThread {
    /// Which thread.
    pub thread: usize,
    /// What happens to it.
    pub step: Move,
}

impl Model for Pair {
    type State = [Spot; 2];
    type Action = OfThread;

    fn init_states(&self) -> Vec<[Spot; 2]> {
        let [first, second] = &self.threads;
        let seconds = second.init_states();
        first
            .init_states()
            .into_iter()
            .flat_map(|first| seconds.iter().map(move |second| [first, *second]))
            .collect()
    }

    fn actions(&self, spots: &[Spot; 2], actions: &mut Vec<OfThread>) {
        let mut steps = Vec::new();
        for (thread, (kernel, spot)) in self.threads.iter().zip(spots).enumerate() {
            steps.clear();
            kernel.actions(spot, &mut steps);
            actions.extend(steps.iter().map(|step| OfThread {
                thread,
                step: *step,
            }));
        }
    }

    fn next_state(&self, spots: &[Spot; 2], action: OfThread) -> Option<[Spot; 2]> {
        let is_told = matches!(action.step, Move::Host(_) | Move::HostDies(..));
        if self.worker == Worker::Shared && is_told && spots.iter().any(is_awaited) {
            return None;
        }
        let mut next = *spots;
        let thread = action.thread;
        next[thread] = self.threads[thread].next_state(&spots[thread], action.step)?;
        Some(next)
    }

    fn properties(&self) -> Vec<stateright::Property<Self>> {
        vec![stateright::Property::always(
            "both threads keep the safety properties",
            |_: &Self, spots: &[Spot; 2]| {
                spots
                    .iter()
                    .all(|spot| !Claim::ALL.iter().any(|claim| claim.is_broken(spot)))
            },
        )]
    }
}

/// Something was asked of the provider, and it has not answered.
fn is_awaited(spot: &Spot) -> bool {
    let truth = &spot.truth;
    let is_silent = matches!(truth.process, Process::Booting | Process::Mute);
    truth.replies.is_empty() && (is_silent || !truth.asks.is_empty())
}

impl Narrator for Pair {
    fn tell_step(&self, spots: &[Spot; 2], action: &OfThread) -> String {
        let thread = action.thread;
        let told = self.threads[thread].narrate(&spots[thread], action.step);
        format!("Thread {}: {told}", thread + 1)
    }

    fn tell_state(&self, spots: &[Spot; 2]) -> String {
        let [first, second] = &self.threads;
        let (one, two) = (first.describe(&spots[0]), second.describe(&spots[1]));
        format!("thread 1: {one} | thread 2: {two}")
    }
}

/// What the search of two threads found.
pub struct Isolation {
    /// The graph, and how far it goes.
    pub explored: Explored<Pair>,
    /// A counterexample to L5; empty, if there is none.
    pub trace: Vec<TraceStep>,
    /// The premise of L5 occurred.
    pub witnessed: bool,
}

/// Whether each thread keeps L1 to L4 although nothing is assumed of the other: no step of it is fair.
#[must_use]
pub fn isolation(pair: &Pair, limits: Limits, progress: impl FnMut(Progress)) -> Isolation {
    let explored = explore(pair, limits, progress);
    let graph = &explored.graph;
    let witnessed = graph.states().any(|spots| {
        let [first, second] = &pair.threads;
        let is_mute =
            spots[0].truth.process == Process::Mute && first.memo.view(spots[0].kept).busy;
        is_mute && !Claim::L3.goal(second, &spots[1])
    });
    let mut trace = Vec::new();
    if explored.cut.is_none() {
        trace = (0..2)
            .flat_map(|thread| Claim::LIVE.map(|claim| (thread, claim)))
            .filter_map(|(thread, claim)| blocked(pair, &explored, thread, claim))
            .min_by_key(Vec::len)
            .unwrap_or_default();
    }
    Isolation {
        explored,
        trace,
        witnessed,
    }
}

fn blocked(
    pair: &Pair,
    explored: &Explored<Pair>,
    thread: usize,
    claim: Claim,
) -> Option<Vec<TraceStep>> {
    let own = |action: &OfThread| Some(action.step).filter(|_| action.thread == thread);
    let goal = |spots: &[Spot; 2]| claim.goal(&pair.threads[thread], &spots[thread]);
    let fairness = Fairness {
        class: &|action| own(action).and_then(|step| class(&step)),
        ceases: &|action| own(action).is_some_and(|step| ceases(&step)),
    };
    let graph = &explored.graph;
    find_lasso(graph, |spots| !goal(spots), goal, &fairness)
        .map(|lasso| tell(pair, graph, &lasso.prefix, &lasso.cycle))
}
