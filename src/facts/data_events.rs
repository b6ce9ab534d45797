//! What event selectors select of data events, and whether they name resources or take an account's all.
//!
//! Semantics: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>.

use std::collections::BTreeSet;

use super::selection::{category_is, is_empty, operators};
use super::{Fact, kleene};
use crate::inventory::{
    AdvancedFieldSelector, AdvancedSelector, DataResource, Gap, GapReason, Observed, Selectors,
};

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

/// Types that classic selectors know.
const CLASSIC_KINDS: [&str; 3] = ["AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"];

/// Services whose ARNs put a word for the kind of resource before its name.
const KIND_BEFORE_NAME: [&str; 5] = ["dynamodb", "kinesis", "kms", "lambda", "s3"];

/// Services whose ARNs end in nothing but the name.
const PLAIN_NAMES: [&str; 2] = ["sns", "sqs"];

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
            if let Some(value) = f(&found) {
                Fact::known(value, [origin.clone()])
            } else {
                let detail = found.notes.join("; ");
                Fact::Unknown(vec![Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail }])
            }
        }
    }
}

fn read(selectors: &Selectors) -> DataEvents {
    let mut found = DataEvents { recorded: Some(false), ..DataEvents::default() };
    match selectors {
        Selectors::Classic(list) => {
            for (at, selector) in list.iter().enumerate() {
                selector.data_resources.iter().for_each(|resource| found.add_classic(at + 1, resource));
            }
        }
        Selectors::Advanced(list) if list.is_empty() => {
            found.recorded = None;
            found.notes.push("the list of advanced event selectors is empty".to_owned());
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
    fn add_classic(&mut self, at: usize, resource: &DataResource) {
        if resource.values.is_empty() {
            return;
        }
        self.recorded = Some(true);
        if !CLASSIC_KINDS.contains(&resource.kind.as_str()) {
            self.notes.push(format!("event selector {at} has data resources of type {:?}", resource.kind));
            return;
        }
        for value in &resource.values {
            match names_resource(value) {
                Some(true) => {}
                Some(false) => _ = self.account_wide.insert(resource.kind.clone()),
                None => self.notes.push(format!("event selector {at} has the data resource {value:?}")),
            }
        }
    }

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
        let arns = with("resources.ARN");
        match kleene::any(arns.iter().map(|condition| names_resources(condition))) {
            Some(true) => return,
            Some(false) => {}
            None => {
                let shown: Vec<String> = arns.iter().map(|condition| operators(condition)).collect();
                self.notes
                    .push(format!("advanced event selector {at} has `resources.ARN` {}", shown.join(", ")));
                return;
            }
        }
        let is_unclear =
            |one: &&AdvancedFieldSelector| is_empty(one) || !FIELDS.contains(&one.field.as_str());
        if let Some(unclear) = selector.fields.iter().find(is_unclear) {
            let lack = if is_empty(unclear) { " without an operator" } else { "" };
            self.notes.push(format!("advanced event selector {at} has the field `{}`{lack}", unclear.field));
        } else {
            let kinds: Vec<String> =
                with("resources.type").into_iter().flat_map(|condition| condition.equals.clone()).collect();
            let all = if kinds.is_empty() { vec!["data events of every type".to_owned()] } else { kinds };
            self.account_wide.extend(all);
        }
    }
}

/// The condition admits named resources only: it lists them, or prefixes that begin with a name.
fn names_resources(condition: &AdvancedFieldSelector) -> Option<bool> {
    if is_empty(condition) {
        return None;
    }
    let lists_none = condition.equals.is_empty() && condition.starts_with.is_empty();
    // What only has to end in a certain way may be anywhere in the account.
    if lists_none || !condition.ends_with.is_empty() {
        return Some(false);
    }
    let whole = condition.equals.iter().map(|arn| names_resource_in_full(arn));
    kleene::all(whole.chain(condition.starts_with.iter().map(|prefix| names_resource(prefix))))
}

/// A whole ARN names a resource also where its last part is not divided: `arn:aws:codecommit:…:repository`.
fn names_resource_in_full(arn: &str) -> Option<bool> {
    names_resource(arn).or_else(|| arn.starts_with("arn:").then_some(true))
}

/// `arn:aws:s3:::logs/` names a bucket; `arn:aws:s3`, `arn:aws:s3:::` and `arn:aws:s3:::*` stand for all of them.
///
/// `None` where it is no ARN, or where the last part may be a name as well as a kind of resources.
fn names_resource(prefix: &str) -> Option<bool> {
    let is_name = |name: &str| !name.trim_matches(['*', '/', ':']).is_empty();
    if "arn:".starts_with(prefix) {
        return Some(false);
    }
    let mut parts = prefix.strip_prefix("arn:")?.splitn(5, ':').skip(1);
    let (service, region) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let resource = parts.nth(1).unwrap_or_default();
    // Buckets have no region in their ARN; access points, `accesspoint/name`, do.
    if service == "s3" && region.is_empty() {
        return Some(is_name(resource.split('/').next().unwrap_or_default()));
    }
    match resource.split_once([':', '/']) {
        Some((_, name)) => Some(is_name(name)),
        None if !is_name(resource) || KIND_BEFORE_NAME.contains(&service) => Some(false),
        None if PLAIN_NAMES.contains(&service) => Some(true),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{ClassicSelector, Origin};

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

    fn starting(prefix: &str) -> Selectors {
        let arn = AdvancedFieldSelector {
            field: "resources.ARN".to_owned(),
            starts_with: vec![prefix.to_owned()],
            ..AdvancedFieldSelector::default()
        };
        advanced(vec![equals("eventCategory", "Data"), equals("resources.type", "T"), arn])
    }

    #[test]
    fn a_kind_of_resources_is_not_the_name_of_one() {
        for prefix in [
            "",
            "arn:aws:s",
            "arn:aws:s3:us-east-1:111122223333:accesspoint/",
            "arn:aws:s3:us-east-1:111122223333:accesspoint",
            "arn:aws:kinesis:us-east-1:111122223333:stream",
            "arn:aws:dynamodb:us-east-1:111122223333:table/",
            "arn:aws:sns:us-east-1:111122223333:",
        ] {
            assert_eq!(wide(starting(prefix)), Some("T".to_owned()), "{prefix}");
        }
        for prefix in [
            "arn:aws:s3:us-east-1:111122223333:accesspoint/payroll",
            "arn:aws:sns:us-east-1:111122223333:orders",
            "arn:aws:kinesis:us-east-1:111122223333:stream/clicks",
        ] {
            assert_eq!(wide(starting(prefix)), Some(String::new()), "{prefix}");
        }
    }

    #[test]
    fn what_may_be_a_name_or_a_kind_or_no_arn_at_all_is_unknown() {
        assert_eq!(wide(starting("arn:aws:new:us-east-1:111122223333:thing")), None);
        assert_eq!(wide(starting("payroll/")), None);
        assert_eq!(wide(classic(&["payroll"])), None);
        let whole = equals("resources.ARN", "arn:aws:new:us-east-1:111122223333:thing");
        let data = [equals("eventCategory", "Data"), equals("resources.type", "T")];
        assert_eq!(wide(advanced([data.to_vec(), vec![whole]].concat())), Some(String::new()));
    }

    #[test]
    fn a_condition_whose_operator_is_not_known_and_an_empty_list_are_unknown() {
        for field in ["resources.ARN", "eventName"] {
            let silent =
                AdvancedFieldSelector { field: field.to_owned(), ..AdvancedFieldSelector::default() };
            let data = vec![equals("eventCategory", "Data"), equals("resources.type", "T"), silent];
            assert_eq!(wide(advanced(data)), None, "{field}");
        }
        let empty = Observed::known(Selectors::Advanced(Vec::new()), Origin::Stated("test".to_owned()));
        assert_eq!(recorded(&empty).value(), None);
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
