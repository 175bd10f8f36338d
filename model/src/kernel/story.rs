//! A step as a host engineer would tell it.

use std::fmt;

use session_lifecycle::Settlement;

use crate::kernel::action::{Deed, Due, Move, Response, Stimulus};
use crate::kernel::truth::{Ask, Job, Mail, News, Process, Reply};
use crate::kernel::{Kernel, Spot};
use crate::world::{Told, Turn};

impl Kernel {
    /// Who did what, and what was on its way.
    #[must_use]
    pub fn narrate(&self, spot: &Spot, action: Move) -> String {
        match action {
            Move::Host(stimulus) => stimulus_of(spot, stimulus),
            Move::HostDies(stimulus, after) => {
                format!(
                    "{} The host dies after {after} of what follows, and boots.",
                    stimulus_of(spot, stimulus)
                )
            }
            Move::Provider(response) => match (spot.truth.process, spot.truth.asks.head()) {
                (Process::Booting, _) => format!("The provider comes up{}.", response.how()),
                (_, Some(ask)) => format!("The provider takes up: {ask}{}.", response.how()),
                (_, None) => "The provider has nothing to take up.".to_owned(),
            },
            Move::Alone(deed) => deed.to_string(),
            Move::Tick => "Time passes.".to_owned(),
        }
    }

    /// What the supervisor shows, and what is really so.
    #[must_use]
    pub fn describe(&self, spot: &Spot) -> String {
        let view = self.memo.view(spot.kept);
        let mut shown = view.status.to_string();
        if let Some(turn) = view.active {
            shown.push_str(&format!(", turn {turn}"));
        }
        if let Some(mail) = view.handed {
            shown.push_str(&format!(", {} handed over", mail.name()));
        }
        let queued: Vec<&str> = Mail::ALL
            .iter()
            .filter(|mail| view.queue & 1 << **mail as u8 != 0)
            .map(|mail| mail.name())
            .collect();
        if !queued.is_empty() {
            let how = if view.parked { "parked" } else { "queued" };
            shown.push_str(&format!(", {} {how}", queued.join(" and ")));
        }
        shown.push_str(&tasks(view.tasks));
        if view.interrupting.is_some() {
            shown.push_str(", interrupting");
        }
        if view.stopping {
            shown.push_str(", stopping");
        }
        let mut truth = match (spot.truth.process, spot.truth.turn) {
            (Process::Off, _) => "there is no provider".to_owned(),
            (Process::Booting, _) => "the provider comes up".to_owned(),
            (Process::Up, None) => "the provider rests".to_owned(),
            (Process::Up, Some(turn)) => format!("the provider works on {turn}"),
            (Process::Mute, _) => "the provider is mute".to_owned(),
        };
        truth.push_str(&tasks(spot.truth.tasks));
        format!("session {shown}; in truth {truth}")
    }
}

/// The background tasks of a set, as the end of a sentence.
fn tasks(set: u8) -> String {
    Job::ALL
        .into_iter()
        .filter(|job| set & job.bit() != 0)
        .map(|job| format!(", task {}", job.name()))
        .collect()
}

fn stimulus_of(spot: &Spot, stimulus: Stimulus) -> String {
    let news = |news: Option<(u8, News)>| {
        news.map_or_else(String::new, |(epoch, news)| {
            format!("{news} (provider {epoch})")
        })
    };
    match stimulus {
        Stimulus::Send(mail) => format!("The user sends {}.", mail.name()),
        Stimulus::SendNow(mail) => format!("The user sends {}, to go first.", mail.name()),
        Stimulus::Interrupt => "The user interrupts.".to_owned(),
        Stimulus::Stop => "The user stops the session.".to_owned(),
        Stimulus::Answer => "The user answers the request.".to_owned(),
        Stimulus::Configure => "The user chooses another model.".to_owned(),
        Stimulus::News => format!("It arrives: {}.", news(spot.truth.news.head())),
        Stimulus::NewsTwice => format!(
            "It arrives, and will come again: {}.",
            news(spot.truth.news.head())
        ),
        Stimulus::Again => format!("It arrives again: {}.", news(spot.truth.again)),
        Stimulus::Reply => {
            let reply = spot.truth.replies.head();
            format!(
                "The provider's reply arrives: {}.",
                reply.map_or_else(String::new, |(_, reply)| reply.to_string())
            )
        }
        Stimulus::Due(due) => format!("A deadline is due: {due}."),
        Stimulus::Sweep => "The reaper sweeps.".to_owned(),
        Stimulus::Boot => "The host restarts.".to_owned(),
    }
}

