//! Defects of the projection, the repair of stored rows, and the reaper.

use session_lifecycle::Fault;

use crate::faults::{Catcher, Entry};
use crate::properties::PropertyId;

pub(super) const SOURCE_READING: &str = "https://github.com/pingdotgg/t3code/blob/main/apps/server/src/orchestration/Layers/ProviderRuntimeIngestion.ts";

macro_rules! entry {
    ($fault:ident, $property:ident, $link:expr, $symptom:literal, $decision:literal) => {
        Entry {
            fault: Fault::$fault,
            link: $link,
            symptom: $symptom,
            decision: $decision,
            property: Catcher::Projection(PropertyId::$property),
        }
    };
}

/// Every published defect that lives in the projection, the repair of stored rows or the reaper.
pub const CATALOGUE: &[Entry] = &[
    entry!(
        S1_01,
        S1,
        "https://github.com/pingdotgg/t3code/pull/3159",
        "finished work is shown as running, and the idle process is never freed",
        "a change to an inactive state keeps the turn, instead of settling it"
    ),
    entry!(
        S1_03,
        S1,
        "https://github.com/Emanuele-web04/synara/pull/472",
        "the composer is blocked after the reconciler repaired a failed turn",
        "repairing a row of a dead provider writes error and keeps the turn, instead of settling it"
    ),
    entry!(
        S1_04,
        S1,
        "https://github.com/openai/codex/issues/36926",
        "two quick presses of Esc freeze the interface although the process is healthy",
        "an abort keeps the turn, instead of settling it as a completion does"
    ),
    entry!(
        S1_05,
        L2,
        "https://github.com/avivsinai/agent-message-queue/pull/758",
        "after its server restarts, the thread answers busy to every message",
        "a lost thread is read as a state of no consequence, instead of the end of its turn"
    ),
    entry!(
        S1_06,
        S1,
        "https://github.com/pingdotgg/t3code/pull/3156",
        "a listing shows a ready session with a turn",
        "a turn is bound before the status says so, instead of in one step with it"
    ),
    entry!(
        S2_01,
        S2,
        "https://github.com/pingdotgg/t3code/issues/4198",
        "background agents die in silence half an hour after the last message",
        "the reaper spares sessions with a turn only, instead of those with background tasks too"
    ),
    entry!(
        S2_03,
        S2,
        "https://github.com/pingdotgg/t3code/pull/10689",
        "a session is torn down seconds after a long turn ends",
        "the idle clock starts at the last command, instead of the later of command and lifecycle change"
    ),
    entry!(
        S2_13,
        S2,
        "https://github.com/Yeachan-Heo/gajae-code/pull/4839",
        "a session is closed right after a turn that ran between the check and the close",
        "the reaper stops what it once found idle, instead of asking whether it has moved since"
    ),
    entry!(
        S3_01,
        S3,
        "https://github.com/pingdotgg/t3code/pull/8939",
        "Stop works, then the cancelled turn comes back to life",
        "a start of a settled turn is accepted, instead of ignored"
    ),
    entry!(
        S3_02,
        S3,
        "https://github.com/pingdotgg/t3code/pull/3748",
        "after a restart an interrupted thread is working again",
        "interrupted turns may start again, instead of staying settled like the others"
    ),
    entry!(
        S3_04,
        S3,
        "https://github.com/getpaseo/paseo/pull/2696",
        "an idle agent turns busy because of late message metadata, and stays so",
        "a late item opens its turn again, instead of counting as evidence of life"
    ),
    entry!(
        S3_07,
        S3,
        "https://github.com/pingdotgg/t3code/pull/7600",
        "a turn appears running in a stopped session",
        "a start after the exit is accepted, instead of ignored until the provider announces itself"
    ),
    entry!(
        S4_01,
        S4,
        "https://github.com/NousResearch/hermes-agent/pull/69298",
        "the chat goes idle with the sub-agent's text while the parent agent still works",
        "a start takes the place of the active turn, instead of being rejected"
    ),
    entry!(
        S4_02,
        S4,
        "https://github.com/pingdotgg/t3code/pull/3076",
        "a new turn is marked done by the late end of the previous one",
        "a completion without an id settles the active turn, instead of being ignored"
    ),
    entry!(
        S4_03,
        S4,
        "https://github.com/pingdotgg/t3code/pull/2451",
        "the late end of an older turn stops the running one",
        "a completion of another turn clears the active one, instead of being recorded only"
    ),
    entry!(
        S5_02,
        S4,
        "https://github.com/pingdotgg/t3code/pull/1261",
        "the interface says errored and offers no Stop, while the agent keeps editing files",
        "an error that names no turn ends the running one, instead of being shown only"
    ),
    entry!(
        S5_04,
        L2,
        "https://github.com/pingdotgg/t3code/pull/7471",
        "the thread stays running for hours after its sub-agents ended",
        "rest is believed only of a session with a turn, instead of any that is busy"
    ),
    entry!(
        S5_08,
        S4,
        "https://github.com/0-AI-UG/cate/pull/545",
        "the agent flips from running to awaiting input",
        "a late announcement resets the session, instead of keeping its turn"
    ),
    entry!(
        S5_10,
        S4,
        "https://github.com/multica-ai/multica/pull/1771",
        "the task is marked complete before the answer",
        "an idle thread is taken for the end of the turn, instead of a hint"
    ),
    entry!(
        S8_01,
        S8,
        "https://github.com/pingdotgg/t3code/pull/12221",
        "a turn killed by a crash is listed as completed once something new is sent",
        "a turn that another one replaces is recorded as completed, instead of the start being rejected"
    ),
    entry!(
        S8_02,
        S8,
        "https://github.com/openonion/connectonion/issues/553",
        "after a deploy, killed turns read done",
        "a turn that a restart killed is recorded as completed, instead of interrupted by inference"
    ),
    entry!(
        L1_02,
        L1,
        "https://github.com/pingdotgg/t3code/pull/3856",
        "a dead session lingers for one more idle window each time",
        "whatever arrives sets the idle clock, instead of commands and lifecycle changes"
    ),
    entry!(
        L1_06,
        L1,
        "https://github.com/JKHeadley/instar/pull/969",
        "no idle session is ever reaped",
        "past work is taken for present work, instead of live evidence only"
    ),
    entry!(
        L2_01,
        L2,
        "https://github.com/pingdotgg/t3code/issues/8895",
        "Stop does nothing: the turn is interrupted and the thread stays working",
        "an abort is no lifecycle event, instead of the end of the turn that it names"
    ),
    entry!(
        L2_10,
        L2,
        "https://github.com/get-bb/bb/pull/1234",
        "the agent's process is gone, and the interface says working",
        "an exit in the middle of a turn is passed over, instead of settling the turn"
    ),
    entry!(
        X_01,
        S1,
        SOURCE_READING,
        "a failed turn stays active for ever",
        "an error of the active turn writes error and keeps the turn, instead of settling it"
    ),
    entry!(
        X_02,
        S3,
        SOURCE_READING,
        "a late error bricks the thread: no later turn ever shows",
        "a late error of a settled turn points at that turn again, instead of being ignored"
    ),
    entry!(
        X_03,
        S4,
        SOURCE_READING,
        "Stop and the working mark vanish at once, and the process may be killed at work",
        "an error without an id forgets the running turn, instead of being shown only"
    ),
];
