//! The parts of an expression with their values, as an indented tree.

use std::fmt::Write;

use serde_json::Value;

use crate::diagnostic::printable;
use crate::expr::{Came, Trace};

/// Characters that are shown of one value, and of one part.
const VALUE: usize = 60;
const TEXT: usize = 90;

/// One line per part, with what it came to at the end.
pub(super) fn lines(trace: &Trace, indent: usize) -> String {
    let mut text = String::new();
    add(&mut text, trace, indent);
    text
}

fn add(text: &mut String, trace: &Trace, indent: usize) {
    // Writing to a string cannot fail.
    let _ = match &trace.value {
        Came::Value(Value::Null) => writeln!(text, "{:indent$}{}", "", cut(&trace.text, TEXT)),
        came => writeln!(text, "{:indent$}{} → {}", "", cut(&trace.text, TEXT), value(came)),
    };
    for part in &trace.parts {
        add(text, part, indent + 2);
    }
}

/// What a part came to, in a few words.
pub(super) fn value(came: &Came) -> String {
    match came {
        Came::Value(value) => short(value),
        Came::Incomplete(items) => format!("{}, and what could not be read", count(items)),
        Came::Unknown(paths) if paths.is_empty() => "unknown".to_owned(),
        Came::Unknown(paths) => format!("unknown: {} is missing", cut(&paths.join(", "), VALUE)),
        Came::Failed(reason) => format!("failed: {}", cut(reason, TEXT)),
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => count(items),
        Value::Object(fields) => format!("a record of {} fields", fields.len()),
        value => cut(&value.to_string(), VALUE),
    }
}

fn count(items: &[Value]) -> String {
    if items.len() == 1 { "1 element".to_owned() } else { format!("{} elements", items.len()) }
}

fn cut(text: &str, length: usize) -> String {
    let text = printable(text);
    if text.chars().count() <= length {
        return text.into_owned();
    }
    let shown: String = text.chars().take(length - 1).collect();
    format!("{shown}…")
}
