//! The steps of a world: every choice stands in the step, so that a sequence of steps is a whole story.

use std::fmt;

/// Something that happens, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) act: Act,
    /// How the provider takes up what it was asked, or goes on with its turn.
    pub(crate) how: How,
    /// How many milliseconds everything takes that follows from this step.
    pub(crate) takes: u32,
    /// What becomes of what is said in this step.
    pub(crate) wire: Wire,
    /// The host dies after so many effects of this step, and boots.
    pub(crate) dies: Option<u8>,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Whatever is next in line.
    Next,
    /// The user of a thread wants something.
    User(u8, Wish),
    /// The provider of a thread does something by itself.
    Provider(u8, Deed),
    /// Half an hour passes, in which providers work on.
    Pass,
    /// Mishaps cease, and time runs until everything has settled.
    Calm,
    /// The host dies and boots; its children die with it.
    Restart,
    /// The host dies and boots; its children survive it.
    Upgrade,
}

/// What a user wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Send,
    SendNow,
    /// The same message again, while it still waits.
    SendAgain,
    Interrupt,
    Stop,
    Answer,
    Configure,
}

/// What a provider does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Begin,
    StartTask,
    EndTask,
    Ask,
    Bookmark,
    IdleTooEarly,
    Remark,
    /// It gives a sign of life, and works on nothing.
    Chatter,
    /// It says that it is ready, and is.
    Rests,
    /// It ends its turn, and only says that its session, or its thread, failed.
    Fails,
    Close,
    Die,
    DieAndLose,
    FallMute,
}

/// How a provider takes something up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// As it should. A turn ends.
    Well,
    /// Without naming what it could name. A turn goes on.
    Plainly,
    /// It calls an interrupt a failure. A turn fails.
    AsFailure,
    /// It cannot. A turn ends, and only the thread is called idle.
    Refuses,
    /// It does it and says that it could not. A turn ends, and the provider only says that it is ready.
    AfterTheFact,
    /// It hangs: no answer ever comes. A turn ends, and the report is lost.
    Hangs,
}

/// What becomes of what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    Once,
    /// It comes again, so many seconds later.
    Twice(u16),
    /// It overtakes what was said before it.
    Early,
    Lost,
}

impl Act {
    /// The same in the first thread, for a story of one.
    pub(crate) fn of_the_first_thread(self) -> Self {
        match self {
            Self::User(_, wish) => Self::User(0, wish),
            Self::Provider(_, deed) => Self::Provider(0, deed),
            Self::Next | Self::Pass | Self::Calm | Self::Restart | Self::Upgrade => self,
        }
    }

