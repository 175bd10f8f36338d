//! A state of the supervisor's model in halves, of each of which the engine keeps one copy.

use crate::engine::{Halves, InHalves, Searched};
use crate::kernel::{Kept, Kernel, Spot, Truth};

impl Searched for Kernel {
    type Store = InHalves<Self>;

    fn store(&self) -> Self::Store {
        InHalves::default()
    }
}

impl Halves for Spot {
    type Left = (Kept, Kept);
    type Right = Truth;

    fn apart(self) -> (Self::Left, Self::Right) {
        ((self.kept, self.disk), self.truth)
    }

    fn joined((kept, disk): Self::Left, truth: Self::Right) -> Self {
        Self { kept, disk, truth }
    }
}
