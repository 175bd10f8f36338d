//! `audit --save-trace`: the events behind what was found, in files.

use std::fs;
use std::io;
use std::path::Path;

use session_lifecycle_model::audit::{Audit, Audited, Finding, NotKept};
use session_lifecycle_model::replay::printable;

use crate::cli::output;

/// Keeps a trace of each finding in a folder, or of the first one in a file, and notes it in the finding. What cannot be kept
/// is told, and changes no exit code.
pub(super) fn save_traces(audit: &Audit, audited: &mut Audited, path: &Path) -> io::Result<()> {
    let is_folder = path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/');
    if is_folder {
        save_each(audit, audited, path)?;
    } else {
        save_first(audit, audited, path)?;
    }
    match audited.without_events() {
        0 => {}
        1 => eprintln!(
            "1 finding stands in a row of a database: no events lead to it, and it has no trace"
        ),
        some => eprintln!(
            "{some} findings stand in rows of databases: no events lead to them, and they have no trace"
        ),
    }
    Ok(())
}

fn save_first(audit: &Audit, audited: &mut Audited, path: &Path) -> io::Result<()> {
    let index = match audit.keep(audited) {
        Ok((index, trace)) => {
            fs::write(path, output::json(&trace))?;
            index
        }
        Err(why) => {
            eprintln!("there is no trace to keep: {why}");
            return Ok(());
        }
    };
    let name = path.display().to_string();
    if let Some(finding) = audited.findings.get_mut(index) {
        eprintln!("{} is kept in {}", place(finding), output::name_of(path));
        finding.trace = Some(name);
    }
    Ok(())
}

fn save_each(audit: &Audit, audited: &mut Audited, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut kept = Vec::new();
    let mut is_any = false;
    audit.keep_each(audited, |index, trace| {
        let Some(finding) = audited.findings.get(index) else {
            return Ok(());
        };
        is_any = true;
        match trace {
            Ok(trace) => {
                let name = format!("{:04}-{}.json", index + 1, finding.check.code());
                let path = folder.join(name);
                fs::write(&path, output::json(&trace))?;
                kept.push((index, path.display().to_string()));
            }
            Err(why) => eprintln!("{} has no trace: {why}", place(finding)),
        }
        Ok::<(), io::Error>(())
    })?;
    if !is_any {
        eprintln!("there is no trace to keep: {}", NotKept::NothingFound);
    } else if !kept.is_empty() {
        let word = if kept.len() == 1 {
            "trace is"
        } else {
            "traces are"
        };
        eprintln!("{} {word} kept in {}", kept.len(), output::name_of(folder));
    }
    for (index, path) in kept {
        if let Some(finding) = audited.findings.get_mut(index) {
            finding.trace = Some(path);
        }
    }
    Ok(())
}

fn place(finding: &Finding) -> String {
    let Finding {
        file,
        place,
        thread_id,
        ..
    } = finding;
    printable(&format!("{file}: {place} of thread {thread_id}"))
}