    const WISHES: [(&'static str, Wish); 7] = [
        ("sends", Wish::Send),
        ("sends-now", Wish::SendNow),
        ("sends-again", Wish::SendAgain),
        ("interrupts", Wish::Interrupt),
        ("stops", Wish::Stop),
        ("answers", Wish::Answer),
        ("configures", Wish::Configure),
    ];
    const DEEDS: [(&'static str, Deed); 14] = [
        ("begins", Deed::Begin),
        ("starts-task", Deed::StartTask),
        ("ends-task", Deed::EndTask),
        ("asks", Deed::Ask),
        ("bookmarks", Deed::Bookmark),
        ("idle-too-early", Deed::IdleTooEarly),
        ("remarks", Deed::Remark),
        ("chatters", Deed::Chatter),
        ("rests", Deed::Rests),
        ("fails", Deed::Fails),
        ("closes", Deed::Close),
        ("dies", Deed::Die),
        ("dies-and-loses", Deed::DieAndLose),
        ("falls-mute", Deed::FallMute),
    ];
    const ALONE: [(&'static str, Act); 5] = [
        ("next", Self::Next),
        ("pass", Self::Pass),
        ("calm", Self::Calm),
        ("restart", Self::Restart),
        ("upgrade", Self::Upgrade),
    ];
}

const HOWS: [(&str, How); 6] = [
    ("well", How::Well),
    ("plainly", How::Plainly),
    ("as-failure", How::AsFailure),
    ("refuses", How::Refuses),
    ("after-the-fact", How::AfterTheFact),
    ("hangs", How::Hangs),
];

fn word<T: PartialEq>(words: &[(&'static str, T)], meant: &T) -> &'static str {
    words
        .iter()
        .find(|(_, one)| one == meant)
        .map_or("?", |(word, _)| word)
}

fn meant<T: Copy>(words: &[(&str, T)], word: &str) -> Option<T> {
    words
        .iter()
        .find(|(one, _)| *one == word)
        .map(|(_, meant)| *meant)
}

impl Step {
    /// That and nothing else: as it should be, at once.
    pub(crate) const fn plain(act: Act) -> Self {
        Self {
            act,
            how: How::Well,
            takes: 0,
            wire: Wire::Once,
            dies: None,
        }
    }

    /// Whether something goes wrong in it.
    pub(crate) fn is_trouble(&self) -> bool {
        let goes_wrong = matches!(self.how, How::Refuses | How::AfterTheFact | How::Hangs);
        goes_wrong || self.wire != Wire::Once || self.dies.is_some()
    }

    /// The steps of a text, one a line; what stands after a `#` is for people.
    pub(crate) fn read(text: &str) -> Vec<Self> {
        text.lines()
            .map(|line| line.split('#').next().unwrap_or("").trim())
            .filter(|line| !line.is_empty())
            .map(|line| Self::of(line).unwrap_or_else(|| panic!("not a step: {line}")))
            .collect()
    }

    fn of(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let first = words.next()?;
        let act = match meant(&Act::ALONE, first) {
            Some(act) => act,
            None => {
                let thread = first
                    .strip_prefix('t')?
                    .parse::<u8>()
                    .ok()?
                    .checked_sub(1)?;
                let verb = words.next()?;
                meant(&Act::WISHES, verb)
                    .map(|wish| Act::User(thread, wish))
                    .or_else(|| meant(&Act::DEEDS, verb).map(|deed| Act::Provider(thread, deed)))?
            }
        };
        let mut step = Self::plain(act);
        while let Some(word) = words.next() {
            match word {
                "takes" => step.takes = words.next()?.parse().ok()?,
                "twice" => step.wire = Wire::Twice(words.next()?.parse().ok()?),
                "early" => step.wire = Wire::Early,
                "lost" => step.wire = Wire::Lost,
                "dies" => step.dies = Some(words.next()?.parse().ok()?),
                how => step.how = meant(&HOWS, how)?,
            }
        }
        Some(step)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.act {
            Act::User(thread, wish) => write!(f, "t{} {}", thread + 1, word(&Act::WISHES, &wish))?,
            Act::Provider(thread, deed) => {
                write!(f, "t{} {}", thread + 1, word(&Act::DEEDS, &deed))?;
            }
            Act::Next | Act::Pass | Act::Calm | Act::Restart | Act::Upgrade => {
                f.write_str(word(&Act::ALONE, &self.act))?;
            }
        }
        if self.how != How::Well {
            write!(f, " {}", word(&HOWS, &self.how))?;
        }
        if self.takes > 0 {
            write!(f, " takes {}", self.takes)?;
        }
        match self.wire {
            Wire::Once => {}
            Wire::Twice(later) => write!(f, " twice {later}")?,
            Wire::Early => f.write_str(" early")?,
            Wire::Lost => f.write_str(" lost")?,
        }
        if let Some(after) = self.dies {
            write!(f, " dies {after}")?;
        }
        Ok(())
    }
}

pub(crate) mod choose {
    //! Random steps. What comes first is what a counterexample shrinks to.

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::{Act, Deed, How, Step, Wire, Wish};

    /// How rough a world is.
    #[derive(Clone, Copy, Debug)]
    struct Weather {
        /// Of a thousand steps, how many go another way than they should.
        odd: u32,
        /// Of a thousand things said, how many are lost, doubled or overtaken.
        wire: u32,
        /// Of a thousand steps, in how many the host dies.
        deaths: u32,
    }

    const WEATHERS: [Weather; 4] = [
        Weather {
            odd: 40,
            wire: 15,
            deaths: 2,
        },
        Weather {
            odd: 200,
            wire: 60,
            deaths: 10,
        },
        Weather {
            odd: 120,
            wire: 5,
            deaths: 0,
        },
        Weather {
            odd: 350,
            wire: 150,
            deaths: 25,
        },
    ];

    /// Worlds of so many steps, with two to four threads.
    pub(crate) fn worlds(length: usize) -> impl Strategy<Value = (u8, Vec<Step>)> {
        (2..=4_u8, select(WEATHERS.to_vec())).prop_flat_map(move |(threads, weather)| {
            (
                Just(threads),
                proptest::collection::vec(step(threads, weather), length),
            )
        })
    }

    fn step(threads: u8, weather: Weather) -> impl Strategy<Value = Step> {
        let takes = prop_oneof![
            6 => 0..60_u32,
            3 => 60..3_000_u32,
            1 => select(vec![9_000, 20_000, 29_500, 31_000, 45_000]),
        ];
        let how = prop_oneof![
            1_000 - weather.odd => prop_oneof![2 => Just(How::Well), 3 => Just(How::Plainly)],
            weather.odd => select(vec![How::AsFailure, How::Refuses, How::AfterTheFact, How::Hangs]),
        ];
        let wire = prop_oneof![
            1_000 - weather.wire => Just(Wire::Once),
            weather.wire => prop_oneof![
                4 => (0..3_600_u16).prop_map(Wire::Twice),
                2 => (0..40_u16).prop_map(Wire::Twice),
                1 => Just(Wire::Early),
                1 => Just(Wire::Lost),
            ],
        ];
        let dies = prop_oneof![
            1_000 - weather.deaths => Just(None),
            weather.deaths => (0..5_u8).prop_map(Some),
        ];
        (act(threads), how, takes, wire, dies).prop_map(|(act, how, takes, wire, dies)| Step {
            act,
            how,
            takes,
            wire,
            dies,
        })
    }

    fn act(threads: u8) -> impl Strategy<Value = Act> {
        let wish = prop_oneof![
            20 => Just(Wish::Send),
            3 => Just(Wish::SendNow),
            2 => Just(Wish::SendAgain),
            5 => Just(Wish::Interrupt),
            3 => Just(Wish::Stop),
            8 => Just(Wish::Answer),
            4 => Just(Wish::Configure),
        ];
        let deed = prop_oneof![
            6 => Just(Deed::Begin),
            4 => Just(Deed::StartTask),
            3 => Just(Deed::EndTask),
            4 => Just(Deed::Ask),
            3 => Just(Deed::Bookmark),
            3 => Just(Deed::IdleTooEarly),
            2 => Just(Deed::Remark),
            2 => Just(Deed::Chatter),
            2 => Just(Deed::Rests),
            1 => Just(Deed::Fails),
            1 => Just(Deed::Close),
            2 => Just(Deed::Die),
            1 => Just(Deed::DieAndLose),
            1 => Just(Deed::FallMute),
        ];
        prop_oneof![
            700 => Just(Act::Next),
            160 => (0..threads, wish).prop_map(|(thread, wish)| Act::User(thread, wish)),
            100 => (0..threads, deed).prop_map(|(thread, deed)| Act::Provider(thread, deed)),
            20 => Just(Act::Pass),
            12 => Just(Act::Calm),
            3 => Just(Act::Restart),
            3 => Just(Act::Upgrade),
        ]
    }
}
