//! Keys and their numbers, in the order in which they came.

/// No state, no edge.
pub const NONE: u32 = u32::MAX;

/// How many keys are looked up side by side, so that the memory answers them at once.
const ABREAST: usize = 16;

/// A table of fewer slots is kept nearly empty and grows in leaps: keys are found sooner, and are seldom put in their
/// places again.
const SMALL: usize = 1 << 18;

/// For how many keys more there is room at least when there has to be more room.
const LEAST_ROOM: usize = 1 << 16;

/// Every key once, numbered; eight bytes each, and four for each of the slots of an open table.
///
/// A number is smaller than the table is wide, and the bits of a slot that are left over are a mark, from the hash of the
/// key: most keys that are not the one that is looked for are passed by without a look at them. That a mark is right does
/// not mean that the key is; the key itself is always compared.
///
/// INVARIANT: each key has a number and each number stands in one slot, on the way from the home of its key to the first
/// free one. A table is never full, so that no number has all bits set, and no slot in use is [`NONE`].
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
        .expect("a graph of less than four thousand million states")
}

/// Every bit of a key moves the upper ones.
#[inline]
fn hash(key: u64) -> u64 {
    (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
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
    fn home(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.slots.len() - 1)
    }

    /// The bits of a slot that are the number's.
    #[inline]
    fn mask(&self) -> u32 {
        (self.slots.len() - 1) as u32
    }

    /// The bits of a slot that are the mark of a hash: those behind the bits that say where its home is.
    #[inline]
    fn mark(&self, hash: u64) -> u32 {
        (hash >> (self.shift - u32::BITS)) as u32 & !self.mask()
    }

    /// Writes down the number of each key, one key after the other. One that is not there yet gets the next number.
    pub(super) fn number_all(&mut self, keys: &[u64], numbers: &mut [u32]) {
        let (abreast, rest) = keys.as_chunks::<ABREAST>();
        let (numbers, numbers_of_rest) = numbers.as_chunks_mut::<ABREAST>();
        for (keys, numbers) in abreast.iter().zip(numbers) {
            self.make_room();
            *numbers = self.number_abreast(keys);
        }
        for (key, number) in rest.iter().zip(numbers_of_rest) {
            *number = self.number(*key);
        }
    }

    /// Each of the first loops does one thing that may have to wait for the memory, many times.
    #[inline]
    fn number_abreast(&mut self, keys: &[u64; ABREAST]) -> [u32; ABREAST] {
        let mut numbers = [NONE; ABREAST];
        let mut known = [0; ABREAST];
        for (number, key) in numbers.iter_mut().zip(keys) {
            *number = self.slots[self.home(hash(*key))];
        }
        for (number, key) in numbers.iter_mut().zip(keys) {
            // Without its mark a slot is a number. Where the home is empty, or another key's, that is too large for one, and
            // the first key stands in, at which no memory has to be waited for: should it be looked for, its number is right.
            let unmarked = *number ^ self.mark(hash(*key));
            *number = if unmarked < self.mask() { unmarked } else { 0 };
        }
        for (known, number) in known.iter_mut().zip(&numbers) {
            *known = self.keys[*number as usize];
        }
        for which in 0..ABREAST {
            if known[which] != keys[which] {
                // One of those before it may have taken the slot in the meantime: look again.
                numbers[which] = self.number_in_room(keys[which]);
            }
        }
        numbers
    }

    /// The number of a key. One that is not there yet gets the next.
    pub(super) fn number(&mut self, key: u64) -> u32 {
        self.make_room();
        self.number_in_room(key)
    }

    fn number_in_room(&mut self, key: u64) -> u32 {
        let hash = hash(key);
        let (mark, mask) = (self.mark(hash), self.mask());
        let mut place = self.home(hash);
        loop {
            let slot = self.slots[place];
            if slot == NONE {
                break;
            }
            if slot & !mask == mark && self.keys[(slot & mask) as usize] == key {
                return slot & mask;
            }
            place = self.after(place);
        }
        let number = narrow(self.keys.len());
        self.keys.push(key);
        self.slots[place] = mark | number;
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
        let slots = self.slots.len();
        if len > slots / 8 * if slots < SMALL { 3 } else { 5 } {
            self.grow();
        }
    }

    fn grow(&mut self) {
        self.shift -= if self.slots.len() < SMALL { 2 } else { 1 };
        self.slots = Vec::new();
        self.slots = vec![NONE; 1 << (u64::BITS - self.shift)];
        for (number, key) in (0..).zip(&self.keys) {
            let hash = hash(*key);
            let mut place = self.home(hash);
            while self.slots[place] != NONE {
                place = self.after(place);
            }
            self.slots[place] = self.mark(hash) | number;
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
