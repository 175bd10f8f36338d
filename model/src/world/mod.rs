//! The model: a session of the subject in a world that misbehaves.

mod action;
mod compact;
mod env;
mod observe;
mod provider;
mod told;

use std::fmt;

use stateright::Model;

pub use action::{Action, Class};
pub(crate) use env::Post;
pub use env::{Age, Budget, Env, Ghosts, OLD, Permit, Process, Queue, Source, Traffic};
pub use told::{Told, Turn, Wire};

use crate::properties;
use crate::scope::Scope;
use crate::subject::Subject;

/// A state of the model: the session as its host keeps it, and the world around it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Point<S> {
    /// The session.
    pub session: S,
    /// The world.
    pub env: Env,
}

/// A subject in the world of a scope.
#[derive(Clone, Debug)]
pub struct World<S> {
    /// What is checked.
    pub subject: S,
    /// How much may happen.
    pub scope: Scope,
    /// Offers only the actions that are possible. Twice the work for a checker, and easier on a reader.
    selective: bool,
}

impl<S: Subject> World<S> {
    /// A world for a subject.
    #[must_use]
    pub fn new(subject: S, scope: Scope) -> Self {
        Self {
            subject,
            scope,
            selective: false,
        }
    }

    /// The same world, for a reader: it offers only the actions that are possible.
    #[must_use]
    pub fn for_a_reader(self) -> Self {
        Self {
            selective: true,
            ..self
        }
    }

    /// Each step depends on few parts of a state, and says so: the engine remembers it by those (`compact`).
    fn step(&self, point: &Point<S::Session>, action: Action) -> Option<Point<S::Session>> {
        let (mut env, traffic) = point.env.apart();
        let (session, traffic) = match action.maker() {
            Maker::Channel(arrival) => {
                let (told, traffic) = arrival.take(traffic)?;
                arrival.spend(&mut env)?;
                let (session, heard) = self.hear(&point.session, told);
                Self::notice(&mut env, told, heard);
                (session, traffic)
            }
            Maker::Host => {
                let session = self.host_step(&point.session, &mut env, action)?;
                (session, traffic.after_host(action))
            }
            Maker::Others => {
                let post = self.others_step(&mut env, action)?;
                let traffic = traffic.carry(self.room(), post)?;
                (point.session.clone(), traffic)
            }
        };
        env.settle();
        env.traffic = traffic;
        let next = Point { session, env };
        (next != *point).then_some(next)
    }

    fn room(&self) -> usize {
        usize::from(self.scope.in_flight)
    }

    fn others_step(&self, env: &mut Env, action: Action) -> Option<Post> {
        if action == Action::Tick {
            for age in [&mut env.idle_age, &mut env.ghosts.quiet] {
                *age = OLD.min(*age + 1);
            }
            return Some(Post::NONE);
        }
        self.provider_step(env, action)
    }
}

/// Who makes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// Something arrives: all parts of the state matter.
    Channel(Arrival),
    /// The host: what is on its way does not matter.
    Host,
    /// The provider, the user or time: the session does not matter.
    Others,
}

/// What arrives, and whether it will come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Once(Source),
    Twice(Source),
    Again,
    Noise,
}

impl Arrival {
    pub(crate) const ALL: [Self; 6] = [
        Self::Once(Source::Turns),
        Self::Once(Source::Session),
        Self::Twice(Source::Turns),
        Self::Twice(Source::Session),
        Self::Again,
        Self::Noise,
    ];

    /// The event, and what is then still on its way.
    pub(crate) fn take(self, traffic: Traffic) -> Option<(Told, Traffic)> {
        match self {
            Self::Once(source) => traffic.arrival(source),
            Self::Twice(source) => traffic.first_arrival(source),
            Self::Again => traffic.second_arrival(),
            Self::Noise => Some((Told::Noise, traffic)),
        }
    }

    pub(crate) fn is_first_of_two(self) -> bool {
        match self {
            Self::Twice(_) => true,
            Self::Once(_) | Self::Again | Self::Noise => false,
        }
    }

    /// That something comes twice is a fault, and may not be left to happen.
    pub(crate) fn spend(self, env: &mut Env) -> Option<()> {
        if self.is_first_of_two() {
            env.budget.duplicates = env.budget.duplicates.checked_sub(1)?;
        }
        Some(())
    }
}

