//! The user: starts the host, and again when it died, tells it what the schedule says, and remembers what it was told.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use session_lifecycle::supervisor::{MessageId, Report};

use super::schedule::{Schedule, Step};
use crate::agent::Script;
use crate::host::fuse::{DIES_BEFORE, FAULT};
use crate::wire::{self, FromHost, Shown, ToHost};

/// What the user was told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) accepted: BTreeSet<MessageId>,
    pub(crate) failed: BTreeSet<MessageId>,
    pub(crate) uncertain: BTreeSet<MessageId>,
    pub(crate) boots: usize,
    pub(crate) boots_with_agent: usize,
    pub(crate) killed: usize,
    pub(crate) died: usize,
    /// All of it, with what the user said, in order.
    pub(crate) story: Vec<String>,
}

pub(crate) struct User {
    home: PathBuf,
    kept: bool,
    fuses: std::vec::IntoIter<u32>,
    fault: Option<&'static str>,
    patience: Duration,
    host: Option<Host>,
    shown: Option<Shown>,
    told: Told,
}

struct Host {
    process: Child,
    to: ChildStdin,
    said: Receiver<FromHost>,
}

/// Something that should have come did not.
pub(crate) type Stuck = String;

impl User {
    pub(crate) fn new(
        home: &Path,
        schedule: &Schedule,
        fault: Option<&'static str>,
        patience: Duration,
    ) -> Self {
        Self {
            home: home.to_owned(),
            kept: schedule.kept,
            fuses: schedule.fuses.clone().into_iter(),
            fault,
            patience,
            host: None,
            shown: None,
            told: Told::default(),
        }
    }

    /// Goes through the schedule, waits until everything rests, and ends the agent.
    pub(crate) fn play(&mut self, schedule: &Schedule) -> Result<(), Stuck> {
        for (at, step) in schedule.steps.iter().enumerate() {
            match step {
                Step::Send(script) => self.send(at, *script, false)?,
                Step::SendNow(script) => self.send(at, *script, true)?,
                Step::Interrupt => self.tell(&ToHost::Interrupt)?,
                Step::Stop => self.tell(&ToHost::Stop)?,
                Step::Configure => self.tell(&ToHost::Configure {
                    config: format!("config-{at}").as_str().into(),
                })?,
                Step::Wait(time) => thread::sleep(*time),
                Step::Rest => {
                    self.rest("at rest", |shown| shown.parked || shown.queued == 0)?;
                }
                Step::KillHost(after) => {
                    thread::sleep(*after);
                    self.kill();
                }
            }
        }
        let first = schedule.steps.len();
        let mut shown = self.rest("at rest", |shown| shown.parked || shown.queued == 0)?;
        for at in (first..first + 30).take_while(|_| schedule.drains) {
            if shown.queued == 0 {
                break;
            }
            // A new message sets what is parked going.
            self.send(at, Script::Work, false)?;
            shown = self.rest("at rest", |shown| shown.parked || shown.queued == 0)?;
        }
        if schedule.drains && shown.queued > 0 {
            return Err(format!("{} messages still wait", shown.queued));
        }
        self.tell(&ToHost::Stop)?;
        self.rest("without an agent", |shown| !shown.has_provider)?;
        self.leave();
        Ok(())
    }

    /// What the user was told; whatever host is left is ended.
    pub(crate) fn told(mut self) -> Told {
        if let Some(mut host) = self.host.take() {
            let _ = host.process.kill();
            let _ = host.process.wait();
        }
        self.told
    }

    fn send(&mut self, at: usize, script: Script, now: bool) -> Result<(), Stuck> {
        let message = MessageId::from(format!("m{at}"));
        self.tell(&ToHost::Send {
            message: message.clone(),
            text: format!("{script:?}"),
            now,
        })?;
        self.told.accepted.insert(message);
        Ok(())
    }

    /// Says something until a host has answered it.
    fn tell(&mut self, command: &ToHost) -> Result<(), Stuck> {
        let until = Instant::now() + self.patience;
        loop {
            let line = wire::line(command);
            self.told.story.push(format!("user: {line}"));
            let host = self.host();
            if writeln!(host.to, "{line}").is_err() {
                self.bury();
                continue;
            }
            loop {
                match self.hear(until, &line)? {
                    Some(FromHost::Accepted | FromHost::Refused { .. }) => {
                        // What is shown next has the command in it.
                        self.shown = None;
                        return Ok(());
                    }
                    Some(_) => {}
                    None => break,
                }
            }
        }
    }

