//! The host dies after any effect of any short story, and comes back from what it had stored, with its provider or
//! without: what it accepted is not lost, nothing is sent twice, and it works on.
//!
//! The host is that of the guide: a report is told once it is stored, with the `Persist` that follows it.

mod resume;

use resume::World;
use session_lifecycle::supervisor::{
    Answer, Command, Deadline, Effect, Epoch, Input, MessageId, Patience, ProviderEvent, Report,
    Supervisor, SupervisorSnapshot, TrueState,
};
use session_lifecycle::{Event, ProviderLife, SessionState, Timestamp, TurnId, TurnResult};

/// How a host comes back: the shipped way, or with a defect.
type Boot = fn(SupervisorSnapshot, ProviderLife) -> Supervisor;

fn shipped(snapshot: SupervisorSnapshot, life: ProviderLife) -> Supervisor {
    let (patience, now) = (Patience::default(), Timestamp::default());
    let booted = Supervisor::boot(snapshot, life, patience, now);
    booted.expect("what was stored").0
}

/// A host, up to some effect.
struct Story {
    supervisor: Supervisor,
    disk: SupervisorSnapshot,
    accepted: Vec<MessageId>,
    sent: Vec<MessageId>,
    told: Vec<Report>,
    untold: Vec<Report>,
    /// The last that was accepted was an interrupt or a stop of a turn.
    ends_turn: bool,
    epoch: Epoch,
    has_provider: bool,
}

impl Story {
    fn new(boot: Boot) -> Self {
        let blank = Supervisor::new(Patience::default(), Timestamp::default()).snapshot();
        Self {
            supervisor: boot(blank.clone(), ProviderLife::Gone),
            disk: blank,
            accepted: Vec::new(),
            sent: Vec::new(),
            told: Vec::new(),
            untold: Vec::new(),
            ends_turn: false,
            epoch: Epoch::default(),
            has_provider: false,
        }
    }

    /// The host is told something, and performs so many of the effects. Returns how many there are.
    fn tell(&mut self, input: &Input, performed: usize) -> usize {
        // Late enough for every deadline.
        let now = Timestamp(std::time::Duration::from_secs(1_000_000));
        self.has_provider &= !is_end(input);
        self.ends_turn = false;
        let effects = self.supervisor.handle(input.clone(), now).into_vec();
        let count = effects.len();
        for effect in effects.into_iter().take(performed) {
            self.perform(effect, input);
        }
        if performed >= count {
            self.told.append(&mut self.untold);
        }
        count
    }

    fn perform(&mut self, effect: Effect, input: &Input) {
        match effect {
            Effect::Persist => {
                self.disk = self.supervisor.snapshot();
                self.told.append(&mut self.untold);
            }
            Effect::Accept => {
                if let Input::Command(Command::Send(message) | Command::SendNow(message)) = input {
                    self.accepted.push(message.clone());
                }
                let ends = [Command::Interrupt, Command::Stop].map(Input::Command);
                let is_active = self.supervisor.session().active_turn().is_some();
                self.ends_turn = is_active && ends.contains(input);
            }
            Effect::Send { message, .. } => self.sent.push(message),
            Effect::Report(report) => self.untold.push(report),
            Effect::Start { epoch, .. } => {
                self.epoch = epoch;
                self.has_provider = true;
            }
            Effect::Stop { force: true, .. } => self.has_provider = false,
            Effect::Refuse(_)
            | Effect::Configure { .. }
            | Effect::Interrupt { .. }
            | Effect::StopTask { .. }
            | Effect::Answer { .. }
            | Effect::CancelRequest { .. }
            | Effect::Read { .. }
            | Effect::Stop { force: false, .. }
            | Effect::SetDeadline { .. }
            | Effect::ClearDeadline(_) => {}
        }
    }

