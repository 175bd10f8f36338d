//! Typed JSON parsers, on every record of a log.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;

use crate::frame::{self, Contestant};

/// What is asked of a record; the rest is validated and thrown away.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    thread_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    turn_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Option<Cow<'a, str>>,
}

impl Record<'_> {
    fn weight(&self) -> usize {
        let length = |text: &Option<Cow<'_, str>>| text.as_ref().map_or(0, |text| text.len());
        length(&self.kind)
            + length(&self.thread_id)
            + length(&self.turn_id)
            + length(&self.created_at)
    }
}

pub(crate) fn all(path: &Path) -> [Contestant<'_>; 3] {
    [
        contestant("serde_json, typed", path, |record| {
            serde_json::from_slice::<Record<'_>>(record)
                .expect("a record")
                .weight()
        }),
        contestant("sonic-rs, typed", path, |record| {
            sonic_rs::from_slice::<Record<'_>>(record)
                .expect("a record")
                .weight()
        }),
        contestant("simd-json, typed", path, |record| {
            simd_json::serde::from_slice::<Record<'_>>(record)
                .expect("a record")
                .weight()
        }),
    ]
}

fn contestant<'a>(
    name: &str,
    path: &'a Path,
    mut read: impl FnMut(&mut [u8]) -> usize + 'a,
) -> Contestant<'a> {
    let mut line = Vec::new();
    Contestant::new(name, move || {
        frame::timed(|| {
            let mut input = BufReader::with_capacity(256 << 10, File::open(path).expect("a log"));
            let mut weight = 0;
            loop {
                line.clear();
                if input.read_until(b'\n', &mut line).expect("a log") == 0 {
                    return weight;
                }
                let start = memchr::memchr(b'{', &line).expect("a record");
                weight += read(&mut line[start..]);
            }
        })
    })
}
