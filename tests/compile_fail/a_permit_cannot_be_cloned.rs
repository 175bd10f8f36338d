//! S2-13: one decision, one stop.

use session_lifecycle::ReapPermit;

fn clonable<T: Clone>() {}

fn main() {
    clonable::<ReapPermit>();
}
