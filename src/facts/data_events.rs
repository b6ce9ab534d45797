//! What event selectors select of data events, and whether they name resources or take an account's all.
//!
//! Semantics: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>.

use std::collections::BTreeSet;

use super::selection::{category_is, is_empty, operators};
use super::{Fact, kleene};
use crate::inventory::{AdvancedFieldSelector, AdvancedSelector, Gap, GapReason, Observed, Selectors};

/// Fields of a selector for data events whose effect is known.
const FIELDS: [&str; 9] = [
    "eventCategory",
    "resources.type",
    "resources.ARN",
    "readOnly",
    "eventName",
    "eventSource",
    "eventType",
    "userIdentity.arn",
    "sessionCredentialFromConsole",
];

/// Services whose ARNs put a word for the kind of resource before its name.
const KIND_BEFORE_NAME: [&str; 2] = ["lambda", "dynamodb"];

/// What the selectors of one trail say of data events.
#[derive(Debug, Default, PartialEq, Eq)]
struct DataEvents {
    recorded: Option<bool>,
    /// Resource types recorded without naming resources.
    account_wide: BTreeSet<String>,
    /// What was not understood, in words.
    notes: Vec<String>,
}

/// Some data events are recorded.
pub(super) fn recorded(selectors: &Observed<Selectors>) -> Fact<bool> {
    concluded(selectors, |found| found.recorded)
}

/// Resource types recorded account-wide, in words.
pub(super) fn account_wide(selectors: &Observed<Selectors>) -> Fact<String> {
    concluded(selectors, |found| {
        // What is known to be account-wide decides; what is not understood may add to it and nothing else.
        let is_settled = found.notes.is_empty() || !found.account_wide.is_empty();
        is_settled.then(|| found.account_wide.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
    })
}

fn concluded<T>(selectors: &Observed<Selectors>, f: impl FnOnce(&DataEvents) -> Option<T>) -> Fact<T> {
    match selectors {
        Observed::Gap(gap) => Fact::Unknown(vec![gap.clone()]),
        Observed::Known { value, origin } => {
            let found = read(value);
            match f(&found) {
                Some(value) => Fact::known(value, [origin.clone()]),
                None => {
                    let detail = found.notes.join("; ");
                    Fact::Unknown(vec![Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail }])
                }
            }
        }
    }
}

fn read(selectors: &Selectors) -> DataEvents {
    let mut found = DataEvents { recorded: Some(false), ..DataEvents::default() };
    match selectors {
        Selectors::Classic(list) => {
            for resource in list.iter().flat_map(|selector| &selector.data_resources) {
                if resource.values.is_empty() {
                    continue;
                }
                found.recorded = Some(true);
                if resource.values.iter().any(|value| !names_resource(value)) {
                    found.account_wide.insert(resource.kind.clone());
                }
            }
        }
        Selectors::Advanced(list) => {
            for (at, selector) in list.iter().enumerate() {
                found.add(at + 1, selector);
            }
        }
    }
    found
}

impl DataEvents {
    fn add(&mut self, at: usize, selector: &AdvancedSelector) {
        let with = |field: &str| {
            selector.fields.iter().filter(move |condition| condition.field == field).collect::<Vec<_>>()
        };
        let categories = with("eventCategory");
        let mut is_data = kleene::all(categories.iter().map(|condition| category_is("Data", condition)));
        if categories.is_empty() || categories.iter().any(|condition| is_empty(condition)) {
            is_data = None;
        }
        match is_data {
            Some(false) => return,
            Some(true) => self.recorded = Some(true),
            None => {
                self.recorded = kleene::any([self.recorded, None]);
                let shown: Vec<String> = categories.iter().map(|condition| operators(condition)).collect();
                self.notes
                    .push(format!("advanced event selector {at} has `eventCategory` {}", shown.join(", ")));
                return;
            }
        }
        if with("resources.ARN").into_iter().any(names_resources) {
            return;
        }
        match selector.fields.iter().find(|condition| !FIELDS.contains(&condition.field.as_str())) {
            Some(unclear) => {
                self.notes.push(format!("advanced event selector {at} has the field `{}`", unclear.field))
            }
            None => {
                let kinds: Vec<String> = with("resources.type")
                    .into_iter()
                    .flat_map(|condition| condition.equals.clone())
                    .collect();
                let all = if kinds.is_empty() { vec!["data events of every type".to_owned()] } else { kinds };
                self.account_wide.extend(all);
            }
        }
    }
}

/// The condition admits named resources only: it lists them, or prefixes that begin with a name.
fn names_resources(condition: &AdvancedFieldSelector) -> bool {
    let mut positive = condition.equals.iter().chain(&condition.starts_with).peekable();
    // What only has to end in a certain way may be anywhere in the account.
    positive.peek().is_some() && condition.ends_with.is_empty() && positive.all(|value| names_resource(value))
}

