//! What is on its way from the provider to the host, and what a step adds to it.

use std::hash::{Hash, Hasher};

use crate::world::told::{Told, Wire};

/// The two places that a provider's events come from. Each keeps its order; between them there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// What the agent says of its turns.
    Turns,
    /// What the runtime around it says of the session.
    Session,
}

impl Source {
    /// Both sources.
    pub const ALL: [Self; 2] = [Self::Turns, Self::Session];
}

/// Events of one source on their way to the host, oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Queue([Option<Wire>; 4]);

/// In one piece, which is a fifth of the work. The same goes for the other structs of small numbers here.
impl Hash for Queue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let codes = self.0.map(|wire| wire.map_or(0, Wire::code));
        state.write_u32(u32::from_le_bytes(codes));
    }
}

impl Queue {
    /// How many events are on their way.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.iter().flatten().count()
    }

    /// Whether nothing is on its way.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0[0].is_none()
    }

    /// The event that arrives next.
    #[must_use]
    pub fn head(self) -> Option<Told> {
        self.0[0].map(Told::from)
    }

    /// The events on their way, oldest first.
    pub fn iter(self) -> impl Iterator<Item = Told> {
        self.0.into_iter().flatten().map(Told::from)
    }

    pub(crate) fn push(&mut self, told: Told) -> bool {
        match self.0.iter_mut().find(|slot| slot.is_none()) {
            Some(slot) => {
                *slot = Some(told.into());
                true
            }
            None => false,
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Told> {
        let head = self.0[0].take();
        self.0.rotate_left(1);
        head.map(Told::from)
    }
}

/// What is on its way to the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Traffic {
    /// From the agent.
    pub turns: Queue,
    /// From the runtime.
    pub session: Queue,
    /// An event that will arrive a second time.
    pub duplicate: Option<Wire>,
}

impl Traffic {
    /// What is on its way from a source.
    #[must_use]
    pub fn queue(&self, source: Source) -> Queue {
        match source {
            Source::Turns => self.turns,
            Source::Session => self.session,
        }
    }

    fn queue_mut(&mut self, source: Source) -> &mut Queue {
        match source {
            Source::Turns => &mut self.turns,
            Source::Session => &mut self.session,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.turns.len() + self.session.len() + usize::from(self.duplicate.is_some())
    }

    /// The next event of a source, and what is then still on its way.
    pub(crate) fn arrival(mut self, from: Source) -> Option<(Told, Self)> {
        let told = self.queue_mut(from).pop()?;
        Some((told, self))
    }

    /// The next event of a source, which stays on its way as the one that comes again.
    pub(crate) fn first_arrival(self, from: Source) -> Option<(Told, Self)> {
        self.duplicate.is_none().then_some(())?;
        let (told, mut rest) = self.arrival(from)?;
        rest.duplicate = Some(told.into());
        Some((told, rest))
    }

    /// The event that comes again.
    pub(crate) fn second_arrival(mut self) -> Option<(Told, Self)> {
        let told = self.duplicate.take()?;
        Some((told.into(), self))
    }

    /// With what a step sends, if there is room for it.
    pub(crate) fn carry(mut self, room: usize, post: Post) -> Option<Self> {
        if post.after_loss {
            self.turns = Queue::default();
            self.session = Queue::default();
        }
        for told in post.news.into_iter().flatten() {
            let sent = self.len() < room && self.queue_mut(post.source).push(told.into());
            sent.then_some(())?;
        }
        Some(self)
    }
}

/// What a step of the world sends to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    source: Source,
    news: [Option<Wire>; 2],
    after_loss: bool,
}

impl Post {
    /// Nothing.
    pub(crate) const NONE: Self = Self {
        source: Source::Turns,
        news: [None; 2],
        after_loss: false,
    };

    pub(crate) fn one(source: Source, told: Told) -> Self {
        Self {
            source,
            news: [Some(told.into()), None],
            ..Self::NONE
        }
    }

    pub(crate) fn two(source: Source, news: [Told; 2]) -> Self {
        Self {
            source,
            news: news.map(|told| Some(told.into())),
            ..Self::NONE
        }
    }

    /// What was on its way is lost first.
    pub(crate) fn after_loss(self) -> Self {
        Self {
            after_loss: true,
            ..self
        }
    }
}
