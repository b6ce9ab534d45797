use serde_json::{Value, json};

use super::{BUCKET, MANAGEMENT, ORGANIZATION, TRAIL, document};
use crate::access::Answer;
use crate::access::delivery::{Delivery, delivery};

const KEY: &str = "arn:aws:kms:us-east-1:222233334444:key/1";

const ACCOUNT_TRAIL: Delivery<'static> = Delivery {
    bucket: "logs",
    prefix: "",
    trail: TRAIL,
    organization_trail: None,
    organization: Some(ORGANIZATION),
    key: None,
    validates: true,
};

fn acl_check() -> Value {
    json!({"Sid": "AWSCloudTrailAclCheck20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:GetBucketAcl", "Resource": BUCKET, "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}}})
}

fn write(path: &str) -> Value {
    json!({"Sid": "AWSCloudTrailWrite20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject", "Resource": format!("{BUCKET}/{path}"),
        "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": TRAIL}}})
}

/// The documented policy for a trail of one account, and more statements.
fn answer(trail: &Delivery<'_>, more: Value) -> Answer {
    delivery(&document(json!([acl_check(), write("AWSLogs/111122223333/*"), more])), trail)
}

fn harmless() -> Value {
    json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
}

fn deny(condition: Value) -> Value {
    json!({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*", "Condition": condition})
}

#[test]
fn the_documented_policy_lets_a_trail_of_one_account_deliver() {
    assert_eq!(answer(&ACCOUNT_TRAIL, harmless()), Answer { value: Some(true), notes: vec![] });
}

#[test]
fn the_documented_policy_lets_an_organization_trail_deliver() {
    let trail = Delivery { organization_trail: Some(ORGANIZATION), ..ACCOUNT_TRAIL };
    let policy =
        document(json!([acl_check(), write("AWSLogs/111122223333/*"), write("AWSLogs/o-exampleorg/*")]));
    assert_eq!(delivery(&policy, &trail).value, Some(true));
}

#[test]
fn without_the_path_of_the_organization_its_trail_cannot_deliver() {
    let trail = Delivery { organization_trail: Some(ORGANIZATION), ..ACCOUNT_TRAIL };
    assert_eq!(answer(&trail, harmless()).value, Some(false));
}

#[test]
fn the_path_of_one_member_does_not_answer_for_all_of_them() {
    let trail = Delivery { organization_trail: Some(ORGANIZATION), ..ACCOUNT_TRAIL };
    let policy = document(json!([acl_check(), write("AWSLogs/o-exampleorg/111122223333/*")]));
    assert_eq!(delivery(&policy, &trail).value, None);
}

#[test]
fn a_prefix_must_be_the_one_of_the_trail() {
    let trail = Delivery { prefix: "central", ..ACCOUNT_TRAIL };
    assert_eq!(answer(&trail, harmless()).value, Some(false));
    let policy = document(json!([acl_check(), write("central/AWSLogs/111122223333/*")]));
    assert_eq!(delivery(&policy, &trail).value, Some(true));
}

#[test]
fn a_grant_for_another_trail_does_not_serve_this_one() {
    let trail = Delivery { trail: "arn:aws:cloudtrail:us-east-1:111122223333:trail/other", ..ACCOUNT_TRAIL };
    let answer = answer(&trail, harmless());
    assert_eq!(answer.value, Some(false));
    assert!(
        answer.notes[0].starts_with("no statement lets CloudTrail take s3:GetBucketAcl"),
        "{:?}",
        answer.notes
    );
}

#[test]
fn the_source_account_is_accepted_instead_of_the_trail() {
    let with = |condition: Value| {
        let grant = json!({"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": ["s3:GetBucketAcl", "s3:PutObject"], "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
            "Condition": condition});
        delivery(&document(grant), &ACCOUNT_TRAIL).value
    };
    assert_eq!(with(json!({"StringEquals": {"aws:SourceAccount": MANAGEMENT}})), Some(true));
    assert_eq!(with(json!({"StringEquals": {"aws:SourceAccount": "999988887777"}})), Some(false));
    assert_eq!(with(json!({"StringEquals": {"aws:SourceOrgID": ORGANIZATION}})), Some(true));
    assert_eq!(with(json!({"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}})), Some(false));
}

#[test]
fn without_the_grant_on_the_acl_nothing_is_delivered() {
    let policy = document(json!([write("AWSLogs/111122223333/*")]));
    assert_eq!(delivery(&policy, &ACCOUNT_TRAIL).value, Some(false));
}

#[test]
fn a_deny_of_everything_but_kms_stops_a_trail_without_key() {
    let kms_only = deny(json!({"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}));
    let answer = answer(&ACCOUNT_TRAIL, kms_only);
    assert_eq!(answer.value, Some(false));
    assert!(
        answer.notes[0].starts_with("log files with AES256: denied to CloudTrail by statement 3"),
        "{:?}",
        answer.notes
    );
}

#[test]
fn a_deny_of_everything_but_kms_leaves_digest_files_of_a_trail_with_key_open() {
    let trail = Delivery { key: Some(KEY), ..ACCOUNT_TRAIL };
    let kms_only = || deny(json!({"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}));
    let both = deny(json!({"StringNotEquals": {"s3:x-amz-server-side-encryption": ["aws:kms", "AES256"]}}));
    assert_eq!(answer(&trail, kms_only()).value, None);
    assert_eq!(answer(&trail, both).value, Some(true));
    assert_eq!(answer(&Delivery { validates: false, ..trail }, kms_only()).value, Some(true));
}

#[test]
fn a_deny_for_callers_outside_the_organization_stops_cloudtrail_unless_it_spares_services() {
    let outside = json!({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}});
    assert_eq!(answer(&ACCOUNT_TRAIL, deny(outside)).value, Some(false));
    let spared = json!({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}});
    assert_eq!(answer(&ACCOUNT_TRAIL, deny(spared)).value, Some(true));
}

#[test]
fn a_deny_that_spares_one_role_only_stops_cloudtrail() {
    let one_role = json!({"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/Writer"}});
    assert_eq!(answer(&ACCOUNT_TRAIL, deny(one_role)).value, Some(false));
}

#[test]
fn a_deny_outside_a_network_leaves_open_whether_cloudtrail_comes_from_there() {
    let elsewhere = json!({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}});
    assert_eq!(answer(&ACCOUNT_TRAIL, deny(elsewhere)).value, None);
}

#[test]
fn a_deny_of_old_tls_does_not_concern_cloudtrail() {
    let old = json!({"NumericLessThan": {"s3:TlsVersion": "1.2"}});
    assert_eq!(answer(&ACCOUNT_TRAIL, deny(old)).value, Some(true));
}

#[test]
fn a_grant_to_the_former_accounts_of_cloudtrail_leaves_the_answer_open() {
    let policy = document(
        json!([{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::903692715234:root", "arn:aws:iam::086441151436:root"]},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"], "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]}]),
    );
    let answer = delivery(&policy, &ACCOUNT_TRAIL);
    assert_eq!(answer.value, None);
    assert!(answer.notes.iter().any(|note| note.contains("formerly")));
}

#[test]
fn a_grant_with_a_condition_that_is_not_understood_is_no_pass() {
    let mut strange = write("AWSLogs/111122223333/*");
    strange["Condition"]["StringAlmost"] = json!({"a": "b"});
    assert_eq!(delivery(&document(json!([acl_check(), strange])), &ACCOUNT_TRAIL).value, None);
}

#[test]
fn other_partitions_have_their_own_arns() {
    let trail = Delivery { trail: "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/t", ..ACCOUNT_TRAIL };
    let grant = json!({"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"], "Resource": ["arn:aws-cn:s3:::logs", "arn:aws-cn:s3:::logs/*"]});
    assert_eq!(delivery(&document(grant.clone()), &trail).value, Some(true));
    assert_eq!(delivery(&document(grant), &ACCOUNT_TRAIL).value, Some(false));
}
