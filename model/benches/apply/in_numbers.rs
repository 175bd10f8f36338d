//! The peer of the crate's `Batch`: the `match` of `by_hand.rs` once more, where ids and messages are numbers for it too.

/// What the crate calls the same, for numbers.
#[allow(
    dead_code,
    reason = "outcomes carry their evidence, which nobody reads here"
)]
pub(crate) mod words {
    use std::collections::HashMap;
    use std::fmt;

    pub(crate) use session_lifecycle::{
        Inference, Rule, SessionState, Settlement, Status, ThreadState, TurnResult,
    };

    /// Cloned where the `match` clones, which costs a number nothing.
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) struct TurnId(u32);

    impl fmt::Display for TurnId {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{:04}", self.0)
        }
    }

    impl fmt::Debug for TurnId {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "\"{self}\"")
        }
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Message(u32);

    impl From<&str> for Message {
        /// The default texts are the last numbers.
        fn from(text: &str) -> Self {
            Self(u32::MAX - text.len() as u32)
        }
    }

    #[derive(Clone)]
    pub(crate) enum Event {
        SessionStarted,
        ThreadStarted,
        SessionStateChanged {
            state: SessionState,
            reason: Option<Message>,
        },
        SessionExited,
        TurnStarted {
            turn: Option<TurnId>,
        },
        TurnCompleted {
            turn: Option<TurnId>,
            result: TurnResult,
            message: Option<Message>,
        },
        TurnAborted {
            turn: Option<TurnId>,
        },
        RuntimeError {
            turn: Option<TurnId>,
            message: Option<Message>,
        },
        ThreadStateChanged(ThreadState),
        WorkObserved {
            turn: Option<TurnId>,
        },
        Noticed,
    }

    #[derive(Debug)]
    pub(crate) enum Outcome {
        Applied(Transition),
        Ignored(Ignored),
        Rejected(Rejected),
    }

    #[derive(Debug)]
    pub(crate) struct Transition {
        pub(crate) rule: Rule,
        pub(crate) from: Status,
        pub(crate) to: Status,
        pub(crate) turn: Option<TurnChange>,
    }

    #[derive(Debug)]
    pub(crate) enum TurnChange {
        Began(TurnId),
        Settled(TurnId, Settlement),
        Corrected(TurnId, Settlement),
    }

    #[derive(Debug)]
    pub(crate) enum Ignored {
        NotLifecycle,
        NoTurnNamed,
        TurnAlreadySettled {
            turn: TurnId,
            settlement: Settlement,
        },
        TurnAlreadyActive {
            turn: TurnId,
        },
        SessionClosed {
            turn: Option<TurnId>,
        },
        AnotherTurnActive {
            active: TurnId,
            named: TurnId,
        },
        TurnNotActive {
            turn: TurnId,
        },
    }

    #[derive(Debug)]
    pub(crate) enum Rejected {
        TurnConflict { active: TurnId, offered: TurnId },
    }

    /// Numbers the turns of each thread, as they come.
    #[derive(Default)]
    pub(crate) struct Numbers {
        turns: HashMap<(usize, session_lifecycle::TurnId), TurnId>,
        messages: u32,
    }

    impl Numbers {
        pub(crate) fn event(&mut self, thread: usize, event: session_lifecycle::Event) -> Event {
            use session_lifecycle::Event as InTexts;
            match event {
                InTexts::SessionStarted => Event::SessionStarted,
                InTexts::ThreadStarted => Event::ThreadStarted,
                InTexts::SessionStateChanged { state, reason } => Event::SessionStateChanged {
                    state,
                    reason: self.message(reason),
                },
                InTexts::SessionExited => Event::SessionExited,
                InTexts::TurnStarted { turn } => Event::TurnStarted {
                    turn: turn.map(|turn| self.turn(thread, turn)),
                },
                InTexts::TurnCompleted {
                    turn,
                    result,
                    message,
                } => Event::TurnCompleted {
                    turn: turn.map(|turn| self.turn(thread, turn)),
                    result,
                    message: self.message(message),
                },
                InTexts::TurnAborted { turn } => Event::TurnAborted {
                    turn: turn.map(|turn| self.turn(thread, turn)),
                },
                InTexts::RuntimeError { turn, message } => Event::RuntimeError {
                    turn: turn.map(|turn| self.turn(thread, turn)),
                    message: self.message(message),
                },
                InTexts::ThreadStateChanged(state) => Event::ThreadStateChanged(state),
                InTexts::WorkObserved { turn } => Event::WorkObserved {
                    turn: turn.map(|turn| self.turn(thread, turn)),
                },
                InTexts::Noticed => Event::Noticed,
            }
        }

        pub(crate) fn turn(&mut self, thread: usize, turn: session_lifecycle::TurnId) -> TurnId {
            let next = TurnId(self.turns.len() as u32);
            self.turns.entry((thread, turn)).or_insert(next).clone()
        }

        fn message(&mut self, message: Option<session_lifecycle::Message>) -> Option<Message> {
            message.map(|_| {
                self.messages += 1;
                Message(self.messages)
            })
        }
    }
}

#[path = "by_hand.rs"]
#[allow(
    clippy::duplicate_mod,
    reason = "one `match`, for texts and for numbers"
)]
pub(crate) mod by_hand;
