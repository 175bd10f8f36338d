//! Nanoseconds that may be compared: every contestant in every round.

use std::time::{Duration, Instant};

/// Something to measure: a name, and one run that says how long its own work took. What has to be prepared or given
/// back stays outside that time.
pub(crate) struct Contestant<'a> {
    pub(crate) name: String,
    run: Box<dyn FnMut() -> Duration + 'a>,
}

impl<'a> Contestant<'a> {
    pub(crate) fn new(name: impl Into<String>, run: impl FnMut() -> Duration + 'a) -> Self {
        Self {
            name: name.into(),
            run: Box::new(run),
        }
    }
}

/// How long the work takes. Its result is dropped after the clock has stopped.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let left = std::hint::black_box(work());
    let took = start.elapsed();
    drop(left);
    took
}

/// [`timed`] on the clock of this thread, which stands while others have the core: for work of one thread without waiting.
pub(crate) fn timed_here<T>(work: impl FnOnce() -> T) -> Duration {
    let start = cpu_time::ThreadTime::now();
    let left = std::hint::black_box(work());
    let took = start.elapsed();
    drop(left);
    took
}

/// Runs each contestant once a round, in another order each time (each inherits the heap that the one before it leaves),
/// and gives the fastest run of each in nanoseconds. One round more goes ahead, unmeasured: it faults pages in and warms
/// caches.
pub(crate) fn interleaved(rounds: usize, contestants: &mut [Contestant<'_>]) -> Vec<f64> {
    assert!(rounds >= 5, "a minimum of fewer than five rounds is luck");
    let count = contestants.len();
    let mut best = vec![Duration::MAX; count];
    // Steps that meet everybody once on their way round.
    let steps: Vec<usize> = (1..=count).filter(|step| meets_all(*step, count)).collect();
    for round in 0..=rounds {
        let step = steps[round % steps.len()];
        for turn in 0..count {
            let at = (round + turn * step) % count;
            let took = (contestants[at].run)();
            if round > 0 {
                best[at] = best[at].min(took);
            }
        }
        eprint!("\rround {round} of {rounds} ");
    }
    eprintln!();
    for (contestant, best) in contestants.iter().zip(&best) {
        eprintln!("  {:<40} {best:>12.3?}", contestant.name);
    }
    best.iter().map(|best| best.as_nanos() as f64).collect()
}

/// Whether the two have no divisor in common.
fn meets_all(step: usize, count: usize) -> bool {
    (2..=count).all(|divisor| !step.is_multiple_of(divisor) || !count.is_multiple_of(divisor))
}

/// `-- --criterion [FILTER]`: looks at the contestants with criterion instead, and says so by `true`.
pub(crate) fn explored(contestants: &mut [Contestant<'_>]) -> bool {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--criterion");
    if arguments.next().is_none() {
        return false;
    }
    let mut criterion = criterion::Criterion::default().sample_size(10);
    if let Some(filter) = arguments.find(|argument| !argument.starts_with("--")) {
        criterion = criterion.with_filter(filter);
    }
    for contestant in contestants {
        criterion.bench_function(&contestant.name, |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| (contestant.run)()).sum());
        });
    }
    criterion.final_summary();
    true
}

/// Whether this is a bench run. `cargo test --all-targets` starts benches too, and wants nothing of them.
pub(crate) fn is_bench() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}
