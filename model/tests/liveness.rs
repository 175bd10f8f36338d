//! Liveness on graphs small enough to judge by eye, among them the six on which stateright's `eventually` goes wrong.

mod micro;

use micro::{FAULT, FREE, Micro, Step};
use session_lifecycle_model::engine::{Explored, Fairness, Lasso, Limits, explore, find_lasso};
use stateright::{Checker, Model};

fn explored(micro: &Micro) -> Explored<Micro> {
    explore(micro, Limits::default(), |_| {})
}

fn class(step: &Step) -> Option<u8> {
    (step.class != FREE && step.class != FAULT).then_some(step.class)
}

fn ceases(step: &Step) -> bool {
    step.class == FAULT
}

/// A run from 0 that never reaches the goal, shown to be one.
fn lasso(micro: &Micro) -> Option<(Vec<u8>, Vec<u8>)> {
    lasso_from(micro, |state| state == 0)
}

fn lasso_from(micro: &Micro, premise: impl Fn(u8) -> bool) -> Option<(Vec<u8>, Vec<u8>)> {
    let explored = explored(micro);
    let graph = &explored.graph;
    let fairness = Fairness {
        class: &class,
        ceases: &ceases,
    };
    let Lasso { prefix, cycle } = find_lasso(
        graph,
        |state| premise(*state),
        |state| micro.is_goal(*state),
        &fairness,
    )?;
    let named =
        |way: &[u32]| -> Vec<u8> { way.iter().map(|at| graph.state(*at).unwrap()).collect() };
    let (prefix, cycle) = (named(&prefix), named(&cycle));
    check_that_it_runs(micro, &premise, &prefix, &cycle);
    Some((prefix, cycle))
}

/// Independent of the engine: each leg is an edge, the cycle closes, no fault and no goal after the premise.
fn check_that_it_runs(micro: &Micro, premise: impl Fn(u8) -> bool, prefix: &[u8], cycle: &[u8]) {
    assert!(
        micro.starts.contains(&prefix[0]),
        "{prefix:?} begins at a start"
    );
    assert_eq!(
        prefix.last(),
        cycle.first(),
        "{prefix:?} leads to {cycle:?}"
    );
    assert_eq!(cycle.first(), cycle.last(), "{cycle:?} closes");
    let legs = |way: &[u8], faults: bool| {
        for leg in way.windows(2) {
            let real = micro.edges.iter().any(|(from, class, to)| {
                (*from, *to) == (leg[0], leg[1]) && (faults || *class != FAULT)
            });
            assert!(real, "{leg:?} of {way:?}");
        }
    };
    // A fault may lead to the premise; after it there is none.
    let last = prefix
        .iter()
        .rposition(|state| premise(*state))
        .expect("the premise occurs");
    legs(&prefix[..=last], true);
    legs(&prefix[last..], false);
    legs(cycle, false);
    for state in prefix[last..].iter().chain(cycle) {
        assert!(!micro.is_goal(*state), "{state} is the goal");
    }
    if let [stuck] = cycle {
        let must_move =
            |(from, class, _): &(u8, u8, u8)| from == stuck && *class != FREE && *class != FAULT;
        assert!(
            !micro.edges.iter().any(must_move),
            "a fair action is possible in {stuck}"
        );
    }
}

/// Whether stateright finds a run that misses the goal.
fn stateright_finds_one(micro: &Micro) -> bool {
    micro
        .clone()
        .checker()
        .spawn_bfs()
        .join()
        .discovery("goal")
        .is_some()
}

const GOAL: u8 = 9;

/// Every step is of one fair class: a run moves on as long as it can.
fn must_move(edges: &'static [(u8, u8, u8)]) -> Micro {
    Micro::new(&[0], edges, &[GOAL])
}

#[test]
fn a_cycle_of_two_states_misses_the_goal_and_eventually_passes() {
    let micro = must_move(&[(0, 1, 1), (1, 1, 0)]);
    assert_eq!(lasso(&micro), Some((vec![0], vec![0, 1, 0])));
    assert!(!stateright_finds_one(&micro));
}

#[test]
fn a_lasso_misses_the_goal_and_eventually_passes() {
    let micro = must_move(&[(0, 1, 1), (1, 1, 2), (2, 1, 1)]);
    assert_eq!(lasso(&micro), Some((vec![0, 1], vec![1, 2, 1])));
    assert!(!stateright_finds_one(&micro));
}

