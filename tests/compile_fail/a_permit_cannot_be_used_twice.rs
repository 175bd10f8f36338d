//! S2-13: one decision, one stop.

use session_lifecycle::{AnySession, IdleClock, ReapPermit};

fn stop(a: AnySession, b: AnySession, permit: ReapPermit, clock: &IdleClock) {
    let _ = a.reap(permit, clock);
    let _ = b.reap(permit, clock);
}

fn main() {}
