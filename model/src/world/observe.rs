//! What the host does with what arrives, and what the properties see in it.
//!
//! The judgement here knows no rule of the projection: it compares what the session shows before and after a step with
//! what the event says, and with what the provider really does.

use crate::properties::PropertyId;
use crate::subject::{Folded, Subject};
use crate::world::{Action, Env, OLD, Permit, Process, Told, Turn, World};

/// What the world around a session can see of an event's arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Heard {
    touched: bool,
    moved: bool,
    broken: u8,
    was_active: Option<Turn>,
    is_active: Option<Turn>,
    /// The session shows something else than before.
    shows_news: bool,
}

impl<S: Subject> World<S> {
    /// What the session makes of an event.
    pub(crate) fn hear(&self, before: &S::Session, told: Told) -> (S::Session, Heard) {
        let Folded {
            session,
            touched,
            moved,
            broken,
        } = self.subject.fold(before, told);
        let was_active = self.subject.active(before);
        let is_active = self.subject.active(&session);
        let same_status = self.subject.status(before) == self.subject.status(&session);
        let heard = Heard {
            touched,
            moved,
            broken: broken | self.judge_settlements(before, &session, told),
            was_active,
            is_active,
            shows_news: !same_status || was_active != is_active,
        };
        (session, heard)
    }

    /// What the world around the session makes of that: S3 and S4, and what S2 must remember.
    pub(crate) fn notice(env: &mut Env, told: Told, heard: Heard) {
        env.ghosts.broken |= heard.broken;
        if heard.touched {
            env.idle_age = 0;
        }
        if heard.moved && env.permit == Permit::Fresh {
            env.permit = Permit::SessionMoved;
        }
        if told == Told::TaskStarted {
            env.task_known = env.task;
        } else if told == Told::TaskEnded {
            env.task_known = false;
        }
        let (was, is) = (heard.was_active, heard.is_active);
        let ghosts = &mut env.ghosts;
        let named_end = told.report().map(|(turn, _)| turn);
        let ended = |turn: Turn| named_end == Some(turn) || told.ends_session_work();

        if let Some(turn) = is.filter(|_| is != was) {
            let came_back = ghosts.over & turn.bit() != 0;
            let came_after_exit = ghosts.closed && told.closes() != Some(false);
            if came_back || came_after_exit {
                ghosts.broken |= PropertyId::S3.bit();
            }
        }
        if let Some(turn) = was.filter(|_| is != was) {
            if !ended(turn) {
                ghosts.broken |= PropertyId::S4.bit();
            }
            ghosts.over |= turn.bit();
        }
        // An error report ends a turn only if the session takes it so; a completion or an abort ends it anyway.
        if let Told::Ended(Some(turn), _) | Told::Aborted(Some(turn)) = told {
            ghosts.over |= turn.bit();
        }
        if let Some(closes) = told.closes() {
            ghosts.closed = closes;
        }
        if ghosts.owed.is_some_and(ended) {
            ghosts.owed = None;
        }
        if is != was && is.is_some() && is == env.working {
            ghosts.owed = is;
        }
        if heard.shows_news {
            ghosts.quiet = 0;
        }
    }

    /// What the host does by itself: it sweeps, it reaps, it boots. `None` where that is not possible.
    ///
    /// It does not see what is on its way; of that a boot loses everything.
    pub(crate) fn host_step(
        &self,
        session: &S::Session,
        env: &mut Env,
        action: Action,
    ) -> Option<S::Session> {
        Self::lets_the_host(env, action).then_some(())?;
        match action {
            Action::Sweep => {
                self.subject.sweep(session, env).then_some(())?;
                env.permit = Permit::Fresh;
                Some(session.clone())
            }
            Action::Reap => Some(self.reap(session, env)),
            Action::RestartHost => {
                env.budget.restarts -= 1;
                Some(self.restart_host(session, env))
            }
            _ => None,
        }
    }

    /// Whether the world has a place for such a step of the host; whether it is made, the session decides.
    pub(crate) fn lets_the_host(env: &Env, action: Action) -> bool {
        match action {
            Action::Sweep => env.process == Process::Up && env.permit == Permit::None,
            Action::Reap => env.permit != Permit::None,
            Action::RestartHost => env.budget.restarts > 0,
            _ => false,
        }
    }

    fn reap(&self, session: &S::Session, env: &mut Env) -> S::Session {
        let permit = std::mem::replace(&mut env.permit, Permit::None);
        let Some(stopped) = self.subject.reap(session, permit, env) else {
            return session.clone();
        };
        if env.process == Process::Up {
            let owes_work = env.ghosts.owed.is_some() || (env.task && env.task_known);
            if owes_work || env.ghosts.quiet < OLD {
                env.ghosts.broken |= PropertyId::S2.bit();
            }
            env.process = Process::Reaped;
        }
        env.working = None;
        env.task = false;
        env.task_known = false;
        env.ghosts.closed = true;
        env.ghosts.over |= self.subject.active(session).map_or(0, Turn::bit);
        env.ghosts.broken |= self.judge_cut(session, &stopped);
        stopped
    }

    fn restart_host(&self, session: &S::Session, env: &mut Env) -> S::Session {
        let booted = self.subject.restart(session);
        env.permit = Permit::None;
        env.working = None;
        env.task = false;
        env.task_known = false;
        env.idle_age = 0;
        env.ghosts.quiet = 0;
        if env.process == Process::Up {
            env.process = Process::Gone;
        }
        if let Some(turn) = self.subject.active(session) {
            env.ghosts.over |= turn.bit();
            env.ghosts.closed = true;
        }
        env.ghosts.broken |= self.judge_cut(session, &booted);
        booted
    }

    /// S8, for a step that the host made: a turn that it cuts off was interrupted, and nobody reported anything.
    fn judge_cut(&self, before: &S::Session, after: &S::Session) -> u8 {
        self.judge_settlements(before, after, Told::Exited)
    }

    /// S8: its bit, if the step of this event broke it.
    fn judge_settlements(&self, before: &S::Session, after: &S::Session, told: Told) -> u8 {
        if !S::HAS_LEDGER {
            return 0;
        }
        let is_honest = |turn: Turn| {
            let was = self.subject.settlement(before, turn);
            let is = self.subject.settlement(after, turn);
            told.settles_honestly(turn, was, is)
        };
        if Turn::ALL.into_iter().all(is_honest) {
            0
        } else {
            PropertyId::S8.bit()
        }
    }
}
