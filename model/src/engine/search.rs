//! The search: level by level, on one thread or on several, with one and the same result.

use std::ops::Range;
use std::time::Instant;

use crate::engine::graph::Stop;
use crate::engine::table::{Numbers, narrow};
use crate::engine::{Cut, Explored, Graph, Limits, Progress, Searched, Steps, Store};

/// How many states a thread that is alone expands before what it found is taken up.
const ALONE: usize = 512;
/// How many each of several threads expands; fewer than that many are not worth sharing.
const TOGETHER: usize = 8192;
const WORTH_SHARING: usize = 512;
/// How many states are expanded between two looks at the clock.
const BETWEEN_LOOKS: usize = 64;

/// Walks the whole graph of a model, breadth first, within limits.
///
/// `progress` is told now and then how far the search has come.
///
/// # Panics
///
/// If the model has more than 255 different actions, or more than four thousand million states or edges.
pub fn explore<M: Searched>(
    model: &M,
    limits: Limits,
    progress: impl FnMut(Progress),
) -> Explored<M> {
    let search = Search::new(model, limits, 1, None);
    search.run(alone, progress).0
}

/// [`explore`], as far as the first state that is sought: none is nearer to the start.
///
/// # Panics
///
/// As [`explore`].
pub fn explore_until<M: Searched>(
    model: &M,
    limits: Limits,
    sought: impl Fn(&M::State) -> bool,
    progress: impl FnMut(Progress),
) -> (Explored<M>, Option<u32>) {
    Search::new(model, limits, 1, Some(&sought)).run(alone, progress)
}

/// [`explore`] on several threads. States, numbers, edges and the ways to the states are those of one thread.
///
/// # Panics
///
/// As [`explore`].
pub fn explore_with<M>(
    threads: usize,
    model: &M,
    limits: Limits,
    progress: impl FnMut(Progress),
) -> Explored<M>
where
    M: Searched + Sync,
    M::Store: Sync,
    <M::Store as Store<M>>::Memory: Send,
{
    let search = Search::new(model, limits, threads, None);
    search.run(together, progress).0
}

/// A thread's own: what it remembers, and what it found last.
struct Hand<M: Searched> {
    memory: <M::Store as Store<M>>::Memory,
    steps: Steps,
    /// Not all the states of its share were expanded: there was no time.
    fell_short: bool,
}

impl<M: Searched> Hand<M> {
    /// Expands some states, in their order, as far as the time allows. The graph stands still meanwhile.
    fn expand(&mut self, job: &Job<'_, M>, range: Range<usize>) {
        let numbers = job.numbers;
        let Self {
            memory,
            steps,
            fell_short,
        } = self;
        steps.clear();
        *fell_short = false;
        for keys in numbers.keys()[range].chunks(BETWEEN_LOOKS) {
            if job.until.is_some_and(|until| Instant::now() >= until) {
                *fell_short = true;
                break;
            }
            for key in keys {
                job.store.expand(job.model, memory, *key, steps);
                steps.end_state();
            }
        }
        numbers.find_all(&steps.keys, &mut steps.numbers, &mut steps.strange);
    }
}

/// What all threads look at while they expand.
struct Job<'a, M: Searched> {
    model: &'a M,
    store: &'a M::Store,
    numbers: &'a Numbers,
    until: Option<Instant>,
}

