//! A state of the supervisor's model in parts, of each of which the engine keeps one copy.

use crate::engine::{InParts, Parted, Searched};
use crate::kernel::{Ask, Kept, Kernel, News, Pair, Reply, ShortQueue, Spot, Truth};

impl Searched for Kernel {
    type Store = Parted<Self>;

    fn store(&self) -> Self::Store {
        Parted::default()
    }
}

/// What is on its way, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OnTheWay {
    asks: ShortQueue<Ask, 6>,
    news: ShortQueue<(u8, News), 3>,
    replies: ShortQueue<(u8, Reply), 2>,
    again: Option<(u8, News)>,
}

impl InParts for Spot {
    type First = (Kept, Kept);
    type Second = OnTheWay;
    type Third = Truth;

    const BITS: [u32; 3] = [22, 20, 22];

    fn apart(mut self) -> (Self::First, Self::Second, Self::Third) {
        let truth = &mut self.truth;
        let on_the_way = OnTheWay {
            asks: std::mem::take(&mut truth.asks),
            news: std::mem::take(&mut truth.news),
            replies: std::mem::take(&mut truth.replies),
            again: truth.again.take(),
        };
        ((self.kept, self.disk), on_the_way, self.truth)
    }

    fn joined((kept, disk): Self::First, on_the_way: OnTheWay, truth: Truth) -> Self {
        let OnTheWay {
            asks,
            news,
            replies,
            again,
        } = on_the_way;
        Self {
            kept,
            disk,
            truth: Truth {
                asks,
                news,
                replies,
                again,
                ..truth
            },
        }
    }
}

impl Searched for Pair {
    type Store = Parted<Self>;

    fn store(&self) -> Self::Store {
        Parted::default()
    }
}

/// Each thread is a part.
impl InParts for [Spot; 2] {
    type First = Spot;
    type Second = Spot;
    type Third = ();

    const BITS: [u32; 3] = [32, 32, 0];

    fn apart(self) -> (Spot, Spot, ()) {
        let [first, second] = self;
        (first, second, ())
    }

    fn joined(first: Spot, second: Spot, (): ()) -> Self {
        [first, second]
    }
}
