//! What it costs to apply an event, beside the same rules by hand and in the state machine crates.

mod frame;

#[path = "apply/by_hand.rs"]
mod by_hand;
#[path = "apply/crates/mod.rs"]
mod crates;
#[path = "apply/in_numbers.rs"]
mod in_numbers;
#[path = "apply/streams.rs"]
mod streams;
#[path = "apply/workloads.rs"]
mod workloads;

/// What the `match` speaks of.
mod words {
    pub(crate) use session_lifecycle::*;
}

use by_hand::ByHand;
use crates::Machine;
use frame::{Contestant, Limit, Row, Section, per_item, timed_here};
use in_numbers::words::Numbers;
use session_lifecycle::{AnySession, Batch};
use std::hint::black_box;
use streams::{Arrival, Kind, stream};

const INTRO: &str = "\
The streams are random, and the same for all. *Life* is what a busy host sees: turns that begin, work and end, now and
then a repetition, a failure, an exit. *Uniform* has every event as likely as any other, about any of 64 turns. Each id
is a text of 36 bytes of its own, as a reader makes it; giving it back is part of every figure.

The `match` is the rules R1 to R9 written by hand: a flat struct, a sorted `Vec` of settled turns, the same `Outcome`.
The machines in statig, smlang and rust-fsm have the subset that they can express: status, active turn, settled turns,
and *applied*, *ignored* or *rejected*; they are spared outcomes with evidence and the text of errors.
`tests/peers.rs` shows that all of them do what `apply` does.

A `Batch` has numbered its ids and messages before it is replayed. Its peer is the same `match`, whose ids and messages are
numbers too, numbered before the time begins. The row below tells what a log costs that is replayed but once: there the table
is made, the ids are numbered, and each outcome is spelled out with its texts, beside the `match` that is given texts. The crate is built without its optional features.
Times are those of the thread's own clock.";

const MEASURED: [&str; 16] = [
    "src/any.rs",
    "src/apply.rs",
    "src/batch",
    "src/event.rs",
    "src/ledger.rs",
    "src/memory.rs",
    "src/message.rs",
    "src/outcome.rs",
    "src/rules.rs",
    "src/session.rs",
    "src/state.rs",
    "src/status.rs",
    "src/supervisor",
    "src/turn.rs",
    "model/benches/apply.rs",
    "model/benches/apply",
];

const THREADS: usize = 10_000;
const EVENTS: usize = 300_000;
const ROUNDS: usize = 41;

fn main() {
    if let Some((workload, size)) = frame::asked() {
        return workloads::run(&workload, size);
    }
    if !frame::is_bench() {
        return;
    }
    if cfg!(feature = "faults") {
        panic!(
            "a session that can carry a fault is not the one that hosts use: bench the crate on its own"
        );
    }
    let mut rows = Vec::new();
    for kind in [Kind::Life, Kind::Uniform] {
        rows.push(instructions(kind));
        let mut all = contestants(kind);
        if frame::explored(&mut all) {
            continue;
        }
        rows.extend(interleaved(kind, &frame::interleaved(ROUNDS, &mut all)));
    }
    if rows.len() == 2 {
        return; // Explored, not measured.
    }
    rows.push(supervisor());
    Section {
        name: "apply",
        command: "cargo bench -p session-lifecycle --bench apply",
        measured: &MEASURED,
        intro: INTRO,
        rows,
    }
    .write();
}

/// Threads one after the other, 100 events each: what the work itself takes, caches and branches aside.
fn instructions(kind: Kind) -> Row {
    let what = format!("one thread after another, {kind}");
    let unit = "instructions/event";
    let each = |does: &str| per_item(&format!("{does} {kind}"), [5_000, 25_000]);
    let counts = each("nothing").and_then(|nothing| {
        let ours = each("apply")? - nothing;
        Ok((ours, each("by hand")? - nothing))
    });
    match counts {
        Ok((ours, by_hand)) => Row::new(what, unit, ours).beside("match", by_hand),
        Err(why) => Row::skipped(what, unit, &why),
    }
    .limit(Limit::AtMost(1.1))
}

