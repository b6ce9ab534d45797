use serde_json::{Value, json};

use super::{ARCHIVE, MANAGEMENT, ORGANIZATION, STRANGER, TRAIL, document, members, only, owner, reaches};
use crate::access::key::{change_key, cloudtrail_use, exposure};
use crate::access::{Findings, Reach};

const KEY: &str = "arn:aws:kms:us-east-1:222233334444:key/1234";

fn root() -> Value {
    json!({"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ARCHIVE}:root")},
        "Action": "kms:*", "Resource": "*"})
}

/// The statements that AWS recommends for a trail.
fn recommended() -> Value {
    json!([
        root(),
        {"Sid": "Allow CloudTrail to encrypt logs", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:GenerateDataKey*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceArn": TRAIL},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": format!("arn:aws:cloudtrail:*:{MANAGEMENT}:trail/*")}}},
        {"Sid": "Allow CloudTrail to describe key", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:DescribeKey", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}}},
        {"Sid": "Allow principals in the account to decrypt log files", "Effect": "Allow", "Principal": {"AWS": "*"},
            "Action": ["kms:Decrypt", "kms:ReEncryptFrom"], "Resource": "*",
            "Condition": {"StringEquals": {"kms:CallerAccount": ARCHIVE},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": format!("arn:aws:cloudtrail:*:{MANAGEMENT}:trail/*")}}},
    ])
}

fn exposed(statements: Value) -> Findings {
    exposure(&document(statements), KEY, owner(&members()))
}

#[test]
fn the_recommended_policy_serves_the_trail_and_is_pinned() {
    let used = cloudtrail_use(&document(recommended()), KEY, TRAIL, Some(ORGANIZATION));
    assert_eq!(used.encrypts.value, Some(true));
    assert_eq!(used.describes.value, Some(true));
    let pinned: Vec<_> =
        used.grants.iter().map(|grant| (grant.statement.as_str(), grant.is_pinned)).collect();
    assert_eq!(pinned, [("statement 2 (Allow CloudTrail to encrypt logs)", Some(true))]);
}

#[test]
fn the_recommended_policy_exposes_the_key_to_its_own_account_only() {
    let answer = exposed(recommended());
    assert_eq!(reaches(&answer), [Reach::OwnAccount, Reach::OwnAccount]);
    assert!(answer.delegates_to_owner_iam);
    assert_eq!(document(recommended()).public().value, Some(false));
}

#[test]
fn nobody_outside_the_account_may_change_a_key_with_the_recommended_policy() {
    let answer = change_key(&document(recommended()), KEY, owner(&members()));
    assert_eq!(answer.any_beyond(Reach::OwnAccount), Some(false));
    assert!(answer.delegates_to_owner_iam);
}

#[test]
fn the_encryption_context_alone_pins_and_nothing_does_not() {
    let with = |condition: Value| {
        let policy = json!([{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:GenerateDataKey*", "Resource": "*", "Condition": condition}]);
        cloudtrail_use(&document(policy), KEY, TRAIL, None).grants[0].is_pinned
    };
    let context = |arn: &str| json!({"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": arn}});
    assert_eq!(with(context("arn:aws:cloudtrail:*:111122223333:trail/*")), Some(true));
    assert_eq!(with(context("arn:aws:cloudtrail:*:*:trail/*")), Some(false));
    assert_eq!(with(json!({})), Some(false));
}

#[test]
fn a_key_policy_for_another_account_does_not_encrypt_for_this_trail() {
    let used = cloudtrail_use(
        &document(recommended()),
        KEY,
        "arn:aws:cloudtrail:us-east-1:999988887777:trail/x",
        None,
    );
    assert_eq!(used.encrypts.value, Some(false));
}

#[test]
fn via_service_alone_does_not_keep_strangers_out() {
    let open = json!([{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",
        "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}]);
    assert_eq!(document(open.clone()).public().value, Some(true));
    let answer = exposed(open);
    assert_eq!((only(&answer).reach, only(&answer).is_certain), (Reach::Anyone, true));
    assert_eq!(only(&answer).pins.via_services, ["s3.us-east-1.amazonaws.com"]);
}

#[test]
fn an_organization_condition_keeps_strangers_out() {
    let open = json!([{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}}]);
    assert_eq!(reaches(&exposed(open)), [Reach::Organization]);
}

#[test]
fn a_foreign_account_and_a_foreign_organization_are_outside() {
    let open = json!([
        {"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{STRANGER}:role/reader")}, "Action": "kms:Decrypt", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-someoneelse"}}},
    ]);
    assert_eq!(reaches(&exposed(open)), [Reach::OtherAccount, Reach::OtherAccount]);
}

#[test]
fn a_member_that_may_disable_the_key_is_named_with_its_actions() {
    let policy = document(json!([root(), {"Effect": "Allow", "Principal": {"AWS": MANAGEMENT},
        "Action": ["kms:Disable*", "kms:ScheduleKeyDeletion"], "Resource": "*"}]));
    let answer = change_key(&policy, KEY, owner(&members()));
    let finding = answer.findings.iter().find(|finding| finding.reach == Reach::Organization).unwrap();
    assert_eq!(finding.actions, ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DisableKeyRotation"]);
}

#[test]
fn a_deleted_principal_is_no_certain_finding() {
    let answer = exposed(
        json!([{"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEEXAMPLE12"}, "Action": "kms:*", "Resource": "*"}]),
    );
    assert_eq!(answer.any_beyond(Reach::OwnAccount), None);
}
