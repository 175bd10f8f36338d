//! What may still happen: how much of each kind of trouble, and how much in all.

use std::fmt;

use crate::report::counted;

/// A kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// A command to interrupt or stop.
    Stop,
    /// A departure of the provider from the plain course.
    Deviation,
    /// A death of the process.
    Crash,
    /// A restart of the host.
    Restart,
    /// An event that comes twice.
    Duplicate,
    /// A turn that the provider begins by itself.
    OwnTurn,
    /// A background task.
    Task,
    /// A request.
    Request,
    /// A choice of another model.
    Configuration,
    /// A deadline that is due although its answer would have come.
    Haste,
    /// A turn that ends as failed.
    Failure,
}

impl Trouble {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Stop,
        Self::Deviation,
        Self::Crash,
        Self::Restart,
        Self::Duplicate,
        Self::OwnTurn,
        Self::Task,
        Self::Request,
        Self::Configuration,
        Self::Haste,
        Self::Failure,
    ];

    /// Work that goes well, beside that of the user: it is not counted as something that goes wrong.
    fn is_ordinary(self) -> bool {
        matches!(self, Self::OwnTurn | Self::Task | Self::Request)
    }

    /// One of it, and several.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Stop => ("interrupt or stop", "interrupts or stops"),
            Self::Deviation => ("deviation of the provider", "deviations of the provider"),
            Self::Crash => ("death of the process", "deaths of the process"),
            Self::Restart => ("host restart", "host restarts"),
            Self::Duplicate => ("late duplicate", "late duplicates"),
            Self::OwnTurn => ("turn of its own", "turns of its own"),
            Self::Task => ("background task", "background tasks"),
            Self::Request => ("request", "requests"),
            Self::Configuration => ("choice of another model", "choices of another model"),
            Self::Haste => ("deadline that is too early", "deadlines that are too early"),
            Self::Failure => ("turn that fails", "turns that fail"),
        }
    }
}

/// What may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Allowance {
    /// How many messages the user may send.
    pub messages: u8,
    /// How much trouble of each kind, by its place in [`Trouble::ALL`].
    each: [u8; Trouble::ALL.len()],
    /// How much in all, beside what is free.
    pub total: u8,
}

/// As often as it likes.
const FREE: u8 = u8::MAX;

impl Allowance {
    /// Nothing but hasty deadlines and turns that fail, and these as often as they like.
    pub const PLAIN: Self = {
        let mut each = [0; Trouble::ALL.len()];
        each[Trouble::Haste as usize] = FREE;
        each[Trouble::Failure as usize] = FREE;
        Self {
            messages: 2,
            each,
            total: 0,
        }
    };

    /// Each of these kinds of trouble once.
    #[must_use]
    pub fn once(kinds: &[Trouble]) -> Self {
        kinds
            .iter()
            .fold(Self::PLAIN, |allowance, kind| allowance.and(*kind))
    }

    /// Whatever can go wrong, but only so much of it in all, each kind once.
    #[must_use]
    pub fn faults(total: u8) -> Self {
        let mut each = [u8::from(total > 0); Trouble::ALL.len()];
        for kind in Trouble::ALL.into_iter().filter(|kind| kind.is_ordinary()) {
            each[kind as usize] = 0;
        }
        Self {
            messages: 2,
            each,
            total,
        }
    }

    /// The same in a thread where the provider also begins a turn of its own, a background task and a request.
    #[must_use]
    pub fn joint(total: u8) -> Self {
        let mut allowance = Self::faults(total);
        for kind in Trouble::ALL.into_iter().filter(|kind| kind.is_ordinary()) {
            allowance.each[kind as usize] = 1;
        }
        allowance
    }

    /// One more of this kind.
    #[must_use]
    pub fn and(mut self, kind: Trouble) -> Self {
        self.each[kind as usize] = self.each[kind as usize].saturating_add(1);
        self.total += u8::from(!kind.is_ordinary());
        self
    }

    /// Only so many messages.
    #[must_use]
    pub fn with_messages(self, messages: u8) -> Self {
        Self { messages, ..self }
    }

    /// How much of this kind there may still be.
    #[must_use]
    pub fn left(&self, kind: Trouble) -> u8 {
        let each = self.each[kind as usize];
        if each == FREE || kind.is_ordinary() {
            each
        } else {
            each.min(self.total)
        }
    }

    /// Takes one of this kind; `None` if there is none left.
    pub(super) fn spend(&mut self, kind: Trouble) -> Option<()> {
        let each = &mut self.each[kind as usize];
        if *each == FREE {
            return Some(());
        }
        *each = each.checked_sub(1)?;
        if !kind.is_ordinary() {
            self.total = self.total.checked_sub(1)?;
        }
        if self.total == 0 {
            for kind in Trouble::ALL.into_iter().filter(|kind| !kind.is_ordinary()) {
                let left = &mut self.each[kind as usize];
                *left = if *left == FREE { FREE } else { 0 };
            }
        }
        Some(())
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |ordinary: bool| -> Vec<String> {
            let limited = Trouble::ALL.iter().filter(|kind| {
                kind.is_ordinary() == ordinary && (1..FREE).contains(&self.each[**kind as usize])
            });
            limited
                .map(|kind| {
                    let (one, many) = kind.names();
                    counted(self.each[*kind as usize], one, many)
                })
                .collect()
        };
        let (ordinary, faults) = (told(true), told(false));
        let faults = if faults.len() > usize::from(self.total) {
            vec![counted(
                self.total,
                "thing that goes wrong",
                "things that go wrong",
            )]
        } else {
            faults
        };
        let all = [ordinary, faults].concat();
        f.write_str(if all.is_empty() { "nothing else" } else { "" })?;
        f.write_str(&all.join(" with "))
    }
}
