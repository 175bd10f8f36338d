//! What is claimed: one sentence each, and a witness that the claim is not empty.

use std::fmt;

use session_lifecycle::Settlement;
use stateright::Expectation;

use crate::subject::Subject;
use crate::world::{Class, Point, Process, Told, World};

/// A property. Its id is its name in the documents, the model and the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PropertyId {
    /// An inactive session holds no turn.
    S1,
    /// The reaper never stops live work.
    S2,
    /// A settled turn never becomes active again.
    S3,
    /// An event of one turn never settles another.
    S4,
    /// A reported outcome is honest and final.
    S8,
    /// A session at rest is reaped.
    L1,
    /// A turn whose end is on its way settles.
    L2,
    /// The typed transitions and `apply` agree.
    T1,
    /// A refusal changes nothing.
    O1,
    /// A redelivery changes nothing.
    O2,
}

/// How a property is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It holds in every state, or after every step.
    Safety,
    /// From every state, its goal is reached in the end.
    Liveness,
}

impl PropertyId {
    /// Every property, in the order of the documents.
    pub const ALL: [Self; 10] = [
        Self::S1,
        Self::S2,
        Self::S3,
        Self::S4,
        Self::S8,
        Self::L1,
        Self::L2,
        Self::T1,
        Self::O1,
        Self::O2,
    ];

    /// The properties that any reducer can be asked.
    pub const OF_ANY_REDUCER: [Self; 6] =
        [Self::S1, Self::S2, Self::S3, Self::S4, Self::L1, Self::L2];

    /// The id, as in `S1`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S1 => "S1",
            Self::S2 => "S2",
            Self::S3 => "S3",
            Self::S4 => "S4",
            Self::S8 => "S8",
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::T1 => "T1",
            Self::O1 => "O1",
            Self::O2 => "O2",
        }
    }

    /// The property of that id.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|property| property.as_str().eq_ignore_ascii_case(id))
    }
}

/// The claims, in the words of the documents: id, sentence, and what must occur for it to say anything.
macro_rules! claims {
    ($($id:ident: $sentence:literal, if $witness:literal;)+) => {
        impl PropertyId {
            /// What is claimed.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self {
                    $(Self::$id => $sentence,)+
                }
            }

            /// What must occur for the claim to say anything.
            #[must_use]
            pub fn witness(self) -> &'static str {
                match self {
                    $(Self::$id => $witness,)+
                }
            }

            /// The id and the sentence, as stateright shows them.
            pub(crate) fn title(self) -> &'static str {
                match self {
                    $(Self::$id => concat!(stringify!($id), ": ", $sentence),)+
                }
            }

            /// The id and the witness, as stateright shows them.
            pub(crate) fn witness_title(self) -> &'static str {
                match self {
                    $(Self::$id => concat!(stringify!($id), " witness: ", $witness),)+
                }
            }
        }
    };
}

claims! {
    S1: "an inactive session never points at a turn",
        if "a session that points at a turn is told of its end";
    S2: "the reaper never stops work that the session has shown and nothing has ended, nor within the idle window",
        if "the reaper stops a provider";
    S3: "a settled turn never becomes active again, and none begins in a closed session",
        if "a settled turn is started again";
    S4: "a turn is settled only by its own events or by one that ends the whole session's work",
        if "an event ends a turn while another is active";
    S8: "an outcome stands as reported only once it was reported, and then never changes",
        if "a turn that was settled by inference is reported";
    L1: "a session at rest is reaped, unless new work begins",
        if "a session is at rest, and its provider lives";
    L2: "a turn whose end is on its way settles",
        if "the end of the active turn is on its way";
    T1: "the typed transitions and apply agree",
        if "a turn ends that the session works on";
    O1: "a rejected event changes nothing, and an ignored one nothing that is shown",
        if "a turn is started while another is active";
    O2: "an event that is delivered twice in a row changes nothing the second time",
        if "an event is to arrive twice";
}

