//! The generated documents: `docs/transitions.md` and `docs/faults.md`.

use std::fmt::Write as _;

use crate::faults::{self, Catcher, Caught, Entry, LEFT_OUT};
use crate::induction::induct;
use crate::matrix::{mermaid, tables};
use crate::properties::PropertyId;
use crate::report::TraceStep;
use crate::scope::Scope;
use crate::shipped::Shipped;

/// How to write the documents anew.
pub const REGENERATE: &str = "BLESS=1 cargo test -p session-lifecycle-model --test documents";

fn header() -> String {
    format!("<!-- Generated from the code. To write it anew: {REGENERATE} -->\n")
}

/// `docs/transitions.md`: the transition graph, and every situation times every event.
#[must_use]
pub fn transitions() -> String {
    format!(
        "{header}\n\
         # Every transition\n\n\
         What the shipped `apply` does with every event in every situation of a session, asked of the code. The rules \
         and the reasons for them are in [lifecycle.md](lifecycle.md).\n\n\
         ## The graph\n\n\
         What leads from one status to another. A turn's events are here those of any turn that leads there.\n\n\
         ```mermaid\n{graph}```\n\n\
         ## The tables\n\n\
         One for each situation: the status, whether a turn is active, whether the session is closed. Each session has \
         settled two turns before: *a reported turn* by a report, *an inferred turn* by inference; *another turn* is \
         one that it has never seen.\n\n\
         {tables}\n",
        header = header(),
        graph = mermaid(),
        tables = tables().trim_end(),
    )
}

/// `docs/faults.md`: each published defect of the catalogue, what catches it, and its shortest trace as a story.
#[must_use]
pub fn faults() -> String {
    let entries: Vec<&Entry> = faults::all().collect();
    let (first, second) = entries.split_at(entries.len() / 2);
    let run = |part: &[&'static Entry]| -> Vec<(&'static Entry, Caught)> {
        part.iter().map(|entry| (*entry, entry.run())).collect()
    };
    let runs = std::thread::scope(|scope| {
        let later = scope.spawn(|| run(second));
        let mut runs = run(first);
        runs.extend(later.join().expect("a run does not panic"));
        runs
    });
    let caught = runs.iter().filter(|(_, run)| run.caught).count();
    let mut page = header();
    write!(
        page,
        "\n# Published defects, put back\n\n\
         Each row is a defect that users of a real host have seen, or (X) that was found by reading a host's source. \
         One switch puts it back into the shipped logic (feature `faults`, absent from a normal build), and the search \
         must find it by the property named here. {caught} of {total} are caught, {published} of them published; \
         {left_out} more are [not put back](#not-put-back).\n\n\
         `session-lifecycle faults --only ID` tells one of them; `session-lifecycle check --fault ID` asks every \
         property of it. *Caught by*:\n\n\
         - **model**: the graph engine of this project explores every state, for the projection within {scope}, for the \
         supervisor within the world that stands with the story. It alone decides liveness (L), and for the projection \
         stateright sees each broken safety property as well, after as many steps;\n\
         - **matrix**: the defect shows in a single step from some valid session, whatever came before: every valid \
         session times every event;\n\
         - **type**: the session that the defect makes cannot be written down without the feature `faults`: an inactive \
         state has no place for a turn (`tests/compile_fail`);\n\
         - **replay**: a reader is played a stream of which it is known what really went on.\n\n\
         *Steps* is the length of the shortest trace.\n\n\
         | id | what users saw | the defect | property | caught by | steps |\n|---|---|---|---|---|---|\n",
        total = runs.len(),
        published = runs.iter().filter(|(entry, _)| entry.is_published()).count(),
        left_out = LEFT_OUT.len(),
        scope = Scope::SMALL,
    )
    .unwrap_or_default();
    for (entry, run) in &runs {
        row(&mut page, entry, run);
    }
    page.push_str(
        "\n## Not put back\n\n\
         Defects for which this crate has no decision that could be turned, and why.\n\n\
         | id | why |\n|---|---|\n",
    );
    for left in LEFT_OUT {
        writeln!(page, "| [{}]({}) | {} |", left.id, left.link, left.why).unwrap_or_default();
    }
    for (entry, run) in &runs {
        story(&mut page, entry, run);
    }
    page
}

fn row(page: &mut String, entry: &Entry, run: &Caught) {
    let engines = if run.caught {
        engines(entry)
    } else {
        "**survived**".to_owned()
    };
    writeln!(
        page,
        "| [{id}]({link}) | {symptom} | {decision} | {property} | {engines} | {steps} |",
        id = run.id,
        link = run.link,
        symptom = run.symptom,
        decision = run.decision,
        property = run.property,
        steps = run.trace.len(),
    )
    .unwrap_or_default();
}

/// What finds the defect. That stateright sees each broken safety property is shown by `tests/faults/`.
fn engines(entry: &Entry) -> String {
    let mut engines = vec![entry.property.engine()];
    if let Catcher::Projection(property) = entry.property {
        let single_steps = induct(Shipped::with_fault(entry.fault));
        if single_steps.first_broken(property).is_some() {
            engines.push("matrix");
        }
        if property == PropertyId::S1 {
            engines.push("type");
        }
    }
    engines.join(", ")
}

fn story(page: &mut String, entry: &Entry, run: &Caught) {
    write!(
        page,
        "\n## {id}: {symptom}\n\n\
         Published as [{place}]({link}). The defect: {decision}.\n\
         It breaks {property}: {sentence}. World: {world}.\n\n",
        id = run.id,
        symptom = run.symptom,
        place = place(run.link),
        link = run.link,
        decision = run.decision,
        property = run.property,
        sentence = entry.property.sentence(),
        world = entry.property.world(),
    )
    .unwrap_or_default();
    for TraceStep {
        step,
        action,
        state,
        cycle,
        ..
    } in &run.trace
    {
        let mark = if *cycle { "↺ " } else { "" };
        writeln!(page, "{step}. {mark}{action}  \n   *{state}*").unwrap_or_default();
    }
    if run.trace.iter().any(|step| step.cycle) {
        page.push_str("\nThe steps marked ↺ go on for ever.\n");
    }
}

/// A link as people write it: `owner/repository#1`, or the name of the file.
fn place(link: &str) -> String {
    let parts: Vec<&str> = link.split('/').collect();
    match parts.as_slice() {
        [_, _, _, owner, repository, "pull" | "issues", number] => {
            format!("{owner}/{repository}#{number}")
        }
        [.., file] => format!("`{file}`"),
        [] => link.to_owned(),
    }
}
