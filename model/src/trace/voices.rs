//! One trace, told to several: the library, the model's subject, and the subject with the defect put back.

use std::fmt;

use serde::Serialize;
use session_lifecycle::{AnySession, Event, ProviderLife, SessionRecord, TurnId, repair};

use super::{Deed, HostStep, NoTrace, Trace};
use crate::shipped::{Packed, Shipped};
use crate::subject::Subject as _;
use crate::world::{Told, Turn};

/// What the voices made of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// Whether the library and the model agree on every step that the model can be asked.
    pub agree: bool,
    /// The property that the trace is about.
    pub property: Option<String>,
    /// The defect that was put back when it was found.
    pub fault: Option<String>,
    /// Each step that reached the session.
    pub steps: Vec<Compared>,
}

/// One step, and what each voice shows after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// Counts from 1.
    pub step: usize,
    /// What happened.
    pub action: String,
    /// The library: `running, turn A`.
    pub library: String,
    /// The model's subject; `None` where it cannot be asked: it knows three turns.
    pub model: Option<String>,
    /// Whether the two agree on everything that a session remembers, and not only on what it shows.
    pub agrees: Option<bool>,
    /// The model's subject with the defect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_fault: Option<String>,
}

/// Folds a trace with every voice, step by step.
///
/// # Errors
///
/// A step that cannot be read, or a fault that nobody knows.
pub fn replay(trace: &Trace) -> Result<Replayed, NoTrace> {
    let mut library = AnySession::new();
    let mut names = Names::default();
    let mut model = Some(Shipped::default().initial());
    let faulty = trace.fault()?.map(Shipped::with_fault);
    let mut broken = faulty.map(|subject| subject.initial());
    let mut steps = Vec::new();
    for (action, deed) in trace.deeds()? {
        library = library_after(library, &deed);
        let told = names.told(&deed);
        model = model.and_then(|session| model_after(Shipped::default(), &session, &deed, told?));
        broken = broken.and_then(|session| model_after(faulty?, &session, &deed, told?));
        steps.push(Compared {
            step: steps.len() + 1,
            action,
            library: shown(&SessionRecord::from(&library)),
            model: model.map(|session| names.shown(session)),
            agrees: model
                .map(|session| names.record(session) == plain(SessionRecord::from(&library))),
            with_fault: broken.map(|session| names.shown(session)),
        });
    }
    Ok(Replayed {
        agree: steps.iter().all(|step| step.agrees != Some(false)),
        property: trace.property.clone(),
        fault: trace.fault.clone(),
        steps,
    })
}

fn library_after(session: AnySession, deed: &Deed) -> AnySession {
    match deed {
        Deed::Event(event) => session.apply(event.clone()).session,
        Deed::Host(HostStep::Restarted) => repair(session.into(), ProviderLife::Gone).session,
        // To stop a session is to see it exit (R3).
        Deed::Host(HostStep::Reaped) => session.apply(Event::SessionExited).session,
    }
}

fn model_after(subject: Shipped, session: &Packed, deed: &Deed, told: Told) -> Option<Packed> {
    Some(match deed {
        Deed::Event(_) | Deed::Host(HostStep::Reaped) => subject.fold(session, told).session,
        Deed::Host(HostStep::Restarted) => subject.restart(session),
    })
}

/// What a record says, its texts aside: the model has one text for all errors.
fn plain(mut record: SessionRecord) -> (SessionRecord, bool) {
    let fails = record.last_error.take().is_some();
    record.turns.sort();
    (record, fails)
}

/// The status, and the turn that it is about: the active one, else the latest with how it settled.
fn shown(record: &SessionRecord) -> String {
    let status = record.status;
    if let Some(turn) = &record.active_turn {
        return format!("{status}, turn {turn}");
    }
    let settled = |latest: &TurnId| {
        record
            .turns
            .iter()
            .find(|(turn, _)| turn == latest)
            .map(|(_, how)| *how)
    };
    match record
        .latest_turn
        .as_ref()
        .map(|latest| (latest, settled(latest)))
    {
        Some((latest, Some(how))) => format!("{status}, last turn {latest} {how}"),
        Some((_, None)) | None => status.to_string(),
    }
}

/// The trace's own names for the model's three turns, in the order in which they are named.
#[derive(Default)]
struct Names(Vec<TurnId>);

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

    /// The deed in the words of the model.
    fn told(&mut self, deed: &Deed) -> Option<Told> {
        let Deed::Event(event) = deed else {
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

    fn shown(&self, session: Packed) -> String {
        let mut record = self.renamed(session.record());
        // What only a defect points at stands in no record.
        let active = session
            .active()
            .map(|turn| self.name(&TurnId::from(turn.name())));
        record.active_turn = active;
        shown(&record)
    }

    fn renamed(&self, mut record: SessionRecord) -> SessionRecord {
        record.active_turn = record.active_turn.map(|turn| self.name(&turn));
        record.latest_turn = record.latest_turn.map(|turn| self.name(&turn));
        for (turn, _) in &mut record.turns {
            *turn = self.name(turn);
        }
        record
    }

    /// A packed session as a record with the trace's own names.
    fn record(&self, session: Packed) -> (SessionRecord, bool) {
        plain(self.renamed(session.record()))
    }
}

impl Replayed {
    /// 0 if the library and the model agree, else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.agree)
    }
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unasked = self
            .steps
            .iter()
            .filter(|step| step.agrees.is_none())
            .count();
        for Compared {
            step,
            action,
            library,
            model,
            agrees,
            with_fault,
        } in &self.steps
        {
            writeln!(f, "{step:>4}. {action}")?;
            writeln!(f, "        library  {library}")?;
            match (model, agrees) {
                (Some(model), Some(true)) if model == library => {
                    writeln!(f, "        model    agrees")?
                }
                (Some(model), _) => writeln!(f, "        model    DISAGREES: {model}")?,
                (None, _) => writeln!(f, "        model    cannot be asked: it knows three turns")?,
            }
            if let (Some(fault), Some(shown)) = (&self.fault, with_fault) {
                let mark = if shown == library {
                    ""
                } else {
                    "   <- differs"
                };
                writeln!(f, "        {fault:<8} {shown}{mark}")?;
            }
        }
        let total = self.steps.len();
        match (self.agree, unasked) {
            (false, _) => writeln!(f, "\nThe library and the model DISAGREE.")?,
            (true, 0) => writeln!(f, "\nThe library and the model agree on all {total} steps.")?,
            (true, some) => writeln!(
                f,
                "\nThe library and the model agree on {} steps; {some} more could not be asked of the model.",
                total - some
            )?,
        }
        if let Some(fault) = &self.fault {
            let first = self.steps.iter().find(|step| {
                step.with_fault
                    .as_ref()
                    .is_some_and(|shown| *shown != step.library)
            });
            match first {
                Some(step) => writeln!(
                    f,
                    "With {fault} put back, step {} shows {} where the shipped logic shows {}.",
                    step.step,
                    step.with_fault.as_deref().unwrap_or_default(),
                    step.library
                )?,
                None => writeln!(
                    f,
                    "With {fault} put back, the session shows the same at every step."
                )?,
            }
        }
        Ok(())
    }
}