#[test]
fn a_step_to_itself_misses_the_goal_and_eventually_passes() {
    let micro = must_move(&[(0, 1, 0)]);
    assert_eq!(lasso(&micro), Some((vec![0], vec![0, 0])));
    assert!(!stateright_finds_one(&micro));
}

#[test]
fn a_join_that_is_met_through_the_goal_first_misses_it_by_the_other_way_and_eventually_passes() {
    let micro = must_move(&[(0, 1, GOAL), (0, 1, 2), (GOAL, 1, 3), (2, 1, 3)]);
    assert_eq!(lasso(&micro), Some((vec![0, 2, 3], vec![3])));
    assert!(!stateright_finds_one(&micro));
}

#[test]
fn the_same_join_met_by_the_other_way_first_misses_the_goal_and_eventually_sees_it() {
    let micro = must_move(&[(0, 1, 2), (0, 1, GOAL), (2, 1, 3), (GOAL, 1, 3)]);
    assert_eq!(lasso(&micro), Some((vec![0, 2, 3], vec![3])));
    assert!(stateright_finds_one(&micro));
}

#[test]
fn a_chain_that_ends_before_the_goal_misses_it_and_eventually_sees_it() {
    let micro = must_move(&[(0, 1, 1), (1, 1, 2)]);
    assert_eq!(lasso(&micro), Some((vec![0, 1, 2], vec![2])));
    assert!(stateright_finds_one(&micro));
}

#[test]
fn a_chain_that_ends_in_the_goal_reaches_it() {
    let micro = must_move(&[(0, 1, 1), (1, 1, GOAL)]);
    assert_eq!(lasso(&micro), None);
    assert!(!stateright_finds_one(&micro));
}

#[test]
fn a_cycle_through_the_goal_reaches_it() {
    assert_eq!(
        lasso(&must_move(&[(0, 1, 1), (1, 1, GOAL), (GOAL, 1, 0)])),
        None
    );
}

#[test]
fn a_cycle_beside_the_goal_that_nothing_fair_leaves_misses_it() {
    let micro = must_move(&[(0, 1, 1), (1, 1, 0), (1, FREE, GOAL)]);
    assert_eq!(lasso(&micro), Some((vec![0], vec![0, 1, 0])));
}

#[test]
fn a_fair_class_that_is_always_possible_and_leaves_the_cycle_reaches_the_goal() {
    let micro = must_move(&[(0, 1, 1), (1, 1, 0), (0, 2, GOAL), (1, 2, GOAL)]);
    assert_eq!(lasso(&micro), None);
}

#[test]
fn a_fair_class_that_is_impossible_somewhere_in_the_cycle_may_be_missed_for_ever() {
    let micro = must_move(&[(0, 1, 1), (1, 1, 0), (0, 2, GOAL)]);
    let (_, cycle) = lasso(&micro).expect("2 is not possible in 1");
    assert!(cycle.contains(&1));
}

#[test]
fn a_fair_class_that_is_taken_in_the_cycle_need_not_leave_it() {
    // 2 is possible everywhere: to the goal from 0 and from 1, and from 1 back to 0 as well.
    let micro = must_move(&[(0, 1, 1), (0, 2, GOAL), (1, 2, GOAL), (1, 2, 0)]);
    assert_eq!(lasso(&micro), Some((vec![0], vec![0, 1, 0])));
}

#[test]
fn a_cycle_goes_by_a_step_of_each_class_that_is_possible_everywhere() {
    // The short way round, 0 1 0, would pass over class 2, which is possible in every state: the tour must go by 3.
    let micro = must_move(&[
        (0, 1, 1),
        (1, 1, 0),
        (1, 1, 2),
        (2, 1, 3),
        (3, 2, 0),
        (0, 2, GOAL),
        (1, 2, GOAL),
        (2, 2, GOAL),
    ]);
    let (_, cycle) = lasso(&micro).expect("round by 3, class 2 is taken");
    assert!(cycle.windows(2).any(|leg| leg == [3, 0]), "{cycle:?}");
}

#[test]
fn a_run_may_stand_still_where_only_free_actions_are_possible() {
    let micro = must_move(&[(0, 1, 1), (1, FREE, GOAL)]);
    assert_eq!(lasso(&micro), Some((vec![0, 1], vec![1])));
}

