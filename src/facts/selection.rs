//! What event selectors select of management events, classic and advanced alike.
//!
//! Takes the selectors of one trail and answers for one event at a time; [`witnesses`] gives the finite set of event sources that
//! stands for all of them. An answer is `None` where a selector has a field, an operator or a value that is not understood.
//! Semantics: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html>.

use std::collections::BTreeSet;

use super::kleene;
use crate::inventory::{AdvancedFieldSelector, AdvancedSelector, ClassicSelector, Selectors};

/// Event categories that are certainly not management events.
const OTHER_CATEGORIES: [&str; 6] =
    ["Data", "NetworkActivity", "Insight", "ActivityAuditLog", "ConfigurationItem", "Evidence"];

/// Whether an event only reads or changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// What the selectors of one trail select of management events.
#[derive(Debug)]
pub(super) struct Selection<'a> {
    clauses: Vec<Clause<'a>>,
}

/// One selector: an event has to satisfy every part of it.
#[derive(Debug)]
struct Clause<'a> {
    management: Option<bool>,
    reads: Option<bool>,
    writes: Option<bool>,
    sources: Vec<SourceTest<'a>>,
    /// Another condition stands in it whose effect is not understood.
    has_unclear_condition: bool,
    /// What was not understood, in words.
    notes: Vec<String>,
}

#[derive(Debug)]
enum SourceTest<'a> {
    Field(&'a AdvancedFieldSelector),
    Excluded(&'a [String]),
}

impl<'a> Selection<'a> {
    /// Reads the selectors of a trail.
    pub(super) fn of(selectors: &'a Selectors) -> Self {
        let clauses = match selectors {
            Selectors::Classic(list) if list.is_empty() => vec![Clause::everything()],
            Selectors::Classic(list) => list.iter().enumerate().map(Clause::of_classic).collect(),
            Selectors::Advanced(list) if list.is_empty() => {
                vec![Clause::unclear("an empty list of advanced event selectors".to_owned())]
            }
            Selectors::Advanced(list) => list.iter().enumerate().map(Clause::of_advanced).collect(),
        };
        Self { clauses }
    }

    /// A management event of `source` is selected.
    pub(super) fn selects(&self, access: Access, source: &str) -> Option<bool> {
        kleene::any(self.clauses.iter().map(|clause| clause.selects(access, source)))
    }

    /// What was not understood and keeps [`Selection::selects`] from an answer.
    pub(super) fn unclear(&self, access: Access, source: &str) -> impl Iterator<Item = &str> {
        let unclear = move |clause: &&Clause<'_>| clause.selects(access, source).is_none();
        self.clauses.iter().filter(unclear).flat_map(|clause| clause.notes.iter().map(String::as_str))
    }

    fn tests(&self) -> impl Iterator<Item = &SourceTest<'a>> {
        self.clauses.iter().flat_map(|clause| &clause.sources)
    }
}

impl<'a> Clause<'a> {
    fn everything() -> Self {
        Self {
            management: Some(true),
            reads: Some(true),
            writes: Some(true),
            sources: Vec::new(),
            has_unclear_condition: false,
            notes: Vec::new(),
        }
    }

    fn unclear(note: String) -> Self {
        Self { management: None, notes: vec![note], ..Self::everything() }
    }

