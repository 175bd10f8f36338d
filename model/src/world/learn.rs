//! What a part of a state does, asked of the model's own functions the first time that it does it.

use crate::engine::{NONE, Place};
use crate::subject::Subject;
use crate::world::known::{
    Answers, Choice, EVENTS, Given, How, Known, Memory, Missing, NO_ROOM, POSTS, QUESTIONS, Row,
};
use crate::world::observe::Question;
use crate::world::traffic::{Post, Traffic};
use crate::world::way::{Maker, Way};
use crate::world::{Action, Env, Wire};

impl<S: Subject> Known<'_, S> {
    /// Finds out what is missing, and remembers it.
    #[cold]
    #[inline(never)]
    pub(super) fn find_out(&self, memory: &mut Memory, from: Place, missing: Missing) {
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
                    assert!(
                        usize::from(asked) < QUESTIONS,
                        "a host that asks at most {} things",
                        QUESTIONS - usize::from(EVENTS)
                    );
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

fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("there are few of them")
}

fn byte(number: usize) -> u8 {
    u8::try_from(number).expect("there are few of them")
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
