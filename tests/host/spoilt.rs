//! That each check can fail, where no published defect of the supervisor makes it.

use std::rc::Rc;

use session_lifecycle::supervisor::{Epoch, Input, ProviderEvent};
use session_lifecycle::{Event, Status, TurnId};

use crate::claim::{Broken, Claim, Tally};
use crate::judge::{Heard, judge, mark};
use crate::run::{run, story};
use crate::step::Step;
use crate::subject::Subject;
use crate::truth::{Thread, View};
use crate::world::World;

/// A thread whose provider works on t1 for m1.
fn working() -> World {
    let mut world = World::new(Subject::SHIPPED, 1);
    for step in Step::read("t1 sends\nnext\nnext\nnext\nnext\nnext") {
        world.take(&step).expect("nothing is broken");
    }
    assert_eq!(world.threads[0].view.active, Some("t1".into()));
    world
}

fn spoil(thread: &mut Thread, spoil: impl FnOnce(&mut View)) -> Rc<View> {
    let mut view = (*thread.view).clone();
    spoil(&mut view);
    std::mem::replace(&mut thread.view, Rc::new(view))
}

fn claim(outcome: Result<(), Broken>) -> Option<Claim> {
    outcome.err().map(|broken| broken.claim)
}

#[test]
fn planted_a_ready_session_that_points_at_a_turn_is_found_by_s1() {
    let mut world = working();
    let thread = &mut world.threads[0];
    assert_eq!(claim(mark(0, thread, &mut Tally::default())), None);
    spoil(thread, |view| view.status = Status::Ready);
    assert_eq!(
        claim(mark(0, thread, &mut Tally::default())),
        Some(Claim::S1)
    );
}

#[test]
fn planted_a_turn_that_comes_back_is_found_by_s3() {
    let mut world = working();
    let thread = &mut world.threads[0];
    let turn = TurnId::from("t1");
    thread.memory.over.insert(turn.clone());
    let before = spoil(thread, |_| {});
    let mut rested = (*before).clone();
    rested.active = None;
    let input = Input::Event {
        epoch: Some(Epoch(1)),
        event: ProviderEvent::Lifecycle(Event::TurnStarted { turn: Some(turn) }),
    };
    let heard = Heard::new(&input, &rested);
    let found = judge((0, thread), (&rested, &before), &heard, (false, 0));
    assert_eq!(claim(found), Some(Claim::S3));
}

#[test]
fn planted_a_host_that_configures_another_thread_is_found_by_l5() {
    let mut mixed = Subject::SHIPPED;
    mixed.mixes_up = true;
    // No other claim is broken by it.
    let steps = Step::read("t1 configures");
    let found = claim(run(mixed, 2, &steps).map(|_| ()));
    assert_eq!(found, Some(Claim::L5), "{}", story(mixed, 2, &steps));
    assert_eq!(claim(run(Subject::SHIPPED, 2, &steps).map(|_| ())), None);
}
