//! What a supervisor shows and holds, in a few bytes.

use session_lifecycle::supervisor::{Deadline, Image, Supervisor};
use session_lifecycle::{Settlement, Status};

use crate::kernel::action::Due;
use crate::kernel::truth::{Job, Mail};
use crate::world::Turn;

/// A supervisor as the world and the properties see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The status of its session.
    pub status: Status,
    /// The active turn.
    pub active: Option<Turn>,
    /// How each turn settled.
    pub settled: [Option<Settlement>; 3],
    /// The session is closed.
    pub closed: bool,
    /// There is an error to show.
    pub error: bool,
    /// The messages in its queue (a bit each).
    pub queue: u8,
    /// The message that was handed over.
    pub handed: Option<Mail>,
    /// The provider took it, and named no turn.
    pub is_unnamed: bool,
    /// The queue waits for a new command.
    pub parked: bool,
    /// There is a resume cursor.
    pub cursor: bool,
    /// Background tasks (a bit each).
    pub tasks: u8,
    /// Open requests.
    pub requests: usize,
    /// The epoch.
    pub epoch: u8,
    /// An interrupt has not taken effect, and for which turn it is.
    pub interrupting: Option<Option<Turn>>,
    /// The provider was asked to go.
    pub stopping: bool,
    /// There is a provider to speak of.
    pub has_provider: bool,
    /// The deadlines that are set (a bit each).
    pub armed: u8,
    /// The session is not free.
    pub busy: bool,
    /// The user sees work.
    pub working: bool,
}

impl View {
    pub(super) fn of(image: &Image, supervisor: &Supervisor) -> Self {
        let stored = image.stored();
        let session = supervisor.session();
        let mail = |name: &str| Mail::named(name).map_or(0, |mail| 1 << mail as u8);
        let due = |due: &Due| {
            if supervisor.is_set(&deadline(*due)) {
                due.bit()
            } else {
                0
            }
        };
        Self {
            status: session.status(),
            active: session
                .active_turn()
                .and_then(|turn| Turn::named(turn.as_str())),
            settled: Turn::ALL.map(|turn| session.ledger().get(turn.name())),
            closed: session.is_closed(),
            error: session.last_error().is_some(),
            queue: stored
                .queue
                .iter()
                .map(|message| mail(message.as_str()))
                .sum(),
            handed: stored
                .handed
                .as_ref()
                .and_then(|handed| Mail::named(handed.message.as_str())),
            is_unnamed: stored
                .handed
                .as_ref()
                .is_some_and(|handed| handed.taken && handed.turn.is_none()),
            parked: stored.parked,
            cursor: stored.cursor.is_some(),
            tasks: stored
                .tasks
                .iter()
                .filter_map(|task| Job::named(task.as_str()))
                .map(Job::bit)
                .sum(),
            requests: stored.requests.len(),
            epoch: stored.epoch as u8,
            interrupting: supervisor
                .interrupting()
                .map(|turn| turn.and_then(|turn| Turn::named(turn.as_str()))),
            stopping: supervisor.is_stopping(),
            has_provider: supervisor.has_provider(),
            armed: Due::ALL.iter().map(due).sum(),
            busy: supervisor.busy().is_some(),
            working: supervisor.working(),
        }
    }

    /// Whether a deadline is set.
    #[must_use]
    pub fn is_set(&self, due: Due) -> bool {
        self.armed & due.bit() != 0
    }
}

/// The one request of the model.
pub(super) const REQUEST: &str = "r";
/// The one cursor of the model.
pub(super) const CURSOR: &str = "c";

/// The deadline as the shipped code names it.
#[must_use]
pub(super) fn deadline(due: Due) -> Deadline {
    match due {
        Due::Start => Deadline::Start,
        Due::Send => Deadline::Send,
        Due::Interrupt => Deadline::Interrupt,
        Due::Read => Deadline::Read,
        Due::Stop => Deadline::Stop,
        Due::Stall => Deadline::Stall,
        Due::Lease(job) => Deadline::Lease(job.name().into()),
    }
}
