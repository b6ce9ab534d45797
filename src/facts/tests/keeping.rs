//! How long a bucket keeps log files, and where copies go.

use super::world::{World, denied, known, local};
use crate::facts::LogBucketFacts;
use crate::inventory::{
    Bucket, LifecycleRule, ObjectLock, PublicAccessBlock, ReplicationRule, Retention, Trail, Versioning,
};

const FOREVER: i64 = 9_007_199_254_740_991;

fn with(change: impl FnOnce(&mut Bucket)) -> LogBucketFacts {
    with_prefix(None, change)
}

fn with_prefix(prefix: Option<&str>, change: impl FnOnce(&mut Bucket)) -> LogBucketFacts {
    let trail = Trail { prefix: prefix.map(str::to_owned), ..local("audit", "eu-west-1") };
    let mut world = World::alone().with(trail);
    change(world.0.buckets.get_mut("logs").unwrap());
    world.bucket()
}

fn expires(prefix: &str, days: i64) -> LifecycleRule {
    LifecycleRule {
        id: "expire".to_owned(),
        is_enabled: true,
        prefix: prefix.to_owned(),
        is_narrowed: false,
        expires_after_days: Some(days),
        expires_on: None,
        deletes_old_versions_after_days: None,
    }
}

fn kept(rules: Vec<LifecycleRule>) -> Option<i64> {
    with(|bucket| bucket.lifecycle = known(rules)).keeping.keeps_logs_days.value().copied()
}

#[test]
fn the_shortest_rule_that_reaches_log_files_decides() {
    assert_eq!(kept(Vec::new()), Some(FOREVER));
    assert_eq!(kept(vec![expires("", 365), expires("AWSLogs/111111111111/", 90)]), Some(90));
    assert_eq!(kept(vec![expires("AWS", 30)]), Some(30));
    assert_eq!(kept(vec![expires("access-logs/", 7)]), Some(FOREVER), "other keys");
    assert_eq!(kept(vec![LifecycleRule { is_enabled: false, ..expires("", 1) }]), Some(FOREVER));
    let on_a_date = LifecycleRule {
        expires_after_days: None,
        expires_on: Some("2027-01-01T00:00:00Z".into()),
        ..expires("", 0)
    };
    assert_eq!(kept(vec![on_a_date]), Some(0), "a date spares no age");
}

#[test]
fn a_prefix_of_the_trail_stands_before_the_log_files() {
    let kept = |rule: &str| {
        let facts = with_prefix(Some("audit"), |bucket| bucket.lifecycle = known(vec![expires(rule, 30)]));
        facts.keeping.keeps_logs_days.value().copied()
    };
    assert_eq!(kept("AWSLogs/"), Some(FOREVER));
    assert_eq!(kept("audit/AWSLogs/"), Some(30));
    assert_eq!(kept("audit"), Some(30));
}

#[test]
fn a_rule_for_certain_objects_only_is_unknown_where_it_could_shorten_the_time() {
    let narrowed = |days| LifecycleRule { is_narrowed: true, ..expires("", days) };
    assert_eq!(kept(vec![narrowed(30)]), None);
    assert_eq!(kept(vec![narrowed(400), expires("", 90)]), Some(90));
    assert_eq!(kept(vec![narrowed(30), expires("", 90)]), None);
}

#[test]
fn versions_and_object_lock_outlive_an_expiry() {
    let kept = |old: Option<i64>, locked: i64| {
        let facts = with(|bucket| {
            bucket.versioning = known(Versioning { status: Some("Enabled".into()), mfa_delete: false });
            bucket.lifecycle =
                known(vec![LifecycleRule { deletes_old_versions_after_days: old, ..expires("", 30) }]);
            let retention = Retention { mode: "COMPLIANCE".into(), days: locked };
            bucket.object_lock =
                known((locked > 0).then_some(ObjectLock { default_retention: Some(retention) }));
        });
        facts.keeping.keeps_logs_days.value().copied()
    };
    assert_eq!(kept(None, 0), Some(FOREVER), "old versions stay");
    assert_eq!(kept(Some(60), 0), Some(90));
    assert_eq!(kept(Some(60), 400), Some(400));
    let unread = with(|bucket| {
        bucket.lifecycle = known(vec![expires("", 30)]);
        bucket.versioning = denied();
    });
    assert_eq!(unread.keeping.keeps_logs_days.value(), None);
    let unread = with(|bucket| bucket.versioning = denied());
    assert_eq!(
        unread.keeping.keeps_logs_days.value(),
        Some(&FOREVER),
        "nothing expires, so versions do not matter"
    );
}

