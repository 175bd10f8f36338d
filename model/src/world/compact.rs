//! The world as the engine searches it: each state three numbers, each step put together from what its parts did before.
//!
//! A state comes apart into the session, what is on its way, and the rest of the world (its core). What an action does
//! depends on few of them ([`Action::maker`]), and the parts are few, so that nearly every step has been made before with
//! other parts beside it. The functions that make a step are those of [`World::step`](super::World).

use rustc_hash::FxHashMap;

use crate::engine::{Interner, NONE, Remembered, Searched, Steps, Store};
use crate::subject::Subject;
use crate::world::observe::Heard;
use crate::world::{Action, Arrival, Env, Maker, Point, Post, Told, Traffic, Wire, World};

impl<S: Subject> Searched for World<S> {
    type Store = Parts<S::Session>;

    fn store(&self) -> Self::Store {
        Parts {
            sessions: Interner::default(),
            cores: Interner::default(),
            traffic: Interner::default(),
        }
    }
}

/// The parts of the states of a [`World`], one copy of each.
#[derive(Debug)]
pub struct Parts<T> {
    sessions: Interner<T>,
    cores: Interner<Env>,
    traffic: Interner<Traffic>,
}

/// The numbers of a state's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    session: u32,
    core: u32,
    traffic: u32,
}

const CORE_BITS: u32 = 18;
const TRAFFIC_BITS: u32 = 18;

impl Place {
    fn key(self) -> u64 {
        u64::from(self.session) << (CORE_BITS + TRAFFIC_BITS)
            | u64::from(self.core) << TRAFFIC_BITS
            | u64::from(self.traffic)
    }

    fn of(key: u64) -> Self {
        let bits = |from: u32, many: u32| (key >> from & ((1 << many) - 1)) as u32;
        Self {
            session: bits(
                CORE_BITS + TRAFFIC_BITS,
                u64::BITS - CORE_BITS - TRAFFIC_BITS,
            ),
            core: bits(TRAFFIC_BITS, CORE_BITS),
            traffic: bits(0, TRAFFIC_BITS),
        }
    }
}

/// A number of so many bits.
fn within(number: u32, bits: u32) -> u32 {
    assert!(
        number >> bits == 0,
        "a world of at most {} different {bits}-bit parts",
        1_u64 << bits
    );
    number
}

impl<S: Subject> Store<World<S>> for Parts<S::Session> {
    type Memory = Memory;

    fn key(&self, point: Point<S::Session>) -> u64 {
        let (core, traffic) = point.env.apart();
        let place = Place {
            session: self.session(point.session),
            core: self.core(core),
            traffic: self.traffic(traffic),
        };
        place.key()
    }

    fn state(&self, key: u64) -> Point<S::Session> {
        let place = Place::of(key);
        let mut env = self.cores.value(place.core);
        env.traffic = self.traffic.value(place.traffic);
        Point {
            session: self.sessions.value(place.session),
            env,
        }
    }

    fn expand(&self, world: &World<S>, memory: &mut Memory, key: u64, steps: &mut Steps) {
        let from = Place::of(key);
        memory.prepare(self, world, from);
        let Memory {
            menus,
            rows,
            posts,
            effects,
        } = memory;
        let (Some(menu), Some(row)) =
            (&menus[from.core as usize], &mut rows[from.traffic as usize])
        else {
            return;
        };
        for choice in menu {
            let to = match choice.how {
                How::Others { core, post } => {
                    let fits = |traffic: &mut u32| {
                        if *traffic == NONE {
                            let before = self.traffic.value(from.traffic);
                            let after = before.carry(world.room(), posts[usize::from(post)]);
                            *traffic = after.map_or(NO_ROOM, |after| self.traffic(after));
                        }
                        *traffic
                    };
                    let traffic = fits(&mut row.after[usize::from(post)]);
                    Place {
                        core,
                        traffic,
                        ..from
                    }
                }
                How::Channel { lane, twice } => {
                    let Some((wire, traffic)) = row.arrivals[usize::from(lane)] else {
                        continue;
                    };
                    let (session, core) = effects.arrives(self, world, from, wire, twice);
                    Place {
                        session,
                        core,
                        traffic,
                    }
                }
                How::Host(action) => {
                    let Some((session, core)) = effects.host(self, world, from, action) else {
                        continue;
                    };
                    let traffic = if action == Action::RestartHost {
                        row.after_boot
                    } else {
                        from.traffic
                    };
                    Place {
                        session,
                        core,
                        traffic,
                    }
                }
            };
            // What changes nothing is no step.
            if to.traffic != NO_ROOM && to != from {
                steps.push(choice.action, to.key());
            }
        }
    }

