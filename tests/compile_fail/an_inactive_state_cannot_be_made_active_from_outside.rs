//! S1: which states may hold a turn is not for others to say.

use session_lifecycle::{Active, Ready};

impl Active for Ready {}

fn main() {}
