//! How long a bucket keeps log files, and where copies go.

use schemars::JsonSchema;

use super::super::Fact;
use super::super::moment::NEVER;
use super::super::part::record;
use crate::inventory::{Bucket, Gap, GapReason, LifecycleRule, Observed, ReplicationRule, Retention, Trail};

record! {
inline;
/// How a log bucket keeps log files.
#[derive(Clone, Debug, JsonSchema)]
pub struct LogBucketKeepingFacts {
    /// Object Lock applies a default retention to new objects.
    #[schemars(extend("x-calls" = ["s3:GetObjectLockConfiguration"]))]
    pub locks_objects: Fact<bool>,
    /// Mode of the default retention, `GOVERNANCE` or `COMPLIANCE`; empty without one.
    #[schemars(extend("x-calls" = ["s3:GetObjectLockConfiguration"]))]
    pub object_lock_mode: Fact<String>,
    /// Days of the default retention; 0 without one.
    #[schemars(extend("x-calls" = ["s3:GetObjectLockConfiguration"]))]
    pub object_lock_days: Fact<i64>,
    /// Versioning is enabled.
    #[schemars(extend("x-calls" = ["s3:GetBucketVersioning"]))]
    pub versions_objects: Fact<bool>,
    /// Versioning as S3 reports it: `Enabled`, `Suspended`, or `never enabled`.
    #[schemars(extend("x-calls" = ["s3:GetBucketVersioning"]))]
    pub versioning: Fact<String>,
    /// MFA is needed to delete a version.
    #[schemars(extend("x-calls" = ["s3:GetBucketVersioning"]))]
    pub needs_mfa_to_delete: Fact<bool>,
    /// Some lifecycle rule is in force, which S3 does not combine with MFA delete.
    #[schemars(extend("x-calls" = ["s3:GetBucketLifecycleConfiguration"]))]
    pub has_lifecycle: Fact<bool>,
    /// Days after which a lifecycle rule deletes log files; 9007199254740991 when none does.
    #[schemars(extend("x-calls" = ["s3:GetBucketLifecycleConfiguration", "s3:GetBucketVersioning", "s3:GetObjectLockConfiguration"]))]
    pub keeps_logs_days: Fact<i64>,
    /// Server access logging is on.
    #[schemars(extend("x-calls" = ["s3:GetBucketLogging"]))]
    pub logs_access: Fact<bool>,
    /// Bucket that receives the server access logs; empty when logging is off.
    #[schemars(extend("x-calls" = ["s3:GetBucketLogging"]))]
    pub access_log_bucket: Fact<String>,
    /// Every log file is replicated to another bucket.
    #[schemars(extend("x-calls" = ["s3:GetBucketReplication"]))]
    pub replicates: Fact<bool>,
    /// Buckets that receive copies, in words; empty when there are none.
    #[schemars(extend("x-calls" = ["s3:GetBucketReplication"]))]
    pub replica_buckets: Fact<String>,
    /// Default encryption: `AES256`, `aws:kms`, `aws:kms:dsse` or `none`.
    #[schemars(extend("x-calls" = ["s3:GetBucketEncryption"]))]
    pub default_encryption: Fact<String>,
}
}

impl LogBucketKeepingFacts {
    /// `hidden`: why trails that were not seen may deliver here, under any prefix and with any key.
    pub(super) fn of(bucket: &Bucket, trails: &[&Trail], hidden: &[Gap]) -> Self {
        let retention = |f: &dyn Fn(&Retention) -> String| {
            Fact::of(&bucket.object_lock, |lock| {
                lock.as_ref().and_then(|lock| lock.default_retention.as_ref()).map(f).unwrap_or_default()
            })
        };
        Self {
            locks_objects: retention(&|retention| retention.mode.clone()).map(|mode| !mode.is_empty()),
            object_lock_mode: retention(&|retention| retention.mode.clone()),
            object_lock_days: locked_days(bucket),
            versions_objects: is_versioned(bucket),
            versioning: Fact::of(&bucket.versioning, |versioning| {
                versioning.status.clone().unwrap_or_else(|| "never enabled".to_owned())
            }),
            needs_mfa_to_delete: Fact::of(&bucket.versioning, |versioning| versioning.mfa_delete),
            has_lifecycle: has_lifecycle(bucket),
            keeps_logs_days: settled(
                keeps_logs_days(bucket, trails),
                || kept_under(bucket, &ANYWHERE),
                hidden,
            ),
            logs_access: Fact::of(&bucket.access_logging, Option::is_some),
            access_log_bucket: Fact::of(&bucket.access_logging, |logging| {
                logging.as_ref().map(|logging| logging.bucket.clone()).unwrap_or_default()
            }),
            replicates: settled(
                replicates(bucket, &log_prefixes(trails), trails.iter().any(|trail| trail.kms_key.is_some())),
                || replicates(bucket, &ANYWHERE, true),
                hidden,
            ),
            replica_buckets: replica_buckets(bucket),
            default_encryption: Fact::of(&bucket.encryption, |encryption| encryption.algorithm.clone()),
        }
    }
}

fn locked_days(bucket: &Bucket) -> Fact<i64> {
    Fact::of(&bucket.object_lock, |lock| {
        lock.as_ref().and_then(|lock| lock.default_retention.as_ref()).map_or(0, |retention| retention.days)
    })
}

