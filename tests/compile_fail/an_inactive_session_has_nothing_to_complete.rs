//! R5: only a session that may hold a turn can be told that it completed.

use session_lifecycle::Session;

fn main() {
    let ready = Session::new().announced();
    let _ = ready.completed();
}
