//! Runs of a host through a sequence of steps, and how one that breaks a claim is told.

use crate::claim::{Broken, Tally};
use crate::settle::each_goes_as_it_would_alone;
use crate::step::{Act, How, Step, Wire};
use crate::subject::Subject;
use crate::world::World;

/// What a run showed, if it broke no claim.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) tally: Tally,
    /// How many things happened: each was judged.
    pub(crate) happened: u64,
}

/// Lets the steps happen one after the other, then lets everything settle.
pub(crate) fn run(subject: Subject, threads: u8, steps: &[Step]) -> Result<Seen, Broken> {
    let mut world = World::new(subject, threads);
    through(&mut world, steps)?;
    Ok(Seen {
        tally: world.tally,
        happened: world.happened,
    })
}

fn through(world: &mut World, steps: &[Step]) -> Result<(), Broken> {
    for step in steps {
        world.take(step)?;
    }
    world.take(&Step::plain(Act::Calm))?;
    each_goes_as_it_would_alone(world)
}

/// The same run as a story: a numbered line a step, then the sentence of the claim that it breaks.
pub(crate) fn story(subject: Subject, threads: u8, steps: &[Step]) -> String {
    let mut world = World::new(subject, threads);
    world.story = Some(Vec::new());
    let outcome = through(&mut world, steps);
    if let Err(broken) = &outcome {
        world.end_of_line(broken.thread);
    }
    let mut lines = world.story.take().unwrap_or_default();
    lines.push(match outcome {
        Err(broken) => broken.to_string(),
        Ok(()) => "Nothing is broken.".to_owned(),
    });
    lines.push(format!("The steps, with {threads} threads:"));
    lines.extend(steps.iter().map(ToString::to_string));
    lines.join("\n")
}

/// The shortest steps that break the same claim: none can be left out, and each is as plain as can be.
pub(crate) fn shortest(subject: Subject, threads: u8, steps: &[Step]) -> (u8, Vec<Step>) {
    let Err(broken) = run(subject, threads, steps) else {
        return (threads, steps.to_vec());
    };
    let breaks = |threads, steps: &[Step]| {
        run(subject, threads, steps).is_err_and(|found| found.claim == broken.claim)
    };
    let (mut threads, mut steps) = (threads, steps.to_vec());
    loop {
        let before = steps.clone();
        leave_out(&mut steps, |steps| breaks(threads, steps));
        make_plain(&mut steps, |steps| breaks(threads, steps));
        if steps == before {
            break;
        }
    }
    while threads > 1 && breaks(threads - 1, &steps) {
        threads -= 1;
    }
    (threads, steps)
}

fn leave_out(steps: &mut Vec<Step>, breaks: impl Fn(&[Step]) -> bool) {
    let mut chunk = steps.len().next_power_of_two();
    while chunk > 0 {
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(at..steps.len().min(at + chunk));
            if breaks(&fewer) {
                *steps = fewer;
            } else {
                at += chunk;
            }
        }
        chunk /= 2;
    }
}

fn make_plain(steps: &mut [Step], breaks: impl Fn(&[Step]) -> bool) {
    for at in 0..steps.len() {
        for change in PLAINER {
            let was = steps[at];
            steps[at] = change(was);
            if !breaks(steps) {
                steps[at] = was;
            }
        }
    }
}

const PLAINER: [fn(Step) -> Step; 6] = [
    |_| Step::plain(Act::Next),
    |step| Step { takes: 0, ..step },
    |step| Step {
        wire: Wire::Once,
        ..step
    },
    |step| Step { dies: None, ..step },
    |step| Step {
        how: How::Well,
        ..step
    },
    |step| Step {
        act: step.act.of_the_first_thread(),
        ..step
    },
];
