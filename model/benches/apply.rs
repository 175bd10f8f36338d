//! What it costs to apply an event.

mod apply {
    pub(crate) mod streams;
}
mod frame;

use std::hint::black_box;

use apply::streams::{Kind, stream};
use frame::{Row, Section};
use session_lifecycle::AnySession;

const INTRO: &str = "`AnySession::apply` on two random streams: *life* is what a busy host sees (turns that begin, work, end, now and then
a repetition, a failure, an exit), *uniform* has every event as likely as any other. Each id is a text of 36 bytes
of its own, as a reader makes it.";

const MEASURED: [&str; 12] = [
    "src/any.rs",
    "src/apply.rs",
    "src/ledger.rs",
    "src/memory.rs",
    "src/message.rs",
    "src/outcome.rs",
    "src/rules.rs",
    "src/session.rs",
    "src/state.rs",
    "src/turn.rs",
    "model/benches/apply.rs",
    "model/benches/apply",
];

fn main() {
    if let Some((workload, size)) = frame::asked() {
        return run(&workload, size);
    }
    if !frame::is_bench() {
        return;
    }
    let rows = ["life", "uniform"]
        .map(|kind| {
            let what = format!("one thread, {kind}");
            let each = |does: &str| frame::per_item(&format!("{does} {kind}"), [10_000, 60_000]);
            match (each("nothing"), each("apply")) {
                (Ok(nothing), Ok(all)) => Row::new(what, "instructions/event", all - nothing),
                (Err(why), _) | (_, Err(why)) => Row::skipped(what, "instructions/event", &why),
            }
        })
        .to_vec();
    Section {
        name: "apply",
        command: "cargo bench -p session-lifecycle --bench apply",
        measured: &MEASURED,
        intro: INTRO,
        rows,
    }
    .write();
}

/// What callgrind counts.
fn run(workload: &str, events: usize) {
    let (does, kind) = workload.split_once(' ').unwrap_or((workload, ""));
    let kind = if kind == "life" {
        Kind::Life
    } else {
        Kind::Uniform
    };
    let stream = stream(kind, 1, events, 7);
    match does {
        "nothing" => drop(black_box(stream)),
        "apply" => {
            let mut session = AnySession::new();
            for (_, event) in stream {
                let step = session.apply(event);
                black_box(&step.outcome);
                session = step.session;
            }
            black_box(session);
        }
        _ => panic!("no such workload: {workload}"),
    }
}
