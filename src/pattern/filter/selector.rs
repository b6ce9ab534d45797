//! `$.a.b[0]`: which field of the record is meant.

use serde_json::Value;

use super::super::ParseError;
use super::cursor::Cursor;

/// The way from the record to a field.
#[derive(Clone, Debug)]
pub(super) struct Selector {
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Field(String),
    Element(usize),
    EveryField,
    EveryElement,
}

/// What a selector finds.
pub(super) enum Found<'v> {
    Missing,
    One(&'v Value),
    /// Through a wildcard.
    Any(Vec<&'v Value>),
}

impl Selector {
    /// Reads a selector, with at most one wildcard, as AWS wants it.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, ParseError> {
        if !cursor.eat("$") {
            return Err(cursor.error("A field is meant here: `$.` and its name."));
        }
        let mut steps = Vec::new();
        while let Some(step) = step(cursor)? {
            steps.push(step);
        }
        let selector = Self { steps };
        if selector.steps.is_empty() {
            return Err(cursor.error("`$` stands before `.` and the name of a field."));
        }
        if selector.steps.iter().filter(|step| step.is_wildcard()).count() > 1 {
            return Err(cursor.error("A selector has at most one wildcard."));
        }
        Ok(selector)
    }

    pub(super) fn has_wildcard(&self) -> bool {
        self.steps.iter().any(Step::is_wildcard)
    }

    /// Names of the fields on the way, when there is nothing else on it.
    pub(super) fn path(&self) -> Option<Vec<String>> {
        let name = |step: &Step| if let Step::Field(name) = step { Some(name.clone()) } else { None };
        self.steps.iter().map(name).collect()
    }

    pub(super) fn find<'v>(&self, record: &'v Value) -> Found<'v> {
        let mut found = vec![record];
        for step in &self.steps {
            found = found.into_iter().flat_map(|value| step.of(value)).collect();
        }
        match found.as_slice() {
            [] => Found::Missing,
            [one] if !self.has_wildcard() => Found::One(one),
            _ => Found::Any(found),
        }
    }
}

impl Step {
    fn is_wildcard(&self) -> bool {
        matches!(self, Self::EveryField | Self::EveryElement)
    }

    fn of<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        match (self, value) {
            (Self::Field(name), Value::Object(fields)) => fields.get(name).into_iter().collect(),
            (Self::Element(index), Value::Array(items)) => items.get(*index).into_iter().collect(),
            (Self::EveryField, Value::Object(fields)) => fields.values().collect(),
            (Self::EveryElement, Value::Array(items)) => items.iter().collect(),
            _ => Vec::new(),
        }
    }
}

fn step(cursor: &mut Cursor<'_>) -> Result<Option<Step>, ParseError> {
    let has_dot = cursor.eat(".");
    if cursor.eat("[") {
        let step = bracket(cursor)?;
        if has_dot && !matches!(step, Step::Field(_)) {
            return Err(cursor.error("No `.` stands before the number of an element."));
        }
        return Ok(Some(step));
    }
    if !has_dot {
        return Ok(None);
    }
    if cursor.eat("*") {
        return Ok(Some(Step::EveryField));
    }
    match cursor.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        "" => Err(cursor.error("The name of a field is missing after `.`.")),
        name => Ok(Some(Step::Field(name.to_owned()))),
    }
}

fn bracket(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    let step = match cursor.peek() {
        Some(quote @ ('\'' | '"')) => {
            cursor.eat(if quote == '"' { "\"" } else { "'" });
            Step::Field(cursor.take_until(quote, "The name of the field")?.to_owned())
        }
        Some('*') => {
            cursor.eat("*");
            Step::EveryElement
        }
        _ => match cursor.take_while(|c| c.is_ascii_digit()).parse() {
            Ok(index) => Step::Element(index),
            Err(_) => {
                return Err(
                    cursor.error("In brackets stands the number of an element, `*` or a quoted name.")
                );
            }
        },
    };
    if cursor.eat("]") { Ok(step) } else { Err(cursor.error("`]` is missing.")) }
}
