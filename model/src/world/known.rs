//! What the parts of states did before, and the steps that are put together from it.

use rustc_hash::FxHashMap;

use crate::engine::{Grid, NONE, Parts, Place, Steps};
use crate::subject::Subject;
use crate::world::observe::{Question, Saying};
use crate::world::traffic::Post;
use crate::world::way::Way;
use crate::world::{Action, Point, World};

/// How many different things a step can send, at most.
pub(super) const POSTS: usize = 64;

/// There is no room for what a step sends. No traffic has that number.
pub(super) const NO_ROOM: u32 = NONE - 1;

/// What the parts of states did before.
#[derive(Debug)]
pub struct Memory {
    pub(super) actions: Vec<Action>,
    /// By core: where in `choices` stands what may happen, in the order of the actions.
    pub(super) menus: Vec<Option<(u32, u32)>>,
    pub(super) choices: Vec<Choice>,
    /// By traffic.
    pub(super) rows: Vec<Option<Row>>,
    /// What steps send.
    pub(super) posts: Vec<Post>,
    pub(super) answers: Answers,
}

/// Something that may happen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    /// This becomes of the core, or this core hears what the session says.
    pub(super) core: u32,
    pub(super) action: u8,
    pub(super) how: How,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// If there is room for this post.
    Others { post: u8 },
    /// The session is asked on one of the ways ([`Way::ALL`]): about what arrives, or this.
    Session { way: u8, asked: u8 },
}

/// What can become of what is on its way.
#[derive(Debug)]
pub(super) struct Row {
    /// By way: what arrives (0 for nothing), and what is then still on its way. A way that is closed is one on which
    /// nothing arrives.
    pub(super) ways: [(u8, u32); Way::ALL.len()],
    /// By post: with it, once that has been asked.
    pub(super) after: [u32; POSTS],
}

/// What sessions answered, and what cores made of it.
#[derive(Debug)]
pub(super) struct Answers {
    /// Questions of the host, numbered behind the codes of the events.
    pub(super) questions: Vec<Question>,
    /// By session and question.
    pub(super) given: Vec<[Given; QUESTIONS]>,
    pub(super) sayings: Vec<Saying>,
    pub(super) numbers: FxHashMap<Saying, u32>,
    /// By core and saying: the core then.
    pub(super) noticed: Grid<u32>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            actions: Action::all(),
            menus: Vec::new(),
            choices: Vec::new(),
            rows: Vec::new(),
            posts: Vec::new(),
            answers: Answers {
                questions: Vec::new(),
                given: Vec::new(),
                sayings: Vec::new(),
                numbers: FxHashMap::default(),
                noticed: Grid::blank(NONE),
            },
        }
    }
}

/// How many different questions there are at most: events, and what hosts ask.
pub(super) const QUESTIONS: usize = 128;

/// What a session answered: the session then, and the number of what it says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    pub(super) session: u32,
    pub(super) saying: u32,
}

impl Given {
    /// Nobody has asked yet.
    pub(super) const UNASKED: Self = Self {
        session: NONE,
        saying: NONE,
    };

    /// The session has no answer: nothing happens.
    pub(super) const NOTHING: Self = Self {
        session: NONE,
        saying: NONE - 1,
    };
}

/// What nobody has found out so far.
pub(super) enum Missing {
    Menu,
    Row,
    After { post: u8 },
    Given { asked: u8 },
    Noticed { core: u32, saying: u32 },
}

/// The codes of events are below that.
pub(super) const EVENTS: u8 = 64;

pub(super) struct Known<'a, S: Subject> {
    pub(super) world: &'a World<S>,
    pub(super) parts: &'a Parts<Point<S::Session>>,
}

impl<S: Subject> Known<'_, S> {
    pub(super) fn expand(&self, memory: &mut Memory, from: Place, steps: &mut Steps) {
        while let Err(missing) = self.look_up(memory, from, steps) {
            self.find_out(memory, from, missing);
        }
    }

    /// Writes the steps out of a state down, if all of them are known.
    ///
    /// What is no step is written down as well, and then written over: to ask first costs more.
    fn look_up(&self, memory: &Memory, from: Place, steps: &mut Steps) -> Result<(), Missing> {
        let menu = memory.menu(from.second).ok_or(Missing::Menu)?;
        let row = known(&memory.rows, from.third).ok_or(Missing::Row)?;
        let given = memory.answers.given.get(from.first as usize);
        let given = given.unwrap_or(&[Given::UNASKED; QUESTIONS]);
        let noticed = &memory.answers.noticed;
        let key = Self::key_of(from.first, from.second, from.third);
        let first = Self::key_of(from.first, 0, 0);
        let (causes, keys) = steps.room(menu.len());
        let mut made = 0;
        for Choice { core, action, how } in menu.iter().copied() {
            let mut is_step = true;
            let to = match how {
                How::Others { post } => {
                    let third = row.after[usize::from(post) % POSTS];
                    if third == NONE {
                        return Err(Missing::After { post });
                    }
                    is_step = third != NO_ROOM;
                    first | Self::key_of(0, core, third)
                }
                How::Session { way, asked } => {
                    let (arrived, third) = row.ways[usize::from(way) % Way::ALL.len()];
                    let asked = arrived | asked;
                    let Given { session, saying } = given[usize::from(asked) % QUESTIONS];
                    if saying >= Given::NOTHING.saying {
                        if saying == NONE {
                            return Err(Missing::Given { asked });
                        }
                        continue;
                    }
                    let after = noticed.get(core, saying);
                    if after == NONE {
                        return Err(Missing::Noticed { core, saying });
                    }
                    Self::key_of(session, after, third)
                }
            };
            causes[made] = action;
            keys[made] = to;
            // What changes nothing is no step.
            made += usize::from(is_step & (to != key));
        }
        steps.made(made);
        Ok(())
    }

    fn key_of(first: u32, second: u32, third: u32) -> u64 {
        Parts::<Point<S::Session>>::key_of(Place {
            first,
            second,
            third,
        })
    }
}

impl Memory {
    #[inline]
    fn menu(&self, core: u32) -> Option<&[Choice]> {
        let (begin, end) = known(&self.menus, core)?;
        self.choices.get(*begin as usize..*end as usize)
    }
}

/// What is known of a number.
#[inline]
fn known<T>(all: &[Option<T>], number: u32) -> Option<&T> {
    all.get(number as usize)?.as_ref()
}