/// 10,000 threads, their events as they come. The events are there already; what is left of the sessions is given back
/// outside the time.
fn contestants(kind: Kind) -> Vec<Contestant<'static>> {
    vec![
        contestant("apply", kind, as_they_are, |events| {
            let mut sessions = new(AnySession::new);
            for (thread, event) in events {
                black_box(&sessions[thread].fold(event));
            }
            sessions
        }),
        contestant("match", kind, as_they_are, |events| {
            let mut sessions = new(ByHand::default);
            for (thread, event) in events {
                black_box(&sessions[thread].apply(event));
            }
            sessions
        }),
        contestant("batch", kind, batch_of, |batch| {
            for replayed in batch.replay() {
                black_box(&replayed);
            }
            batch
        }),
        contestant("match of numbers", kind, in_numbers, |events| {
            let mut sessions = new(in_numbers::by_hand::ByHand::default);
            for (thread, event) in &events {
                black_box(&sessions[*thread].apply(event.clone()));
            }
            (events, sessions)
        }),
        contestant("batch of texts", kind, as_they_are, |events| {
            let batch = batch_of(events);
            for replayed in batch.replay() {
                black_box(&replayed.outcome());
            }
            batch
        }),
        contestant("events given back", kind, as_they_are, |events| {
            for (thread, event) in events {
                black_box(thread);
                drop(black_box(event));
            }
        }),
        machine::<crates::in_statig::InStatig>("statig", kind),
        machine::<crates::in_smlang::InSmlang>("smlang", kind),
        machine::<crates::in_rust_fsm::InRustFsm>("rust-fsm", kind),
    ]
}

/// Who is measured: what is made of the events before the time, and what is done with it.
fn contestant<E: 'static, T: 'static>(
    name: &str,
    kind: Kind,
    made_of: fn(Vec<Arrival>) -> E,
    work: fn(E) -> T,
) -> Contestant<'static> {
    Contestant::new(format!("{name}, {kind}"), move || {
        let events = made_of(stream(kind, THREADS, EVENTS, 7));
        timed_here(|| work(events))
    })
}

fn as_they_are(events: Vec<Arrival>) -> Vec<Arrival> {
    events
}

fn batch_of(events: Vec<Arrival>) -> Batch {
    let mut batch = Batch::new();
    for (thread, event) in events {
        batch.push(thread, event);
    }
    batch
}

fn in_numbers(events: Vec<Arrival>) -> Vec<(usize, in_numbers::words::Event)> {
    let mut numbers = Numbers::default();
    let numbered = |(thread, event)| (thread, numbers.event(thread, event));
    events.into_iter().map(numbered).collect()
}

fn machine<M: Machine + 'static>(name: &str, kind: Kind) -> Contestant<'static> {
    contestant(name, kind, as_they_are, |events| {
        let mut sessions = new(M::default);
        for (thread, event) in events {
            black_box(sessions[thread].apply(event));
        }
        sessions
    })
}

fn new<T>(one: fn() -> T) -> Vec<T> {
    let mut sessions = Vec::new();
    sessions.resize_with(THREADS, one);
    sessions
}

fn interleaved(kind: Kind, best: &[f64]) -> Vec<Row> {
    let each: Vec<f64> = best.iter().map(|all| all / EVENTS as f64).collect();
    let [
        apply,
        by_hand,
        batch,
        of_numbers,
        of_texts,
        given_back,
        ref machines @ ..,
    ] = each[..]
    else {
        panic!("the full rules in texts and in numbers, what neither can spare, and the machines");
    };
    let row = |what: &str, ours| Row::new(format!("{what}, {kind}"), "ns/event", ours);
    let mut rows = vec![
        row("a `Batch` over 10,000 threads, replayed", batch)
            .beside("match, of numbers", of_numbers)
            .limit(Limit::AtMost(0.6)),
        row("a `Batch` made of texts, and replayed once", of_texts).beside("match", by_hand),
        row("10,000 threads interleaved", apply).beside("match", by_hand),
        row("events given back and nothing else", given_back).beside("match", by_hand),
    ];
    rows.extend(
        ["statig", "smlang", "rust-fsm"]
            .into_iter()
            .zip(machines)
            .map(|(name, theirs)| {
                row("10,000 threads interleaved", apply)
                    .beside(name, *theirs)
                    .limit(Limit::AtMost(1.0))
            }),
    );
    rows.into_iter().map(explained).collect()
}

/// Why a target is missed, where it is.
fn explained(row: Row) -> Row {
    if row.holds() != Some(false) || row.what.contains("Batch") {
        return row;
    }
    row.remark(
        "missed in this run. The peers change their machine in place, where ours moves a session out and in, and they \
         are spared the evidence.",
    )
}

/// A thread's steady state: a message is sent, its turn begins, works and ends.
fn supervisor() -> Row {
    let what = "`Supervisor::handle`, steady state";
    let unit = "instructions/input";
    let each = |does: &str| per_item(does, [7_000, 21_000]);
    match each("no inputs").and_then(|nothing| Ok(each("handle")? - nothing)) {
        Ok(ours) => Row::new(what, unit, ours),
        Err(why) => Row::skipped(what, unit, &why),
    }
}
