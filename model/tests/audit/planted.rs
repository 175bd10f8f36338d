//! What was planted is found, and nothing else.

use std::fs;

use session_lifecycle_model::audit::generate::{KINDS, Planted, Recipe, generate};
use session_lifecycle_model::audit::{Place, Severity};

use crate::scene::{Folder, audit};

#[test]
fn each_planted_violation_of_five_mebibytes_is_found_and_nothing_else() {
    let folder = Folder::new("planted");
    let mut bytes = Vec::new();
    let recipe = Recipe {
        seed: 7,
        bytes: 5 << 20,
        violations: 3 * KINDS.len(),
    };
    let planted = generate(&mut bytes, recipe).unwrap();
    assert_eq!(planted.len(), recipe.violations);
    let path = folder.0.join("planted.log");
    fs::write(&path, &bytes).unwrap();

    let (audited, told) = audit(&path);
    let found: Vec<Planted> = audited
        .findings
        .iter()
        .map(|finding| {
            assert_eq!(finding.severity, Severity::Finding, "{finding:?}");
            assert!(finding.time.is_some(), "every line has a time: {finding:?}");
            let Place::Line { line } = finding.place else {
                panic!("a log has lines: {finding:?}");
            };
            Planted {
                line,
                check: finding.check,
                thread_id: finding.thread_id.clone(),
            }
        })
        .collect();
    assert_eq!(found, planted);
    assert_eq!(told, "");
    assert_eq!(audited.exit_code(), 1);
    assert_eq!(
        audited.totals.lines,
        bytes.iter().filter(|byte| **byte == b'\n').count() as u64
    );
    assert!(audited.totals.threads > 200);
}

#[test]
fn a_healthy_log_has_no_finding_and_no_hint() {
    let folder = Folder::new("healthy");
    let mut bytes = Vec::new();
    let planted = generate(
        &mut bytes,
        Recipe {
            seed: 3,
            bytes: 1 << 20,
            violations: 0,
        },
    )
    .unwrap();
    assert_eq!(planted, []);
    let path = folder.0.join("healthy.log");
    fs::write(&path, &bytes).unwrap();
    let (audited, _) = audit(&path);
    assert_eq!(audited.findings, []);
    assert_eq!(audited.exit_code(), 0);
    assert!(audited.totals.events > 200);
}
