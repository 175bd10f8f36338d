//! S6: a message that is to be stored, accepted or sent is lost with the effect that says so.
#![deny(unused_must_use)]

use session_lifecycle::Timestamp;
use session_lifecycle::supervisor::{Input, Patience, Supervisor};

fn main() {
    let now = Timestamp::default();
    let mut supervisor = Supervisor::new(Patience::default(), now);
    supervisor.handle(Input::Sweep, now);
}
