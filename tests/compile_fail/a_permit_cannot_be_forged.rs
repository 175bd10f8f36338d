//! S2-13: only a decision of the reaper makes a permit.

use session_lifecycle::{IdleClock, ReapPermit, Timestamp};

fn main() {
    let clock = IdleClock::new(Timestamp::default());
    let _ = ReapPermit { revision: 0, clock };
}
