//! Event patterns of EventBridge.
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html>, and for what it leaves open
//! <https://github.com/aws/event-ruler>, the matcher behind the service.

mod json;
mod matcher;
mod parse;

use serde_json::Value;

use matcher::Matcher;

use super::truth::{self, Doubt, Truth};
use super::{Exclusion, ParseError};

/// What an object of the event must have: all fields, and of each `$or` one alternative.
#[derive(Clone, Debug, Default)]
pub(super) struct Rule {
    fields: Vec<(String, Condition)>,
    alternatives: Vec<Vec<Rule>>,
}

#[derive(Clone, Debug)]
enum Condition {
    /// The field is an object that fits, or a list with such an object in it.
    Inside(Rule),
    /// The field has a value that one of these takes.
    OneOf(Vec<Matcher>),
}

impl Rule {
    /// Reads an event pattern.
    pub(super) fn parse(text: &str) -> Result<Self, ParseError> {
        parse::rule(text)
    }

    /// Does it match the event, envelope and all?
    pub(super) fn judge(&self, event: &Value) -> Truth {
        self.object(Some(event))
    }

    /// Values that fields of the record must not have.
    pub(super) fn exclusions(&self) -> Vec<Exclusion> {
        let mut found = Vec::new();
        self.collect_exclusions(&[], &mut found);
        let of_record = |exclusion: Exclusion| {
            if exclusion.path == ["region"] {
                return Some(Exclusion { path: vec!["awsRegion".to_owned()], ..exclusion });
            }
            let (envelope, path) = exclusion.path.split_first()?;
            (envelope == "detail").then(|| Exclusion { path: path.to_vec(), value: exclusion.value })
        };
        found.into_iter().filter_map(of_record).collect()
    }

    fn collect_exclusions(&self, way: &[&str], found: &mut Vec<Exclusion>) {
        for (name, condition) in &self.fields {
            let inner = [way, &[name.as_str()]].concat();
            match condition {
                Condition::Inside(rule) => rule.collect_exclusions(&inner, found),
                Condition::OneOf(matchers) => {
                    let path = || inner.iter().map(ToString::to_string).collect();
                    let values = matchers.iter().flat_map(Matcher::excluded);
                    found.extend(values.map(|value| Exclusion { path: path(), value }));
                }
            }
        }
        self.alternatives.iter().flatten().for_each(|rule| rule.collect_exclusions(way, found));
    }

    /// Two fields inside one list are sought in the same element of it.
    fn object(&self, value: Option<&Value>) -> Truth {
        if let Some(Value::Array(items)) = value {
            if items.is_empty() {
                return Err(Doubt::EmptyArray);
            }
            return truth::any(items.iter().map(|item| self.object(Some(item))));
        }
        let fields = self.fields.iter().map(|(name, condition)| {
            if name.contains('.') {
                return Err(Doubt::DottedName);
            }
            condition.judge(value.and_then(|value| value.get(name)))
        });
        let alternatives =
            self.alternatives.iter().map(|rules| truth::any(rules.iter().map(|rule| rule.object(value))));
        truth::all(fields.chain(alternatives))
    }
}

impl Condition {
    fn judge(&self, value: Option<&Value>) -> Truth {
        match self {
            Self::Inside(rule) => rule.object(value),
            Self::OneOf(matchers) => truth::any(matchers.iter().map(|matcher| matcher.judge(value))),
        }
    }
}
