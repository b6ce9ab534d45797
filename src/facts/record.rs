//! A record as expressions see it: values with the gaps left out, and beside them where each value came from.

use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::part::{Part, View};
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
    pub origins: BTreeMap<String, Arc<[Origin]>>,
    /// Path → what would settle the missing value, or complete the list.
    pub gaps: BTreeMap<String, Arc<[Gap]>>,
}

impl Record {
    /// Splits a record struct into values, origins and gaps.
    pub fn of(record: &dyn Part) -> Self {
        let mut split = Split::default();
        let values = split.take("", record).unwrap_or(Value::Null);
        let origins = split.origins.into_iter().map(|(path, lists)| (path, shared(&lists)));
        let gaps = split.gaps.into_iter().map(|(path, lists)| (path, unique(lists).cloned().collect()));
        Self { values, origins: origins.collect(), gaps: gaps.collect() }
    }

    /// The gaps that hide the value at a path: its own, or those of the nearest value around it.
    #[must_use]
    pub fn gaps_at(&self, path: &str) -> Option<&Arc<[Gap]>> {
        let mut path = path;
        loop {
            if let Some(gaps) = self.gaps.get(path).filter(|gaps| !gaps.is_empty()) {
                return Some(gaps);
            }
            path = path
                .strip_suffix("[]")
                .or_else(|| path.rfind('.').map(|dot| path.get(..dot).unwrap_or_default()))?;
        }
    }
}

/// What was found so far, by path; the lists of the elements of one list are joined at the end.
#[derive(Default)]
struct Split<'r> {
    origins: BTreeMap<String, Vec<&'r Arc<[Origin]>>>,
    gaps: BTreeMap<String, Vec<&'r [Gap]>>,
}

impl<'r> Split<'r> {
    fn take(&mut self, path: &str, part: &'r dyn Part) -> Option<Value> {
        match part.view() {
            View::Plain(value) => Some(value),
            View::Known(value, origins) => {
                self.note_origins(path, origins);
                self.take(path, value)
            }
            View::Unknown(gaps) => {
                self.note_gaps(path, gaps);
                None
            }
            View::List(items) => {
                let element = format!("{path}[]");
                Some(items.into_iter().filter_map(|item| self.take(&element, item)).collect())
            }
            View::Listing { rows, missing, phantom } => {
                self.note_gaps(path, missing);
                Some(self.take_listing(&format!("{path}[]"), rows, phantom))
            }
            View::Record(fields) | View::Inline(fields) => {
                Some(Value::Object(self.take_fields(path, fields)))
            }
            View::Nothing => None,
        }
    }

    /// What holds of one element mostly rests on the same list as what holds of the element before.
    fn note_origins(&mut self, path: &str, origins: &'r Arc<[Origin]>) {
        match self.origins.get_mut(path) {
            Some(known) if known.last().is_some_and(|last| Arc::ptr_eq(last, origins)) => {}
            Some(known) => known.push(origins),
            None if origins.is_empty() => {}
            None => _ = self.origins.insert(path.to_owned(), vec![origins]),
        }
    }

    fn note_gaps(&mut self, path: &str, gaps: &'r [Gap]) {
        match self.gaps.get_mut(path) {
            Some(known) => known.push(gaps),
            None if gaps.is_empty() => {}
            None => _ = self.gaps.insert(path.to_owned(), vec![gaps]),
        }
    }

    fn take_fields(&mut self, path: &str, fields: Vec<(&'static str, &'r dyn Part)>) -> Map<String, Value> {
        let mut taken = Map::new();
        for (name, part) in fields {
            if let View::Inline(fields) = part.view() {
                taken.extend(self.take_fields(path, fields));
                continue;
            }
            let field = if path.is_empty() {
                self.take(name, part)
            } else {
                self.take(&format!("{path}.{name}"), part)
            };
            taken.extend(field.map(|value| (name.to_owned(), value)));
        }
        taken
    }

    fn take_listing(
        &mut self,
        element: &str,
        rows: Vec<&'r dyn Part>,
        phantom: Option<&'r dyn Part>,
    ) -> Value {
        let mut items = Vec::with_capacity(rows.len() + 1);
        for row in rows {
            if let Some(Value::Object(mut fields)) = self.take(element, row) {
                fields.insert(PRESENT.to_owned(), Value::Bool(true));
                items.push(Value::Object(fields));
            }
        }
        items.extend(phantom.and_then(|phantom| self.take(element, phantom)));
        Value::Array(items)
    }
}

/// The distinct observations of all lists; of a single list without repetitions, the list itself.
fn shared(lists: &[&Arc<[Origin]>]) -> Arc<[Origin]> {
    let distinct: Vec<&Origin> = unique(lists.iter().map(|list| &***list)).collect();
    match lists {
        [only] if only.len() == distinct.len() => Arc::clone(only),
        _ => distinct.into_iter().cloned().collect(),
    }
}

/// The distinct elements of all lists in order of appearance.
pub(crate) fn unique<'r, T: Eq + Hash + 'r>(
    lists: impl IntoIterator<Item = &'r [T]>,
) -> impl Iterator<Item = &'r T> {
    let mut seen = HashSet::new();
    lists.into_iter().flatten().filter(move |item| seen.insert(*item))
}
