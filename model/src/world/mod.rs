//! The model: a session of the subject in a world that misbehaves.

mod action;
mod compact;
mod env;
mod known;
mod learn;
mod observe;
mod provider;
mod told;
mod traffic;
mod way;

use std::fmt;

use stateright::Model;

pub use action::{Action, Class};
pub use env::{Age, Budget, Env, Ghosts, OLD, Permit, Process};
pub use told::{Told, Turn, Wire};
use traffic::Post;
pub use traffic::{Queue, Source, Traffic};
use way::Maker;

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

    /// Each step depends on few parts of a state, and says so: the engine remembers it by those (`known`).
    fn step(&self, point: &Point<S::Session>, action: Action) -> Option<Point<S::Session>> {
        let (mut env, traffic) = point.env.apart();
        let (session, traffic) = match action.maker() {
            Maker::Session(way) => {
                let (arrived, traffic) = way.take(traffic)?;
                let question = way.question(&mut env, arrived, action)?;
                let (session, saying) = self.ask(&point.session, question)?;
                env.notice(saying);
                (session, traffic)
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

    /// What the provider, the user or time makes of the world, and what is sent. The session has no part in it.
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
