//! S1: there is no field to put it in.

use session_lifecycle::{Ready, TurnId};

fn main() {
    let _ = Ready { turn: Some(TurnId::from("A")) };
}
