//! Keys and their numbers, in the order in which they came.

/// No state, no edge.
pub const NONE: u32 = u32::MAX;

/// How many keys are looked up side by side, so that the memory answers them at once.
const ABREAST: usize = 16;

/// For how many keys more there is room at least when there has to be more room.
const LEAST_ROOM: usize = 1 << 16;

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

    /// The number of each key, one key after the other. One that is not there yet gets the next number.
    pub(super) fn number_all(&mut self, keys: &[u64], numbers: &mut Vec<u32>) {
        let (abreast, rest) = keys.as_chunks::<ABREAST>();
        for keys in abreast {
            self.make_room();
            numbers.extend_from_slice(&self.number_abreast(keys));
        }
        numbers.extend(rest.iter().map(|key| self.number(*key)));
    }

    /// Each of the first loops does one thing that may have to wait for the memory, many times.
    #[inline]
    fn number_abreast(&mut self, keys: &[u64; ABREAST]) -> [u32; ABREAST] {
        let mut homes = [0; ABREAST];
        let mut numbers = [NONE; ABREAST];
        let mut known = [0; ABREAST];
        for (home, key) in homes.iter_mut().zip(keys) {
            *home = self.home(*key);
        }
        for (number, home) in numbers.iter_mut().zip(&homes) {
            *number = self.slots[*home];
        }
        let last = self.keys.len() - 1;
        for (known, number) in known.iter_mut().zip(&numbers) {
            // Where a home is empty, the key of the last state stands in: its own home is not empty, so that it is
            // not the key that is looked for.
            *known = self.keys[last.min(*number as usize)];
        }
        for which in 0..ABREAST {
            if known[which] != keys[which] {
                // One of those before it may have taken the slot in the meantime: look again.
                numbers[which] = self.number_from(homes[which], keys[which]);
            }
        }
        numbers
    }

    /// The number of a key. One that is not there yet gets the next.
    pub(super) fn number(&mut self, key: u64) -> u32 {
        self.make_room();
        self.number_from(self.home(key), key)
    }

    /// The same, where there is room. What is looked for from its home on ends at itself or at a free slot.
    #[inline]
    fn number_from(&mut self, home: usize, key: u64) -> u32 {
        let mut place = home;
        loop {
            match self.slots[place] {
                NONE => break,
                number if self.keys[number as usize] == key => return number,
                _ => place = self.after(place),
            }
        }
        let number = narrow(self.keys.len());
        self.keys.push(key);
        self.slots[place] = number;
        number
    }

    /// Room for as many keys as are looked up abreast.
    #[inline]
    fn make_room(&mut self) {
        let len = self.keys.len() + ABREAST;
        if len > self.keys.capacity() {
            // An eighth and not as much again: the larger the graph, the more it counts.
            self.keys.reserve_exact(LEAST_ROOM.max(len / 8));
        }
        if len > self.slots.len() / 8 * 5 {
            self.grow();
        }
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