/// Shares the states out among the hands; returns how many of the hands have some.
type Crew<M> = fn(&Job<'_, M>, Range<usize>, &mut [Hand<M>]) -> usize;

fn alone<M: Searched>(job: &Job<'_, M>, range: Range<usize>, hands: &mut [Hand<M>]) -> usize {
    let end = range.end.min(range.start + ALONE);
    hands[0].expand(job, range.start..end);
    1
}

fn together<M>(job: &Job<'_, M>, range: Range<usize>, hands: &mut [Hand<M>]) -> usize
where
    M: Searched + Sync,
    M::Store: Sync,
    <M::Store as Store<M>>::Memory: Send,
{
    if hands.len() == 1 || range.len() < WORTH_SHARING {
        return alone(job, range, hands);
    }
    let each = range.len().div_ceil(hands.len()).min(TOGETHER);
    let share = |which: usize| {
        let begin = range.end.min(range.start + which * each);
        begin..range.end.min(begin + each)
    };
    let [own, others @ ..] = hands else { return 0 };
    std::thread::scope(|scope| {
        for (which, hand) in others.iter_mut().enumerate() {
            let share = share(which + 1);
            scope.spawn(move || hand.expand(job, share));
        }
        own.expand(job, share(0));
    });
    hands.len()
}

/// Whether a state is one that is sought.
type Sought<'a, M> = &'a (dyn Fn(&<M as stateright::Model>::State) -> bool + 'a);

struct Search<'a, M: Searched> {
    model: &'a M,
    graph: Graph<M>,
    hands: Vec<Hand<M>>,
    limits: Limits,
    sought: Option<Sought<'a, M>>,
    begun: Instant,
}

impl<'a, M: Searched> Search<'a, M> {
    fn new(model: &'a M, limits: Limits, threads: usize, sought: Option<Sought<'a, M>>) -> Self {
        let hand = || Hand {
            memory: Default::default(),
            steps: Steps::default(),
            fell_short: false,
        };
        Self {
            begun: Instant::now(),
            model,
            graph: Graph::of(model),
            hands: std::iter::repeat_with(hand).take(threads.max(1)).collect(),
            limits,
            sought,
        }
    }

    fn run(
        mut self,
        crew: Crew<M>,
        mut progress: impl FnMut(Progress),
    ) -> (Explored<M>, Option<u32>) {
        let mut stop = Stop {
            states: self.limits.states.unwrap_or(usize::MAX),
            sought: self.sought.unwrap_or(&|_| false),
            seeks: self.sought.is_some(),
            found: None,
        };
        let mut cut = None;
        let mut depth = 0;
        let mut end_of_level = self.graph.len();
        self.graph.levels.push(0);
        while self.graph.expanded() < self.graph.len() && stop.found.is_none() {
            if self.graph.expanded() == end_of_level {
                self.graph.levels.push(narrow(end_of_level));
                end_of_level = self.graph.len();
                depth += 1;
            }
            cut = self.must_stop(depth);
            if cut.is_some() {
                break;
            }
            progress(self.progress(depth));
            let job = Job {
                model: self.model,
                store: &self.graph.store,
                numbers: &self.graph.numbers,
                until: self
                    .limits
                    .time
                    .and_then(|limit| self.begun.checked_add(limit)),
            };
            let busy = crew(&job, self.graph.expanded()..end_of_level, &mut self.hands);
            for hand in &self.hands[..busy] {
                // What follows on a gap is left out.
                if !self.graph.take(&hand.steps, &mut stop) || hand.fell_short {
                    break;
                }
            }
        }
        progress(self.progress(depth));
        if end_of_level < self.graph.len() {
            self.graph.levels.push(narrow(end_of_level));
        }
        self.graph.freeze();
        let explored = Explored {
            graph: self.graph,
            depth,
            cut,
            elapsed: self.begun.elapsed(),
        };
        (explored, stop.found)
    }

    fn progress(&self, depth: usize) -> Progress {
        Progress {
            states: self.graph.len(),
            edges: self.graph.edge_count(),
            depth,
        }
    }

    fn must_stop(&self, depth: usize) -> Option<Cut> {
        let Limits {
            time,
            states,
            depth: deepest,
        } = self.limits;
        if let Some(most) = states.filter(|most| self.graph.len() > *most) {
            return Some(Cut::States(most));
        }
        if let Some(most) = deepest.filter(|most| depth >= *most) {
            return Some(Cut::Depth(most));
        }
        time.filter(|most| self.begun.elapsed() >= *most)
            .map(Cut::Time)
    }
}
