//! What the host does with what arrives, and what the properties see in it.
//!
//! The judgement here knows no rule of the projection: it compares what the session shows before and after a step with
//! what the event says, and with what the provider really does.

use crate::properties::PropertyId;
use crate::subject::{Consequence, Subject};
use crate::world::{Action, Age, Budget, Env, OLD, Permit, Process, Told, Turn, Wire, World};

/// What the world around a session sees of a step that the session made: of an event that arrived, or of what the host
/// did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Saying {
    by: By,
    /// The properties that the session itself broke.
    broken: u8,
    was_active: Option<Turn>,
    is_active: Option<Turn>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum By {
    Event {
        touched: bool,
        moved: bool,
        /// The session shows something else than before.
        shows_news: bool,
        /// The background task begins or ends.
        task: Option<bool>,
        /// The turn of which it says that it ended, and whether that is a report of the end, whatever is made of it.
        names_end: Option<(Turn, bool)>,
        ends_session_work: bool,
        closes: Option<bool>,
    },
    Sweep,
    /// Whether the permit was good.
    Reap(bool),
    Boot,
}

/// What is asked of a session: what it makes of an event, or of the host.
///
/// A host does not see the truth. It sees the idle clock, the tasks that it was told of, and its permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    Event(Wire),
    Sweep(HostSight),
    Reap(Permit, HostSight),
    Boot,
}

/// What a host sees of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct HostSight {
    idle_age: Age,
    task_known: bool,
}

impl HostSight {
    fn of(env: &Env) -> Self {
        Self {
            idle_age: env.idle_age,
            task_known: env.task_known,
        }
    }

    fn env(self) -> Env {
        Env {
            process: Process::Up,
            idle_age: self.idle_age,
            task_known: self.task_known,
            ..Env::new(Budget::NONE)
        }
    }
}

impl Question {
    /// What a host asks in a world, if it can act there.
    pub(crate) fn of_host(env: &Env, action: Action) -> Option<Self> {
        match action {
            Action::Sweep => (env.process == Process::Up && env.permit == Permit::None)
                .then(|| Self::Sweep(HostSight::of(env))),
            Action::Reap => {
                (env.permit != Permit::None).then(|| Self::Reap(env.permit, HostSight::of(env)))
            }
            Action::RestartHost => (env.budget.restarts > 0).then_some(Self::Boot),
            _ => None,
        }
    }
}

impl<S: Subject> World<S> {
    /// What becomes of a session, and what the world sees of it. `None` if nothing happens.
    pub(crate) fn ask(
        &self,
        before: &S::Session,
        question: Question,
    ) -> Option<(S::Session, Saying)> {
        let saying = |by: By, broken: u8, after: &S::Session| Saying {
            by,
            broken,
            was_active: self.subject.active(before),
            is_active: self.subject.active(after),
        };
        match question {
            Question::Event(wire) => {
                let told = wire.into();
                let Consequence {
                    session,
                    touched,
                    moved,
                    broken,
                } = self.subject.fold(before, told);
                let by = self.heard(before, &session, told, touched, moved);
                let broken = broken | self.judge_settlements(before, &session, told);
                let saying = saying(by, broken, &session);
                Some((session, saying))
            }
            Question::Sweep(seen) => self
                .subject
                .sweep(before, &seen.env())
                .then(|| (before.clone(), saying(By::Sweep, 0, before))),
            Question::Reap(permit, seen) => {
                let stopped = self.subject.reap(before, permit, &seen.env());
                let by = By::Reap(stopped.is_some());
                let cut = |after| self.judge_cut(before, after);
                let broken = stopped.as_ref().map_or(0, cut);
                let after = stopped.unwrap_or_else(|| before.clone());
                let saying = saying(by, broken, &after);
                Some((after, saying))
            }
            Question::Boot => {
                let booted = self.subject.restart(before);
                let saying = saying(By::Boot, self.judge_cut(before, &booted), &booted);
                Some((booted, saying))
            }
        }
    }

    fn heard(
        &self,
        before: &S::Session,
        after: &S::Session,
        told: Told,
        touched: bool,
        moved: bool,
    ) -> By {
        let shown = |session| (self.subject.status(session), self.subject.active(session));
        // An error report ends a turn only if the session takes it so; a completion or an abort ends it anyway.
        let ends_anyway = matches!(told, Told::Ended(..) | Told::Aborted(_));
        By::Event {
            touched,
            moved,
            shows_news: shown(before) != shown(after),
            task: match told {
                Told::TaskStarted => Some(true),
                Told::TaskEnded => Some(false),
                _ => None,
            },
            names_end: told.report().map(|(turn, _)| (turn, ends_anyway)),
            ends_session_work: told.ends_session_work(),
            closes: told.closes(),
        }
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

impl Env {
    /// What becomes of the world around a session that made a step. It does not depend on what is on its way.
    pub(crate) fn notice(&mut self, saying: Saying) {
        match saying.by {
            By::Event { .. } => self.notice_event(saying),
            By::Sweep => self.permit = Permit::Fresh,
            By::Reap(good) => {
                self.permit = Permit::None;
                if good {
                    self.notice_reaping(saying);
                }
            }
            By::Boot => self.notice_boot(saying),
        }
        self.ghosts.broken |= saying.broken;
    }

    /// S3 and S4, and what S2 must remember.
    fn notice_event(&mut self, saying: Saying) {
        let (was, is) = (saying.was_active, saying.is_active);
        let By::Event {
            touched,
            moved,
            shows_news,
            task,
            names_end,
            ends_session_work,
            closes,
        } = saying.by
        else {
            return;
        };
        if touched {
            self.idle_age = 0;
        }
        if moved && self.permit == Permit::Fresh {
            self.permit = Permit::SessionMoved;
        }
        if let Some(begins) = task {
            self.task_known = begins && self.task;
        }
        let ghosts = &mut self.ghosts;
        let named_end = names_end.map(|(turn, _)| turn);
        let ended = |turn: Turn| named_end == Some(turn) || ends_session_work;

        if let Some(turn) = is.filter(|_| is != was) {
            let came_back = ghosts.over & turn.bit() != 0;
            let came_after_exit = ghosts.closed && closes != Some(false);
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
        if let Some((turn, true)) = names_end {
            ghosts.over |= turn.bit();
        }
        if let Some(closes) = closes {
            ghosts.closed = closes;
        }
        if ghosts.owed.is_some_and(ended) {
            ghosts.owed = None;
        }
        if is != was && is.is_some() && is == self.working {
            ghosts.owed = is;
        }
        if shows_news {
            ghosts.quiet = 0;
        }
    }

    fn notice_reaping(&mut self, saying: Saying) {
        if self.process == Process::Up {
            let owes_work = self.ghosts.owed.is_some() || (self.task && self.task_known);
            if owes_work || self.ghosts.quiet < OLD {
                self.ghosts.broken |= PropertyId::S2.bit();
            }
            self.process = Process::Reaped;
        }
        self.working = None;
        self.task = false;
        self.task_known = false;
        self.ghosts.closed = true;
        self.ghosts.over |= saying.was_active.map_or(0, Turn::bit);
    }

    fn notice_boot(&mut self, saying: Saying) {
        self.budget.restarts -= 1;
        self.permit = Permit::None;
        self.working = None;
        self.task = false;
        self.task_known = false;
        self.idle_age = 0;
        self.ghosts.quiet = 0;
        if self.process == Process::Up {
            self.process = Process::Gone;
        }
        if let Some(turn) = saying.was_active {
            self.ghosts.over |= turn.bit();
            self.ghosts.closed = true;
        }
    }
}
