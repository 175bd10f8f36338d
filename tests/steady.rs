//! What a supervisor costs in memory, once its lists have the room that they need: nothing.
//!
//! A supervisor that can carry a defect pays for the switch, so the promise is made, and tested, without the feature.
#![cfg(not(feature = "faults"))]

use allocation_counter::measure;
use session_lifecycle::supervisor::{
    Answer, Command, Deadline, Epoch, Input, Patience, ProviderEvent, Supervisor, TrueState,
};
use session_lifecycle::{Event, Timestamp, TurnId, TurnResult};

/// A life of many rounds, told in advance: no id is made while it is lived.
struct Life {
    epoch: Epoch,
    inputs: Vec<Input>,
}

impl Life {
    fn new() -> Self {
        let (epoch, inputs) = (Epoch::default(), Vec::new());
        let mut life = Self { epoch, inputs };
        life.starts();
        life
    }

    fn starts(&mut self) {
        self.epoch = Epoch(self.epoch.0 + 1);
        self.wants(Command::Send(format!("first of {:?}", self.epoch).into()));
        self.answers(Answer::Started);
        let (message, attempted) = (format!("first of {:?}", self.epoch).into(), true);
        self.answers(Answer::SendFailed { message, attempted });
    }

    /// A message, its turn with all that a turn may have, and the reaper's visit.
    fn works(&mut self, round: usize) {
        let name = |what: &str| format!("{what} {round:06}");
        let turn = || Some(TurnId::from(name("turn")));
        let (message, next) = (name("message"), name("next"));
        self.wants(Command::Send(message.as_str().into()));
        self.wants(Command::Send(next.as_str().into()));
        self.sent(&message, turn());
        self.says(ProviderEvent::Lifecycle(Event::TurnStarted {
            turn: turn(),
        }));
        self.says(ProviderEvent::TaskStarted("task".into()));
        self.says(ProviderEvent::TaskProgressed("task".into()));
        self.says(ProviderEvent::RequestOpened("request".into()));
        self.wants(Command::Answer("request".into()));
        for _ in 0..10 {
            let event = Event::WorkObserved { turn: turn() };
            self.says(ProviderEvent::Lifecycle(event));
        }
        self.inputs.push(Input::Due(Deadline::Stall));
        let state = TrueState::Running;
        self.answers(Answer::Read {
            turn: turn(),
            state,
        });
        self.says(ProviderEvent::TaskEnded("task".into()));
        self.ends(turn());
        self.says(ProviderEvent::CursorAdvanced("cursor".into()));
        // The second message is interrupted, with its questions.
        let turn = || Some(TurnId::from(name("turn next to")));
        self.sent(&next, turn());
        self.says(ProviderEvent::Lifecycle(Event::TurnStarted {
            turn: turn(),
        }));
        self.says(ProviderEvent::RequestOpened("request".into()));
        self.wants(Command::Interrupt);
        self.answers(Answer::Interrupted);
        let turn = turn();
        self.says(ProviderEvent::Lifecycle(Event::TurnAborted { turn }));
        self.inputs.push(Input::Sweep);
    }

    /// The provider dies with everything open, and another one is started.
    fn crashes(&mut self, round: usize) {
        self.wants(Command::Configure("fast".into()));
        self.says(ProviderEvent::TaskStarted("task".into()));
        self.says(ProviderEvent::RequestOpened("request".into()));
        let turn = Some(TurnId::from(format!("turn to crash in {round:06}")));
        self.says(ProviderEvent::Lifecycle(Event::TurnStarted { turn }));
        self.says(ProviderEvent::Lifecycle(Event::SessionExited));
        self.starts();
    }

    fn sent(&mut self, message: &str, turn: Option<TurnId>) {
        let message = message.into();
        self.answers(Answer::Sent { message, turn });
    }

    fn ends(&mut self, turn: Option<TurnId>) {
        let (result, message) = (TurnResult::Completed, None);
        self.says(ProviderEvent::Lifecycle(Event::TurnCompleted {
            turn,
            result,
            message,
        }));
    }

    fn wants(&mut self, command: Command) {
        self.inputs.push(Input::Command(command));
    }

    fn answers(&mut self, answer: Answer) {
        let epoch = self.epoch;
        self.inputs.push(Input::Answer { epoch, answer });
    }

    fn says(&mut self, event: ProviderEvent) {
        let epoch = Some(self.epoch);
        self.inputs.push(Input::Event { epoch, event });
    }
}

/// How often memory is asked for while these inputs are handled, and how many effects they had.
fn lived(supervisor: &mut Supervisor, inputs: Vec<Input>, clock: &mut u64) -> (u64, usize) {
    let mut effects = 0;
    let counted = measure(|| {
        for input in inputs {
            *clock += 1;
            // Every deadline is due, and the reaper's is not.
            let now = Timestamp(std::time::Duration::from_secs(*clock * 700));
            effects += supervisor.handle(input, now).count();
        }
    });
    (counted.count_total, effects)
}

fn patience() -> Patience {
    Patience {
        idle: std::time::Duration::MAX,
        ..Patience::default()
    }
}

/// 5,400 turns make the ledger ask for room for 8,192: the 2,700 that follow ask for none.
#[test]
fn in_the_steady_state_nothing_that_is_handled_allocates() {
    let mut life = Life::new();
    let (warm, steady) = (1_800, 900);
    for round in 0..warm {
        life.works(round);
        life.crashes(round);
    }
    let before = std::mem::take(&mut life.inputs);
    for round in warm..warm + steady {
        life.works(round);
        life.crashes(round);
    }

    let mut clock = 0;
    let mut supervisor = Supervisor::new(patience(), Timestamp::default());
    lived(&mut supervisor, before, &mut clock);
    assert_eq!(supervisor.session().ledger().len(), 3 * warm);
    let inputs = life.inputs.len();
    let (allocations, effects) = lived(&mut supervisor, life.inputs, &mut clock);
    assert_eq!(supervisor.session().ledger().len(), 3 * (warm + steady));
    assert!(effects > inputs, "{effects} effects of {inputs} inputs");
    assert_eq!(allocations, 0, "of {inputs} inputs");
}

/// The ledger never forgets (S3), so it grows: it doubles its room.
#[test]
fn what_a_long_life_allocates_is_room_for_its_lists() {
    let mut life = Life::new();
    for round in 0..2_700 {
        life.works(round);
    }
    let mut supervisor = Supervisor::new(patience(), Timestamp::default());
    let (allocations, _) = lived(&mut supervisor, life.inputs, &mut 0);
    assert_eq!(supervisor.session().ledger().len(), 5_400);
    // The ledger from 4 to 8,192 is 12; the queue, the tasks, the requests and the effects are the rest.
    assert!(allocations <= 12 + 8, "{allocations} allocations");
}

#[test]
fn planted_an_id_that_is_made_while_it_is_handled_is_counted() {
    let mut supervisor = Supervisor::new(patience(), Timestamp::default());
    let counted = measure(|| {
        let input = Input::Command(Command::Configure("fast".into()));
        let _ = supervisor.handle(input, Timestamp::default());
    });
    assert!(counted.count_total > 0);
}

#[test]
fn a_supervisor_without_its_strings_is_small() {
    assert!(
        size_of::<Supervisor>() <= 640,
        "{} bytes",
        size_of::<Supervisor>()
    );
}
