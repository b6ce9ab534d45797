//! The pieces of a JSON Schema that describes a YAML file to editors.

use serde_json::{Map, Value, json};

use super::decode::Key;

/// A map with these keys and no others, the values as `value` says.
pub(crate) fn object(keys: &[Key], value: impl Fn(&str) -> Value) -> Value {
    let described = |key: &Key| {
        let mut schema = value(key.name);
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("description".to_owned(), key.doc.into());
        }
        (key.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = keys.iter().map(described).collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.is_required).map(|key| key.name).collect();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

/// Text that says something.
pub(crate) fn text() -> Value {
    json!({ "type": "string", "pattern": "\\S" })
}

/// Text of this form.
pub(crate) fn like(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

/// One of these words.
pub(crate) fn one_of(names: impl IntoIterator<Item = &'static str>) -> Value {
    json!({ "enum": names.into_iter().collect::<Vec<_>>() })
}

/// A list of such items.
pub(crate) fn list(item: &Value) -> Value {
    json!({ "type": "array", "items": item })
}

/// One item, or a list of at least one.
pub(crate) fn one_or_more(item: &Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item, "minItems": 1 }] })
}
