//! What an audit finds: where it shows, what it breaks, what it resembles, what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something is wrong.
    Finding,
    /// It looks odd, and lines that are missing by design (rotation, best-effort writing), a host's known habit or
    /// plain bad timing would explain it.
    Hint,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// A line of a log.
    Line {
        /// Counts from 1.
        line: u64,
    },
    /// A row of a database.
    Row {
        /// The table.
        table: &'static str,
        /// The value of its key.
        row: String,
    },
}

/// A row of a database that a place of a log contradicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// The database.
    pub file: String,
    /// The table.
    pub table: &'static str,
    /// The value of its key.
    pub row: String,
}

/// Something that an audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How sure it is.
    pub severity: Severity,
    /// What was looked for, as a stable `snake_case` word.
    #[serde(serialize_with = "code")]
    pub check: Check,
    /// The property that is broken, as in `S1`.
    pub property: &'static str,
    /// The thread.
    pub thread_id: String,
    /// The turn, where it is known.
    pub turn_id: Option<String>,
    /// The file.
    pub file: String,
    /// Where in the file.
    #[serde(flatten)]
    pub place: Place,
    /// The other place, where two stores contradict each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
    /// When, as the file spells it.
    pub time: Option<String>,
    /// What is so, in a sentence.
    pub message: String,
    /// The published defects that it resembles, as in `S1-01`.
    pub faults: &'static [&'static str],
    /// What to do about it.
    pub advice: &'static str,
    /// Where the events behind it are kept, once they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

pub(super) fn code<S: serde::Serializer>(check: &Check, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(check.code())
}

macro_rules! checks {
    ($($(#[$doc:meta])+ $name:ident = $code:literal, $property:literal, [$($fault:literal),*], $advice:literal;)+) => {
        /// What an audit looks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check {
            $($(#[$doc])+ $name,)+
        }

        impl Check {
            /// Everything that is looked for.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name, as a stable `snake_case` word.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The property that it asks for.
            #[must_use]
            pub fn property(self) -> &'static str {
                match self {
                    $(Self::$name => $property,)+
                }
            }

            /// The published defects that look like this.
            #[must_use]
            pub fn faults(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($fault),*],)+
                }
            }

            /// What to do about it.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self {
                    $(Self::$name => $advice,)+
                }
            }
        }
    };
}

