//! Whether trails may deliver.

use serde_json::{Value, json};

use super::super::world::{MEMBER, World, local, multi_region, of_organization};
use super::{TRAIL, details, policy, recommended, value, with, world};
use crate::facts::LogBucketAccessFacts;
use crate::inventory::{GapReason, Trail};

fn facts(trail: Trail, statements: &[Value]) -> LogBucketAccessFacts {
    world(trail, |bucket| bucket.policy = policy(&json!(statements))).bucket().access
}

#[test]
fn without_the_path_of_the_organization_its_trail_cannot_deliver() {
    let facts = facts(of_organization("org"), &recommended()[..2]);
    assert_eq!(value(&facts.lets_trails_deliver), Some(false));
    let words = "org: no statement lets CloudTrail take s3:PutObject on arn:aws:s3:::logs/AWSLogs/o-example/";
    assert!(facts.delivery_obstacles.starts_with(words), "{}", facts.delivery_obstacles);
}

#[test]
fn the_path_must_have_the_prefix_of_the_trail() {
    let trail = Trail { prefix: Some("central".to_owned()), ..of_organization("org") };
    assert_eq!(value(&facts(trail, &recommended()).lets_trails_deliver), Some(false));
}

#[test]
fn every_trail_that_delivers_must_be_served() {
    let second = World::organization()
        .with(of_organization("org"))
        .with(Trail { owner: MEMBER.to_owned(), ..multi_region("own") })
        .change_bucket(|bucket| bucket.policy = policy(&json!(recommended())));
    let facts = second.bucket().access;
    assert_eq!(value(&facts.lets_trails_deliver), Some(false));
    assert!(facts.delivery_obstacles.starts_with("own: "), "{}", facts.delivery_obstacles);
}

#[test]
fn a_trail_that_was_not_seen_may_be_kept_from_delivering() {
    let world = world(of_organization("org"), |bucket| bucket.policy = policy(&json!(recommended())));
    let facts = world.deny(MEMBER, "eu-west-1").bucket().access;
    assert_eq!(details(&facts.lets_trails_deliver), [(GapReason::Denied, "AccessDenied")]);
}

#[test]
fn a_deny_of_everything_but_kms_stops_a_trail_without_a_key() {
    let deny = json!({"Sid": "OnlyKms", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}});
    let without = with(std::slice::from_ref(&deny));
    assert_eq!(value(&without.lets_trails_deliver), Some(false));
    assert!(without.delivery_obstacles.contains("(OnlyKms)"), "{}", without.delivery_obstacles);
    let key = Some("arn:aws:kms:us-east-1:111111111111:key/1".to_owned());
    let trail = Trail { kms_key: key, ..of_organization("org") };
    let statements = [recommended(), vec![deny]].concat();
    assert_eq!(
        value(&facts(trail.clone(), &statements).lets_trails_deliver),
        None,
        "digest files are documented both ways"
    );
    let trail = Trail { validates_log_files: false, ..trail };
    assert_eq!(value(&facts(trail, &statements).lets_trails_deliver), Some(true));
}

#[test]
fn a_deny_for_callers_outside_the_organization_stops_cloudtrail_too() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-example"}}});
    assert_eq!(value(&with(&[deny]).lets_trails_deliver), Some(false));
}

#[test]
fn a_grant_for_the_organization_serves_the_trails_of_its_members() {
    let grant = json!({"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"], "Condition": {"StringEquals": {"aws:SourceOrgID": "o-example"}}});
    let of_member = Trail { owner: MEMBER.to_owned(), ..local("own", "eu-west-1") };
    assert_eq!(value(&facts(of_member, std::slice::from_ref(&grant)).lets_trails_deliver), Some(true));
    let alone = World::alone()
        .with(multi_region("audit"))
        .change_bucket(|bucket| bucket.policy = policy(&json!([grant])));
    assert_eq!(
        value(&alone.bucket().access.lets_trails_deliver),
        None,
        "whose organization it is was not looked at"
    );
}

#[test]
fn an_organization_trail_whose_organization_was_not_looked_at_is_unknown() {
    let world = World::alone()
        .with(of_organization("org"))
        .change_bucket(|bucket| bucket.policy = policy(&json!(recommended())));
    assert!(world.0.trails.contains_key(TRAIL));
    assert_eq!(value(&world.bucket().access.lets_trails_deliver), None);
}
