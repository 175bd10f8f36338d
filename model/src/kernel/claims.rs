//! What is claimed of a supervised thread.

use std::fmt;

use session_lifecycle::Status;

use crate::kernel::action::{Deed, Due, Move, Stimulus};
use crate::kernel::truth::{Ask, Mail, News, Process, Truth};
use crate::kernel::view::View;
use crate::kernel::{Kernel, Spot};
use crate::world::{Told, Turn};

/// A property of the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "`sentence` says what each claims")]
pub enum Claim {
    S1,
    S2,
    S3,
    S4,
    S5,
    S6,
    S7,
    S8,
    S9,
    S10,
    S11,
    S12,
    L1,
    L2,
    L3,
    L4,
    L5,
}

impl Claim {
    /// The claims of one thread that are decided on whole runs.
    pub const LIVE: [Self; 4] = [Self::L1, Self::L2, Self::L3, Self::L4];

    /// Every claim.
    pub const ALL: [Self; 17] = [
        Self::S1,
        Self::S2,
        Self::S3,
        Self::S4,
        Self::S5,
        Self::S6,
        Self::S7,
        Self::S8,
        Self::S9,
        Self::S10,
        Self::S11,
        Self::S12,
        Self::L1,
        Self::L2,
        Self::L3,
        Self::L4,
        Self::L5,
    ];

    /// Whether it is decided on whole runs.
    #[must_use]
    pub fn is_liveness(self) -> bool {
        matches!(self, Self::L1 | Self::L2 | Self::L3 | Self::L4 | Self::L5)
    }

