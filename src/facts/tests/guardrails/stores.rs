//! Weakening or emptying a log bucket, disabling a log key.

use serde_json::{Value, json};

use super::super::world::{MANAGEMENT, MEMBER, OTHER, World, denied, known, multi_region, of_organization};
use super::{
    EVERYWHERE, ROOT, SANDBOX, WORKLOADS, change, deny, details, document, full_access, policy, world,
};
use crate::facts::{LogBucketFacts, LogBucketGuardFacts, LogKeyGuardFacts};
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

fn bucket(world: &World) -> LogBucketGuardFacts {
    world.bucket().guard
}

fn protects(world: &World) -> Option<bool> {
    bucket(world).denies_changes.value().copied()
}

fn key(world: &World) -> LogKeyGuardFacts {
    world.facts().log_keys.remove(0).guard
}

fn in_bucket(actions: &[&str]) -> Value {
    json!([{ "Effect": "Deny", "Principal": "*", "Action": actions, "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
        "Condition": { "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } } }])
}

#[test]
fn without_a_policy_nothing_guards_a_bucket_or_a_key() {
    let world = with_key(archive(vec![]));
    assert_eq!(protects(&world), Some(false));
    assert!(bucket(&world).undenied_actions.starts_with("PutBucketPolicy, DeleteBucketPolicy, "));
    assert_eq!(key(&world).denies_changes.value(), Some(&false));
    assert!(key(&world).undenied_actions.starts_with("PutKeyPolicy, ScheduleKeyDeletion, DisableKey, "));
}

#[test]
fn control_policies_of_its_owner_guard_a_key() {
    let guarded = |target| {
        let guard = policy("Guard", &deny(&["kms:*"]), &[target]);
        key(&with_key(super::world(vec![guard]).with(of_organization("org")))).denies_changes.value().copied()
    };
    assert_eq!([WORKLOADS, SANDBOX].map(guarded), [true, false].map(Some));
}

#[test]
fn the_policy_of_a_key_binds_everybody_also_in_the_management_account() {
    let own = json!([{ "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*",
        "Condition": { "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/KeyAdmin" } } }]);
    let of_management = KEY.replace(MEMBER, MANAGEMENT);
    let world = |own_policy: String| {
        let trail = Trail { kms_key: Some(of_management.clone()), ..of_organization("org") };
        let mut world = world(vec![policy("Guard", &deny(&["kms:*"]), &[ROOT])]).with(trail);
        let key = Key {
            id: of_management.clone(),
            owner: MANAGEMENT.to_owned(),
            metadata: known(None),
            policy: known(own_policy),
            rotates: known(None),
        };
        world.0.keys.insert(of_management.clone(), key);
        self::key(&world)
    };
    let guarded = world(document(&own));
    assert_eq!(guarded.denies_changes.value(), Some(&true));
    assert_eq!(guarded.guardrail_exemptions, "arn:aws:iam::*:role/KeyAdmin");
    assert_eq!(
        world(document(&json!([]))).denies_changes.value(),
        Some(&false),
        "the control policy does not bind"
    );
}

#[test]
fn service_control_policies_of_the_owner_protect_its_bucket() {
    let all = |target| archive(vec![policy("Guard", &deny(&["s3:*"]), &[target])]);
    assert_eq!(
        [ROOT, WORKLOADS, SANDBOX].map(|target| protects(&all(target))),
        [true, true, false].map(Some)
    );
    let but = json!([{ "Effect": "Deny", "NotAction": ["s3:PutLifecycleConfiguration", "s3:DeleteObject"], "Resource": "*" }]);
    let world = archive(vec![policy("Guard", &but, &[ROOT])]);
    assert_eq!(protects(&world), Some(false));
    assert_eq!(bucket(&world).undenied_actions, "PutLifecycleConfiguration, DeleteObject");
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
        protects(&world)
    };
    assert_eq!(
        ["*", "org/*", "org/AWSLogs/*", "AWSLogs/*", "org/AWSLogs/o-*"].map(objects),
        [true, true, true, false, false].map(Some)
    );
}

#[test]
fn resource_control_policies_protect_the_bucket_of_a_member_and_of_nobody_else() {
    let guard = || vec![policy("Resources", &in_bucket(&["s3:*"]), &[ROOT])];
    assert_eq!(protects(&with_resource_policies(archive(vec![]), guard())), Some(true));
    let of_management = world(vec![]).with(of_organization("org"));
    assert_eq!(protects(&with_resource_policies(of_management, guard())), Some(false));
    let elsewhere = vec![policy("Resources", &in_bucket(&["s3:*"]), &[SANDBOX])];
    assert_eq!(protects(&with_resource_policies(archive(vec![]), elsewhere)), Some(false));
    let unread = change(archive(vec![]), |organization| organization.resource_control_policies = denied());
    assert_eq!(protects(&unread), None);
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
    assert_eq!(super::stores::bucket(&protected).undenied_actions, "");
    assert_eq!(protects(&protected), Some(true));
    assert_eq!(protects(&with_resource_policies(archive(vec![bucket.clone()]), vec![objects])), Some(false));
    assert_eq!(protects(&kept(archive(vec![bucket]))), Some(false));
}

#[test]
fn the_policy_of_the_bucket_does_not_protect_itself_from_its_owner() {
    let world =
        archive(vec![]).change_bucket(|bucket| bucket.policy = known(Some(document(&in_bucket(&["s3:*"])))));
    assert_eq!(bucket(&world).undenied_actions, "PutBucketPolicy, DeleteBucketPolicy");
}

#[test]
fn a_bucket_policy_that_was_not_read_matters_where_no_control_policy_decides() {
    let but_objects = || {
        let deny = json!([{ "Effect": "Deny", "NotAction": "s3:DeleteObject", "Resource": "*" }]);
        archive(vec![policy("Guard", &deny, &[ROOT])])
    };
    let unread = |world: World| world.change_bucket(|bucket| bucket.policy = denied());
    assert_eq!(protects(&but_objects()), Some(false));
    assert_eq!(protects(&unread(but_objects())), None);
    assert_eq!(protects(&unread(archive(vec![]))), Some(false), "its policy could be replaced");
    assert_eq!(protects(&unread(archive(vec![policy("Guard", &deny(&["s3:*"]), &[ROOT])]))), Some(true));
    let broken = but_objects().change_bucket(|bucket| bucket.policy = known(Some("[]".to_owned())));
    assert!(details(&bucket(&broken).denies_changes)[0].contains("it is no JSON object"));
}

#[test]
fn what_guards_a_bucket_is_unknown_while_its_owner_is() {
    let guarded = || archive(vec![policy("Guard", &deny(&["s3:*"]), &[ROOT])]);
    let unread = guarded().change_bucket(|bucket| bucket.owner = denied());
    assert_eq!(
        details(&bucket(&unread).denies_changes),
        ["test:Denied in 111111111111 was denied (AccessDenied)"]
    );
    for stranger in [None, Some("999988887777".to_owned())] {
        let foreign = guarded().change_bucket(|bucket| bucket.owner = known(stranger));
        assert_eq!(protects(&foreign), None, "whose policies nobody read");
    }
    let mut unnamed = guarded();
    unnamed.0.trails.values_mut().for_each(|trail| trail.kms_key = Some("alias/logs".to_owned()));
    assert_eq!(protects(&unnamed), Some(true), "whatever the key is");
    assert_eq!(key(&unnamed).denies_changes.value(), None);
}

/// One region that cannot be read says nothing about the bucket and the key of a trail that was seen.
#[test]
fn a_trail_that_was_not_seen_leaves_bucket_and_key_of_others_alone() {
    let guard = || vec![policy("Guard", &deny(&["s3:*", "kms:*"]), &[ROOT])];
    for policies in [guard(), Vec::new()] {
        let is_guarded = !policies.is_empty();
        let hidden = with_key(archive(policies)).deny(OTHER, "eu-west-1");
        assert_eq!(protects(&hidden), Some(is_guarded));
        assert_eq!(key(&hidden).denies_changes.value(), Some(&is_guarded));
    }
}

#[test]
fn a_trail_that_was_not_seen_may_deliver_to_the_same_bucket_with_a_prefix_that_nothing_guards() {
    let only = |paths: &[&str]| {
        let mut deny = vec![json!({ "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::logs" })];
        deny.extend(paths.iter().map(
            |path| json!({ "Effect": "Deny", "Action": "s3:*", "Resource": format!("arn:aws:s3:::logs/{path}") }),
        ));
        archive(vec![policy("Guard", &json!(deny), &[ROOT])])
    };
    assert_eq!(protects(&only(&["AWSLogs/*"])), Some(true));
    let hidden = only(&["AWSLogs/*"]).deny(OTHER, "eu-west-1");
    assert_eq!(
        details(&bucket(&hidden).denies_changes),
        ["cloudtrail:DescribeTrails in 333333333333 eu-west-1 was denied (AccessDenied)"]
    );
    assert_eq!(protects(&only(&["AWSLogs/*", "*/AWSLogs/*"]).deny(OTHER, "eu-west-1")), Some(true));
    assert_eq!(protects(&only(&["*"]).deny(OTHER, "eu-west-1")), Some(true));
    assert_eq!(protects(&only(&["others/*"]).deny(OTHER, "eu-west-1")), Some(false), "this trail's are open");
    let suspended =
        only(&["AWSLogs/*"]).leave_out(OTHER, |account| account.status = AccountStatus::Suspended);
    assert_eq!(protects(&suspended), Some(true), "nobody looks at it");
}

#[test]
fn each_subject_names_the_exemptions_of_its_own_policies() {
    let spare = |action: &str, role: &str| {
        json!([{ "Effect": "Deny", "Action": action, "Resource": "*",
            "Condition": { "ArnNotLike": { "aws:PrincipalArn": format!("arn:aws:iam::*:role/{role}") } } }])
    };
    let world = with_key(archive(vec![
        policy("Trails", &spare("cloudtrail:*", "Platform"), &[ROOT]),
        policy("Buckets", &spare("s3:*", "Archivist"), &[WORKLOADS]),
        policy("Keys", &spare("kms:*", "Locksmith"), &[WORKLOADS]),
    ]));
    let role = |name: &str| format!("arn:aws:iam::*:role/{name}");
    assert_eq!(world.account(MEMBER).guardrail_exemptions, role("Platform"));
    assert_eq!(bucket(&world).guardrail_exemptions, role("Archivist"));
    assert_eq!(key(&world).guardrail_exemptions, role("Locksmith"));
}

#[test]
fn each_bucket_answers_for_itself() {
    let own = |owner: &str, bucket: &str| Trail {
        owner: owner.to_owned(),
        bucket: bucket.to_owned(),
        ..multi_region(bucket)
    };
    let deny = json!([{ "Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws:s3:::guarded", "arn:aws:s3:::guarded/*"] }]);
    let world =
        world(vec![policy("Guard", &deny, &[ROOT])]).with(own(MEMBER, "guarded")).with(own(OTHER, "open"));
    let guarded = |bucket: LogBucketFacts| (bucket.name, bucket.guard.denies_changes.value().copied());
    let all: Vec<_> = world.facts().log_buckets.into_iter().map(guarded).collect();
    assert_eq!(all, [("guarded".to_owned(), Some(true)), ("open".to_owned(), Some(false))]);
}
