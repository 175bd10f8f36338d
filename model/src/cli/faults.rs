//! `faults`: published defects, put back one by one.

use std::fmt::Write as _;
use std::process::ExitCode;

use indicatif::ProgressBar;
use serde::Serialize;
use session_lifecycle::Fault;
use session_lifecycle_model::faults::{self, Caught, Entry};

use crate::cli::output::{self, Format};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes:
  0  every fault that was put back is caught
  1  one survived
  2  wrong usage")]
pub(crate) struct Args {
    /// Only name the faults
    #[arg(long)]
    list: bool,

    /// A fault to put back, as in `S1-01`; may be given more than once; all of them by default
    #[arg(long, value_name = "ID", value_parser = output::fault, num_args = 1..)]
    only: Vec<Fault>,

    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What `--list --format json` says of a fault.
#[derive(Serialize)]
struct ListedFault {
    id: &'static str,
    link: &'static str,
    property: &'static str,
    engine: &'static str,
    symptom: &'static str,
    decision: &'static str,
}

/// What `--format json` says.
#[derive(Serialize)]
struct FaultsAnswer<T> {
    faults: Vec<T>,
    total: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    caught: Option<usize>,
}

/// Ends with 0 if every fault was caught, 1 if one survived.
pub(crate) fn run(args: &Args) -> ExitCode {
    let asked = |entry: &&Entry| args.only.is_empty() || args.only.contains(&entry.fault);
    let entries: Vec<&Entry> = faults::all().filter(asked).collect();
    if args.list {
        return output::answer(&listing(&entries, args.format), 0);
    }
    let bar = ProgressBar::new(entries.len() as u64);
    let faults: Vec<Caught> = entries
        .iter()
        .map(|entry| {
            bar.set_message(entry.fault.id());
            let caught = entry.run();
            bar.inc(1);
            caught
        })
        .collect();
    bar.finish_and_clear();
    let (total, caught) = (
        faults.len(),
        faults.iter().filter(|fault| fault.caught).count(),
    );
    let code = u8::from(caught != total);
    let text = match args.format {
        Format::Json => output::json(&FaultsAnswer {
            faults,
            total,
            caught: Some(caught),
        }),
        Format::Text => told(&faults, total, caught, !args.only.is_empty()),
    };
    output::answer(&text, code)
}

fn listing(entries: &[&Entry], format: Format) -> String {
    let mut text = String::new();
    match format {
        Format::Text => {
            for Entry {
                fault,
                property,
                symptom,
                link,
                ..
            } in entries
            {
                writeln!(
                    text,
                    "{:<6} {:<3}  {symptom}\n            {link}",
                    fault.id(),
                    property.as_str()
                )
                .unwrap_or_default();
            }
        }
        Format::Json => {
            let list = entries.iter().map(|entry| ListedFault {
                id: entry.fault.id(),
                link: entry.link,
                property: entry.property.as_str(),
                engine: entry.property.engine(),
                symptom: entry.symptom,
                decision: entry.decision,
            });
            text = output::json(&FaultsAnswer {
                faults: list.collect(),
                total: entries.len(),
                caught: None,
            });
        }
    }
    text
}

fn told(faults: &[Caught], total: usize, caught: usize, with_traces: bool) -> String {
    let mut text = String::new();
    for fault in faults {
        let word = if fault.caught { "caught" } else { "SURVIVED" };
        let (id, property, steps) = (fault.id, fault.property, fault.trace.len());
        writeln!(
            text,
            "{word:<8} {id:<6} by {property:<3} in {steps:>2} steps: {}",
            fault.symptom
        )
        .unwrap_or_default();
        if with_traces {
            writeln!(
                text,
                "{:9}{}\n{:9}defect: {}\n",
                "", fault.link, "", fault.decision
            )
            .unwrap_or_default();
            for step in &fault.trace {
                writeln!(text, "{step}").unwrap_or_default();
            }
            text.push('\n');
        }
    }
    writeln!(text, "\n{caught} of {total} caught").unwrap_or_default();
    if !with_traces {
        text.push_str("`faults --only ID` tells the shortest trace of one\n");
    }
    text
}
