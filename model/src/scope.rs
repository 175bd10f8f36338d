//! How much may happen: the bounds of a check.

use std::fmt;

use crate::profile::Profile;
use crate::report::counted;
use crate::world::Budget;

/// The bounds of a check. They are stated with every verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The name on the command line.
    pub name: &'static str,
    /// Turns that may begin, at most three.
    pub turns: u8,
    /// Events that may be on their way at once, at most four from each source.
    pub in_flight: u8,
    /// How much may go wrong.
    pub budget: Budget,
    /// Whose world it is.
    pub profile: Profile,
}

impl Scope {
    /// For the ordinary test run: two turns.
    pub const SMALL: Self = Self {
        name: "small",
        turns: 2,
        in_flight: 2,
        budget: Budget {
            launches: 1,
            deviations: 1,
            crashes: 1,
            restarts: 1,
            duplicates: 1,
        },
        profile: Profile::ANY,
    };

    /// For every run of the checker: three turns, three events on their way.
    pub const DEFAULT: Self = Self {
        name: "default",
        turns: 3,
        in_flight: 3,
        budget: Budget {
            launches: 1,
            deviations: 1,
            crashes: 1,
            restarts: 1,
            duplicates: 1,
        },
        profile: Profile::ANY,
    };

    /// For a night: more events on their way, launches and deviations.
    pub const LARGE: Self = Self {
        name: "large",
        turns: 3,
        in_flight: 4,
        budget: Budget {
            launches: 2,
            deviations: 2,
            crashes: 1,
            restarts: 1,
            duplicates: 1,
        },
        profile: Profile::ANY,
    };

    /// The scopes that have a name.
    pub const NAMED: [Self; 3] = [Self::SMALL, Self::DEFAULT, Self::LARGE];

    /// Why a search within this scope says less than the scope does: the model has three turns, and room for four events
    /// from each source and one that comes again.
    pub(crate) fn doubt(&self) -> Option<String> {
        if self.turns > 3 {
            return Some(format!("the model has 3 turns, and not {}", self.turns));
        }
        (self.in_flight > 9).then(|| {
            format!(
                "the model has room for 9 events in flight, and not {}",
                self.in_flight
            )
        })
    }

    /// The same bounds in the world of one provider.
    #[must_use]
    pub fn of(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// The scope of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|scope| scope.name == name)
    }
}

impl Default for Scope {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let budget = &self.budget;
        let limits = [
            counted(self.turns, "turn", "turns"),
            counted(self.in_flight, "event in flight", "events in flight"),
            counted(budget.launches, "launch", "launches"),
            counted(
                budget.deviations,
                "deviation of the provider",
                "deviations of the provider",
            ),
            counted(budget.crashes, "crash", "crashes"),
            counted(budget.restarts, "host restart", "host restarts"),
            counted(budget.duplicates, "late duplicate", "late duplicates"),
        ];
        f.write_str(&limits.join(", "))?;
        if self.profile == Profile::ANY {
            Ok(())
        } else {
            write!(f, "; the world of {}", self.profile.name)
        }
    }
}
