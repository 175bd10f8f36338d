//! Random streams of events, the same in every run: what a busy host sees (life), and every event as likely as any
//! other (uniform).

use session_lifecycle::{Event, Message, SessionState, ThreadState, TurnId, TurnResult};

/// A source of chance that gives the same in every run (xorshift64*).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        (high as usize * bound) >> 32
    }

    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Which stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Life,
    Uniform,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Life => "life",
            Self::Uniform => "uniform",
        })
    }
}

/// An event, and the thread that it belongs to.
pub(crate) type Arrival = (usize, Event);

/// So many events of so many threads, interleaved at random. Each id is a text of its own, as a reader makes it.
pub(crate) fn stream(kind: Kind, threads: usize, events: usize, seed: u64) -> Vec<Arrival> {
    let mut chance = Chance::new(seed);
    let mut providers: Vec<Provider> = (0..threads).map(|_| Provider::default()).collect();
    (0..events)
        .map(|_| {
            let thread = chance.below(threads);
            let event = match kind {
                Kind::Life => providers[thread].lives(&mut chance),
                Kind::Uniform => uniform(&mut chance),
            };
            (thread, event)
        })
        .collect()
}

/// Sixty-four turns, as long as the ids that real providers write.
fn turn(number: usize) -> TurnId {
    TurnId::from(format!("0199a1c2-7d3e-7000-8000-{number:012x}"))
}

fn maybe_message(chance: &mut Chance) -> Option<Message> {
    chance.one_in(2).then(|| Message::from("overloaded"))
}

/// Every kind of event as likely as any other, of any of 64 turns; one in eight names none.
fn uniform(chance: &mut Chance) -> Event {
    let named = (!chance.one_in(8)).then(|| turn(chance.below(64)));
    let results = [
        TurnResult::Completed,
        TurnResult::Failed,
        TurnResult::Interrupted,
    ];
    match chance.below(11) {
        0 => Event::SessionStarted,
        1 => Event::ThreadStarted,
        2 => {
            let state = chance.of(&SessionState::ALL);
            let reason = maybe_message(chance);
            Event::SessionStateChanged { state, reason }
        }
        3 => Event::SessionExited,
        4 => Event::TurnStarted { turn: named },
        5 => Event::TurnCompleted {
            turn: named,
            result: chance.of(&results),
            message: maybe_message(chance),
        },
        6 => Event::TurnAborted { turn: named },
        7 => Event::RuntimeError {
            turn: named,
            message: maybe_message(chance),
        },
        8 => Event::ThreadStateChanged(chance.of(&ThreadState::ALL)),
        9 => Event::WorkObserved { turn: named },
        _ => Event::Noticed,
    }
}

/// A provider that does its work: it announces itself, runs one turn after another, and sometimes repeats itself,
/// fails, is interrupted, or exits and comes back.
#[derive(Default)]
struct Provider {
    up: bool,
    busy: bool,
    turns: usize,
}

impl Provider {
    fn lives(&mut self, chance: &mut Chance) -> Event {
        if !self.up {
            self.up = true;
            return Event::SessionStarted;
        }
        let current = self.turns;
        if !self.busy {
            return match chance.below(16) {
                0 => Event::SessionStateChanged {
                    state: SessionState::Ready,
                    reason: None,
                },
                1 => Event::Noticed,
                2 if current > 0 => Event::TurnCompleted {
                    turn: Some(turn(current)),
                    result: TurnResult::Completed,
                    message: None,
                },
                3 if chance.one_in(4) => {
                    self.up = false;
                    Event::SessionExited
                }
                _ => {
                    self.busy = true;
                    self.turns += 1;
                    Event::TurnStarted {
                        turn: Some(turn(self.turns)),
                    }
                }
            };
        }
        let named = Some(turn(current));
        match chance.below(32) {
            0..=15 => Event::WorkObserved { turn: named },
            16..=18 => Event::SessionStateChanged {
                state: SessionState::Running,
                reason: None,
            },
            19 => Event::TurnStarted { turn: named },
            20 => Event::Noticed,
            21 => Event::RuntimeError {
                turn: None,
                message: Some(Message::from("overloaded")),
            },
            ends => {
                self.busy = false;
                match ends {
                    22 => Event::TurnAborted { turn: named },
                    23 => Event::RuntimeError {
                        turn: named,
                        message: Some(Message::from("overloaded")),
                    },
                    24 => Event::SessionStateChanged {
                        state: SessionState::Ready,
                        reason: None,
                    },
                    25 => Event::TurnCompleted {
                        turn: named,
                        result: TurnResult::Failed,
                        message: Some(Message::from("overloaded")),
                    },
                    _ => Event::TurnCompleted {
                        turn: named,
                        result: TurnResult::Completed,
                        message: None,
                    },
                }
            }
        }
    }
}
