//! An agent's process: two threads for its two pipes, and its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use session_lifecycle::supervisor::{Answer, Epoch, Input};

use super::Heard;
use super::process::{Pipes, Process};
use super::translate::input;
use crate::wire::{self, FromAgent, ToAgent};

/// An agent that this host can talk to.
pub(crate) struct Agent {
    epoch: Epoch,
    lines: Sender<ToAgent>,
    process: Process,
}

impl Agent {
    /// Listens and speaks to a process. Whatever it says goes to the inbox, tagged with the epoch of its start; so does
    /// its end, once it is certain.
    pub(crate) fn new(epoch: Epoch, process: Process, pipes: Pipes, inbox: &Sender<Heard>) -> Self {
        let (lines, to_write) = channel();
        let (failures, heard, ended) = (inbox.clone(), inbox.clone(), process.clone());
        // A thread of its own: an agent that does not read must not hold up its host.
        thread::spawn(move || speak(pipes.to, &to_write, epoch, &failures));
        thread::spawn(move || {
            listen(pipes.from, epoch, &heard);
            ended.bury();
            let _ = heard.send(Heard::AgentEnded(epoch));
        });
        Self {
            epoch,
            lines,
            process,
        }
    }

    pub(crate) fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub(crate) fn say(&self, line: ToAgent) {
        // There is nobody to tell only if the writing failed before; that was reported then.
        let _ = self.lines.send(line);
    }

    /// Ends the process without asking it.
    pub(crate) fn kill(&self) -> std::io::Result<()> {
        self.process.kill()
    }
}

fn speak(mut to: impl Write, lines: &Receiver<ToAgent>, epoch: Epoch, failures: &Sender<Heard>) {
    for said in lines {
        let line = wire::line(&said) + "\n";
        if let (Err(_), ToAgent::Send { message, .. }) = (to.write_all(line.as_bytes()), said) {
            // Part of the line may have arrived: nobody knows what the agent made of it.
            let answer = Answer::SendFailed {
                message,
                attempted: true,
            };
            tell(failures, Input::Answer { epoch, answer });
        }
    }
}

fn listen(from: impl Read, epoch: Epoch, heard: &Sender<Heard>) {
    let lines = BufReader::new(from).lines().map_while(Result::ok);
    for said in lines.filter_map(|line| wire::read::<FromAgent>(&line)) {
        tell(heard, input(epoch, said));
    }
}

fn tell(inbox: &Sender<Heard>, input: Input) {
    // The host that would have listened is about to end.
    let _ = inbox.send(Heard::Thread(input));
}
