//! Who may touch a log bucket: policies as AWS documents them, and as people get them wrong.

mod acl;
mod delivery;
mod public;

use serde_json::{Value, json};

use super::world::{MANAGEMENT, MEMBER, World, denied, known, multi_region, of_organization};
use crate::facts::{Fact, LogBucketAccessFacts};
use crate::inventory::{Bucket, GapReason, Observed, Trail};

const STRANGER: &str = "999988887777";
const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/org";

/// A policy with these statements.
fn policy(statements: &Value) -> Observed<Option<String>> {
    known(Some(json!({"Version": "2012-10-17", "Statement": statements}).to_string()))
}

/// The policy that AWS documents for an organization trail.
///
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html>
fn recommended() -> Vec<Value> {
    let write = |sid: &str, path: &str| {
        json!({"Sid": sid, "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
            "Resource": format!("arn:aws:s3:::logs/{path}"),
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": TRAIL}}})
    };
    vec![
        json!({"Sid": "AWSCloudTrailAclCheck20150319", "Effect": "Allow", "Principal": {"Service": ["cloudtrail.amazonaws.com"]},
            "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::logs", "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}}}),
        write("AWSCloudTrailWrite20150319", "AWSLogs/111111111111/*"),
        write("AWSCloudTrailOrganizationWrite20150319", "AWSLogs/o-example/*"),
    ]
}

/// Denies what is not encrypted in transit, as the security best practices of S3 do.
fn tls() -> Value {
    json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
}

fn allow(who: &str, action: &str, resource: &str) -> Value {
    let principal = if who == "*" { json!("*") } else { json!({ "AWS": who }) };
    json!({"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource})
}

fn world(trail: Trail, change: impl FnOnce(&mut Bucket)) -> World {
    World::organization().with(trail).change_bucket(change)
}

fn facts(change: impl FnOnce(&mut Bucket)) -> LogBucketAccessFacts {
    world(of_organization("org"), change).bucket().access
}

/// The documented policy with more statements.
fn with(more: &[Value]) -> LogBucketAccessFacts {
    let statements = [recommended(), more.to_vec()].concat();
    facts(|bucket| bucket.policy = policy(&json!(statements)))
}

fn value(fact: &Fact<bool>) -> Option<bool> {
    fact.value().copied()
}

fn details(fact: &Fact<bool>) -> Vec<(GapReason, &str)> {
    match fact {
        Fact::Unknown(gaps) => gaps.iter().map(|gap| (gap.reason, gap.detail.as_str())).collect(),
        Fact::Known { .. } => Vec::new(),
    }
}

#[test]
fn the_documented_policy_with_tls_passes_everything() {
    let facts = with(&[tls()]);
    let answers = [
        facts.is_public,
        facts.lets_others_write,
        facts.lets_others_change_it,
        !facts.pins_cloudtrail,
        !facts.requires_tls,
    ];
    for answer in answers {
        assert_eq!(answer.value(), Some(&false));
    }
    let words = [facts.writers, facts.changers, facts.unpinned_grants];
    assert_eq!(words, [""; 3]);
}

#[test]
fn a_bucket_without_a_policy_is_closed_to_others() {
    let facts = facts(|_| ());
    assert_eq!(value(&facts.lets_others_write), Some(false));
    assert_eq!(value(&facts.lets_others_change_it), Some(false));
    assert_eq!(value(&facts.pins_cloudtrail), Some(true), "nothing is granted");
    assert_eq!(value(&facts.requires_tls), Some(false));
}

#[test]
fn accounts_in_and_outside_of_the_organization_who_may_write_are_others() {
    for who in [MEMBER, STRANGER] {
        let facts = with(&[allow(who, "s3:PutObject", "arn:aws:s3:::logs/*")]);
        assert_eq!(value(&facts.lets_others_write), Some(true));
        assert_eq!(facts.writers, format!("account {who} may take s3:PutObject by statement 4"));
        assert_eq!(value(&facts.lets_others_change_it), Some(false));
    }
    let own = with(&[allow(MANAGEMENT, "s3:*", "arn:aws:s3:::logs/*")]);
    assert_eq!(value(&own.lets_others_write), Some(false), "the owner's account");
}

#[test]
fn whoever_may_write_elsewhere_in_the_bucket_does_not_touch_log_files() {
    let elsewhere = |resource: &str| value(&with(&[allow(MEMBER, "s3:*", resource)]).lets_others_write);
    assert_eq!(elsewhere("arn:aws:s3:::logs/reports/*"), Some(false));
    assert_eq!(elsewhere("arn:aws:s3:::logs/AWSLogs/111111111111/Config/*"), Some(false));
    assert_eq!(elsewhere("arn:aws:s3:::logs/AWSLogs/222222222222/CloudTrail/*"), Some(true));
    assert_eq!(elsewhere("arn:aws:s3:::logs/AWSLogs/o-example/222222222222/CloudTrail-Digest/*"), Some(true));
}

#[test]
fn the_prefix_of_a_trail_is_where_its_files_are() {
    let trail = Trail { prefix: Some("central".to_owned()), ..of_organization("org") };
    let lets = |resource: &str| {
        let statement = json!([allow(MEMBER, "s3:DeleteObject", resource)]);
        let world = world(trail.clone(), |bucket| bucket.policy = policy(&statement));
        value(&world.bucket().access.lets_others_write)
    };
    assert_eq!(lets("arn:aws:s3:::logs/central/*"), Some(true));
    assert_eq!(lets("arn:aws:s3:::logs/AWSLogs/*"), Some(false));
}

#[test]
fn a_trail_that_was_not_seen_may_have_a_prefix_that_others_write_to() {
    let lets = |resource: &str| {
        let statement = json!([allow(MEMBER, "s3:DeleteObject", resource)]);
        let world = world(of_organization("org"), |bucket| bucket.policy = policy(&statement));
        value(&world.deny(MEMBER, "eu-west-1").bucket().access.lets_others_write)
    };
    assert_eq!(lets("arn:aws:s3:::logs/central/*"), None);
    assert_eq!(lets("arn:aws:s3:::logs"), Some(false), "under no prefix");
    assert_eq!(lets("arn:aws:s3:::logs/*"), Some(true));
}

#[test]
fn a_deny_that_neutralises_a_grant_leaves_nobody() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": ["s3:Delete*", "s3:Put*"], "Resource": "arn:aws:s3:::logs/*",
        "Condition": {"StringNotEquals": {"aws:PrincipalAccount": MANAGEMENT}}});
    let granted = allow(STRANGER, "s3:DeleteObject", "arn:aws:s3:::logs/*");
    assert_eq!(value(&with(std::slice::from_ref(&granted)).lets_others_write), Some(true));
    assert_eq!(value(&with(&[granted, deny]).lets_others_write), Some(false));
}

#[test]
fn services_that_deliver_under_their_own_names_are_no_writers_and_others_are() {
    let service = |name: &str, action: &str| {
        let statement = json!({"Effect": "Allow", "Principal": {"Service": name}, "Action": action, "Resource": "arn:aws:s3:::logs/AWSLogs/*"});
        value(&with(&[statement]).lets_others_write)
    };
    assert_eq!(service("config.amazonaws.com", "s3:PutObject"), Some(false));
    assert_eq!(service("logging.s3.amazonaws.com", "s3:PutObject"), Some(false));
    assert_eq!(service("config.amazonaws.com", "s3:*"), Some(true));
    // Whoever uses the distribution names the object.
    assert_eq!(service("cloudfront.amazonaws.com", "s3:PutObject"), Some(true));
}

#[test]
fn whoever_may_change_the_bucket_is_named_with_his_actions() {
    let facts = with(&[allow("arn:aws:iam::222222222222:role/deploy", "s3:Put*", "arn:aws:s3:::logs")]);
    assert_eq!(value(&facts.lets_others_change_it), Some(true));
    let words = "arn:aws:iam::222222222222:role/deploy may take s3:PutBucketPolicy, s3:PutBucketAcl, \
                 s3:PutBucketPublicAccessBlock and 8 more by statement 4";
    assert_eq!(facts.changers, words);
    assert_eq!(value(&facts.lets_others_write), Some(false));
}

/// Powerpipe alarms at every `*`, whatever the condition.
#[test]
fn a_star_pinned_to_the_owners_account_lets_nobody_else_write() {
    let mut statement = allow("*", "s3:*", "arn:aws:s3:::logs/*");
    statement["Condition"] = json!({"StringEquals": {"aws:PrincipalAccount": MANAGEMENT}});
    assert_eq!(value(&with(&[statement.clone()]).lets_others_write), Some(false));
    statement["Condition"] = json!({"StringEquals": {"aws:PrincipalOrgID": "o-example"}});
    assert_eq!(
        value(&with(&[statement]).lets_others_write),
        Some(true),
        "other accounts of the organization"
    );
}

#[test]
fn what_is_left_to_access_points_is_unknown() {
    let mut statement = allow("*", "*", "arn:aws:s3:::logs/*");
    statement["Condition"] = json!({"StringEquals": {"s3:DataAccessPointAccount": MANAGEMENT}});
    let facts = with(&[statement]);
    assert_eq!(value(&facts.lets_others_write), None);
    assert_eq!(facts.writers, "(unknown)");
}

#[test]
fn files_of_a_trail_of_another_organization_are_log_files_too() {
    let foreign = Trail { owner: MEMBER.to_owned(), ..of_organization("foreign") };
    let statement =
        json!([allow(STRANGER, "s3:DeleteObject", "arn:aws:s3:::logs/AWSLogs/o-anotherexample/*")]);
    let lets = |trail: Trail| {
        value(&world(trail, |bucket| bucket.policy = policy(&statement)).bucket().access.lets_others_write)
    };
    assert_eq!(lets(of_organization("org")), Some(false));
    assert_eq!(lets(foreign), Some(true));
}

/// Older pages of AWS show it so; no peer looks.
#[test]
fn a_grant_to_cloudtrail_that_names_no_source_is_unpinned() {
    let bare = json!({"Sid": "Old", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/AWSLogs/*", "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}});
    let facts = with(std::slice::from_ref(&bare));
    assert_eq!(value(&facts.pins_cloudtrail), Some(false));
    assert_eq!(facts.unpinned_grants, "statement 4 (Old) lets cloudtrail.amazonaws.com take s3:PutObject");
    assert_eq!(value(&facts.lets_others_write), Some(false));
    let mut pinned = bare;
    pinned["Condition"]["StringEquals"]["aws:SourceOrgID"] = json!("o-example");
    assert_eq!(value(&with(&[pinned.clone()]).pins_cloudtrail), Some(true));
    pinned["Condition"]["StringSoundsLike"] = json!({"aws:SourceAccount": MANAGEMENT});
    pinned["Condition"]["StringEquals"] = json!({});
    assert_eq!(value(&with(&[pinned]).pins_cloudtrail), None);
}

#[test]
fn tls_is_required_when_the_bucket_and_all_of_its_objects_are_covered() {
    let requires = |change: fn(&mut Value)| {
        let mut deny = tls();
        change(&mut deny);
        value(&with(&[deny]).requires_tls)
    };
    assert_eq!(requires(|_| ()), Some(true));
    assert_eq!(requires(|deny| deny["Principal"] = json!({"AWS": "*"})), Some(true));
    assert_eq!(
        requires(|deny| deny["Resource"] = json!("arn:aws:s3:::logs/*")),
        Some(false),
        "not the bucket"
    );
    assert_eq!(
        requires(|deny| deny["Resource"] = json!("arn:aws:s3:::logs")),
        Some(false),
        "not the objects"
    );
    assert_eq!(requires(|deny| deny["Action"] = json!(["s3:GetObject"])), Some(false));
    assert_eq!(requires(|deny| deny["Principal"] = json!({"AWS": MANAGEMENT})), Some(false));
    assert_eq!(requires(|deny| deny["Effect"] = json!("Allow")), Some(false));
    let old_tls = json!({"NumericLessThan": {"s3:TlsVersion": "1.2"}});
    let mut deny = tls();
    deny["Condition"] = old_tls;
    assert_eq!(value(&with(&[deny.clone()]).requires_tls), Some(false), "plain HTTP has no version of TLS");
    deny["Condition"] =
        json!({"Bool": {"aws:SecureTransport": "false"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}});
    assert_eq!(value(&with(&[deny]).requires_tls), None);
}

#[test]
fn a_policy_that_does_not_parse_is_quoted_and_leaves_everything_open() {
    let facts = facts(|bucket| bucket.policy = known(Some(r#"{"Statement": [], "Sttement": 1}"#.to_owned())));
    for fact in
        [&facts.lets_others_write, &facts.lets_others_change_it, &facts.pins_cloudtrail, &facts.requires_tls]
    {
        let detail = "the policy was not understood: it has an unknown element \"Sttement\"";
        assert_eq!(details(fact), [(GapReason::Unreadable, detail)]);
    }
    assert_eq!(facts.writers, "(unknown)");
}

#[test]
fn a_part_that_is_not_understood_leaves_open_what_it_may_decide_and_is_quoted() {
    let mut statement = allow(STRANGER, "s3:PutObject", "arn:aws:s3:::logs/*");
    statement["Condition"] = json!({"StringAlmost": {"aws:x": "y"}});
    let facts = with(&[statement]);
    assert_eq!(value(&facts.lets_others_write), None);
    assert_eq!(value(&facts.lets_others_change_it), Some(false));
    let [(GapReason::Unreadable, detail)] = details(&facts.lets_others_write)[..] else { panic!() };
    assert!(detail.contains("the condition \"StringAlmost\" of \"aws:x\" was not understood"), "{detail}");
}

#[test]
fn words_stay_short_however_many_may_write() {
    let many: Vec<Value> =
        (0..40).map(|at| allow(&format!("{:012}", 500 + at), "s3:*", "arn:aws:s3:::logs/*")).collect();
    let words = with(&many).writers;
    assert!(words.ends_with("; and 35 more"), "{words}");
    assert!(words.len() < 2000);
}

/// A bucket in an account that cannot be read: Prowler took it for a failure, steampipe left it out.
#[test]
fn a_bucket_of_another_account_that_could_not_be_read_is_unknown() {
    let facts = facts(|bucket| {
        bucket.owner = denied();
        bucket.policy = denied();
        bucket.acl = denied();
        bucket.policy_is_public = denied();
    });
    for fact in
        [&facts.is_public, &facts.lets_others_write, &facts.lets_others_change_it, &facts.pins_cloudtrail]
    {
        assert_eq!(value(fact), None);
    }
    assert_eq!(value(&facts.requires_tls), None);
}

#[test]
fn each_observation_that_is_missing_leaves_open_what_it_would_tell() {
    let lets = |change: fn(&mut Bucket)| {
        let facts = facts(|bucket| {
            bucket.policy =
                policy(&json!([allow(STRANGER, "s3:*", "*"), allow("*", "s3:*", "arn:aws:s3:::logs/*")]));
            bucket.policy_is_public = known(true);
            change(bucket);
        });
        value(&facts.lets_others_write)
    };
    assert_eq!(lets(|_| ()), Some(true));
    assert_eq!(lets(|bucket| bucket.owner = denied()), None);
    assert_eq!(lets(|bucket| bucket.owner = known(None)), None);
    assert_eq!(lets(|bucket| bucket.policy = denied()), None);
    assert_eq!(lets(|bucket| bucket.public_access_block = denied()), None);
    assert_eq!(lets(|bucket| bucket.account_public_access_block = denied()), None);
    assert_eq!(lets(|bucket| bucket.acl = denied()), Some(true), "the policy decides");
    assert_eq!(lets(|bucket| bucket.policy_is_public = denied()), Some(true), "the policy shows it");
}

#[test]
fn without_an_organization_a_second_account_is_a_stranger() {
    let statements = json!([allow(MEMBER, "s3:DeleteObject", "arn:aws:s3:::logs/*")]);
    let world = World::alone()
        .with(multi_region("audit"))
        .change_bucket(|bucket| bucket.policy = policy(&statements));
    assert_eq!(value(&world.bucket().access.lets_others_write), Some(true));
}
