//! What a field is tested for.
//!
//! The guide compares strings with strings and numbers with numbers, "value nodes", and has `IS` for the rest; what happens
//! when types differ, or to `!=` when there is no field, it does not say: a doubt, unless no reading would match.

use std::cmp::Ordering;

use ::regex::bytes::Regex;
use serde_json::Value;

use super::super::truth::{self, Doubt, Truth};
use super::selector::Found;
use super::text::Text;

/// The right side of a condition.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// Only a field that is there can be null.
    IsNull,
    Is(bool),
    /// A field that is null exists.
    NotExists,
    Text {
        is_negated: bool,
        is_quoted: bool,
        text: Text,
    },
    Number {
        operator: &'static str,
        number: f64,
        raw: String,
    },
    Regex {
        is_negated: bool,
        regex: Regex,
    },
}

impl Test {
    /// Judges what the selector found; tells whether that was an object or a list where a value was wanted.
    pub(super) fn judge(&self, found: &Found<'_>, has_container: &mut bool) -> Truth {
        match found {
            Found::Missing => match self {
                Self::NotExists => Ok(true),
                _ if self.is_negated() => Err(Doubt::MissingField),
                _ => Ok(false),
            },
            Found::One(value) => {
                *has_container |= self.wants_value() && is_container(value);
                self.value(value)
            }
            Found::Any(values) => self.several(values),
        }
    }

    fn is_negated(&self) -> bool {
        match self {
            Self::Text { is_negated, .. } | Self::Regex { is_negated, .. } => *is_negated,
            Self::Number { operator, .. } => *operator == "!=",
            _ => false,
        }
    }

    fn wants_value(&self) -> bool {
        !matches!(self, Self::IsNull | Self::Is(_) | Self::NotExists)
    }

    /// A wildcard asks for one fitting element; a negation may ask for all of them.
    fn several(&self, values: &[&Value]) -> Truth {
        let truths = || values.iter().filter(|value| !is_container(value)).map(|value| self.value(value));
        let one = if matches!(self, Self::NotExists) { Ok(false) } else { truth::any(truths()) };
        if self.is_negated() && one != truth::all(truths()) {
            return Err(Doubt::EveryElement);
        }
        one
    }

    fn value(&self, value: &Value) -> Truth {
        match self {
            Self::IsNull => Ok(value.is_null()),
            Self::NotExists => Ok(false),
            Self::Is(wanted) => match value {
                Value::Bool(is) => Ok(is == wanted),
                Value::String(text) if text.eq_ignore_ascii_case(&wanted.to_string()) => Err(Doubt::Types),
                _ => Ok(false),
            },
            _ if is_container(value) => Ok(false),
            Self::Text { is_negated, is_quoted, text } => match value {
                Value::String(value) => turned(text.matches(value), *is_negated),
                Value::Number(value) if text.has_star() && !is_quoted => {
                    turned(text.matches(&value.to_string()), *is_negated)
                }
                other => mixed(text.matches(&other.to_string()), *is_negated),
            },
            Self::Number { operator, number, raw } => match value {
                Value::Number(value) => {
                    Ok(value.as_f64().is_some_and(|value| holds(operator, value, *number)))
                }
                Value::String(value) => {
                    mixed(Ok(text_holds(operator, value, *number, raw)), *operator == "!=")
                }
                _ => mixed(Ok(false), *operator == "!="),
            },
            Self::Regex { is_negated, regex } => match value {
                Value::String(value) => turned(Ok(regex.is_match(value.as_bytes())), *is_negated),
                other => mixed(Ok(regex.is_match(other.to_string().as_bytes())), *is_negated),
            },
        }
    }
}

fn is_container(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

fn turned(truth: Truth, is_negated: bool) -> Truth {
    if is_negated { truth::not(truth) } else { truth }
}

/// Of values of different types only this is sure: what is not even written alike is not equal.
fn mixed(is_alike: Truth, is_negated: bool) -> Truth {
    if is_alike == Ok(false) && !is_negated { Ok(false) } else { Err(Doubt::Types) }
}

fn text_holds(operator: &str, value: &str, number: f64, raw: &str) -> bool {
    value == raw || value.parse().is_ok_and(|value| holds(operator, value, number))
}

fn holds(operator: &str, value: f64, number: f64) -> bool {
    let order = value.partial_cmp(&number);
    match operator {
        "=" => order == Some(Ordering::Equal),
        "!=" => order != Some(Ordering::Equal),
        "<" => order == Some(Ordering::Less),
        ">" => order == Some(Ordering::Greater),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}
