//! The rules as a table. It holds nothing but answers of `apply`: for each class of sessions, each kind of event and each
//! relation between the two, what became of an example.

use alloc::vec::Vec;

use super::class::{Class, LATEST, NAMED, NEW, OLD};
use super::kind::{KINDS, Kind, every};
use super::standing::Standing;
use crate::memory::default_text;
use crate::{AnySession, Message, Outcome, SessionRecord, Step, TurnId};

/// The last errors that need no text of their own: none, and what the rules say where nobody gave a reason.
pub(super) const TEXTS: [Option<&str>; 5] = [
    None,
    Some(default_text::SESSION),
    Some(default_text::TURN),
    Some(default_text::RUNTIME),
    Some(default_text::THREAD),
];

/// What an event does to a session. Each yes or no is a mask, all ones or none, so that nobody has to branch on it.
#[derive(Clone, Copy)]
#[repr(align(8))]
pub(super) struct Cell {
    /// It settles the latest turn.
    pub(super) settles_latest: i8,
    /// It settles, or records, another turn, which it names.
    pub(super) settles_named: i8,
    /// How that turn stands then.
    pub(super) standing: Standing,
    /// The turn that it names becomes the latest.
    pub(super) names_latest: i8,
    pub(super) keeps_error: i8,
    /// Its message becomes the last error.
    pub(super) takes_message: i8,
    /// Where among the [`TEXTS`] the last error is then.
    pub(super) text: u8,
    /// The class of the session then.
    pub(super) next: u8,
}

const CLASSES: usize = 32;
/// How the turn stands that the event names, and whether it is the latest.
const RELATIONS: usize = 8;
const CELLS: usize = CLASSES * KINDS * RELATIONS;

/// The place of a cell.
pub(super) fn place(class: u8, kind: Kind, named: Standing, is_latest: bool) -> usize {
    const KIND: u32 = RELATIONS.trailing_zeros();
    const CLASS: u32 = (KINDS * RELATIONS).trailing_zeros();
    usize::from(class) << CLASS
        | kind.place() << KIND
        | named.asked_for() << 1
        | usize::from(is_latest)
}

#[derive(Clone)]
pub(super) struct Table {
    cells: Vec<Cell>,
    /// Which of the outcomes each cell tells; `None` for a cell that no session meets.
    tells: Vec<Option<u16>>,
    outcomes: Vec<Outcome>,
    classes: Vec<Class>,
}

impl Table {
    pub(super) fn asked_of_apply() -> Self {
        let mut table = Self {
            cells: alloc::vec![Cell::NONE; CELLS],
            tells: alloc::vec![None; CELLS],
            outcomes: Vec::new(),
            classes: Class::every(),
        };
        for (number, class) in (0..).zip(table.classes.clone()) {
            for named in Standing::every() {
                for is_latest in [false, true] {
                    table.ask(number, class, named, is_latest);
                }
            }
        }
        table
    }

    pub(super) fn cell(&self, at: usize) -> Option<&Cell> {
        self.cells.get(at)
    }

    pub(super) fn outcome(&self, at: usize) -> Option<&Outcome> {
        let told = self.tells.get(at).copied().flatten()?;
        self.outcomes.get(usize::from(told))
    }

    /// The number of a class.
    pub(super) fn number_of(&self, class: Class) -> u8 {
        let at = self.classes.iter().position(|known| *known == class);
        at.and_then(|at| u8::try_from(at).ok()).unwrap_or_default()
    }

    /// The class of a number.
    pub(super) fn class(&self, number: u8) -> Class {
        let class = self.classes.get(usize::from(number)).copied();
        class.unwrap_or_else(|| Class::of(&AnySession::new().into()))
    }

    /// Has `apply` fold an event of each kind into an example, and notes what it did.
    fn ask(&mut self, number: u8, class: Class, named: Standing, is_latest: bool) {
        let Some((before, turn)) = class.example(named, is_latest) else {
            return;
        };
        for message in [None, Some(Message::from(NEW))] {
            for event in every(turn.as_ref(), message.as_ref()) {
                let (kind, has_turn, has_message) = Kind::of(event.clone());
                if (&has_turn, &has_message) != (&turn, &message) {
                    continue; // It has no room for one of them: another example is about it.
                }
                let Step { session, outcome } = before.clone().assemble().apply(event);
                let cell = self.between(&before, &session.into());
                let at = place(number, kind, named, is_latest);
                if let (Some(asked), Some(tells)) = (self.cells.get_mut(at), self.tells.get_mut(at))
                {
                    *asked = cell;
                    *tells = u16::try_from(self.outcomes.len()).ok();
                    self.outcomes.push(outcome);
                }
            }
        }
    }

    /// What lies between two records of an example.
    fn between(&self, before: &SessionRecord, after: &SessionRecord) -> Cell {
        let settled = |id: &str| {
            let of = |record: &SessionRecord| {
                let mut turns = record.turns.iter();
                turns.find_map(|(turn, how)| (turn.as_str() == id).then_some(*how))
            };
            of(after).filter(|how| of(before) != Some(*how))
        };
        let (latest, named) = (settled(LATEST), settled(NAMED));
        let latest_after = after.latest_turn.as_ref().map(TurnId::as_str);
        let error = after.last_error.as_ref().map(Message::as_str);
        let text = TEXTS.iter().position(|text| *text == error);
        Cell {
            settles_latest: mask(latest.is_some()),
            settles_named: mask(named.is_some()),
            standing: latest.or(named).map_or(Standing::OPEN, Standing::of),
            names_latest: mask(latest_after == Some(NAMED)),
            keeps_error: mask(error == Some(OLD)),
            takes_message: mask(error == Some(NEW)),
            text: text
                .and_then(|at| u8::try_from(at).ok())
                .unwrap_or_default(),
            next: self.number_of(Class::of(after)),
        }
    }
}

/// All ones for yes.
fn mask(yes: bool) -> i8 {
    if yes { !0 } else { 0 }
}

impl Cell {
    /// What stands where no session comes.
    const NONE: Self = Self {
        settles_latest: 0,
        settles_named: 0,
        standing: Standing::OPEN,
        names_latest: 0,
        keeps_error: !0,
        takes_message: 0,
        text: 0,
        next: 0,
    };
}
