//! What is shown while a check goes on.

use indicatif::{ProgressBar, ProgressStyle};
use session_lifecycle_model::engine::Progress;

/// On standard error, and only if that is a terminal.
pub(super) fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}");
    let bar = ProgressBar::new_spinner();
    style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
}

/// Shows how far the search has come.
pub(super) fn tell(bar: &ProgressBar, progress: Progress) {
    let seconds = bar.elapsed().as_secs_f64().max(f64::MIN_POSITIVE);
    let rate = progress.states as f64 / seconds;
    bar.set_message(format!(
        "{} states, {} edges, depth {}, {rate:.0} states/s",
        progress.states, progress.edges, progress.depth
    ));
    bar.tick();
}
