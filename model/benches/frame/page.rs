//! `docs/performance.json`, written by the benches, and `docs/performance.md`, rendered from it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a ratio has to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

/// One figure: ours, the peer's in the same run, and what their ratio has to be. Without a peer, the limit is one for
/// the figure itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) unit: String,
    ours: Option<f64>,
    peer: Option<String>,
    theirs: Option<f64>,
    limit: Option<Limit>,
    /// Why a target is missed, or what else a reader must know.
    remark: Option<String>,
    /// Why there is no figure.
    skipped: Option<String>,
}

impl Row {
    /// A figure of ours. For "at least N times as fast", let the unit be a rate (`events/s`), not a time.
    pub(crate) fn new(what: impl Into<String>, unit: impl Into<String>, ours: f64) -> Self {
        Self {
            what: what.into(),
            unit: unit.into(),
            ours: Some(ours),
            peer: None,
            theirs: None,
            limit: None,
            remark: None,
            skipped: None,
        }
    }

    /// A figure that could not be taken here.
    pub(crate) fn skipped(what: impl Into<String>, unit: &str, why: &impl ToString) -> Self {
        Self {
            ours: None,
            skipped: Some(why.to_string()),
            ..Self::new(what, unit, 0.0)
        }
    }

    pub(crate) fn beside(mut self, peer: impl Into<String>, theirs: f64) -> Self {
        self.peer = Some(peer.into());
        self.theirs = Some(theirs);
        self
    }

    pub(crate) fn limit(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    pub(crate) fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = Some(remark.into());
        self
    }

    pub(crate) fn ratio(&self) -> Option<f64> {
        Some(self.ours? / self.theirs?)
    }

    /// Whether the limit holds, where there are a limit and a figure.
    pub(crate) fn holds(&self) -> Option<bool> {
        let found = match self.peer {
            Some(_) => self.ratio()?,
            None => self.ours?,
        };
        self.limit.map(|limit| match limit {
            Limit::AtMost(most) => found <= most,
            Limit::AtLeast(least) => found >= least,
        })
    }

    fn render(&self) -> String {
        let limit = match self.limit {
            None => String::new(),
            Some(Limit::AtMost(most)) => format!("at most {most}"),
            Some(Limit::AtLeast(least)) => format!("at least {least}"),
        };
        let figure = |of: Option<f64>| of.map_or_else(String::new, shown);
        let ratio = self
            .ratio()
            .map_or_else(String::new, |ratio| format!("**{ratio:.2}**"));
        let holds = match (&self.skipped, self.holds()) {
            (Some(why), _) => format!("skipped: {why}"),
            (None, Some(true)) => "reached".to_owned(),
            (None, Some(false)) => "**missed**".to_owned(),
            (None, None) => String::new(),
        };
        format!(
            "| {} | {} | {} | {} | {} | {ratio} | {limit} | {holds} |\n",
            self.what,
            self.peer.as_deref().unwrap_or_default(),
            self.unit,
            figure(self.ours),
            figure(self.theirs),
        )
    }
}

/// Three digits that mean something.
fn shown(figure: f64) -> String {
    match figure.abs() {
        10_000.0.. => format!("{figure:.0}"),
        100.0.. => format!("{figure:.0}"),
        10.0.. => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

/// What one bench has to say.
pub(crate) struct Section {
    /// The bench's file, without `.rs`.
    pub(crate) name: &'static str,
    /// What writes this section anew.
    pub(crate) command: &'static str,
    /// Files and folders, from the root of the workspace: the code that is measured, and the bench itself.
    pub(crate) measured: &'static [&'static str],
    /// What is measured, and how, in Markdown.
    pub(crate) intro: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// A section as `docs/performance.json` keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) command: String,
    pub(crate) measured: Vec<String>,
    /// SHA-256 over the measured files when they were measured.
    pub(crate) hash: String,
    /// Cores, compiler.
    machine: String,
    intro: String,
    pub(crate) rows: Vec<Row>,
}

/// `docs/performance.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) sections: BTreeMap<String, Stored>,
}

