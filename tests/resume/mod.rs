//! A host that performs everything at once, and a provider that does what it is told: what becomes of a supervisor then.

use std::collections::VecDeque;

use session_lifecycle::supervisor::{
    Answer, Command, Deadline, Effect, Epoch, Input, MessageId, ProviderEvent, Report, Supervisor,
    TrueState,
};
use session_lifecycle::{Event, Timestamp, TurnId, TurnResult};

/// More inputs than any of these stories can need.
const FAR_TOO_LONG: usize = 300;

pub(crate) struct World {
    pub(crate) supervisor: Supervisor,
    /// The messages that reached the provider, in order.
    pub(crate) sent: Vec<MessageId>,
    pub(crate) reports: Vec<Report>,
    /// The provider was told to end its turn, or itself.
    pub(crate) ends: bool,
    provider: Option<Epoch>,
    inbox: VecDeque<Input>,
    deadlines: Vec<(Deadline, Timestamp)>,
    now: Timestamp,
}

impl World {
    /// A supervisor that was just loaded, with a provider of that epoch at rest, or none.
    pub(crate) fn new(supervisor: Supervisor, provider: Option<Epoch>) -> Self {
        Self {
            supervisor,
            sent: Vec::new(),
            reports: Vec::new(),
            ends: false,
            provider,
            inbox: VecDeque::new(),
            deadlines: Vec::new(),
            now: Timestamp::default(),
        }
    }

    /// Boots, and goes on until everything is at rest; then sends one more message, which sets everything going.
    pub(crate) fn live(&mut self) -> Result<(), String> {
        let effects = self.supervisor.booted(self.now).into_vec();
        self.perform(effects)?;
        self.settle()?;
        self.tell(Input::Command(Command::Send("last".into())))?;
        self.settle()?;
        let supervisor = &self.supervisor;
        if supervisor.queued() > 0 || supervisor.working() {
            return Err(format!("does not work on: {:?}", supervisor.snapshot()));
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..FAR_TOO_LONG {
            consistent(&self.supervisor)?;
            let asked = self.supervisor.open_requests().first().cloned();
            let next = self.inbox.pop_front();
            let input = match (next, asked) {
                (Some(input), _) => input,
                (None, Some(request)) => Input::Command(Command::Answer(request)),
                (None, None) if self.is_at_rest() => return Ok(()),
                (None, None) => self.next_deadline()?,
            };
            self.tell(input)?;
        }
        Err("never comes to rest".into())
    }

    fn is_at_rest(&self) -> bool {
        let supervisor = &self.supervisor;
        supervisor.busy().is_none()
            && supervisor.background_tasks() == 0
            && (supervisor.queued() == 0 || supervisor.is_parked())
    }

    /// Nothing is to come: whoever waits has set a deadline.
    fn next_deadline(&mut self) -> Result<Input, String> {
        let first = (0..self.deadlines.len()).min_by_key(|at| self.deadlines[*at].1);
        let first = first.ok_or_else(|| {
            let waits = self.supervisor.snapshot();
            format!("waits without a deadline: {waits:?}")
        })?;
        let (deadline, at) = self.deadlines.swap_remove(first);
        self.now = self.now.max(at);
        Ok(Input::Due(deadline))
    }

    pub(crate) fn tell(&mut self, input: Input) -> Result<(), String> {
        let effects = self.supervisor.handle(input, self.now).into_vec();
        self.perform(effects)
    }

    fn perform(&mut self, effects: Vec<Effect>) -> Result<(), String> {
        for effect in effects {
            match effect {
                Effect::Start { epoch, .. } => {
                    if let Some(other) = self.provider.replace(epoch) {
                        return Err(format!("S12: {epoch:?} is started beside {other:?}"));
                    }
                    self.answer(epoch, Answer::Started);
                }
                Effect::Send { epoch, message } => self.take(epoch, message)?,
                Effect::Interrupt { epoch, .. } => {
                    self.ends = true;
                    self.answer(epoch, Answer::NothingToInterrupt);
                }
                Effect::Answer { epoch, request } | Effect::CancelRequest { epoch, request } => {
                    self.say(epoch, ProviderEvent::RequestResolved(request));
                }
                Effect::StopTask { epoch, task } => {
                    self.say(epoch, ProviderEvent::TaskEnded(task));
                }
                Effect::Read { epoch, turn } => {
                    let state = TrueState::Unknown;
                    self.answer(epoch, Answer::Read { turn, state });
                }
                Effect::Stop { epoch, .. } => {
                    self.ends = true;
                    self.provider = None;
                    self.answer(epoch, Answer::Stopped);
                }
                Effect::SetDeadline { deadline, at } => {
                    self.deadlines.retain(|(known, _)| *known != deadline);
                    self.deadlines.push((deadline, at));
                }
                Effect::ClearDeadline(deadline) => {
                    self.deadlines.retain(|(known, _)| *known != deadline);
                }
                Effect::Report(report) => self.reports.push(report),
                Effect::Persist | Effect::Accept | Effect::Configure { .. } => {}
                Effect::Refuse(why) => return Err(format!("refused: {why:?}")),
            }
        }
        Ok(())
    }

    /// The provider works at once, and is done.
    fn take(&mut self, epoch: Epoch, message: MessageId) -> Result<(), String> {
        if self.provider != Some(epoch) {
            return Err(format!(
                "{message} is sent to {epoch:?}, which is not there"
            ));
        }
        self.sent.push(message.clone());
        let turn = Some(TurnId::from(format!("turn of {message}")));
        self.answer(
            epoch,
            Answer::Sent {
                message,
                turn: turn.clone(),
            },
        );
        let event = Event::TurnStarted { turn: turn.clone() };
        self.say(epoch, ProviderEvent::Lifecycle(event));
        let event = Event::TurnCompleted {
            turn,
            result: TurnResult::Completed,
            message: None,
        };
        self.say(epoch, ProviderEvent::Lifecycle(event));
        Ok(())
    }

    fn answer(&mut self, epoch: Epoch, answer: Answer) {
        self.inbox.push_back(Input::Answer { epoch, answer });
    }

    fn say(&mut self, epoch: Epoch, event: ProviderEvent) {
        let epoch = Some(epoch);
        self.inbox.push_back(Input::Event { epoch, event });
    }
}

/// The answers of a supervisor fit together.
pub(crate) fn consistent(supervisor: &Supervisor) -> Result<(), String> {
    let session = supervisor.session();
    let is_active = session.status().is_active();
    let far = Timestamp(std::time::Duration::MAX);
    let rules = [
        (
            "S1: an inactive session has no turn",
            is_active || session.active_turn().is_none(),
        ),
        (
            "what is active is shown",
            !is_active || supervisor.working(),
        ),
        (
            "what is active has a provider",
            !is_active || supervisor.has_provider(),
        ),
        (
            "a message is sent at once only if nothing is before it",
            supervisor.can_send() == (supervisor.busy().is_none() && supervisor.queued() == 0),
        ),
        (
            "a queue moves, or is shown as parked (L3)",
            supervisor.queued() == 0 || supervisor.is_parked() || supervisor.busy().is_some(),
        ),
        (
            "the reaper spares what works, asks, or waits (S2)",
            !supervisor.reapable(far)
                || (supervisor.has_provider()
                    && !supervisor.working()
                    && supervisor.open_requests().is_empty()
                    && supervisor.background_tasks() == 0),
        ),
    ];
    match rules.into_iter().find(|(_, holds)| !holds) {
        Some((rule, _)) => Err(format!("{rule}: {:?}", supervisor.snapshot())),
        None => Ok(()),
    }
}
