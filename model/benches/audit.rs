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
use serde_json::Value;
use session_lifecycle_model::audit::Audit;
use session_lifecycle_model::audit::generate::{Planted, Recipe, generate, generate_busy};

/// As the command line does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const INTRO: &str = "The logs are made by `session-lifecycle generate`, read from the page cache, into which they came from the disk. *Busy* is like most logs: long turns, long lines, about one
line in twenty counts for an audit. In *dense* nearly every second line does. Two peers count the lines (`wc -l`) or look for one needle (ripgrep).
DuckDB and jq are asked what the audit is asked: what is wrong, and at which line (`benches/audit/question.sql`, `question.jq`), of bare JSON lines,
which spares them the labels. Audit, DuckDB and jq have to find each of the hundred violations that were planted, of ten kinds, and nothing else.
Commands are measured as whole processes. `--strict` and the typed parsers run in one process,
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
    busy: Generated,
    dense: Generated,
    /// The busy one without labels.
    bare: Generated,
}

struct Generated {
    name: &'static str,
    path: PathBuf,
    /// What was planted in it, as `findings` tells it.
    planted: String,
}

impl Generated {
    fn what(&self, threads: &str) -> String {
        let plural = if threads == "1" { "" } else { "s" };
        format!("{}, {threads} thread{plural}", self.name)
    }
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
        let recipe = Recipe {
            seed: 1,
            bytes: GIB,
            violations: VIOLATIONS,
        };
        let file = |path: &Path| BufWriter::new(File::create(path).expect("a log can be written"));
        type Generator = fn(&mut BufWriter<File>, Recipe) -> std::io::Result<Vec<Planted>>;
        let made = |name, generator: Generator| {
            let path = folder.join(format!("{name}.log"));
            let planted = generator(&mut file(&path), recipe).expect("a log can be written");
            let planted = findings(&serde_json::to_value(planted).expect("they are plain"));
            Generated {
                name,
                path,
                planted,
            }
        };
        let (busy, dense) = (made("busy", generate_busy), made("dense", generate));
        let path = folder.join("busy.ndjson");
        let labelled = fs::read(&busy.path).expect("written above");
        let mut bare = file(&path);
        for line in labelled.split_inclusive(|byte| *byte == b'\n') {
            let start = memchr::memchr(b'{', line).unwrap_or(0);
            bare.write_all(&line[start..])
                .expect("a log can be written");
        }
        bare.flush().expect("a log can be written");
        drop(bare);
        for path in [&busy.path, &dense.path, &path] {
            read_from_disk(path).expect("written above");
        }
        let bare = Generated {
            name: "bare lines",
            path,
            planted: busy.planted.clone(),
        };
        Self { busy, dense, bare }
    }
}

/// Brings a file into the page cache as whoever audits an old log finds it there: read in one go, in large pages, and not in the
/// small ones in which it was written.
fn read_from_disk(path: &Path) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    file.sync_all()?;
    #[cfg(target_os = "linux")]
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?;
    std::io::copy(&mut file, &mut std::io::sink())?;
    Ok(())
}

/// A line for each finding: its line, its thread, its check.
fn findings(all: &Value) -> String {
    let all = all.as_array().expect("findings are a list");
    let mut lines: Vec<_> = all
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().expect("a text").to_owned();
            (finding["line"].as_u64(), text("threadId"), text("check"))
        })
        .collect();
    lines.sort();
    lines
        .into_iter()
        .map(|(line, thread, check)| format!("{} {thread} {check}\n", line.unwrap_or(0)))
        .collect()
}

fn audited<'a>(log: &'a Generated, threads: &str) -> Contestant<'a> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_session-lifecycle"));
    command.args(["audit", "--format", "json", "--threads", threads]);
    command.arg(&log.path);
    peers::asked(&log.what(threads), command, &log.planted, |output| {
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let answer: Value = serde_json::from_slice(&output.stdout).expect("it says JSON");
        findings(&answer["findings"])
    })
}

/// Beside those who look at lines.
fn lines(logs: &Logs) -> Vec<Row> {
    let mut contestants = vec![
        peers::wc(&logs.busy.path),
        audited(&logs.busy, "1"),
        audited(&logs.busy, "2"),
        audited(&logs.dense, "1"),
        audited(&logs.dense, "2"),
    ];
    let ripgrep = peers::ripgrep(&logs.busy.path);
    let is_installed = ripgrep.is_ok();
    contestants.extend(ripgrep);
    let best = frame::interleaved(2 * ROUNDS, &mut contestants);
    let seconds = |at: usize| best[at] / 1e9;
    let row = |at: usize| Row::new(contestants[at].name.clone(), "s", seconds(at));
    let mut rows = vec![
        row(1).beside("wc -l", seconds(0)).limit(Limit::AtMost(1.0)).remark(
            "`wc -l` copies the file out of the page cache, and counts. The audit maps it, and half of its time is the memory's: a look \
             at every byte. The rest is reading the lines that count, and folding them (docs/design.md).",
        ),
        row(2).beside("wc -l", seconds(0)).limit(Limit::AtMost(1.0)),
        row(3).beside("wc -l (busy)", seconds(0)),
        row(4).beside("wc -l (busy)", seconds(0)),
    ];
    rows.push(if is_installed {
        row(1).beside("ripgrep, one needle", seconds(5))
    } else {
        Row::skipped(
            logs.busy.what("1"),
            "s",
            &Skipped::because("ripgrep is not installed"),
        )
    });
    rows
}

/// Beside those who answer a question of each record.
fn questions(logs: &Logs) -> Vec<Row> {
    let mut rows = Vec::new();
    let Generated { path, planted, .. } = &logs.bare;
    for (peer, least) in [
        (peers::duckdb(path, planted), 10.0),
        (peers::jq(path, planted), 60.0),
    ] {
        let peer = match peer {
            Ok(peer) => peer,
            Err(why) => {
                rows.push(Row::skipped(logs.bare.what("1"), "MiB/s", &why));
                continue;
            }
        };
        let mut contestants = vec![peer, audited(&logs.bare, "1"), audited(&logs.bare, "2")];
        let best = frame::interleaved(2 * ROUNDS, &mut contestants);
        let size = fs::metadata(path).expect("written above").len() as f64 / f64::from(1 << 20);
        let rate = |at: usize| size / (best[at] / 1e9);
        for at in [1, 2] {
            let row = Row::new(contestants[at].name.clone(), "MiB/s", rate(at))
                .beside(contestants[0].name.clone(), rate(0))
                .limit(Limit::AtLeast(least));
            rows.push(row);
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
                ..Audit::of([&logs.busy.path])
            };
            let audited = audit.run(&mut Vec::new());
            assert_eq!(audited.findings.len(), VIOLATIONS);
        })
    });
    let mut contestants = vec![ours];
    contestants.extend(parsers::all(&logs.busy.path));
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
    [&logs.busy, &logs.dense]
        .map(|log| {
            let what = format!("peak memory, {}", log.what("2"));
            match peers::peak(&log.path) {
                Ok(mib) => Row::new(what, "MiB", mib).limit(Limit::AtMost(64.0)),
                Err(why) => Row::skipped(what, "MiB", &why),
            }
        })
        .to_vec()
}
