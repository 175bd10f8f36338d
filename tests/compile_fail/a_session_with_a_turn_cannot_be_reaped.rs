//! S2: there is no such transition.

use session_lifecycle::{IdleClock, ReapPermit, Running, Session};

fn stop(running: Session<Running>, permit: ReapPermit, clock: &IdleClock) {
    let _ = running.reap(permit, clock);
}

fn main() {}
