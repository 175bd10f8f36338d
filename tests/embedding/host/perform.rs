//! What the host does for its supervisor.

use std::io;

use session_lifecycle::Message;
use session_lifecycle::supervisor::{Answer, Cursor, Effect, Epoch, Input, MessageId, Refusal};

use super::agent::Agent;
use super::{Failure, Heard, Host, say};
use crate::wire::{self, FromHost, Shown, ToAgent};

impl Host {
    /// Performs effects in their order. A failure to store ends the host: what follows relies on what is stored.
    pub(super) fn perform(&mut self, effects: Vec<Effect>) -> Result<(), Failure> {
        for effect in effects {
            self.fuse.burn();
            match effect {
                Effect::Persist => {
                    let snapshot = self.supervisor.snapshot();
                    self.store
                        .persist(&snapshot, self.offered.take(), &self.reports)?;
                    self.tell_reports();
                }
                Effect::Accept => say(&FromHost::Accepted),
                Effect::Refuse(why) => self.refuse(why),
                Effect::Start { epoch, cursor } => self.start(epoch, cursor),
                Effect::Configure { epoch, config } => {
                    self.tell_agent(epoch, ToAgent::Configure { config })
                }
                Effect::Send { epoch, message } => self.send(epoch, message)?,
                Effect::Interrupt { epoch, turn } => {
                    self.tell_agent(epoch, ToAgent::Interrupt { turn })
                }
                Effect::StopTask { epoch, task } => {
                    self.tell_agent(epoch, ToAgent::StopTask { task })
                }
                Effect::Answer { epoch, request } => {
                    self.tell_agent(epoch, ToAgent::Answer { request })
                }
                Effect::CancelRequest { epoch, request } => {
                    self.tell_agent(epoch, ToAgent::Cancel { request })
                }
                Effect::Read { epoch, turn } => self.tell_agent(epoch, ToAgent::Read { turn }),
                Effect::Stop { epoch, force } => self.stop(epoch, force),
                Effect::SetDeadline { deadline, at } => self.timers.set(deadline, at),
                Effect::ClearDeadline(deadline) => self.timers.clear(&deadline),
                Effect::Report(what) => self.reports.push(wire::line(&FromHost::Reports { what })),
            }
        }
        // Of these nothing has to be stored.
        self.tell_reports();
        self.offered = None;
        self.show();
        Ok(())
    }

    fn refuse(&mut self, why: Refusal) {
        let why = why.to_string();
        say(&FromHost::Refused { why });
    }

    fn start(&mut self, epoch: Epoch, cursor: Option<Cursor>) {
        match self.launch(epoch, cursor.as_ref()) {
            Ok(agent) => self.agent = Some(agent),
            Err(why) => {
                let reason = Message::from(why.to_string());
                self.answer(epoch, Answer::StartFailed { reason });
            }
        }
    }

    /// The agent says by itself when it is ready.
    fn launch(&self, epoch: Epoch, cursor: Option<&Cursor>) -> io::Result<Agent> {
        let (process, pipes) = if self.launcher.kept {
            let (address, keeper) = self.launcher.keep(cursor)?;
            self.store
                .remember_keeper(epoch, address)
                .map_err(io::Error::other)?;
            self.launcher.attach(address, Some(keeper))?
        } else {
            self.launcher.own(cursor)?
        };
        Ok(Agent::new(epoch, process, pipes, &self.inbox))
    }

    fn send(&mut self, epoch: Epoch, message: MessageId) -> Result<(), Failure> {
        let text = self.store.text(&message)?.unwrap_or_default();
        if self.agent_of(epoch).is_some() {
            self.tell_agent(epoch, ToAgent::Send { message, text });
        } else {
            let attempted = false;
            self.answer(epoch, Answer::SendFailed { message, attempted });
        }
        Ok(())
    }

    /// The end of the process tells that it has stopped.
    fn stop(&mut self, epoch: Epoch, force: bool) {
        match self.agent_of(epoch) {
            Some(agent) if force => {
                if agent.kill().is_err() {
                    self.answer(epoch, Answer::StopFailed);
                }
            }
            Some(agent) => agent.say(ToAgent::Leave),
            None => self.answer(epoch, Answer::Stopped),
        }
    }

    pub(super) fn tell_reports(&mut self) {
        for line in self.reports.drain(..) {
            println!("{line}");
        }
    }

    pub(super) fn show(&self) {
        let supervisor = &self.supervisor;
        say(&FromHost::Shows(Shown {
            working: supervisor.working(),
            busy: supervisor.busy().is_some(),
            queued: supervisor.queued(),
            parked: supervisor.is_parked(),
            has_provider: supervisor.has_provider(),
            requests: supervisor.open_requests().to_vec(),
        }));
    }

    fn agent_of(&self, epoch: Epoch) -> Option<&Agent> {
        self.agent.as_ref().filter(|agent| agent.epoch() == epoch)
    }

    /// An agent that is gone has said so, or will: nothing waits for its reply.
    fn tell_agent(&self, epoch: Epoch, line: ToAgent) {
        if let Some(agent) = self.agent_of(epoch) {
            agent.say(line);
        }
    }

    fn answer(&self, epoch: Epoch, answer: Answer) {
        let _ = self
            .inbox
            .send(Heard::Thread(Input::Answer { epoch, answer }));
    }
}
