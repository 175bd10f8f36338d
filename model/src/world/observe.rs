//! What the host does with what arrives, and what the properties see in it.
//!
//! The judgement here knows no rule of the projection: it compares what the session shows before and after a step with
//! what the event says, and with what the provider really does.

use session_lifecycle::Settlement;

use crate::properties::PropertyId;
use crate::subject::{Folded, Subject};
use crate::world::{OLD, Permit, Point, Process, Told, Turn, World};

impl<S: Subject> World<S> {
    pub(crate) fn receive(&self, point: &mut Point<S::Session>, told: Told) {
        let before = point.session.clone();
        let Folded {
            session,
            touched,
            moved,
            broken,
        } = self.subject.fold(&before, told);
        point.session = session;
        let env = &mut point.env;
        env.ghosts.broken |= broken;
        if touched {
            env.idle_age = 0;
        }
        if moved && env.permit == Permit::Fresh {
            env.permit = Permit::SessionMoved;
        }
        if told == Told::TaskStarted {
            env.task_known = env.task;
        } else if told == Told::TaskEnded {
            env.task_known = false;
        }
        self.judge_turns(&before, point, told);
        self.judge_report(&before, point, told);
    }

    pub(crate) fn reap(&self, point: &mut Point<S::Session>) {
        let permit = std::mem::replace(&mut point.env.permit, Permit::None);
        let Some(stopped) = self.subject.reap(&point.session, permit, &point.env) else {
            return;
        };
        let env = &mut point.env;
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
        env.ghosts.over |= self.subject.active(&point.session).map_or(0, Turn::bit);
        let before = std::mem::replace(&mut point.session, stopped);
        self.judge_cut(&before, point);
    }

    pub(crate) fn restart_host(&self, point: &mut Point<S::Session>) {
        let before = point.session.clone();
        point.session = self.subject.restart(&before);
        let env = &mut point.env;
        env.lose_everything();
        env.duplicate = None;
        env.permit = Permit::None;
        env.working = None;
        env.task = false;
        env.task_known = false;
        env.idle_age = 0;
        env.ghosts.quiet = 0;
        if env.process == Process::Up {
            env.process = Process::Gone;
        }
        if let Some(turn) = self.subject.active(&before) {
            env.ghosts.over |= turn.bit();
            env.ghosts.closed = true;
        }
        self.judge_cut(&before, point);
    }

    /// S3 and S4, and what S2 must remember.
    fn judge_turns(&self, before: &S::Session, point: &mut Point<S::Session>, told: Told) {
        let shown = (self.subject.status(before), self.subject.active(before));
        let shows = (
            self.subject.status(&point.session),
            self.subject.active(&point.session),
        );
        let ghosts = &mut point.env.ghosts;
        let named_end = told.report().map(|(turn, _)| turn);
        let ended = |turn: Turn| named_end == Some(turn) || told.ends_session_work();

        if let Some(turn) = shows.1.filter(|_| shows.1 != shown.1) {
            let came_back = ghosts.over & turn.bit() != 0;
            let came_after_exit = ghosts.closed && told.closes() != Some(false);
            if came_back || came_after_exit {
                ghosts.broken |= PropertyId::S3.bit();
            }
        }
        if let Some(turn) = shown.1.filter(|_| shows.1 != shown.1) {
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
        if shows.1 != shown.1 && shows.1.is_some() && shows.1 == point.env.working {
            ghosts.owed = shows.1;
        }
        if shows != shown {
            ghosts.quiet = 0;
        }
    }

    /// S8, for a step that an event made.
    fn judge_report(&self, before: &S::Session, point: &mut Point<S::Session>, told: Told) {
        self.judge_settlements(before, point, |turn, was, is| {
            told.settles_honestly(turn, was, is)
        });
    }

    /// S8, for a step that the host made: a turn that it cuts off was interrupted, and nobody reported anything.
    fn judge_cut(&self, before: &S::Session, point: &mut Point<S::Session>) {
        self.judge_report(before, point, Told::Exited);
    }

    fn judge_settlements(
        &self,
        before: &S::Session,
        point: &mut Point<S::Session>,
        honest: impl Fn(Turn, Option<Settlement>, Option<Settlement>) -> bool,
    ) {
        if !S::HAS_LEDGER {
            return;
        }
        for turn in Turn::ALL {
            let was = self.subject.settlement(before, turn);
            let is = self.subject.settlement(&point.session, turn);
            if !honest(turn, was, is) {
                point.env.ghosts.broken |= PropertyId::S8.bit();
            }
        }
    }
}
