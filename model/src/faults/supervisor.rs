//! Defects of the supervisor: when a message is sent, what a stop does, what survives a restart, what is waited for.

use session_lifecycle::Fault;

use crate::faults::{Catcher, Entry};
use crate::kernel::{Claim, Trouble};

macro_rules! entry {
    ($fault:ident, $claim:ident in [$($kind:ident),*], $link:literal, $symptom:literal, $decision:literal) => {
        Entry {
            fault: Fault::$fault,
            link: concat!("https://github.com/", $link),
            symptom: $symptom,
            decision: $decision,
            property: Catcher::Supervisor(Claim::$claim, &[$(Trouble::$kind),*]),
        }
    };
}

/// Every published defect that lives in the supervisor.
pub const SUPERVISED: &[Entry] = &[
    entry!(S2_05, S2 in [Task], "edspencer/herdctl/pull/369",
        "the turn that would have told of a finished background task never happens",
        "the end of the last task stops the provider, instead of counting as one more sign of life"
    ),
    entry!(S2_06, S5 in [Task], "imbue-ai/sculptor/pull/260",
        "the agent is ended while the results of its sub-agents are still to come",
        "the end of a turn clears the background tasks, instead of each task's own end"
    ),
    entry!(S2_07, S2 in [Task], "edspencer/herdctl/issues/458",
        "background work dies as soon as the turn that began it ends",
        "the provider is stopped when its turn ends, instead of being left to the reaper"
    ),
    entry!(S2_08, S2 in [Configuration], "pingdotgg/t3code/issues/6517",
        "choosing another mode kills the running turn",
        "a configuration restarts the provider at once, instead of waiting for the next turn"
    ),
    entry!(S2_09, S2 in [Task, Configuration], "pingdotgg/t3code/issues/12694",
        "background agents vanish when a message is sent with another model",
        "a message with a configuration replaces the provider, instead of configuring the one that works"
    ),
    entry!(S2_10, S2 in [Stop, Task], "agentclientprotocol/claude-agent-acp/issues/976",
        "sending a message kills the background agents",
        "a message that is to go first ends the tasks too, instead of the turn only"
    ),
    entry!(S2_11, S4 in [], "Emanuele-web04/synara/commit/9d7c2df81",
        "a turn whose end was still on its way is written off as interrupted",
        "silence settles the turn, instead of asking the provider about it"
    ),
    entry!(S2_12, S8 in [Crash], "agent-of-empires/agent-of-empires/pull/2378",
        "a turn that had ended well stays listed as cancelled by the watchdog",
        "the verdict of the watchdog is recorded as reported, instead of as an inference that a report corrects"
    ),
    entry!(S2_14, S2 in [Deviation], "Emanuele-web04/synara/pull/753",
        "the process is torn down although it waits for background work",
        "an idle thread is taken for the end of the work, instead of a reason to ask"
    ),
    entry!(S2_15, S2 in [Task], "dotdevdotdev/agentwire-dev/issues/852",
        "the children of a reaped agent report to nobody",
        "what a session has spawned does not count as work for the reaper, instead of keeping it"
    ),
    entry!(S3_08, S9 in [Stop], "kdlbs/kandev/pull/3636",
        "the late failure of a cancelled attempt hits the next one",
        "an answer to an earlier provider is taken for one of the present, instead of being fenced by its epoch"
    ),
    entry!(S4_05, S4 in [Stop], "letta-ai/letta-acp/pull/47",
        "a message that is sent right after Stop is answered by the rest of the old turn",
        "an interrupt settles the turn and frees the session at once, instead of when the provider has ended it"
    ),
    entry!(S4_06, S5 in [Deviation, Duplicate], "PureWeen/PolyPilot/pull/147",
        "a new turn is marked done by the idle signal of the one before",
        "rest is believed while a turn is shown, instead of asking which turn it is about"
    ),
    entry!(S4_07, S2 in [Stop, OwnTurn], "pingdotgg/t3code/pull/6531",
        "a late Stop kills the turn after the one that it was for",
        "an interrupt ends whatever runs when it arrives, instead of the turn that it names"
    ),
    entry!(S4_08, S4 in [Deviation], "pingdotgg/t3code/pull/7211",
        "a rejected second message stops what the interface shows of the first",
        "a send that failed ends the active turn, instead of that message only"
    ),
    entry!(S4_09, S4 in [Deviation], "pingdotgg/t3code/pull/4386",
        "recovery of an old turn ends the new one",
        "an answer about one turn settles whichever is active, instead of the turn that was asked for"
    ),
    entry!(S4_10, S6 in [Duplicate], "tetsuo-ai/agenc-core/pull/2378",
        "the late end of the previous turn swallows the next message",
        "the end of an earlier turn ends the message in hand, instead of its own turn only"
    ),
    entry!(S4_11, S9 in [Stop], "pingdotgg/t3code/issues/4944",
        "the old session overwrites the state of the one that replaced it",
        "events of every epoch are heard, instead of those of the present one"
    ),
    entry!(S4_13, S9 in [Stop], "Emanuele-web04/synara/pull/1162",
        "a fresh session is closed by the exit of its predecessor",
        "an old exit is accepted where nothing is active, instead of where its provider is still bound"
    ),
    entry!(S4_15, S9 in [Stop], "pingdotgg/t3code/pull/722",
        "the new session disappears when the old process is finally gone",
        "an exit removes whatever the thread has, instead of the provider that exited"
    ),
    entry!(S5_05, S5 in [], "pingdotgg/t3code/pull/4101",
        "the thread looks ready while its first message is being delivered",
        "a message that was handed over is not shown as work, instead of as a turn about to begin"
    ),
    entry!(S5_06, S5 in [], "pingdotgg/t3code/issues/6517",
        "the thread stays in starting although it has started",
        "that the provider starts is written after its start, instead of before"
    ),
    entry!(S5_09, S5 in [Task], "BytePioneer-AI/codex-host/issues/238",
        "a turn is shown as running for as long as a background server lives",
        "a turn is held open for its background tasks, instead of the two being shown apart"
    ),
    entry!(S5_11, S5 in [], "apache/maka/pull/1987",
        "in the middle of a turn a second window shows no work, and has no Stop",
        "what is shown is stored when the turn is over, instead of with every change"
    ),
    entry!(S6_01, S6 in [OwnTurn], "openai/codex/issues/40805",
        "a message sent into a running turn vanishes when that ends",
        "the end of a turn ends the message in hand, instead of leaving it to a turn of its own"
    ),
    entry!(S6_02, S6 in [Stop], "anomalyco/opencode/issues/40955",
        "queued messages vanish when the user interrupts",
        "an interrupt drops the queue, instead of holding it"
    ),
    entry!(S6_03, L3 in [], "anomalyco/opencode/pull/30486",
        "a message sent while the agent winds down is never answered",
        "what is queued while the provider goes starts nothing, instead of being looked at when it is gone"
    ),
    entry!(S6_04, S6 in [Crash], "openclaw/openclaw/issues/89208",
        "recovery from a hung run discards the messages that waited behind it",
        "a stop by force discards the queue, instead of keeping it"
    ),
    entry!(S6_06, L3 in [Crash], "pingdotgg/t3code/issues/10973",
        "a message joins a turn that is over, and nothing ever comes of it",
        "a message that was handed over is taken for begun, instead of being given up after a while"
    ),
    entry!(S6_07, S6 in [Restart], "get-bb/bb/issues/1706",
        "an accepted message is nowhere to be found",
        "a message is accepted before it is stored, instead of after"
    ),
    entry!(S6_08, S11 in [Stop, Deviation], "Emanuele-web04/synara/issues/797",
        "the agent has forgotten the conversation after a Stop",
        "a stop deletes the resume cursor, instead of keeping it"
    ),
    entry!(S7_01, S7 in [Restart], "openclaw/openclaw/pull/88016",
        "after a crash the same message runs a second time",
        "a restart sends the message in hand again, instead of reporting it as uncertain"
    ),
    entry!(S7_02, S12 in [], "pingdotgg/t3code/pull/5396",
        "two turns run at once in one thread",
        "a message is sent while a turn is shown, instead of when the session is free"
    ),
    entry!(S8_03, S8 in [Stop], "anthropics/claude-agent-sdk-typescript/issues/366",
        "a turn that the user stopped is shown as failed",
        "the failure of a turn that was told to stop is taken as reported, instead of as the stop"
    ),
    entry!(S8_04, S8 in [Deviation], "pingdotgg/t3code/pull/6531",
        "a provider that could not start leaves a thread without any error",
        "a start that failed leaves the session as if it had ended well, instead of in error"
    ),
    entry!(S8_05, S8 in [Stop], "makecindy/cindy/pull/832",
        "a turn that completed is listed as interrupted",
        "nothing to interrupt is recorded as an interrupt, instead of asking how the turn ended"
    ),
    entry!(S8_06, S8 in [Crash], "Emanuele-web04/synara/commit/066fe86d2",
        "a turn killed with its process is listed as failed by the agent",
        "the death of the process is recorded as a reported failure, instead of an inferred interrupt"
    ),
    entry!(S10_01, S10 in [Stop], "prime-radiant-inc/evener/issues/174",
        "after Stop the agent goes on with the next queued message",
        "an interrupt leaves the queue moving, instead of holding it for a new command"
    ),
    entry!(S10_02, L4 in [Stop, Task], "vicoa-ai/vicoa/pull/41",
        "background agents work on after Stop",
        "an interrupt ends the turn only, instead of the tasks too"
    ),
    entry!(L1_01, L1 in [Crash, Task], "pingdotgg/t3code/pull/5711",
        "a task that never reports keeps its process for ever",
        "a lease never expires, instead of after a silence"
    ),
    entry!(L1_03, L1 in [Stop, Request], "pingdotgg/t3code/issues/11799",
        "an approval stays pending that nobody can answer any more",
        "the requests of a provider that is gone stay open, instead of being reported as stale"
    ),
    entry!(L1_05, L1 in [], "get-bb/bb/issues/1604",
        "gigabytes of idle agents, all of one kind",
        "the sweep passes by the providers of this kind, instead of asking every session"
    ),
    entry!(L1_07, L3 in [Crash], "openclaw/openclaw/pull/86056",
        "a dead run blocks its lane for days",
        "the message in hand outlives the provider, instead of being reported as uncertain"
    ),
    entry!(L2_02, S5 in [Deviation, OwnTurn], "tutti-os/tutti/pull/763",
        "the thread waits for a turn that never began",
        "a turn is bound from the reply to a message, instead of from its start"
    ),
    entry!(L2_03, L2 in [Restart], "pingdotgg/t3code/issues/4584",
        "after an unclean restart the thread is working for ever",
        "a restart settles nothing, instead of all that died with the host"
    ),
    entry!(L2_04, L2 in [Deviation], "openai/codex/issues/28495",
        "a turn whose last notification was lost never ends",
        "an answer that the turn ended is not believed, instead of settling it"
    ),
    entry!(L2_05, S8 in [Crash], "Emanuele-web04/synara/pull/680",
        "how a turn ended stays unknown though its provider has said so",
        "what an earlier provider reports of its turn is dropped, instead of correcting the inference"
    ),
    entry!(L2_06, S5 in [OwnTurn], "agent-of-empires/agent-of-empires/pull/3192",
        "after the agent has resumed by itself the thread stays running",
        "the end of a turn that began without a message is dropped, instead of settling it"
    ),
    entry!(L2_12, L2 in [Crash], "agentconnect-md/agentconnect/pull/2085",
        "a silent provider keeps the thread working for ever",
        "a turn has no stall deadline, instead of one that every sign of life renews"
    ),
    entry!(L2_13, L2 in [Restart], "OpenHands/software-agent-sdk/issues/4893",
        "after a restart the conversation cannot be run, for it runs",
        "a restart believes the stored running turn, instead of asking whether its provider lives"
    ),
    entry!(L2_14, S5 in [Deviation], "pingdotgg/t3code/pull/9060",
        "the thread stays running after its message was refused",
        "the session runs before the provider has taken the message, instead of when the turn starts"
    ),
    entry!(L2_15, S5 in [], "agentclientprotocol/claude-agent-acp/issues/442",
        "a turn is over before its message is acknowledged, and is shown for ever",
        "the end of a turn before the reply to its message is dropped, instead of settling it"
    ),
    entry!(L3_01, L3 in [], "pingdotgg/t3code/issues/9672",
        "a message sent during a turn is never sent on",
        "the end of a turn starts nothing, instead of handing over the next message"
    ),
    entry!(L3_02, S6 in [Deviation], "pingdotgg/t3code/pull/4251",
        "a message is gone and no failure is shown",
        "a start that failed is not reported, instead of failing the message that it was for"
    ),
    entry!(L3_03, S6 in [Deviation], "pingdotgg/t3code/pull/1960",
        "the client waits for a message that was refused",
        "a send that failed is not reported, instead of failing the message"
    ),
    entry!(L3_04, L3 in [Crash], "Emanuele-web04/synara/pull/1230",
        "a thread starts for ever",
        "a start has no deadline, instead of failing the message when it is due"
    ),
    entry!(L3_05, L3 in [], "kortix-ai/suna/pull/6349",
        "after a failed turn no message gets through",
        "the queue moves in a ready session only, instead of in every one that is free"
    ),
    entry!(L3_09, S12 in [Deviation], "get-bb/bb/pull/3502",
        "the server calls the thread idle while the old process still holds its turn",
        "a stop that failed is taken for one that succeeded, instead of being repeated by force"
    ),
    entry!(L3_10, L4 in [Stop, Request], "aaif-goose/goose/issues/11651",
        "an approval of an abandoned turn is asked for again and again",
        "an interrupt leaves the open requests alone, instead of answering them as cancelled"
    ),
    entry!(L4_03, L4 in [Crash], "pingdotgg/t3code/issues/12136",
        "a stop that hangs blocks everything after it",
        "a stop has no deadline, instead of ending in a kill"
    ),
    entry!(L4_05, L4 in [Stop], "anthropics/claude-agent-sdk-typescript/issues/429",
        "Stop during the start is acknowledged, and the turn runs to its end",
        "an interrupt before the turn begins is dropped, instead of striking when it does"
    ),
    entry!(L4_06, L3 in [Stop], "xorbitsai/xagent/pull/1410",
        "after a Stop new messages are taken and never run",
        "a new message leaves the queue on hold, instead of letting it move"
    ),
    entry!(L4_08, L4 in [Stop], "aaif-goose/goose/pull/10626",
        "Stop takes effect only when the turn ends by itself",
        "an interrupt waits for the end of the turn, instead of going out at once"
    ),
    entry!(L4_09, L4 in [Stop, Crash], "artokun/comfyui-mcp/pull/294",
        "Stop is dead while the provider is mute",
        "an interrupt has no deadline, instead of ending in a kill"
    ),
    entry!(L4_11, S12 in [Stop], "pingdotgg/t3code/pull/6531",
        "Stop during the start brings up a second session",
        "an interrupt starts a provider, instead of nothing"
    ),
    entry!(L4_12, S4 in [Stop], "xintaofei/codeg/issues/364",
        "cancelled in the interface, the agent works on and its answer is lost",
        "the wish to interrupt is recorded as the fact, instead of waiting for the provider"
    ),
    entry!(L4_13, L4 in [Stop], "truefoundry/trueforge/pull/294",
        "what waits cannot be cancelled once its executor is gone",
        "an interrupt while no provider is up is refused, instead of holding the queue"
    ),
    entry!(X_04, S6 in [], "pingdotgg/t3code/blob/main/apps/server/src/orchestration/Layers/ProviderRuntimeIngestion.ts",
        "of two messages sent in a row only the second is answered",
        "a second message takes the place of the first, instead of queueing behind it"
    ),
    entry!(S1_02, L2 in [Stop, Crash], "pingdotgg/t3code/issues/11796",
        "Stop fails for ever on a thread whose session is already gone",
        "an interrupt that finds no session is noted, instead of asking what became of the turn and settling it"
    ),
    entry!(S1_07, S5 in [Stop], "pingdotgg/t3code/issues/4713",
        "the thread works on nothing, and Stop has nothing to stop",
        "an interrupted turn leaves the session running if a message waits, instead of interrupted"
    ),
    entry!(S2_02, S2 in [OwnTurn], "pingdotgg/t3code/pull/4004",
        "an agent that wakes itself up is stopped between two wakes",
        "a turn that the provider began by itself does not set the idle clock, instead of counting like any other"
    ),
    entry!(S2_16, S5 in [], "pingdotgg/t3code/issues/9586",
        "a thread is shown as live though its process was reaped",
        "what was reaped is shown as it was, instead of stopped"
    ),
    entry!(S3_06, S5 in [Deviation], "managoat/fountain/issues/1197",
        "every answer is followed by ten minutes of work that does not exist",
        "whatever arrives outside a turn is taken for work, instead of what a turn begins with"
    ),
    entry!(S4_12, S4 in [], "pingdotgg/t3code/pull/4562",
        "a thread that has just come back is marked as stopped",
        "a sweep writes down what an earlier one saw, instead of deciding on what is so"
    ),
    entry!(S4_14, S9 in [Stop], "makecindy/cindy/pull/3240",
        "the last words of an old run end the new one",
        "of what an earlier provider says only the first is fenced, instead of everything that it has said"
    ),
    entry!(S4_16, L2 in [Crash], "pingdotgg/t3code/pull/8159",
        "a later turn hangs, and nothing notices",
        "the answer about one turn ends the watch over whichever runs, instead of over that turn"
    ),
    entry!(S4_17, S5 in [Configuration], "pingdotgg/t3code/pull/5423",
        "choosing another effort makes the thread look dead, at times for good",
        "a configuration restarts the provider and shows that as an exit, instead of waiting for the next turn"
    ),
    entry!(S5_01, S5 in [], "pingdotgg/t3code/pull/1706",
        "the interface shows rest while the agent works on",
        "what has once settled overrides what runs, instead of the session alone being asked"
    ),
    entry!(S5_03, S5 in [Deviation, Deviation], "pingdotgg/t3code/issues/12915",
        "the thread is idle while the agent writes and runs tools",
        "a provider that knows nothing of the turn is taken to be at rest, instead of that being no answer"
    ),
    entry!(S5_07, S5 in [], "Untrivial-ai/agent-orchestrator/issues/5790",
        "a session is shown as exited while its agent works",
        "what has once exited stays so, instead of until its provider is started again"
    ),
    entry!(S6_05, L3 in [Restart], "pingdotgg/t3code/issues/6560",
        "after a restart a thread waits for ever on a message that was on its way",
        "the message in hand outlives a restart, instead of being reported as uncertain"
    ),
    entry!(L1_04, L2 in [Stop, Restart], "pingdotgg/t3code/issues/4561",
        "after quitting in the middle of a stop the thread is working and cannot be settled",
        "a restart settles what ran and leaves what was starting, instead of both"
    ),
    entry!(L1_08, S5 in [Crash, Task], "nick-pape/grackle/pull/1391",
        "sub-agents are listed as running for ever",
        "the tasks of a provider that is gone stay open, instead of being reported as lost"
    ),
    entry!(L3_06, L3 in [Deviation], "kdlbs/kandev/pull/1087",
        "a message that is queued behind a turn that is over never moves",
        "only a report of the end moves the queue, instead of the end however it was learned"
    ),
    entry!(L3_08, L3 in [Stop], "OpenHands/software-agent-sdk/pull/3557",
        "after a stop of nothing the next message is stored and never run",
        "an interrupt of nothing waits for what comes, instead of being over at once"
    ),
    entry!(L4_01, L4 in [Stop], "openai/codex/pull/18392",
        "Stop hangs if the turn has ended a moment before",
        "only an abort ends an interrupt, instead of any end of the turn that it was for"
    ),
    entry!(L4_02, L4 in [Stop], "pingdotgg/t3code/pull/7412",
        "Stop looks fine, and the turn goes on",
        "an interrupt that fails is given up, instead of ending the provider"
    ),
    entry!(L4_04, L4 in [Stop], "tutti-os/tutti/pull/569",
        "Stop does nothing for a turn that is over and still shown",
        "an interrupt is given up if nothing runs, instead of settling what is shown"
    ),
    entry!(L4_07, L4 in [Stop, Stop], "pingdotgg/t3code/pull/4588",
        "stop, send, stop: the second stop reports success and the turn runs on",
        "an interrupt joins an earlier one whichever turn that was for, instead of one for the same turn"
    ),
    entry!(L4_10, L4 in [Stop], "omnigent-ai/omnigent/pull/7221",
        "Stop fails because the turn that it names is no longer the one that runs",
        "an interrupt is over with the turn that it names, instead of striking what runs in its place"
    ),
    entry!(X_05, S8 in [Stop], "pingdotgg/t3code/blob/main/apps/server/src/orchestration/Layers/ProjectionPipeline.ts",
        "a turn is listed as interrupted before the provider has interrupted it, and later revived",
        "the request to interrupt is written down as the outcome, instead of waiting for the provider's"
    ),
    entry!(X_06, S8 in [], "pingdotgg/t3code/blob/main/apps/server/src/provider/Layers/ClaudeAdapter.ts",
        "a turn is listed as completed because another message was sent into it",
        "a message that is sent into a running turn ends that as completed, instead of waiting for its end"
    ),
    entry!(X_08, S5 in [Crash], "pingdotgg/t3code/blob/main/apps/server/src/provider/Layers/ProviderSessionReaper.ts",
        "a session that has exited is kept as running until it is old enough to be reaped",
        "an exit leaves the provider in the books, instead of taking it out"
    ),
];
