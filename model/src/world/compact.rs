//! The world as the engine searches it: each state three numbers, each step put together from what its parts did before.
//!
//! A state comes apart into the session, the rest of the world without what is on its way (its core), and that. What a step
//! does depends on few of them ([`Maker`]), and the parts are few, so that nearly every step has been made before with other
//! parts beside it. The functions that make it are those of the model itself.

use rustc_hash::FxHashMap;

use crate::engine::{InParts, NONE, Parts, Place, Remembered, Searched, Steps, Store};
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
#[derive(Debug, Default)]
pub struct Memory {
    /// By core: what may happen, in the order of the actions.
    menus: Vec<Option<Box<[Choice]>>>,
    /// By traffic.
    rows: Vec<Option<Box<Row>>>,
    /// What steps send.
    posts: Vec<Post>,
    answers: Answers,
}

/// Something that may happen.
#[derive(Clone, Copy, Debug)]
struct Choice {
    action: u8,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    /// This becomes of the core, if there is room for this post.
    Others { core: u32, post: u8 },
    /// The session is asked on one of the ways ([`Way::ALL`]), and this core hears what it says: about what arrives, or
    /// this.
    Session { core: u32, way: u8, asked: u8 },
}

/// What can become of something that is on its way.
#[derive(Debug)]
struct Row {
    /// By way: what arrives (0 for nothing), and what is then still on its way; `NONE` if the way is closed.
    ways: [(u8, u32); Way::ALL.len()],
    /// By post: with it, once that has been asked.
    after: [u32; POSTS],
}

/// What sessions answered, and what cores made of it.
#[derive(Debug, Default)]
struct Answers {
    /// Questions of the host, numbered behind the codes of the events.
    questions: Vec<Question>,
    /// By session and question: the session then, and what it says; or `u64::MAX`.
    given: Remembered,
    sayings: Vec<Saying>,
    numbers: FxHashMap<Saying, u32>,
    /// By core and saying: the core then.
    noticed: Remembered,
}

/// The codes of events are below that.
const EVENTS: u8 = 64;

fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn unpaired(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, (pair & u64::from(u32::MAX)) as u32)
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
        let Memory {
            menus,
            rows,
            posts,
            answers,
        } = memory;
        let menu = at(menus, from.second)
            .get_or_insert_with(|| self.menu(from.second, posts, &mut answers.questions));
        let row = at(rows, from.third).get_or_insert_with(|| self.row(from.third));
        for choice in menu.iter() {
            let to = match choice.how {
                How::Others { core, post } => {
                    let after = &mut row.after[usize::from(post)];
                    if *after == NONE {
                        *after = self.carried(from.third, posts[usize::from(post)]);
                    }
                    if *after == NO_ROOM {
                        continue;
                    }
                    Place {
                        first: from.first,
                        second: core,
                        third: *after,
                    }
                }
                How::Session { core, way, asked } => {
                    let (arrived, traffic) = row.ways[usize::from(way)];
                    if traffic == NONE {
                        continue;
                    }
                    let Some((session, core)) =
                        answers.answer(self, from.first, core, arrived | asked)
                    else {
                        continue;
                    };
                    Place {
                        first: session,
                        second: core,
                        third: traffic,
                    }
                }
            };
            // What changes nothing is no step.
            if to != from {
                steps.push(choice.action, Parts::<Point<S::Session>>::key_of(to));
            }
        }
    }

    /// What may happen in a core.
    fn menu(
        &self,
        core: u32,
        posts: &mut Vec<Post>,
        questions: &mut Vec<Question>,
    ) -> Box<[Choice]> {
        let core = self.parts.second_of(core);
        let mut how = |action: Action| {
            let mut core = core;
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
                    Some(How::Session {
                        core: self.parts.second(core),
                        way: byte(Way::ALL.iter().position(|one| *one == way)?),
                        asked,
                    })
                }
                Maker::Others => {
                    let post = self.world.others_step(&mut core, action)?;
                    core.settle();
                    let post = place(posts, post);
                    assert!(post < POSTS, "a world that sends at most {POSTS} things");
                    Some(How::Others {
                        core: self.parts.second(core),
                        post: byte(post),
                    })
                }
            }
        };
        let all = (0..).zip(Action::all());
        all.filter_map(|(action, which)| how(which).map(|how| Choice { action, how }))
            .collect()
    }

    fn row(&self, traffic: u32) -> Box<Row> {
        let traffic = self.parts.third_of(traffic);
        let ways = Way::ALL.map(|way| match way.take(traffic) {
            Some((arrived, rest)) => (arrived.map_or(0, Wire::code), self.parts.third(rest)),
            None => (0, NONE),
        });
        Box::new(Row {
            ways,
            after: [NONE; POSTS],
        })
    }

    fn carried(&self, traffic: u32, post: Post) -> u32 {
        let after = self.parts.third_of(traffic).carry(self.world.room(), post);
        after.map_or(NO_ROOM, |after| self.parts.third(after))
    }
}

impl Answers {
    /// The session and the core after a question.
    fn answer<S: Subject>(
        &mut self,
        known: &Known<'_, S>,
        session: u32,
        core: u32,
        asked: u8,
    ) -> Option<(u32, u32)> {
        let Self {
            questions,
            given,
            sayings,
            numbers,
            noticed,
        } = self;
        let given = given.get(pair(session, asked.into()), || {
            let question = match asked.checked_sub(EVENTS) {
                Some(of_host) => questions[usize::from(of_host)],
                None => Question::Event(Wire::of(asked)),
            };
            let answer = known.world.ask(&known.parts.first_of(session), question);
            answer.map_or(u64::MAX, |(session, saying)| {
                let number = *numbers.entry(saying).or_insert_with(|| {
                    sayings.push(saying);
                    u32::try_from(sayings.len() - 1).expect("there are few sayings")
                });
                pair(known.parts.first(session), number)
            })
        });
        if given == u64::MAX {
            return None;
        }
        let (session, saying) = unpaired(given);
        let core = noticed.get(pair(core, saying), || {
            let mut core = known.parts.second_of(core);
            core.notice(sayings[saying as usize]);
            core.settle();
            known.parts.second(core).into()
        });
        Some((session, unpaired(core).1))
    }
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
