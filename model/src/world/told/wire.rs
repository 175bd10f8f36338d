//! An event of the model in one byte.

use std::fmt;

use super::{Told, Turn};

/// A [`Told`] in one byte.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wire(std::num::NonZeroU8);

impl From<Told> for Wire {
    fn from(told: Told) -> Self {
        let named = |turn: Option<Turn>| turn.map_or(0, |turn| turn as u8 + 1);
        let byte = match told {
            Told::SessionStarted => 1,
            Told::ThreadStarted => 2,
            Told::Exited => 3,
            Told::TaskStarted => 4,
            Told::TaskEnded => 5,
            Told::Noise => 6,
            Told::Session(state) => 8 + state as u8,
            Told::Thread(state) => 16 + state as u8,
            Told::Started(turn) => 24 + named(turn),
            Told::Aborted(turn) => 28 + named(turn),
            Told::Failed(turn) => 32 + named(turn),
            Told::Item(turn) => 36 + named(turn),
            Told::Ended(turn, result) => 40 + named(turn) + 4 * result as u8,
        };
        Self(std::num::NonZeroU8::MIN.saturating_add(byte - 1))
    }
}

impl Wire {
    /// Whichever.
    pub(crate) const ANY: Self = Self(std::num::NonZeroU8::MIN);

    /// The byte; it is below 64.
    pub(crate) fn code(self) -> u8 {
        self.0.get()
    }

    /// The event of that byte; none for 0.
    pub(crate) fn of(code: u8) -> Option<Self> {
        std::num::NonZeroU8::new(code).map(Self)
    }
}

impl From<Wire> for Told {
    fn from(wire: Wire) -> Self {
        DECODED.with(|decoded| decoded[usize::from(wire.0.get())])
    }
}

thread_local! {
    /// The inverse of the encoding, computed from it.
    static DECODED: [Told; 64] = {
        let mut decoded = [Told::Noise; 64];
        for told in Told::all() {
            decoded[usize::from(Wire::from(told).0.get())] = told;
        }
        decoded
    };
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Told::from(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_survives_its_byte() {
        let all = Told::all();
        assert_eq!(all.len(), 3 + 3 + 7 + 6 + 4 * 7);
        for told in all {
            assert_eq!(Told::from(Wire::from(told)), told);
        }
    }
}