    /// Waits until nothing happens any more and this is so, and answers what is asked meanwhile.
    fn rest(&mut self, what: &str, is_so: impl Fn(&Shown) -> bool) -> Result<Shown, Stuck> {
        let until = Instant::now() + self.patience;
        loop {
            match self.shown.clone() {
                Some(shown) if !shown.working && !shown.busy && is_so(&shown) => return Ok(shown),
                Some(Shown { requests, .. }) if !requests.is_empty() => {
                    let request = requests[0].clone();
                    self.tell(&ToHost::Answer { request })?;
                }
                Some(_) | None => {
                    self.host();
                    self.hear(until, what)?;
                }
            }
        }
    }

    /// The next thing that the host says; nothing, if it has died.
    fn hear(&mut self, until: Instant, awaited: &str) -> Result<Option<FromHost>, Stuck> {
        let host = self.host();
        let wait = until.saturating_duration_since(Instant::now());
        let said = match host.said.recv_timeout(wait) {
            Ok(said) => said,
            Err(RecvTimeoutError::Disconnected) => {
                self.told.died += 1;
                self.bury();
                return Ok(None);
            }
            Err(RecvTimeoutError::Timeout) => return Err(format!("waits for: {awaited}")),
        };
        self.note(&said);
        Ok(Some(said))
    }

    fn note(&mut self, said: &FromHost) {
        self.told.story.push(format!("host: {}", wire::line(said)));
        match said {
            FromHost::Booted { alive } => self.told.boots_with_agent += usize::from(*alive),
            FromHost::Reports { what } => self.take_note(what),
            FromHost::Shows(shown) => self.shown = Some(shown.clone()),
            FromHost::Accepted | FromHost::Refused { .. } => {}
        }
    }

    fn take_note(&mut self, report: &Report) {
        match report {
            Report::MessageFailed(message) => {
                self.told.failed.insert(message.clone());
            }
            Report::MessageUncertain(message) => {
                self.told.uncertain.insert(message.clone());
            }
            Report::QueueParked
            | Report::RequestStale(_)
            | Report::TaskLost(_)
            | Report::ConfigurationDeferred(_) => {}
        }
    }

    /// The host, started if there is none.
    fn host(&mut self) -> &mut Host {
        if self.host.is_none() {
            self.told.boots += 1;
            self.told.story.push("a host starts".into());
            self.shown = None;
        }
        let (home, fault) = (&self.home, self.fault);
        let (kept, fuses) = (self.kept, &mut self.fuses);
        self.host
            .get_or_insert_with(|| Host::start(home, kept, fuses.next(), fault))
    }

    fn kill(&mut self) {
        if let Some(host) = &mut self.host {
            // It may have died by itself; then this kills nobody.
            self.told.killed += usize::from(host.process.try_wait().is_ok_and(|end| end.is_none()));
            let _ = host.process.kill();
            self.bury();
        }
    }

    /// Whatever the host said before it died was said.
    fn bury(&mut self) {
        if let Some(mut host) = self.host.take() {
            let _ = host.process.wait();
            while let Ok(said) = host.said.recv() {
                self.note(&said);
            }
            self.told.story.push("the host is dead".into());
        }
    }

    fn leave(&mut self) {
        if let Some(Host {
            mut process, to, ..
        }) = self.host.take()
        {
            drop(to);
            let _ = process.wait();
        }
    }
}

impl Host {
    fn start(home: &Path, kept: bool, fuse: Option<u32>, fault: Option<&str>) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.arg("host").arg(home);
        command.args(kept.then_some("kept"));
        command.envs(fuse.map(|effect| (DIES_BEFORE, effect.to_string())));
        command.envs(fault.map(|id| (FAULT, id)));
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a host");
        let to = process.stdin.take().expect("a pipe");
        let from = process.stdout.take().expect("a pipe");
        let (sender, said) = channel();
        thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                // The last line of a host that died may be cut.
                if let Ok(said) = serde_json::from_str(&line) {
                    let _ = sender.send(said);
                }
            }
        });
        Self { process, to, said }
    }
}