fn is_versioned(bucket: &Bucket) -> Fact<bool> {
    Fact::of(&bucket.versioning, |versioning| versioning.status.as_deref() == Some("Enabled"))
}

/// Where the files of a trail that was not seen may be.
const ANYWHERE: [&str; 1] = [""];

/// Where the files of the trails are: the keys under each of these.
fn log_prefixes(trails: &[&Trail]) -> Vec<String> {
    let prefix = |trail: &&Trail| match trail.prefix.as_deref() {
        Some(prefix) if !prefix.is_empty() => format!("{}/AWSLogs/", prefix.trim_end_matches('/')),
        _ => "AWSLogs/".to_owned(),
    };
    trails.iter().map(prefix).collect()
}

/// Some lifecycle rule is in force.
fn has_lifecycle(bucket: &Bucket) -> Fact<bool> {
    Fact::of(&bucket.lifecycle, |rules| rules.iter().any(|rule| rule.is_enabled))
}

/// Days until a lifecycle rule deletes log files for good.
///
/// With versioning, expiry only hides a file, and the rules for old versions delete it. Retention by Object Lock holds both back.
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html>.
pub(in crate::facts) fn keeps_logs_days(bucket: &Bucket, trails: &[&Trail]) -> Fact<i64> {
    kept_under(bucket, &log_prefixes(trails))
}

/// What is known of the log files of seen trails, where it holds for those of trails that were not seen as well.
fn settled<T: PartialEq>(seen: Fact<T>, anywhere: impl FnOnce() -> Fact<T>, hidden: &[Gap]) -> Fact<T> {
    if hidden.is_empty() || seen.value().is_none() || seen.value() == anywhere().value() {
        return seen;
    }
    Fact::Unknown(hidden.to_vec())
}

fn kept_under(bucket: &Bucket, prefixes: &[impl AsRef<str>]) -> Fact<i64> {
    let (rules, origin) = match &bucket.lifecycle {
        Observed::Known { value, origin } => (value, origin),
        Observed::Gap(gap) => return Fact::Unknown(vec![gap.clone()]),
    };
    let applies = |rule: &&LifecycleRule| {
        rule.is_enabled && prefixes.iter().any(|prefix| overlap(prefix.as_ref(), &rule.prefix))
    };
    let (open, certain): (Vec<_>, Vec<_>) = rules.iter().filter(applies).partition(|rule| rule.is_narrowed);
    let Some(expires) = certain.iter().filter_map(|rule| expiry(rule)).min() else {
        return match open.iter().find(|rule| expiry(rule).is_some()) {
            Some(rule) => narrowed(rule, origin.clone()),
            None => Fact::known(NEVER, [origin.clone()]),
        };
    };
    if let Some(rule) = open.iter().find(|rule| expiry(rule).is_some_and(|days| days < expires)) {
        return narrowed(rule, origin.clone());
    }
    let old_versions = certain.iter().filter_map(|rule| rule.deletes_old_versions_after_days).min();
    let deleted = is_versioned(bucket).map(|is_versioned| match (is_versioned, old_versions) {
        (false, _) => expires,
        (true, Some(days)) => expires.saturating_add(days),
        (true, None) => NEVER,
    });
    let locked = locked_days(bucket);
    let origin = Fact::known((), [origin.clone()]);
    origin.zip(deleted.zip(locked)).map(|((), (deleted, locked))| deleted.max(locked))
}

/// Some key may start with both.
fn overlap(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// An expiry on a date deletes files of any age.
fn expiry(rule: &LifecycleRule) -> Option<i64> {
    rule.expires_after_days.or(rule.expires_on.as_ref().map(|_| 0))
}

fn narrowed(rule: &LifecycleRule, origin: crate::inventory::Origin) -> Fact<i64> {
    let detail = format!("the lifecycle rule {:?} is for objects with certain tags or sizes", rule.id);
    Fact::Unknown(vec![Gap { origin, reason: GapReason::Unreadable, detail }])
}

/// Every log file is copied, also those that a trail's key encrypts.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html>.
fn replicates(bucket: &Bucket, prefixes: &[impl AsRef<str>], has_key: bool) -> Fact<bool> {
    Fact::of(&bucket.replication, |rules| {
        let copies = |rule: &&ReplicationRule| rule.copies_kms_encrypted || !has_key;
        let full = || rules.iter().filter(|rule| rule.is_enabled && !rule.is_narrowed).filter(copies);
        prefixes.iter().all(|prefix| full().any(|rule| prefix.as_ref().starts_with(&rule.prefix)))
    })
}

/// Where copies go, in words.
fn replica_buckets(bucket: &Bucket) -> Fact<String> {
    Fact::of(&bucket.replication, |rules| {
        let mut targets: Vec<String> = rules
            .iter()
            .filter(|rule| rule.is_enabled)
            .map(|rule| match &rule.account {
                Some(account) => format!("{} in account {account}", name(&rule.bucket)),
                None => name(&rule.bucket).to_owned(),
            })
            .collect();
        targets.sort();
        targets.dedup();
        targets.join(", ")
    })
}

fn name(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}
