//! A run as a host engineer would tell it, in the words of the model's stories.

use std::fmt::Write as _;

use session_lifecycle::supervisor::{
    Answer, Command, Deadline, Effect, Epoch, Input, ProviderEvent, Refusal, Report, TrueState,
};
use session_lifecycle::{Event, Settlement, TurnId, TurnResult};

use crate::step::{Deed, How};
use crate::truth::{State, Thread};
use crate::world::{Ask, World};

impl World {
    /// Adds to the line of the present step, if anybody wants to read it.
    pub(crate) fn tell_story(&mut self, at: usize, words: impl FnOnce(&Thread) -> String) {
        if self.story.is_some() {
            let words = words(&self.threads[at]);
            self.line.push_str(&words);
        }
    }

    /// Ends the line with what is shown, and what is really so.
    pub(crate) fn end_of_line(&mut self, at: usize) {
        let (now, shown) = (self.now, self.story.is_some());
        let line = std::mem::take(&mut self.line);
        if !shown || line.is_empty() {
            return;
        }
        let state = describe(&self.threads[at]);
        let time = format!("{}.{:03} s", now / 1_000, now % 1_000);
        if let Some(story) = &mut self.story {
            let number = story.len() + 1;
            story.push(format!(
                "{number:>3}. [{time}] thread {}: {line}\n       {state}",
                at + 1
            ));
        }
    }
}

/// What a supervisor shows, and what is really so.
fn describe(thread: &Thread) -> String {
    let view = &thread.view;
    let mut shown = view.status.to_string();
    if let Some(turn) = &view.active {
        write!(shown, ", turn {turn}").expect("a string grows");
    }
    if let Some(mail) = view.handed() {
        write!(shown, ", {mail} handed over").expect("a string grows");
    }
    if !view.stored.queue.is_empty() {
        let queued: Vec<&str> = view.stored.queue.iter().map(|mail| mail.as_str()).collect();
        let how = if view.stored.parked {
            "parked"
        } else {
            "queued"
        };
        write!(shown, ", {} {how}", queued.join(" and ")).expect("a string grows");
    }
    if view.is_interrupting() {
        shown.push_str(", interrupting");
    }
    if thread.memory.stopping {
        shown.push_str(", stopping");
    }
    let truth = match &thread.process {
        None => "there is no provider".to_owned(),
        Some(process) => match (process.state, &process.turn) {
            (State::Booting, _) => "the provider comes up".to_owned(),
            (State::Up, None) => "the provider rests".to_owned(),
            (State::Up, Some(turn)) => format!("the provider works on {turn}"),
            (State::Mute, _) => "the provider is mute".to_owned(),
        },
    };
    format!("session {shown}; in truth {truth}")
}

pub(crate) fn input(input: &Input) -> String {
    match input {
        Input::Event { epoch, event } => {
            let from =
                epoch.map_or_else(String::new, |Epoch(epoch)| format!(" (provider {epoch})"));
            format!("It arrives: {}{from}.", news(event))
        }
        Input::Command(command) => match command {
            Command::Send(mail) => format!("The user sends {mail}."),
            Command::SendNow(mail) => format!("The user sends {mail}, to go first."),
            Command::Interrupt => "The user interrupts.".to_owned(),
            Command::Stop => "The user stops the session.".to_owned(),
            Command::Answer(request) => format!("The user answers request {request}."),
            Command::Configure(config) => format!("The user chooses another model, {config}."),
        },
        Input::Answer { answer, .. } => format!("The provider's reply arrives: {}.", reply(answer)),
        Input::Due(due) => format!("A deadline is due: {}.", deadline(due)),
        Input::Sweep => "The reaper sweeps.".to_owned(),
    }
}

fn news(event: &ProviderEvent) -> String {
    match event {
        ProviderEvent::Lifecycle(event) => lifecycle(event),
        ProviderEvent::TaskStarted(task) => format!("task {task} started"),
        ProviderEvent::TaskProgressed(task) => format!("task {task} goes on"),
        ProviderEvent::TaskEnded(task) => format!("task {task} ended"),
        ProviderEvent::RequestOpened(request) => format!("request {request} opened"),
        ProviderEvent::RequestResolved(request) => format!("request {request} resolved"),
        ProviderEvent::CursorAdvanced(cursor) => format!("resume cursor {cursor}"),
    }
}

