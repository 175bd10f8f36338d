//! Workflow commands of GitHub Actions, each of which the runner shows as an annotation of the run:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use session_lifecycle_model::{PropertyReport, Verdict};

use super::forms::{CheckAnswer, LayerReport, peer, tally, why};

/// A notice for each layer of what was searched, then what is not verified. What is verified needs no annotation of its own:
/// a step shows only the first ten of a kind.
pub(super) fn commands(answer: &CheckAnswer) -> String {
    let mut commands: String = answer.parts.iter().map(summary).collect();
    for part in &answer.parts {
        if let Some(reason) = &part.report.reason {
            let title = format!("the search is in doubt ({})", part.layer);
            commands.push_str(&command("warning", &title, reason));
        }
        for property in &part.report.properties {
            commands.push_str(&annotation(part.layer, property));
        }
    }
    commands
}

fn summary(part: &LayerReport) -> String {
    let LayerReport { layer, report } = part;
    let title = format!("{layer} is {}, scope {}", report.verdict, report.scope);
    let message = format!(
        "{}; {} states, {} edges, depth {}, {:.2} s; {}; within {}",
        tally(report),
        report.states,
        report.edges,
        report.depth,
        report.seconds,
        peer(report),
        report.bounds
    );
    command("notice", &title, &message)
}

fn annotation(layer: &str, property: &PropertyReport) -> String {
    let title = format!("{} is {} ({layer})", property.id, property.verdict);
    match property.verdict {
        Verdict::Verified => String::new(),
        Verdict::Violated => {
            let message = format!("{}\n{}", property.sentence, property.story());
            command("error", &title, message.trim_end())
        }
        Verdict::Inconclusive => {
            let message = format!("{}: {}", property.sentence, why(property));
            command("warning", &title, &message)
        }
    }
}

/// A command is one line, whatever it says.
fn command(name: &str, title: &str, message: &str) -> String {
    let title = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{name} title={title}::{}\n", data(message))
}

/// The percent sign first: it is what the others become.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn what_would_end_a_command_or_its_title_is_escaped() {
        assert_eq!(
            command("error", "100%, a:b\r\n::c", "50%0A, d:e\r\n::warning::f"),
            "::error title=100%25%2C a%3Ab%0D%0A%3A%3Ac::50%250A, d:e%0D%0A::warning::f\n"
        );
    }
}
