//! From JSON to a rule.

use serde_json::{Map, Value};

use super::super::ParseError;
use super::matcher::Matcher;
use super::{Condition, Rule, json};

/// Names that make `$or` a field like any other when they appear in its objects.
const OPERATORS: &[&str] =
    &["exists", "equals-ignore-case", "wildcard", "prefix", "suffix", "numeric", "cidr", "anything-but"];

pub(super) fn rule(text: &str) -> Result<Rule, ParseError> {
    match json::read(text)? {
        Value::Object(fields) => object(&fields, ""),
        _ => Err(ParseError::new(0, "An event pattern is a JSON object.")),
    }
}

/// `way` names the object in messages; inside of JSON there are no byte positions.
fn object(fields: &Map<String, Value>, way: &str) -> Result<Rule, ParseError> {
    if fields.is_empty() {
        let place = if way.is_empty() { "The pattern" } else { way };
        return Err(ParseError::new(0, format!("{place} is an empty object.")));
    }
    let mut rule = Rule::default();
    for (name, value) in fields {
        let inner = if way.is_empty() { name.clone() } else { format!("{way}.{name}") };
        match value {
            Value::Array(items) if name == "$or" && is_alternative(items) => {
                let objects = items.iter().filter_map(Value::as_object);
                rule.alternatives
                    .push(objects.map(|fields| object(fields, &inner)).collect::<Result<_, _>>()?);
            }
            Value::Object(fields) => {
                rule.fields.push((name.clone(), Condition::Inside(object(fields, &inner)?)));
            }
            Value::Array(items) if items.is_empty() => {
                return Err(ParseError::new(0, format!("{inner} is an empty list.")));
            }
            Value::Array(items) => {
                let matchers =
                    items.iter().map(|item| Matcher::parse(item, &inner)).collect::<Result<_, _>>()?;
                rule.fields.push((name.clone(), Condition::OneOf(matchers)));
            }
            _ => {
                return Err(ParseError::new(
                    0,
                    format!("{inner} is neither an object nor a list of values."),
                ));
            }
        }
    }
    Ok(rule)
}

/// <https://github.com/aws/event-ruler#the-or-primitive>
fn is_alternative(items: &[Value]) -> bool {
    let is_plain = |item: &Value| {
        item.as_object().is_some_and(|fields| fields.keys().all(|name| !OPERATORS.contains(&name.as_str())))
    };
    items.len() > 1 && items.iter().all(is_plain)
}
