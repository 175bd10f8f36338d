//! What it costs to audit a log.

mod audit {
    pub(crate) mod parsers;
    pub(crate) mod peers;
}
mod frame;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use audit::{parsers, peers};
use frame::{Contestant, Limit, Row, Section, Skipped};
use session_lifecycle_model::audit::Audit;
use session_lifecycle_model::audit::generate::{Recipe, generate, generate_busy};

/// As the command line does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const INTRO: &str = "The logs are made by `session-lifecycle generate`, read from the page cache. *Busy* is like most logs: long turns, long lines, about one
line in twenty counts for an audit. In *dense* nearly every second line does. The peers count the lines (`wc -l`), look for one needle (ripgrep),
or count the events of R1 to R8 of each thread (DuckDB, jq: from bare JSON lines, which spares them the labels); the audit finds
what is wrong, and has to find what was planted. Commands are measured as whole processes. `--strict` and the typed parsers run in one process,
on one thread, which allocates as the command line does; the parsers read the type, the thread, the turn and the time of each record, and
validate the rest.";

const MEASURED: [&str; 9] = [
    "src/apply.rs",
    "src/rules.rs",
    "src/stream",
    "src/t3",
    "model/src/audit",
    "model/src/cli/audit.rs",
    "model/src/main.rs",
    "model/benches/audit.rs",
    "model/benches/audit",
];

const ROUNDS: usize = 5;
const GIB: u64 = 1 << 30;
const VIOLATIONS: usize = 100;

/// The logs that everybody reads.
struct Logs {
    busy: PathBuf,
    dense: PathBuf,
    /// The busy one without labels.
    bare: PathBuf,
}

fn main() {
    if !frame::is_bench() {
        return;
    }
    let logs = Logs::made();
    let mut rows = lines(&logs);
    rows.extend(questions(&logs));
    rows.extend(strict(&logs));
    rows.extend(memory(&logs));
    Section {
        name: "audit",
        command: "cargo bench -p session-lifecycle-model --bench audit",
        measured: &MEASURED,
        intro: INTRO,
        rows,
    }
    .write();
}

impl Logs {
    fn made() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let path = |name: &str| folder.join(name);
        let logs = Self {
            busy: path("busy.log"),
            dense: path("dense.log"),
            bare: path("busy.ndjson"),
        };
        let recipe = Recipe {
            seed: 1,
            bytes: GIB,
            violations: VIOLATIONS,
        };
        let file = |path: &Path| BufWriter::new(File::create(path).expect("a log can be written"));
        generate_busy(&mut file(&logs.busy), recipe).expect("a log can be written");
        generate(&mut file(&logs.dense), recipe).expect("a log can be written");
        let labelled = fs::read(&logs.busy).expect("written above");
        let mut bare = file(&logs.bare);
        for line in labelled.split_inclusive(|byte| *byte == b'\n') {
            let start = memchr::memchr(b'{', line).unwrap_or(0);
            bare.write_all(&line[start..])
                .expect("a log can be written");
        }
        logs
    }
}

fn audited<'a>(name: &str, path: &'a Path, arguments: &'a [&'a str]) -> Contestant<'a> {
    Contestant::new(name, move || {
        frame::timed(|| {
            let output = Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
                .args(["audit", "--format", "json"])
                .args(arguments)
                .arg(path)
                .output()
                .expect("the binary runs");
            assert_eq!(
                output.status.code(),
                Some(1),
                "the planted violations are found"
            );
            output
        })
    })
}

