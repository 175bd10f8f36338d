//! A way through a graph, told as a story.

use crate::engine::{Graph, Searched};
use crate::report::TraceStep;
use crate::trace::HostStep;

/// A model whose steps can be told.
pub(crate) trait Narrator: Searched {
    /// Who did what.
    fn tell_step(&self, from: &Self::State, action: &Self::Action) -> String;

    /// What is shown, and what is really so.
    fn tell_state(&self, state: &Self::State) -> String;

    /// The event that reaches the session in a step, as a line of a log would have it, where the trace can be kept.
    fn event(&self, _from: &Self::State, _action: &Self::Action) -> Option<serde_json::Value> {
        None
    }

    /// What the host itself does to the session in a step, where the trace can be kept.
    fn host(
        &self,
        _from: &Self::State,
        _action: &Self::Action,
        _to: &Self::State,
    ) -> Option<HostStep> {
        None
    }
}

/// A trace as a story: the way to a state, and a cycle if there is one.
pub(crate) fn tell<M: Narrator>(
    model: &M,
    graph: &Graph<M>,
    prefix: &[u32],
    cycle: &[u32],
) -> Vec<TraceStep> {
    let mut steps = Vec::new();
    let legs = prefix
        .windows(2)
        .map(|leg| (leg, false))
        .chain(cycle.windows(2).map(|leg| (leg, true)));
    for (leg, cycle) in legs {
        let (Some(from), Some(to)) = (graph.state(leg[0]), graph.state(leg[1])) else {
            continue;
        };
        let Some(action) = graph.action_between(leg[0], leg[1]) else {
            continue;
        };
        steps.push(TraceStep {
            step: steps.len() + 1,
            action: model.tell_step(&from, action),
            state: model.tell_state(&to),
            cycle,
            event: model.event(&from, action),
            host: model.host(&from, action, &to),
        });
    }
    if let [stuck] = cycle
        && let Some(state) = graph.state(*stuck)
    {
        steps.push(TraceStep {
            step: steps.len() + 1,
            action: "Nothing that must happen can happen any more.".to_owned(),
            state: model.tell_state(&state),
            cycle: true,
            event: None,
            host: None,
        });
    }
    steps
}