    fn of_classic((at, selector): (usize, &'a ClassicSelector)) -> Self {
        let mut clause = Self { management: Some(selector.includes_management_events), ..Self::everything() };
        (clause.reads, clause.writes) = match selector.read_write_type.as_str() {
            "All" => (Some(true), Some(true)),
            "ReadOnly" => (Some(true), Some(false)),
            "WriteOnly" => (Some(false), Some(true)),
            other => {
                clause.notes.push(format!("event selector {} has the `ReadWriteType` {other:?}", at + 1));
                (None, None)
            }
        };
        clause.sources.push(SourceTest::Excluded(&selector.excluded_management_sources));
        clause
    }

    fn of_advanced((at, selector): (usize, &'a AdvancedSelector)) -> Self {
        let mut clause = Self::everything();
        if !selector.fields.iter().any(|condition| condition.field == "eventCategory") {
            clause.management = None;
            clause.notes.push(format!("advanced event selector {} has no `eventCategory`", at + 1));
        }
        for condition in &selector.fields {
            clause.add(at + 1, condition);
        }
        clause
    }

    fn add(&mut self, at: usize, condition: &'a AdvancedFieldSelector) {
        let mut note = |what: String| {
            self.notes.push(format!("advanced event selector {at} {what}"));
        };
        if is_empty(condition) {
            note(format!("has no operator for `{}`", condition.field));
            self.has_unclear_condition = true;
            return;
        }
        match condition.field.as_str() {
            "eventCategory" => {
                let management = category_is_management(condition);
                if management.is_none() {
                    note(format!("has `eventCategory` {}", operators(condition)));
                }
                self.management = kleene::and(self.management, management);
            }
            "readOnly" => {
                let reads = read_only_admits(condition, "true");
                if reads.is_none() {
                    note(format!("has `readOnly` {}", operators(condition)));
                }
                self.reads = kleene::and(self.reads, reads);
                self.writes = kleene::and(self.writes, read_only_admits(condition, "false"));
            }
            "eventSource" => self.sources.push(SourceTest::Field(condition)),
            field => {
                note(format!("has the field `{field}`"));
                self.has_unclear_condition = true;
            }
        }
    }

    fn selects(&self, access: Access, source: &str) -> Option<bool> {
        let of_access = match access {
            Access::Read => self.reads,
            Access::Write => self.writes,
        };
        let of_source = self.sources.iter().all(|test| test.admits(source));
        let of_the_rest = if self.has_unclear_condition { None } else { Some(true) };
        kleene::all([self.management, of_access, Some(of_source), of_the_rest])
    }
}

impl SourceTest<'_> {
    fn admits(&self, source: &str) -> bool {
        match self {
            Self::Field(condition) => admits(condition, source),
            Self::Excluded(sources) => !sources.iter().any(|excluded| excluded == source),
        }
    }
}

/// `value` satisfies the condition: SELECT operators join by OR, DESELECT operators by AND, both groups by AND.
pub(super) fn admits(condition: &AdvancedFieldSelector, value: &str) -> bool {
    let any = |list: &[String], test: fn(&str, &str) -> bool| list.iter().any(|item| test(value, item));
    let equal: fn(&str, &str) -> bool = |value, item| value == item;
    let starts: fn(&str, &str) -> bool = |value, item| value.starts_with(item);
    let ends: fn(&str, &str) -> bool = |value, item| value.ends_with(item);
    let selected = !has_select_operator(condition)
        || any(&condition.equals, equal)
        || any(&condition.starts_with, starts)
        || any(&condition.ends_with, ends);
    let deselected = any(&condition.not_equals, equal)
        || any(&condition.not_starts_with, starts)
        || any(&condition.not_ends_with, ends);
    selected && !deselected
}

fn has_select_operator(condition: &AdvancedFieldSelector) -> bool {
    !(condition.equals.is_empty() && condition.starts_with.is_empty() && condition.ends_with.is_empty())
}

pub(super) fn is_empty(condition: &AdvancedFieldSelector) -> bool {
    lists(condition).iter().all(|(_, values)| values.is_empty())
}

fn has_only(condition: &AdvancedFieldSelector, allowed: &[&str]) -> bool {
    lists(condition).iter().all(|(name, values)| values.is_empty() || allowed.contains(name))
}

/// `eventCategory` admits management events; only `Equals` is defined for it.
pub(super) fn category_is_management(condition: &AdvancedFieldSelector) -> Option<bool> {
    category_is("Management", condition)
}

/// `eventCategory` admits `category`; only `Equals` is defined for it.
pub(super) fn category_is(category: &str, condition: &AdvancedFieldSelector) -> Option<bool> {
    if !has_only(condition, &["Equals"]) {
        return None;
    }
    kleene::any(condition.equals.iter().map(|value| match value.as_str() {
        value if value == category => Some(true),
        "Management" => Some(false),
        value if OTHER_CATEGORIES.contains(&value) => Some(false),
        _ => None,
    }))
}

/// `readOnly` admits the value, `true` or `false`.
pub(super) fn read_only_admits(condition: &AdvancedFieldSelector, value: &str) -> Option<bool> {
    let values = condition.equals.iter().chain(&condition.not_equals);
    let is_understood = has_only(condition, &["Equals", "NotEquals"])
        && values.into_iter().all(|value| value == "true" || value == "false");
    is_understood.then(|| admits(condition, value))
}

fn lists(condition: &AdvancedFieldSelector) -> [(&'static str, &[String]); 6] {
    [
        ("Equals", &condition.equals),
        ("StartsWith", &condition.starts_with),
        ("EndsWith", &condition.ends_with),
        ("NotEquals", &condition.not_equals),
        ("NotStartsWith", &condition.not_starts_with),
        ("NotEndsWith", &condition.not_ends_with),
    ]
}

/// The condition's operators and values, for quoting.
pub(super) fn operators(condition: &AdvancedFieldSelector) -> String {
    let used = lists(condition).into_iter().filter(|(_, values)| !values.is_empty());
    used.map(|(name, values)| format!("{name} {values:?}")).collect::<Vec<_>>().join(", ")
}

/// An event source that stands for all that every selection treats alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Witness {
    /// The source itself.
    pub(super) source: String,
    /// A selector names it; otherwise it stands for sources that none names, with this start and end.
    pub(super) kind: WitnessKind,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WitnessKind {
    Named,
    Other { start: String, end: String },
}

/// Event sources such that any other is selected by exactly the same of `selections` as one of these.
pub(super) fn witnesses<'a>(selections: impl Iterator<Item = &'a Selection<'a>>) -> Vec<Witness> {
    let mut named = BTreeSet::new();
    let mut starts = BTreeSet::from([""]);
    let mut ends = BTreeSet::from([""]);
    for test in selections.flat_map(Selection::tests) {
        match test {
            SourceTest::Excluded(sources) => named.extend(sources.iter().map(String::as_str)),
            SourceTest::Field(condition) => {
                named.extend(condition.equals.iter().chain(&condition.not_equals).map(String::as_str));
                starts.extend(
                    condition.starts_with.iter().chain(&condition.not_starts_with).map(String::as_str),
                );
                ends.extend(condition.ends_with.iter().chain(&condition.not_ends_with).map(String::as_str));
            }
        }
    }
    let is_used = |c: char| named.iter().chain(&starts).chain(&ends).any(|text| text.contains(c));
    let filler = ('\u{1}'..=char::MAX).find(|c| !is_used(*c)).unwrap_or_default();
    let other = |start: &str, end: &str| Witness {
        source: format!("{start}{filler}{end}"),
        kind: WitnessKind::Other { start: start.to_owned(), end: end.to_owned() },
    };
    let mut all: Vec<Witness> =
        starts.iter().flat_map(|start| ends.iter().map(|end| other(start, end))).collect();
    all.extend(named.iter().map(|source| Witness { source: (*source).to_owned(), kind: WitnessKind::Named }));
    all
}
