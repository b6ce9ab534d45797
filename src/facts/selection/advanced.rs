//! Advanced event selectors as clauses.
//!
//! Fields and operators: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>.

use std::collections::BTreeSet;

use super::{Category, Clause, Condition, Field, Patterns};
use crate::facts::kleene;
use crate::inventory::{AdvancedFieldSelector, AdvancedSelector};

/// Categories of events of which no question is asked.
const OTHER_CATEGORIES: [&str; 4] = ["Insight", "ActivityAuditLog", "ConfigurationItem", "Evidence"];

/// The clauses for events of `category`.
pub(super) fn clauses(list: &[AdvancedSelector], category: Category) -> Vec<Clause<'_>> {
    if list.is_empty() {
        let notes = vec!["the list of advanced event selectors is empty".to_owned()];
        return vec![Clause { is_unclear: true, notes, ..Clause::default() }];
    }
    list.iter().enumerate().filter_map(|(at, selector)| clause(at + 1, selector, category)).collect()
}

/// `None` where the selector is certainly one of another category.
fn clause(at: usize, selector: &AdvancedSelector, category: Category) -> Option<Clause<'_>> {
    let mut clause = Clause::default();
    let mut note = |what: String| clause.notes.push(format!("advanced event selector {at} {what}"));
    let mut has_category = false;
    for condition in &selector.fields {
        let field = condition.field.as_str();
        if field == "eventCategory" {
            has_category = true;
            match category_admits(condition, category) {
                Some(true) => {}
                Some(false) => return None,
                None => {
                    note(quoted(condition));
                    clause.is_unclear = true;
                }
            }
            continue;
        }
        match understood(condition, category) {
            Ok(condition) => clause.conditions.push(condition),
            Err(what) => {
                note(what);
                clause.is_unclear = true;
            }
        }
    }
    if !has_category {
        note("has no `eventCategory`".to_owned());
        clause.is_unclear = true;
    }
    let required = match category {
        Category::Management => None,
        Category::Data => Some(Field::ResourceType),
        Category::NetworkActivity => Some(Field::Source),
    };
    if let Some(required) =
        required.filter(|field| selector.fields.iter().all(|one| one.field != field.name()))
    {
        note(format!("has no `{}`", required.name()));
        clause.is_refused = true;
    }
    Some(clause)
}

/// The condition, or why it is not understood.
fn understood(condition: &AdvancedFieldSelector, category: Category) -> Result<Condition<'_>, String> {
    if is_empty(condition) {
        return Err(format!("has no operator for `{}`", condition.field));
    }
    let field = Field::of(&condition.field).filter(|field| field.belongs_to(category));
    let Some(field) = field else { return Err(format!("has the field `{}`", condition.field)) };
    let values = || lists(condition).into_iter().flat_map(|(_, values)| values);
    let is_understood = match field {
        Field::ReadOnly => {
            has_only(condition, &["Equals", "NotEquals"])
                && values().all(|value| value == "true" || value == "false")
        }
        Field::ConsoleSession => {
            has_only(condition, &["Equals", "NotEquals"]) && values().all(|value| value == "true")
        }
        Field::ResourceType | Field::ErrorCode => has_only(condition, &["Equals"]),
        Field::Source if category == Category::NetworkActivity => has_only(condition, &["Equals"]),
        _ => true,
    };
    if !is_understood {
        return Err(quoted(condition));
    }
    Ok(Condition {
        field,
        any_of: Patterns {
            equals: set(&condition.equals),
            starts: set(&condition.starts_with),
            ends: set(&condition.ends_with),
        },
        none_of: Patterns {
            equals: set(&condition.not_equals),
            starts: set(&condition.not_starts_with),
            ends: set(&condition.not_ends_with),
        },
    })
}

fn set(values: &[String]) -> BTreeSet<&str> {
    values.iter().map(String::as_str).collect()
}

/// `eventCategory` admits `category`; only `Equals` is defined for it.
fn category_admits(condition: &AdvancedFieldSelector, category: Category) -> Option<bool> {
    if is_empty(condition) || !has_only(condition, &["Equals"]) {
        return None;
    }
    let is_known = |value: &str| {
        Category::ALL.iter().any(|one| one.name() == value) || OTHER_CATEGORIES.contains(&value)
    };
    kleene::any(condition.equals.iter().map(|value| match value.as_str() {
        value if value == category.name() => Some(true),
        value if is_known(value) => Some(false),
        _ => None,
    }))
}

fn is_empty(condition: &AdvancedFieldSelector) -> bool {
    lists(condition).iter().all(|(_, values)| values.is_empty())
}

fn has_only(condition: &AdvancedFieldSelector, allowed: &[&str]) -> bool {
    lists(condition).iter().all(|(name, values)| values.is_empty() || allowed.contains(name))
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

fn quoted(condition: &AdvancedFieldSelector) -> String {
    let used = lists(condition).into_iter().filter(|(_, values)| !values.is_empty());
    let operators = used.map(|(name, values)| format!("{name} {values:?}")).collect::<Vec<_>>().join(", ");
    let operators = if operators.is_empty() { "without an operator".to_owned() } else { operators };
    format!("has `{}` {operators}", condition.field)
}
