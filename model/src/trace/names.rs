//! What a trace calls its turns, and what the model calls them.

use session_lifecycle::{Event, SessionRecord, TurnId};

use super::Occurrence;
use crate::shipped::Packed;
use crate::world::{Told, Turn};

/// The trace's own names for the model's three turns, in the order in which they are named.
#[derive(Default)]
pub(super) struct Names(Vec<TurnId>);

impl Names {
    /// The model's turn of that name; `None` if the model has none left.
    fn turn(&mut self, name: &TurnId) -> Option<Turn> {
        let at = self
            .0
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                self.0.push(name.clone());
                self.0.len() - 1
            });
        Turn::ALL.get(at).copied()
    }

    fn name(&self, turn: &TurnId) -> TurnId {
        let at = Turn::named(turn.as_str()).map(|turn| turn as usize);
        at.and_then(|at| self.0.get(at)).unwrap_or(turn).clone()
    }

    /// The occurrence in the words of the model.
    pub(super) fn told(&mut self, occurrence: &Occurrence) -> Option<Told> {
        let Occurrence::Event(event) = occurrence else {
            return Some(Told::Exited);
        };
        let mut named = |turn: &Option<TurnId>| match turn {
            None => Some(None),
            Some(turn) => self.turn(turn).map(Some),
        };
        Some(match event {
            Event::SessionStarted => Told::SessionStarted,
            Event::ThreadStarted => Told::ThreadStarted,
            Event::SessionStateChanged { state, .. } => Told::Session(*state),
            Event::SessionExited => Told::Exited,
            Event::ThreadStateChanged(state) => Told::Thread(*state),
            Event::TurnStarted { turn } => Told::Started(named(turn)?),
            Event::TurnCompleted { turn, result, .. } => Told::Ended(named(turn)?, *result),
            Event::TurnAborted { turn } => Told::Aborted(named(turn)?),
            Event::RuntimeError { turn, .. } => Told::Failed(named(turn)?),
            Event::WorkObserved { turn } => Told::Item(named(turn)?),
            Event::Noticed => Told::Noise,
        })
    }

    /// The model's session as a record with the trace's own names.
    pub(super) fn record(&self, session: Packed) -> SessionRecord {
        let mut record = self.renamed(session.record());
        // What only a defect points at stands in no record.
        let active = session
            .active()
            .map(|turn| self.name(&TurnId::from(turn.name())));
        record.active_turn = active;
        record
    }

    fn renamed(&self, mut record: SessionRecord) -> SessionRecord {
        record.active_turn = record.active_turn.map(|turn| self.name(&turn));
        record.latest_turn = record.latest_turn.map(|turn| self.name(&turn));
        for (turn, _) in &mut record.turns {
            *turn = self.name(turn);
        }
        record
    }
}
