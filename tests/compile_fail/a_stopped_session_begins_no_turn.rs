//! R4, S3-07: the provider must announce itself first.

use session_lifecycle::{Session, TurnId};

fn main() {
    let stopped = Session::new().into_stopped();
    let _ = stopped.begin(TurnId::from("A"));
}
