//! Which files an audit reads, in which order, and how they are opened.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::name_of;
use super::zstd::Zstd;

/// What a database begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// How much of a file in a folder is looked at before it counts as something else than an event log.
const SNIFFED: u64 = 64 << 10;

/// The longest line that is read, in bytes: no input can ask for more memory than that for one line. A log of the hosts
/// known is rotated before a line of it is that long.
pub const LONGEST_LINE: usize = 16 << 20;

const BUFFER: usize = 64 << 10;

/// The two ages of names: `<segment>.log`, and later `events.<segment>.log`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameAge {
    First,
    Later,
}

/// A file of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogFile {
    pub(crate) path: PathBuf,
    age: NameAge,
    /// 0 is the one being written; the higher, the older.
    rotation: u32,
    /// It was named on the command line: it is read whatever it looks like.
    named: bool,
}

/// Everything there is to read.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Files that continue one another, oldest first, by folder and segment.
    pub(crate) sets: BTreeMap<(PathBuf, String), Vec<LogFile>>,
    /// Databases, and whether each was named on the command line.
    pub(crate) databases: Vec<(PathBuf, bool)>,
    /// Folders that were named on the command line, and hold nothing that is named like a log or a database.
    pub(crate) barren: Vec<PathBuf>,
}

impl LogFile {
    pub(crate) fn new(path: PathBuf, named: bool) -> (String, Self) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let (stem, rotation) = parts(&name).unwrap_or((&name, 0));
        let (age, segment) = match stem.strip_prefix("events.") {
            Some(segment) => (NameAge::Later, segment),
            None => (NameAge::First, stem),
        };
        let segment = segment.to_owned();
        let file = Self {
            path,
            age,
            rotation,
            named,
        };
        (segment, file)
    }

    /// Files are read in this order.
    fn turn(&self) -> (NameAge, Reverse<u32>, &Path) {
        (self.age, Reverse(self.rotation), &self.path)
    }

    /// [`turn`](Self::turn), to keep.
    pub(crate) fn into_turn(self) -> (NameAge, Reverse<u32>, PathBuf) {
        (self.age, Reverse(self.rotation), self.path)
    }

    /// Whether nothing can be missing between this file and the next: only the later logs are written by one writer.
    pub(crate) fn leads_on_to(&self, next: &Self) -> bool {
        self.age == NameAge::Later
            && next.age == NameAge::Later
            && next.rotation.checked_add(1) == Some(self.rotation)
    }

    /// Whether the file should be read: one found in a folder must look like a log of events.
    ///
    /// # Errors
    ///
    /// It cannot be read; or it does not look like one although another file of its set does, so that it has been one.
    pub(crate) fn is_wanted(&self, set: &[Self]) -> io::Result<bool> {
        if self.named || self.look()? != Look::Other {
            return Ok(true);
        }
        // What is read of a pipe is gone.
        let is_log =
            |file: &Self| file.path.is_file() && file.look().is_ok_and(|look| look == Look::Log);
        if set.iter().any(|other| other != self && is_log(other)) {
            return Err(io::Error::other(
                "it does not look like a log of T3 Code's events, and another file of its set does",
            ));
        }
        Ok(false)
    }

    fn look(&self) -> io::Result<Look> {
        let (mut input, mut start) = (open(&self.path)?, Vec::new());
        input.by_ref().take(SNIFFED).read_to_end(&mut start)?;
        if !start.contains(&b'\n') {
            // What a line is may stand at its end.
            input
                .take(LONGEST_LINE as u64)
                .read_until(b'\n', &mut start)?;
        }
        if start.iter().all(u8::is_ascii_whitespace) {
            return Ok(Look::Blank);
        }
        let is_log = start.split(|byte| *byte == b'\n').any(looks_like_event);
        Ok(if is_log { Look::Log } else { Look::Other })
    }
}

/// What the beginning of a file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Blank,
    Log,
    Other,
}

