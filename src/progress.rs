//! Draws the progress of a collection on standard error, when that is a terminal.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::collect::Progress;

/// A bar on standard error, or nothing when that is not a terminal.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::hidden();
        if !quiet && std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self(bar)
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn phase(&self, name: &str, total: Option<usize>) {
        let counted = "{spinner} {msg} [{bar:30}] {pos}/{len} {elapsed}";
        let open = "{spinner} {msg} {elapsed}";
        let template = if total.is_some() { counted } else { open };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style.progress_chars("━╸ "));
        }
        self.0.set_length(total.unwrap_or(0) as u64);
        self.0.set_position(0);
        self.0.set_message(name.to_owned());
    }

    fn advance(&self) {
        self.0.inc(1);
    }
}
