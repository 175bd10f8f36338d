//! What is claimed of every thread of a host, in the words of `docs/supervisor.md`.

use std::fmt;

/// A property of the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Claim {
    S1,
    S2,
    S3,
    S4,
    S5,
    S6,
    S7,
    S8,
    S9,
    S10,
    S11,
    S12,
    L1,
    L2,
    L3,
    L4,
    L5,
}

impl Claim {
    pub(crate) const ALL: [Self; 17] = [
        Self::S1,
        Self::S2,
        Self::S3,
        Self::S4,
        Self::S5,
        Self::S6,
        Self::S7,
        Self::S8,
        Self::S9,
        Self::S10,
        Self::S11,
        Self::S12,
        Self::L1,
        Self::L2,
        Self::L3,
        Self::L4,
        Self::L5,
    ];

    /// What is claimed.
    pub(crate) fn sentence(self) -> &'static str {
        self.words().0
    }

    /// What must occur for the claim to say anything.
    pub(crate) fn premise(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::S1 => (
                "an inactive session never points at a turn",
                "a session is inactive after it had a turn",
            ),
            Self::S2 => (
                "nothing stops work that was shown, unless the user asked or the provider said that it is over",
                "the reaper stops a provider",
            ),
            Self::S3 => (
                "a settled turn never becomes active again, and none begins without a provider",
                "a settled turn is started again",
            ),
            Self::S4 => (
                "a turn is settled only by its own events, by what its provider says of it, or with its session",
                "an event ends a turn while another is active",
            ),
            Self::S5 => (
                "when everything has arrived and nothing was lost, work is shown if and only if there is work, and a provider if and only if there is one",
                "everything has arrived while a turn runs",
            ),
            Self::S6 => (
                "no accepted message is lost",
                "an accepted message waits while a turn runs",
            ),
            Self::S7 => (
                "no message reaches the provider twice",
                "a provider dies with a message in hand",
            ),
            Self::S8 => (
                "an outcome stands as reported only once it was reported, and then never changes; a stop that the user asked for is no failure",
                "a turn that was settled by inference is reported",
            ),
            Self::S9 => (
                "an event of an earlier provider changes nothing that is shown",
                "such an event arrives",
            ),
            Self::S10 => (
                "after an interrupt or a stop nothing is started or sent without a new command",
                "messages are queued when the user stops",
            ),
            Self::S11 => (
                "a stop keeps the queue and the resume cursor",
                "there is a queue or a cursor to keep",
            ),
            Self::S12 => (
                "there is never a second provider, nor a message handed over while a turn is shown",
                "a message is queued while a turn is shown",
            ),
            Self::L1 => (
                "a session at rest is reaped, unless new work begins",
                "a session is at rest",
            ),
            Self::L2 => (
                "a turn that is shown and does not run settles, unless a question waits for the user",
                "a turn is shown that does not run",
            ),
            Self::L3 => (
                "an accepted message reaches the provider, is reported, or waits in a queue that is shown as parked",
                "an accepted message waits and nothing runs",
            ),
            Self::L4 => (
                "an interrupt or a stop takes effect, and is not given up before",
                "an interrupt or a stop has not taken effect",
            ),
            Self::L5 => (
                "one thread keeps L1 to L4 whatever the provider of another does or does not do",
                "one provider is mute while a message of the other thread waits",
            ),
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A claim that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) claim: Claim,
    pub(crate) thread: usize,
    /// What shows it.
    pub(crate) because: String,
}

impl Broken {
    pub(crate) fn by<T>(
        claim: Claim,
        thread: usize,
        because: impl Into<String>,
    ) -> Result<T, Self> {
        Err(Self {
            claim,
            thread,
            because: because.into(),
        })
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is broken in thread {}: {}.\n   {}",
            self.claim,
            self.thread + 1,
            self.claim.sentence(),
            self.because
        )
    }
}

/// How often each premise occurred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally(pub(crate) [u64; 17]);

impl Tally {
    pub(crate) fn saw(&mut self, claim: Claim, really: bool) {
        self.0[claim as usize] += u64::from(really);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// The claims of which nothing was seen.
    pub(crate) fn vacuous(&self) -> Vec<Claim> {
        let mut claims = Claim::ALL.to_vec();
        claims.retain(|claim| self.0[*claim as usize] == 0);
        claims
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for claim in Claim::ALL {
            let (count, premise) = (self.0[claim as usize], claim.premise());
            writeln!(f, "{claim:?} {count:>9} times: {premise}")?;
        }
        Ok(())
    }
}
