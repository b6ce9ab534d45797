//! Weakening or emptying a log bucket, disabling a log key.

use serde_json::{Value, json};

use super::super::world::{MANAGEMENT, MEMBER, OTHER, World, denied, known, multi_region, of_organization};
use super::{
    EVERYWHERE, ROOT, SANDBOX, WORKLOADS, change, deny, details, document, full_access, policy, world,
};
use crate::inventory::{AccountStatus, Key, OrganizationPolicy, Trail};

const KEY: &str = "arn:aws:kms:us-east-1:222222222222:key/1";

/// The organization's trail delivers to a bucket of [`MEMBER`].
fn archive(policies: Vec<OrganizationPolicy>) -> World {
    world(policies)
        .with(of_organization("org"))
        .change_bucket(|bucket| bucket.owner = known(Some(MEMBER.to_owned())))
}

fn with_key(mut world: World) -> World {
    for trail in world.0.trails.values_mut() {
        trail.kms_key = Some(KEY.to_owned());
    }
    let key = Key {
        id: KEY.to_owned(),
        owner: MEMBER.to_owned(),
        metadata: known(None),
        policy: known(document(&json!([]))),
        rotates: known(None),
    };
    world.0.keys.insert(KEY.to_owned(), key);
    world
}

/// Besides full access everywhere.
fn with_resource_policies(world: World, policies: Vec<OrganizationPolicy>) -> World {
    let all = std::iter::once(full_access(&EVERYWHERE)).chain(policies).collect();
    change(world, |organization| organization.resource_control_policies = known(all))
}

fn protects(world: &World, account: &str) -> Option<bool> {
    world.account(account).denies_log_store_changes.value().copied()
}

fn owns(world: &World, account: &str) -> Option<bool> {
    world.account(account).owns_log_store.value().copied()
}

