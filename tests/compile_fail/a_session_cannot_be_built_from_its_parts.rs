//! S1, S3: a session comes from another one, or through its record.

use session_lifecycle::{Running, Session, TurnId};

fn main() {
    let _: Session<Running> = Session { state: Running { turn: Some(TurnId::from("A")) } };
}
