//! A record as expressions see it: values with the gaps left out, and beside them where each value came from.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fact::extend_unique;
use crate::inventory::{Gap, Origin};

/// Field of a list element that is true on real elements and missing on a phantom.
pub const PRESENT: &str = "__present";

/// One subject's facts, ready for evaluation.
///
/// Paths name fields without indices: `regions[].records_management_reads` stands for that field of every element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The values; a gap is left out, so that reading it is an error. Elements of a [`super::Listing`] carry [`PRESENT`].
    pub values: Value,
    /// Path → the observations behind the value.
    pub origins: BTreeMap<String, Vec<Origin>>,
    /// Path → what would settle the missing value, or complete the list.
    pub gaps: BTreeMap<String, Vec<Gap>>,
}

impl Record {
    /// Splits a record struct into values, origins and gaps.
    pub fn of(record: &impl serde::Serialize) -> Result<Self, serde_json::Error> {
        let mut split = Self::default();
        split.values = split.take("", serde_json::to_value(record)?).unwrap_or(Value::Null);
        Ok(split)
    }

    fn take(&mut self, path: &str, value: Value) -> Option<Value> {
        match value {
            Value::Object(mut fields) => {
                if let Some(gaps) = fields.remove("\u{1}gaps") {
                    self.add_gaps(path, gaps);
                    return None;
                }
                if let Some(known) = fields.remove("\u{1}known") {
                    if let Some(origins) = fields.remove("\u{1}origins") {
                        let origins: Vec<Origin> = serde_json::from_value(origins).unwrap_or_default();
                        extend_unique(self.origins.entry(path.to_owned()).or_default(), origins);
                    }
                    return self.take(path, known);
                }
                if let Some(rows) = fields.remove("\u{1}rows") {
                    return Some(self.take_listing(path, rows, fields));
                }
                Some(Value::Object(self.take_fields(path, fields)))
            }
            Value::Array(items) => {
                let element = format!("{path}[]");
                Some(items.into_iter().filter_map(|item| self.take(&element, item)).collect())
            }
            plain => Some(plain),
        }
    }

    fn take_fields(&mut self, path: &str, fields: Map<String, Value>) -> Map<String, Value> {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
        let take = |(name, value)| {
            let taken = self.take(&format!("{prefix}{name}"), value)?;
            Some((name, taken))
        };
        fields.into_iter().filter_map(take).collect()
    }

    fn take_listing(&mut self, path: &str, rows: Value, mut rest: Map<String, Value>) -> Value {
        let element = format!("{path}[]");
        let mut items = Vec::new();
        if let Value::Array(rows) = rows {
            for row in rows {
                if let Some(Value::Object(mut fields)) = self.take(&element, row) {
                    fields.insert(PRESENT.to_owned(), Value::Bool(true));
                    items.push(Value::Object(fields));
                }
            }
        }
        if let Some(missing) = rest.remove("\u{1}missing") {
            self.add_gaps(path, missing);
        }
        if let Some(phantom) = rest.remove("\u{1}phantom") {
            items.extend(self.take(&element, phantom));
        }
        Value::Array(items)
    }

    fn add_gaps(&mut self, path: &str, gaps: Value) {
        let gaps: Vec<Gap> = serde_json::from_value(gaps).unwrap_or_default();
        extend_unique(self.gaps.entry(path.to_owned()).or_default(), gaps);
    }
}
