//! S8: nobody may conclude that work nobody reported was finished.

use session_lifecycle::{Inference, Settlement};

fn main() {
    let _ = Settlement::Inferred(Inference::Completed);
}
