//! What selectors select, by the letter of the documentation and for one event at a time.
//!
//! What is not understood is taken for the better (`best`) or for the worse.

use std::collections::BTreeMap;

use crate::inventory::{AdvancedFieldSelector, AdvancedSelector, ClassicSelector, Selectors};

/// A value for each field; those that are not given are empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Event {
    pub(super) category: &'static str,
    pub(super) fields: BTreeMap<String, String>,
}

impl Event {
    pub(super) fn of(category: &'static str) -> Self {
        Self { category, ..Self::default() }
    }

    pub(super) fn with(mut self, field: &str, value: &str) -> Self {
        self.fields.insert(field.to_owned(), value.to_owned());
        self
    }

    pub(super) fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }

    fn is_read(&self) -> bool {
        self.get("readOnly") == "true"
    }
}

pub(super) fn selects(selectors: &Selectors, event: &Event, best: bool) -> bool {
    match selectors {
        Selectors::Classic(list) if list.is_empty() => event.category == "Management",
        Selectors::Classic(list) => list.iter().any(|one| classic_selects(one, event, best)),
        Selectors::Advanced(list) if list.is_empty() => best,
        Selectors::Advanced(list) => list.iter().any(|one| advanced_selects(one, event, best)),
    }
}

fn classic_selects(selector: &ClassicSelector, event: &Event, best: bool) -> bool {
    let is_kind = match (selector.read_write_type.as_str(), event.is_read()) {
        ("All", _) | ("ReadOnly", true) | ("WriteOnly", false) => true,
        ("ReadOnly" | "WriteOnly", _) => false,
        _ => best,
    };
    let is_event = match event.category {
        "Management" => {
            let source = event.get("eventSource");
            selector.includes_management_events
                && !selector.excluded_management_sources.iter().any(|one| one == source)
        }
        "Data" => selector.data_resources.iter().any(|resource| {
            resource.kind == event.get("resources.type")
                && resource
                    .values
                    .iter()
                    .any(|value| names(&resource.kind, value, event.get("resources.ARN"), best))
        }),
        _ => false,
    };
    is_kind && is_event
}

/// `arn:aws:s3` and `arn:aws:lambda` stand for all, buckets with a slash and a prefix for what starts so, functions for themselves.
fn names(kind: &str, value: &str, arn: &str, best: bool) -> bool {
    let is_all = |service: &str| {
        ["aws", "aws-cn", "aws-us-gov"].iter().any(|partition| value == format!("arn:{partition}:{service}"))
    };
    let has_wildcard = value.contains('*');
    let starts_so = arn.starts_with(value.split('*').next().unwrap());
    match kind {
        "AWS::S3::Object" => {
            let object = value.split_once(":s3:::").map(|(_, object)| object);
            let has_bucket = object.is_some_and(|object| object.is_empty() || object.find('/') > Some(0));
            let is_understood = !has_wildcard && (is_all("s3") || has_bucket);
            starts_so && (is_understood || best)
        }
        "AWS::Lambda::Function" if is_all("lambda") => starts_so,
        "AWS::Lambda::Function" if value.contains(":function:") && !has_wildcard => arn == value,
        _ => starts_so && best,
    }
}

fn advanced_selects(selector: &AdvancedSelector, event: &Event, best: bool) -> bool {
    let has = |field: &str| selector.fields.iter().any(|condition| condition.field == field);
    let has_required = match event.category {
        "Data" => has("resources.type"),
        "NetworkActivity" => has("eventSource"),
        _ => true,
    };
    (has("eventCategory") && has_required || best)
        && selector.fields.iter().all(|condition| satisfied(condition, event, best))
}

fn fields_of(category: &str) -> &'static [&'static str] {
    match category {
        "Management" => &[
            "eventCategory",
            "readOnly",
            "eventSource",
            "eventName",
            "eventType",
            "userIdentity.arn",
            "sessionCredentialFromConsole",
        ],
        "Data" => &[
            "eventCategory",
            "readOnly",
            "eventSource",
            "eventName",
            "eventType",
            "userIdentity.arn",
            "sessionCredentialFromConsole",
            "resources.type",
            "resources.ARN",
        ],
        _ => &["eventCategory", "eventSource", "eventName", "errorCode", "vpcEndpointId", "userIdentity.arn"],
    }
}

fn is_category(name: &str) -> bool {
    ["Management", "Data", "NetworkActivity"].contains(&name)
}

fn satisfied(condition: &AdvancedFieldSelector, event: &Event, best: bool) -> bool {
    let field = condition.field.as_str();
    let is_empty =
        *condition == AdvancedFieldSelector { field: field.to_owned(), ..AdvancedFieldSelector::default() };
    if is_empty || !fields_of(event.category).contains(&field) {
        return best;
    }
    let has_affixes =
        [&condition.starts_with, &condition.ends_with, &condition.not_starts_with, &condition.not_ends_with]
            .iter()
            .any(|list| !list.is_empty());
    let only_equals = !has_affixes && condition.not_equals.is_empty();
    let values_are = |allowed: &[&str]| {
        condition.equals.iter().chain(&condition.not_equals).all(|value| allowed.contains(&value.as_str()))
    };
    let is_defined = match field {
        "eventCategory" => {
            let others = condition.equals.iter().filter(|name| is_category(name)).count();
            only_equals && (others == condition.equals.len() || matches(condition, event.category))
        }
        "readOnly" => !has_affixes && values_are(&["true", "false"]),
        "sessionCredentialFromConsole" => !has_affixes && values_are(&["true"]),
        "resources.type" | "errorCode" => only_equals,
        "eventSource" if event.category == "NetworkActivity" => only_equals,
        _ => true,
    };
    let value = if field == "eventCategory" { event.category } else { event.get(field) };
    if is_defined { matches(condition, value) } else { best }
}

/// SELECT operators join by OR, DESELECT operators by AND, both groups by AND.
pub(super) fn matches(condition: &AdvancedFieldSelector, value: &str) -> bool {
    let mut select = Vec::new();
    let mut deselect = Vec::new();
    condition.equals.iter().for_each(|item| select.push(value == item));
    condition.starts_with.iter().for_each(|item| select.push(value.starts_with(item)));
    condition.ends_with.iter().for_each(|item| select.push(value.ends_with(item)));
    condition.not_equals.iter().for_each(|item| deselect.push(value != item));
    condition.not_starts_with.iter().for_each(|item| deselect.push(!value.starts_with(item)));
    condition.not_ends_with.iter().for_each(|item| deselect.push(!value.ends_with(item)));
    (select.is_empty() || select.contains(&true)) && !deselect.contains(&false)
}