fn looks_like_event(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let labelled = || {
        [&b"] CANON: "[..], b"] NTIVE: ", b"] ORCH: "]
            .iter()
            .any(|label| {
                line.get(..64.min(line.len()))
                    .is_some_and(|start| memchr::memmem::find(start, label).is_some())
            })
    };
    match line.first() {
        Some(b'[') => labelled(),
        Some(b'{') => memchr::memmem::find(line, b"\"threadId\"").is_some(),
        _ => false,
    }
}

/// The stem and the rotation of `<stem>.log` and `<stem>.log.<n>`, compressed or not; `None` for other names.
fn parts(name: &str) -> Option<(&str, u32)> {
    let name = uncompressed(name);
    if let Some(stem) = name.strip_suffix(".log") {
        return Some((stem, 0));
    }
    let (rest, number) = name.rsplit_once('.')?;
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let rotation = plain.then(|| number.parse().ok()).flatten()?;
    Some((rest.strip_suffix(".log")?, rotation))
}

fn uncompressed(name: &str) -> &str {
    [".gz", ".zst", ".zstd"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name)
}

fn has_end(name: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| name.ends_with(end))
}

impl Inputs {
    /// Files as they are, folders with all that is in them, in the order of their names.
    ///
    /// What cannot be looked at is told to `unreadable`, and the rest goes on.
    pub(crate) fn gather(paths: &[PathBuf], mut unreadable: impl FnMut(&Path, &io::Error)) -> Self {
        let mut found = Vec::new();
        let mut inputs = Self::default();
        for path in paths {
            if path.is_dir() {
                let (before, mut is_read) = (found.len(), true);
                walk(path, &mut found, &mut |path, why| {
                    is_read = false;
                    unreadable(path, why);
                });
                if is_read && found.len() == before {
                    inputs.barren.push(path.clone());
                }
            } else {
                found.push((path.clone(), true));
            }
        }
        let mut seen = HashSet::new();
        for (path, named) in found {
            // The same file by two ways is one file. One that is not there is told when it is opened.
            let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            if seen.insert(real) {
                inputs.add(path, named);
            }
        }
        for files in inputs.sets.values_mut() {
            files.sort_by(|a, b| a.turn().cmp(&b.turn()));
        }
        inputs.databases.sort();
        inputs
    }

    /// Says where there was nothing to read: that nothing was found there proves nothing.
    pub(crate) fn tell_barren(&self, diagnostics: &mut impl Write) {
        for folder in &self.barren {
            let folder = name_of(folder);
            let _ = writeln!(
                diagnostics,
                "{folder}: nothing in it is named like a log or a database"
            );
        }
    }

    fn add(&mut self, path: PathBuf, named: bool) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if is_database(&path) || has_end(&name, &[".sqlite", ".sqlite3", ".db"]) {
            self.databases.push((path, named));
            return;
        }
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let (segment, file) = LogFile::new(path, named);
        self.sets.entry((folder, segment)).or_default().push(file);
    }
}

/// Links to folders are not followed: they may lead in circles.
fn walk(
    folder: &Path,
    found: &mut Vec<(PathBuf, bool)>,
    unreadable: &mut impl FnMut(&Path, &io::Error),
) {
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(why) => return unreadable(folder, &why),
    };
    let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    for path in paths {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if !path.is_symlink() {
                walk(&path, found, unreadable);
            }
        } else if fs::metadata(&path).is_ok_and(|file| !file.is_file()) {
            // A pipe or a socket would be waited for.
        } else if parts(&name).is_some()
            || has_end(uncompressed(&name), &[".ndjson", ".jsonl"])
            || has_end(&name, &[".sqlite", ".sqlite3", ".db"])
        {
            found.push((path, false));
        }
    }
}

/// Whether the file begins like a database. A pipe is none, and is not asked: what is read of it is gone.
pub(crate) fn is_database(path: &Path) -> bool {
    let mut start = [0; 16];
    fs::metadata(path).is_ok_and(|file| file.is_file())
        && File::open(path)
            .and_then(|mut file| file.read_exact(&mut start))
            .is_ok_and(|()| start == SQLITE)
}

