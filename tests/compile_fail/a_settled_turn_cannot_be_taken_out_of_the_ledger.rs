//! S3, S8: a ledger is read from outside, never written.

use session_lifecycle::{Ledger, Session};

fn main() {
    let session = Session::new();
    let _: &mut Ledger = session.ledger();
}