fn lifecycle(event: &Event) -> String {
    let of = |turn: &Option<TurnId>| turn.as_ref().map_or("-".to_owned(), ToString::to_string);
    match event {
        Event::SessionStarted => "session.started".into(),
        Event::ThreadStarted => "thread.started".into(),
        Event::SessionStateChanged { state, .. } => {
            format!("session.state.changed {}", state.as_str())
        }
        Event::SessionExited => "session.exited".into(),
        Event::TurnStarted { turn } => format!("turn.started {}", of(turn)),
        Event::TurnCompleted { turn, result, .. } => {
            format!("turn.completed {} {}", of(turn), outcome(*result))
        }
        Event::TurnAborted { turn } => format!("turn.aborted {}", of(turn)),
        Event::RuntimeError { turn, .. } => format!("runtime.error {}", of(turn)),
        Event::ThreadStateChanged(state) => format!("thread.state.changed {}", state.as_str()),
        Event::WorkObserved { turn } => format!("work observed of {}", of(turn)),
        Event::Noticed => "a sign of life".into(),
    }
}

fn outcome(result: TurnResult) -> &'static str {
    Settlement::Reported(result).outcome().as_str()
}

fn whatever(turn: &Option<TurnId>) -> String {
    turn.as_ref()
        .map_or_else(|| "whatever runs".to_owned(), |turn| format!("turn {turn}"))
}

fn reply(answer: &Answer) -> String {
    match answer {
        Answer::Started => "it is up".to_owned(),
        Answer::StartFailed { .. } => "it could not come up".to_owned(),
        Answer::Sent {
            message,
            turn: Some(turn),
        } => format!("it took {message} as turn {turn}"),
        Answer::Sent {
            message,
            turn: None,
        } => format!("it took {message}"),
        Answer::SendFailed { message, attempted } => {
            let how = if *attempted {
                "may not have taken"
            } else {
                "did not take"
            };
            format!("it {how} {message}")
        }
        Answer::Interrupted => "it interrupts".to_owned(),
        Answer::NothingToInterrupt => "there is nothing to interrupt".to_owned(),
        Answer::Stopped => "it is gone".to_owned(),
        Answer::StopFailed => "it could not be stopped".to_owned(),
        Answer::Read { turn, state } => match state {
            TrueState::Running => format!("{} runs", whatever(turn)),
            TrueState::Ended(result) => format!("{} ended as {}", whatever(turn), outcome(*result)),
            TrueState::Unknown => format!("it knows nothing of {}", whatever(turn)),
        },
    }
}

fn deadline(deadline: &Deadline) -> String {
    match deadline {
        Deadline::Start => "the provider should be up".to_owned(),
        Deadline::Send => "the message should have begun a turn".to_owned(),
        Deadline::Interrupt => "the interrupt should have taken effect".to_owned(),
        Deadline::Read => "the provider should have answered".to_owned(),
        Deadline::Stop => "the process should be gone".to_owned(),
        Deadline::Stall => "something should have been heard of the turn".to_owned(),
        Deadline::Lease(task) => format!("something should have been heard of task {task}"),
    }
}

/// What the host does, and after how much of it it dies.
pub(crate) fn effects(effects: &[Effect], dies: Option<u8>) -> String {
    let performed = dies.map_or(effects.len(), usize::from);
    let done: Vec<String> = effects.iter().take(performed).filter_map(effect).collect();
    let mut text = String::new();
    if !done.is_empty() {
        write!(text, " The host {}.", done.join(", ")).expect("a string grows");
    }
    if dies.is_some() {
        text.push_str(" It dies before it does more.");
    }
    text
}

