//! There is one answer to "what is the session doing?".

use session_lifecycle::{AnySession, Ready, Running, Session};

fn clonable<T: Clone>() {}

fn main() {
    clonable::<AnySession>();
    clonable::<Session<Ready>>();
    clonable::<Session<Running>>();
}
