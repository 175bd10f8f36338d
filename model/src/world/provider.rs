//! What the user and the provider do, and what of it is sent to the host.

use session_lifecycle::{SessionState, ThreadState, TurnResult};

use crate::subject::Subject;
use crate::world::{Action, Env, Permit, Process, Queue, Source, Told, Turn, World};

impl<S: Subject> World<S> {
    /// Everything but deliveries, time and the host. `None` where the action is not possible.
    pub(crate) fn provider_step(&self, env: &mut Env, action: Action) -> Option<()> {
        use Source::{Session, Turns};
        let room = usize::from(self.scope.in_flight);
        let turns = self.scope.turns;
        match action {
            Action::Launch => {
                env.budget.launches = env.budget.launches.checked_sub(1)?;
                (env.process != Process::Up).then_some(())?;
                env.process = Process::Up;
                env.commanded();
                env.send(room, Session, &[Told::SessionStarted])
            }
            Action::Send => {
                env.commanded();
                let turn = env.begin(turns)?;
                env.send(room, Turns, &[Told::Started(Some(turn))])
            }
            Action::BeginAlone => {
                self.depart(env, action)?;
                let turn = env.begin(turns)?;
                env.send(room, Turns, &[Told::Started(Some(turn))])
            }
            Action::BeginUnnamed => {
                self.depart(env, action)?;
                env.commanded();
                let turn = env.begin(turns)?;
                env.send(
                    room,
                    Turns,
                    &[Told::Started(None), Told::Started(Some(turn))],
                )
            }
            Action::Interrupt => {
                env.commanded();
                let turn = env.working.take()?;
                env.send(room, Turns, &[Told::Aborted(Some(turn))])
            }
            Action::InterruptAnsweredByResult => {
                env.commanded();
                let turn = env.working.take()?;
                env.send(
                    room,
                    Turns,
                    &[Told::Ended(Some(turn), TurnResult::Interrupted)],
                )
            }
            Action::Stop => {
                env.commanded();
                env.die()?;
                env.send(room, Session, &[Told::Exited])
            }
            Action::Finish(result) => {
                let turn = env.working.take()?;
                env.send(room, Turns, &[Told::Ended(Some(turn), result)])
            }
            Action::FailTwice => {
                let turn = Some(env.working.take()?);
                env.send(
                    room,
                    Turns,
                    &[Told::Failed(turn), Told::Ended(turn, TurnResult::Failed)],
                )
            }
            Action::FailSilently => {
                self.depart(env, action)?;
                let turn = env.working.take()?;
                env.send(room, Turns, &[Told::Failed(Some(turn))])
            }
            Action::SayIdle(state) => {
                self.depart(env, action)?;
                env.resting()?;
                env.send(room, Session, &[Told::Session(state)])
            }
            Action::SayBusy => {
                self.depart(env, action)?;
                env.resting()?;
                env.send(room, Session, &[Told::Session(SessionState::Running)])
            }
            Action::LeaveTurn(state) => {
                self.depart(env, action)?;
                env.working.take()?;
                if state == SessionState::Stopped {
                    env.die()?;
                }
                env.send(room, Session, &[Told::Session(state)])
            }
            Action::LeaveTurnByThread(state) => {
                self.depart(env, action)?;
                env.working.take()?;
                env.send(room, Session, &[Told::Thread(state)])
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
                env.send(room, Turns, &[Told::Failed(Some(turn))])
            }
            Action::ItemLate => {
                self.depart(env, action)?;
                let turn = env.last_left()?;
                env.send(room, Turns, &[Told::Item(Some(turn))])
            }
            Action::ChildTurn => {
                self.depart(env, action)?;
                env.working?;
                let child = Some(env.next_turn(turns)?);
                env.begun += 1;
                env.send(
                    room,
                    Turns,
                    &[
                        Told::Started(child),
                        Told::Ended(child, TurnResult::Completed),
                    ],
                )
            }
            Action::Handshake => {
                self.depart(env, action)?;
                (env.process == Process::Up).then_some(())?;
                env.send(room, Turns, &[Told::Ended(None, TurnResult::Completed)])
            }
            Action::StartTask => {
                self.depart(env, action)?;
                env.working?;
                env.task = true;
                env.send(room, Turns, &[Told::TaskStarted])
            }
            Action::EndTask => {
                std::mem::take(&mut env.task).then_some(())?;
                env.send(room, Turns, &[Told::TaskEnded])
            }
            Action::Crash => {
                env.crash()?;
                env.send(room, Session, &[Told::Exited])
            }
            Action::CrashAndLose => {
                env.crash()?;
                env.lose_everything();
                env.send(room, Session, &[Told::Exited])
            }
            Action::CrashUnseen => {
                env.crash()?;
                env.lose_everything();
                Some(())
            }
            Action::RestartSilently => {
                self.depart(env, action)?;
                (env.process == Process::Up).then_some(())?;
                env.working = None;
                env.task = false;
                let news = [SessionState::Starting, SessionState::Ready].map(Told::Session);
                env.send(room, Session, &news)
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
    ) -> Option<()> {
        self.depart(env, action)?;
        env.working?;
        env.send(usize::from(self.scope.in_flight), source, &[told])
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
        let begun = Turn::ALL.into_iter().take(usize::from(self.begun)).rev();
        begun
            .into_iter()
            .find(|turn| self.working != Some(*turn) && self.process == Process::Up)
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

    pub(crate) fn lose_everything(&mut self) {
        self.turns = Queue::default();
        self.session = Queue::default();
    }

    fn send(&mut self, room: usize, source: Source, news: &[Told]) -> Option<()> {
        for told in news {
            let sent = self.in_flight() < room && self.queue_mut(source).push(*told);
            sent.then_some(())?;
        }
        Some(())
    }
}
