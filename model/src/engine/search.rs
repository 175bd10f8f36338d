//! The search: level by level, on one thread or on several, with one and the same result.

use std::sync::Arc;
use std::time::Instant;

use crate::engine::crew::{Alone, Batch, Crew, Expansion, together};
use crate::engine::graph::Halt;
use crate::engine::table::narrow;
use crate::engine::{Cut, Explored, Graph, Limits, Progress, Searched, Store};

/// Walks the whole graph of a model, breadth first, within limits.
///
/// `progress` is told now and then how far the search has come.
///
/// # Panics
///
/// If the model has more than 255 different actions, or more than four thousand million states.
pub fn explore<M: Searched>(
    model: &M,
    limits: Limits,
    progress: impl FnMut(Progress),
) -> Explored<M> {
    Search::new(model, limits, None).alone(progress).0
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
    Search::new(model, limits, Some(&sought)).alone(progress)
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
    M: Searched<Action: Send + Sync> + Sync,
    M::Store: Send + Sync,
    <M::Store as Store<M>>::Memory: Send,
{
    let mut search = Search::new(model, limits, None);
    if threads < 2 {
        return search.alone(progress).0;
    }
    let store = Arc::clone(&search.graph.store);
    let expansion = search.expansion(&store);
    let end = together(&expansion, threads, |crew| search.run(crew, progress));
    search.end(end).0
}

/// Whether a state is one that is sought.
type Sought<'a, M> = &'a (dyn Fn(&<M as stateright::Model>::State) -> bool + 'a);

struct Search<'a, M: Searched> {
    model: &'a M,
    graph: Graph<M>,
    limits: Limits,
    sought: Option<Sought<'a, M>>,
    begun: Instant,
}

/// How a search ended.
struct SearchEnd {
    depth: usize,
    cut: Option<Cut>,
    found: Option<u32>,
}

impl<'a, M: Searched> Search<'a, M> {
    fn new(model: &'a M, limits: Limits, sought: Option<Sought<'a, M>>) -> Self {
        Self {
            begun: Instant::now(),
            model,
            graph: Graph::of(model),
            limits,
            sought,
        }
    }

    fn expansion<'b>(&self, store: &'b M::Store) -> Expansion<'b, M>
    where
        'a: 'b,
    {
        Expansion {
            model: self.model,
            store,
            until: self
                .limits
                .time
                .and_then(|limit| self.begun.checked_add(limit)),
        }
    }

    fn alone(mut self, progress: impl FnMut(Progress)) -> (Explored<M>, Option<u32>) {
        let store = Arc::clone(&self.graph.store);
        let end = self.run(&mut Alone::new(self.expansion(&store)), progress);
        self.end(end)
    }

    fn run(&mut self, crew: &mut dyn Crew, mut progress: impl FnMut(Progress)) -> SearchEnd {
        let mut halt = Halt {
            states: self.limits.states.unwrap_or(usize::MAX),
            sought: self.sought.unwrap_or(&|_| false),
            seeks: self.sought.is_some(),
            found: None,
        };
        let mut cut = None;
        let mut depth = 0;
        let mut end_of_level = self.graph.len();
        self.graph.levels.push(0);
        let mut batch = Batch::default();
        loop {
            let (expanded, len) = (self.graph.expanded(), self.graph.len());
            if expanded == len || halt.found.is_some() {
                break;
            }
            if expanded == end_of_level {
                self.graph.levels.push(narrow(end_of_level));
                end_of_level = len;
                depth += 1;
            }
            cut = self.must_stop(depth);
            if cut.is_some() {
                break;
            }
            progress(self.progress(depth));
            let keys = self.graph.numbers.keys();
            batch = crew.next(keys, expanded..end_of_level, batch);
            // What follows on a gap is left out: there is no time, or there are too many states.
            let block = std::mem::take(&mut batch.block);
            self.graph.take(&batch.steps, block, &mut halt);
        }
        progress(self.progress(depth));
        if end_of_level < self.graph.len() {
            self.graph.levels.push(narrow(end_of_level));
        }
        SearchEnd {
            depth,
            cut,
            found: halt.found,
        }
    }

    fn end(mut self, end: SearchEnd) -> (Explored<M>, Option<u32>) {
        self.graph.freeze();
        let explored = Explored {
            graph: self.graph,
            depth: end.depth,
            cut: end.cut,
            elapsed: self.begun.elapsed(),
        };
        (explored, end.found)
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
