//! The world as the engine searches it: each state three numbers, each step put together from what its parts did before.
//!
//! A state comes apart into the session, the rest of the world without what is on its way (its core), and that. What a step
//! does depends on few of them ([`Maker`]), and the parts are few, so that nearly every step has been made before with other
//! parts beside it. The functions that make it are those of the model itself.

use rustc_hash::FxHashMap;

use crate::engine::{Grid, InParts, NONE, Parts, Place, Searched, Steps, Store};
use crate::subject::Subject;
use crate::world::env::{Post, Traffic};
use crate::world::observe::{Question, Saying};
use crate::world::way::{Maker, Way};
use crate::world::{Action, Env, Point, Wire, World};

impl<S: Subject> Searched for World<S> {
    type Store = Compact<S>;

    fn store(&self) -> Compact<S> {
        Compact(Parts::default())
    }
}

/// Keeps the states of a [`World`] in their parts.
pub struct Compact<S: Subject>(Parts<Point<S::Session>>);

impl<T: Clone + std::hash::Hash + Eq> InParts for Point<T> {
    type First = T;
    type Second = Env;
    type Third = Traffic;

    const BITS: [u32; 3] = [28, 18, 18];

    fn apart(self) -> (T, Env, Traffic) {
        let (core, traffic) = self.env.apart();
        (self.session, core, traffic)
    }

    fn joined(session: T, core: Env, traffic: Traffic) -> Self {
        Self {
            session,
            env: Env { traffic, ..core },
        }
    }
}

impl<S: Subject> Store<World<S>> for Compact<S> {
    type Memory = Memory;

    fn key(&self, point: Point<S::Session>) -> u64 {
        self.0.key(point)
    }

    fn state(&self, key: u64) -> Point<S::Session> {
        self.0.state(key)
    }

    #[inline]
    fn expand(&self, world: &World<S>, memory: &mut Memory, key: u64, steps: &mut Steps) {
        let known = Known {
            world,
            parts: &self.0,
        };
        known.expand(memory, Parts::<Point<S::Session>>::place_of(key), steps);
    }

    fn actions(&self) -> Vec<Action> {
        Action::all()
    }

    fn freeze(&self) {
        self.0.freeze();
    }

    fn counts(&self) -> Vec<usize> {
        self.0.counts().to_vec()
    }

    fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

/// How many different things a step can send, at most.
const POSTS: usize = 64;

/// There is no room for what a step sends. No traffic has that number.
const NO_ROOM: u32 = NONE - 1;

/// What the parts of states did before.
#[derive(Debug)]
pub struct Memory {
    actions: Vec<Action>,
    /// By core: where in `choices` stands what may happen, in the order of the actions.
    menus: Vec<Option<(u32, u32)>>,
    choices: Vec<Choice>,
    /// By traffic.
    rows: Vec<Option<Row>>,
    /// What steps send.
    posts: Vec<Post>,
    answers: Answers,
}

/// Something that may happen.
#[derive(Clone, Copy, Debug)]
struct Choice {
    /// This becomes of the core, or this core hears what the session says.
    core: u32,
    action: u8,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    /// If there is room for this post.
    Others { post: u8 },
    /// The session is asked on one of the ways ([`Way::ALL`]): about what arrives, or this.
    Session { way: u8, asked: u8 },
}

/// What can become of what is on its way.
#[derive(Debug)]
struct Row {
    /// By way: what arrives (0 for nothing), and what is then still on its way. A way that is closed is one on which
    /// nothing arrives.
    ways: [(u8, u32); Way::ALL.len()],
    /// By post: with it, once that has been asked.
    after: [u32; POSTS],
}

/// What sessions answered, and what cores made of it.
#[derive(Debug)]
struct Answers {
    /// Questions of the host, numbered behind the codes of the events.
    questions: Vec<Question>,
    /// By session and question.
    given: Vec<[Given; QUESTIONS]>,
    sayings: Vec<Saying>,
    numbers: FxHashMap<Saying, u32>,
    /// By core and saying: the core then.
    noticed: Grid<u32>,
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
const QUESTIONS: usize = 128;

/// What a session answered: the session then, and the number of what it says.
#[derive(Clone, Copy, Debug)]
struct Given {
    session: u32,
    saying: u32,
}

impl Given {
    /// Nobody has asked yet.
    const UNASKED: Self = Self {
        session: NONE,
        saying: NONE,
    };

    /// The session has no answer: nothing happens.
    const NOTHING: Self = Self {
        session: NONE,
        saying: NONE - 1,
    };
}

/// What nobody has found out so far.
enum Missing {
    Menu,
    Row,
    After { post: u8 },
    Given { asked: u8 },
    Noticed { core: u32, saying: u32 },
}

/// The codes of events are below that.
const EVENTS: u8 = 64;

fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("there are few of them")
}

fn byte(number: usize) -> u8 {
    u8::try_from(number).expect("there are few of them")
}

struct Known<'a, S: Subject> {
    world: &'a World<S>,
    parts: &'a Parts<Point<S::Session>>,
}