    /// The host is dead; the next one comes back from the disk.
    fn comes_back(self, boot: Boot, life: ProviderLife) -> Result<(), String> {
        let epoch = (life == ProviderLife::Alive).then_some(self.epoch);
        let mut world = World::new(boot(self.disk, life), epoch);
        world.live()?;
        if self.ends_turn && epoch.is_some() && !world.ends {
            return Err("L4: an accepted interrupt or stop is forgotten".into());
        }
        for message in &self.accepted {
            let sent = self.sent.iter().chain(&world.sent);
            let times = sent.filter(|sent| *sent == message).count();
            let told = |report: &Report| {
                let mut reports = self.told.iter().chain(&world.reports);
                reports.any(|told| told == report)
            };
            let has_failed = told(&Report::MessageFailed(message.clone()));
            let is_uncertain = told(&Report::MessageUncertain(message.clone()));
            if times == 0 && !has_failed && !is_uncertain {
                return Err(format!("S6: {message} is lost"));
            }
            if times > 1 {
                return Err(format!("S7: {message} was sent {times} times"));
            }
            if times == 1 && has_failed {
                return Err(format!("{message} was sent, and is said to have failed"));
            }
        }
        Ok(())
    }

    /// What can happen next.
    fn next(&self, step: usize) -> Vec<Input> {
        let command = |command| Input::Command(command);
        let message = || MessageId::from(format!("m{step}"));
        let mut next = vec![
            command(Command::Send(message())),
            command(Command::SendNow(message())),
            command(Command::Interrupt),
            command(Command::Stop),
            command(Command::Configure("fast".into())),
            Input::Sweep,
        ];
        next.extend(
            [
                Deadline::Start,
                Deadline::Send,
                Deadline::Interrupt,
                Deadline::Stop,
            ]
            .map(Input::Due),
        );
        if self.has_provider {
            next.extend(self.provider_says());
        }
        next
    }

    fn provider_says(&self) -> Vec<Input> {
        let epoch = self.epoch;
        let answer = |answer| Input::Answer { epoch, answer };
        let turn = || Some(TurnId::from("A"));
        let mut says = vec![
            answer(Answer::Started),
            answer(Answer::NothingToInterrupt),
            answer(Answer::Stopped),
            answer(Answer::StartFailed {
                reason: "no".into(),
            }),
            answer(Answer::Read {
                turn: turn(),
                state: TrueState::Unknown,
            }),
        ];
        if let Some(message) = self.sent.last().cloned() {
            let (attempted, turn) = (true, turn());
            says.extend([
                answer(Answer::Sent {
                    message: message.clone(),
                    turn,
                }),
                answer(Answer::SendFailed { message, attempted }),
            ]);
        }
        let lifecycle = [
            Event::TurnStarted { turn: turn() },
            Event::TurnStarted {
                turn: Some("B".into()),
            },
            Event::TurnCompleted {
                turn: turn(),
                result: TurnResult::Completed,
                message: None,
            },
            Event::SessionStateChanged {
                state: SessionState::Ready,
                reason: None,
            },
            Event::SessionExited,
        ];
        let events = lifecycle.into_iter().map(ProviderEvent::Lifecycle);
        let events = events.chain([
            ProviderEvent::RequestOpened("r".into()),
            ProviderEvent::TaskStarted("k".into()),
            ProviderEvent::CursorAdvanced("c".into()),
        ]);
        says.extend(events.map(|event| Input::Event {
            epoch: Some(epoch),
            event,
        }));
        says
    }
}

/// After this there is no process.
fn is_end(input: &Input) -> bool {
    match input {
        Input::Event { event, .. } => *event == ProviderEvent::Lifecycle(Event::SessionExited),
        Input::Answer { answer, .. } => {
            matches!(answer, Answer::Stopped | Answer::StartFailed { .. })
        }
        Input::Command(_) | Input::Due(_) | Input::Sweep => false,
    }
}

fn replay(boot: Boot, inputs: &[Input]) -> Story {
    let mut story = Story::new(boot);
    for input in inputs {
        story.tell(input, usize::MAX);
    }
    story
}

/// The host dies after each number of effects of the last input.
fn dies_everywhere(boot: Boot, inputs: &[Input], crashes: &mut usize) -> Result<(), String> {
    let Some((last, before)) = inputs.split_last() else {
        return Ok(());
    };
    let count = replay(boot, before).tell(last, 0);
    for performed in 0..=count {
        for life in [ProviderLife::Alive, ProviderLife::Gone] {
            let mut story = replay(boot, before);
            story.tell(last, performed);
            if life == ProviderLife::Alive && !story.has_provider {
                continue;
            }
            *crashes += 1;
            story.comes_back(boot, life).map_err(|why| {
                format!("{why}\ndies after {performed} effects of the last of {inputs:#?}\nprovider {life:?}")
            })?;
        }
    }
    Ok(())
}