/// Opens a file of events, or standard input for `-`, whether it is plain or compressed with gzip or zstd.
///
/// # Errors
///
/// It cannot be opened, or its first bytes cannot be read.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    if path == Path::new("-") {
        return decoded(BufReader::with_capacity(BUFFER, io::stdin()));
    }
    decoded(BufReader::with_capacity(BUFFER, File::open(path)?))
}

/// A file of events, as it is read from its beginning to its end.
pub(crate) enum Input {
    /// Only in order.
    Stream(Box<dyn BufRead + Send>),
    /// At several places at once.
    #[cfg(unix)]
    File(File),
}

impl Input {
    /// [`open`], for whoever reads all of it.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        if path != Path::new("-") {
            let file = File::open(path)?;
            if file.metadata()?.is_file() && !is_compressed(&file)? {
                return Ok(Self::File(file));
            }
            // A pipe is opened once: whoever writes to it would find that nobody reads.
            return decoded(BufReader::with_capacity(BUFFER, file)).map(Self::Stream);
        }
        open(path).map(Self::Stream)
    }
}

#[cfg(unix)]
fn is_compressed(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::FileExt;
    let mut start = [0; 4];
    let read = file.read_at(&mut start, 0)?;
    let start = &start[..read];
    Ok(start.starts_with(GZIP) || start.starts_with(ZSTD))
}

fn decoded(mut file: impl BufRead + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let start = file.fill_buf()?;
    if start.starts_with(GZIP) {
        let decoder = MultiGzDecoder::new(file);
        return Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)));
    }
    if start.starts_with(ZSTD) {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, Zstd::new(file))));
    }
    Ok(Box::new(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_the_segment_the_age_and_the_rotation() {
        let read = |name: &str| {
            let (segment, file) = LogFile::new(name.into(), true);
            (segment, file.age, file.rotation)
        };
        assert_eq!(read("th-1.log"), ("th-1".into(), NameAge::First, 0));
        assert_eq!(read("th-1.log.10.gz"), ("th-1".into(), NameAge::First, 10));
        assert_eq!(
            read("events.th-1.log.2.zst"),
            ("th-1".into(), NameAge::Later, 2)
        );
        assert_eq!(read("events.log"), ("events".into(), NameAge::First, 0));
        assert_eq!(
            read("some.ndjson"),
            ("some.ndjson".into(), NameAge::First, 0)
        );
    }

    #[test]
    fn only_the_next_rotation_of_the_later_logs_is_led_on_to_however_large_its_number() {
        let leads = |from: &str, to: &str| {
            let [from, to] = [from, to].map(|name| LogFile::new(name.into(), true).1);
            from.leads_on_to(&to)
        };
        assert!(leads("events.x.log.1", "events.x.log"));
        assert!(leads("events.x.log.4294967295", "events.x.log.4294967294"));
        assert!(!leads("events.x.log.2", "events.x.log"));
        assert!(!leads("events.x.log", "events.x.log.4294967295"));
        assert!(!leads("x.log.1", "x.log"));
    }

    #[test]
    fn rotated_files_are_read_from_the_oldest_on_and_the_later_names_last() {
        let names = [
            "events.x.log",
            "x.log",
            "x.log.2",
            "events.x.log.1",
            "x.log.10",
            "x.log.1",
        ];
        let paths: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        let inputs = Inputs::gather(&paths, |_, _| {});
        assert_eq!(inputs.sets.len(), 1);
        let order: Vec<_> = inputs
            .sets
            .values()
            .flatten()
            .map(|file| file.path.to_str().unwrap())
            .collect();
        assert_eq!(
            order,
            [
                "x.log.10",
                "x.log.2",
                "x.log.1",
                "x.log",
                "events.x.log.1",
                "events.x.log"
            ]
        );
    }
}
