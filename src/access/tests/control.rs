use serde_json::{Value, json};

use super::{MANAGEMENT, ORGANIZATION, STRANGER, document};
use crate::access::Document;
use crate::access::control::{Attached, Guard, Question, guard, resource_guard};

const QUESTION: Question<'static> = Question {
    action: "cloudtrail:StopLogging",
    resource: "arn:aws:cloudtrail:*:111122223333:trail/*",
    account: MANAGEMENT,
    organization: Some(ORGANIZATION),
    region: None,
};

fn full_access() -> Document {
    document(json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]))
}

fn deny(condition: &Value) -> Document {
    document(
        json!([{"Sid": "Trail", "Effect": "Deny", "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"],
        "Resource": "*", "Condition": condition}]),
    )
}

/// Root with full access, then an organizational unit with full access and the policies.
fn ask_with(policies: &[&Document], question: &Question<'_>) -> Guard {
    let full = full_access();
    let attached = |document| Attached { name: "Guard", document: Some(document) };
    let below = std::iter::once(&full).chain(policies.iter().copied()).map(attached).collect();
    guard(&[vec![attached(&full)], below], question)
}

fn ask(policies: &[&Document]) -> Guard {
    ask_with(policies, &QUESTION)
}

#[test]
fn full_access_alone_stops_nothing() {
    assert_eq!(ask(&[]), Guard { is_denied: Some(false), exempt: vec![], notes: vec![] });
}

#[test]
fn a_deny_at_any_level_stops_the_action_for_everybody() {
    let guard = ask(&[&deny(&json!({}))]);
    assert_eq!((guard.is_denied, guard.exempt.len()), (Some(true), 0));
    assert_eq!(guard.notes, ["denied by Guard, statement 1 (Trail)"]);
}

#[test]
fn a_deny_of_other_actions_does_not_stop_this_one() {
    let question = Question { action: "cloudtrail:UpdateTrail", ..QUESTION };
    assert_eq!(ask_with(&[&deny(&json!({}))], &question).is_denied, Some(false));
}

#[test]
fn a_deny_with_not_action_stops_everything_it_does_not_name() {
    let spared =
        |action: &str| document(json!([{"Effect": "Deny", "NotAction": [action, "iam:*"], "Resource": "*"}]));
    assert_eq!(ask(&[&spared("s3:*")]).is_denied, Some(true));
    assert_eq!(ask(&[&spared("cloudtrail:*")]).is_denied, Some(false));
}

#[test]
fn an_exempted_break_glass_role_is_shown() {
    let guard = ask(&[&deny(
        &json!({"ArnNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/AWSControlTowerExecution"}}),
    )]);
    assert_eq!(guard.is_denied, Some(true));
    assert_eq!(guard.exempt, ["arn:aws:iam::*:role/AWSControlTowerExecution"]);
}

#[test]
fn a_role_that_only_one_of_two_denials_exempts_is_not_exempt() {
    let spare = |role: &str| {
        deny(
            &json!({"ArnNotLike": {"aws:PrincipalArn": [format!("arn:aws:iam::*:role/{role}"), "arn:aws:iam::*:role/both"]}}),
        )
    };
    let guard = ask(&[&spare("a"), &spare("b")]);
    assert_eq!(guard.exempt, ["arn:aws:iam::*:role/both"]);
    assert!(ask(&[&spare("a"), &deny(&json!({}))]).exempt.is_empty());
}

#[test]
fn a_deny_that_spares_all_roles_stops_nobody_worth_mentioning() {
    for everybody in ["arn:aws:iam::*:role/*", "*", "arn:aws:iam::111122223333:*", "arn:aws:iam::*:*"] {
        let guard = ask(&[&deny(&json!({"StringNotLike": {"aws:PrincipalArn": everybody}}))]);
        assert_eq!(guard.is_denied, Some(false), "{everybody}");
    }
}

