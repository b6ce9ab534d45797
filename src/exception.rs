//! Exceptions: failures that somebody answers for, until a date. Knows nothing about rules, or about how verdicts came about.
//!
//! An exception accepts failures only: what is not known stays unknown, and what expired does not apply.

mod append;
mod apply;
mod lookup;
mod pattern;
mod read;
pub(crate) mod schema;
mod write;

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use crate::source::Source;
pub use append::{NotAppended, append};
pub use apply::{Surroundings, apply, confirm};
pub use lookup::{Known, NotFound, Terms, look_up};
pub use pattern::{Name, Subjects};
pub(crate) use read::{FILE_KEYS, parse_date};
pub use write::Draft;

/// Failures that one exception may accept before it is reported as too broad, unless the configuration sets another number.
pub const LIMIT: usize = 50;

/// An entry of `exceptions`, without mistakes.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Rules that it speaks of; `None` only where a fingerprint says which verdict is meant.
    pub rule: Option<Name>,
    /// Subjects that it speaks of; empty: all of them.
    pub subject: Subjects,
    /// The one verdict that it speaks of.
    pub fingerprint: Option<String>,
    /// Why the failure is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day (UTC) on which it counts.
    pub expires: Date,
    /// Where it is discussed.
    pub ticket: Option<String>,
    /// The file it is in.
    pub source: Arc<Source>,
    /// Where its date is.
    pub(crate) expires_span: Range<usize>,
    /// Where it starts.
    pub(crate) span: Range<usize>,
}

impl Entry {
    /// File and line, as reports name it.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.source.name, self.source.position(self.span.start).0)
    }

    /// What it speaks of, in a line.
    #[must_use]
    pub fn scope(&self) -> String {
        let rule = self.rule.iter().map(|rule| format!("rule {}", rule.text));
        let fingerprint =
            self.fingerprint.iter().map(|it| format!("fingerprint {}", it.get(..16).unwrap_or(it)));
        rule.chain(self.subject.words()).chain(fingerprint).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests;
