//! The edges of a graph, kept as they were found: in blocks, of so many states each.

use std::ops::Range;

use crate::engine::{NONE, Steps};

/// How many states there are to a block: what leads out of as many has room in the caches next to a core.
pub(super) const STATES: usize = 512;

/// How many edges are looked through at once for one that leads to a state.
const PART: usize = 64;

/// Where the block of a state ends: no batch of states goes beyond.
pub(super) fn end_of_block(state: usize) -> usize {
    (state / STATES + 1) * STATES
}

/// The edges out of states that follow one another.
///
/// A thread that expands states makes it whole, with room for the numbers of those where the edges lead: to ask for memory
/// and to touch it first takes about as long as to expand. Who gives the numbers writes them down where there is room already.
#[derive(Default)]
pub(super) struct EdgeBlock {
    /// Where the edges of each state end.
    ends: Vec<u32>,
    /// For each edge, the number of its action.
    causes: Vec<u8>,
    pub(super) targets: Vec<u32>,
    /// How many states were known behind these edges.
    known: u32,
}

impl EdgeBlock {
    /// The steps out of some states, that lead nowhere yet.
    pub(super) fn of(steps: &Steps) -> Self {
        Self {
            ends: steps.ends().to_vec(),
            causes: steps.actions().to_vec(),
            targets: vec![NONE; steps.keys().len()],
            known: 0,
        }
    }

    /// Of how many states these are the edges.
    pub(super) fn states(&self) -> usize {
        self.ends.len()
    }

    /// Which edges are those out of a state, by its place in the block. Out of one that was not expanded there are none.
    pub(super) fn out_of(&self, state: usize) -> Range<usize> {
        let Some(end) = self.ends.get(state) else {
            return 0..0;
        };
        let begin = state.checked_sub(1).map_or(0, |before| self.ends[before]);
        begin as usize..*end as usize
    }

    /// Leaves only the edges out of the first so many states.
    pub(super) fn truncate(&mut self, states: usize) {
        self.ends.truncate(states);
        let edges = self.ends.last().map_or(0, |end| *end as usize);
        self.causes.truncate(edges);
        self.targets.truncate(edges);
    }

    fn append(&mut self, next: &Self) {
        let before = self.targets.len() as u32;
        self.ends.extend(next.ends.iter().map(|end| before + end));
        self.causes.extend_from_slice(&next.causes);
        self.targets.extend_from_slice(&next.targets);
        self.known = next.known;
    }
}

/// The edges out of all states, those of state after state.
#[derive(Default)]
pub(super) struct Edges {
    /// Each but the last is full.
    blocks: Vec<EdgeBlock>,
    /// Out of how many states, and how many.
    states: usize,
    len: usize,
}

impl Edges {
    /// Takes up the edges out of the states that come next, behind which so many states are known. They are of one block.
    pub(super) fn push(&mut self, mut next: EdgeBlock, known: u32) {
        next.known = known;
        self.states += next.states();
        self.len += next.targets.len();
        match self.blocks.last_mut() {
            Some(begun) if begun.states() < STATES => begun.append(&next),
            _ => self.blocks.push(next),
        }
    }

    /// The states that have been expanded.
    pub(super) fn states(&self) -> usize {
        self.states
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// What leads out of a state: the numbers of the actions, and of the states behind them.
    #[inline]
    pub(super) fn out_of(&self, state: u32) -> impl Iterator<Item = (u8, u32)> {
        let state = state as usize;
        let block = self.blocks.get(state / STATES);
        let (causes, targets) = block.map_or((&[][..], &[][..]), |block| {
            let range = block.out_of(state % STATES);
            (&block.causes[range.clone()], &block.targets[range])
        });
        causes.iter().copied().zip(targets.iter().copied())
    }

    /// The state out of which the first edge to another leads, which is none of the initial ones.
    pub(super) fn first_into(&self, state: u32) -> Option<usize> {
        let at = self.blocks.partition_point(|block| block.known <= state);
        let block = self.blocks.get(at)?;
        // To ask whether it is there compares many at a time, and to ask where it is does not.
        let mut parts = (0..).step_by(PART).zip(block.targets.chunks(PART));
        let (before, part) = parts.find(|(_, part)| part.contains(&state))?;
        let edge = before + part.iter().position(|to| *to == state)?;
        let behind = block.ends.partition_point(|end| *end as usize <= edge);
        Some(at * STATES + behind)
    }

    /// Nothing will be added any more.
    pub(super) fn freeze(&mut self) {
        self.blocks.shrink_to_fit();
        for block in &mut self.blocks {
            block.ends.shrink_to_fit();
            block.causes.shrink_to_fit();
            block.targets.shrink_to_fit();
        }
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        let bytes = |block: &EdgeBlock| {
            (block.ends.capacity() + block.targets.capacity()) * size_of::<u32>()
                + block.causes.capacity()
        };
        self.blocks.capacity() * size_of::<EdgeBlock>()
            + self.blocks.iter().map(bytes).sum::<usize>()
    }
}
