//! Whether the data events that a trail selects are those of named resources or of an account's all.

use std::collections::BTreeSet;

use super::Fact;
use super::kleene;
use super::recorder::Recorder;
use super::selection::{Category, Clause, Condition, Field, Question};
use crate::inventory::{Gap, GapReason, Observed, Trail};

/// Services whose ARNs put a word for the kind of resource before its name.
const KIND_BEFORE_NAME: [&str; 5] = ["dynamodb", "kinesis", "kms", "lambda", "s3"];

/// Services whose ARNs end in nothing but the name.
const PLAIN_NAMES: [&str; 2] = ["sns", "sqs"];

/// Some data events are recorded; `recorder` stands for the trail's selectors.
pub(super) fn recorded(recorder: &Recorder<'_>) -> Fact<bool> {
    recorder.records_some(&Question::of(Category::Data))
}

/// Resource types recorded account-wide, in words.
pub(super) fn account_wide(trail: &Trail, recorder: &Recorder<'_>) -> Fact<String> {
    let origin = match &trail.selectors {
        Observed::Gap(gap) => return Fact::Unknown(vec![gap.clone()]),
        Observed::Known { origin, .. } => origin,
    };
    let mut kinds = BTreeSet::new();
    let mut notes = Vec::new();
    for clause in recorder.clauses(Category::Data) {
        match names_some(clause) {
            Some(true) => {}
            Some(false) if !clause.is_unclear => kinds.extend(resource_types(clause)),
            _ => notes.extend(clause.notes.iter().cloned().chain(unclear_arns(clause))),
        }
    }
    // What is known to be account-wide decides; what is not understood may add to it and nothing else.
    if notes.is_empty() || !kinds.is_empty() {
        let words = kinds.into_iter().collect::<Vec<_>>().join(", ");
        return Fact::known(words, [origin.clone()]);
    }
    let detail = notes.join("; ");
    Fact::Unknown(vec![Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail }])
}

fn resource_types<'a>(clause: &Clause<'a>) -> Vec<&'a str> {
    let types = conditions(clause, Field::ResourceType).flat_map(|condition| &condition.any_of.equals);
    let types: Vec<&str> = types.copied().collect();
    if types.is_empty() { vec!["data events of every type"] } else { types }
}

fn conditions<'c, 'a>(clause: &'c Clause<'a>, field: Field) -> impl Iterator<Item = &'c Condition<'a>> {
    clause.conditions.iter().filter(move |condition| condition.field == field)
}

/// The clause admits named resources only.
fn names_some(clause: &Clause<'_>) -> Option<bool> {
    kleene::any(conditions(clause, Field::ResourceArn).map(names_resources))
}

fn unclear_arns(clause: &Clause<'_>) -> Option<String> {
    let unclear = conditions(clause, Field::ResourceArn).filter(|one| names_resources(one).is_none());
    let shown: Vec<String> = unclear.map(Condition::operators).collect();
    let is_new = !shown.is_empty() && clause.notes.is_empty();
    is_new.then(|| format!("a selector has `resources.ARN` {}", shown.join(", ")))
}

/// The condition admits named resources only: it lists them, or prefixes that begin with a name.
fn names_resources(condition: &Condition<'_>) -> Option<bool> {
    let admitted = &condition.any_of;
    let lists_none = admitted.equals.is_empty() && admitted.starts.is_empty();
    // What only has to end in a certain way may be anywhere in the account.
    if lists_none || !admitted.ends.is_empty() {
        return Some(false);
    }
    let whole = admitted.equals.iter().map(|arn| names_resource_in_full(arn));
    kleene::all(whole.chain(admitted.starts.iter().map(|prefix| names_resource(prefix))))
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
    use crate::inventory::{
        AdvancedFieldSelector, AdvancedSelector, ClassicSelector, DataResource, Origin, Selectors,
    };

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

    fn trail(selectors: Selectors) -> Trail {
        let selectors = Observed::known(selectors, Origin::Stated("test".to_owned()));
        Trail { selectors, ..crate::facts::tests::world::local("audit", "us-east-1") }
    }

    fn is_recorded(selectors: Selectors) -> Option<bool> {
        recorded(&Recorder::taken_to_log(&trail(selectors))).value().copied()
    }

    fn wide(selectors: Selectors) -> Option<String> {
        let trail = trail(selectors);
        account_wide(&trail, &Recorder::taken_to_log(&trail)).value().cloned()
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
        assert_eq!(is_recorded(Selectors::Advanced(Vec::new())), None);
    }

    #[test]
    fn management_selectors_select_no_data_events_and_unknown_categories_may() {
        let of = |category: &str| is_recorded(advanced(vec![equals("eventCategory", category)]));
        assert_eq!(of("Management"), Some(false));
        assert_eq!(of("NetworkActivity"), Some(false));
        assert_eq!(of("Data"), Some(true));
        assert_eq!(of("Quantum"), None);
    }
}
