//! A process between host and agent, so that the agent outlives the host. It relays lines, and knows nothing of them.
//!
//! What the agent says while no host is attached is lost, as it is with any host that dies: the supervisor asks when it
//! is back (`Effect::Read`).

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio, exit};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Where a keeper listens. A host that finds it there has found its agent alive.
#[derive(Clone, Copy)]
pub(crate) struct Address(pub(crate) u16);

impl Address {
    /// The line by which a new keeper says where it is.
    pub(crate) fn read(keeper: &mut Child) -> Result<Self> {
        let mut line = String::new();
        BufReader::new(keeper.stdout.as_mut().expect("a pipe")).read_line(&mut line)?;
        let port = line.trim().parse();
        port.map(Self)
            .map_err(|_| Error::new(ErrorKind::InvalidData, line))
    }

    /// Talks to the agent from now on. Fails if there is none any more.
    pub(crate) fn attach(self, home: &Path) -> Result<TcpStream> {
        let mut stream = self.say("attach")?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        // The port may have gone to another process since: this one must know which home it keeps.
        let greeting = greeting(home);
        let mut heard = vec![0; greeting.len()];
        stream.read_exact(&mut heard)?;
        if heard != greeting.as_bytes() {
            return Err(Error::new(ErrorKind::NotFound, "another process"));
        }
        stream.set_read_timeout(None)?;
        Ok(stream)
    }

    /// Ends the agent, and its keeper.
    pub(crate) fn end(self) -> Result<()> {
        self.say("end").map(|_| ())
    }

    fn say(self, word: &str) -> Result<TcpStream> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.0))?;
        stream.set_nodelay(true)?;
        stream.write_all(format!("{word}\n").as_bytes())?;
        Ok(stream)
    }
}

fn greeting(home: &Path) -> String {
    format!("{}\n", home.display())
}

/// Keeps an agent until it ends.
pub(crate) fn main(home: &Path, arguments: &[String]) -> Result<()> {
    let mut agent = Command::new(std::env::current_exe()?)
        .arg("agent")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let to_agent = Arc::new(Mutex::new(agent.stdin.take().expect("a pipe")));
    let from_agent = agent.stdout.take().expect("a pipe");
    let agent = Arc::new(Mutex::new(agent));
    let host: Arc<Mutex<Option<TcpStream>>> = Arc::default();

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?.port());

    let (listens, ends) = (Arc::clone(&host), Arc::clone(&agent));
    thread::spawn(move || {
        relay(from_agent, |line| {
            if let Some(stream) = &mut *listens.lock().expect("no thread panics") {
                let _ = stream.write_all(line);
            }
        });
        bury(&ends);
        exit(0);
    });
    let (attached, ends) = (Arc::clone(&host), Arc::clone(&agent));
    thread::spawn(move || {
        // The leash: a host that died before it had attached does not know where its agent is.
        relay(std::io::stdin(), |_| {});
        if attached.lock().expect("no thread panics").is_none() {
            bury(&ends);
        }
    });

    for stream in listener.incoming() {
        let mut stream = BufReader::new(stream?);
        let mut word = String::new();
        stream.read_line(&mut word)?;
        match word.trim() {
            "attach" => {
                let mut writer = stream.get_ref().try_clone()?;
                writer.set_nodelay(true)?;
                let _ = writer.write_all(greeting(home).as_bytes());
                *host.lock().expect("no thread panics") = Some(writer);
                let to_agent = Arc::clone(&to_agent);
                thread::spawn(move || {
                    relay(stream, |line| {
                        let _ = to_agent.lock().expect("no thread panics").write_all(line);
                    });
                });
            }
            "end" => bury(&agent),
            _ => {}
        }
    }
    Ok(())
}

/// Whole lines only: the last words of a host that dies are often cut.
fn relay(from: impl Read, mut to: impl FnMut(&[u8])) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        if line.ends_with(b"\n") {
            to(&line);
        }
        line.clear();
    }
}

fn bury(agent: &Mutex<Child>) {
    let mut agent = agent.lock().expect("no thread panics");
    let _ = agent.kill();
    let _ = agent.wait();
}
