//! Sequences of steps that are kept, each as what it is: `fixtures/host/*.txt`.
//!
//! A sequence begins with a heading: its id, the claim that it is about, how many threads, and what it shows.

use crate::claim::Claim;
use crate::run::{run, story};
use crate::step::Step;
use crate::subject::Subject;

/// A kept sequence.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) claim: Claim,
    pub(crate) threads: u8,
    pub(crate) steps: Vec<Step>,
}

/// The sequences of a text.
pub(crate) fn read(text: &str) -> Vec<Kept> {
    let sequences = text.split("\n## ").skip(1);
    sequences
        .map(|sequence| {
            let (heading, steps) = sequence.split_once('\n').expect("steps after the heading");
            let words: Vec<&str> = heading.split_whitespace().collect();
            let [id, claim, threads, ..] = words[..] else {
                panic!("not a heading: {heading}");
            };
            let named = |claim: &&Claim| claim.to_string() == *words[1];
            Kept {
                id: id.to_owned(),
                claim: *Claim::ALL
                    .iter()
                    .find(named)
                    .unwrap_or_else(|| panic!("no claim: {claim}")),
                threads: threads.parse().expect("a number of threads"),
                steps: Step::read(steps),
            }
        })
        .collect()
}

/// What went wrong once, and was mended.
const MENDED: &str = include_str!("../fixtures/host/mended.txt");

#[test]
fn no_kept_sequence_breaks_anything_again() {
    let kept = read(MENDED);
    assert!(kept.len() >= 3, "{} sequences", kept.len());
    let told = |kept: &Kept| {
        let told = story(Subject::SHIPPED, kept.threads, &kept.steps);
        format!(
            "{} was mended for {}, and is back:\n{told}",
            kept.id, kept.claim
        )
    };
    let mut broken = kept;
    broken.retain(|kept| run(Subject::SHIPPED, kept.threads, &kept.steps).is_err());
    let stories: Vec<String> = broken.iter().map(told).collect();
    assert!(broken.is_empty(), "{}", stories.join("\n\n"));
}