/// Beside those who look at lines.
fn lines(logs: &Logs) -> Vec<Row> {
    let mut contestants = vec![
        peers::wc(&logs.busy),
        audited("busy, 1 thread", &logs.busy, &["--threads", "1"]),
        audited("busy, 2 threads", &logs.busy, &["--threads", "2"]),
        audited("dense, 1 thread", &logs.dense, &["--threads", "1"]),
        audited("dense, 2 threads", &logs.dense, &["--threads", "2"]),
    ];
    let ripgrep = peers::ripgrep(&logs.busy);
    let is_installed = ripgrep.is_ok();
    contestants.extend(ripgrep);
    let best = frame::interleaved(2 * ROUNDS, &mut contestants);
    let seconds = |at: usize| best[at] / 1e9;
    let row = |at: usize| Row::new(contestants[at].name.clone(), "s", seconds(at));
    let mut rows = vec![
        row(1).beside("wc -l", seconds(0)).limit(Limit::AtMost(1.0)).remark(
            "`wc -l` only copies the file out of the page cache and counts; the audit copies it as well, and looks for what may count in \
             the same pass in which it finds the lines. So the copy is a limit, and several threads copy at once; to map the file would gain \
             little (docs/design.md).",
        ),
        row(2).beside("wc -l", seconds(0)).limit(Limit::AtMost(1.0)),
        row(3).beside("wc -l (busy)", seconds(0)),
        row(4).beside("wc -l (busy)", seconds(0)),
    ];
    rows.push(if is_installed {
        row(1).beside("ripgrep, one needle", seconds(5))
    } else {
        Row::skipped(
            "busy, 1 thread",
            "s",
            &Skipped::because("ripgrep is not installed"),
        )
    });
    rows
}

/// Beside those who answer a question of each record.
fn questions(logs: &Logs) -> Vec<Row> {
    let mut rows = Vec::new();
    let path = &logs.bare;
    for (peer, least) in [(peers::duckdb(path), 10.0), (peers::jq(path), 60.0)] {
        let peer = match peer {
            Ok(peer) => peer,
            Err(why) => {
                rows.push(Row::skipped("bare lines, 1 thread", "MiB/s", &why));
                continue;
            }
        };
        let mut contestants = vec![
            peer,
            audited("1 thread", path, &["--threads", "1"]),
            audited("2 threads", path, &["--threads", "2"]),
        ];
        let best = frame::interleaved(2 * ROUNDS, &mut contestants);
        let size = fs::metadata(path).expect("written above").len() as f64 / f64::from(1 << 20);
        let rate = |at: usize| size / (best[at] / 1e9);
        for at in [1, 2] {
            let what = format!("bare lines, {}", contestants[at].name);
            let row = Row::new(what, "MiB/s", rate(at))
                .beside(contestants[0].name.clone(), rate(0))
                .limit(Limit::AtLeast(least));
            rows.push(if row.holds() == Some(false) {
                row.remark(format!(
                    "{least} times as fast would be {:.0} MiB/s. Two threads that read a file and only add its bytes up came to \
                     about 12,800, one to half of that (docs/design.md).",
                    least * rate(0),
                ))
            } else {
                row
            });
        }
    }
    rows
}

/// Every byte validated, beside the typed parsers.
fn strict(logs: &Logs) -> Vec<Row> {
    let ours = Contestant::new("strict", || {
        frame::timed(|| {
            let audit = Audit {
                strict: true,
                ..Audit::of([&logs.busy])
            };
            let audited = audit.run(&mut Vec::new());
            assert_eq!(audited.findings.len(), VIOLATIONS);
        })
    });
    let mut contestants = vec![ours];
    contestants.extend(parsers::all(&logs.busy));
    let best = frame::interleaved(ROUNDS, &mut contestants);
    let size = GIB as f64 / f64::from(1 << 20);
    let rate = |at: usize| size / (best[at] / 1e9);
    (1..contestants.len())
        .map(|at| {
            Row::new("busy, --strict", "MiB/s", rate(0))
                .beside(contestants[at].name.clone(), rate(at))
                .limit(Limit::AtLeast(1.0))
        })
        .collect()
}

fn memory(logs: &Logs) -> Vec<Row> {
    [("busy", &logs.busy), ("dense", &logs.dense)]
        .map(|(name, path)| {
            let what = format!("peak memory, {name}, 2 threads");
            match peers::peak(path) {
                Ok(mib) => Row::new(what, "MiB", mib).limit(Limit::AtMost(64.0)),
                Err(why) => Row::skipped(what, "MiB", &why),
            }
        })
        .to_vec()
}