impl PropertyId {
    /// How it is decided.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::L1 | Self::L2 => Kind::Liveness,
            Self::S1
            | Self::S2
            | Self::S3
            | Self::S4
            | Self::S8
            | Self::T1
            | Self::O1
            | Self::O2 => Kind::Safety,
        }
    }

    /// Whether it is also shown by induction, and so for runs of any length.
    #[must_use]
    pub fn is_inductive(self) -> bool {
        match self {
            Self::S1 | Self::S3 | Self::S8 => true,
            Self::S2 | Self::S4 | Self::L1 | Self::L2 | Self::T1 | Self::O1 | Self::O2 => false,
        }
    }

    pub(crate) fn bit(self) -> u8 {
        match self {
            Self::S2 => 1,
            Self::S3 => 2,
            Self::S4 => 4,
            Self::S8 => 8,
            Self::T1 => 16,
            Self::O1 => 32,
            Self::O2 => 64,
            // Read from the state, not remembered from a step.
            Self::S1 | Self::L1 | Self::L2 => 0,
        }
    }

    /// Whether the state breaks this safety property.
    #[must_use]
    pub fn is_broken<S: Subject>(self, world: &World<S>, point: &Point<S::Session>) -> bool {
        let shown = &world.subject;
        match self {
            Self::S1 => !shown.status(&point.session).is_active() && shown.points(&point.session),
            Self::S2 | Self::S3 | Self::S4 | Self::S8 | Self::T1 | Self::O1 | Self::O2 => {
                point.env.ghosts.broken & self.bit() != 0
            }
            Self::L1 | Self::L2 => false,
        }
    }

    /// Whether the state shows that the premise occurs.
    #[must_use]
    pub fn is_witnessed<S: Subject>(self, world: &World<S>, point: &Point<S::Session>) -> bool {
        let env = &point.env;
        let active = world.subject.active(&point.session);
        let settled = |turn| world.subject.settlement(&point.session, turn);
        match self {
            Self::S1 => active.is_some_and(|turn| {
                env.next_to_arrive()
                    .any(|told| told.ends_session_work() || told.names_end_of(turn))
            }),
            Self::S2 => env.process == Process::Reaped,
            Self::S3 => env.next_to_arrive().any(
                |told| matches!(told, Told::Started(Some(turn)) if env.ghosts.over & turn.bit() != 0),
            ),
            Self::S4 => env.next_to_arrive().any(|told| {
                told.report()
                    .is_some_and(|(turn, _)| active.is_some_and(|active| active != turn))
            }),
            Self::S8 => env.next_to_arrive().any(|told| {
                told.report().is_some_and(|(turn, _)| {
                    settled(turn).is_some_and(|how| match how {
                        Settlement::Inferred(_) => true,
                        Settlement::Reported(_) => false,
                    })
                })
            }),
            Self::T1 => env
                .next_to_arrive()
                .any(|told| told.report().is_some_and(|(turn, _)| active == Some(turn))),
            Self::O1 => env.next_to_arrive().any(
                |told| matches!(told, Told::Started(Some(turn)) if active.is_some_and(|active| active != turn)),
            ),
            Self::O2 => env.traffic.duplicate.is_some(),
            Self::L1 | Self::L2 => self.premise(world, point),
        }
    }

    /// The premise of a liveness property: from here its goal must be reached.
    #[must_use]
    pub fn premise<S: Subject>(self, world: &World<S>, point: &Point<S::Session>) -> bool {
        let status = world.subject.status(&point.session);
        let active = world.subject.active(&point.session);
        match self {
            Self::L1 => !self.goal(world, point),
            Self::L2 => {
                status.is_active()
                    && point.env.on_the_way().any(|told| {
                        let ends_mine = told.report().is_some_and(|(turn, _)| active == Some(turn));
                        ends_mine || told.ends_session_work()
                    })
            }
            Self::S1
            | Self::S2
            | Self::S3
            | Self::S4
            | Self::S8
            | Self::T1
            | Self::O1
            | Self::O2 => false,
        }
    }

    /// The goal of a liveness property.
    #[must_use]
    pub fn goal<S: Subject>(self, world: &World<S>, point: &Point<S::Session>) -> bool {
        let status = world.subject.status(&point.session);
        match self {
            Self::L1 => {
                point.env.process != Process::Up || status.is_active() || point.env.task_known
            }
            Self::L2 => !status.is_active(),
            Self::S1
            | Self::S2
            | Self::S3
            | Self::S4
            | Self::S8
            | Self::T1
            | Self::O1
            | Self::O2 => true,
        }
    }
}

/// The classes of actions that are weakly fair: what is possible from some point on for good, happens.
pub const FAIR: [Class; 6] = [
    Class::DeliverTurns,
    Class::DeliverSession,
    Class::DeliverDuplicate,
    Class::Tick,
    Class::Sweep,
    Class::Reap,
];

impl fmt::Display for PropertyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The properties of a subject: those that it can be asked, and S8 where it keeps a ledger.
pub(crate) fn of<S: Subject>(subject: &S) -> Vec<PropertyId> {
    subject
        .properties()
        .iter()
        .copied()
        .filter(|id| S::HAS_LEDGER || *id != PropertyId::S8)
        .collect()
}

/// The safety properties and the witnesses, as stateright asks for them.
pub(crate) fn for_stateright<S: Subject>(world: &World<S>) -> Vec<stateright::Property<World<S>>> {
    type Condition<S> = fn(&World<S>, &Point<<S as Subject>::Session>) -> bool;
    // stateright takes plain functions, so that each property needs a pair of its own.
    macro_rules! pair {
        ($id:ident) => {
            (
                |world, point| !PropertyId::$id.is_broken(world, point),
                |world, point| PropertyId::$id.is_witnessed(world, point),
            )
        };
    }
    let conditions = |id: PropertyId| -> (Condition<S>, Condition<S>) {
        match id {
            PropertyId::S1 => pair!(S1),
            PropertyId::S2 => pair!(S2),
            PropertyId::S3 => pair!(S3),
            PropertyId::S4 => pair!(S4),
            PropertyId::S8 => pair!(S8),
            PropertyId::L1 => pair!(L1),
            PropertyId::L2 => pair!(L2),
            PropertyId::T1 => pair!(T1),
            PropertyId::O1 => pair!(O1),
            PropertyId::O2 => pair!(O2),
        }
    };
    let mut properties = Vec::new();
    for id in of(&world.subject) {
        let (holds, witnessed) = conditions(id);
        if id.kind() == Kind::Safety {
            properties.push(stateright::Property {
                expectation: Expectation::Always,
                name: id.title(),
                condition: holds,
            });
        }
        properties.push(stateright::Property {
            expectation: Expectation::Sometimes,
            name: id.witness_title(),
            condition: witnessed,
        });
    }
    properties
}
