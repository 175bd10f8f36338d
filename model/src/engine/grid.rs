//! Answers by two numbers.

/// A table of answers by row and column, both dense. It grows with what is noted in it.
#[derive(Debug)]
pub struct Grid<T> {
    cells: Vec<T>,
    columns: usize,
    blank: T,
}

impl<T: Copy> Grid<T> {
    /// A table of which every cell reads as blank.
    pub fn blank(blank: T) -> Self {
        Self {
            cells: Vec::new(),
            columns: 16,
            blank,
        }
    }

    /// What stands there.
    #[inline]
    pub fn get(&self, row: u32, column: u32) -> T {
        let (row, column) = (row as usize, column as usize);
        if column >= self.columns {
            return self.blank;
        }
        let cell = self.cells.get(row * self.columns + column);
        cell.copied().unwrap_or(self.blank)
    }

    /// Notes something there.
    pub fn put(&mut self, row: u32, column: u32, value: T) {
        let (row, column) = (row as usize, column as usize);
        if column >= self.columns {
            self.widen((column + 1).next_power_of_two());
        }
        let least = (row + 1) * self.columns;
        if self.cells.len() < least {
            self.cells.resize(least, self.blank);
        }
        self.cells[row * self.columns + column] = value;
    }

    fn widen(&mut self, columns: usize) {
        let rows = self.cells.len() / self.columns;
        let mut wider = Vec::with_capacity(rows * columns);
        for (row, cells) in (1..).zip(self.cells.chunks(self.columns)) {
            wider.extend_from_slice(cells);
            wider.resize(row * columns, self.blank);
        }
        self.cells = wider;
        self.columns = columns;
    }
}