checks! {
    /// Log: the host stored an inactive session that points at a turn.
    InactiveWithTurn = "inactive_with_turn", "S1", ["S1-01", "S1-03", "S1-06", "X-01"],
        "Clear the active turn in the write that makes the session inactive, and clear the stored one.";
    /// Log: a turn began, and the session went on or ended without it.
    TurnNeverSettled = "turn_never_settled", "L2", ["L2-01", "L2-04", "S1-01"],
        "Settle the active turn whenever its session comes to rest, exits or fails, reported or not.";
    /// Log: a settled turn is said to start.
    SettledTurnStarted = "settled_turn_started", "S3", ["S3-01", "S3-02", "X-02"],
        "Remember how each turn settled, and ignore what would start a settled one.";
    /// Log: a turn is said to start while another one is active.
    TurnConflict = "turn_conflict", "S12", ["S4-01", "S8-01"],
        "Refuse the second start, or settle the first turn explicitly; find out which source speaks for the thread.";
    /// Log: a turn is said to start in a session that has exited.
    StartAfterExit = "start_after_exit", "S10", ["S3-07"],
        "Ignore starts after an exit until the provider announces itself again.";
    /// Log: a turn ends that is not the active one.
    ForeignEnd = "foreign_end", "S4", ["S4-01", "S4-03"],
        "Settle a turn only by events that name it; keep the events of sub-agents apart.";
    /// Log: a turn ends that nobody names, while one is active.
    UnnamedEnd = "unnamed_end", "S4", ["S4-02"],
        "Ignore ends that name no turn, and have the adapter name it.";
    /// Log: the host shows a settled turn as its active one.
    HostKeepsSettledTurn = "host_keeps_settled_turn", "S5", ["S1-01", "S3-02", "S4-03", "L2-01"],
        "Derive what the host stores from the event that settled the turn; repair the stored session.";
    /// Log: the host shows work in a session whose provider has gone.
    HostWorksAfterExit = "host_works_after_exit", "L2", ["L2-03", "L2-10", "L1-04"],
        "Settle the session when its provider exits, and once more when the host starts.";
    /// Log: the host shows rest while a turn goes on.
    HostRestsDuringTurn = "host_rests_during_turn", "S5", ["S4-02", "S4-03", "S5-02", "X-03"],
        "Let nothing but the turn's own end, or the end of its session, settle it.";
    /// Log: a turn was asked for, and the session ended without its having begun.
    PendingStartLost = "pending_start_lost", "L3", ["L3-01", "L3-02"],
        "Start the message or report it as failed when the session that it waited for ends.";
    /// Log and database: the row of the session works on a turn that has ended in the log.
    RowKeepsSettledTurn = "row_keeps_settled_turn", "S5", ["S1-01", "S3-02", "L2-01"],
        "Derive the row from the event that settled the turn; let the stored session come to rest.";
    /// Log and database: the row of the session works, and in the log its provider has left.
    RowWorksAfterExit = "row_works_after_exit", "L2", ["L2-03", "L2-10", "L1-04"],
        "Settle the stored session when its provider exits, and once more when the host starts.";
    /// Log and database: the row of the session works, and in the log the session has come to rest since.
    RowWorksAtRest = "row_works_at_rest", "S5", ["S1-07", "L2-01"],
        "Write the row whenever the session comes to rest; ask the provider, and let the stored session come to rest.";
    /// Log and database: the row of the session works on one turn, and in the log another one began since.
    RowNamesAnotherTurn = "row_names_another_turn", "S5", ["L2-02", "S4-01"],
        "Bind the stored session to the turn that started; find out which source speaks for the thread.";
    /// Log and database: the row of the session rests, and in the log a turn goes on.
    RowRestsDuringTurn = "row_rests_during_turn", "S5", ["S4-02", "S4-03", "S5-02", "X-03"],
        "Let nothing but the turn's own end, or the end of its session, settle the stored session; ask the provider.";
    /// Log and database: the row of a turn has another outcome than the log reports.
    RowEndsTurnOtherwise = "row_ends_turn_otherwise", "S8", ["S8-01", "S8-02", "S8-03"],
        "Take a turn's outcome from its own terminal event, and let a report replace what was inferred.";
    /// Database: an inactive session points at a turn.
    StoredInactiveWithTurn = "stored_inactive_with_turn", "S1", ["S1-01", "S1-02", "S1-03"],
        "Clear the turn of the stored session.";
    /// Database: a working session points at a turn whose row has ended.
    StoredTurnEnded = "stored_turn_ended", "S5", ["S5-01", "S3-02", "L2-01"],
        "Compare with the provider; if the turn is over, let the stored session come to rest.";
    /// Database: a working session names no turn.
    StoredWorkWithoutTurn = "stored_work_without_turn", "S5", ["S1-07"],
        "Ask the provider whether it works; if not, let the stored session come to rest.";
    /// Database: a working session whose provider is not running.
    StoredWorkWithoutProvider = "stored_work_without_provider", "L2", ["L2-03", "L1-04"],
        "Settle sessions without a live provider before the host takes commands.";
    /// Database: the session and the binding of its provider name different turns.
    StoresNameDifferentTurns = "stores_name_different_turns", "S5", ["L2-05"],
        "Believe the session; the binding's turn is written when a turn is sent, and cleared late.";
    /// Database: a turn's row is open, and the session works on something else or on nothing.
    OpenTurnNotActive = "open_turn_not_active", "L2", ["L2-02", "S5-01"],
        "Close the turn's row when its session leaves it.";
    /// Database: a turn waits to start since before another one ended.
    OrphanedPendingStart = "orphaned_pending_start", "L3", ["L3-01"],
        "Start the message or report it as failed when the turn before it ends.";
    /// Database: the last stored session event shows work, and is old.
    OldWorkInEvents = "old_work_in_events", "L2", ["L2-03", "L1-04"],
        "Settle the session with an event of its own when the host starts, so that a replay ends at rest.";
}

/// Everything that is looked for, as the table of `docs/audit.md`.
#[must_use]
pub fn table_of_checks() -> String {
    let mut table =
        String::from("| check | property | like | what to do about it |\n|---|---|---|---|\n");
    for check in Check::ALL {
        let (code, property, faults) = (check.code(), check.property(), check.faults().join(", "));
        table += &format!(
            "| `{code}` | {property} | {faults} | {} |\n",
            check.advice()
        );
    }
    table
}

impl Finding {
    /// One sentence with its place: what a line of a terminal or of a build log needs.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.place, self.message)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line } => write!(f, "line {line}"),
            Self::Row { table, row } => write!(f, "{table} {row}"),
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Finding => "finding",
            Self::Hint => "hint",
        })
    }
}
