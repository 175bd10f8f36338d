//! An event takes the session: what it was is gone.

use session_lifecycle::{AnySession, Event};

fn main() {
    let session = AnySession::new();
    let _ = session.apply(Event::SessionStarted);
    let _ = session.status();
}
