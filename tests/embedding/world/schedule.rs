//! What happens in a run, as a list: whoever fails prints it.

use std::time::Duration;

use fastrand::Rng;

use crate::agent::Script;

/// What the user does next, or what is done to the host.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Send(Script),
    SendNow(Script),
    Interrupt,
    Stop,
    Configure,
    /// The user does nothing.
    Wait(Duration),
    /// The user waits until the thread is at rest.
    Rest,
    /// The host's process is killed this much later, from outside.
    KillHost(Duration),
}

/// A run.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) number: u64,
    /// The agent outlives its host.
    pub(crate) kept: bool,
    /// How the agent starts, start for start; well, after that.
    pub(crate) starts: Vec<&'static str>,
    /// Before which effect the host dies, life for life; it lives on, after that.
    pub(crate) fuses: Vec<u32>,
    pub(crate) steps: Vec<Step>,
    /// Whether the user sends on until nothing waits any more.
    pub(crate) drains: bool,
}

impl Schedule {
    /// The run of this number, always the same. Every script and every kind of trouble comes round.
    pub(crate) fn of(number: u64) -> Self {
        let mut random = Rng::with_seed(number);
        let scripts = Script::ALL;
        let turn = usize::try_from(number).unwrap_or_default();
        let mut steps = vec![Step::Send(scripts[turn % scripts.len()])];
        for _ in 0..random.usize(4..9) {
            steps.push(step(&mut random));
        }
        let starts = match number % 8 {
            1 => vec!["crash"],
            3 => vec!["hang"],
            5 => vec!["late"],
            6 => vec!["well", "crash"],
            _ => vec![],
        };
        Self {
            number,
            kept: number % 2 == 1,
            starts,
            fuses: (0..random.u64(0..4)).map(|_| random.u32(0..40)).collect(),
            steps,
            drains: !number.is_multiple_of(4),
        }
    }
}

fn step(random: &mut Rng) -> Step {
    match random.u32(0..20) {
        0..8 => Step::Send(any(random)),
        8 => Step::SendNow(any(random)),
        9..11 => Step::Interrupt,
        11 => Step::Stop,
        12 => Step::Configure,
        13..15 => Step::Wait(Duration::from_millis(random.u64(0..8))),
        15..17 => Step::Rest,
        _ => Step::KillHost(Duration::from_micros(random.u64(0..6_000))),
    }
}

/// Every other message is an ordinary one.
fn any(random: &mut Rng) -> Script {
    let scripts = Script::ALL;
    if random.bool() {
        Script::Work
    } else {
        scripts[random.usize(0..scripts.len())]
    }
}
