//! Answers by two numbers.

/// A table of answers by row and column, both dense. It grows with what is noted in it.
#[derive(Debug)]
pub struct Grid<T> {
    cells: Vec<T>,
    /// There are two to the power of that many columns.
    shift: u32,
    blank: T,
}

impl<T: Copy> Grid<T> {
    /// A table of which every cell reads as blank.
    pub fn blank(blank: T) -> Self {
        Self {
            cells: Vec::new(),
            shift: 4,
            blank,
        }
    }

    /// What stands there.
    #[inline]
    pub fn get(&self, row: u32, column: u32) -> T {
        if column >> self.shift != 0 {
            return self.blank;
        }
        let at = (row as usize) << self.shift | column as usize;
        self.cells.get(at).copied().unwrap_or(self.blank)
    }

    /// Notes something there.
    pub fn put(&mut self, row: u32, column: u32, value: T) {
        while column >> self.shift != 0 {
            let mut wider = Vec::with_capacity(2 * self.cells.len());
            for row in self.cells.chunks(1 << self.shift) {
                wider.extend_from_slice(row);
                wider.resize(wider.len() + (1 << self.shift), self.blank);
            }
            self.cells = wider;
            self.shift += 1;
        }
        let rows = row as usize + 1;
        if self.cells.len() >> self.shift < rows {
            self.cells.resize(rows << self.shift, self.blank);
        }
        self.cells[(row as usize) << self.shift | column as usize] = value;
    }
}
