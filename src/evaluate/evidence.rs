//! The facts behind a verdict, lists in short.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::facts::{PRESENT, Record};
use crate::pack::Rule;
use crate::report::Evidence;

/// Elements that are named one by one; of more, the number is given.
const NAMED: usize = 8;

/// A fact that is shown beside the verdicts of a rule.
pub(super) struct Shown {
    /// Where it is in a record.
    path: String,
    /// What reports call it.
    name: Arc<str>,
}

/// The facts that the rule's expressions read, in order of appearance, without those that only lead to others.
pub(super) fn shown(rule: &Rule) -> Vec<Shown> {
    let paths = rule.reads();
    let is_only_a_way = |path: &str| paths.iter().any(|other| other.starts_with(&format!("{path}[]")));
    let shown = paths.iter().filter(|path| !is_only_a_way(path));
    let subject = rule.subject.name();
    shown.map(|path| Shown { path: (*path).to_owned(), name: format!("{subject}.{path}").into() }).collect()
}

/// The facts that are known of those to be shown.
pub(super) fn because(shown: &[Shown], record: &Record) -> Vec<Evidence> {
    shown.iter().filter_map(|fact| evidence(fact, record)).collect()
}

fn evidence(fact: &Shown, record: &Record) -> Option<Evidence> {
    let path = fact.path.as_str();
    let value = match path.split_once("[]") {
        Some((list, rest)) => {
            let is_complete = !record.gaps.contains_key(list);
            of_elements(find(&record.values, list)?, rest.trim_start_matches('.'), is_complete)?
        }
        None => in_short(find(&record.values, path)?),
    };
    let origins = record.origins.get(path).or_else(|| record.origins.get(""));
    let origins = origins.cloned().unwrap_or_default();
    Some(Evidence { fact: Arc::clone(&fact.name), value, origins })
}

fn find<'v>(values: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(values, |value, field| value.get(field))
}

/// A list of plain values as it is, of records only their number; nothing of the marks inside.
fn in_short(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let phantoms = items.iter().filter(|item| item.get(PRESENT).is_none()).count();
            json!({ "elements": if phantoms == 1 { items.len() - 1 } else { items.len() } })
        }
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != PRESENT)
            .map(|(name, value)| (name.clone(), in_short(value)))
            .collect(),
        plain => plain.clone(),
    }
}

/// What a field is in how many elements: value → names of the elements, or their number when there are many.
fn of_elements(list: &Value, field: &str, is_complete: bool) -> Option<Value> {
    let mut groups: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for item in list.as_array()?.iter().filter(|item| is_complete || item.get(PRESENT).is_some()) {
        let value = if field.is_empty() { Some(item) } else { find_inside(item, field) };
        let key = value.map_or_else(
            || "unknown".to_owned(),
            |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        );
        groups.entry(key).or_default().push(item.get("name").unwrap_or(&Value::Null));
    }
    let mut summary: Map<String, Value> = Map::new();
    for (value, names) in groups {
        let has_names = names.iter().all(|name| name.is_string());
        let shown = if has_names && names.len() <= NAMED { json!(names) } else { names.len().into() };
        summary.insert(value, shown);
    }
    if !is_complete {
        summary.insert("more".to_owned(), "possibly".into());
    }
    Some(Value::Object(summary))
}

/// A field of an element; of a list inside the element, its length.
fn find_inside<'v>(item: &'v Value, field: &str) -> Option<&'v Value> {
    let way = field.split_once("[]").map_or(field, |(way, _)| way);
    find(item, way)
}
