//! A scripted agent: the text of a message says what it does about it. It keeps a ledger of what it really did.

mod ledger;
mod script;

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{abort, exit};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use session_lifecycle::TurnId;
use session_lifecycle::supervisor::{MessageId, RequestId, TaskId};

use crate::wire::{self, Ending, FromAgent, ToAgent};
use ledger::Ledger;
pub(crate) use script::Script;

/// Longer than the host waits for a reply.
const LATE: Duration = Duration::from_millis(90);

struct Agent {
    ledger: Ledger,
    turn: Option<Turn>,
    waiting: VecDeque<(MessageId, Script)>,
    ended: HashMap<TurnId, Ending>,
    task: Option<TaskId>,
    deaf: bool,
}

struct Turn {
    id: TurnId,
    script: Script,
    ends: Instant,
    asks: Option<RequestId>,
}

/// Speaks on standard input and output until the former ends. How it starts stands in a file, one line a start.
pub(crate) fn main(home: &Path) -> io::Result<()> {
    let ledger = Ledger::open(home)?;
    let starts = fs::read_to_string(home.join("starts")).unwrap_or_default();
    let start = starts.lines().nth(ledger.count("up")).unwrap_or_default();
    ledger.write("up");
    let mut agent = Agent {
        ledger,
        turn: None,
        waiting: VecDeque::new(),
        ended: HashMap::new(),
        task: None,
        deaf: false,
    };
    match start {
        "crash" => agent.crash_if(true, "start"),
        "hang" => agent.deaf = true,
        "late" => thread::sleep(LATE),
        _ => {}
    }
    let (inbox, heard) = channel();
    let leaving = Ledger::open(home)?;
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if let Some(said) = wire::read(&line) {
                let _ = inbox.send(said);
            }
        }
        // The host is gone: so is its agent, whatever it is at.
        leaving.write("left");
        exit(0);
    });
    agent.say(&FromAgent::Ready);
    agent.run(&heard);
    Ok(())
}

impl Agent {
    fn run(&mut self, heard: &Receiver<ToAgent>) {
        loop {
            let wait = match &self.turn {
                Some(turn) => turn.ends.saturating_duration_since(Instant::now()),
                None => script::FORGOTTEN,
            };
            match heard.recv_timeout(wait) {
                Ok(_) if self.deaf => {}
                Ok(said) => self.hear(said),
                Err(RecvTimeoutError::Timeout) if self.turn.is_some() => {
                    self.end(Ending::Completed)
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
            if self.turn.is_none()
                && let Some((message, script)) = self.waiting.pop_front()
            {
                self.begin(message, script);
            }
        }
    }

    fn hear(&mut self, said: ToAgent) {
        match said {
            ToAgent::Send { message, text } => {
                let script = Script::read(&text);
                self.deaf = script == Script::Deaf;
                self.crash_if(script == Script::CrashBefore, "before");
                if !self.deaf {
                    self.ledger.write(&format!("took {message}"));
                    self.waiting.push_back((message, script));
                }
            }
            ToAgent::Configure { .. } => {}
            ToAgent::Interrupt { turn } => self.interrupt(turn),
            ToAgent::StopTask { task } => {
                if self.task.take_if(|running| *running == task).is_some() {
                    self.say(&FromAgent::TaskEnded { task });
                }
            }
            ToAgent::Answer { request } | ToAgent::Cancel { request } => self.answered(request),
            ToAgent::Read { turn } => self.tell_truth(turn),
            ToAgent::Leave => {
                self.ledger.write("left");
                exit(0);
            }
        }
    }

    fn begin(&mut self, message: MessageId, script: Script) {
        self.crash_if(script == Script::CrashTaken, "taken");
        if script == Script::Mute {
            return;
        }
        if script == Script::Late {
            thread::sleep(LATE);
        }
        let id = TurnId::from(format!("t{}", self.ledger.count("began") + 1));
        let started = FromAgent::TurnStarted { turn: id.clone() };
        let turn = Some(id.clone());
        if script == Script::Early {
            self.say(&started);
        }
        self.say(&FromAgent::Took { message, turn });
        self.crash_if(script == Script::CrashReplied, "replied");
        self.ledger.write(&format!("began {id}"));
        if script != Script::Early {
            self.say(&started);
        }
        self.crash_if(script == Script::CrashBegun, "begun");
        self.deaf = script == Script::Hang;
        if script == Script::Task {
            let task = TaskId::from(format!("task of {id}"));
            self.say(&FromAgent::TaskStarted { task: task.clone() });
            self.task = Some(task);
        }
        let asks = (script == Script::Ask).then(|| RequestId::from(format!("question of {id}")));
        if let Some(request) = asks.clone() {
            self.say(&FromAgent::Asked { request });
        }
        let ends = Instant::now() + script.takes();
        self.turn = Some(Turn {
            id,
            script,
            ends,
            asks,
        });
    }

    fn end(&mut self, result: Ending) {
        let Some(Turn { id, script, .. }) = self.turn.take() else {
            return;
        };
        let result = match (script, result) {
            (Script::Fail, Ending::Completed) => Ending::Failed,
            _ => result,
        };
        self.ledger.write(&format!("ended {id} {result:?}"));
        self.ended.insert(id.clone(), result);
        if script != Script::Silence && !self.deaf {
            let cursor = id.as_str().into();
            self.say(&FromAgent::TurnEnded { turn: id, result });
            self.say(&FromAgent::CanResumeAt { cursor });
        }
        self.crash_if(script == Script::CrashEnded, "ended");
        if let Some(task) = self.task.take() {
            self.say(&FromAgent::TaskEnded { task });
        }
    }

    fn interrupt(&mut self, turn: Option<TurnId>) {
        let running = self
            .turn
            .as_ref()
            .filter(|running| turn.is_none_or(|turn| turn == running.id));
        match running {
            None => self.say(&FromAgent::NothingToInterrupt),
            Some(running) => {
                let heeds = running.script != Script::Stubborn;
                self.say(&FromAgent::Interrupting);
                if heeds {
                    self.end(Ending::Interrupted);
                }
            }
        }
    }

    fn answered(&mut self, request: RequestId) {
        let asks = |turn: &Turn| turn.asks.as_ref() == Some(&request);
        if self.turn.as_ref().is_some_and(asks) {
            self.say(&FromAgent::Resolved { request });
            self.end(Ending::Completed);
        }
    }

    fn tell_truth(&self, turn: Option<TurnId>) {
        // The host that heard the question may be another one.
        if let Some(request) = self.turn.as_ref().and_then(|turn| turn.asks.clone()) {
            self.say(&FromAgent::Asked { request });
        }
        let running = self.turn.as_ref().map(|turn| &turn.id);
        let ended = turn.as_ref().and_then(|turn| self.ended.get(turn));
        let works = running.is_some() && (turn.is_none() || turn.as_ref() == running);
        self.say(&match (turn, ended) {
            (Some(turn), Some(result)) => FromAgent::Ended {
                turn,
                result: *result,
            },
            (turn, _) if works => FromAgent::Working { turn },
            (turn, _) => FromAgent::UnknownTurn { turn },
        });
    }

    /// A host that is gone hears nothing; the agent goes on.
    fn say(&self, said: &FromAgent) {
        if !self.deaf {
            let _ = writeln!(io::stdout(), "{}", wire::line(said));
        }
    }

    fn crash_if(&self, it_is_time: bool, when: &str) {
        if it_is_time {
            self.ledger.write(&format!("crash {when}"));
            abort();
        }
    }
}
