//! Parameters of rules: declarations, values and their types.

use std::collections::BTreeMap;

use serde_json::Value;

use super::decode::{Decoder, Key, names, optional, quoted, required};
use super::yaml::{Kind, Node};
use crate::facts::schema::{Field, RecordType, Type};

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// Text.
    String,
    /// Several texts.
    Strings,
}

/// A value of a rule that users may set.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its type.
    pub ty: ParameterType,
    /// Its value unless set.
    pub default: Value,
    /// What it means, in a sentence.
    pub doc: String,
    /// The values it may have; empty: any.
    pub one_of: Vec<Value>,
    /// The least value it may have.
    pub minimum: Option<i64>,
    pub(crate) name_span: std::ops::Range<usize>,
}

/// The keys of a parameter.
pub(super) const KEYS: [Key; 5] = [
    required("type", "Its type."),
    required("default", "Its value unless set."),
    required("doc", "What it means, in a sentence."),
    optional("one_of", "The values it may have."),
    optional("minimum", "The least value it may have."),
];

pub(super) const TYPES: [(&str, ParameterType); 4] = [
    ("bool", ParameterType::Bool),
    ("int", ParameterType::Int),
    ("string", ParameterType::String),
    ("list<string>", ParameterType::Strings),
];

impl ParameterType {
    /// How it is written in a rule.
    #[must_use]
    pub fn name(self) -> &'static str {
        TYPES.iter().find(|(_, ty)| *ty == self).map_or("", |(name, _)| name)
    }

    fn article(self) -> &'static str {
        match self {
            Self::Bool => "a bool (`true` or `false`)",
            Self::Int => "an int",
            Self::String => "a string",
            Self::Strings => "a list of strings",
        }
    }

    fn fact_type(self) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::String => Type::String,
            Self::Strings => Type::List { item: Box::new(Type::String), may_be_incomplete: false },
        }
    }

    /// Stands in for a default that is a mistake, so that the rest of the rule can be checked.
    fn zero(self) -> Value {
        match self {
            Self::Bool => false.into(),
            Self::Int => 0.into(),
            Self::String => "".into(),
            Self::Strings => Value::Array(Vec::new()),
        }
    }

    fn read(self, node: &Node) -> Option<Value> {
        match (self, &node.kind) {
            (Self::Bool, Kind::Bool(value)) => Some((*value).into()),
            (Self::Int, Kind::Int(value)) => Some((*value).into()),
            (Self::String, Kind::Text(value)) => Some(value.as_str().into()),
            (Self::Strings, Kind::List(items)) => {
                let texts = items.iter().map(|item| Self::String.read(item));
                texts.collect::<Option<Vec<Value>>>().map(Value::Array)
            }
            _ => None,
        }
    }
}

impl Parameter {
    /// Reads a value as it is given on a command line; a list is separated by commas.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        let value = match self.ty {
            ParameterType::Bool => text.parse::<bool>().ok().map(Value::from),
            ParameterType::Int => text.parse::<i64>().ok().map(Value::from),
            ParameterType::String => Some(text.into()),
            ParameterType::Strings => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Some(parts.map(Value::from).collect())
            }
        };
        self.accept(value.ok_or_else(|| format!("{} is needed, `{text}` is none", self.ty.article()))?)
    }

    /// The value, if it is one that the parameter may have.
    fn accept(&self, value: Value) -> Result<Value, String> {
        let candidates: Vec<&Value> =
            value.as_array().map_or_else(|| vec![&value], |items| items.iter().collect());
        if let Some(bad) =
            candidates.iter().find(|item| !self.one_of.is_empty() && !self.one_of.contains(item))
        {
            let names: Vec<String> = self.one_of.iter().map(plain).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return Err(format!("`{}` is not one of {}", plain(bad), quoted(&names)));
        }
        // What is not known is empty in some facts, and would be taken for one of the list.
        if value.is_array()
            && candidates.iter().any(|item| item.as_str().is_some_and(|it| it.trim().is_empty()))
        {
            return Err("an entry of the list is empty".to_owned());
        }
        match (self.minimum, value.as_i64()) {
            (Some(minimum), Some(given)) if given < minimum => Err(format!("{given} is less than {minimum}")),
            _ => Ok(value),
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The type of the variable `parameters`.
pub(super) fn parameters_type(parameters: &BTreeMap<String, Parameter>) -> RecordType {
    let field = |(name, parameter): (&String, &Parameter)| {
        let doc = parameter.doc.clone();
        (
            name.clone(),
            Field {
                ty: parameter.ty.fact_type(),
                doc,
                may_be_unknown: false,
                is_for_messages: false,
                calls: Vec::new(),
            },
        )
    };
    RecordType { fields: parameters.iter().map(field).collect(), unsupported: Vec::new() }
}

/// The value of the variable `parameters` with every default.
pub(super) fn defaults(parameters: &BTreeMap<String, Parameter>) -> Value {
    Value::Object(
        parameters.iter().map(|(name, parameter)| (name.clone(), parameter.default.clone())).collect(),
    )
}

impl Decoder {
    /// Reads declarations: name → type, default, doc.
    pub(super) fn parameters(&mut self, node: &Node) -> BTreeMap<String, Parameter> {
        let mut parameters = BTreeMap::new();
        for entry in self.map(node, "`parameters`").unwrap_or_default() {
            let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if !entry.key.starts_with(|c: char| c.is_ascii_lowercase()) || !entry.key.chars().all(is_name) {
                let title = format!("`{}` is no name for a parameter", entry.key);
                self.error(entry.key_span.clone(), title, "small letters, digits and `_`");
                continue;
            }
            if let Some(mut parameter) = self.parameter(&entry.value) {
                parameter.name_span = entry.key_span.clone();
                parameters.insert(entry.key.clone(), parameter);
            }
        }
        parameters
    }

    fn parameter(&mut self, node: &Node) -> Option<Parameter> {
        let what = "a parameter";
        let fields = self.fields(node, what, &names(&KEYS))?;
        let ty = self.required_text(&fields, "type", what);
        let doc = self.required_text(&fields, "doc", what);
        let default = self.required(&fields, "default", what);
        let ty = ty.and_then(|ty| self.choice(&ty, "type of a parameter", &TYPES))?;
        let one_of = fields.get("one_of").map(|node| self.list(node, "`one_of`").unwrap_or_default());
        let element = if ty == ParameterType::Strings { ParameterType::String } else { ty };
        let one_of = one_of
            .unwrap_or_default()
            .iter()
            .filter_map(|choice| self.typed(choice, "a choice", element))
            .collect();
        let minimum =
            fields.get("minimum").and_then(|node| self.typed(node, "`minimum`", ParameterType::Int));
        let minimum = minimum.and_then(|minimum| minimum.as_i64());
        let doc = doc.map(|doc| doc.value).unwrap_or_default();
        let mut parameter = Parameter { ty, default: Value::Null, doc, one_of, minimum, name_span: 0..0 };
        parameter.default = default
            .and_then(|node| self.value_of(node, "`default`", &parameter))
            .unwrap_or_else(|| ty.zero());
        Some(parameter)
    }

    /// Reads a value that the parameter may have.
    pub(super) fn value_of(&mut self, node: &Node, what: &str, parameter: &Parameter) -> Option<Value> {
        let value = self.typed(node, what, parameter.ty)?;
        match parameter.accept(value) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.error(self.span(node), format!("{what}: {reason}"), "");
                None
            }
        }
    }

    fn typed(&mut self, node: &Node, what: &str, ty: ParameterType) -> Option<Value> {
        ty.read(node).or_else(|| self.wrong(node, what, ty.article()))
    }
}