impl Action {
    pub(crate) fn maker(self) -> Maker {
        match self {
            Self::Deliver(source) => Maker::Channel(Arrival::Once(source)),
            Self::DeliverTwice(source) => Maker::Channel(Arrival::Twice(source)),
            Self::DeliverDuplicate => Maker::Channel(Arrival::Again),
            Self::Noise => Maker::Channel(Arrival::Noise),
            Self::Sweep | Self::Reap | Self::RestartHost => Maker::Host,
            _ => Maker::Others,
        }
    }
}

impl Traffic {
    /// Of what is on its way a host that boots gets nothing.
    pub(crate) fn after_host(self, action: Action) -> Self {
        if action == Action::RestartHost {
            Self::default()
        } else {
            self
        }
    }
}

impl<S: Subject> Model for World<S> {
    type State = Point<S::Session>;
    type Action = Action;

    fn init_states(&self) -> Vec<Self::State> {
        vec![Point {
            session: self.subject.initial(),
            env: Env::new(self.scope.budget),
        }]
    }

    fn actions(&self, point: &Self::State, actions: &mut Vec<Action>) {
        thread_local! {
            static ALL: Vec<Action> = Action::all();
        }
        ALL.with(|all| actions.extend_from_slice(all));
        if self.selective {
            actions.retain(|action| self.step(point, *action).is_some());
        }
    }

    /// `None` where the action is not possible, or changes nothing.
    fn next_state(&self, point: &Self::State, action: Action) -> Option<Self::State> {
        self.step(point, action)
    }

    fn format_action(&self, action: &Action) -> String {
        action.to_string()
    }

    fn format_step(&self, point: &Self::State, action: Action) -> Option<String> {
        let next = self.step(point, action)?;
        Some(format!(
            "{}\n{}",
            self.narrate(point, action),
            self.describe(&next)
        ))
    }

    fn properties(&self) -> Vec<stateright::Property<Self>> {
        properties::for_stateright(self)
    }
}

impl<S: Subject> World<S> {
    /// What a step of a trace says: who did what, and which event arrived.
    #[must_use]
    pub fn narrate(&self, point: &Point<S::Session>, action: Action) -> String {
        match self.arrives(point, action) {
            Some(told) if action != Action::Noise => format!("{action}: {told}."),
            Some(_) | None => action.to_string(),
        }
    }

    /// The event that reaches the session in a step.
    #[must_use]
    pub fn arrives(&self, point: &Point<S::Session>, action: Action) -> Option<Told> {
        if let Action::Deliver(source) | Action::DeliverTwice(source) = action {
            return point.env.queue(source).head();
        }
        if action == Action::DeliverDuplicate {
            return point.env.traffic.duplicate.map(Told::from);
        }
        (action == Action::Noise).then_some(Told::Noise)
    }

    /// What the session shows, and what is really so.
    #[must_use]
    pub fn describe(&self, point: &Point<S::Session>) -> String {
        let status = self.subject.status(&point.session);
        let shown = match self.subject.active(&point.session) {
            Some(turn) => format!("{status}, turn {turn}"),
            None => status.to_string(),
        };
        let truth = match (point.env.process, point.env.working) {
            (Process::Up, Some(turn)) => format!("the provider works on {turn}"),
            (Process::Up, None) => "the provider rests".to_owned(),
            (Process::Absent, _) => "no provider yet".to_owned(),
            (Process::Gone, _) => "the provider is gone".to_owned(),
            (Process::Reaped, _) => "the provider was reaped".to_owned(),
        };
        format!("session {shown}; in truth {truth}")
    }
}

impl<S: fmt::Debug> fmt::Debug for Point<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let env = &self.env;
        f.debug_struct("Point")
            .field("session", &self.session)
            .field("provider", &env.process)
            .field("works_on", &env.working)
            .field(
                "from_the_agent",
                &env.traffic.turns.iter().map(Wire::from).collect::<Vec<_>>(),
            )
            .field(
                "from_the_runtime",
                &env.traffic
                    .session
                    .iter()
                    .map(Wire::from)
                    .collect::<Vec<_>>(),
            )
            .field("comes_again", &env.traffic.duplicate)
            .field("reaper_holds", &env.permit)
            .field("idle_for", &env.idle_age)
            .finish_non_exhaustive()
    }
}
