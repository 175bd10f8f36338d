//! Keys and their numbers, in the order in which they came.

/// No state, no edge.
pub const NONE: u32 = u32::MAX;

/// How many keys are looked up side by side, so that the memory answers them at once.
const ABREAST: usize = 16;

/// Answers to questions that were asked before; an answer is forgotten when another takes its place.
#[derive(Debug)]
pub struct Remembered(Vec<(u64, u64)>);

impl Default for Remembered {
    fn default() -> Self {
        Self(vec![(u64::MAX, 0); 1 << 16])
    }
}

impl Remembered {
    /// The answer to a question, which is not `u64::MAX`.
    #[inline]
    pub fn get(&mut self, question: u64, answer: impl FnOnce() -> u64) -> u64 {
        let place = hash(question) as usize & (self.0.len() - 1);
        let known = &mut self.0[place];
        if known.0 != question {
            *known = (question, answer());
        }
        known.1
    }
}

/// Every key once, numbered; eight bytes each, and four for each of the slots of an open table.
///
/// INVARIANT: each key has a number and each number stands in one slot, on the way from the home of its key to the first
/// free one.
pub(super) struct Numbers {
    keys: Vec<u64>,
    slots: Vec<u32>,
    /// The home of a key is the upper bits of its hash.
    shift: u32,
}

pub(super) fn narrow(wide: usize) -> u32 {
    u32::try_from(wide)
        .ok()
        .filter(|number| *number != NONE)
        .expect("a graph of less than four thousand million states and edges")
}

/// Keys are dense in their low bits; multiplied twice, every bit of them moves the upper ones.
#[inline]
fn hash(key: u64) -> u64 {
    let mixed = (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

impl Default for Numbers {
    fn default() -> Self {
        let bits = 10;
        Self {
            keys: Vec::new(),
            slots: vec![NONE; 1 << bits],
            shift: u64::BITS - bits,
        }
    }
}

impl Numbers {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn keys(&self) -> &[u64] {
        &self.keys
    }

    #[inline]
    fn home(&self, key: u64) -> usize {
        (hash(key) >> self.shift) as usize
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.slots.len() - 1)
    }

    /// The number of each key, or `NONE`, behind those that are there already; and where the latter are.
    #[inline]
    pub(super) fn find_all(&self, keys: &[u64], numbers: &mut Vec<u32>, strange: &mut Vec<u32>) {
        let mut homes = [0; ABREAST];
        let mut first = [NONE; ABREAST];
        let mut known = [0; ABREAST];
        for abreast in keys.chunks(ABREAST) {
            // Each of these loops does one thing that may have to wait for the memory, many times.
            for (home, key) in homes.iter_mut().zip(abreast) {
                *home = self.home(*key);
            }
            for (first, home) in first.iter_mut().zip(&homes) {
                *first = self.slots[*home];
            }
            for (known, first) in known.iter_mut().zip(&first) {
                *known = self.keys.get(*first as usize).copied().unwrap_or(0);
            }
            for (which, key) in abreast.iter().enumerate() {
                let number = match first[which] {
                    NONE => NONE,
                    number if known[which] == *key => number,
                    _ => self.find_from(self.after(homes[which]), *key).0,
                };
                if number == NONE {
                    strange.push(narrow(numbers.len()));
                }
                numbers.push(number);
            }
        }
    }

    /// The number of a key, and its slot; `NONE` and the slot where it belongs.
    #[inline]
    fn find_from(&self, mut place: usize, key: u64) -> (u32, usize) {
        loop {
            let number = self.slots[place];
            if number == NONE || self.keys[number as usize] == key {
                return (number, place);
            }
            place = self.after(place);
        }
    }

    /// The number of a key, and whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, key: u64) -> (u32, bool) {
        let (number, place) = self.find_from(self.home(key), key);
        if number != NONE {
            return (number, false);
        }
        let number = narrow(self.keys.len());
        if self.keys.len() == self.keys.capacity() {
            // An eighth and not as much again: the larger the graph, the more it counts.
            self.keys.reserve_exact(1024 + self.keys.len() / 8);
        }
        self.keys.push(key);
        self.slots[place] = number;
        if self.keys.len() > self.slots.len() / 8 * 5 {
            self.grow();
        }
        (number, true)
    }

    fn grow(&mut self) {
        self.slots = Vec::new();
        let wide = 1 << (u64::BITS - self.shift + 1);
        self.slots = vec![NONE; wide];
        self.shift -= 1;
        for number in 0..self.keys.len() {
            let mut place = self.home(self.keys[number]);
            while self.slots[place] != NONE {
                place = self.after(place);
            }
            self.slots[place] = narrow(number);
        }
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        self.keys.capacity() * size_of::<u64>() + self.slots.capacity() * size_of::<u32>()
    }

    /// Nothing will be looked up any more: only the keys stay.
    pub(super) fn freeze(&mut self) {
        self.slots = Vec::new();
        self.keys.shrink_to_fit();
    }
}
