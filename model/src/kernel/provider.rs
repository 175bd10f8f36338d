//! What the provider does, asked or by itself.

use session_lifecycle::{SessionState, ThreadState, TurnResult};

use crate::kernel::claims::Claim;
use crate::kernel::truth::{Allowance, Ask, Line, News, Owed, Process, Reply, Truth};
use crate::kernel::{Deed, Response};
use crate::world::{Told, Turn};

impl Truth {
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self {
            process: Process::Off,
            epoch: 0,
            turn: None,
            begun: 0,
            ended: [None; 3],
            task: false,
            request: false,
            asks: Line::default(),
            news: Line::default(),
            replies: Line::default(),
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
        self.allowance.deviations = self.allowance.deviations.checked_sub(1)?;
        Some(())
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
        self.ended[turn as usize] = Some(result);
        Some(turn)
    }

    pub(crate) fn die(&mut self) {
        if self.turn.is_some() {
            self.end(TurnResult::Interrupted);
        }
        self.process = Process::Off;
        self.task = false;
        self.request = false;
        self.asks = Line::default();
    }

    /// Takes up what the provider was asked next.
    pub(crate) fn respond(&mut self, response: Response) -> Option<()> {
        match self.process {
            Process::Off | Process::Mute => return None,
            Process::Booting => return self.boot(response),
            Process::Up => {}
        }
        match (self.asks.pop()?, response) {
            (Ask::Send(mail), Response::Well | Response::Plainly) => {
                self.mail[mail as usize].reached += 1;
                if self.turn.is_some() {
                    // It joins the turn that runs, and nothing ever starts for it (L2-02).
                    // It may name a turn all the same.
                    self.deviate()?;
                    let named = if response == Response::Well {
                        Some(self.next_id()?)
                    } else {
                        None
                    };
                    return self.reply(Reply::Sent(mail, named));
                }
                let turn = self.begin()?;
                self.say(Told::Started(Some(turn)))?;
                let named = (response == Response::Well).then_some(turn);
                self.reply(Reply::Sent(mail, named))
            }
            (Ask::Send(mail), Response::Refuses) => {
                self.deviate()?;
                self.reply(Reply::SendFailed(mail, false))
            }
            (Ask::Send(mail), Response::RefusesAfterTheFact) => {
                self.deviate()?;
                self.turn.is_none().then_some(())?;
                self.mail[mail as usize].reached += 1;
                let turn = self.begin()?;
                self.say(Told::Started(Some(turn)))?;
                self.reply(Reply::SendFailed(mail, true))
            }
            (Ask::Interrupt(asked), response) => {
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
            (Ask::Read(asked), Response::Plainly) => {
                // Its list of what it works on is empty for a moment.
                self.deviate()?;
                self.turn?;
                self.reply(Reply::Unknown(asked))
            }
            (Ask::Read(asked), Response::Well) => {
                let reply = match asked {
                    Some(turn) if self.turn == Some(turn) => Reply::Runs(asked),
                    None if self.turn.is_some() => Reply::Runs(None),
                    Some(turn) => match self.ended[turn as usize] {
                        Some(result) => Reply::Ended(asked, result),
                        None => Reply::Unknown(asked),
                    },
                    None => Reply::Unknown(None),
                };
                self.reply(reply)
            }
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
            (Ask::StopTask, Response::Well) => {
                std::mem::take(&mut self.task);
                self.say(Told::TaskEnded)
            }
            (Ask::Settle, Response::Well) => {
                std::mem::take(&mut self.request);
                self.say(News::RequestResolved)
            }
            _ => None,
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
                self.allowance.crashes = self.allowance.crashes.checked_sub(1)?;
                self.die();
                if deed == Deed::DieAndLose {
                    self.news = Line::default();
                    self.replies = Line::default();
                    self.memory.misled = true;
                }
                return self.say(Told::Exited);
            }
            Deed::FallMute => {
                matches!(self.process, Process::Up | Process::Booting).then_some(())?;
                self.allowance.crashes = self.allowance.crashes.checked_sub(1)?;
                self.process = Process::Mute;
                if self.turn.is_some() {
                    self.end(TurnResult::Interrupted);
                }
                self.task = false;
                self.request = false;
                return Some(());
            }
            _ => {}
        }
        (self.process == Process::Up).then_some(())?;
        match deed {
            Deed::Finish(result) => {
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
                self.allowance.own_turns = self.allowance.own_turns.checked_sub(1)?;
                let turn = self.begin()?;
                self.memory.own |= turn.bit();
                self.say(Told::Started(Some(turn)))
            }
            Deed::StartTask => {
                self.turn?;
                self.allowance.tasks = self.allowance.tasks.checked_sub(1)?;
                self.task = true;
                self.say(Told::TaskStarted)
            }
            Deed::EndTask => {
                std::mem::take(&mut self.task).then_some(())?;
                self.say(Told::TaskEnded)
            }
            Deed::Ask => {
                self.turn?;
                self.allowance.requests = self.allowance.requests.checked_sub(1)?;
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
                self.task = false;
                self.say(Told::Thread(ThreadState::Closed))
            }
            Deed::Die | Deed::DieAndLose | Deed::FallMute => None,
        }
    }
}
