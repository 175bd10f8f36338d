//! A transition takes the session: what it was is gone.

use session_lifecycle::Session;

fn main() {
    let idle = Session::new();
    let ready = idle.announced();
    let _ = (idle.status(), ready.status());
}