/// Deadlines are left out: that they were set is told when they are due.
fn effect(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Persist => "stores".to_owned(),
        Effect::Accept => "accepts".to_owned(),
        Effect::Refuse(Refusal::AlreadyAccepted) => "refuses (accepted before)".to_owned(),
        Effect::Refuse(Refusal::RequestNotOpen) => "refuses (no such request)".to_owned(),
        Effect::Start { epoch, .. } => format!("starts provider {}", epoch.0),
        Effect::Configure { config, .. } => format!("configures {config}"),
        Effect::Send { message, .. } => format!("hands over {message}"),
        Effect::Interrupt { turn, .. } => format!("interrupts {}", whatever(turn)),
        Effect::StopTask { task, .. } => format!("ends task {task}"),
        Effect::Answer { request, .. } => format!("passes the answer to {request} on"),
        Effect::CancelRequest { request, .. } => format!("cancels {request}"),
        Effect::Read { turn, .. } => format!("asks what became of {}", whatever(turn)),
        Effect::Stop { force: false, .. } => "asks the provider to go".to_owned(),
        Effect::Stop { force: true, .. } => "kills the provider".to_owned(),
        Effect::SetDeadline { .. } | Effect::ClearDeadline(_) => return None,
        Effect::Report(report) => match report {
            Report::MessageFailed(mail) => format!("reports that {mail} failed"),
            Report::MessageUncertain(mail) => format!("reports that {mail} is uncertain"),
            Report::QueueParked => "reports that the queue waits".to_owned(),
            Report::RequestStale(request) => format!("reports that {request} is stale"),
            Report::TaskLost(task) => format!("reports that {task} is lost"),
            Report::ConfigurationDeferred(config) => format!("reports that {config} waits"),
        },
    })
}

pub(crate) fn ask(ask: &Ask, how: How) -> String {
    let how = match how {
        How::Well => "",
        How::Plainly => ", plainly",
        How::AsFailure => ", and calls it a failure",
        How::Refuses => ", and cannot",
        How::AfterTheFact => ", does it, and says that it could not",
        How::Hangs => ", and does not answer",
    };
    match ask {
        Ask::Boot => format!("The provider comes up{how}."),
        Ask::Send(mail) => format!("The provider takes up: message {mail}{how}."),
        Ask::Interrupt(turn, _) => {
            format!("The provider takes up: interrupt {}{how}.", whatever(turn))
        }
        Ask::Read(turn) => format!("The provider takes up: what of {}?{how}.", whatever(turn)),
        Ask::Stop => format!("The provider takes up: stop{how}."),
        Ask::StopTask(task) => format!("The provider takes up: end task {task}."),
        Ask::Settle(request) => format!("The provider takes up: the answer to {request}."),
    }
}

pub(crate) fn pulse(turn: &TurnId, how: How) -> String {
    match how {
        How::Well => format!("The provider ends turn {turn} as completed."),
        How::Plainly => format!("The provider works on turn {turn}."),
        How::AsFailure => format!("The provider ends turn {turn} as failed."),
        How::Refuses => format!("The provider ends turn {turn} and only calls its thread idle."),
        How::AfterTheFact => {
            format!("The provider ends turn {turn} and only says that it is ready.")
        }
        How::Hangs => format!("The provider ends turn {turn}; the report is lost."),
    }
}

pub(crate) fn deed(deed: Deed) -> &'static str {
    match deed {
        Deed::Begin => "The provider begins a turn by itself.",
        Deed::StartTask => "The provider starts a background task.",
        Deed::EndTask => "The background task ends.",
        Deed::Ask => "The provider asks for an approval.",
        Deed::Bookmark => "The provider says where the conversation can be resumed.",
        Deed::IdleTooEarly => "The provider's thread is called idle, and the provider works on.",
        Deed::Remark => "The provider reports an error that names no turn, and works on.",
        Deed::Chatter => "The provider gives a sign of life, and works on nothing.",
        Deed::Rests => "The provider says that it is ready.",
        Deed::Fails => "The provider's turn fails, and it only says that its session does.",
        Deed::Close => "The provider closes its thread, and its process stays.",
        Deed::Die => "The process dies.",
        Deed::DieAndLose => "The process dies, and what it had said is lost.",
        Deed::FallMute => "The provider neither hears nor says anything any more.",
    }
}