impl Section {
    /// Replaces this section of the stored figures, and renders the document from all of them.
    pub(crate) fn write(self) {
        let root = root();
        let measured: Vec<String> = self.measured.iter().map(ToString::to_string).collect();
        let stored = Stored {
            command: self.command.to_owned(),
            hash: hash(&root, &measured).expect("the measured files are there"),
            measured,
            machine: machine(),
            intro: self.intro.trim().to_owned(),
            rows: self.rows,
        };
        for row in &stored.rows {
            eprint!("{}", row.render());
        }
        let mut results = Results::stored(&root).unwrap_or_default();
        results.sections.insert(self.name.to_owned(), stored);
        let mut json = serde_json::to_string_pretty(&results).expect("figures are JSON");
        json.push('\n');
        fs::write(root.join(JSON), json).expect("the figures can be written");
        fs::write(root.join(PAGE), results.render()).expect("the document can be written");
    }
}

pub(crate) const JSON: &str = "docs/performance.json";
pub(crate) const PAGE: &str = "docs/performance.md";

impl Results {
    /// What was measured last; `None` before the first bench ran.
    pub(crate) fn stored(root: &Path) -> Option<Self> {
        let json = fs::read_to_string(root.join(JSON)).ok()?;
        Some(serde_json::from_str(&json).expect("docs/performance.json holds sections of figures"))
    }

    pub(crate) fn render(&self) -> String {
        let mut page = String::from(
            "<!-- Generated from performance.json by the benches. To write it anew: model/benches/run -->\n\n\
             # What it costs\n\n\
             Times drift from run to run, and machines differ; so every figure stands beside a peer's that was \
             measured in the same interleaved loop, the fastest of at least five rounds each, or is a count of \
             instructions (callgrind). The *ratio* is ours divided by the peer's, and the limit is one for the \
             ratio; where there is no peer, it is one for the figure. The absolute figures are only there to show \
             the order of magnitude. `model/benches/run` measures all of it again and writes this page; a test \
             fails when the code has changed since.\n",
        );
        for (name, section) in &self.sections {
            section.render(name, &mut page);
        }
        page
    }
}

impl Stored {
    fn render(&self, name: &str, page: &mut String) {
        write!(
            page,
            "\n## {name}\n\n{}\n\n`{}` ({})\n\n\
             | what | peer | unit | ours | theirs | ratio | limit | |\n|---|---|---|---|---|---|---|---|\n",
            self.intro, self.command, self.machine
        )
        .unwrap_or_default();
        for row in &self.rows {
            page.push_str(&row.render());
        }
        let mut remarks = self
            .rows
            .iter()
            .filter_map(|row| row.remark.as_ref().map(|remark| (row, remark)))
            .peekable();
        if remarks.peek().is_some() {
            page.push('\n');
        }
        for (row, remark) in remarks {
            let beside = row.peer.as_ref().map(|peer| format!(", beside {peer}"));
            writeln!(
                page,
                "- *{}{}*: {remark}",
                row.what,
                beside.unwrap_or_default()
            )
            .unwrap_or_default();
        }
    }
}

/// The root of the workspace, whichever of its packages the bench belongs to.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let nested = package.ends_with("model");
    let root = if nested { package.parent() } else { None };
    root.unwrap_or(package).to_owned()
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = std::process::Command::new("rustc").arg("-V").output();
    let rustc = rustc.map_or_else(
        |_| "rustc unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    );
    let rustc = rustc.split(" (").next().unwrap_or_default();
    format!("{cores} cores, {rustc}")
}

/// One hash over the names and contents of the files, a folder counting as all that is in it.
pub(crate) fn hash(root: &Path, measured: &[String]) -> std::io::Result<String> {
    let mut files = Vec::new();
    for path in measured {
        collect(&root.join(path), &mut files)?;
    }
    files.sort();
    files.dedup();
    let mut sum = Sha256::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(&file);
        let content = fs::read(&file)?;
        sum.update(format!("{}\n{}\n", name.display(), content.len()));
        sum.update(content);
    }
    let mut text = String::new();
    for byte in sum.finalize() {
        write!(text, "{byte:02x}").unwrap_or_default();
    }
    Ok(text)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if fs::metadata(path)?.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else {
        files.push(path.to_owned());
    }
    Ok(())
}
