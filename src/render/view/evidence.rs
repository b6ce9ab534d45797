//! Facts and where they came from, short enough to be read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::number;
use crate::inventory::Origin;
use crate::report::Evidence;

/// A fact's value for people: lists are folded, long objects cut.
pub(in crate::render) fn value(value: &Value) -> String {
    const ITEMS: usize = 6;
    const LENGTH: usize = 160;
    match value {
        Value::Null => "absent".to_owned(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            let mut shown: Vec<String> = items
                .iter()
                .take(ITEMS)
                .map(|item| item.as_str().map_or_else(|| item.to_string(), |text| cut(text, LENGTH)))
                .collect();
            if items.len() > ITEMS {
                shown.push(format!("and {} more", number(items.len() - ITEMS)));
            }
            shown.join(", ")
        }
        Value::String(text) => format!("\"{}\"", cut(text, LENGTH)),
        other => cut(&other.to_string(), LENGTH),
    }
}

/// At most `length` characters.
pub(in crate::render) fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Where evidence came from, the same call in many places told once.
pub(in crate::render) struct Source<'a> {
    /// API operation, or what the user stated.
    pub(in crate::render) asked: &'a str,
    /// "111122223333 eu-west-1", each once.
    pub(in crate::render) places: BTreeSet<String>,
}

impl Source<'_> {
    /// "111122223333 eu-west-1 and 16 more"; empty without a place.
    pub(in crate::render) fn place(&self) -> String {
        match (self.places.len(), self.places.first()) {
            (0 | 1, first) => first.cloned().unwrap_or_default(),
            (many, first) => format!("{} and {} more", first.map_or("", String::as_str), number(many - 1)),
        }
    }
}

/// The sources of a piece of evidence, in order of operation.
pub(in crate::render) fn sources(evidence: &Evidence) -> Vec<Source<'_>> {
    let mut sources: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for origin in &*evidence.origins {
        match origin {
            Origin::Call(call) => {
                let place = format!("{} {}", call.account, call.region);
                sources.entry(&call.operation).or_default().insert(place.trim().to_owned());
            }
            Origin::Stated(by) => {
                sources.entry(by).or_default();
            }
        }
    }
    sources.into_iter().map(|(asked, places)| Source { asked, places }).collect()
}