    fn actions(&self) -> Vec<Action> {
        Action::all()
    }

    fn bytes(&self) -> usize {
        self.sessions.bytes() + self.cores.bytes() + self.traffic.bytes()
    }
}

impl<T: Clone + std::hash::Hash + Eq> Parts<T> {
    fn session(&self, session: T) -> u32 {
        within(
            self.sessions.number(session),
            u64::BITS - CORE_BITS - TRAFFIC_BITS,
        )
    }

    fn core(&self, core: Env) -> u32 {
        within(self.cores.number(core), CORE_BITS)
    }

    fn traffic(&self, traffic: Traffic) -> u32 {
        within(self.traffic.number(traffic), TRAFFIC_BITS)
    }
}

/// There is no room for what a step sends. No traffic has that number.
const NO_ROOM: u32 = NONE - 1;

/// How many different things a step can send, at most.
const POSTS: usize = 64;

/// What the parts of states did before.
#[derive(Debug, Default)]
pub struct Memory {
    /// By core: what may happen.
    menus: Vec<Option<Box<[Choice]>>>,
    /// By traffic.
    rows: Vec<Option<Box<Row>>>,
    /// What steps send.
    posts: Vec<Post>,
    effects: Effects,
}

/// Something that may happen: an action, and how it is put together.
#[derive(Clone, Copy, Debug)]
struct Choice {
    action: u8,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    /// The provider, the user or time: this becomes of the core, if there is room for this post.
    Others { core: u32, post: u8 },
    /// Something arrives by one of the lanes ([`Arrival::ALL`]).
    Channel { lane: u8, twice: bool },
    /// The host.
    Host(Action),
}

/// What becomes of something that is on its way.
#[derive(Debug)]
struct Row {
    /// By lane: the event, and what is then still on its way.
    arrivals: [Option<(Wire, u32)>; Arrival::ALL.len()],
    /// By post: with it, once it has been asked.
    after: [u32; POSTS],
    after_boot: u32,
}

impl Memory {
    /// Makes sure that the menu and the row of a state are there.
    fn prepare<S: Subject>(&mut self, parts: &Parts<S::Session>, world: &World<S>, at: Place) {
        let Self {
            menus, rows, posts, ..
        } = self;
        let (core, traffic) = (at.core as usize, at.traffic as usize);
        if menus.len() <= core {
            menus.resize_with(core + 1, || None);
        }
        menus[core].get_or_insert_with(|| menu(parts, world, at.core, posts));
        if rows.len() <= traffic {
            rows.resize_with(traffic + 1, || None);
        }
        rows[traffic].get_or_insert_with(|| row(parts, at.traffic));
    }
}