    /// The claim of that id.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|claim| claim.as_str().eq_ignore_ascii_case(id))
    }

    /// The id, as in `S1`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.words().0
    }

    /// What is claimed.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.words().1
    }

    /// What must occur for the claim to say anything.
    #[must_use]
    pub fn witness(self) -> &'static str {
        self.words().2
    }

    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::S1 => (
                "S1",
                "an inactive session never points at a turn",
                "a session is inactive after it had a turn",
            ),
            Self::S2 => (
                "S2",
                "nothing stops work that was shown, unless the user asked or the provider said that it is over",
                "the reaper stops a provider",
            ),
            Self::S3 => (
                "S3",
                "a settled turn never becomes active again, and none begins without a provider",
                "a settled turn is started again",
            ),
            Self::S4 => (
                "S4",
                "a turn is settled only by its own events, by what its provider says of it, or with its session",
                "an event ends a turn while another is active",
            ),
            Self::S5 => (
                "S5",
                "when everything has arrived and nothing was lost, work is shown if and only if there is work, and a provider if and only if there is one",
                "everything has arrived while a turn runs",
            ),
            Self::S6 => (
                "S6",
                "no accepted message is lost",
                "an accepted message waits while a turn runs",
            ),
            Self::S7 => (
                "S7",
                "no message reaches the provider twice",
                "a provider dies with a message in hand",
            ),
            Self::S8 => (
                "S8",
                "an outcome stands as reported only once it was reported, and then never changes; a stop that the user asked for is no failure",
                "a turn that was settled by inference is reported",
            ),
            Self::S9 => (
                "S9",
                "an event of an earlier provider changes nothing that is shown",
                "such an event arrives",
            ),
            Self::S10 => (
                "S10",
                "after an interrupt or a stop nothing is started or sent without a new command",
                "messages are queued when the user stops",
            ),
            Self::S11 => (
                "S11",
                "a stop keeps the queue and the resume cursor",
                "there is a queue or a cursor to keep",
            ),
            Self::S12 => (
                "S12",
                "there is never a second provider, nor a message handed over while a turn is shown",
                "a message is queued while a turn is shown",
            ),
            Self::L1 => (
                "L1",
                "a session at rest is reaped, unless new work begins",
                "a session is at rest",
            ),
            Self::L2 => (
                "L2",
                "a turn that is shown and does not run settles, unless a question waits for the user",
                "a turn is shown that does not run",
            ),
            Self::L3 => (
                "L3",
                "an accepted message reaches the provider, is reported, or waits in a queue that is shown as parked",
                "an accepted message waits and nothing runs",
            ),
            Self::L4 => (
                "L4",
                "an interrupt or a stop takes effect, and is not given up before",
                "an interrupt or a stop has not taken effect",
            ),
            Self::L5 => (
                "L5",
                "one thread keeps L1 to L4 whatever the provider of another does or does not do",
                "one provider is mute while a message of the other thread waits",
            ),
        }
    }

    /// Whether the state shows that the premise occurs.
    #[must_use]
    pub fn is_witnessed(self, kernel: &Kernel, spot: &Spot) -> bool {
        let view = kernel.memo.view(spot.kept);
        let truth = &spot.truth;
        let next = || truth.news.head().into_iter().chain(truth.again);
        let told = || {
            next().filter_map(|(_, news)| match news {
                News::Told(wire) => Some(Told::from(wire)),
                News::TaskStarted(_)
                | News::TaskEnded(_)
                | News::RequestOpened
                | News::RequestResolved
                | News::Cursor => None,
            })
        };
        let is_over = |turn: Turn| truth.memory.over & turn.bit() != 0;
        match self {
            Self::S1 => !view.status.is_active() && truth.memory.over != 0,
            Self::S2 => view.stopping && !truth.memory.fence && !view.closed,
            Self::S3 => {
                told().any(|told| matches!(told, Told::Started(Some(turn)) if is_over(turn)))
            }
            Self::S4 => told().any(|told| {
                told.report()
                    .is_some_and(|(turn, _)| view.active.is_some_and(|active| active != turn))
            }),
            Self::S5 => truth.news.is_empty() && truth.turn.is_some() && view.active == truth.turn,
            Self::S6 | Self::S12 => {
                view.queue != 0 && truth.turn.is_some() && view.status.is_active()
            }
            Self::S7 => view.handed.is_some() && truth.process == Process::Off,
            Self::S8 => told().any(|told| {
                told.report().is_some_and(|(turn, _)| {
                    view.settled[turn as usize].is_some_and(|how| !how.is_reported())
                })
            }),
            Self::S9 => next().any(|(epoch, _)| epoch != view.epoch),
            Self::S10 => truth.memory.fence && view.queue != 0,
            Self::S11 => truth.memory.fence && (view.queue != 0 || view.cursor),
            Self::L1 | Self::L2 | Self::L3 | Self::L4 => !self.goal(kernel, spot),
            // It is a claim of two threads: see `pair`.
            Self::L5 => false,
        }
    }

    pub(super) fn breaks(self, truth: &mut Truth) {
        truth.memory.broken |= 1 << self as u16;
    }

    /// Whether the step that led here broke it.
    #[must_use]
    pub fn is_broken(self, spot: &Spot) -> bool {
        self != Self::L5 && spot.truth.memory.broken & 1 << self as u16 != 0
    }

    /// The claims that are read from the state.
    pub(super) fn mark(spot: &mut Spot, view: &View, stored: &View) {
        let truth = &mut spot.truth;
        // Whoever reads the store, in a second window say, sees what the first one shows.
        if (stored.status, stored.active) != (view.status, view.active) {
            Self::S5.breaks(truth);
        }
        if !view.status.is_active() && view.active.is_some() {
            Self::S1.breaks(truth);
        }
        let nothing_is_lost_or_on_its_way = truth.news.is_empty()
            && truth.replies.is_empty()
            && truth.asks.is_empty()
            && truth.again.is_none()
            && !truth.memory.misled;
        let quiet = nothing_is_lost_or_on_its_way
            && truth.process == Process::Up
            && view.handed.is_none()
            && !view.stopping
            && view.interrupting.is_none();
        let works = truth.turn.is_some();
        let shows = [view.status.is_active(), view.working];
        // A task may be shown that has ended: a late word of it only renews its lease (L1).
        let hides_a_task = truth.tasks & !view.tasks != 0;
        if quiet && (shows != [works; 2] || view.closed || hides_a_task) {
            Self::S5.breaks(truth);
        }
        let is_ghost = truth.process == Process::Off && view.has_provider && !view.stopping;
        let is_alive = view.status.is_active() || view.status == Status::Ready;
        let outlives = !view.has_provider && (is_alive || view.tasks > 0);
        if (nothing_is_lost_or_on_its_way && is_ghost) || outlives {
            Self::S5.breaks(truth);
        }
        for mail in Mail::ALL {
            let fate = truth.mail[mail as usize];
            let is_sent = truth.asks.iter().any(|ask| ask == Ask::Send(mail));
            if is_sent && !fate.reported && view.has_provider && !view.working {
                Self::S5.breaks(truth);
            }
            let held = view.queue & 1 << mail as u8 != 0 || view.handed == Some(mail);
            if fate.accepted && !fate.reported && fate.reached == 0 && !held {
                Self::S6.breaks(truth);
            }
            if fate.reached > 1 {
                Self::S7.breaks(truth);
            }
        }
    }

    /// The goal of a liveness claim: where it holds, nothing is owed. Its negation is the premise.
    #[must_use]
    pub fn goal(self, kernel: &Kernel, spot: &Spot) -> bool {
        let view = kernel.memo.view(spot.kept);
        let truth = &spot.truth;
        match self {
            Self::L1 => {
                let is_gone = matches!(truth.process, Process::Off | Process::Booting);
                (is_gone && (view.has_provider || view.requests == 0))
                    || view.busy
                    || view.tasks & truth.tasks != 0
                    || (view.requests > 0 && view.has_provider)
                    || (view.queue != 0 && !view.parked)
                    || truth.turn.is_some()
            }
            Self::L2 => !view.status.is_active() || truth.turn.is_some() || view.requests > 0,
            Self::L3 => {
                truth.turn.is_some()
                    || view.requests > 0
                    || Mail::ALL.iter().all(|mail| {
                        let fate = truth.mail[*mail as usize];
                        let waits = view.queue & 1 << *mail as u8 != 0
                            && view.parked
                            && !truth.memory.forgotten;
                        !fate.accepted || fate.reported || fate.reached > 0 || waits
                    })
            }
            Self::L4 => {
                view.interrupting.is_none() && !view.stopping && truth.memory.interrupted == 0
            }
            _ => true,
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The fairness class of a step, if it has one.
#[must_use]
pub fn class(action: &Move) -> Option<u8> {
    match action {
        Move::Host(stimulus) => match stimulus {
            Stimulus::News => Some(0),
            Stimulus::Reply => Some(1),
            Stimulus::Again => Some(2),
            Stimulus::Sweep => Some(3),
            Stimulus::Due(due) => Due::ALL
                .iter()
                .position(|one| one == due)
                .and_then(|at| u8::try_from(4 + at).ok()),
            _ => None,
        },
        Move::Provider(_) => Some(20),
        Move::Tick => Some(21),
        Move::HostDies(..) | Move::Alone(_) => None,
    }
}

/// Whether a step is a mishap, which ceases in the end.
#[must_use]
pub fn ceases(action: &Move) -> bool {
    match action {
        Move::HostDies(..) | Move::Host(Stimulus::Boot | Stimulus::NewsTwice) => true,
        Move::Alone(deed) => matches!(deed, Deed::Die | Deed::DieAndLose | Deed::FallMute),
        Move::Host(_) | Move::Provider(_) | Move::Tick => false,
    }
}
