//! The crate's own logic under the model: packed into four bytes, unpacked for each call of the shipped code.

use std::cell::RefCell;
use std::fmt;
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Duration;

use rustc_hash::FxHashMap;
use session_lifecycle::{
    AnySession, Decision, Evidence, Fault, IdleClock, Inference, Message, Outcome, ProviderLife,
    Reaper, Session, SessionRecord, Settlement, Status, Step, Timestamp, TurnId, TurnResult,
    repair_with_fault,
};

use crate::agreement::typed_transition;
use crate::induction::{Induction, induct};
use crate::properties::PropertyId;
use crate::subject::{Consequence, Subject};
use crate::world::{Age, Env, OLD, Permit, Told, Turn, Wire};

/// The shipped logic, with or without a published defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shipped {
    /// The defect that it carries.
    pub fault: Option<Fault>,
}

/// A session of the shipped logic, of at most three turns, in four bytes.
///
/// From the lowest bit: status (3), active turn (2), latest turn (2), closed (1), has an error (1), settlement of each
/// turn (3 × 3), turn that only a defect points at (2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Packed(u32);

const SETTLEMENTS: [Option<Settlement>; 7] = [
    None,
    Some(Settlement::Reported(TurnResult::Completed)),
    Some(Settlement::Reported(TurnResult::Failed)),
    Some(Settlement::Reported(TurnResult::Interrupted)),
    Some(Settlement::Inferred(Inference::Failed)),
    Some(Settlement::Inferred(Inference::Interrupted)),
    Some(Settlement::Inferred(Inference::Unreported)),
];

fn place<T: PartialEq>(all: &[T], wanted: &T) -> u32 {
    let at = all.iter().position(|one| one == wanted);
    u32::try_from(at.expect("every value has a place")).expect("the tables are short")
}

fn turn_bits(turn: Option<&TurnId>) -> u32 {
    match turn {
        None => 0,
        Some(turn) => 1 + Turn::named(turn.as_str()).expect("only the model's turns occur") as u32,
    }
}

fn turn_of(bits: u32) -> Option<Turn> {
    Turn::ALL.into_iter().find(|turn| *turn as u32 + 1 == bits)
}

fn id(turn: Turn) -> TurnId {
    thread_local! {
        static IDS: [TurnId; 3] = Turn::ALL.map(|turn| TurnId::from(turn.name()));
    }
    IDS.with(|ids| ids[turn as usize].clone())
}

impl Packed {
    /// Packs a session of the model's turns.
    #[must_use]
    pub fn pack(session: &AnySession) -> Self {
        let record = SessionRecord::from(session);
        let leftover = record
            .active_turn
            .as_ref()
            .filter(|_| !record.status.is_active());
        let active = record
            .active_turn
            .as_ref()
            .filter(|_| record.status.is_active());
        let latest = record
            .latest_turn
            .as_ref()
            .filter(|turn| Some(*turn) != leftover);
        let mut bits = place(&Status::ALL, &record.status)
            | turn_bits(active) << 3
            | turn_bits(latest) << 5
            | u32::from(record.closed) << 7
            | u32::from(record.last_error.is_some()) << 8
            | turn_bits(leftover) << 18;
        for turn in Turn::ALL {
            let settled = session.ledger().get(turn.name());
            bits |= place(&SETTLEMENTS, &settled) << (9 + 3 * turn as u32);
        }
        Self(bits)
    }

    /// Everything that the bits can say of a session without a defect, sound or not.
    pub fn every() -> impl Iterator<Item = Self> {
        let settlements = SETTLEMENTS.len().pow(3) as u32;
        (0..1 << 9)
            .flat_map(move |low| {
                (0..settlements).map(move |high| Self::with_settlements(low, high))
            })
            .filter(|packed| (packed.0 & 7) < Status::ALL.len() as u32)
    }

    /// The low nine bits as they are; the three settlements as the digits of a number.
    fn with_settlements(low: u32, number: u32) -> Self {
        let base = SETTLEMENTS.len() as u32;
        let digits = [number % base, number / base % base, number / base / base];
        Self(low | digits[0] << 9 | digits[1] << 12 | digits[2] << 15)
    }