/// Every story that goes on from this one for so many steps.
fn goes_on(
    boot: Boot,
    inputs: &mut Vec<Input>,
    steps: usize,
    crashes: &mut usize,
) -> Result<(), String> {
    dies_everywhere(boot, inputs, crashes)?;
    if steps == 0 {
        return Ok(());
    }
    for next in replay(boot, inputs).next(inputs.len()) {
        inputs.push(next);
        goes_on(boot, inputs, steps - 1, crashes)?;
        inputs.pop();
    }
    Ok(())
}

/// The stories begin where they are interesting: at nothing, at a start, with a message in hand, in a turn with a queue,
/// parked, and with a question and a task open.
fn scenes() -> Vec<Vec<Input>> {
    let send = |message: &str| Input::Command(Command::Send(message.into()));
    let epoch = Epoch(1);
    let answer = |answer| Input::Answer { epoch, answer };
    let says = |event| Input::Event {
        epoch: Some(epoch),
        event,
    };
    let sent = Answer::Sent {
        message: "a".into(),
        turn: Some("A".into()),
    };
    let turn = Some("A".into());
    let start = vec![send("a"), send("b")];
    let in_hand = [start.clone(), vec![answer(Answer::Started)]].concat();
    let began = says(ProviderEvent::Lifecycle(Event::TurnStarted { turn }));
    let works = [in_hand.clone(), vec![answer(sent), began]].concat();
    let parked = [works.clone(), vec![Input::Command(Command::Interrupt)]].concat();
    let asks = vec![
        says(ProviderEvent::RequestOpened("q".into())),
        says(ProviderEvent::TaskStarted("t".into())),
    ];
    let asks = [works.clone(), asks].concat();
    vec![vec![], start, in_hand, works, parked, asks]
}

fn die_everywhere(boot: Boot, steps: usize) -> Result<usize, String> {
    let mut crashes = 0;
    for mut scene in scenes() {
        goes_on(boot, &mut scene, steps, &mut crashes)?;
    }
    Ok(crashes)
}

#[test]
fn a_host_that_dies_after_any_effect_loses_nothing_and_sends_nothing_twice() {
    let crashes = die_everywhere(shipped, 3).unwrap_or_else(|why| panic!("{why}"));
    println!("{crashes} crashes");
    assert!(crashes > 100_000, "{crashes} crashes");
}

/// A defect put back is a loss, a double, a message that nobody hears of, or a supervisor that stands still.
#[cfg(feature = "faults")]
mod planted {
    use super::*;
    use session_lifecycle::Fault;

    fn carrying<const AT: usize>(snapshot: SupervisorSnapshot, life: ProviderLife) -> Supervisor {
        let (patience, now) = (Patience::default(), Timestamp::default());
        let fault = Some(Fault::ALL[AT]);
        let booted = Supervisor::boot_with_fault(fault, snapshot, life, patience, now);
        booted.expect("what was stored").0
    }

    #[track_caller]
    fn is_found(boot: Boot, what: &str) {
        let why = die_everywhere(boot, 2).expect_err("a defect");
        assert!(why.starts_with(what), "{why}");
    }

    #[test]
    fn planted_s6_07_what_is_stored_last_is_lost() {
        is_found(carrying::<{ Fault::S6_07 as usize }>, "S6: ");
    }

    #[test]
    fn planted_s7_01_what_was_in_hand_is_sent_again() {
        is_found(carrying::<{ Fault::S7_01 as usize }>, "S7: ");
    }

    #[test]
    fn planted_s6_04_a_stop_by_force_drops_the_queue() {
        is_found(carrying::<{ Fault::S6_04 as usize }>, "S6: ");
    }

    #[test]
    fn planted_s6_06_a_send_has_no_deadline() {
        is_found(
            carrying::<{ Fault::S6_06 as usize }>,
            "waits without a deadline",
        );
    }

    #[test]
    fn planted_l2_12_nothing_is_asked_of_a_turn_that_nothing_is_heard_of() {
        is_found(
            carrying::<{ Fault::L2_12 as usize }>,
            "waits without a deadline",
        );
    }
}
