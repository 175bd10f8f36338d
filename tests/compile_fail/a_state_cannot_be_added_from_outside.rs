//! The seven states are all there are.

use session_lifecycle::{AnySession, Session, State, Status};

struct Limbo;

impl State for Limbo {
    const STATUS: Status = Status::Ready;
    type Announced = AnySession;

    fn announced(_: Session<Self>) -> AnySession {
        AnySession::new()
    }
}

fn main() {}