/// What may happen in a core, in the order of the actions.
fn menu<S: Subject>(
    parts: &Parts<S::Session>,
    world: &World<S>,
    core: u32,
    posts: &mut Vec<Post>,
) -> Box<[Choice]> {
    let core = parts.cores.value(core);
    let mut how = |action: Action| match action.maker() {
        Maker::Channel(arrival) => {
            arrival.spend(&mut { core })?;
            let lane = Arrival::ALL.iter().position(|one| *one == arrival)?;
            Some(How::Channel {
                lane: u8::try_from(lane).ok()?,
                twice: arrival.is_first_of_two(),
            })
        }
        Maker::Host => World::<S>::lets_the_host(&core, action).then_some(How::Host(action)),
        Maker::Others => {
            let mut after = core;
            let post = world.others_step(&mut after, action)?;
            after.settle();
            let known = posts.iter().position(|known| *known == post);
            let post = known.unwrap_or_else(|| {
                posts.push(post);
                posts.len() - 1
            });
            assert!(post < POSTS, "a world that sends at most {POSTS} things");
            Some(How::Others {
                core: parts.core(after),
                post: u8::try_from(post).ok()?,
            })
        }
    };
    let all = (0..).zip(Action::all());
    all.filter_map(|(action, which)| how(which).map(|how| Choice { action, how }))
        .collect()
}

fn row<T: Clone + std::hash::Hash + Eq>(parts: &Parts<T>, traffic: u32) -> Box<Row> {
    let traffic = parts.traffic.value(traffic);
    let arrival = |arrival: Arrival| {
        let (told, rest) = arrival.take(traffic)?;
        Some((told.into(), parts.traffic(rest)))
    };
    Box::new(Row {
        arrivals: Arrival::ALL.map(arrival),
        after: [NONE; POSTS],
        after_boot: parts.traffic(traffic.after_host(Action::RestartHost)),
    })
}

/// What sessions and cores did with each other.
#[derive(Debug, Default)]
struct Effects {
    /// By session and event: the session then, and the saying that the core hears of it.
    heard: Remembered,
    sayings: Vec<(Told, Heard)>,
    numbers: FxHashMap<(Told, Heard), u32>,
    /// By core and saying: the core then.
    noticed: Remembered,
    /// By session, core and action of the host: both then, or `u64::MAX`.
    hosted: Remembered,
}

fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn apart(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, (pair & u64::from(u32::MAX)) as u32)
}

impl Effects {
    fn arrives<S: Subject>(
        &mut self,
        parts: &Parts<S::Session>,
        world: &World<S>,
        at: Place,
        wire: Wire,
        twice: bool,
    ) -> (u32, u32) {
        let Self {
            heard,
            sayings,
            numbers,
            noticed,
            ..
        } = self;
        let asked = pair(at.session, u32::from(wire.code()));
        let (session, saying) = apart(heard.get(asked, || {
            let told = Told::from(wire);
            let (session, heard) = world.hear(&parts.sessions.value(at.session), told);
            let saying = *numbers.entry((told, heard)).or_insert_with(|| {
                sayings.push((told, heard));
                u32::try_from(sayings.len() - 1).expect("there are few sayings")
            });
            pair(parts.session(session), saying)
        }));
        let asked = pair(at.core, saying << 1 | u32::from(twice));
        let core = noticed.get(asked, || {
            let (told, heard) = sayings[saying as usize];
            let mut core = parts.cores.value(at.core);
            if twice {
                core.budget.duplicates -= 1;
            }
            World::<S>::notice(&mut core, told, heard);
            core.settle();
            parts.core(core).into()
        });
        (session, apart(core).1)
    }

    fn host<S: Subject>(
        &mut self,
        parts: &Parts<S::Session>,
        world: &World<S>,
        at: Place,
        action: Action,
    ) -> Option<(u32, u32)> {
        let which = match action {
            Action::Sweep => 0,
            Action::Reap => 1,
            _ => 2,
        };
        let asked = pair(at.session, at.core << 2 | which);
        let then = self.hosted.get(asked, || {
            let mut core = parts.cores.value(at.core);
            let session = parts.sessions.value(at.session);
            let then = world.host_step(&session, &mut core, action);
            core.settle();
            then.map_or(u64::MAX, |session| {
                pair(parts.session(session), parts.core(core))
            })
        });
        (then != u64::MAX).then(|| apart(then))
    }
}