#[test]
fn a_deny_for_one_role_only_does_not_stop_the_others() {
    let guard = ask(&[&deny(&json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/dev-*"}}))]);
    assert_eq!(guard.is_denied, Some(false));
    assert_eq!(
        guard.notes,
        ["denied in part by Guard, statement 1 (Trail): ArnLike aws:principalarn arn:aws:iam::*:role/dev-*"]
    );
}

#[test]
fn a_region_deny_counts_only_for_a_trail_whose_home_it_forbids() {
    let regions = deny(&json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}));
    assert_eq!(ask(&[&regions]).is_denied, Some(false));
    assert_eq!(
        ask_with(&[&regions], &Question { region: Some("us-east-1"), ..QUESTION }).is_denied,
        Some(true)
    );
    assert_eq!(
        ask_with(&[&regions], &Question { region: Some("eu-west-1"), ..QUESTION }).is_denied,
        Some(false)
    );
}

#[test]
fn a_deny_on_some_trails_does_not_protect_all_of_them() {
    let one = document(
        json!([{"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "arn:aws:cloudtrail:*:*:trail/aws-controltower-*"}]),
    );
    assert_eq!(ask(&[&one]).is_denied, Some(false));
    let named = Question {
        resource: "arn:aws:cloudtrail:us-east-1:111122223333:trail/aws-controltower-BaselineCloudTrail",
        ..QUESTION
    };
    assert_eq!(ask_with(&[&one], &named).is_denied, Some(true));
}

#[test]
fn a_deny_outside_an_organizational_unit_is_not_known_to_concern_the_account() {
    let paths = deny(
        &json!({"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": "o-exampleorg/r-1/ou-security/*"}}),
    );
    assert_eq!(ask(&[&paths]).is_denied, None);
}

#[test]
fn a_deny_for_another_organization_or_account_misses() {
    assert_eq!(
        ask(&[&deny(&json!({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}))]).is_denied,
        Some(false)
    );
    assert_eq!(
        ask(&[&deny(&json!({"StringEquals": {"aws:PrincipalAccount": STRANGER}}))]).is_denied,
        Some(false)
    );
    assert_eq!(
        ask(&[&deny(&json!({"StringEquals": {"aws:PrincipalAccount": MANAGEMENT}}))]).is_denied,
        Some(true)
    );
}

#[test]
fn a_deny_for_calls_without_second_factor_leaves_those_with_one() {
    assert_eq!(
        ask(&[&deny(&json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}))]).is_denied,
        Some(false)
    );
}

#[test]
fn a_deny_that_was_not_understood_leaves_the_answer_open_unless_another_decides() {
    let strange = deny(&json!({"StringNotAlike": {"aws:PrincipalArn": "x"}}));
    assert_eq!(ask(&[&strange]).is_denied, None);
    assert_eq!(ask(&[&strange, &deny(&json!({}))]).is_denied, Some(true));
    let full = full_access();
    let unread = [vec![
        Attached { name: "FullAWSAccess", document: Some(&full) },
        Attached { name: "Lost", document: None },
    ]];
    assert_eq!(guard(&unread, &QUESTION).is_denied, None);
}

#[test]
fn where_full_access_is_missing_only_what_is_listed_is_allowed() {
    let full = full_access();
    let listed = document(json!([{"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"}]));
    let levels = [&full, &listed].map(|document| vec![Attached { name: "Listed", document: Some(document) }]);
    let guard = guard(&levels, &QUESTION);
    assert_eq!(
        (guard.is_denied, guard.notes),
        (Some(true), vec!["Listed allow something else only".to_owned()])
    );
}

#[test]
fn a_level_without_any_known_policy_leaves_the_answer_open() {
    let full = full_access();
    let levels = [vec![Attached { name: "FullAWSAccess", document: Some(&full) }], vec![]];
    assert_eq!(guard(&levels, &QUESTION).is_denied, None);
}

#[test]
fn a_resource_control_policy_that_spares_services_still_stops_principals() {
    let policy =
        document(json!([{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}]));
    let question = Question { action: "s3:DeleteObject", resource: "arn:aws:s3:::logs/*", ..QUESTION };
    assert_eq!(ask_with(&[&policy], &question).is_denied, Some(true));
}

#[test]
fn a_bucket_policy_can_stop_its_owner_too() {
    let policy = document(
        json!([{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject*", "Resource": "arn:aws:s3:::logs/*",
        "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/Cleaner"}}}]),
    );
    let question =
        Question { action: "s3:DeleteObject", resource: "arn:aws:s3:::logs/AWSLogs/*", ..QUESTION };
    let guard = resource_guard(&policy, &question);
    assert_eq!(
        (guard.is_denied, guard.exempt),
        (Some(true), vec!["arn:aws:iam::111122223333:role/Cleaner".to_owned()])
    );
    let put = Question { action: "s3:PutObject", ..question };
    assert_eq!(resource_guard(&policy, &put).is_denied, Some(false));
}

#[test]
fn a_document_about_one_action_says_of_it_what_the_whole_says() {
    let whole = document(json!([
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}},
        {"Effect": "Deny", "Action": {"unread": 1}, "Resource": "*"},
    ]));
    for action in ["s3:DeleteBucket", "cloudtrail:StopLogging"] {
        let about = whole.about(action);
        assert_ne!(about, whole);
        let ask = |document| {
            let levels = [vec![Attached { name: "Guard", document: Some(document) }]];
            guard(&levels, &Question { action, resource: "*", ..QUESTION })
        };
        assert_eq!(ask(&about), ask(&whole), "{action}");
    }
}
