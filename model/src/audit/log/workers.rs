//! The blocks of a stream: read and sifted by several threads at once, folded by one, in their order.

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::blocks::Blocks;
use super::sieve::{Sieve, Sifted};

/// Hands each block to `fold`, in the order of the stream, whatever the number of threads.
///
/// Only the caller's thread folds. It sifts as well, whenever there is nothing to fold.
pub(super) fn each_block(
    input: impl BufRead + Send,
    sieve: &Sieve,
    threads: usize,
    mut fold: impl FnMut(&Sifted),
) -> io::Result<()> {
    let mut blocks = Blocks::of(input);
    let mut first = Sifted::default();
    if !blocks.next(&mut first.block)? {
        return Ok(());
    }
    sieve.sift(&mut first);
    fold(&first);
    if threads > 1 {
        return in_parallel(blocks, sieve, threads, &mut fold);
    }
    while blocks.next(&mut first.block)? {
        sieve.sift(&mut first);
        fold(&first);
    }
    Ok(())
}

/// The stream, and how many blocks were taken from it.
struct Source<R> {
    blocks: Blocks<R>,
    taken: u64,
    end: Option<io::Result<()>>,
}

/// Blocks that nobody works on.
#[derive(Default)]
struct Resting {
    free: Vec<Sifted>,
    sifted: BTreeMap<u64, Sifted>,
    /// Nothing more will be folded.
    over: bool,
}

struct Shared<R> {
    source: Mutex<Source<R>>,
    resting: Mutex<Resting>,
    moved: Condvar,
}

fn in_parallel<R: BufRead + Send>(
    blocks: Blocks<R>,
    sieve: &Sieve,
    threads: usize,
    fold: &mut impl FnMut(&Sifted),
) -> io::Result<()> {
    let source = Source {
        blocks,
        taken: 0,
        end: None,
    };
    let resting = Resting {
        // One for each thread, and one that waits to be folded.
        free: (0..=threads).map(|_| Sifted::default()).collect(),
        ..Resting::default()
    };
    let shared = Shared {
        source: Mutex::new(source),
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
    let source = shared.source.into_inner();
    let end = source.unwrap_or_else(PoisonError::into_inner).end;
    end.unwrap_or(Ok(()))
}

impl<R: BufRead> Shared<R> {
    fn resting(&self) -> MutexGuard<'_, Resting> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, resting: MutexGuard<'a, Resting>) -> MutexGuard<'a, Resting> {
        self.moved
            .wait(resting)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next block from the stream and sifts it; `false` if there is none, or no room for one.
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
        let taken = self.take(&mut sifted);
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

    fn take(&self, sifted: &mut Sifted) -> Option<u64> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        if source.end.is_some() {
            return None;
        }
        match source.blocks.next(&mut sifted.block) {
            Ok(true) => {
                source.taken += 1;
                Some(source.taken - 1)
            }
            Ok(false) => {
                source.end = Some(Ok(()));
                None
            }
            Err(why) => {
                source.end = Some(Err(why));
                None
            }
        }
    }

    /// How many blocks there are, once that is known.
    fn count(&self) -> Option<u64> {
        let source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.end.as_ref().map(|_| source.taken)
    }

    fn fold_all(&self, sieve: &Sieve, fold: &mut impl FnMut(&Sifted)) {
        let mut due = 0;
        loop {
            let next = self.resting().sifted.remove(&due);
            if let Some(sifted) = next {
                fold(&sifted);
                due += 1;
                self.resting().free.push(sifted);
                self.moved.notify_all();
            } else if !self.sift_one(sieve, false) {
                let count = self.count();
                let mut resting = self.resting();
                // The block that is due is with another thread, unless there are no more.
                while count != Some(due)
                    && !resting.over
                    && !resting.sifted.contains_key(&due)
                    && (count.is_some() || resting.free.is_empty())
                {
                    resting = self.wait(resting);
                }
                if count == Some(due) || resting.over {
                    return;
                }
            }
        }
    }
}

/// Lets nobody wait for a thread that has ended: when there is nothing more to fold, or a thread panics.
struct Over<'a, R: BufRead>(&'a Shared<R>);

impl<R: BufRead> Drop for Over<'_, R> {
    fn drop(&mut self) {
        self.0.resting().over = true;
        self.0.moved.notify_all();
    }
}
