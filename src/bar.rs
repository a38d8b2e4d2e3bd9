//! How far a run is, drawn on standard error for people who wait, and gone before anything is reported.

use std::io::{self, IsTerminal as _};
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use passmuster::progress::{Observer, Progress, Step};

/// Nobody waits for what takes less.
const PATIENCE: Duration = Duration::from_millis(500);

/// A line that says how far a run is, or nothing: in pipes, in CI and where one line was asked for. Dropping it clears it.
pub(crate) struct Bar(Option<Arc<Line>>);

impl Bar {
    /// For a run that begins now.
    pub(crate) fn new(is_quiet: bool) -> Self {
        let is = |name: &str, not: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != not);
        let nobody_looks = is_quiet || is("CI", "false") || !io::stderr().is_terminal();
        Self((!nobody_looks && std::env::var_os("TERM").is_none_or(|term| term != "dumb")).then(Arc::default))
    }

    /// What the run tells how far it is.
    pub(crate) fn progress(&self) -> Progress {
        self.0.clone().map_or_else(Progress::default, |line| Progress::told_to(line))
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(line) = &self.0 {
            line.bar.finish_and_clear();
        }
    }
}

#[derive(Debug)]
struct Line {
    bar: ProgressBar,
    since: Instant,
    shown: Once,
}

impl Default for Line {
    fn default() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{msg} {pos} of {len} {bar:30}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, since: Instant::now(), shown: Once::new() }
    }
}

impl Observer for Line {
    fn reached(&self, step: Step, done: usize, of: usize) {
        if self.since.elapsed() < PATIENCE {
            return;
        }
        self.bar.set_length(of as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(match step {
            Step::Read => "files read:",
            Step::Judge => "services judged:",
        });
        self.shown.call_once(|| self.bar.set_draw_target(ProgressDrawTarget::stderr()));
    }
}
