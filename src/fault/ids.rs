//! The published defects that can be put back.

/// Where a decision is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultLayer {
    /// In the fold of events, the repair of stored rows, or the reaper.
    Projection,
    /// In the supervisor.
    Supervisor,
    /// In a reader of a provider's stream, or in what folds the events of many threads.
    Readers,
}

macro_rules! faults {
    ($($layer:ident { $($(#[$doc:meta])+ $name:ident = $id:literal;)+ })+) => {
        /// A published defect: which decision it gets wrong.
        #[allow(non_camel_case_types, reason = "the names are the ids of the catalogue")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $($($(#[$doc])+ $name,)+)+
        }

        impl Fault {
            /// Every fault, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$($(Self::$name),+),+];

            /// Where the decision is made that it gets wrong.
            #[must_use]
            pub fn layer(self) -> FaultLayer {
                match self {
                    $($(Self::$name)|+ => FaultLayer::$layer,)+
                }
            }

            /// The id in the catalogue, as in `S1-01`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $($(Self::$name => $id,)+)+
                }
            }
        }
    };
}

faults! {
    Projection {
        /// A change to an inactive state keeps the turn (R2).
        S1_01 = "S1-01";
        /// Repairing a row of a dead provider writes `error` and keeps the turn.
        S1_03 = "S1-03";
        /// An abort changes the status and keeps the turn (R6).
        S1_04 = "S1-04";
        /// A thread that is lost is read as a state of no consequence (R8).
        S1_05 = "S1-05";
        /// A turn is bound before the status says so: a ready session points at it (R4).
        S1_06 = "S1-06";
        /// The reaper spares a session with a turn, and nothing else.
        S2_01 = "S2-01";
        /// The idle clock starts at the last command, however long the turn took since.
        S2_03 = "S2-03";
        /// The reaper's stop does not ask again whether the session has done anything since its read.
        S2_13 = "S2-13";
        /// Any turn may start when none is active, also one that has settled (R4).
        S3_01 = "S3-01";
        /// Completed and failed turns stay settled, interrupted ones may start again (R4).
        S3_02 = "S3-02";
        /// A late item of a settled turn opens the turn again (R9).
        S3_04 = "S3-04";
        /// A turn may start after the session has exited (R4).
        S3_07 = "S3-07";
        /// A start takes the place of the turn that is active, whosever it is (R4).
        S4_01 = "S4-01";
        /// A completion without an id settles the active turn (R5).
        S4_02 = "S4-02";
        /// A completion of another turn clears the active one (R5).
        S4_03 = "S4-03";
        /// Any error ends the running turn, also one that names no turn (R7).
        S5_02 = "S5-02";
        /// A session that is busy without a turn takes no notice of `ready` (R2).
        S5_04 = "S5-04";
        /// A late announcement resets a session that runs a turn (R1).
        S5_08 = "S5-08";
        /// An idle thread is taken for the end of the turn (R9).
        S5_10 = "S5-10";
        /// A turn that another one replaces is recorded as completed (R4).
        S8_01 = "S8-01";
        /// A turn that a restart killed is recorded as completed (repair).
        S8_02 = "S8-02";
        /// Whatever arrives counts as activity, be it the noise of a teardown.
        L1_02 = "L1-02";
        /// Past work is taken for present work: a session that ever ran a turn is busy.
        L1_06 = "L1-06";
        /// An abort is no lifecycle event (R6).
        L2_01 = "L2-01";
        /// An exit in the middle of a turn is passed over in silence (R3).
        L2_10 = "L2-10";
        /// An error of the active turn writes `error` and keeps the turn (R7).
        X_01 = "X-01";
        /// A late error of a settled turn writes `error` and points at that turn again (R7).
        X_02 = "X-02";
        /// An error without an id, while a turn runs, writes `error` and forgets the turn (R7).
        X_03 = "X-03";
    }

    Supervisor {
        /// The end of a background task is taken for the end of the work.
        S2_05 = "S2-05";
        /// The end of a turn clears the background tasks.
        S2_06 = "S2-06";
        /// The provider is stopped when its turn ends, whatever else it does.
        S2_07 = "S2-07";
        /// A configuration restarts a provider that works.
        S2_08 = "S2-08";
        /// A message with a configuration replaces the provider, and what runs in it.
        S2_09 = "S2-09";
        /// A message that is to go first ends the background tasks.
        S2_10 = "S2-10";
        /// Silence settles the turn, without a question to the provider.
        S2_11 = "S2-11";
        /// What the watchdog concludes is recorded as reported.
        S2_12 = "S2-12";
        /// A thread that calls itself idle is torn down.
        S2_14 = "S2-14";
        /// What a session has spawned does not keep it from being reaped.
        S2_15 = "S2-15";
        /// An answer to an earlier provider is taken for one of the present.
        S3_08 = "S3-08";
        /// An interrupt settles the turn at once and lets the next message go.
        S4_05 = "S4-05";
        /// Rest is believed while a turn is shown, without a question to the provider.
        S4_06 = "S4-06";
        /// An interrupt names no turn: it ends whatever runs when it arrives.
        S4_07 = "S4-07";
        /// A send that failed ends the turn that is shown.
        S4_08 = "S4-08";
        /// An answer about one turn settles whichever is active.
        S4_09 = "S4-09";
        /// The end of an earlier turn ends the message in hand.
        S4_10 = "S4-10";
        /// Events of an earlier provider are heard.
        S4_11 = "S4-11";
        /// The exit of an earlier provider is heard where nothing is active.
        S4_13 = "S4-13";
        /// The exit of an earlier provider removes the present one.
        S4_15 = "S4-15";
        /// A message that was handed over is not shown as work.
        S5_05 = "S5-05";
        /// That the provider starts is written after it has started.
        S5_06 = "S5-06";
        /// A turn is held open for background tasks.
        S5_09 = "S5-09";
        /// While a turn is shown, nothing is stored.
        S5_11 = "S5-11";
        /// The end of a turn ends the message that was to join it.
        S6_01 = "S6-01";
        /// An interrupt drops the queue.
        S6_02 = "S6-02";
        /// What is sent while the provider goes waits for ever.
        S6_03 = "S6-03";
        /// A stop by force discards the queue.
        S6_04 = "S6-04";
        /// Nobody waits for the turn of a message that was handed over.
        S6_06 = "S6-06";
        /// A message is accepted before it is stored.
        S6_07 = "S6-07";
        /// A stop deletes the resume cursor.
        S6_08 = "S6-08";
        /// A restart sends the message in hand again.
        S7_01 = "S7-01";
        /// A message is sent while a turn is shown.
        S7_02 = "S7-02";
        /// The failure of a turn that was told to stop is a failure.
        S8_03 = "S8-03";
        /// A start that failed leaves no error.
        S8_04 = "S8-04";
        /// Nothing to interrupt is recorded as an interrupt.
        S8_05 = "S8-05";
        /// The death of the process is recorded as the turn's failure.
        S8_06 = "S8-06";
        /// An interrupt does not hold the queue.
        S10_01 = "S10-01";
        /// An interrupt leaves the background tasks alone.
        S10_02 = "S10-02";
        /// A lease never expires.
        L1_01 = "L1-01";
        /// The requests of a provider that is gone stay open.
        L1_03 = "L1-03";
        /// The sweep passes a provider of this kind by.
        L1_05 = "L1-05";
        /// The message in hand outlives the provider.
        L1_07 = "L1-07";
        /// A turn is bound from the reply to a message.
        L2_02 = "L2-02";
        /// A restart settles nothing.
        L2_03 = "L2-03";
        /// An answer that the turn ended is not believed.
        L2_04 = "L2-04";
        /// What an earlier provider reports of its turn is dropped.
        L2_05 = "L2-05";
        /// The end of a turn that began without a message is dropped.
        L2_06 = "L2-06";
        /// A turn has no stall deadline.
        L2_12 = "L2-12";
        /// A restart believes what was stored of a running turn.
        L2_13 = "L2-13";
        /// The session runs before the provider has taken the message, and nothing ends it if it does not.
        L2_14 = "L2-14";
        /// The end of a turn that comes before the reply to its message is dropped.
        L2_15 = "L2-15";
        /// The end of a turn starts nothing.
        L3_01 = "L3-01";
        /// A start that failed is not reported.
        L3_02 = "L3-02";
        /// A send that failed is not reported.
        L3_03 = "L3-03";
        /// A start has no deadline.
        L3_04 = "L3-04";
        /// The queue moves in a ready session only.
        L3_05 = "L3-05";
        /// A stop that failed is taken for one that succeeded.
        L3_09 = "L3-09";
        /// An interrupt leaves the open requests alone.
        L3_10 = "L3-10";
        /// A stop has no deadline.
        L4_03 = "L4-03";
        /// An interrupt before the turn begins is dropped.
        L4_05 = "L4-05";
        /// A new message leaves the queue on hold.
        L4_06 = "L4-06";
        /// An interrupt waits until the turn has ended.
        L4_08 = "L4-08";
        /// An interrupt has no deadline.
        L4_09 = "L4-09";
        /// An interrupt starts a provider.
        L4_11 = "L4-11";
        /// The wish to interrupt is recorded as the fact.
        L4_12 = "L4-12";
        /// An interrupt while no provider is up is refused.
        L4_13 = "L4-13";
        /// A second message takes the place of the first.
        X_04 = "X-04";
        /// An interrupt of a provider that is gone is noted, and nothing is settled.
        S1_02 = "S1-02";
        /// A turn that was interrupted leaves the session running, if a message waits.
        S1_07 = "S1-07";
        /// A turn that the provider began by itself does not set the idle clock.
        S2_02 = "S2-02";
        /// A session that was reaped is shown as it was.
        S2_16 = "S2-16";
        /// Whatever arrives outside a turn is taken for work.
        S3_06 = "S3-06";
        /// A sweep writes down as stopped what an earlier one saw to be gone.
        S4_12 = "S4-12";
        /// Of what an earlier provider still says, only the first is fenced.
        S4_14 = "S4-14";
        /// The answer about one turn ends the watch over the next.
        S4_16 = "S4-16";
        /// The restart for a configuration is shown as an exit.
        S4_17 = "S4-17";
        /// What has once settled overrides what runs.
        S5_01 = "S5-01";
        /// A provider that knows nothing of a turn is taken to be at rest.
        S5_03 = "S5-03";
        /// A session that has exited never comes back.
        S5_07 = "S5-07";
        /// The message in hand outlives a restart.
        S6_05 = "S6-05";
        /// A restart settles what runs, and not what was starting.
        L1_04 = "L1-04";
        /// The tasks of a provider that is gone stay open.
        L1_08 = "L1-08";
        /// The end of a turn that was learned by asking starts nothing.
        L3_06 = "L3-06";
        /// An interrupt of nothing waits for the next turn.
        L3_08 = "L3-08";
        /// An interrupt is over with an abort only.
        L4_01 = "L4-01";
        /// An interrupt that does not take effect is given up.
        L4_02 = "L4-02";
        /// An interrupt is given up if there is nothing to interrupt.
        L4_04 = "L4-04";
        /// An interrupt joins an earlier one, whichever turn that was for.
        L4_07 = "L4-07";
        /// An interrupt is over with the turn that it names, whatever else was to be interrupted.
        L4_10 = "L4-10";
        /// The wish to interrupt is written into the ledger.
        X_05 = "X-05";
        /// A message that is sent into a running turn ends it as completed.
        X_06 = "X-06";
        /// An exit leaves the provider in the books.
        X_08 = "X-08";
    }

    Readers {
        /// A prompt of the past that is told again begins a turn (Claude).
        S3_05 = "S3-05";
        /// A prompt joins the turn that is open, which ends as the last answer says (ACP).
        S4_04 = "S4-04";
        /// That no answer is due is taken for the beginning of one (Claude).
        L2_08 = "L2-08";
        /// An answer that says cancelled is passed over (ACP).
        L2_09 = "L2-09";
        /// An event that is rejected holds up all that follow it, of every thread.
        L2_11 = "L2-11";
        /// The reader forgets its turn at an `init` (Claude).
        L2_16 = "L2-16";
        /// A child that was never registered is taken for the thread itself (Codex).
        X_09 = "X-09";
    }
}