impl<S: Subject> Known<'_, S> {
    fn expand(&self, memory: &mut Memory, from: Place, steps: &mut Steps) {
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

    #[cold]
    #[inline(never)]
    fn find_out(&self, memory: &mut Memory, from: Place, missing: Missing) {
        let Memory {
            actions,
            menus,
            choices,
            rows,
            posts,
            answers,
        } = memory;
        match missing {
            Missing::Menu => {
                let begin = choices.len();
                let questions = &mut answers.questions;
                choices.extend(self.menu(from.second, actions, posts, questions));
                *at(menus, from.second) = Some((narrow(begin), narrow(choices.len())));
            }
            Missing::Row => *at(rows, from.third) = Some(self.row(from.third)),
            Missing::After { post } => {
                let after = self.carried(from.third, posts[usize::from(post)]);
                if let Some(row) = at(rows, from.third) {
                    row.after[usize::from(post)] = after;
                }
            }
            Missing::Given { asked } => answers.ask(self, from.first, asked),
            Missing::Noticed { core, saying } => answers.notice(self, core, saying),
        }
    }

    /// What may happen in a core.
    fn menu(
        &self,
        number: u32,
        actions: &[Action],
        posts: &mut Vec<Post>,
        questions: &mut Vec<Question>,
    ) -> impl Iterator<Item = Choice> {
        let before = self.parts.second_of(number);
        // Most of what may happen leaves it as it is, and to compare is less than to look up.
        let number_of = move |core: Env| {
            if core == before {
                number
            } else {
                self.parts.second(core)
            }
        };
        let mut how = move |action: Action| {
            let mut core = before;
            match action.maker() {
                Maker::Session(way) => {
                    // Which event it is does not matter here.
                    let may_arrive = way
                        .take(Traffic::default())
                        .is_none_or(|(some, _)| some.is_some());
                    let event = may_arrive.then_some(Wire::ANY);
                    let question = way.question(&mut core, event, action)?;
                    let asked = match question {
                        Question::Event(_) => 0,
                        _ => EVENTS + byte(place(questions, question)),
                    };
                    let way = byte(Way::ALL.iter().position(|one| *one == way)?);
                    Some((core, How::Session { way, asked }))
                }
                Maker::Others => {
                    let post = self.world.others_step(&mut core, action)?;
                    core.settle();
                    let post = place(posts, post);
                    assert!(post < POSTS, "a world that sends at most {POSTS} things");
                    Some((core, How::Others { post: byte(post) }))
                }
            }
        };
        (0..).zip(actions).filter_map(move |(action, which)| {
            let (core, how) = how(*which)?;
            Some(Choice {
                core: number_of(core),
                action,
                how,
            })
        })
    }

    fn row(&self, traffic: u32) -> Row {
        let traffic = self.parts.third_of(traffic);
        let ways = Way::ALL.map(|way| match way.take(traffic) {
            Some((arrived, rest)) => (arrived.map_or(0, Wire::code), self.parts.third(rest)),
            None => (0, 0),
        });
        Row {
            ways,
            after: [NONE; POSTS],
        }
    }

    fn carried(&self, traffic: u32, post: Post) -> u32 {
        let after = self.parts.third_of(traffic).carry(self.world.room(), post);
        after.map_or(NO_ROOM, |after| self.parts.third(after))
    }
}

impl Answers {
    fn ask<S: Subject>(&mut self, known: &Known<'_, S>, session: u32, asked: u8) {
        let question = match asked.checked_sub(EVENTS) {
            Some(of_host) => self.questions.get(usize::from(of_host)).copied(),
            None => Wire::of(asked).map(Question::Event),
        };
        let answer = question.and_then(|question| {
            let session = known.parts.first_of(session);
            known.world.ask(&session, question)
        });
        let given = answer.map_or(Given::NOTHING, |(session, saying)| {
            let sayings = &mut self.sayings;
            let saying = *self.numbers.entry(saying).or_insert_with(|| {
                sayings.push(saying);
                narrow(sayings.len() - 1)
            });
            let session = known.parts.first(session);
            Given { session, saying }
        });
        let session = session as usize;
        if self.given.len() <= session {
            self.given.resize(session + 1, [Given::UNASKED; QUESTIONS]);
        }
        self.given[session][usize::from(asked)] = given;
    }

    fn notice<S: Subject>(&mut self, known: &Known<'_, S>, core: u32, saying: u32) {
        let before = known.parts.second_of(core);
        let mut after = before;
        after.notice(self.sayings[saying as usize]);
        after.settle();
        let number = if after == before {
            core
        } else {
            known.parts.second(after)
        };
        self.noticed.put(core, saying, number);
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

/// The place of a number, made if it is not there.
fn at<T>(all: &mut Vec<Option<T>>, number: u32) -> &mut Option<T> {
    let number = number as usize;
    if all.len() <= number {
        all.resize_with(number + 1, || None);
    }
    &mut all[number]
}

/// The place of something in a short list, made if it is not there.
fn place<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    all.iter()
        .position(|known| *known == one)
        .unwrap_or_else(|| {
            all.push(one);
            all.len() - 1
        })
}
