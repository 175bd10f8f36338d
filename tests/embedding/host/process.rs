//! Where an agent's process comes from, and how it ends.
//!
//! *Owned*: a child of the host. The host assumes that it ends when its standard input does, so that it dies with the
//! host. *Kept*: the child of a keeper, which outlives the host; the next host attaches to it.
//!
//! Either way the agent's standard error is a locked file, and the lock lasts for as long as any process has the file
//! open, whichever host began it and however that ended. So there are never two agents in one place (S12). This is so on
//! Unix; elsewhere take what your system has: a job object, a named mutex.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use session_lifecycle::supervisor::Cursor;

use super::keeper::Address;

/// How long an agent may take to die after its host.
const LAST_BREATH: Duration = Duration::from_secs(2);

/// How to start an agent.
pub(crate) struct Launcher {
    pub(crate) program: PathBuf,
    pub(crate) home: PathBuf,
    pub(crate) kept: bool,
}

/// An agent's process.
#[derive(Clone)]
pub(crate) enum Process {
    Owned(Arc<Mutex<Child>>),
    /// With the keeper itself, where this host has started it.
    Kept(Address, Option<Arc<Mutex<Child>>>),
}

/// The two ends that the host has of it.
pub(crate) struct Pipes {
    pub(crate) to: Box<dyn Write + Send>,
    pub(crate) from: Box<dyn Read + Send>,
}

impl Launcher {
    /// Starts an agent as a child of this host.
    pub(crate) fn own(&self, cursor: Option<&Cursor>) -> io::Result<(Process, Pipes)> {
        let mut child = self.spawn("agent", cursor)?;
        let pipes = Pipes {
            to: Box::new(child.stdin.take().expect("a pipe")),
            from: Box::new(child.stdout.take().expect("a pipe")),
        };
        Ok((Process::Owned(Arc::new(Mutex::new(child))), pipes))
    }

    /// Starts a keeper, which starts an agent. The address has to be stored before anybody attaches.
    pub(crate) fn keep(&self, cursor: Option<&Cursor>) -> io::Result<(Address, Child)> {
        let mut keeper = self.spawn("keeper", cursor)?;
        Ok((Address::read(&mut keeper)?, keeper))
    }

    /// Finds the agent that an earlier host has left with its keeper, or that a keeper has just started.
    pub(crate) fn attach(
        &self,
        address: Address,
        keeper: Option<Child>,
    ) -> io::Result<(Process, Pipes)> {
        let stream = address.attach(&self.home)?;
        let pipes = Pipes {
            to: Box::new(stream.try_clone()?),
            from: Box::new(stream),
        };
        let keeper = keeper.map(|child| Arc::new(Mutex::new(child)));
        Ok((Process::Kept(address, keeper), pipes))
    }

    fn spawn(&self, role: &str, cursor: Option<&Cursor>) -> io::Result<Child> {
        let lock = lock(&self.home.join("agent.log"))?;
        Command::new(&self.program)
            .arg(role)
            .arg(&self.home)
            .args(cursor.map(Cursor::as_str))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(lock)
            .spawn()
    }
}

/// The lock, as soon as no earlier agent has it.
fn lock(path: &Path) -> io::Result<File> {
    let file = File::options().create(true).append(true).open(path)?;
    let until = Instant::now() + LAST_BREATH;
    #[allow(
        clippy::incompatible_msrv,
        reason = "a test may ask for a newer Rust than the crate"
    )]
    while file.try_lock().is_err() {
        if Instant::now() > until {
            let why = "an earlier agent is still there";
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, why));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(file)
}

impl Process {
    pub(crate) fn kill(&self) -> io::Result<()> {
        match self {
            Self::Owned(child) => child.lock().expect("no thread panics").kill(),
            Self::Kept(address, _) => address.end(),
        }
    }

    /// It says nothing more: whatever is left of it ends, and the system forgets it.
    pub(crate) fn bury(&self) {
        match self {
            Self::Owned(child) => {
                let mut child = child.lock().expect("no thread panics");
                let _ = child.kill();
                let _ = child.wait();
            }
            // The keeper has buried its agent, and goes by itself.
            Self::Kept(_, keeper) => {
                if let Some(keeper) = keeper {
                    let _ = keeper.lock().expect("no thread panics").wait();
                }
            }
        }
    }
}
