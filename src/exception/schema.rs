//! JSON Schema of exceptions, made from the tables that they are read by.

use serde_json::{Value, json};

use super::read::{DIGITS, FILE_KEYS, KEYS, SUBJECT_KEYS};
use crate::yaml::schema::{like, list, object, one_or_more, text};

/// A file with nothing but exceptions.
pub(crate) fn file() -> Value {
    object(&FILE_KEYS, |_| entries())
}

/// The value of `exceptions`.
pub(crate) fn entries() -> Value {
    let mut entry = object(&KEYS, |key| match key {
        "rule" => like("^[a-z0-9*-]+$"),
        "subject" => subjects(),
        "fingerprint" => like(&format!("^[0-9a-f]{{{DIGITS}}}$")),
        // Some readers of YAML make a date of it before the schema sees it, which is no text then.
        "expires" => json!({ "if": { "type": "string" }, "then": like("^[0-9]{4}-[0-9]{2}-[0-9]{2}$") }),
        _ => text(),
    });
    if let Some(fields) = entry.as_object_mut() {
        fields.insert("anyOf".to_owned(), json!([{ "required": ["rule"] }, { "required": ["fingerprint"] }]));
    }
    list(&entry)
}

fn subjects() -> Value {
    let mut subject = object(&SUBJECT_KEYS, |key| {
        one_or_more(&match key {
            "arn" => like("^(arn:|\\*)[^?]*$"),
            "account" => like("^([0-9]{12}|.*[^0-9].*)$"),
            "ou" => like("^[^/]+(/[^/]+)*$"),
            "tag" => like("^[^*=]+="),
            _ => text(),
        })
    });
    if let Some(fields) = subject.as_object_mut() {
        fields.insert("minProperties".to_owned(), 1.into());
    }
    subject
}
