//! Patterns that pick events, parsed and evaluated on sample events: metric filters of CloudWatch Logs and rules of `EventBridge`.
//!
//! Knows nothing of where a pattern came from, or of what happens when it matches. [`fires`] answers the question of an alert:
//! is every event of this kind caught by one of these patterns? What AWS does not document is unclear, never a yes.

mod alert;
mod answer;
mod filter;
mod glob;
mod rule;
mod truth;

pub use alert::{AlertKind, Sample, Scope};
pub use answer::{Answer, conclude, fires};
use filter::Filter;
pub(crate) use glob::Glob;
use rule::Rule;
use truth::Truth;

/// Bytes that a pattern may have: AWS takes 1,024 for a filter and 4,096 for a rule.
pub const MAX_LENGTH: usize = 16_384;
/// Brackets that may be open at one place.
pub const MAX_NESTING: usize = 40;

/// A pattern that was understood.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Filter(Filter),
    Rule(Rule),
}

/// A text that is no pattern, or goes beyond what is understood here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: {message}")]
pub struct ParseError {
    /// Byte of the text where it happened.
    pub at: usize,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// A value that a field of the record must not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Exclusion {
    path: Vec<String>,
    value: String,
}

impl ParseError {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

impl Pattern {
    /// Reads the filter pattern of a metric filter.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>
    pub fn filter(text: &str) -> Result<Self, ParseError> {
        Self::sized(text)?;
        Ok(Self { text: text.to_owned(), kind: Kind::Filter(Filter::parse(text)?) })
    }

    /// Reads the event pattern of a rule of EventBridge.
    /// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>
    pub fn rule(text: &str) -> Result<Self, ParseError> {
        Self::sized(text)?;
        Ok(Self { text: text.to_owned(), kind: Kind::Rule(Rule::parse(text)?) })
    }

    fn sized(text: &str) -> Result<(), ParseError> {
        if text.len() > MAX_LENGTH {
            return Err(ParseError::new(MAX_LENGTH, format!("A pattern has at most {MAX_LENGTH} bytes.")));
        }
        Ok(())
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Does it match this event? None where AWS does not say.
    #[must_use]
    pub fn matches(&self, sample: &Sample) -> Option<bool> {
        self.judge(sample).ok()
    }

    /// Why it is not clear whether it matches this event, as the end of a sentence.
    #[must_use]
    pub fn doubt(&self, sample: &Sample) -> Option<&'static str> {
        self.judge(sample).err().map(truth::Doubt::words)
    }

    /// Values that it leaves out by name.
    fn exclusions(&self) -> Vec<Exclusion> {
        match &self.kind {
            Kind::Filter(filter) => filter.exclusions(),
            Kind::Rule(rule) => rule.exclusions(),
        }
    }

    fn judge(&self, sample: &Sample) -> Truth {
        match &self.kind {
            Kind::Filter(filter) => filter.judge(sample.record()),
            Kind::Rule(rule) => rule.judge(sample.envelope()),
        }
    }
}

#[cfg(test)]
mod tests;
