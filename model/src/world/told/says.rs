//! What an event says of turns and of the session, as the properties ask for it.

use session_lifecycle::{Inference, SessionState, Settlement, ThreadState, TurnResult};

use super::{Told, Turn};

impl Told {
    /// The turn that the event names, and how it says that the turn ended.
    #[must_use]
    pub fn report(self) -> Option<(Turn, TurnResult)> {
        match self {
            Self::Ended(Some(turn), result) => Some((turn, result)),
            Self::Aborted(Some(turn)) => Some((turn, TurnResult::Interrupted)),
            Self::Failed(Some(turn)) => Some((turn, TurnResult::Failed)),
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Session(_)
            | Self::Exited
            | Self::Thread(_)
            | Self::Started(_)
            | Self::Ended(None, _)
            | Self::Aborted(None)
            | Self::Failed(None)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => None,
        }
    }

    /// Whether the event says that this turn ended.
    #[must_use]
    pub fn names_end_of(self, turn: Turn) -> bool {
        self.report().is_some_and(|(named, _)| named == turn)
    }

    /// Whether the event says that the whole session is at rest or gone, whatever it worked on.
    #[must_use]
    pub fn ends_session_work(self) -> bool {
        match self {
            Self::Session(state) => match state {
                SessionState::Ready
                | SessionState::Interrupted
                | SessionState::Stopped
                | SessionState::Error => true,
                SessionState::Starting | SessionState::Running | SessionState::Waiting => false,
            },
            Self::Exited | Self::Thread(ThreadState::Error | ThreadState::Closed) => true,
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Thread(_)
            | Self::Started(_)
            | Self::Ended(..)
            | Self::Aborted(_)
            | Self::Failed(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => false,
        }
    }

    /// What can be concluded of a turn that this event cuts off (R2, R3, R8).
    #[must_use]
    pub fn infers(self) -> Option<Inference> {
        match self {
            Self::Session(SessionState::Ready) => Some(Inference::Unreported),
            Self::Session(SessionState::Interrupted | SessionState::Stopped)
            | Self::Exited
            | Self::Thread(ThreadState::Closed) => Some(Inference::Interrupted),
            Self::Session(SessionState::Error) | Self::Thread(ThreadState::Error) => {
                Some(Inference::Failed)
            }
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Session(
                SessionState::Starting | SessionState::Running | SessionState::Waiting,
            )
            | Self::Thread(_)
            | Self::Started(_)
            | Self::Ended(..)
            | Self::Aborted(_)
            | Self::Failed(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => None,
        }
    }

    /// S8: what stands as reported was just reported, or stood so before, and a report of a turn's end stands; what is
    /// inferred follows from this event.
    #[must_use]
    pub fn settles_honestly(
        self,
        turn: Turn,
        was: Option<Settlement>,
        is: Option<Settlement>,
    ) -> bool {
        let reported = self.report().filter(|(named, _)| *named == turn);
        let ends = match self {
            Self::Ended(..) | Self::Aborted(_) => reported.is_some(),
            _ => false,
        };
        match (was, is) {
            (Some(Settlement::Reported(_)), _) => was == is,
            (_, Some(Settlement::Reported(result))) => reported == Some((turn, result)),
            (_, None | Some(Settlement::Inferred(_))) if ends => false,
            (None, Some(Settlement::Inferred(how))) => self.infers() == Some(how),
            (Some(Settlement::Inferred(_)), _) => was == is,
            (None, None) => true,
        }
    }

    /// Whether the event closes the session (`true`), opens it again (`false`), or says nothing of it.
    #[must_use]
    pub fn closes(self) -> Option<bool> {
        match self {
            Self::Exited
            | Self::Session(SessionState::Stopped)
            | Self::Thread(ThreadState::Closed) => Some(true),
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Session(
                SessionState::Starting
                | SessionState::Running
                | SessionState::Waiting
                | SessionState::Ready,
            ) => Some(false),
            Self::Session(SessionState::Interrupted | SessionState::Error)
            | Self::Thread(_)
            | Self::Started(_)
            | Self::Ended(..)
            | Self::Aborted(_)
            | Self::Failed(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => None,
        }
    }
}
