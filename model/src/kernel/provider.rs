//! What the provider does, asked or by itself.

use session_lifecycle::{SessionState, ThreadState, TurnResult};

use crate::kernel::allowance::{Allowance, Trouble};
use crate::kernel::claims::Claim;
use crate::kernel::truth::{Ask, Job, Mail, News, Owed, Process, Reply, ShortQueue, Truth};
use crate::kernel::{Deed, Response};
use crate::world::{Told, Turn};

impl Truth {
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self {
            process: Process::Off,
            epoch: 0,
            turn: None,
            is_own: false,
            begun: 0,
            ended: [None; 3],
            tasks: 0,
            request: false,
            asks: ShortQueue::default(),
            news: ShortQueue::default(),
            replies: ShortQueue::default(),
            again: None,
            mail: Default::default(),
            idle_age: 0,
            allowance,
            memory: Default::default(),
        }
    }

    fn say(&mut self, news: impl Into<News>) -> Option<()> {
        self.news.push((self.epoch, news.into()))
    }

    fn reply(&mut self, reply: Reply) -> Option<()> {
        self.replies.push((self.epoch, reply))
    }

    fn deviate(&mut self) -> Option<()> {
        self.allowance.spend(Trouble::Deviation)
    }

    fn next_id(&mut self) -> Option<Turn> {
        let turn = Turn::ALL.into_iter().nth(usize::from(self.begun))?;
        self.begun += 1;
        Some(turn)
    }

    fn begin(&mut self) -> Option<Turn> {
        let turn = self.next_id()?;
        self.turn = Some(turn);
        self.memory.excused = false;
        Some(turn)
    }

    fn end(&mut self, result: TurnResult) -> Option<Turn> {
        let turn = self.turn.take()?;
        self.is_own = false;
        self.ended[turn as usize] = Some(result);
        Some(turn)
    }

    pub(crate) fn die(&mut self) {
        if self.turn.is_some() {
            self.end(TurnResult::Interrupted);
        }
        self.process = Process::Off;
        self.tasks = 0;
        self.request = false;
        self.asks = ShortQueue::default();
    }

    /// Takes up what the provider was asked next.
    pub(crate) fn respond(&mut self, response: Response) -> Option<()> {
        match self.process {
            Process::Off | Process::Mute => return None,
            Process::Booting => return self.boot(response),
            Process::Up => {}
        }
        match (self.asks.pop()?, response) {
            (Ask::Send(mail), response) => self.receive(mail, response),
            (Ask::Interrupt(asked), response) => self.be_interrupted(asked, response),
            (Ask::Read(asked), Response::Plainly) => {
                // Its list of what it works on is empty for a moment.
                self.deviate()?;
                self.turn?;
                self.reply(Reply::Unknown(asked))
            }
            (Ask::Read(asked), Response::Well) => self.reply(self.what_became_of(asked)),
            (Ask::Stop, Response::Well) => {
                self.die();
                self.reply(Reply::Stopped)
            }
            (Ask::Stop, Response::Plainly) => {
                self.die();
                self.say(Told::Exited)?;
                self.reply(Reply::Stopped)
            }
            (Ask::Stop, Response::Refuses) => {
                self.deviate()?;
                self.reply(Reply::StopFailed)
            }
            (Ask::StopTask(job), Response::Well) => {
                if self.tasks & job.bit() == 0 {
                    return Some(());
                }
                self.tasks &= !job.bit();
                self.say(News::TaskEnded(job))
            }
            (Ask::Settle, Response::Well) => {
                if !std::mem::take(&mut self.request) {
                    return Some(());
                }
                self.say(News::RequestResolved)
            }
            _ => None,
        }
    }

    fn receive(&mut self, mail: Mail, response: Response) -> Option<()> {
        match response {
            Response::Well | Response::Plainly => {
                self.mail[mail as usize].reached += 1;
                let names_a_turn = response == Response::Well;
                if self.turn.is_some() {
                    // It joins the turn that runs, and nothing ever starts for it (L2-02), even if the reply names a turn.
                    self.deviate()?;
                    let named = if names_a_turn {
                        Some(self.next_id()?)
                    } else {
                        None
                    };
                    return self.reply(Reply::Sent(mail, named));
                }
                let turn = self.begin()?;
                self.say(Told::Started(Some(turn)))?;
                self.reply(Reply::Sent(mail, names_a_turn.then_some(turn)))
            }
            Response::Refuses => {
                // While it works on a turn, that is the plain course.
                if self.turn.is_none() {
                    self.deviate()?;
                }
                self.reply(Reply::SendFailed(mail, false))
            }
            Response::RefusesAfterTheFact => {
                self.deviate()?;
                self.turn.is_none().then_some(())?;
                self.mail[mail as usize].reached += 1;
                let turn = self.begin()?;
                self.say(Told::Started(Some(turn)))?;
                self.reply(Reply::SendFailed(mail, true))
            }
            Response::AsFailure => None,
        }
    }

    fn be_interrupted(&mut self, asked: Option<Turn>, response: Response) -> Option<()> {
        let hits = self.turn.is_some() && (asked.is_none() || asked == self.turn);
        if !hits {
            (response == Response::Well).then_some(())?;
            return self.reply(Reply::Nothing);
        }
        if response == Response::Refuses {
            // The host hears nothing of it, and the turn goes on.
            return self.deviate();
        }
        // Nobody asked for whatever runs, unless that is what was to end.
        if asked.is_none() && self.memory.interrupted & Owed::Turn as u8 == 0 {
            Claim::S2.breaks(self);
        }
        let told = match response {
            Response::Well => Told::Aborted(self.end(TurnResult::Interrupted)),
            Response::Plainly => {
                Told::Ended(self.end(TurnResult::Interrupted), TurnResult::Interrupted)
            }
            Response::AsFailure => {
                Told::Ended(self.end(TurnResult::Interrupted), TurnResult::Failed)
            }
            Response::Refuses | Response::RefusesAfterTheFact => return None,
        };
        self.say(told)?;
        self.reply(Reply::Interrupted)
    }

    fn what_became_of(&self, asked: Option<Turn>) -> Reply {
        match asked {
            Some(turn) if self.turn == Some(turn) => Reply::Runs(asked),
            None if self.turn.is_some() => Reply::Runs(None),
            Some(turn) => match self.ended[turn as usize] {
                Some(result) => Reply::Ended(asked, result),
                None => Reply::Unknown(asked),
            },
            None => Reply::Unknown(None),
        }
    }

    fn boot(&mut self, response: Response) -> Option<()> {
        match response {
            Response::Well => {
                self.process = Process::Up;
                self.reply(Reply::Started)
            }
            Response::Refuses => {
                self.deviate()?;
                self.process = Process::Off;
                self.reply(Reply::StartFailed)
            }
            Response::Plainly | Response::AsFailure | Response::RefusesAfterTheFact => None,
        }
    }

    /// Does something by itself.
    pub(crate) fn act(&mut self, deed: Deed) -> Option<()> {
        match deed {
            Deed::Die | Deed::DieAndLose => {
                (self.process != Process::Off).then_some(())?;
                self.allowance.spend(Trouble::Crash)?;
                self.die();
                if deed == Deed::DieAndLose {
                    self.news = ShortQueue::default();
                    self.replies = ShortQueue::default();
                    self.memory.misled = true;
                }
                return self.say(Told::Exited);
            }
            Deed::FallMute => {
                matches!(self.process, Process::Up | Process::Booting).then_some(())?;
                self.allowance.spend(Trouble::Crash)?;
                self.process = Process::Mute;
                self.asks = ShortQueue::default();
                if self.turn.is_some() {
                    self.end(TurnResult::Interrupted);
                }
                self.tasks = 0;
                self.request = false;
                return Some(());
            }
            _ => {}
        }
        (self.process == Process::Up).then_some(())?;
        match deed {
            Deed::Finish(result) => {
                if result == TurnResult::Failed {
                    self.allowance.spend(Trouble::Failure)?;
                }
                let turn = self.end(result)?;
                self.say(Told::Ended(Some(turn), result))
            }
            Deed::FinishUnheard => {
                self.deviate()?;
                self.end(TurnResult::Completed)?;
                self.memory.misled = true;
                Some(())
            }
            Deed::FinishAsIdle => {
                self.deviate()?;
                self.end(TurnResult::Completed)?;
                self.memory.misled = true;
                self.say(Told::Thread(ThreadState::Idle))
            }
            Deed::FinishAsReady => {
                self.deviate()?;
                self.end(TurnResult::Completed)?;
                self.say(Told::Session(SessionState::Ready))
            }
            Deed::FinishAsError => {
                self.deviate()?;
                self.end(TurnResult::Failed)?;
                self.say(Told::Session(SessionState::Error))
            }
            Deed::IdleTooEarly => {
                self.deviate()?;
                self.turn?;
                self.say(Told::Thread(ThreadState::Idle))
            }
            Deed::Remark => {
                self.deviate()?;
                self.turn?;
                self.say(Told::Failed(None))
            }
            Deed::Chatter => {
                self.deviate()?;
                self.turn.is_none().then_some(())?;
                self.say(Told::Noise)
            }
            Deed::Begin => {
                self.turn.is_none().then_some(())?;
                self.allowance.spend(Trouble::OwnTurn)?;
                let turn = self.begin()?;
                self.is_own = true;
                self.say(Told::Started(Some(turn)))
            }
            Deed::StartTask => {
                self.turn?;
                // The first of two, then the second: an id is not used again.
                let job = match self.allowance.left(Trouble::Task) {
                    2 => Job::K2,
                    _ => Job::K1,
                };
                self.allowance.spend(Trouble::Task)?;
                self.tasks |= job.bit();
                self.say(News::TaskStarted(job))
            }
            Deed::EndTask(job) => {
                (self.tasks & job.bit() != 0).then_some(())?;
                self.tasks &= !job.bit();
                self.say(News::TaskEnded(job))
            }
            Deed::Ask => {
                self.turn?;
                self.allowance.spend(Trouble::Request)?;
                self.request = true;
                self.say(News::RequestOpened)
            }
            Deed::Bookmark => {
                self.turn?;
                self.deviate()?;
                self.say(News::Cursor)
            }
            Deed::CloseThread => {
                self.deviate()?;
                if self.turn.is_some() {
                    self.end(TurnResult::Interrupted);
                }
                self.tasks = 0;
                self.say(Told::Thread(ThreadState::Closed))
            }
            Deed::Die | Deed::DieAndLose | Deed::FallMute => None,
        }
    }
}
