//! A host's own reducer under the model.

use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe};

use session_lifecycle::{Event, Settlement, Status};

use crate::properties::PropertyId;
use crate::subject::{Consequence, Subject};
use crate::world::{Env, OLD, Permit, Told, Turn};

/// A host's own lifecycle logic: a status, an active turn, and a way to fold an event.
///
/// Implement it for the state that your host keeps of one session, and check it in a test of your own:
///
/// ```
/// use session_lifecycle::{Event, SessionState, Status};
/// use session_lifecycle_model::{Reducer, Scope, Verdict, check_reducer};
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// struct Mine { status: Status, turn: Option<String> }
///
/// impl Reducer for Mine {
///     fn new() -> Self {
///         Self { status: Status::Idle, turn: None }
///     }
///     fn apply(&mut self, event: &Event) {
///         match event {
///             Event::TurnStarted { turn: Some(turn) } => {
///                 self.status = Status::Running;
///                 self.turn = Some(turn.to_string());
///             }
///             // The defect of T3 Code pull request 3159: the status changes, the turn stays.
///             Event::SessionStateChanged { state: SessionState::Ready, .. } => self.status = Status::Ready,
///             _ => {}
///         }
///     }
///     fn status(&self) -> Status {
///         self.status
///     }
///     fn active_turn(&self) -> Option<&str> {
///         self.turn.as_deref()
///     }
/// }
///
/// let report = check_reducer::<Mine>(Scope::SMALL);
/// assert_eq!(report.verdict, Verdict::Violated); // in a test of yours: report.assert_verified()
/// ```
pub trait Reducer: Clone + Eq + Hash + Debug + Send + Sync + 'static {
    /// A session of which nothing is known yet.
    fn new() -> Self;

    /// Folds an event into the session.
    fn apply(&mut self, event: &Event);

    /// What the session shows.
    fn status(&self) -> Status;

    /// The turn that the session points at, by the id that its events gave it.
    fn active_turn(&self) -> Option<&str>;

    /// Whether the host's reaper may stop the session once it has been idle for long enough. As most hosts decide it
    /// unless told otherwise: if no turn is active. The reaper then stops it, as the crate's own does, unless the
    /// session has changed, was commanded or has shown work since.
    fn may_be_reaped(&self) -> bool {
        self.active_turn().is_none()
    }

    /// What the host makes of its stored session when it boots and the provider is dead. As though the session had
    /// exited, unless told otherwise.
    fn restarted(&mut self) {
        self.apply(&Event::SessionExited);
    }
}

/// A [`Reducer`] as a subject of the model.
#[derive(Debug)]
pub struct Own<R>(PhantomData<fn() -> R>);

impl<R> Default for Own<R> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<R> Clone for Own<R> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

fn shown<R: Reducer>(session: &R) -> (Status, Option<&str>) {
    (session.status(), session.active_turn())
}

/// The session once the host's own code has changed it. Where that panics, its author learns on what: the story is not told
/// to its end, but one event and one session make a test.
fn after<R: Reducer>(session: &R, what: &dyn Debug, change: impl FnOnce(&mut R)) -> R {
    let mut next = session.clone();
    let changed = panic::catch_unwind(AssertUnwindSafe(|| change(&mut next)));
    assert!(
        changed.is_ok(),
        "the reducer panicked: {what:?} came to {session:?}"
    );
    next
}

impl<R: Reducer> Subject for Own<R> {
    type Session = R;

    const HAS_LEDGER: bool = false;

    fn properties(&self) -> &'static [PropertyId] {
        &PropertyId::OF_ANY_REDUCER
    }

    fn initial(&self) -> R {
        R::new()
    }

    fn fold(&self, session: &R, told: Told) -> Consequence<R> {
        let event = told.event();
        let next = after(session, &event, |next| next.apply(&event));
        let touched = shown(session) != shown(&next);
        let moved = next != *session || matches!(event, Event::WorkObserved { .. });
        Consequence {
            session: next,
            touched,
            moved,
            broken: 0,
        }
    }

    fn status(&self, session: &R) -> Status {
        session.status()
    }

    fn active(&self, session: &R) -> Option<Turn> {
        session.active_turn().and_then(Turn::named)
    }

    fn points(&self, session: &R) -> bool {
        session.active_turn().is_some()
    }

    fn unknown_turn(&self, session: &R) -> Option<String> {
        let turn = session.active_turn()?;
        Turn::named(turn).is_none().then(|| turn.to_owned())
    }

    fn settlement(&self, _session: &R, _turn: Turn) -> Option<Settlement> {
        None
    }

    fn sweep(&self, session: &R, env: &Env) -> bool {
        session.may_be_reaped() && env.idle_age >= OLD && !env.task_known
    }

    fn reap(&self, session: &R, permit: Permit, _env: &Env) -> Option<R> {
        let exited = Event::SessionExited;
        (permit == Permit::Fresh).then(|| after(session, &exited, |next| next.apply(&exited)))
    }

    fn restart(&self, session: &R) -> R {
        after(
            session,
            &format_args!("a restart of the host"),
            R::restarted,
        )
    }
}