    /// The status.
    #[must_use]
    pub fn status(self) -> Status {
        Status::ALL[(self.0 & 7) as usize]
    }

    /// The turn that the session points at, rightly or by a defect.
    #[must_use]
    pub fn active(self) -> Option<Turn> {
        turn_of(self.0 >> 3 & 3).or_else(|| turn_of(self.0 >> 18 & 3))
    }

    /// How a turn settled.
    #[must_use]
    pub fn settlement(self, turn: Turn) -> Option<Settlement> {
        SETTLEMENTS[(self.0 >> (9 + 3 * turn as u32) & 7) as usize]
    }

    /// The record that this is short for, without what only a defect points at.
    #[must_use]
    pub fn record(self) -> SessionRecord {
        let settled = |turn: Turn| self.settlement(turn).map(|how| (id(turn), how));
        SessionRecord {
            status: self.status(),
            active_turn: turn_of(self.0 >> 3 & 3).map(id),
            last_error: (self.0 >> 8 & 1 == 1).then(|| Message::from("it failed")),
            closed: self.0 >> 7 & 1 == 1,
            latest_turn: turn_of(self.0 >> 5 & 3).map(id),
            turns: Turn::ALL.into_iter().filter_map(settled).collect(),
        }
    }

    /// The session itself. A sound one goes through the crate's one door.
    #[must_use]
    pub fn unpack(self, fault: Option<Fault>) -> AnySession {
        match fault {
            None => AnySession::try_from(self.record()).expect("only sessions are packed"),
            Some(_) => AnySession::unchecked(self.record(), turn_of(self.0 >> 18 & 3).map(id))
                .with_fault(fault),
        }
    }
}

impl fmt::Debug for Packed {
    /// As the Explorer shows it: the status, the turn, what else there is to show, and how each turn settled.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status())?;
        if let Some(turn) = self.active() {
            write!(f, " with {turn}")?;
        }
        if self.0 >> 7 & 1 == 1 {
            f.write_str(", closed")?;
        }
        if self.0 >> 8 & 1 == 1 {
            f.write_str(", with an error")?;
        }
        for turn in Turn::ALL {
            if let Some(how) = self.settlement(turn) {
                write!(f, "; {turn} {how}")?;
            }
        }
        Ok(())
    }
}

/// Time in the model: one unit is an age, the reaper waits two.
fn at(units: u8) -> Timestamp {
    Timestamp(Duration::from_secs(u64::from(units)))
}

fn reaper(fault: Option<Fault>) -> Reaper {
    Reaper::new(at(OLD).0).with_fault(fault)
}

/// The crate's idle clock, as it stands `OLD` units into the model's time, after one command.
fn clock(idle_age: Age) -> IdleClock {
    let mut clock = IdleClock::new(at(0));
    clock.commanded(at(OLD.saturating_sub(idle_age)));
    clock
}

fn evidence(env: &Env) -> Evidence {
    Evidence {
        background_tasks: u32::from(env.task_known),
        ..Evidence::of(clock(env.idle_age))
    }
}

impl Shipped {
    /// The shipped logic with a published defect.
    #[must_use]
    pub fn with_fault(fault: Fault) -> Self {
        Self { fault: Some(fault) }
    }

    fn fold_now(self, packed: Packed, told: Told) -> Consequence<Packed> {
        let event = told.event();
        let before = SessionRecord::from(&packed.unpack(self.fault));
        let Step { session, outcome } = packed.unpack(self.fault).apply(event.clone());
        let after = SessionRecord::from(&session);
        let moved = !session.has_stood_still();

        let mut broken = 0;
        if let Some((typed, refused)) = typed_transition(packed.unpack(self.fault), &event)
            && (SessionRecord::from(&typed) != after || refused.is_some_and(|why| why != outcome))
        {
            broken |= PropertyId::T1.bit();
        }
        let refused_but_changed = match &outcome {
            Outcome::Applied(_) => false,
            Outcome::Ignored(_) => shown(&before) != shown(&after),
            Outcome::Rejected(_) => before != after,
        };
        if refused_but_changed {
            broken |= PropertyId::O1.bit();
        }
        let packed_after = Packed::pack(&session);
        let again = session.apply(event.clone());
        if SessionRecord::from(&again.session) != after {
            broken |= PropertyId::O2.bit();
        }

        let mut clock = IdleClock::new(at(0));
        clock.observed_with_fault(self.fault, &event, &outcome, at(1));
        Consequence {
            session: packed_after,
            touched: clock.idle_for(at(1)).is_zero(),
            moved,
            broken,
        }
    }
}

