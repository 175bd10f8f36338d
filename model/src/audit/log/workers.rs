//! The blocks of a stream: read and sifted by several threads at once, folded by one, in their order.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::blocks::Blocks;
use super::sieve::{Sieve, Sifted};

/// Hands each block to `fold`, in the order of the input, whatever the number of threads.
///
/// Only the caller's thread folds. It sifts as well, whenever there is nothing to fold.
pub(super) fn each_block(
    blocks: Blocks,
    sieve: &Sieve,
    threads: usize,
    mut fold: impl FnMut(&Sifted),
) -> io::Result<()> {
    let mut sifted = Sifted::default();
    while blocks.next(&mut sifted.block).is_some() {
        sieve.sift(&mut sifted);
        fold(&sifted);
        if threads > 1 && blocks.count().is_none() {
            return in_parallel(blocks, sieve, threads, &mut fold);
        }
    }
    blocks.end()
}

/// Blocks that nobody works on.
#[derive(Default)]
struct Resting {
    free: Vec<Sifted>,
    sifted: BTreeMap<u64, Sifted>,
    /// Nothing more will be folded.
    over: bool,
}

struct Shared {
    blocks: Blocks,
    resting: Mutex<Resting>,
    moved: Condvar,
}

fn in_parallel(
    blocks: Blocks,
    sieve: &Sieve,
    threads: usize,
    fold: &mut impl FnMut(&Sifted),
) -> io::Result<()> {
    let resting = Resting {
        // One for each thread, and as many that wait to be folded.
        free: (0..2 * threads).map(|_| Sifted::default()).collect(),
        ..Resting::default()
    };
    let shared = Shared {
        blocks,
        resting: Mutex::new(resting),
        moved: Condvar::new(),
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| {
                let over = Over(&shared);
                while shared.sift_one(sieve, true) {}
                // The others go on: only a panic is everybody's end.
                std::mem::forget(over);
            });
        }
        let _over = Over(&shared);
        shared.fold_all(sieve, fold);
    });
    shared.blocks.end()
}

impl Shared {
    fn resting(&self) -> MutexGuard<'_, Resting> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, resting: MutexGuard<'a, Resting>) -> MutexGuard<'a, Resting> {
        self.moved
            .wait(resting)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next block and sifts it; `false` if there is none, or no room for one.
    fn sift_one(&self, sieve: &Sieve, patiently: bool) -> bool {
        let mut resting = self.resting();
        while patiently && resting.free.is_empty() && !resting.over {
            resting = self.wait(resting);
        }
        if resting.over {
            return false;
        }
        let Some(mut sifted) = resting.free.pop() else {
            return false;
        };
        drop(resting);
        let taken = self.blocks.next(&mut sifted.block);
        if taken.is_some() {
            sieve.sift(&mut sifted);
        }
        let mut resting = self.resting();
        match taken {
            Some(number) => drop(resting.sifted.insert(number, sifted)),
            None => resting.free.push(sifted),
        }
        self.moved.notify_all();
        taken.is_some()
    }

    fn fold_all(&self, sieve: &Sieve, fold: &mut impl FnMut(&Sifted)) {
        let mut due = 1;
        loop {
            // Known before what may be folded is looked for: what lies beyond the end is not.
            if self.blocks.count().is_some_and(|count| count <= due) {
                return;
            }
            let next = self.resting().sifted.remove(&due);
            if let Some(sifted) = next {
                fold(&sifted);
                due += 1;
                self.resting().free.push(sifted);
                self.moved.notify_all();
            } else if !self.sift_one(sieve, false) {
                let mut resting = self.resting();
                // The block that is due is with another thread, which may find that the file has been cut short before it.
                loop {
                    let count = self.blocks.count();
                    if resting.over || count.is_some_and(|count| count <= due) {
                        return;
                    }
                    let is_there = resting.sifted.contains_key(&due);
                    if is_there || (count.is_none() && !resting.free.is_empty()) {
                        break;
                    }
                    resting = self.wait(resting);
                }
            }
        }
    }
}

/// Lets nobody wait for a thread that has ended: when there is nothing more to fold, or a thread panics.
struct Over<'a>(&'a Shared);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.resting().over = true;
        self.0.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::files::Input;
    use crate::audit::log::blocks::Cut;
    use crate::audit::log::sieve::Care;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn nobody_waits_for_a_block_that_was_cut_off_while_it_was_with_another_thread() {
        let blocks = Blocks::of(Input::Stream(Box::new(io::empty())), Cut::READ);
        let shared = Shared {
            blocks,
            resting: Mutex::default(),
            moved: Condvar::new(),
        };
        // Blocks up to the fourth were handed out, and the fifth was empty.
        shared.blocks.end_at(5);
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut folded = 0;
                shared.fold_all(&Sieve::new(Care::Needed), &mut |_| folded += 1);
                tell.send(folded).unwrap();
            });
            assert!(told.recv_timeout(Duration::from_millis(50)).is_err());
            // Whoever has the first finds nothing there any more.
            shared.blocks.end_at(1);
            drop(shared.resting());
            shared.moved.notify_all();
            let folded = told.recv_timeout(Duration::from_secs(10));
            drop(Over(&shared));
            assert_eq!(folded, Ok(0));
        });
    }
}
