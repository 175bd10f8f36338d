//! What the user and the provider do, and what of it is sent to the host.

use session_lifecycle::{SessionState, ThreadState, TurnResult};

use crate::subject::Subject;
use crate::world::traffic::Post;
use crate::world::{Action, Env, Permit, Process, Source, Told, Turn, World};

impl<S: Subject> World<S> {
    /// Everything but deliveries, time and the host: what is sent. `None` where the action is not possible.
    ///
    /// It does not depend on what is on its way, but for the room that there must be for what is sent.
    pub(crate) fn provider_step(&self, env: &mut Env, action: Action) -> Option<Post> {
        use Source::{Session, Turns};
        let turns = self.scope.turns;
        match action {
            Action::Launch => {
                env.budget.launches = env.budget.launches.checked_sub(1)?;
                (env.process != Process::Up).then_some(())?;
                env.process = Process::Up;
                env.commanded();
                Some(Post::one(Session, Told::SessionStarted))
            }
            Action::Send => {
                env.commanded();
                let turn = env.begin(turns)?;
                Some(Post::one(Turns, Told::Started(Some(turn))))
            }
            Action::BeginAlone => {
                self.depart(env, action)?;
                let turn = env.begin(turns)?;
                Some(Post::one(Turns, Told::Started(Some(turn))))
            }
            Action::BeginUnnamed => {
                self.depart(env, action)?;
                env.commanded();
                let turn = env.begin(turns)?;
                Some(Post::two(
                    Turns,
                    [Told::Started(None), Told::Started(Some(turn))],
                ))
            }
            Action::Interrupt => {
                env.commanded();
                let turn = env.working.take()?;
                Some(Post::one(Turns, Told::Aborted(Some(turn))))
            }
            Action::InterruptAnsweredByResult => {
                env.commanded();
                let turn = env.working.take()?;
                Some(Post::one(
                    Turns,
                    Told::Ended(Some(turn), TurnResult::Interrupted),
                ))
            }
            Action::Stop => {
                env.commanded();
                env.die()?;
                Some(Post::one(Session, Told::Exited))
            }
            Action::Finish(result) => {
                let turn = env.working.take()?;
                Some(Post::one(Turns, Told::Ended(Some(turn), result)))
            }
            Action::FailTwice => {
                let turn = Some(env.working.take()?);
                Some(Post::two(
                    Turns,
                    [Told::Failed(turn), Told::Ended(turn, TurnResult::Failed)],
                ))
            }
            Action::FailSilently => {
                self.depart(env, action)?;
                let turn = env.working.take()?;
                Some(Post::one(Turns, Told::Failed(Some(turn))))
            }
            Action::SayIdle(state) => {
                self.depart(env, action)?;
                env.resting()?;
                Some(Post::one(Session, Told::Session(state)))
            }
            Action::SayBusy => {
                self.depart(env, action)?;
                env.resting()?;
                Some(Post::one(Session, Told::Session(SessionState::Running)))
            }
            Action::LeaveTurn(state) => {
                self.depart(env, action)?;
                env.working.take()?;
                if state == SessionState::Stopped {
                    env.die()?;
                }
                Some(Post::one(Session, Told::Session(state)))
            }
            Action::LeaveTurnByThread(state) => {
                self.depart(env, action)?;
                env.working.take()?;
                Some(Post::one(Session, Told::Thread(state)))
            }
            Action::IdleTooEarly => {
                self.say_while_working(env, action, Session, Told::Session(SessionState::Ready))
            }
            Action::ThreadIdleTooEarly => {
                self.say_while_working(env, action, Session, Told::Thread(ThreadState::Idle))
            }
            Action::AnnounceLate => {
                self.say_while_working(env, action, Session, Told::SessionStarted)
            }
            Action::Remark => self.say_while_working(env, action, Turns, Told::Failed(None)),
            Action::FailLate => {
                self.depart(env, action)?;
                let turn = env.last_left()?;
                Some(Post::one(Turns, Told::Failed(Some(turn))))
            }
            Action::ItemLate => {
                self.depart(env, action)?;
                let turn = env.last_left()?;
                Some(Post::one(Turns, Told::Item(Some(turn))))
            }
            Action::ChildTurn => {
                self.depart(env, action)?;
                env.working?;
                let child = Some(env.next_turn(turns)?);
                env.begun += 1;
                Some(Post::two(
                    Turns,
                    [
                        Told::Started(child),
                        Told::Ended(child, TurnResult::Completed),
                    ],
                ))
            }
            Action::Handshake => {
                self.depart(env, action)?;
                (env.process == Process::Up).then_some(())?;
                Some(Post::one(Turns, Told::Ended(None, TurnResult::Completed)))
            }
            Action::StartTask => {
                self.depart(env, action)?;
                env.working?;
                env.task = true;
                Some(Post::one(Turns, Told::TaskStarted))
            }
            Action::EndTask => {
                std::mem::take(&mut env.task).then_some(())?;
                Some(Post::one(Turns, Told::TaskEnded))
            }
            Action::Crash => {
                env.crash()?;
                Some(Post::one(Session, Told::Exited))
            }
            Action::CrashAndLose => {
                env.crash()?;
                Some(Post::one(Session, Told::Exited).after_loss())
            }
            Action::CrashUnseen => {
                env.crash()?;
                Some(Post::NONE.after_loss())
            }
            Action::RestartSilently => {
                self.depart(env, action)?;
                (env.process == Process::Up).then_some(())?;
                env.working = None;
                env.task = false;
                let news = [SessionState::Starting, SessionState::Ready].map(Told::Session);
                Some(Post::two(Session, news))
            }
            Action::Deliver(_)
            | Action::DeliverTwice(_)
            | Action::DeliverDuplicate
            | Action::Noise
            | Action::Tick
            | Action::Sweep
            | Action::Reap
            | Action::RestartHost => None,
        }
    }

