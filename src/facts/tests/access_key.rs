//! Who may touch a log key: policies as AWS documents them, and as people get them wrong.

use serde_json::{Value, json};

use super::world::{MANAGEMENT, MEMBER, OTHER, World, denied, known, multi_region, of_organization};
use crate::facts::{Fact, LogKeyAccessFacts};
use crate::inventory::{GapReason, Key, KeyMetadata, Observed, Trail};

const KEY: &str = "arn:aws:kms:us-east-1:222222222222:key/1";
const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/org";
const STRANGER: &str = "999988887777";

/// The statements that AWS documents for a trail, without the one for the key's administrators.
///
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html>
fn recommended() -> Vec<Value> {
    let trails = "arn:aws:cloudtrail:*:111111111111:trail/*";
    vec![
        json!({"Sid": "Enable IAM user permissions", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "kms:*", "Resource": "*"}),
        json!({"Sid": "Allow CloudTrail to encrypt logs", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:GenerateDataKey*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceArn": TRAIL},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": trails}}}),
        json!({"Sid": "Allow CloudTrail to describe key", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:DescribeKey", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}}}),
        json!({"Sid": "Allow CloudTrail to decrypt", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:Decrypt", "Resource": "*"}),
        json!({"Sid": "Enable cross account log decryption", "Effect": "Allow", "Principal": {"AWS": "*"},
            "Action": ["kms:Decrypt", "kms:ReEncryptFrom"], "Resource": "*", "Condition": {
                "StringEquals": {"kms:CallerAccount": MANAGEMENT},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": trails}}}),
    ]
}

fn key(policy: Observed<String>) -> Key {
    let metadata = KeyMetadata {
        arn: KEY.to_owned(),
        manager: "CUSTOMER".to_owned(),
        state: "Enabled".to_owned(),
        spec: "SYMMETRIC_DEFAULT".to_owned(),
        origin: "AWS_KMS".to_owned(),
        multi_region: false,
    };
    Key {
        id: KEY.to_owned(),
        owner: MEMBER.to_owned(),
        metadata: known(Some(metadata)),
        policy,
        rotates: known(Some(true)),
    }
}

fn policy(statements: &[Value]) -> Observed<String> {
    known(json!({"Version": "2012-10-17", "Statement": statements}).to_string())
}

fn facts_in(mut world: World, id: &str, key: Key) -> LogKeyAccessFacts {
    world.0.keys.insert(id.to_owned(), key);
    let mut keys = world.facts().log_keys;
    assert_eq!(keys.len(), 1);
    keys.remove(0).access
}

/// Whether the key may be used for the trail of this name, and what stands in the way.
fn encrypts_in(mut world: World, name: &str, key: Key) -> (Option<bool>, String) {
    world.0.keys.insert(key.id.clone(), key);
    let facts = world.trail(name).delivery;
    (value(&facts.key_lets_it_encrypt), facts.encryption_obstacles)
}

fn encrypts(policy: Observed<String>) -> (Option<bool>, String) {
    encrypts_in(World::organization().with(trail()), "org", key(policy))
}

fn trail() -> Trail {
    Trail { kms_key: Some(KEY.to_owned()), ..of_organization("org") }
}

fn facts(policy: Observed<String>) -> LogKeyAccessFacts {
    facts_in(World::organization().with(trail()), KEY, key(policy))
}

/// The documented policy with more statements.
fn with(more: &[Value]) -> LogKeyAccessFacts {
    facts(policy(&[recommended(), more.to_vec()].concat()))
}

fn allow(who: &str, action: &str) -> Value {
    let principal = if who == "*" { json!("*") } else { json!({ "AWS": who }) };
    json!({"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"})
}

fn value(fact: &Fact<bool>) -> Option<bool> {
    fact.value().copied()
}

#[test]
fn the_documented_policy_passes_everything() {
    let facts = with(&[]);
    let answers =
        [facts.is_public, facts.lets_others_change_it, facts.lets_strangers_decrypt, !facts.pins_cloudtrail];
    for answer in answers {
        assert_eq!(answer.value(), Some(&false));
    }
    let words = [facts.changers, facts.strangers, facts.unpinned_grants];
    assert_eq!(words, [""; 3]);
    assert_eq!(encrypts(policy(&recommended())), (Some(true), String::new()));
}

#[test]
fn a_key_for_everybody_is_public_and_one_pinned_to_an_account_is_not() {
    let open = with(&[allow("*", "kms:Decrypt")]);
    assert_eq!(value(&open.is_public), Some(true));
    assert_eq!(value(&open.lets_strangers_decrypt), Some(true));
    let mut pinned = allow("*", "kms:Decrypt");
    pinned["Condition"] = json!({"StringEquals": {"kms:CallerAccount": OTHER}});
    assert_eq!(value(&with(&[pinned]).is_public), Some(false));
}

#[test]
fn members_may_decrypt_and_strangers_may_not() {
    let strangers = |who: &str| value(&with(&[allow(who, "kms:Decrypt")]).lets_strangers_decrypt);
    assert_eq!(strangers(OTHER), Some(false));
    assert_eq!(strangers(STRANGER), Some(true));
    let facts = with(&[allow(STRANGER, "kms:Decrypt")]);
    assert_eq!(facts.strangers, "account 999988887777 may take kms:Decrypt by statement 6");
    assert_eq!(value(&facts.lets_others_change_it), Some(false));
}

#[test]
fn without_an_organization_every_other_account_is_a_stranger_and_cloudtrail_is_none() {
    let world = || World::alone().with(Trail { kms_key: Some(KEY.to_owned()), ..multi_region("org") });
    let without_readers = policy(&recommended()[..4]);
    let alone = facts_in(world(), KEY, key(without_readers));
    assert_eq!(value(&alone.lets_strangers_decrypt), Some(false));
    let with_readers = facts_in(world(), KEY, key(policy(&recommended())));
    assert_eq!(value(&with_readers.lets_strangers_decrypt), Some(true));
}

#[test]
fn a_service_that_decrypts_for_anybody_is_a_stranger_and_one_that_acts_for_a_member_is_not() {
    let mut service = json!({"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*"});
    assert_eq!(value(&with(&[service.clone()]).lets_strangers_decrypt), Some(true));
    service["Condition"] = json!({"StringEquals": {"aws:SourceAccount": OTHER}});
    assert_eq!(value(&with(&[service.clone()]).lets_strangers_decrypt), Some(false));
    service["Condition"] = json!({"StringEquals": {"aws:SourceAccount": STRANGER}});
    assert_eq!(value(&with(&[service]).lets_strangers_decrypt), Some(true));
}

#[test]
fn whoever_may_disable_the_key_from_another_account_is_named() {
    let facts = with(&[allow(OTHER, "kms:Disable*")]);
    assert_eq!(value(&facts.lets_others_change_it), Some(true));
    assert_eq!(
        facts.changers,
        "account 333333333333 may take kms:DisableKey, kms:DisableKeyRotation by statement 6"
    );
    assert_eq!(value(&with(&[allow(MEMBER, "kms:*")]).lets_others_change_it), Some(false), "its own account");
}

#[test]
fn a_deny_that_neutralises_a_grant_leaves_nobody() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-example"}, "Bool": {"aws:PrincipalIsAWSService": "false"}}});
    let more = [allow(STRANGER, "kms:*"), deny];
    let facts = with(&more);
    assert_eq!(value(&facts.lets_strangers_decrypt), Some(false));
    assert_eq!(value(&facts.lets_others_change_it), Some(false));
    assert_eq!(encrypts(policy(&[recommended(), more.to_vec()].concat())).0, Some(true));
}

#[test]
fn without_the_grant_for_data_keys_nothing_is_encrypted() {
    let statements = || policy(&recommended()[..1]);
    let (encrypts, obstacles) = encrypts(statements());
    assert_eq!(encrypts, Some(false));
    assert!(obstacles.starts_with("no statement lets CloudTrail take kms:GenerateDataKey"), "{obstacles}");
    assert_eq!(value(&facts(statements()).pins_cloudtrail), Some(true), "nothing is granted");
}

#[test]
fn each_trail_is_told_whether_the_key_serves_it() {
    let second = Trail { owner: OTHER.to_owned(), kms_key: Some(KEY.to_owned()), ..multi_region("own") };
    let third = Trail { owner: OTHER.to_owned(), ..multi_region("bare") };
    let world = || World::organization().with(trail()).with(second.clone()).with(third.clone());
    let of = |name: &str| encrypts_in(world(), name, key(policy(&recommended())));
    assert_eq!(of("org"), (Some(true), String::new()));
    let (encrypts, obstacles) = of("own");
    assert_eq!(encrypts, Some(false));
    assert!(obstacles.starts_with("no statement lets CloudTrail"), "{obstacles}");
    assert_eq!(of("bare"), (Some(false), String::new()), "no key is set");
}

/// One region that cannot be read may hide a trail that the key does not serve, which says nothing about this one.
#[test]
fn a_trail_that_was_not_seen_leaves_the_encryption_of_others_alone() {
    let world = World::organization().with(trail()).deny(OTHER, "eu-west-1");
    assert_eq!(encrypts_in(world, "org", key(policy(&recommended()))).0, Some(true));
}

#[test]
fn a_key_that_was_not_collected_may_serve_the_trail() {
    let facts = World::organization().with(trail()).trail("org").delivery;
    assert_eq!(value(&facts.key_lets_it_encrypt), None);
}

#[test]
fn a_grant_for_data_keys_without_source_or_context_is_unpinned() {
    let bare = json!({"Sid": "Bare", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "kms:GenerateDataKey*", "Resource": "*"});
    let facts = with(std::slice::from_ref(&bare));
    assert_eq!(value(&facts.pins_cloudtrail), Some(false));
    assert_eq!(
        facts.unpinned_grants,
        "statement 6 (Bare) lets cloudtrail.amazonaws.com take kms:GenerateDataKey"
    );
    let mut by_context = bare;
    by_context["Condition"] = json!({"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*"}});
    assert_eq!(value(&with(&[by_context.clone()]).pins_cloudtrail), Some(true));
    by_context["Condition"] =
        json!({"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:*:trail/*"}});
    assert_eq!(value(&with(&[by_context]).pins_cloudtrail), Some(false));
}

fn all(facts: &LogKeyAccessFacts) -> [Option<bool>; 4] {
    [
        value(&facts.is_public),
        value(&facts.lets_others_change_it),
        value(&facts.lets_strangers_decrypt),
        value(&facts.pins_cloudtrail),
    ]
}

/// Only the owner can read a key policy: that of another account's key is unknown, not wrong.
#[test]
fn a_policy_that_could_not_be_read_or_understood_leaves_everything_open() {
    assert_eq!(all(&facts(denied())), [None; 4]);
    let strange = facts(known("[1]".to_owned()));
    assert_eq!(all(&strange), [None; 4]);
    let Fact::Unknown(gaps) = &strange.is_public else { panic!() };
    assert_eq!(gaps[0].reason, GapReason::Unreadable);
    assert_eq!(gaps[0].detail, "the policy was not understood: it is no JSON object");
    assert_eq!(strange.changers, "(unknown)");
    assert_eq!(encrypts(denied()).0, None);
    assert_eq!(encrypts(known("[1]".to_owned())), (None, "(unknown)".to_owned()));
}

#[test]
fn a_key_that_is_not_named_by_its_arn_is_known_by_its_metadata_or_not_at_all() {
    let world = || {
        World::organization().with(Trail { kms_key: Some("alias/logs".to_owned()), ..of_organization("org") })
    };
    let named = |metadata: Observed<Option<KeyMetadata>>| Key {
        id: "alias/logs".to_owned(),
        owner: String::new(),
        metadata,
        ..key(policy(&recommended()))
    };
    let described = named(key(denied()).metadata);
    assert_eq!(
        all(&facts_in(world(), "alias/logs", described.clone())),
        [Some(false), Some(false), Some(false), Some(true)]
    );
    assert_eq!(encrypts_in(world(), "org", described).0, Some(true));
    assert_eq!(encrypts_in(world(), "org", named(denied())).0, None);
    let unread = all(&facts_in(world(), "alias/logs", named(denied())));
    assert_eq!(unread, [Some(false), None, None, None]);
    let missing = all(&facts_in(world(), "alias/logs", named(known(None))));
    assert_eq!(missing, [Some(false), None, None, None]);
}
