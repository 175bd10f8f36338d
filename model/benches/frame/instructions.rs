//! Instructions an item, counted by callgrind: the same whatever else the machine does.

use std::fmt;
use std::process::{Command, Stdio};

const WORKLOAD: &str = "--workload";

/// Why a figure is missing. Making one says it loudly; the document says it too.
#[derive(Clone, Debug)]
pub(crate) struct Skipped(pub(crate) String);

impl Skipped {
    pub(crate) fn because(why: impl Into<String>) -> Self {
        let why = why.into();
        eprintln!("\n!!! SKIPPED: {why}\n");
        Self(why)
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The workload and the size that [`per_item`] asks this process for.
pub(crate) fn asked() -> Option<(String, usize)> {
    let mut arguments = std::env::args().skip_while(|argument| argument != WORKLOAD);
    arguments.next()?;
    let workload = arguments.next()?;
    let size = arguments.next()?.parse().ok()?;
    Some((workload, size))
}

/// Instructions an item of a workload of this binary: the difference of two sizes, so that what does not depend on the
/// size is not counted. What is done *for* each item beside the work (making it) is counted; subtract a workload that
/// does only that.
pub(crate) fn per_item(workload: &str, sizes: [usize; 2]) -> Result<f64, Skipped> {
    let [small, large] = sizes;
    assert!(small < large, "two sizes, the smaller first");
    let more = total(workload, large)?.saturating_sub(total(workload, small)?);
    let each = more as f64 / (large - small) as f64;
    eprintln!("  {workload:<40} {each:>12.2} instructions an item");
    Ok(each)
}

fn total(workload: &str, size: usize) -> Result<u64, Skipped> {
    let itself = std::env::current_exe().map_err(|error| Skipped::because(error.to_string()))?;
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(itself)
        .args([WORKLOAD, workload, &size.to_string()])
        .stdout(Stdio::null())
        .output();
    let said = match counted {
        Ok(output) if output.status.success() => output.stderr,
        Ok(output) => panic!("{workload}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => return Err(Skipped::because("valgrind is not installed")),
    };
    let said = String::from_utf8_lossy(&said);
    let collected = said.lines().find_map(|line| line.split_once("Collected :"));
    collected
        .and_then(|(_, count)| count.trim().parse().ok())
        .ok_or_else(|| Skipped::because(format!("callgrind counted nothing: {said}")))
}
