//! What the fuzz targets do with their input; `tests/fuzz.rs` does the same for a short while.
//!
//! Each function takes any bytes and panics where a promise is broken: reading ends in a value or in mistakes with a place, within a
//! time, and what was read can be used.

mod config;
mod expression;
mod facts;
mod pack;

use std::time::{Duration, Instant};

pub use config::config;
pub use expression::expression;
pub use facts::Dice;
pub use pack::pack;
use trailproof::diagnostic::Diagnostic;

/// Far beyond what an input of the allowed size takes, on a busy machine and unoptimised.
const TIME: Duration = Duration::from_secs(20);

/// Does the work, which must not take long.
fn timely(work: impl FnOnce()) {
    let start = Instant::now();
    work();
    assert!(start.elapsed() < TIME, "it took {:?}", start.elapsed());
}

/// There are mistakes, and each says what is wrong at a place inside a file.
fn assert_places(mistakes: &[Diagnostic]) {
    assert!(!mistakes.is_empty(), "refused without a mistake");
    for mistake in mistakes {
        assert_title(&mistake.title);
        assert!(!mistake.labels.is_empty(), "no place: {}", mistake.render(false));
        for label in &mistake.labels {
            let text = &label.source.text;
            assert!(
                text.get(label.span.clone()).is_some(),
                "{:?} of {} bytes: {}",
                label.span,
                text.len(),
                mistake.title
            );
        }
        assert!(mistake.render(false).contains("--> "));
    }
}

/// The wording that docs/STYLE.md asks for, as far as it does not depend on the input.
fn assert_title(title: &str) {
    assert!(!title.trim().is_empty() && !title.ends_with('.'), "{title:?}");
}
