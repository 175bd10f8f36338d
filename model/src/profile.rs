//! Provider profiles: what each provider is known to do with its terminal events, as a value.
//!
//! A profile takes from the world the departures that its provider is not known for. Where nobody knows, it leaves them
//! in: a world that misbehaves more than the provider loses nothing. `docs/providers.md` has the reports behind each.

use session_lifecycle::{SessionState, ThreadState};

use crate::world::Action;
use Action::{
    AnnounceLate, BeginAlone, ChildTurn, FailLate, FailSilently, Handshake, IdleTooEarly, ItemLate,
    LeaveTurn, LeaveTurnByThread, Remark, RestartSilently, SayBusy, SayIdle, StartTask,
    ThreadIdleTooEarly,
};

/// What a provider is known to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name on the command line.
    pub name: &'static str,
    /// Who names turns.
    pub turn_ids: TurnIds,
    /// What ends a turn.
    pub terminal: &'static str,
    /// Departures of the provider from the plain course of a turn; `None` where any is to be expected.
    pub departures: Option<Departures>,
}

/// Who names turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnIds {
    /// Anybody.
    Anyone,
    /// The provider.
    Provider,
    /// The host, or the adapter in front of the provider.
    Client,
    /// Nobody: the reader of the stream counts them.
    Nobody,
}

/// Departures of a provider, by what becomes of the terminal event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departures {
    /// It does not come.
    pub missing: &'static [Action],
    /// It comes twice.
    pub doubled: &'static [Action],
    /// It, or what belongs before it, comes at another time than it should.
    pub late: &'static [Action],
    /// It is about something else.
    pub foreign: &'static [Action],
    /// What else the provider does, with which a terminal event must not be confused.
    pub besides: &'static [Action],
}

impl Profile {
    /// No provider in particular: every departure that the model knows.
    pub const ANY: Self = Self {
        name: "any",
        turn_ids: TurnIds::Anyone,
        terminal: "any of R5 to R8",
        departures: None,
    };

    /// Codex app-server: the completion can be lost, and the idle comes too early.
    pub const CODEX: Self = Self {
        name: "codex",
        turn_ids: TurnIds::Provider,
        terminal: "turn/completed",
        departures: Some(Departures {
            missing: &[
                LeaveTurn(SessionState::Ready),
                LeaveTurnByThread(ThreadState::Error),
                LeaveTurnByThread(ThreadState::Closed),
                FailSilently,
                RestartSilently,
            ],
            // Only the resolution of a request comes twice, and that settles nothing.
            doubled: &[],
            late: &[ItemLate, FailLate, IdleTooEarly, ThreadIdleTooEarly],
            foreign: &[ChildTurn],
            besides: &[SayIdle(SessionState::Ready), AnnounceLate, Remark],
        }),
    };

    /// `codex exec --json`: no ids, no end, and error lines that are none.
    pub const CODEX_EXEC: Self = Self {
        name: "codex-exec",
        turn_ids: TurnIds::Nobody,
        terminal: "turn.completed, turn.failed",
        departures: Some(Departures {
            missing: &[LeaveTurn(SessionState::Ready), FailSilently],
            doubled: &[],
            late: &[ItemLate],
            foreign: &[Remark],
            besides: &[],
        }),
    };

    /// Claude: results that are missing, doubled, or somebody else's.
    pub const CLAUDE: Self = Self {
        name: "claude",
        turn_ids: TurnIds::Client,
        terminal: "result",
        departures: Some(Departures {
            missing: &[LeaveTurn(SessionState::Ready), FailSilently],
            doubled: &[Handshake],
            late: &[ItemLate, SayBusy],
            foreign: &[Handshake, ChildTurn],
            besides: &[BeginAlone, StartTask, Remark],
        }),
    };

    /// ACP: an answer that never comes, or that answers the next prompt.
    pub const ACP: Self = Self {
        name: "acp",
        turn_ids: TurnIds::Client,
        terminal: "the answer to session/prompt",
        departures: Some(Departures {
            missing: &[LeaveTurn(SessionState::Ready)],
            doubled: &[IdleTooEarly],
            late: &[ItemLate],
            foreign: &[],
            besides: &[
                SayIdle(SessionState::Ready),
                SayBusy,
                AnnounceLate,
                BeginAlone,
            ],
        }),
    };

    /// `OpenCode`: an idle that never comes, comes twice, or belongs to the turn before.
    pub const OPENCODE: Self = Self {
        name: "opencode",
        turn_ids: TurnIds::Client,
        terminal: "session.status idle",
        departures: Some(Departures {
            missing: &[LeaveTurn(SessionState::Ready), FailSilently],
            doubled: &[SayIdle(SessionState::Ready)],
            late: &[ItemLate],
            foreign: &[IdleTooEarly],
            besides: &[BeginAlone, AnnounceLate, Remark],
        }),
    };

    /// Every profile.
    pub const ALL: [Self; 6] = [
        Self::ANY,
        Self::CODEX,
        Self::CODEX_EXEC,
        Self::CLAUDE,
        Self::ACP,
        Self::OPENCODE,
    ];

    /// The profile of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name == name)
    }

    /// Whether this departure is to be expected of the provider.
    #[must_use]
    pub fn allows(&self, departure: Action) -> bool {
        self.departures
            .is_none_or(|known| known.all().any(|action| action == departure))
    }
}

impl Departures {
    /// Each departure; one that counts under two heads comes twice.
    pub fn all(&self) -> impl Iterator<Item = Action> {
        [
            self.missing,
            self.doubled,
            self.late,
            self.foreign,
            self.besides,
        ]
        .into_iter()
        .flatten()
        .copied()
    }
}
