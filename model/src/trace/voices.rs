//! One trace, told to three voices that answer for themselves: the library, the model's subject, and the oracle of the
//! property tests. Beside them stands the model's subject with the defect that was put back when the trace was found.

use session_lifecycle::{
    AnySession, Event, Fault, Outcome, ProviderLife, SessionRecord, repair_with_fault,
};

use super::names::Names;
use super::oracle::{Oracle, OutcomeClass};
use super::replayed::{Compared, Replayed, Voice};
use super::{HostStep, NoTrace, Occurrence, Trace};
use crate::shipped::{Packed, Shipped};
use crate::subject::Subject as _;
use crate::world::Told;

/// The voices as they are when a trace begins; each may be spoilt, to see that the others notice.
#[derive(Clone, Copy, Default)]
pub(super) struct Cast {
    /// The defect that the library carries.
    pub(super) library: Option<Fault>,
    /// The model's subject.
    pub(super) model: Shipped,
    /// What befalls the oracle after each step.
    pub(super) spoil: Option<fn(&mut Oracle)>,
}

/// Folds a trace with every voice, step by step.
///
/// # Errors
///
/// A step that cannot be read, or a fault that nobody knows.
pub fn replay(trace: &Trace) -> Result<Replayed, NoTrace> {
    replay_with(trace, None)
}

/// [`replay`], with a published defect put back into the library, and into the library alone.
///
/// # Errors
///
/// As those of [`replay`].
pub fn replay_with(trace: &Trace, fault: Option<Fault>) -> Result<Replayed, NoTrace> {
    let cast = Cast {
        library: fault,
        ..Cast::default()
    };
    cast.replay(trace)
}

/// What a voice says after a step.
struct Said {
    /// All that it remembers.
    session: Oracle,
    /// What it answered, where it answers.
    class: Option<OutcomeClass>,
    /// What it shows, in short.
    short: String,
}

impl Cast {
    pub(super) fn replay(self, trace: &Trace) -> Result<Replayed, NoTrace> {
        let mut library = AnySession::new().with_fault(self.library);
        let mut oracle = Oracle::new();
        let mut model = Some(self.model.initial());
        let faulty = trace.fault()?.map(Shipped::with_fault);
        let mut broken = faulty.map(|subject| subject.initial());
        let mut names = Names::default();
        let mut steps = Vec::new();
        for (action, occurrence) in trace.occurrences()? {
            let told = names.told(&occurrence);
            let class;
            (library, class) = library_after(library, self.library, &occurrence);
            let library_says = Said::of(&SessionRecord::from(&library), class);
            model = model.and_then(|session| model_after(self.model, &session, &occurrence, told?));
            broken = broken.and_then(|session| model_after(faulty?, &session, &occurrence, told?));
            let model_says = model.map(|session| Said::of(&names.record(session), None));
            let class = oracle_after(&mut oracle, &occurrence);
            if let Some(spoil) = self.spoil {
                spoil(&mut oracle);
            }
            let oracle_says = Said {
                short: short(&oracle),
                session: oracle.clone(),
                class,
            };
            let disagree = disagreeing(&library_says, model_says.as_ref(), &oracle_says);
            let is_told_in_full = !disagree.is_empty();
            steps.push(Compared {
                step: steps.len() + 1,
                action,
                library: library_says.told(is_told_in_full),
                model: model_says.map(|model| model.told(is_told_in_full)),
                oracle: oracle_says.told(is_told_in_full),
                disagree,
                with_fault: broken.map(|session| short(&words(&names.record(session)))),
            });
        }
        Ok(Replayed {
            agree: steps.iter().all(|step| step.disagree.is_empty()),
            property: trace.property.clone(),
            fault: trace.fault.clone(),
            put_back: self.library.map(|fault| fault.id().to_owned()),
            steps,
        })
    }
}