/// The part of a record that a host shows.
fn shown(record: &SessionRecord) -> (Status, Option<&TurnId>, Option<&Message>, bool) {
    (
        record.status,
        record.active_turn.as_ref(),
        record.last_error.as_ref(),
        record.closed,
    )
}

impl Subject for Shipped {
    type Session = Packed;

    const HAS_LEDGER: bool = true;

    fn properties(&self) -> &'static [PropertyId] {
        &PropertyId::ALL
    }

    fn initial(&self) -> Packed {
        Packed::pack(&AnySession::new())
    }

    /// `apply` is a function of session and event, so that each pair is folded once and remembered: by each thread, so
    /// that it waits for nobody, and for those that begin later by all together.
    fn fold(&self, session: &Packed, told: Told) -> Consequence<Packed> {
        type Folds = FxHashMap<(Option<Fault>, Packed, Wire), Consequence<Packed>>;
        thread_local! {
            static OWN: RefCell<Folds> = RefCell::default();
        }
        static ALL: LazyLock<RwLock<Folds>> = LazyLock::new(RwLock::default);
        let key = (self.fault, *session, Wire::from(told));
        let look_up = || {
            let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
            all.get(&key).cloned()
        };
        let fold = || {
            let folded = self.fold_now(*session, told);
            let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
            all.insert(key, folded.clone());
            folded
        };
        OWN.with_borrow_mut(|own| {
            own.entry(key)
                .or_insert_with(|| look_up().unwrap_or_else(fold))
                .clone()
        })
    }

    fn status(&self, session: &Packed) -> Status {
        session.status()
    }

    fn active(&self, session: &Packed) -> Option<Turn> {
        session.active()
    }

    fn settlement(&self, session: &Packed, turn: Turn) -> Option<Settlement> {
        session.settlement(turn)
    }

    fn sweep(&self, session: &Packed, env: &Env) -> bool {
        match reaper(self.fault).decide(&session.unpack(self.fault), &evidence(env), at(OLD)) {
            Decision::Reap(_) => true,
            Decision::Keep(_) => false,
        }
    }

    /// The permit was issued earlier. An idle stand-in, as far moved and as often commanded as the session was then,
    /// gets the same one from the shipped reaper; the shipped `reap` compares it with the session of now.
    fn reap(&self, session: &Packed, permit: Permit, env: &Env) -> Option<Packed> {
        let now = clock(env.idle_age);
        let (then, stand_in) = match permit {
            Permit::None => return None,
            Permit::Fresh => (now, AnySession::new()),
            Permit::SessionMoved => (
                now,
                AnySession::new().apply(Told::Item(None).event()).session,
            ),
            Permit::Commanded => (IdleClock::new(at(0)), AnySession::new()),
        };
        match reaper(self.fault).decide(&stand_in, &Evidence::of(then), at(u8::MAX)) {
            Decision::Keep(_) => None,
            Decision::Reap(permit) => {
                let stopped: Session<_> = session.unpack(self.fault).reap(permit, &now).ok()?;
                Some(Packed::pack(
                    &AnySession::from(stopped).with_fault(self.fault),
                ))
            }
        }
    }

    fn restart(&self, session: &Packed) -> Packed {
        let stored = SessionRecord::from(&session.unpack(self.fault));
        Packed::pack(&repair_with_fault(self.fault, stored, ProviderLife::Gone).session)
    }

    fn induction(&self) -> Option<Induction> {
        Some(induct(*self))
    }
}
