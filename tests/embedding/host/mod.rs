//! A complete host of one conversation: it performs what the supervisor decides, and tells it what came of that.
//!
//! Everything that happens goes through one inbox, so that there is one order of things. A host of many conversations
//! keeps one of these for each, with a thread and a database (or a row) of its own.

mod agent;
pub(crate) mod fuse;
pub(crate) mod keeper;
mod perform;
mod process;
mod store;
mod timers;
mod translate;

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use session_lifecycle::supervisor::{
    Command, Epoch, Input, MessageId, Patience, ProviderEvent, Supervisor,
};
use session_lifecycle::{Event, ProviderLife};

use crate::wire::{self, FromHost, ToHost};
use agent::Agent;
use fuse::Fuse;
use process::Launcher;
use store::Store;
use timers::Timers;

/// How often the reaper comes.
const SWEEP: Duration = Duration::from_millis(20);

/// A test has no time for the patience that real agents need.
const PATIENCE: Patience = Patience {
    start: Duration::from_millis(300),
    send: Duration::from_millis(60),
    interrupt: Duration::from_millis(40),
    read: Duration::from_millis(40),
    stop: Duration::from_millis(40),
    stall: Duration::from_millis(80),
    lease: Duration::from_millis(200),
    idle: Duration::from_millis(60),
};

/// What comes to the host.
pub(crate) enum Heard {
    /// Something happened to the thread.
    Thread(Input),
    /// The agent of this start is gone for certain.
    AgentEnded(Epoch),
    /// The user wants something.
    User(ToHost),
    /// The user has gone.
    UserLeft,
}

/// One conversation.
struct Host {
    supervisor: Supervisor,
    store: Store,
    launcher: Launcher,
    agent: Option<Agent>,
    timers: Timers,
    inbox: Sender<Heard>,
    /// The message of the command that is being handled: it is stored together with the decision to accept it.
    offered: Option<(MessageId, String)>,
    /// What the user has to be told once it is stored.
    reports: Vec<String>,
    fuse: Fuse,
}

type Failure = Box<dyn Error>;

/// Serves the user on standard input and output until that ends.
pub(crate) fn main(home: PathBuf, kept: bool) -> Result<(), Failure> {
    let (inbox, heard) = channel();
    let mut host = Host::boot(home, kept, inbox.clone())?;
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if let Some(command) = wire::read(&line) {
                let _ = inbox.send(Heard::User(command));
            }
        }
        let _ = inbox.send(Heard::UserLeft);
    });
    host.run(&heard)
}

impl Host {
    /// Comes back from the database, and finds out whether the agent is still there, before any command is read.
    fn boot(home: PathBuf, kept: bool, inbox: Sender<Heard>) -> Result<Self, Failure> {
        let timers = Timers::new();
        let now = timers.now();
        let store = Store::open(&home.join("host.sqlite"))?;
        let launcher = Launcher {
            program: std::env::current_exe()?,
            home,
            kept,
        };
        let snapshot = match store.snapshot()? {
            Some(snapshot) => snapshot,
            None => Supervisor::new(PATIENCE, now).snapshot(),
        };
        // An agent of this host's own died with the host before; one that is kept is where the database says.
        let epoch = Epoch(snapshot.epoch);
        let agent = store.keeper(epoch)?.and_then(|address| {
            let (process, pipes) = launcher.attach(address, None).ok()?;
            Some(Agent::new(epoch, process, pipes, &inbox))
        });
        let life = match agent {
            Some(_) => ProviderLife::Alive,
            None => ProviderLife::Gone,
        };
        let (supervisor, repaired) = fuse::boot(snapshot, life, PATIENCE, now)?;
        for broken in repaired {
            eprintln!("repaired: {broken}");
        }
        say(&FromHost::Booted {
            alive: agent.is_some(),
        });
        Ok(Self {
            supervisor,
            reports: store.reports()?,
            store,
            launcher,
            agent,
            timers,
            inbox,
            offered: None,
            fuse: Fuse::from_environment(),
        })
    }

    fn run(&mut self, heard: &Receiver<Heard>) -> Result<(), Failure> {
        self.tell_reports();
        let effects = self.supervisor.booted(self.timers.now()).into_vec();
        self.perform(effects)?;
        loop {
            while let Some(deadline) = self.timers.take_due() {
                self.tell(Input::Due(deadline))?;
            }
            let wait = self.timers.quiet().map_or(SWEEP, |wait| wait.min(SWEEP));
            match heard.recv_timeout(wait) {
                Ok(Heard::Thread(input)) => self.tell(input)?,
                Ok(Heard::AgentEnded(epoch)) => {
                    self.agent.take_if(|agent| agent.epoch() == epoch);
                    self.tell(Input::Event {
                        epoch: Some(epoch),
                        event: ProviderEvent::Lifecycle(Event::SessionExited),
                    })?;
                }
                Ok(Heard::User(command)) => self.obey(command)?,
                Ok(Heard::UserLeft) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => self.tell(Input::Sweep)?,
            }
        }
    }

    fn obey(&mut self, command: ToHost) -> Result<(), Failure> {
        let command = match command {
            ToHost::Send { message, text, now } => {
                // A user who heard nothing asks again. The supervisor knows only the messages that it still has.
                if self.store.text(&message)?.is_some() {
                    say(&FromHost::Accepted);
                    self.show();
                    return Ok(());
                }
                self.offered = Some((message.clone(), text));
                if now {
                    Command::SendNow(message)
                } else {
                    Command::Send(message)
                }
            }
            ToHost::Interrupt => Command::Interrupt,
            ToHost::Stop => Command::Stop,
            ToHost::Answer { request } => Command::Answer(request),
            ToHost::Configure { config } => Command::Configure(config),
        };
        self.tell(Input::Command(command))
    }

    /// The whole of it: tell the supervisor, do what it says.
    fn tell(&mut self, input: Input) -> Result<(), Failure> {
        let effects = self.supervisor.handle(input, self.timers.now()).into_vec();
        self.perform(effects)
    }
}

fn say(said: &FromHost) {
    println!("{}", wire::line(said));
}