fn library_after(
    session: AnySession,
    fault: Option<Fault>,
    occurrence: &Occurrence,
) -> (AnySession, Option<OutcomeClass>) {
    let event = match occurrence {
        Occurrence::Event(event) => event.clone(),
        // To stop a session is to see it exit (R3).
        Occurrence::Host(HostStep::Reaped) => Event::SessionExited,
        Occurrence::Host(HostStep::Restarted) => {
            let row = SessionRecord::from(&session);
            return (
                repair_with_fault(fault, row, ProviderLife::Gone).session,
                None,
            );
        }
    };
    let step = session.apply(event);
    let class = match step.outcome {
        Outcome::Applied(_) => OutcomeClass::Applied,
        Outcome::Ignored(_) => OutcomeClass::Ignored,
        Outcome::Rejected(_) => OutcomeClass::Rejected,
    };
    (step.session, Some(class))
}

fn model_after(
    subject: Shipped,
    session: &Packed,
    occurrence: &Occurrence,
    told: Told,
) -> Option<Packed> {
    Some(match occurrence {
        Occurrence::Event(_) | Occurrence::Host(HostStep::Reaped) => {
            subject.fold(session, told).session
        }
        Occurrence::Host(HostStep::Restarted) => subject.restart(session),
    })
}

fn oracle_after(oracle: &mut Oracle, occurrence: &Occurrence) -> Option<OutcomeClass> {
    match occurrence {
        Occurrence::Event(event) => Some(oracle.apply(event)),
        Occurrence::Host(HostStep::Reaped) => Some(oracle.apply(&Event::SessionExited)),
        Occurrence::Host(HostStep::Restarted) => {
            oracle.restart();
            None
        }
    }
}

/// A record in the words of the oracle, which are plain enough for all.
fn words(record: &SessionRecord) -> Oracle {
    Oracle::of_record(record)
}

/// The model has one text for all errors.
fn plain(mut session: Oracle) -> Oracle {
    if let Some(text) = &mut session.last_error {
        "it failed".clone_into(text);
    }
    session
}

/// Who stands alone; all that differ, where nobody stands alone.
fn disagreeing(library: &Said, model: Option<&Said>, oracle: &Said) -> Vec<Voice> {
    // The model gives no answer and one text; library and oracle have to agree on both.
    let of_both = (&library.session, library.class) == (&oracle.session, oracle.class);
    let of_model = |said: &Said| {
        model.map(|model| plain(model.session.clone()) == plain(said.session.clone()))
    };
    match (of_both, of_model(library), of_model(oracle)) {
        (true, Some(true) | None, _) => Vec::new(),
        (true, Some(false), _) => vec![Voice::Model],
        (false, Some(false), Some(true)) => vec![Voice::Library],
        (false, Some(true), Some(false)) => vec![Voice::Oracle],
        (false, Some(true), _) | (false, None, _) => vec![Voice::Library, Voice::Oracle],
        (false, Some(false), _) => vec![Voice::Library, Voice::Model, Voice::Oracle],
    }
}

impl Said {
    fn of(record: &SessionRecord, class: Option<OutcomeClass>) -> Self {
        let session = words(record);
        Self {
            short: short(&session),
            session,
            class,
        }
    }

    fn told(self, is_told_in_full: bool) -> String {
        if !is_told_in_full {
            return self.short;
        }
        let answer = match self.class {
            Some(OutcomeClass::Applied) => " (applied)",
            Some(OutcomeClass::Ignored) => " (ignored)",
            Some(OutcomeClass::Rejected) => " (rejected)",
            None => "",
        };
        format!("{}{answer}", self.session)
    }
}

/// The status, and the turn that it is about: the active one, else the latest with how it settled.
fn short(session: &Oracle) -> String {
    let status = session.status;
    if let Some(turn) = &session.active {
        return format!("{status}, turn {turn}");
    }
    let settled = |turn| Some((turn, session.ledger.get(turn)?));
    match session.latest.as_ref().and_then(settled) {
        Some((turn, how)) => {
            let basis = if how.reported { "reported" } else { "inferred" };
            format!("{status}, last turn {turn} {} ({basis})", how.outcome)
        }
        None => status.to_owned(),
    }
}
