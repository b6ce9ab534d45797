//! Filter patterns of CloudWatch Logs.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>

mod compare;
mod cursor;
mod expression;
mod regex;
mod selector;
mod terms;
mod text;

use serde_json::Value;

use expression::Expression;
use terms::Terms;

use super::truth::{Doubt, Truth};
use super::{Exclusion, ParseError};

/// One filter pattern.
#[derive(Clone, Debug)]
pub(super) struct Filter(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// The empty pattern.
    Everything,
    /// `{ … }`
    Json(Expression),
    /// `[ … ]`, which is made for lines that are not JSON: never judged.
    Delimited,
    /// Words, phrases or a regular expression that the text has.
    Terms(Terms),
}

impl Filter {
    /// Tells the kinds apart by their first character, as AWS does.
    pub(super) fn parse(text: &str) -> Result<Self, ParseError> {
        let trimmed = text.trim();
        match trimmed.chars().next() {
            None => Ok(Self(Kind::Everything)),
            Some('{') => Expression::parse(text).map(|expression| Self(Kind::Json(expression))),
            Some('[') if trimmed.ends_with(']') => Ok(Self(Kind::Delimited)),
            Some('[') => Err(ParseError::new(text.len(), "A space-delimited pattern ends with `]`.")),
            Some(_) => Terms::parse(text).map(|terms| Self(Kind::Terms(terms))),
        }
    }

    /// Values that fields must not have. A word that must not appear anywhere could be in the client's.
    pub(super) fn exclusions(&self) -> Vec<Exclusion> {
        match &self.0 {
            Kind::Json(expression) => expression.exclusions(),
            Kind::Terms(terms) => {
                let client =
                    |term: &str| Exclusion { path: vec!["userAgent".to_owned()], value: term.to_owned() };
                terms.excluded().map(client).collect()
            }
            Kind::Everything | Kind::Delimited => Vec::new(),
        }
    }

    /// Does it match the record, delivered as one line of JSON?
    pub(super) fn judge(&self, record: &Value) -> Truth {
        match &self.0 {
            Kind::Everything => Ok(true),
            Kind::Json(expression) => expression.judge(record),
            Kind::Delimited => Err(Doubt::Delimited),
            Kind::Terms(terms) => terms.judge(&record.to_string()),
        }
    }
}
