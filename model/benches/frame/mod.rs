//! The frame of the bench suite: what every bench measures with, and how its figures reach `docs/performance.md`.
//!
//! A bench is one file `model/benches/NAME.rs` with `harness = false`, and one section `NAME` of the document. Times on
//! a shared machine drift by a third, so no figure here is a time: each is a *ratio* to a peer that was measured in the
//! same interleaved loop, or a count of instructions.
//!
//! ```ignore
//! mod frame;
//! use frame::{Contestant, Limit, Row, Section};
//!
//! fn main() {
//!     // Under callgrind the bench runs itself again, with the name of one workload and a size.
//!     if let Some((workload, size)) = frame::asked() {
//!         return workloads::run(&workload, size);
//!     }
//!     if !frame::is_bench() {
//!         return; // `cargo test --all-targets` only builds
//!     }
//!     // Each round runs every contestant once, in an order that turns; the fastest round of each counts.
//!     let mut all = vec![
//!         Contestant::new("ours", || { let input = prepare(); frame::timed(|| ours(input)) }),
//!         Contestant::new("wc -l", || frame::timed(|| run("wc", &["-l", PATH]))),
//!     ];
//!     if frame::explored(&mut all) { return; } // `-- --criterion`: criterion looks at the same contestants
//!     let best = frame::interleaved(7, &mut all); // at least 5 rounds; nanoseconds, in the order of `all`
//!     let row = Row::new("1 GiB, one thread", "s", best[0] / 1e9)
//!         .beside("wc -l", best[1] / 1e9)
//!         .limit(Limit::AtMost(1.0))
//!         .skipped_unless(..);
//!     Section { name: "audit", command: "cargo bench -p session-lifecycle-model --bench audit",
//!               measured: &["src/stream", "model/src/audit", "model/benches/audit.rs"], intro: "..", rows: vec![row] }
//!         .write();
//! }
//! ```
//!
//! [`Section::write`] replaces that one section of `docs/performance.json` and renders `docs/performance.md` from the
//! whole. It stores a hash of the measured files (folders count with all that is in them) beside the section;
//! `model/tests/performance.rs` fails once they differ, and names the command that renews it. It also fails if a file
//! `model/benches/*.rs` has no section, or a section no file.
//!
//! Instructions: [`per_item`] runs the bench's own binary under callgrind with two sizes and divides the difference. Where
//! valgrind is not installed it gives [`Skipped`], which prints loudly; put it into the document with [`Row::skipped`].
//!
//! [`timed`] reads the wall clock. Work of a single thread that waits for nothing is better measured with
//! [`timed_here`], whose clock stands while others have the core.
//!
//! Why criterion, and why it does not write the figures: neither divan nor criterion interleaves its subjects, and on a
//! noisy machine only neighbours in time can be compared. Criterion is the one whose benchmarks are registered at run
//! time and may bring their own clock (`iter_custom`), so the very contestants of the loop can be looked at with it:
//! its statistics, and its comparison with the run before, are what one tunes by.
#![allow(dead_code, unused_imports, reason = "each bench uses its part")]

mod instructions;
mod page;
mod timing;

pub(crate) use instructions::{Skipped, asked, per_item};
pub(crate) use page::{Limit, Row, Section};
pub(crate) use timing::{Contestant, explored, interleaved, is_bench, timed, timed_here};
