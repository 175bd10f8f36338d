//! The worlds of the five providers, in the small scope.

use std::process::Command;

use session_lifecycle::{Fault, SessionState};
use session_lifecycle_model::engine::{Limits, explore};
use session_lifecycle_model::world::{Action, World};
use session_lifecycle_model::{
    Plan, Profile, PropertyId, Report, Scope, Shipped, TurnIds, Verdict, check_subject,
};
use stateright::Model as _;

fn checked(profile: Profile, fault: Option<Fault>) -> Report {
    let plan = Plan {
        second_opinion: false,
        ..Scope::SMALL.of(profile).into()
    };
    check_subject(Shipped { fault }, &plan, |_| {})
}

#[track_caller]
fn verified(profile: Profile, states: usize, edges: usize) {
    let report = checked(profile, None);
    report.assert_verified();
    assert_eq!((report.states, report.edges), (states, edges));
    let name = format!("the world of {}", profile.name);
    assert!(report.bounds.ends_with(&name), "{}", report.bounds);
    for property in &report.properties {
        assert!(property.bounds.contains(&name), "{}", property.bounds);
    }
}

#[test]
fn the_world_of_codex_is_verified() {
    verified(Profile::CODEX, 94_121, 595_228);
}

#[test]
fn the_world_of_codex_exec_is_verified() {
    verified(Profile::CODEX_EXEC, 45_383, 285_793);
}

#[test]
fn the_world_of_claude_is_verified() {
    verified(Profile::CLAUDE, 91_970, 583_763);
}

#[test]
fn the_world_of_acp_is_verified() {
    verified(Profile::ACP, 62_006, 396_763);
}

#[test]
fn the_world_of_opencode_is_verified() {
    verified(Profile::OPENCODE, 58_785, 377_512);
}

#[test]
fn a_departure_that_a_provider_is_not_known_for_never_happens_in_its_world() {
    let world = World::new(Shipped::default(), Scope::SMALL.of(Profile::CODEX_EXEC));
    let anywhere = World::new(Shipped::default(), Scope::SMALL);
    let explored = explore(&world, Limits::default(), |_| {});
    let unheard_of = [
        Action::ChildTurn,
        Action::Handshake,
        Action::BeginUnnamed,
        Action::BeginAlone,
        Action::SayBusy,
        Action::RestartSilently,
        Action::LeaveTurn(SessionState::Error),
    ];
    for action in unheard_of {
        assert!(!Profile::CODEX_EXEC.allows(action), "{action}");
        let mut elsewhere = 0;
        for point in explored.graph.states() {
            assert!(world.next_state(&point, action).is_none(), "{action}");
            elsewhere += usize::from(anywhere.next_state(&point, action).is_some());
        }
        assert!(
            elsewhere > 0,
            "{action} is possible in the world of anybody"
        );
    }
}

#[test]
fn a_defect_breaks_the_world_of_the_provider_that_provokes_it_and_no_other() {
    let fault = Some(Fault::S4_02);
    let of = |profile| {
        checked(profile, fault)
            .property(PropertyId::S4)
            .unwrap()
            .verdict
    };
    assert_eq!(
        of(Profile::CLAUDE),
        Verdict::Violated,
        "its handshake names no turn"
    );
    assert_eq!(of(Profile::CODEX_EXEC), Verdict::Verified);
}

#[test]
fn every_departure_of_a_profile_is_one_that_the_model_knows_and_any_allows_them_all() {
    let known = Action::all();
    for profile in Profile::ALL {
        assert_eq!(Profile::named(profile.name), Some(profile));
        let Some(departures) = profile.departures else {
            assert!(known.iter().all(|action| profile.allows(*action)));
            continue;
        };
        assert!(departures.all().count() > 0, "{}", profile.name);
        for departure in departures.all() {
            assert!(known.contains(&departure), "{}: {departure}", profile.name);
        }
    }
    assert_eq!(Profile::named("nobody"), None);
}

#[test]
fn the_command_checks_the_world_that_it_is_asked_for_and_refuses_one_that_it_does_not_know() {
    let check = |profile: &str| {
        Command::new(env!("CARGO_BIN_EXE_session-lifecycle"))
            .args([
                "check",
                "--scope",
                "small",
                "--depth-limit",
                "3",
                "--format",
                "json",
            ])
            .args(["--profile", profile])
            .output()
            .unwrap()
    };
    let run = check("opencode");
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let bounds = report["bounds"].as_str().unwrap();
    assert!(bounds.ends_with("the world of opencode"), "{bounds}");
    assert_eq!(
        run.status.code(),
        Some(3),
        "a search that was cut short is inconclusive"
    );
    assert_eq!(check("nobody").status.code(), Some(2));
}

/// The profiles as the document shows them.
fn table() -> String {
    let names = |departures: &[Action]| {
        let names: Vec<String> = departures
            .iter()
            .map(|departure| format!("`{departure:?}`"))
            .collect();
        if names.is_empty() {
            "-".to_owned()
        } else {
            names.join(", ")
        }
    };
    let mut table = String::from(
        "| profile | turn ids from | ends a turn | missing | doubled | late | foreign | besides |\n|---|---|---|---|---|---|---|---|\n",
    );
    for profile in Profile::ALL {
        let ids = match profile.turn_ids {
            TurnIds::Anyone => "anyone",
            TurnIds::Provider => "the provider",
            TurnIds::Client => "the client",
            TurnIds::Nobody => "nobody",
        };
        let kinds = profile
            .departures
            .map_or("all | all | all | all | all".to_owned(), |known| {
                [
                    known.missing,
                    known.doubled,
                    known.late,
                    known.foreign,
                    known.besides,
                ]
                .map(names)
                .join(" | ")
            });
        table += &format!(
            "| `{}` | {ids} | {} | {kinds} |\n",
            profile.name, profile.terminal
        );
    }
    table
}

#[test]
fn the_document_shows_the_profiles_as_they_are() {
    let document = include_str!("../../docs/providers.md");
    assert!(
        document.ends_with(&table()),
        "it should end with:\n{}",
        table()
    );
}
