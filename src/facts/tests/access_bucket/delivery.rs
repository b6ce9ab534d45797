//! Whether the policy of its bucket lets a trail deliver.

use serde_json::{Value, json};

use super::super::world::denied;
use super::super::world::{MEMBER, World, local, multi_region, of_organization};
use super::{TRAIL, policy, recommended, tls, value, world};
use crate::facts::TrailDeliveryFacts;
use crate::inventory::Trail;

fn facts(trail: Trail, statements: &[Value]) -> TrailDeliveryFacts {
    let name = trail.name.clone();
    world(trail, |bucket| bucket.policy = policy(&json!(statements))).trail(&name).delivery
}

/// The documented policy with more statements.
fn with(more: &[Value]) -> TrailDeliveryFacts {
    facts(of_organization("org"), &[recommended(), more.to_vec()].concat())
}

#[test]
fn the_documented_policy_with_tls_lets_the_trail_deliver() {
    let facts = with(&[tls()]);
    assert_eq!(value(&facts.bucket_lets_it_deliver), Some(true));
    assert_eq!(facts.delivery_obstacles, "");
}

#[test]
fn a_bucket_without_a_policy_is_closed_to_trails_and_one_that_was_not_read_may_be_open() {
    let trail = |change: fn(&mut crate::inventory::Bucket)| {
        world(of_organization("org"), change).trail("org").delivery
    };
    let none = trail(|_| ());
    assert_eq!(value(&none.bucket_lets_it_deliver), Some(false));
    assert_eq!(none.delivery_obstacles, "the bucket has no policy");
    let unread = trail(|bucket| bucket.policy = denied());
    assert_eq!((value(&unread.bucket_exists), value(&unread.bucket_lets_it_deliver)), (Some(true), None));
    let mut world = world(of_organization("org"), |_| ());
    world.0.buckets.clear();
    let never_asked = world.trail("org").delivery;
    assert_eq!((value(&never_asked.bucket_exists), value(&never_asked.bucket_lets_it_deliver)), (None, None));
}

#[test]
fn without_the_path_of_the_organization_its_trail_cannot_deliver() {
    let facts = facts(of_organization("org"), &recommended()[..2]);
    assert_eq!(value(&facts.bucket_lets_it_deliver), Some(false));
    let words = "no statement lets CloudTrail take s3:PutObject on arn:aws:s3:::logs/AWSLogs/o-example/";
    assert!(facts.delivery_obstacles.starts_with(words), "{}", facts.delivery_obstacles);
}

#[test]
fn the_path_must_have_the_prefix_of_the_trail() {
    let trail = Trail { prefix: Some("central".to_owned()), ..of_organization("org") };
    assert_eq!(value(&facts(trail, &recommended()).bucket_lets_it_deliver), Some(false));
}

#[test]
fn each_trail_is_told_whether_it_may_deliver() {
    let world = World::organization()
        .with(of_organization("org"))
        .with(Trail { owner: MEMBER.to_owned(), ..multi_region("own") })
        .change_bucket(|bucket| bucket.policy = policy(&json!(recommended())));
    assert_eq!(value(&world.trail("org").delivery.bucket_lets_it_deliver), Some(true));
    let own = world.trail("own").delivery;
    assert_eq!(value(&own.bucket_lets_it_deliver), Some(false));
    assert!(own.delivery_obstacles.starts_with("no statement lets CloudTrail"), "{}", own.delivery_obstacles);
}

/// One region that cannot be read may hide a trail that is kept from delivering, which says nothing about this one.
#[test]
fn a_trail_that_was_not_seen_leaves_the_delivery_of_others_alone() {
    let world = world(of_organization("org"), |bucket| bucket.policy = policy(&json!(recommended())));
    let facts = world.deny(MEMBER, "eu-west-1").trail("org").delivery;
    assert_eq!(value(&facts.bucket_lets_it_deliver), Some(true));
}

#[test]
fn a_deny_of_everything_but_kms_stops_a_trail_without_a_key() {
    let deny = json!({"Sid": "OnlyKms", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}});
    let without = with(std::slice::from_ref(&deny));
    assert_eq!(value(&without.bucket_lets_it_deliver), Some(false));
    assert!(without.delivery_obstacles.contains("(OnlyKms)"), "{}", without.delivery_obstacles);
    let key = Some("arn:aws:kms:us-east-1:111111111111:key/1".to_owned());
    let trail = Trail { kms_key: key, ..of_organization("org") };
    let statements = [recommended(), vec![deny]].concat();
    assert_eq!(
        value(&facts(trail.clone(), &statements).bucket_lets_it_deliver),
        None,
        "digest files are documented both ways"
    );
    let trail = Trail { validates_log_files: false, ..trail };
    assert_eq!(value(&facts(trail, &statements).bucket_lets_it_deliver), Some(true));
}

#[test]
fn a_deny_for_callers_outside_the_organization_stops_cloudtrail_too() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-example"}}});
    assert_eq!(value(&with(&[deny]).bucket_lets_it_deliver), Some(false));
}

#[test]
fn a_grant_for_the_organization_serves_the_trails_of_its_members() {
    let grant = json!({"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"], "Condition": {"StringEquals": {"aws:SourceOrgID": "o-example"}}});
    let of_member = Trail { owner: MEMBER.to_owned(), ..local("own", "eu-west-1") };
    assert_eq!(value(&facts(of_member, std::slice::from_ref(&grant)).bucket_lets_it_deliver), Some(true));
    let alone = World::alone()
        .with(multi_region("audit"))
        .change_bucket(|bucket| bucket.policy = policy(&json!([grant])));
    assert_eq!(
        value(&alone.trail("audit").delivery.bucket_lets_it_deliver),
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
    assert_eq!(value(&world.trail("org").delivery.bucket_lets_it_deliver), None);
}
