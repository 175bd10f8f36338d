//! What an agent can be told to do.

use std::time::Duration;

/// One of whom nothing is wanted any more goes home: no test leaves it behind.
pub(super) const FORGOTTEN: Duration = Duration::from_secs(20);

macro_rules! scripts {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// What the agent does about a message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Script {
            $($(#[$doc])* $name),+
        }

        impl Script {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),+];
        }
    };
}

scripts! {
    /// Works for some milliseconds.
    Work,
    /// The turn fails.
    Fail,
    /// The turn starts before the reply to its message.
    Early,
    /// The reply comes later than anybody waits for.
    Late,
    /// The end of the turn is never told, only on request.
    Silence,
    /// The turn begins, and nothing is heard any more, whatever is asked.
    Hang,
    /// Takes the message, says nothing of it, and does nothing.
    Mute,
    /// Hears nothing any more, not even this message.
    Deaf,
    /// Works long, and pays no heed to an interrupt.
    Stubborn,
    /// Works until the user has answered a question.
    Ask,
    /// Works in the background as well.
    Task,
    CrashBefore,
    CrashTaken,
    CrashReplied,
    CrashBegun,
    CrashEnded,
}

impl Script {
    pub(super) fn read(text: &str) -> Self {
        let named = |script: &&Self| format!("{script:?}") == text;
        *Self::ALL.iter().find(named).unwrap_or(&Self::Work)
    }

    /// How long its turn goes on, if nothing ends it.
    pub(super) fn takes(self) -> Duration {
        if self == Self::Stubborn {
            Duration::from_millis(150)
        } else if self == Self::Ask {
            FORGOTTEN
        } else {
            Duration::from_millis(2)
        }
    }
}
