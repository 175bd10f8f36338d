//! The model in Promela, from its own transition table, and Spin's searches of it.
//!
//! The translation is the best that can be done for Spin: a state is its number, a step is read from a table. Nothing of
//! the model is computed while Spin searches.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use session_lifecycle_model::engine::{Graph, Searched};

/// Spin's exact searches: what they are called, and how they are compiled. Hash compaction and bit states are not exact.
const SEARCHES: [(&str, &[&str]); 3] = [
    ("depth first", &["-O2"]),
    ("depth first, -O3", &["-O3"]),
    ("breadth first", &["-O2", "-DBFS"]),
];

/// A compiled search.
pub(crate) struct Pan {
    pub(crate) name: &'static str,
    binary: PathBuf,
    max_depth: usize,
}

/// What a search of Spin's saw, and how long its process took.
pub(crate) struct Seen {
    pub(crate) states: usize,
    pub(crate) transitions: usize,
    pub(crate) elapsed: Duration,
}

/// The searches of a graph, compiled in a folder; or why there are none.
pub(crate) fn searches<M: Searched>(graph: &Graph<M>, folder: &Path) -> Result<Vec<Pan>, String> {
    let said = |error: io::Error| error.to_string();
    fs::create_dir_all(folder).map_err(said)?;
    let (promela, table) = translated(graph);
    fs::write(folder.join("model.pml"), promela).map_err(said)?;
    fs::write(folder.join("table.h"), table).map_err(said)?;
    run(folder, "spin", &["-a", "model.pml"])?;
    let compiled = SEARCHES.iter().zip(0..).map(|((name, flags), which)| {
        let binary = format!("pan{which}");
        let common = [
            "-DSAFETY",
            "-DNOREDUCE",
            "-DNOFAIR",
            "-w",
            "-o",
            &binary,
            "pan.c",
        ];
        run(folder, "cc", &[flags, &common[..]].concat())?;
        Ok(Pan {
            name,
            binary: folder.join(binary),
            max_depth: graph.len() + 1,
        })
    });
    compiled.collect()
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => panic!("{program}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => Err(format!("{program} is not installed")),
    }
}

/// The program, and the table that it reads.
fn translated<M: Searched>(graph: &Graph<M>) -> (String, String) {
    let states = u32::try_from(graph.len()).expect("a small bound");
    let most = (0..states)
        .map(|at| graph.edges(at).count())
        .max()
        .unwrap_or_default();
    let mut promela = String::from(
        "c_decl {\n\\#include \"table.h\"\n}\nint at = 0;\nactive proctype model() {\n  do\n",
    );
    for which in 0..most {
        writeln!(
            promela,
            "  :: d_step {{ c_expr {{ {which} < BEGIN[now.at + 1] - BEGIN[now.at] }} -> c_code {{ now.at = TO[BEGIN[now.at] + {which}]; }} }}"
        )
        .unwrap_or_default();
    }
    promela.push_str("  od\n}\n");

    let mut begins = String::from("0");
    let mut targets = String::new();
    let mut edges = 0;
    for at in 0..states {
        for (_, to) in graph.edges(at) {
            write!(targets, "{to},").unwrap_or_default();
            edges += 1;
        }
        write!(begins, ",{edges}").unwrap_or_default();
        targets.push('\n');
    }
    let table = format!(
        "static const int BEGIN[] = {{{begins}}};\nstatic const int TO[] = {{{targets}}};\n"
    );
    (promela, table)
}

impl Pan {
    /// Searches everything.
    pub(crate) fn search(&self) -> Seen {
        let depth = format!("-m{}", self.max_depth);
        let begun = Instant::now();
        // A table of 2^19 slots: more than there are states, and no larger than it needs to be. A state without a step
        // is no error here.
        let output = Command::new(&self.binary)
            .args([&depth, "-w19", "-E"])
            .current_dir(self.binary.parent().unwrap_or(Path::new(".")))
            .output();
        let elapsed = begun.elapsed();
        let output = output.expect("what was compiled can be run");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("errors: 0"), "{said}");
        assert!(!said.contains("search depth too small"), "{said}");
        let count = |what: &str| -> usize {
            let line = said.lines().find(|line| line.contains(what));
            let number = line.and_then(|line| line.split_whitespace().next());
            number
                .and_then(|number| number.parse().ok())
                .unwrap_or_else(|| panic!("{said}"))
        };
        Seen {
            states: count("states, stored"),
            transitions: count("transitions (="),
            elapsed,
        }
    }
}
