//! What the shipped code is told: named by the model in a few bytes, and in full.

use session_lifecycle::supervisor::{Answer, Command, Epoch, Input, ProviderEvent, TrueState};
use session_lifecycle::{Message, TurnId};

use crate::kernel::action::Stimulus;
use crate::kernel::truth::{News, Reply};
use crate::kernel::view::{CURSOR, REQUEST, deadline};
use crate::world::{Told, Turn};

/// What came with a stimulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Item {
    /// Nothing.
    None,
    /// What the provider of that epoch said.
    News(u8, News),
    /// What the provider of that epoch answered.
    Reply(u8, Reply),
}

impl Item {
    pub(super) fn news((epoch, news): (u8, News)) -> Self {
        Self::News(epoch, news)
    }
}

/// One call of the shipped code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    pub(super) stimulus: Stimulus,
    pub(super) item: Item,
    /// The session has been idle for long.
    pub(super) late: bool,
}

impl Call {
    pub(super) fn epoch(&self) -> Option<u8> {
        match self.item {
            Item::None => None,
            Item::News(epoch, _) | Item::Reply(epoch, _) => Some(epoch),
        }
    }

    /// The input in full.
    pub(super) fn input(&self) -> Input {
        match (self.stimulus, self.item) {
            (_, Item::News(epoch, news)) => heard(epoch, news),
            (_, Item::Reply(epoch, reply)) => Input::Answer {
                epoch: Epoch(u32::from(epoch)),
                answer: answer(reply),
            },
            (Stimulus::Send(mail), Item::None) => Input::Command(Command::Send(mail.name().into())),
            (Stimulus::SendNow(mail), Item::None) => {
                Input::Command(Command::SendNow(mail.name().into()))
            }
            (Stimulus::Interrupt, Item::None) => Input::Command(Command::Interrupt),
            (Stimulus::Stop, Item::None) => Input::Command(Command::Stop),
            (Stimulus::Answer, Item::None) => Input::Command(Command::Answer(REQUEST.into())),
            (Stimulus::Configure, Item::None) => Input::Command(Command::Configure("other".into())),
            (Stimulus::Due(due), Item::None) => Input::Due(deadline(due)),
            // The others always come with an item; a sweep is harmless.
            (
                Stimulus::Sweep
                | Stimulus::Boot
                | Stimulus::News
                | Stimulus::NewsTwice
                | Stimulus::Again
                | Stimulus::Reply,
                Item::None,
            ) => Input::Sweep,
        }
    }
}

fn heard(epoch: u8, news: News) -> Input {
    let event = match news {
        News::Told(wire) => ProviderEvent::Lifecycle(Told::from(wire).event()),
        News::TaskStarted(job) => ProviderEvent::TaskStarted(job.name().into()),
        News::TaskEnded(job) => ProviderEvent::TaskEnded(job.name().into()),
        News::RequestOpened => ProviderEvent::RequestOpened(REQUEST.into()),
        News::RequestResolved => ProviderEvent::RequestResolved(REQUEST.into()),
        News::Cursor => ProviderEvent::CursorAdvanced(CURSOR.into()),
    };
    Input::Event {
        epoch: Some(Epoch(u32::from(epoch))),
        event,
    }
}

fn answer(reply: Reply) -> Answer {
    let id = |turn: Option<Turn>| turn.map(|turn| TurnId::from(turn.name()));
    match reply {
        Reply::Started => Answer::Started,
        Reply::StartFailed => Answer::StartFailed {
            reason: Message::from("it did not start"),
        },
        Reply::Sent(mail, turn) => Answer::Sent {
            message: mail.name().into(),
            turn: id(turn),
        },
        Reply::SendFailed(mail, attempted) => Answer::SendFailed {
            message: mail.name().into(),
            attempted,
        },
        Reply::Interrupted => Answer::Interrupted,
        Reply::Nothing => Answer::NothingToInterrupt,
        Reply::Runs(turn) => Answer::Read {
            turn: id(turn),
            state: TrueState::Running,
        },
        Reply::Ended(turn, result) => Answer::Read {
            turn: id(turn),
            state: TrueState::Ended(result),
        },
        Reply::Unknown(turn) => Answer::Read {
            turn: id(turn),
            state: TrueState::Unknown,
        },
        Reply::Stopped => Answer::Stopped,
        Reply::StopFailed => Answer::StopFailed,
    }
}