fn in_bucket(actions: &[&str]) -> Value {
    json!([{ "Effect": "Deny", "Principal": "*", "Action": actions, "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
        "Condition": { "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } } }])
}

#[test]
fn an_account_without_a_log_bucket_or_key_has_nothing_to_protect() {
    let world = archive(vec![]);
    assert_eq!(
        [MANAGEMENT, MEMBER, OTHER].map(|account| owns(&world, account)),
        [false, true, false].map(Some)
    );
    assert_eq!(
        [MANAGEMENT, MEMBER, OTHER].map(|account| protects(&world, account)),
        [true, false, true].map(Some)
    );
    assert_eq!(world.account(OTHER).undenied_log_store_actions, "");
}

#[test]
fn a_key_that_encrypts_log_files_is_a_log_store() {
    let world = with_key(world(vec![]).with(of_organization("org")));
    assert_eq!(
        [MANAGEMENT, MEMBER, OTHER].map(|account| owns(&world, account)),
        [true, true, false].map(Some)
    );
    let guarded = policy("Guard", &deny(&["kms:*"]), &[WORKLOADS]);
    let world = with_key(super::world(vec![guarded]).with(of_organization("org")));
    assert_eq!(protects(&world, MEMBER), Some(true));
}

#[test]
fn service_control_policies_of_the_owner_protect_its_bucket() {
    let all = |target| archive(vec![policy("Guard", &deny(&["s3:*"]), &[target])]);
    assert_eq!(
        [ROOT, WORKLOADS, SANDBOX].map(|target| protects(&all(target), MEMBER)),
        [true, true, false].map(Some)
    );
    let but = json!([{ "Effect": "Deny", "NotAction": ["s3:PutLifecycleConfiguration", "s3:DeleteObject"], "Resource": "*" }]);
    let world = archive(vec![policy("Guard", &but, &[ROOT])]);
    assert_eq!(protects(&world, MEMBER), Some(false));
    assert_eq!(
        world.account(MEMBER).undenied_log_store_actions,
        "PutLifecycleConfiguration, DeleteObject on the bucket logs"
    );
}

#[test]
fn a_deny_for_the_files_of_the_trail_is_enough_and_one_for_others_is_not() {
    let objects = |path: &str| {
        let deny = json!([
            { "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::logs" },
            { "Effect": "Deny", "Action": "s3:*", "Resource": format!("arn:aws:s3:::logs/{path}") },
        ]);
        let mut world = archive(vec![policy("Guard", &deny, &[ROOT])]);
        world.0.trails.values_mut().for_each(|trail| trail.prefix = Some("org".to_owned()));
        protects(&world, MEMBER)
    };
    assert_eq!(
        ["*", "org/*", "org/AWSLogs/*", "AWSLogs/*", "org/AWSLogs/o-*"].map(objects),
        [true, true, true, false, false].map(Some)
    );
}

#[test]
fn resource_control_policies_protect_the_bucket_of_a_member_and_of_nobody_else() {
    let guard = || vec![policy("Resources", &in_bucket(&["s3:*"]), &[ROOT])];
    assert_eq!(protects(&with_resource_policies(archive(vec![]), guard()), MEMBER), Some(true));
    let of_management = world(vec![]).with(of_organization("org"));
    assert_eq!(protects(&with_resource_policies(of_management, guard()), MANAGEMENT), Some(false));
    let elsewhere = vec![policy("Resources", &in_bucket(&["s3:*"]), &[SANDBOX])];
    assert_eq!(protects(&with_resource_policies(archive(vec![]), elsewhere), MEMBER), Some(false));
    let unread = change(archive(vec![]), |organization| organization.resource_control_policies = denied());
    assert_eq!(protects(&unread, MEMBER), None);
    assert_eq!(super::denies(&unread, MEMBER), Some(false), "trails know no resource control policies");
}

#[test]
fn both_kinds_of_policies_and_the_one_of_the_bucket_add_up() {
    let bucket =
        policy("Bucket", &deny(&["s3:PutB*", "s3:PutE*", "s3:PutL*", "s3:PutRep*", "s3:DeleteB*"]), &[ROOT]);
    let objects = policy("Objects", &in_bucket(&["s3:*Object*", "s3:Replicate*"]), &[ROOT]);
    let kept = |world: World| {
        let retention = in_bucket(&["s3:BypassGovernanceRetention"]);
        world.change_bucket(|bucket| bucket.policy = known(Some(document(&retention))))
    };
    let protected = kept(with_resource_policies(archive(vec![bucket.clone()]), vec![objects.clone()]));
    assert_eq!(protected.account(MEMBER).undenied_log_store_actions, "");
    assert_eq!(protects(&protected, MEMBER), Some(true));
    assert_eq!(
        protects(&with_resource_policies(archive(vec![bucket.clone()]), vec![objects]), MEMBER),
        Some(false)
    );
    assert_eq!(protects(&kept(archive(vec![bucket])), MEMBER), Some(false));
}

#[test]
fn the_policy_of_the_bucket_does_not_protect_itself_from_its_owner() {
    let world =
        archive(vec![]).change_bucket(|bucket| bucket.policy = known(Some(document(&in_bucket(&["s3:*"])))));
    assert_eq!(
        world.account(MEMBER).undenied_log_store_actions,
        "PutBucketPolicy, DeleteBucketPolicy on the bucket logs"
    );
}

#[test]
fn a_bucket_policy_that_was_not_read_matters_where_no_control_policy_decides() {
    let but_objects = || {
        let deny = json!([{ "Effect": "Deny", "NotAction": "s3:DeleteObject", "Resource": "*" }]);
        archive(vec![policy("Guard", &deny, &[ROOT])])
    };
    let unread = |world: World| world.change_bucket(|bucket| bucket.policy = denied());
    assert_eq!(protects(&but_objects(), MEMBER), Some(false));
    assert_eq!(protects(&unread(but_objects()), MEMBER), None);
    assert_eq!(protects(&unread(archive(vec![])), MEMBER), Some(false), "its policy could be replaced");
    assert_eq!(
        protects(&unread(archive(vec![policy("Guard", &deny(&["s3:*"]), &[ROOT])])), MEMBER),
        Some(true)
    );
    let broken = but_objects().change_bucket(|bucket| bucket.policy = known(Some("[]".to_owned())));
    assert!(details(&broken.account(MEMBER).denies_log_store_changes)[0].contains("it is no JSON object"));
}

#[test]
fn a_store_without_a_known_owner_may_be_anybodys() {
    let world = archive(vec![]).change_bucket(|bucket| bucket.owner = denied());
    assert_eq!(
        [MANAGEMENT, MEMBER].map(|account| (owns(&world, account), protects(&world, account))),
        [(None, None); 2]
    );
    let foreign = archive(vec![]).change_bucket(|bucket| bucket.owner = known(None));
    assert_eq!((owns(&foreign, MEMBER), protects(&foreign, MEMBER)), (Some(false), Some(true)));
    let mut unnamed = archive(vec![]);
    unnamed.0.trails.values_mut().for_each(|trail| trail.kms_key = Some("alias/logs".to_owned()));
    assert_eq!((owns(&unnamed, MEMBER), owns(&unnamed, OTHER)), (Some(true), None));
    assert_eq!(protects(&unnamed, MEMBER), Some(false));
}

#[test]
fn a_trail_that_was_not_seen_may_deliver_to_anybody() {
    let hidden = archive(vec![policy("Guard", &deny(&["s3:*"]), &[ROOT])]).deny(OTHER, "eu-west-1");
    assert_eq!([MEMBER, OTHER].map(|account| owns(&hidden, account)), [Some(true), None]);
    assert_eq!(protects(&hidden, MEMBER), None);
    assert_eq!(
        details(&hidden.account(OTHER).owns_log_store),
        ["cloudtrail:DescribeTrails in 333333333333 eu-west-1 was denied (AccessDenied)"]
    );
    let suspended = archive(vec![]).leave_out(OTHER, |account| account.status = AccountStatus::Suspended);
    assert_eq!(owns(&suspended, OTHER), Some(false), "nobody looks at it");
}

#[test]
fn exemptions_of_trail_and_store_policies_are_named_together_once() {
    let spare = |action: &str, role: &str| {
        json!([{ "Effect": "Deny", "Action": action, "Resource": "*",
            "Condition": { "ArnNotLike": { "aws:PrincipalArn": format!("arn:aws:iam::*:role/{role}") } } }])
    };
    let world = archive(vec![
        policy("Trails", &spare("cloudtrail:*", "Platform"), &[ROOT]),
        policy("Stores", &spare("s3:*", "Archivist"), &[WORKLOADS]),
    ]);
    assert_eq!(
        world.account(MEMBER).guardrail_exemptions,
        "arn:aws:iam::*:role/Platform, arn:aws:iam::*:role/Archivist"
    );
    assert_eq!(world.account(OTHER).guardrail_exemptions, "arn:aws:iam::*:role/Platform");
}

#[test]
fn each_account_answers_for_its_own_bucket() {
    let own = |owner: &str, bucket: &str| Trail {
        owner: owner.to_owned(),
        bucket: bucket.to_owned(),
        ..multi_region(bucket)
    };
    let deny = json!([{ "Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws:s3:::guarded", "arn:aws:s3:::guarded/*"] }]);
    let world =
        world(vec![policy("Guard", &deny, &[ROOT])]).with(own(MEMBER, "guarded")).with(own(OTHER, "open"));
    assert_eq!([MEMBER, OTHER].map(|account| protects(&world, account)), [Some(true), Some(false)]);
    assert!(world.account(OTHER).undenied_log_store_actions.ends_with(" on the bucket open"));
}
