//! JSON Schema of `trailproof.yaml`, made from the table that it is read by.

use serde_json::{Value, json};

use super::read::{KEYS, MAX_FILES};
use crate::yaml::schema::{object, one_or_more, text};
use crate::{exception, pack};

/// The schema.
#[must_use]
pub fn schema() -> Value {
    object(&KEYS, |key| match key {
        "policy" => one_or_more(&text()),
        "parameters" => pack::schema::values(),
        "exceptions" => exception::schema::entries(),
        "exceptions_from" => json!({ "type": "array", "items": text(), "maxItems": MAX_FILES }),
        "exception_limit" => json!({ "type": "integer", "minimum": 1 }),
        _ => text(),
    })
}
