//! The command line.
use session_lifecycle_model::*;
fn main() {
    let arg: Vec<String> = std::env::args().collect();
    let scope = Scope::named(&arg[1]).unwrap();
    if arg.len() > 2 {
        for fault in session_lifecycle::Fault::ALL {
            let t = std::time::Instant::now();
            let report = check_subject(
                Shipped::with_fault(*fault),
                &Plan {
                    second_opinion: false,
                    ..scope.into()
                },
                |_| {},
            );
            println!(
                "{} {:?} {:?} {:?}",
                fault.id(),
                report.verdict,
                report
                    .properties
                    .iter()
                    .filter(|p| !p.trace.is_empty())
                    .map(|p| (p.id, p.trace.len()))
                    .collect::<Vec<_>>(),
                t.elapsed()
            );
        }
        return;
    }
    let report = check(Plan {
        threads: 2,
        ..scope.into()
    });
    println!("{report}");
}
