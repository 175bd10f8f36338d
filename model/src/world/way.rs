//! On which parts of a state a step depends.

use crate::world::observe::Question;
use crate::world::traffic::Traffic;
use crate::world::{Action, Env, Source, Told, Wire};

/// Who makes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// The session is asked something.
    Session(Way),
    /// The provider, the user or time.
    Others,
}

/// How a session comes to be asked something, and what that takes from what is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The next event of a source.
    Once(Source),
    /// The next event of a source, which will come again.
    Twice(Source),
    /// The event that comes again.
    Again,
    /// Something that is always on its way.
    Noise,
    /// The host asks it.
    Host,
    /// The host asks it when it boots: what is on its way is lost.
    Boot,
}

impl Way {
    pub(super) const ALL: [Self; 8] = [
        Self::Once(Source::Turns),
        Self::Once(Source::Session),
        Self::Twice(Source::Turns),
        Self::Twice(Source::Session),
        Self::Again,
        Self::Noise,
        Self::Host,
        Self::Boot,
    ];

    /// The event that arrives, if one does, and what is then still on its way.
    pub(super) fn take(self, traffic: Traffic) -> Option<(Option<Wire>, Traffic)> {
        let some = |(told, traffic): (Told, Traffic)| (Some(told.into()), traffic);
        match self {
            Self::Once(source) => traffic.arrival(source).map(some),
            Self::Twice(source) => traffic.first_arrival(source).map(some),
            Self::Again => traffic.second_arrival().map(some),
            Self::Noise => Some((Some(Told::Noise.into()), traffic)),
            Self::Host => Some((None, traffic)),
            Self::Boot => Some((None, Traffic::default())),
        }
    }

    /// What the session is asked. That an event comes twice is a mishap, and may not be left to happen.
    pub(super) fn question(
        self,
        env: &mut Env,
        arrived: Option<Wire>,
        action: Action,
    ) -> Option<Question> {
        if let Self::Twice(_) = self {
            env.budget.duplicates = env.budget.duplicates.checked_sub(1)?;
        }
        match arrived {
            Some(wire) => Some(Question::Event(wire)),
            None => Question::of_host(env, action),
        }
    }
}

impl Action {
    pub(super) fn maker(self) -> Maker {
        match self {
            Self::Deliver(source) => Maker::Session(Way::Once(source)),
            Self::DeliverTwice(source) => Maker::Session(Way::Twice(source)),
            Self::DeliverDuplicate => Maker::Session(Way::Again),
            Self::Noise => Maker::Session(Way::Noise),
            Self::Sweep | Self::Reap => Maker::Session(Way::Host),
            Self::RestartHost => Maker::Session(Way::Boot),
            _ => Maker::Others,
        }
    }
}