/// `arn:aws:s3:::logs/` names a bucket; `arn:aws:s3`, `arn:aws:s3:::` and `arn:aws:s3:::*` stand for all of them.
fn names_resource(arn: &str) -> bool {
    let mut parts = arn.splitn(6, ':');
    let (Some("arn"), Some(_), Some(service)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let resource = parts.nth(2).unwrap_or_default();
    let is_name = |name: &str| !name.trim_matches(['*', '/', ':']).is_empty();
    if service == "s3" {
        return is_name(resource.split('/').next().unwrap_or_default());
    }
    match resource.split_once([':', '/']) {
        Some((_, name)) => is_name(name),
        None => is_name(resource) && !KIND_BEFORE_NAME.contains(&service),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{ClassicSelector, DataResource, Origin};

    fn classic(values: &[&str]) -> Selectors {
        Selectors::Classic(vec![ClassicSelector {
            read_write_type: "All".to_owned(),
            includes_management_events: true,
            excluded_management_sources: Vec::new(),
            data_resources: vec![DataResource {
                kind: "AWS::S3::Object".to_owned(),
                values: values.iter().map(|value| (*value).to_owned()).collect(),
            }],
        }])
    }

    fn equals(field: &str, value: &str) -> AdvancedFieldSelector {
        AdvancedFieldSelector {
            field: field.to_owned(),
            equals: vec![value.to_owned()],
            ..AdvancedFieldSelector::default()
        }
    }

    fn advanced(fields: Vec<AdvancedFieldSelector>) -> Selectors {
        Selectors::Advanced(vec![AdvancedSelector { name: None, fields }])
    }

    fn wide(selectors: Selectors) -> Option<String> {
        account_wide(&Observed::known(selectors, Origin::Stated("test".to_owned()))).value().cloned()
    }

    #[test]
    fn every_way_to_say_all_buckets_is_account_wide_in_every_partition() {
        for value in [
            "arn:aws:s3",
            "arn:aws:s3:::",
            "arn:aws:s3:::*",
            "arn:aws:s3:::*/*",
            "arn:aws-cn:s3",
            "arn:aws-us-gov:s3:::",
        ] {
            assert_eq!(wide(classic(&[value])), Some("AWS::S3::Object".to_owned()), "{value}");
        }
        for value in [
            "arn:aws:lambda",
            "arn:aws:lambda:us-east-1:111122223333:function:*",
            "arn:aws:lambda:us-east-1:111122223333:function",
        ] {
            assert_eq!(wide(classic(&[value])), Some("AWS::S3::Object".to_owned()), "{value}");
        }
    }

    #[test]
    fn a_named_resource_is_scoped_unless_another_value_is_not() {
        for value in [
            "arn:aws:s3:::logs/",
            "arn:aws-cn:s3:::logs/a",
            "arn:aws:lambda:us-east-1:111122223333:function:f",
        ] {
            assert_eq!(wide(classic(&[value])), Some(String::new()), "{value}");
        }
        assert_eq!(wide(classic(&["arn:aws:s3:::logs/", "arn:aws:s3"])), Some("AWS::S3::Object".to_owned()));
    }

    #[test]
    fn an_advanced_selector_is_scoped_by_positive_arns_only() {
        let data = || vec![equals("eventCategory", "Data"), equals("resources.type", "AWS::S3::Object")];
        let with = |condition| advanced([data(), vec![condition]].concat());
        let arn = |starts: &[&str], not: &[&str]| AdvancedFieldSelector {
            field: "resources.ARN".to_owned(),
            starts_with: starts.iter().map(|value| (*value).to_owned()).collect(),
            not_starts_with: not.iter().map(|value| (*value).to_owned()).collect(),
            ..AdvancedFieldSelector::default()
        };
        let all = Some("AWS::S3::Object".to_owned());
        assert_eq!(wide(advanced(data())), all);
        assert_eq!(wide(with(arn(&[], &["arn:aws:s3:::logs/"]))), all);
        assert_eq!(wide(with(arn(&["arn:aws:s3:::"], &[]))), all);
        assert_eq!(wide(with(equals("eventName", "DeleteObject"))), all);
        assert_eq!(wide(with(arn(&["arn:aws:s3:::payroll/"], &[]))), Some(String::new()));
        assert_eq!(
            wide(with(equals("resources.tags", "x"))),
            None,
            "a field that is not known may name resources"
        );
    }

    #[test]
    fn management_selectors_select_no_data_events_and_unknown_categories_may() {
        let of = |category: &str| {
            let selectors = advanced(vec![equals("eventCategory", category)]);
            recorded(&Observed::known(selectors, Origin::Stated("test".to_owned()))).value().copied()
        };
        assert_eq!(of("Management"), Some(false));
        assert_eq!(of("NetworkActivity"), Some(false));
        assert_eq!(of("Data"), Some(true));
        assert_eq!(of("Quantum"), None);
    }
}
