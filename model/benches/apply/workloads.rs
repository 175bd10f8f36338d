//! What callgrind counts: each a run of this binary, with a workload's name and a size.

use std::hint::black_box;
use std::time::Duration;

use session_lifecycle::supervisor::{
    Answer, Command, Epoch, Input, Patience, ProviderEvent, Supervisor,
};
use session_lifecycle::{AnySession, Event, Timestamp, TurnId, TurnResult};

use crate::by_hand::ByHand;
use crate::streams::{Kind, stream};

/// The events of one thread.
const OF_A_THREAD: usize = 100;

pub(crate) fn run(workload: &str, size: usize) {
    match workload {
        "no inputs" => drop(black_box(inputs(size))),
        "handle" => handle(inputs(size)),
        "nothing life" => each_thread(Kind::Life, size, |events| drop(black_box(events))),
        "nothing uniform" => each_thread(Kind::Uniform, size, |events| drop(black_box(events))),
        "apply life" => each_thread(Kind::Life, size, apply),
        "apply uniform" => each_thread(Kind::Uniform, size, apply),
        "by hand life" => each_thread(Kind::Life, size, by_hand),
        "by hand uniform" => each_thread(Kind::Uniform, size, by_hand),
        _ => panic!("no such workload: {workload}"),
    }
}

fn each_thread(kind: Kind, events: usize, work: fn(Vec<Event>)) {
    for thread in 0..events / OF_A_THREAD {
        let stream = stream(kind, 1, OF_A_THREAD, thread as u64 + 1);
        work(stream.into_iter().map(|(_, event)| event).collect());
    }
}

fn apply(events: Vec<Event>) {
    let mut session = AnySession::new();
    for event in events {
        let step = session.apply(event);
        session = step.session;
        black_box(&step.outcome);
    }
    black_box(session);
}

fn by_hand(events: Vec<Event>) {
    let mut session = ByHand::default();
    for event in events {
        black_box(&session.apply(event));
    }
    black_box(session);
}

/// Turns of seven inputs each: sent, answered, begun, three signs of work, ended.
fn inputs(size: usize) -> Vec<Input> {
    let epoch = Epoch(1);
    let event = |event| Input::Event {
        epoch: Some(epoch),
        event: ProviderEvent::Lifecycle(event),
    };
    (0..size / 7)
        .flat_map(|number| {
            let turn = TurnId::from(format!("0199a1c2-7d3e-7000-8000-{number:012x}"));
            let message = format!("message-{number:012x}");
            let named = || Some(turn.clone());
            [
                Input::Command(Command::Send(message.as_str().into())),
                Input::Answer {
                    epoch,
                    answer: Answer::Sent {
                        message: message.as_str().into(),
                        turn: named(),
                    },
                },
                event(Event::TurnStarted { turn: named() }),
                event(Event::WorkObserved { turn: named() }),
                event(Event::WorkObserved { turn: named() }),
                event(Event::WorkObserved { turn: named() }),
                event(Event::TurnCompleted {
                    turn: named(),
                    result: TurnResult::Completed,
                    message: None,
                }),
            ]
        })
        .collect()
}

fn handle(inputs: Vec<Input>) {
    let at = |seconds| Timestamp(Duration::from_secs(seconds));
    let turns = inputs.len() / 7;
    let mut supervisor = Supervisor::new(Patience::default(), at(0));
    for (now, input) in (1_u64..).zip(inputs) {
        let begins = now == 1;
        for effect in supervisor.handle(input, at(now)) {
            black_box(effect);
        }
        if begins {
            let answer = Answer::Started;
            let epoch = Epoch(1);
            supervisor
                .handle(Input::Answer { epoch, answer }, at(now))
                .for_each(drop);
        }
    }
    // The work was done, and not refused.
    assert_eq!(supervisor.session().ledger().len(), turns);
    black_box(supervisor);
}
