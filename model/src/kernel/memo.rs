//! The shipped supervisor, called once for each supervisor and input.
//!
//! `handle` is a function of the supervisor, the input and the time, and nothing else. Supervisors are kept as plain
//! images and named by a number, so that a state of the model is small; what the shipped code made of each, with each
//! input, is remembered.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use session_lifecycle::supervisor::{Effect, Image, Input, Patience, Supervisor};
use session_lifecycle::{Fault, ProviderLife, Timestamp};

use crate::kernel::call::Call;
use crate::kernel::view::View;

/// The number of a supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kept(u32);

/// What the shipped code made of an input.
#[derive(Clone, Debug)]
pub struct Handled {
    /// The supervisor now.
    pub kept: Kept,
    /// What it was told; a boot reads as a sweep.
    pub input: Input,
    /// What the host has to do.
    pub effects: Vec<Effect>,
    /// The idle clock starts anew.
    pub touched: bool,
}

/// Supervisors and what became of them.
#[derive(Debug, Default)]
pub struct Memo {
    name: Name,
    fault: Option<Fault>,
    tables: Mutex<Tables>,
}

/// No two memos of a process have the same.
#[derive(Debug)]
struct Name(u64);

impl Default for Name {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

#[derive(Debug, Default)]
struct Tables {
    images: IndexSet<Arc<Image>, FxBuildHasher>,
    views: Vec<View>,
    handled: HashMap<(Kept, Call), Arc<Handled>, FxBuildHasher>,
    booted: HashMap<Kept, Arc<Handled>, FxBuildHasher>,
}

/// A model without waiting: every deadline is due at once, and it is left to the world when that is.
const PATIENCE: Patience = Patience {
    start: Duration::ZERO,
    send: Duration::ZERO,
    interrupt: Duration::ZERO,
    read: Duration::ZERO,
    stop: Duration::ZERO,
    stall: Duration::ZERO,
    lease: Duration::ZERO,
    idle: Duration::from_secs(10),
};

/// The moment of every input: after everything that was before.
const NOW: Timestamp = Timestamp(Duration::from_secs(1));
/// The moment of an input to a session that has been idle for long.
const LATE: Timestamp = Timestamp(Duration::from_secs(100));

impl Memo {
    /// Supervisors that carry a published defect.
    pub fn with_fault(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }

    /// A supervisor of which nothing is known yet.
    pub fn fresh(&self) -> Kept {
        let supervisor = Supervisor::new(PATIENCE, Timestamp::default());
        self.keep(supervisor.image(NOW).0)
    }

    fn keep(&self, image: Image) -> Kept {
        let view = View::of(&image, &image.supervisor(PATIENCE, self.fault));
        let mut tables = self.tables();
        let (at, is_new) = tables.images.insert_full(Arc::new(image));
        if is_new {
            tables.views.push(view);
        }
        Kept(u32::try_from(at).expect("fewer than four thousand million supervisors"))
    }

    /// The supervisor of that number.
    pub fn image(&self, kept: Kept) -> Arc<Image> {
        let tables = self.tables();
        Arc::clone(
            tables
                .images
                .get_index(kept.0 as usize)
                .expect("every number was given out by `keep`"),
        )
    }

    /// What the supervisor of that number shows. Each thread remembers the latest, so that nobody waits for another.
    pub fn view(&self, kept: Kept) -> View {
        thread_local! {
            static SHOWN: RefCell<Vec<Option<(u64, Kept, View)>>> = RefCell::new(vec![None; 256]);
        }
        SHOWN.with_borrow_mut(|shown| {
            let place = &mut shown[kept.0 as usize % 256];
            match place {
                Some((memo, known, view)) if *memo == self.name.0 && *known == kept => *view,
                _ => {
                    let view = self.tables().views[kept.0 as usize];
                    *place = Some((self.name.0, kept, view));
                    view
                }
            }
        })
    }

    /// The supervisor itself.
    pub fn supervisor(&self, kept: Kept) -> Supervisor {
        self.image(kept).supervisor(PATIENCE, self.fault)
    }

    /// What the shipped code makes of an input.
    pub fn handle(&self, kept: Kept, call: Call) -> Arc<Handled> {
        let key = (kept, call);
        if let Some(known) = self.tables().handled.get(&key) {
            return Arc::clone(known);
        }
        let now = if call.late { LATE } else { NOW };
        let input = call.input();
        let mut supervisor = self.supervisor(kept);
        let effects = supervisor.handle(input.clone(), now).into_vec();
        let handled = self.note(&supervisor, input, effects, now);
        self.tables().handled.insert(key, Arc::clone(&handled));
        handled
    }

    /// What the shipped code makes of what the supervisor has stored, when the host boots and its children are dead.
    pub fn boot(&self, disk: Kept) -> Arc<Handled> {
        if let Some(known) = self.tables().booted.get(&disk) {
            return Arc::clone(known);
        }
        let stored = self.image(disk).stored().clone();
        let (mut supervisor, _) =
            Supervisor::boot_with_fault(self.fault, stored, ProviderLife::Gone, PATIENCE, NOW)
                .expect("what a supervisor stores can be loaded");
        let effects = supervisor.booted(NOW).into_vec();
        let handled = self.note(&supervisor, Input::Sweep, effects, NOW);
        self.tables().booted.insert(disk, Arc::clone(&handled));
        handled
    }

    fn note(
        &self,
        supervisor: &Supervisor,
        input: Input,
        effects: Vec<Effect>,
        now: Timestamp,
    ) -> Arc<Handled> {
        let (image, touched) = supervisor.image(now);
        Arc::new(Handled {
            kept: self.keep(image),
            input,
            effects,
            touched,
        })
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
