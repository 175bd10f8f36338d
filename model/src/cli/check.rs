//! `check`: every property of the shipped logic.

mod bar;
mod forms;
mod github;
mod junit;
mod sarif;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use session_lifecycle::{Fault, FaultLayer};
use session_lifecycle_model::engine::Limits;
use session_lifecycle_model::faults::{self, Catcher};
use session_lifecycle_model::kernel::{
    Allowance, Claim, Kernel, check_claims, check_faulty_supervisor,
};
use session_lifecycle_model::trace::Trace;
use session_lifecycle_model::{
    Plan, Profile, PropertyId, Report, Scope, Shipped, Verdict, check_subject,
};

use crate::cli::output::{self, UNREADABLE};
use forms::{CheckAnswer, Form, LayerReport};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit codes:
  0  every property that was asked for is verified
  1  one is violated
  2  wrong usage, or a file that cannot be written
  3  none is violated, and one is inconclusive: the search was cut short, or the premise of the property never occurred")]
pub(crate) struct Args {
    /// What to check: the projection of events, or the supervisor that a host embeds; both by default
    #[arg(long, value_enum)]
    layer: Option<Layer>,

    /// How much may happen
    #[arg(long, value_parser = output::scope(), default_value = Scope::DEFAULT.name)]
    scope: Scope,

    /// Whose world it is: only what this provider is known to do goes wrong in it; the projection alone is checked
    #[arg(long, value_parser = output::profile(), default_value = Profile::ANY.name)]
    profile: Profile,

    /// A property to check, as in `S1`; may be given more than once; all of them by default
    #[arg(long = "property", value_name = "ID")]
    properties: Vec<String>,

    /// Threads of each engine, as many as there are processors by default; no answer depends on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,

    /// Stop after this many seconds; a search that stops there is inconclusive
    #[arg(long, value_name = "S", value_parser = seconds)]
    time_limit: Option<Duration>,

    /// Stop at this many states; a search that stops there is inconclusive
    #[arg(long, value_name = "N")]
    state_limit: Option<usize>,

    /// Go no deeper than this many steps; a search that stops there is inconclusive
    #[arg(long, value_name = "N")]
    depth_limit: Option<usize>,

    /// Put this published defect back first, as in `S1-01`; one of the supervisor is checked in the world where it shows
    #[arg(long, value_name = "ID", value_parser = output::fault)]
    fault: Option<Fault>,

    /// Keep the counterexample of the first property that is violated in this file, for `replay-trace`; the projection
    /// alone is checked
    #[arg(long, value_name = "FILE")]
    save_trace: Option<PathBuf>,

    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

impl Args {
    /// Whether it asks for something that only the projection has.
    fn is_about_events(&self) -> bool {
        self.profile != Profile::ANY || self.save_trace.is_some()
    }
}

/// The two layers of the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Layer {
    /// What events make of a session
    Projection,
    /// What a host does about it
    Supervisor,
}

impl Layer {
    fn name(self) -> &'static str {
        match self {
            Self::Projection => "projection",
            Self::Supervisor => "supervisor",
        }
    }
}

/// The layer that a defect is put back into. A reader is none: it is not explored.
fn layer_of(fault: Fault) -> Result<Layer, String> {
    let id = fault.id();
    match fault.layer() {
        FaultLayer::Projection => Ok(Layer::Projection),
        FaultLayer::Supervisor => Ok(Layer::Supervisor),
        FaultLayer::Readers => Err(format!(
            "{id} is a defect of a reader, which is not explored but played a stream; `faults --only {id}` does that"
        )),
    }
}

/// The layers to check, the supervisor's first.
fn layers(args: &Args) -> Result<Vec<Layer>, String> {
    let of_fault = args.fault.map(layer_of).transpose()?;
    if let (Some(fault), Some(of), Some(asked)) = (args.fault, of_fault, args.layer)
        && of != asked
    {
        let (id, of, asked) = (fault.id(), of.name(), asked.name());
        return Err(format!(
            "{id} is a defect of the {of}, and not of the {asked}"
        ));
    }
    let of_events = Some(Layer::Projection).filter(|_| args.is_about_events());
    match (of_fault.or(args.layer), of_events) {
        (Some(Layer::Supervisor), Some(_)) => Err(
            "--profile and --save-trace are about the projection, not about the supervisor".into(),
        ),
        (Some(layer), _) | (None, Some(layer)) => Ok(vec![layer]),
        (None, None) => Ok(vec![Layer::Supervisor, Layer::Projection]),
    }
}