#[test]
fn a_run_may_not_stand_still_where_a_fair_action_is_possible() {
    let micro = must_move(&[(0, FREE, 1), (0, 1, GOAL), (1, 1, GOAL)]);
    assert_eq!(lasso(&micro), None);
}

#[test]
fn a_cycle_that_needs_a_fault_each_time_round_ends_with_the_faults() {
    let micro = must_move(&[(0, 1, 1), (1, FAULT, 0), (1, 1, GOAL)]);
    assert_eq!(lasso(&micro), None);
    let unceasing = must_move(&[(0, 1, 1), (1, FREE, 0), (1, 1, GOAL)]);
    assert_eq!(lasso(&unceasing), Some((vec![0], vec![0, 1, 0])));
}

#[test]
fn a_state_that_only_a_fault_would_leave_is_a_standstill() {
    let micro = must_move(&[(0, 1, 1), (1, FAULT, GOAL)]);
    assert_eq!(lasso(&micro), Some((vec![0, 1], vec![1])));
}

#[test]
fn a_fault_may_lead_to_the_premise() {
    let micro = must_move(&[(0, FAULT, 5), (0, 1, GOAL), (5, 1, 6), (6, 1, 5)]);
    assert_eq!(lasso(&micro), None, "from 0 on there are no faults");
    let after = lasso_from(&micro, |state| state == 5);
    assert_eq!(after, Some((vec![0, 5], vec![5, 6, 5])));
}

#[test]
fn a_goal_that_was_reached_before_the_premise_does_not_count() {
    let micro = must_move(&[(0, 1, GOAL), (GOAL, 1, 4), (4, 1, 4)]);
    assert_eq!(lasso(&micro), None);
    let after = lasso_from(&micro, |state| state == 4);
    assert_eq!(after, Some((vec![0, GOAL, 4], vec![4, 4])));
}

#[test]
fn a_premise_that_holds_together_with_the_goal_asks_for_nothing() {
    let micro = must_move(&[(0, 1, GOAL), (GOAL, 1, GOAL)]);
    assert_eq!(lasso_from(&micro, |state| state == GOAL), None);
}

#[test]
fn a_premise_that_never_occurs_has_no_counterexample() {
    let micro = must_move(&[(0, 1, 0)]);
    assert_eq!(lasso_from(&micro, |state| state == 7), None);
}

#[test]
fn the_nearest_of_two_cycles_is_shown() {
    let micro = must_move(&[
        (0, 1, 1),
        (1, 1, 2),
        (2, 1, 3),
        (3, 1, 3),
        (0, 1, 4),
        (4, 1, 4),
    ]);
    assert_eq!(lasso(&micro), Some((vec![0, 4], vec![4, 4])));
}

#[test]
fn a_standstill_that_is_nearer_than_a_cycle_is_shown_and_the_other_way_round() {
    let standstill = must_move(&[(0, 1, 1), (1, 1, 2), (2, 1, 2), (0, 1, 4)]);
    assert_eq!(lasso(&standstill), Some((vec![0, 4], vec![4])));
    let cycle = must_move(&[(0, 1, 1), (1, 1, 2), (0, 1, 4), (4, 1, 4)]);
    assert_eq!(lasso(&cycle), Some((vec![0, 4], vec![4, 4])));
}

#[test]
fn a_way_through_the_premise_that_is_not_the_shortest_way_to_the_cycle_is_found() {
    // The cycle at 3 is met first without the premise at 2.
    let micro = must_move(&[(0, 1, 3), (0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 1, 3)]);
    let after = lasso_from(&micro, |state| state == 2);
    assert_eq!(after, Some((vec![0, 1, 2, 3], vec![3, 3])));
}

#[test]
fn a_model_without_a_state_has_no_counterexample_and_says_that_this_shows_nothing() {
    let micro = Micro::new(&[], &[], &[GOAL]);
    assert_eq!(lasso(&micro), None);
    let doubt = explored(&micro).doubt().expect("nothing was explored");
    assert!(doubt.contains("no initial state"), "{doubt}");
}

#[test]
fn a_model_without_a_step_says_that_its_search_shows_nothing() {
    let doubt = explored(&must_move(&[]))
        .doubt()
        .expect("nothing was explored");
    assert!(doubt.contains("no step"), "{doubt}");
    assert_eq!(explored(&must_move(&[(0, 1, 1)])).doubt(), None);
}
