//! An event of the model as a line of a log would have it.

use session_lifecycle::{SessionState, TurnResult};

use super::Told;

impl Told {
    /// The event as a line of a log would have it; the thread is called `trace`.
    #[must_use]
    pub fn wire(self) -> serde_json::Value {
        let shown = self.to_string();
        let kind = shown.split(' ').next().unwrap_or_default();
        let mut line = serde_json::json!({ "type": kind, "threadId": "trace" });
        let turn = match self {
            Self::Started(turn)
            | Self::Ended(turn, _)
            | Self::Aborted(turn)
            | Self::Failed(turn)
            | Self::Item(turn) => turn,
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Session(_)
            | Self::Exited
            | Self::Thread(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Noise => None,
        };
        if let Some(turn) = turn {
            line["turnId"] = turn.name().into();
        }
        line["payload"] = match self {
            Self::Session(SessionState::Error) => {
                serde_json::json!({ "state": "error", "reason": "it failed" })
            }
            Self::Session(state) => serde_json::json!({ "state": state.as_str() }),
            Self::Thread(state) => serde_json::json!({ "state": state.as_str() }),
            Self::Ended(_, TurnResult::Failed) => {
                serde_json::json!({ "state": "failed", "errorMessage": "it failed" })
            }
            Self::Ended(_, TurnResult::Completed) => serde_json::json!({ "state": "completed" }),
            Self::Ended(_, TurnResult::Interrupted) => {
                serde_json::json!({ "state": "interrupted" })
            }
            Self::Failed(_) => serde_json::json!({ "message": "it failed" }),
            Self::SessionStarted
            | Self::ThreadStarted
            | Self::Exited
            | Self::Started(_)
            | Self::Aborted(_)
            | Self::TaskStarted
            | Self::TaskEnded
            | Self::Item(_)
            | Self::Noise => serde_json::json!({}),
        };
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_the_same_when_it_is_read_from_its_line() {
        for told in Told::all() {
            let line = told.wire().to_string();
            let read = session_lifecycle::t3::read_line(&line).unwrap();
            let session_lifecycle::t3::Line::Event(read) = read else {
                panic!("{line} is an event");
            };
            assert_eq!(read.event, told.event(), "{line}");
        }
    }
}
