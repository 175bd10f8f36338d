//! Folders, logs in a few words, and findings in a few words.

use std::fs;
use std::path::{Path, PathBuf};

use session_lifecycle_model::audit::{Audit, Audited, Finding};

/// A folder of its own for each test, gone afterwards.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audit-log-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn write(&self, name: &str, content: &(impl AsRef<[u8]> + ?Sized)) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn audit(path: &Path) -> (Audited, String) {
    let mut told = Vec::new();
    let audited = Audit::of([path]).run(&mut told);
    (audited, String::from_utf8(told).unwrap())
}

/// One event a word or two: `12 turn.started A`, at that second; ` - ` where there is no time.
pub(crate) fn log(events: &[&str]) -> String {
    events.iter().map(|event| line(event)).collect()
}

pub(crate) fn line(event: &str) -> String {
    let mut words = event.split(' ');
    let (second, kind) = (words.next().unwrap(), words.next().unwrap());
    let rest: Vec<&str> = words.collect();
    let time = format!(
        "2026-05-28T10:{:02}:{:02}.000Z",
        second.parse::<u32>().unwrap() / 60,
        second.parse::<u32>().unwrap() % 60
    );
    if let Some(asked) = kind.strip_prefix("host.") {
        let payload = match (asked, rest.as_slice()) {
            ("session-set", [status, turn, ..]) => {
                let turn = if *turn == "-" {
                    "null".to_owned()
                } else {
                    format!("\"{turn}\"")
                };
                format!(
                    r#","session":{{"threadId":"th","status":"{status}","activeTurnId":{turn},"lastError":null,"updatedAt":"{time}"}}"#
                )
            }
            _ => String::new(),
        };
        return format!(
            "[{time}] CANON: {{\"type\":\"thread.{asked}\",\"aggregateKind\":\"thread\",\"aggregateId\":\"th\",\"occurredAt\":\"{time}\",\"payload\":{{\"threadId\":\"th\"{payload}}}}}\n"
        );
    }
    let (turn, payload) = match (kind, rest.as_slice()) {
        ("session.state.changed" | "thread.state.changed", [state]) => {
            (None, format!(r#"{{"state":"{state}"}}"#))
        }
        ("turn.completed", []) => (None, r#"{"state":"completed"}"#.to_owned()),
        ("turn.completed", [turn]) => (Some(*turn), r#"{"state":"completed"}"#.to_owned()),
        (_, [turn]) => (Some(*turn), "{}".to_owned()),
        _ => (None, "{}".to_owned()),
    };
    let turn = turn.map_or_else(String::new, |turn| format!(r#","turnId":"{turn}""#));
    format!(
        "[{time}] CANON: {{\"type\":\"{kind}\",\"threadId\":\"th\",\"createdAt\":\"{time}\"{turn},\"payload\":{payload}}}\n"
    )
}

/// `S1 line 3 finding`, for each.
pub(crate) fn brief(audited: &Audited) -> Vec<String> {
    let tell = |finding: &Finding| {
        format!(
            "{} {} {} {}",
            finding.severity,
            finding.property,
            finding.place,
            finding.check.code()
        )
        .replace("  ", " ")
    };
    audited.findings.iter().map(tell).collect()
}

/// What is found in a log of these events.
pub(crate) fn found(name: &str, events: &[&str]) -> Vec<String> {
    let folder = Folder::new(name);
    let (audited, told) = audit(&folder.write("th.log", &log(events)));
    assert_eq!(told, "");
    brief(&audited)
}
