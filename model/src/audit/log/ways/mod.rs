//! The three ways to read a log give one answer, however its lines are spelled.
//!
//! A line here is sound, or it is cut off. Planted defects show that the comparison bites.

mod spelled;

use std::io::Cursor;
use std::rc::Rc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::spelled::{log, spelled};
use super::blocks::{Blocks, Cut};
use super::sieve::{Care, Sieve};
use super::threads::Threads;
use super::{AuditRun, Complaints, Log};
use crate::audit::Totals;
use crate::audit::files::Input;

struct ReadingWay {
    sieve: Sieve,
    threads: usize,
    cut: Cut,
    is_deaf: bool,
    /// Threads sleep whenever they can.
    is_tired: bool,
    is_forgetful: bool,
}

impl ReadingWay {
    fn of(care: Care, threads: usize) -> Self {
        Self {
            sieve: Sieve::new(care),
            threads,
            cut: Cut::READ,
            is_deaf: false,
            is_tired: false,
            is_forgetful: false,
        }
    }

    fn in_blocks_of(self, size: usize) -> Self {
        let cut = Cut { size, ..self.cut };
        Self { cut, ..self }
    }

    fn mapped(self) -> Self {
        let is_mapped = true;
        let cut = Cut {
            is_mapped,
            ..self.cut
        };
        Self { cut, ..self }
    }

    /// Everything that reading the log says.
    fn answer(&self, log: &str) -> String {
        self.read(Input::Stream(Box::new(Cursor::new(log.to_owned()))))
            .0
    }

    /// The answer, and how many lines were only skimmed for it.
    fn read(&self, input: Input) -> (String, u64) {
        let (mut totals, mut findings, mut told) = (Totals::default(), Vec::new(), Vec::new());
        let mut reading = AuditRun {
            sieve: &self.sieve,
            threads: self.threads,
            totals: &mut totals,
            findings: &mut findings,
            diagnostics: &mut told,
            complaints: &mut Complaints::default(),
        };
        let mut read = Log {
            is_deaf: self.is_deaf,
            ..Log::default()
        };
        if self.is_tired {
            read.threads = Threads::tired();
            read.threads.is_forgetful = self.is_forgetful;
        }
        let blocks = Blocks::of(input, self.cut);
        read.read_file(blocks, &Rc::from("log"), &mut reading)
            .unwrap();
        read.finish(&mut findings, |_| totals.threads += 1);
        let findings = serde_json::to_string_pretty(&findings).unwrap();
        // What was not looked at is told apart.
        let skimmed = std::mem::take(&mut totals.skimmed);
        let told = String::from_utf8(told).unwrap();
        (format!("{totals:?}\n{told}{findings}"), skimmed)
    }
}

/// The first log that the way reads otherwise than in full, if there is one among so many.
fn difference(way: &ReadingWay, cases: u32) -> Option<String> {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRunner::deterministic().rng().clone());
    let mut in_full = ReadingWay::of(Care::InFull, 1);
    in_full.sieve.strict = way.sieve.strict;
    let lines = proptest::collection::vec(spelled(), 1..60);
    let result = runner.run(&lines, |lines| {
        let log = log(&lines);
        prop_assert_eq!(way.answer(&log), in_full.answer(&log), "{}", log);
        Ok(())
    });
    result.err().map(|failed| failed.to_string())
}

#[test]
fn however_lines_are_spelled_passing_over_them_finds_what_reading_them_in_full_finds() {
    assert_eq!(difference(&ReadingWay::of(Care::Needed, 1), 3000), None);
}

#[test]
fn however_lines_are_spelled_validating_them_finds_what_reading_them_in_full_finds() {
    assert_eq!(difference(&ReadingWay::of(Care::Strict, 1), 3000), None);
}

#[test]
fn threads_that_sleep_whenever_they_can_have_forgotten_nothing_when_they_wake() {
    for care in [Care::Needed, Care::InFull] {
        let way = ReadingWay {
            is_tired: true,
            ..ReadingWay::of(care, 1)
        };
        assert_eq!(difference(&way, 3000), None, "{care:?}");
    }
}

#[test]
fn wherever_blocks_end_within_lines_nothing_is_lost_between_them() {
    for (block, threads) in [(1, 1), (61, 2), (257, 1), (700, 3)] {
        for care in [Care::Needed, Care::Strict, Care::InFull] {
            let way = ReadingWay::of(care, threads).in_blocks_of(block);
            assert_eq!(difference(&way, 150), None, "{care:?} {block}");
        }
    }
}

#[test]
fn each_defect_planted_in_the_quick_way_shows_as_a_difference() {
    let needed = || ReadingWay::of(Care::Needed, 1);
    let blind_to_space = ReadingWay {
        sieve: Sieve {
            is_blind_to_space: true,
            ..Sieve::new(Care::Needed)
        },
        ..needed()
    };
    let blind_to_escapes = ReadingWay {
        sieve: Sieve {
            escape: *b"\\unk",
            ..Sieve::new(Care::Needed)
        },
        ..needed()
    };
    let blind_to_types = ReadingWay {
        sieve: Sieve {
            key: *b"\"kind\"",
            ..Sieve::new(Care::Needed)
        },
        ..needed()
    };
    let deaf = ReadingWay {
        is_deaf: true,
        ..needed()
    };
    let forgetful = ReadingWay {
        is_tired: true,
        is_forgetful: true,
        ..needed()
    };
    for (defect, way) in [
        ("sleep", forgetful),
        ("white space", blind_to_space),
        ("escapes", blind_to_escapes),
        ("types", blind_to_types),
        ("work that is waited for", deaf),
    ] {
        assert!(difference(&way, 3000).is_some(), "{defect}");
    }
}

#[test]
fn a_long_log_in_many_blocks_gives_one_answer_with_any_number_of_threads() {
    let name = format!("session-lifecycle-ways-{}.log", std::process::id());
    let path = std::env::temp_dir().join(name);
    let wanted = crate::audit::generate::Recipe {
        seed: 11,
        bytes: 6 << 20,
        violations: 20,
    };
    let mut log = Vec::new();
    crate::audit::generate::generate_busy(&mut log, wanted).unwrap();
    std::fs::write(&path, &log).unwrap();
    let inputs = || {
        let stream = Input::Stream(Box::new(Cursor::new(log.clone())));
        [stream, Input::of(&path).unwrap()]
    };
    let [input, _] = inputs();
    let (expected, none) = ReadingWay::of(Care::InFull, 1).read(input);
    assert_eq!(none, 0);
    let mut skimmed = Vec::new();
    for (care, threads) in [
        (Care::Needed, 1),
        (Care::Needed, 2),
        (Care::Needed, 5),
        (Care::Strict, 1),
        (Care::Strict, 3),
    ] {
        let way = || ReadingWay::of(care, threads);
        let small = || way().in_blocks_of(4099);
        for way in [way(), small(), small().mapped()] {
            for input in inputs() {
                let (answer, lines) = way.read(input);
                assert_eq!(answer, expected);
                skimmed.extend((care == Care::Needed).then_some(lines));
            }
        }
    }
    std::fs::remove_file(path).unwrap();
    assert!(skimmed[0] > 1000, "{skimmed:?}");
    assert!(
        skimmed.iter().all(|lines| *lines == skimmed[0]),
        "{skimmed:?}"
    );
}