impl Response {
    fn how(self) -> &'static str {
        match self {
            Self::Well => "",
            Self::Plainly => ", plainly",
            Self::AsFailure => ", and calls it a failure",
            Self::Refuses => ", and cannot",
            Self::RefusesAfterTheFact => ", does it, and says that it could not",
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "the provider should be up",
            Self::Send => "the message should have begun a turn",
            Self::Interrupt => "the interrupt should have taken effect",
            Self::Read => "the provider should have answered",
            Self::Stop => "the process should be gone",
            Self::Stall => "something should have been heard of the turn",
            Self::Lease(Job::K1) => "something should have been heard of task k1",
            Self::Lease(Job::K2) => "something should have been heard of task k2",
        })
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finish(result) => {
                write!(
                    f,
                    "The provider ends its turn as {}.",
                    Settlement::Reported(*result).outcome()
                )
            }
            Self::FinishUnheard => f.write_str("The provider ends its turn; the report is lost."),
            Self::FinishAsIdle => {
                f.write_str("The provider ends its turn and only calls its thread idle.")
            }
            Self::FinishAsReady => {
                f.write_str("The provider ends its turn and only says that it is ready.")
            }
            Self::FinishAsError => {
                f.write_str("The provider ends its turn and only says that it has failed.")
            }
            Self::IdleTooEarly => {
                f.write_str("The provider's thread is called idle, and the provider works on.")
            }
            Self::Remark => {
                f.write_str("The provider reports an error that names no turn, and works on.")
            }
            Self::Chatter => {
                f.write_str("The provider says something of no consequence while it rests.")
            }
            Self::Begin => f.write_str("The provider begins a turn by itself."),
            Self::StartTask => f.write_str("The provider starts a background task."),
            Self::EndTask(job) => write!(f, "Background task {} ends.", job.name()),
            Self::Ask => f.write_str("The provider asks for an approval."),
            Self::Bookmark => {
                f.write_str("The provider says where the conversation can be resumed.")
            }
            Self::CloseThread => {
                f.write_str("The provider closes its thread, and its process stays.")
            }
            Self::Die => f.write_str("The process dies."),
            Self::DieAndLose => f.write_str("The process dies, and what it had said is lost."),
            Self::FallMute => f.write_str("The provider neither hears nor says anything any more."),
        }
    }
}

fn named(turn: &Option<Turn>) -> String {
    turn.map_or_else(|| "whatever runs".to_owned(), |turn| format!("turn {turn}"))
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(mail) => write!(f, "message {}", mail.name()),
            Self::Interrupt(turn) => write!(f, "interrupt {}", named(turn)),
            Self::Read(turn) => write!(f, "what of {}?", named(turn)),
            Self::Stop => f.write_str("stop"),
            Self::StopTask(job) => write!(f, "end task {}", job.name()),
            Self::Settle => f.write_str("the answer to its request"),
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => f.write_str("it is up"),
            Self::StartFailed => f.write_str("it could not come up"),
            Self::Sent(mail, Some(turn)) => write!(f, "it took {} as turn {turn}", mail.name()),
            Self::Sent(mail, None) => write!(f, "it took {}", mail.name()),
            Self::SendFailed(mail, false) => write!(f, "it did not take {}", mail.name()),
            Self::SendFailed(mail, true) => write!(f, "it may not have taken {}", mail.name()),
            Self::Interrupted => f.write_str("it interrupts"),
            Self::Nothing => f.write_str("there is nothing to interrupt"),
            Self::Runs(turn) => write!(f, "{} runs", named(turn)),
            Self::Ended(turn, result) => {
                write!(
                    f,
                    "{} ended as {}",
                    named(turn),
                    Settlement::Reported(*result).outcome()
                )
            }
            Self::Unknown(turn) => write!(f, "it knows nothing of {}", named(turn)),
            Self::Stopped => f.write_str("it is gone"),
            Self::StopFailed => f.write_str("it could not be stopped"),
        }
    }
}

impl fmt::Display for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(wire) => Told::from(*wire).fmt(f),
            Self::TaskStarted(job) => write!(f, "task.started {}", job.name()),
            Self::TaskEnded(job) => write!(f, "task.completed {}", job.name()),
            Self::RequestOpened => f.write_str("request.opened"),
            Self::RequestResolved => f.write_str("request.resolved"),
            Self::Cursor => f.write_str("a resume cursor"),
        }
    }
}