/// What to check of each layer: all, if nothing is named. A layer of which nothing is asked is left out.
fn asked(ids: &[String], layers: &mut Vec<Layer>) -> Result<(Vec<PropertyId>, Vec<Claim>), String> {
    let has = |layer| layers.contains(&layer);
    let mut properties = Vec::new();
    let mut claims = Vec::new();
    for id in ids {
        let property = PropertyId::named(id).filter(|_| has(Layer::Projection));
        let claim = Claim::named(id).filter(|_| has(Layer::Supervisor));
        if property.is_none() && claim.is_none() {
            return Err(unknown(id, layers));
        }
        properties.extend(property);
        claims.extend(claim);
    }
    if !ids.is_empty() {
        layers.retain(|layer| match layer {
            Layer::Projection => !properties.is_empty(),
            Layer::Supervisor => !claims.is_empty(),
        });
    }
    Ok((properties, claims))
}

fn unknown(id: &str, layers: &[Layer]) -> String {
    let mut known: Vec<&str> = Vec::new();
    if layers.contains(&Layer::Supervisor) {
        known.extend(Claim::ALL.map(Claim::as_str));
    }
    if layers.contains(&Layer::Projection) {
        known.extend(PropertyId::ALL.map(PropertyId::as_str));
    }
    let mut named = HashSet::new();
    known.retain(|id| named.insert(*id));
    let of = match layers {
        [layer] => format!(" of the {}", layer.name()),
        _ => String::new(),
    };
    format!(
        "invalid value '{id}' for '--property <ID>': no such property{of}; there are {}",
        known.join(", ")
    )
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|why| format!("not a number of seconds: {why}"))?;
    Duration::try_from_secs_f64(seconds).map_err(|why| why.to_string())
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Ends with 0 verified, 1 violated, 3 inconclusive.
pub(crate) fn run(args: &Args) -> ExitCode {
    let mut plan = Plan {
        limits: Limits {
            time: args.time_limit,
            states: args.state_limit,
            depth: args.depth_limit,
        },
        threads: args.threads.map_or_else(processors, usize::from),
        ..args.scope.of(args.profile).into()
    };
    let mut layers = match layers(args) {
        Ok(layers) => layers,
        Err(why) => return output::wrong_usage(&why),
    };
    let (properties, claims) = match asked(&args.properties, &mut layers) {
        Ok(asked) => asked,
        Err(why) => return output::wrong_usage(&why),
    };
    plan.properties = properties;
    let begun = Instant::now();
    let bar = bar::progress_bar();
    let mut parts = Vec::new();
    for layer in layers {
        let tell = |progress| bar::tell(&bar, progress);
        plan.limits.time = args
            .time_limit
            .map(|limit| limit.saturating_sub(begun.elapsed()));
        let report = match layer {
            Layer::Supervisor => match args.fault.and_then(world_of) {
                Some(kernel) => {
                    plan.second_opinion = false;
                    check_faulty_supervisor(kernel, &plan, &claims, tell)
                }
                None => check_claims(&plan, &claims, tell),
            },
            Layer::Projection => check_subject(Shipped { fault: args.fault }, &plan, tell),
        };
        let layer = layer.name();
        parts.push(LayerReport { layer, report });
    }
    bar.finish_and_clear();
    conclude(args, parts)
}

/// Keeps what is to be kept, and answers.
fn conclude(args: &Args, parts: Vec<LayerReport>) -> ExitCode {
    let reports = parts.iter().map(|part| part.report.clone());
    let Some(whole) = reports.reduce(Report::beside) else {
        return output::wrong_usage("no layer was asked for");
    };
    let mut code = whole.verdict.exit_code();
    if let Some(path) = &args.save_trace
        && let Err(why) = save_trace(&whole, args.fault, path)
    {
        eprintln!(
            "session-lifecycle: cannot write {}: {why}",
            output::name_of(path)
        );
        code = UNREADABLE;
    }
    let answer = CheckAnswer { parts, whole, code };
    match answer.written(args.format) {
        Ok(text) => output::answer(&text, code),
        Err(why) => {
            eprintln!("session-lifecycle: cannot write the answer: {why}");
            UNREADABLE.into()
        }
    }
}

/// The world in which a defect of the supervisor shows, with the defect.
fn world_of(fault: Fault) -> Option<Kernel> {
    match faults::entry(fault.id())?.property {
        Catcher::Supervisor(_, kinds) => Some(Kernel::with_fault(fault, Allowance::once(kinds))),
        Catcher::Projection(_) | Catcher::Stream(..) => None,
    }
}

fn save_trace(report: &Report, fault: Option<Fault>, path: &Path) -> io::Result<()> {
    let violated = report
        .properties
        .iter()
        .filter(|property| property.verdict == Verdict::Violated);
    match violated
        .filter_map(|property| Trace::of(property, fault))
        .next()
    {
        Some(trace) => fs::write(path, output::json(&trace)),
        None => {
            eprintln!(
                "session-lifecycle: there is no counterexample to keep; {} is not written",
                output::name_of(path)
            );
            Ok(())
        }
    }
}
