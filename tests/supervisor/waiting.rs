//! Every wait has a deadline, and no deadline outlives its wait.

use super::*;

/// A supervisor, and the deadlines that its host keeps for it.
struct Clocked {
    supervisor: Supervisor,
    set: Vec<(Deadline, Timestamp)>,
}

impl Clocked {
    fn fresh() -> Self {
        let (supervisor, set) = (fresh(), Vec::new());
        Self { supervisor, set }
    }

    fn told(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        let effects = self.supervisor.handle(input, now).into_vec();
        for effect in &effects {
            if let Effect::SetDeadline { deadline, .. } | Effect::ClearDeadline(deadline) = effect {
                self.set.retain(|(set, _)| set != deadline);
            }
            if let Effect::SetDeadline { deadline, at } = effect {
                self.set.push((deadline.clone(), *at));
            }
        }
        effects
    }

    /// Which deadlines are set after each step of message m1, until turn A begins, and after each of these inputs then.
    fn after<const N: usize>(&mut self, inputs: [Input; N]) -> Vec<Vec<Deadline>> {
        let begins = [
            send("m1"),
            answer(Answer::Started),
            sent("m1", Some("A")),
            started("A"),
        ];
        let told = begins
            .into_iter()
            .chain(inputs)
            .zip(1..)
            .map(|(input, second)| {
                self.told(input, at(second));
                self.set.iter().map(|(set, _)| set.clone()).collect()
            });
        told.collect()
    }
}

#[test]
fn a_message_is_waited_for_at_each_of_its_stations_and_nothing_once_its_turn_is_over() {
    let mut host = Clocked::fresh();
    let set = host.after([ended("A", TurnResult::Completed)]);
    let stall = vec![Deadline::Stall];
    let stations = [vec![Deadline::Start], vec![Deadline::Send]];
    assert_eq!(set[..2], stations);
    assert_eq!(set[3..], [stall, vec![]]);
}

#[test]
fn l4_09_an_interrupt_is_waited_for_until_its_turn_is_over() {
    let mut host = Clocked::fresh();
    let set = host.after([Input::Command(Command::Interrupt), aborted("A")]);
    assert_eq!(set[4..], [vec![Deadline::Interrupt], vec![]]);
}

#[test]
fn l4_03_a_provider_that_should_be_gone_is_ended_by_force_when_its_time_is_up() {
    let mut host = Clocked::fresh();
    let set = host.after([Input::Command(Command::Stop)]);
    assert_eq!(set[4], [Deadline::Stop]);
    let (deadline, due) = host.set[0].clone();
    let forced = Effect::Stop {
        epoch: E1,
        force: true,
    };
    let early = Timestamp(due.0 - Duration::from_millis(1));
    let effects = host.told(Input::Due(deadline.clone()), early);
    assert!(!effects.contains(&forced), "{effects:?}");
    let effects = host.told(Input::Due(deadline), due);
    assert!(effects.contains(&forced), "{effects:?}");
}
