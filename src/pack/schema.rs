//! JSON Schema of the files of a pack, made from the tables that the loader reads by.
//!
//! The loader knows more: it types expressions and templates, resolves names and runs examples.

use serde_json::{Map, Value, json};

use super::framework::BUILT_IN;
use super::parameters::ParameterType;
use super::read_rule::SEVERITIES;
use super::{example, framework, manifest, parameters, read_rule};
use crate::facts::schema::{RecordType, SUBJECT_KINDS, Type, subject_type};
use crate::report::SubjectKind;
use crate::yaml::schema::{like, list, object, one_of, text};

const KEBAB: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
const LINK: &str = "^https://[^\\s<>\"]*$";

fn severity() -> Value {
    one_of(SEVERITIES.map(|(name, _)| name))
}

/// A rule file.
pub(crate) fn rule() -> Value {
    let mut schema = object(&read_rule::KEYS, |key| match key {
        "id" => like(KEBAB),
        "subject" => one_of(SUBJECT_KINDS.map(SubjectKind::name)),
        "severity" => severity(),
        "remedy" => object(&read_rule::REMEDY_KEYS, |_| text()),
        "parameters" => declarations(),
        "tags" => list(&like(KEBAB)),
        "optional" => json!({ "type": "boolean" }),
        "controls" => controls(),
        "references" => list(&like(LINK)),
        "aliases" => list(&text()),
        "examples" => examples(),
        _ => text(),
    });
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("dependentRequired".to_owned(), json!({ "not_applicable": ["when"] }));
        fields.insert("allOf".to_owned(), SUBJECT_KINDS.iter().map(|kind| facts_of(kind.name())).collect());
        let records = SUBJECT_KINDS.iter().map(|kind| (kind.name().to_owned(), record(subject_type(*kind))));
        fields.insert("$defs".to_owned(), Value::Object(records.collect()));
    }
    schema
}

/// The facts of examples are those of the rule's subject.
fn facts_of(subject: &str) -> Value {
    let facts = json!({ "$ref": format!("#/$defs/{subject}") });
    json!({
        "if": { "required": ["subject"], "properties": { "subject": { "const": subject } } },
        "then": { "properties": { "examples": { "items": { "properties": { "facts": facts } } } } },
    })
}

fn record(ty: &RecordType) -> Value {
    let field = |(name, field): (&String, &crate::facts::schema::Field)| {
        // Any fact may be unknown in an example.
        let schema = json!({ "anyOf": [fact(&field.ty), { "type": "null" }], "description": field.doc });
        (name.clone(), schema)
    };
    let properties: Map<String, Value> = ty.fields.iter().map(field).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn fact(ty: &Type) -> Value {
    match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int => json!({ "type": "integer" }),
        Type::String => json!({ "type": "string" }),
        Type::Record(ty) => record(ty),
        Type::List { item, may_be_incomplete: false } => list(&fact(item)),
        // `null` stands for elements that could not be read.
        Type::List { item, may_be_incomplete: true } => {
            list(&json!({ "anyOf": [fact(item), { "type": "null" }] }))
        }
    }
}

fn examples() -> Value {
    let example = object(&example::KEYS, |key| match key {
        "expect" => one_of(example::EXPECTATIONS.map(|(name, _)| name)),
        "facts" => json!({ "type": "object" }),
        "parameters" => values(),
        _ => text(),
    });
    let one = |expect: &str| {
        let example = json!({ "type": "object", "required": ["expect"], "properties": { "expect": { "const": expect } } });
        json!({ "contains": example })
    };
    json!({ "type": "array", "items": example, "allOf": [one("pass"), one("fail")] })
}

/// Values of parameters whose types stand elsewhere.
pub(crate) fn values() -> Value {
    let types = parameters::TYPES.map(|(_, ty)| value_of(ty));
    json!({ "type": "object", "additionalProperties": { "anyOf": types } })
}

fn value_of(ty: ParameterType) -> Value {
    match ty {
        ParameterType::Bool => json!({ "type": "boolean" }),
        ParameterType::Int => json!({ "type": "integer" }),
        ParameterType::String => json!({ "type": "string" }),
        ParameterType::Strings => list(&json!({ "type": "string" })),
    }
}

fn declarations() -> Value {
    let mut parameter = object(&parameters::KEYS, |key| match key {
        "type" => one_of(parameters::TYPES.map(|(name, _)| name)),
        "one_of" => json!({ "type": "array" }),
        "minimum" => json!({ "type": "integer" }),
        "default" => json!({}),
        _ => text(),
    });
    let typed = parameters::TYPES.map(|(name, ty)| {
        json!({
            "if": { "required": ["type"], "properties": { "type": { "const": name } } },
            "then": { "properties": { "default": value_of(ty) } },
        })
    });
    if let Some(fields) = parameter.as_object_mut() {
        fields.insert("allOf".to_owned(), typed.into_iter().collect());
    }
    let name = json!({ "pattern": "^[a-z][a-z0-9_]*$" });
    json!({ "type": "object", "propertyNames": name, "additionalProperties": parameter })
}

/// The controls of built-in frameworks by number; a pack may bring frameworks of its own.
fn controls() -> Value {
    let known = BUILT_IN.0.values().map(|framework| {
        let numbers: Vec<&str> = framework.controls.iter().map(|control| control.id.as_str()).collect();
        let title = format!("{} {}", framework.title, framework.version);
        let controls = json!({ "type": "array", "uniqueItems": true, "items": { "enum": numbers }, "description": title });
        (framework.id.clone(), controls)
    });
    let known: Map<String, Value> = known.collect();
    json!({ "type": "object", "properties": known, "additionalProperties": list(&text()) })
}

/// A `pack.yaml`.
pub(crate) fn pack() -> Value {
    let folder = like("^[^/\\\\~]");
    let overrides = object(&manifest::OVERRIDE_KEYS, |key| match key {
        "severity" => severity(),
        _ => values(),
    });
    let mut schema = object(&manifest::KEYS, |key| match key {
        "extends" => {
            json!({ "anyOf": [folder, { "type": "array", "items": folder, "maxItems": super::load::MAX_EXTENDS }] })
        }
        "select" => selection(),
        "overrides" => json!({ "type": "object", "additionalProperties": overrides }),
        "parameters" => values(),
        _ => text(),
    });
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("dependentRequired".to_owned(), json!({ "select": ["extends"] }));
    }
    schema
}

fn selection() -> Value {
    let names = SEVERITIES.map(|(name, _)| name).join("|");
    object(&manifest::SELECT_KEYS, |key| match key {
        "severity" => json!({ "anyOf": [list(&severity()), like(&format!("^\\s*>=\\s*({names})\\s*$"))] }),
        _ => list(&text()),
    })
}

/// A framework file.
pub(crate) fn a_framework() -> Value {
    object(&framework::KEYS, |key| match key {
        "id" => like("^[a-z0-9.]+(-[a-z0-9.]+)*$"),
        "source" => like(LINK),
        "controls" => list(&object(&framework::CONTROL_KEYS, |_| text())),
        _ => text(),
    })
}
