//! The text of an alert: its first sentence is its title, the rest is the evidence.

use std::fmt::Write as _;

use super::{escape, view};
use crate::report::{Status, Verdict};

/// GitHub shows this much at most.
const LENGTH: usize = 2_000;
const FACTS: usize = 8;

pub(super) fn of(verdict: &Verdict) -> String {
    let mut text = String::new();
    if verdict.status == Status::Unknown {
        text.push_str("Could not be evaluated: ");
    }
    text.push_str(sentence(&verdict.message));
    text.push('.');
    if let Some(date) = &verdict.was_failing_on {
        let _ = write!(text, " It was failing on {date}.");
    }
    let _ = write!(text, " Subject: {}, {}.", verdict.subject.name, view::whereabouts(verdict));
    for evidence in verdict.because.iter().take(FACTS) {
        let _ = write!(
            text,
            " Observed: {} = {}{}.",
            evidence.fact,
            view::value(&evidence.value),
            told(evidence)
        );
    }
    for gap in verdict.gaps.iter().take(FACTS) {
        let _ = write!(text, " Not learned: {gap}.");
    }
    let text = escape::sarif(&text);
    if text.chars().count() > LENGTH { format!("{}.", view::cut(&text, LENGTH)) } else { text }
}

fn sentence(message: &str) -> &str {
    message.trim_end().trim_end_matches('.')
}

fn told(evidence: &crate::report::Evidence) -> String {
    let sources: Vec<String> = view::sources(evidence)
        .iter()
        .map(|source| format!("{} {}", source.asked, source.place()).trim_end().to_owned())
        .collect();
    if sources.is_empty() { String::new() } else { format!(" ({})", sources.join("; ")) }
}
