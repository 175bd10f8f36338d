//! Published defects that are not put back, and why.

/// A defect that this crate has no decision for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The id, as in `S1-01`.
    pub id: &'static str,
    /// Where it was published.
    pub link: &'static str,
    /// Why it cannot be put back.
    pub why: &'static str,
}

macro_rules! left_out {
    ($($id:literal $link:literal $why:literal;)+) => {
        /// Every defect of the catalogue that is not put back.
        pub const LEFT_OUT: &[LeftOut] = &[$(LeftOut {
            id: $id,
            link: concat!("https://github.com/", $link),
            why: $why,
        }),+];
    };
}

left_out! {
    "S2-04" "pingdotgg/t3code/issues/11805"
        "the machine slept, and the wall clock did not: time is passed in, and which clock that is, is the host's choice";
    "S3-03" "get-bb/bb/issues/1646"
        "work goes on under the id of a turn that has ended: an item of a settled turn opens nothing, by decision (S3-04 is what it would break), and nothing in the stream tells the two apart";
    "S5-12" "openchamber/openchamber/issues/1869"
        "one freshness stamp for all sessions of a folder: each supervisor has its own deadlines, and shares nothing";
    "L2-07" "tiann/hapi/issues/996"
        "a retry takes over the id of the turn that it repeats: the crate has no aliases, and the deadline for signs of life settles such a turn";
    "L3-07" "pingdotgg/t3code/pull/5752"
        "a recovered start keeps its old time: no time is stored, and a boot counts every deadline from its own now";
    "X-07" "pingdotgg/t3code/blob/main/apps/server/src/orchestration/Layers/ProviderCommandReactor.ts"
        "the same decision as S4-08, which is put back";
}