    /// The provider departs from the plain course of a turn, if its profile knows it for that.
    fn depart(&self, env: &mut Env, action: Action) -> Option<()> {
        self.scope.profile.allows(action).then_some(())?;
        env.budget.deviations = env.budget.deviations.checked_sub(1)?;
        Some(())
    }

    fn say_while_working(
        &self,
        env: &mut Env,
        action: Action,
        source: Source,
        told: Told,
    ) -> Option<Post> {
        self.depart(env, action)?;
        env.working?;
        Some(Post::one(source, told))
    }
}

impl Env {
    /// The user or the host asked something of the session: the idle clock starts anew, a permit is void.
    fn commanded(&mut self) {
        self.idle_age = 0;
        self.ghosts.quiet = 0;
        if self.permit == Permit::Fresh {
            self.permit = Permit::Commanded;
        }
    }

    fn resting(&self) -> Option<()> {
        (self.process == Process::Up && self.working.is_none()).then_some(())
    }

    fn begin(&mut self, turns: u8) -> Option<Turn> {
        self.resting()?;
        let turn = self.next_turn(turns)?;
        self.working = Some(turn);
        self.begun += 1;
        Some(turn)
    }

    /// The turn that began last of those that the provider does not work on.
    fn last_left(&self) -> Option<Turn> {
        (self.process == Process::Up).then_some(())?;
        let begun = Turn::ALL.into_iter().take(usize::from(self.begun));
        begun.rev().find(|turn| self.working != Some(*turn))
    }

    fn die(&mut self) -> Option<()> {
        (self.process == Process::Up).then_some(())?;
        self.process = Process::Gone;
        self.working = None;
        self.task = false;
        Some(())
    }

    fn crash(&mut self) -> Option<()> {
        self.budget.crashes = self.budget.crashes.checked_sub(1)?;
        self.die()
    }
}
