//! S1: only `Starting` and `Running` have a place for a turn.

use session_lifecycle::Session;

fn main() {
    let ready = Session::new().announced();
    let _ = ready.turn();
}