#[test]
fn a_replication_rule_for_some_files_is_no_copy_of_all() {
    let replicates = |prefix: &str, is_narrowed: bool| {
        let rule = ReplicationRule {
            id: "copy".into(),
            is_enabled: true,
            prefix: prefix.into(),
            is_narrowed,
            copies_kms_encrypted: false,
            bucket: "arn:aws:s3:::copies".into(),
            account: Some("333333333333".into()),
        };
        let facts = with(|bucket| bucket.replication = known(vec![rule]));
        assert_eq!(facts.keeping.replica_buckets.value().unwrap(), "copies in account 333333333333");
        facts.keeping.replicates.value().copied()
    };
    assert_eq!(replicates("", false), Some(true));
    assert_eq!(replicates("AWSLogs/", false), Some(true));
    assert_eq!(replicates("AWSLogs/111111111111/", false), Some(false));
    assert_eq!(replicates("", true), Some(false));
}

#[test]
fn files_that_a_key_encrypts_are_copied_only_where_the_rule_says_so() {
    let replicates = |copies_kms_encrypted: bool| {
        let key = Some("arn:aws:kms:us-east-1:111111111111:key/1".to_owned());
        let mut world = World::alone().with(Trail { kms_key: key, ..local("audit", "eu-west-1") });
        world.0.buckets.get_mut("logs").unwrap().replication = known(vec![ReplicationRule {
            id: "copy".into(),
            is_enabled: true,
            prefix: String::new(),
            is_narrowed: false,
            copies_kms_encrypted,
            bucket: "arn:aws:s3:::copies".into(),
            account: None,
        }]);
        world.bucket().keeping.replicates.value().copied()
    };
    assert_eq!(replicates(true), Some(true));
    assert_eq!(replicates(false), Some(false));
}

#[test]
fn a_switch_of_block_public_access_counts_wherever_it_is_on() {
    let on = |acls, policy| PublicAccessBlock {
        block_public_acls: acls,
        ignore_public_acls: acls,
        block_public_policy: policy,
        restrict_public_buckets: policy,
    };
    let blocks = |of_bucket, of_account| {
        let facts = with(|bucket| {
            bucket.public_access_block = of_bucket;
            bucket.account_public_access_block = of_account;
        });
        facts.access.blocks_public_access.value().copied()
    };
    assert_eq!(blocks(known(Some(on(true, false))), known(Some(on(false, true)))), Some(true));
    assert_eq!(blocks(known(Some(on(true, false))), known(None)), Some(false));
    assert_eq!(blocks(known(Some(on(true, true))), denied()), Some(true));
    assert_eq!(blocks(known(Some(on(true, false))), denied()), None);
}

#[test]
fn settings_that_were_never_made_have_the_defaults_of_s3() {
    let facts = with(|_| ());
    assert_eq!(facts.access.object_ownership.value().unwrap(), "ObjectWriter");
    assert_eq!(facts.access.disables_acls.value(), Some(&false));
    assert_eq!(facts.keeping.needs_mfa_to_delete.value(), Some(&false));
    assert_eq!(facts.keeping.logs_access.value(), Some(&false));
    assert_eq!(facts.keeping.access_log_bucket.value().unwrap(), "");
    assert_eq!(facts.keeping.has_lifecycle.value(), Some(&false));
    let enforced = with(|bucket| bucket.object_ownership = known(Some("BucketOwnerEnforced".into())));
    assert_eq!(enforced.access.disables_acls.value(), Some(&true));
}

#[test]
fn a_trail_that_was_not_seen_may_deliver_under_any_prefix_and_with_any_key() {
    let world = |lifecycle: Vec<LifecycleRule>, replication: Vec<ReplicationRule>| {
        let mut world = World::alone().with(local("audit", "eu-west-1"));
        let bucket = world.0.buckets.get_mut("logs").unwrap();
        (bucket.lifecycle, bucket.replication) = (known(lifecycle), known(replication));
        let seen = world.bucket().keeping;
        let hidden = world.deny("111111111111", "us-east-1").bucket().keeping;
        [seen, hidden].map(|it| (it.keeps_logs_days.value().copied(), it.replicates.value().copied()))
    };
    let copy = |prefix: &str, copies_kms_encrypted| ReplicationRule {
        id: "copy".into(),
        is_enabled: true,
        prefix: prefix.into(),
        is_narrowed: false,
        copies_kms_encrypted,
        bucket: "arn:aws:s3:::copies".into(),
        account: None,
    };
    let elsewhere = world(vec![expires("audit/", 30)], vec![copy("AWSLogs/", true)]);
    assert_eq!(elsewhere, [(Some(FOREVER), Some(true)), (None, None)]);
    let with_a_key = world(Vec::new(), vec![copy("", false)]);
    assert_eq!(with_a_key, [(Some(FOREVER), Some(true)), (Some(FOREVER), None)]);
    let of_all = world(vec![expires("", 30)], vec![copy("", true)]);
    assert_eq!(of_all, [(Some(30), Some(true)); 2]);
    let of_none = world(vec![expires("AWSLogs/", 30), expires("audit/", 90)], Vec::new());
    assert_eq!(of_none, [(Some(30), Some(false)); 2], "no other trail keeps anything longer or makes a copy");
}
