//! Lifecycle and replication rules of a bucket. One rule that is not understood leaves all of them unread: it may be the one that
//! deletes.

use aws_sdk_s3::types as sdk;
use aws_smithy_types::date_time::Format;

use super::super::caller::{observe_or, origin};
use super::configuration::{At, ask};
use super::filters::KnownFilters;
use crate::inventory::{LifecycleRule, Observed, ReplicationRule};

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html>
pub(super) async fn lifecycle(at: &At<'_>) -> Observed<Vec<LifecycleRule>> {
    let (asked, answer) = ask!(
        at,
        "GetBucketLifecycleConfiguration",
        get_bucket_lifecycle_configuration,
        KnownFilters(&[
            "Prefix",
            "Tag",
            "Key",
            "Value",
            "ObjectSizeGreaterThan",
            "ObjectSizeLessThan",
            "And"
        ])
    );
    observe_or(asked, answer, &["NoSuchLifecycleConfiguration"], Vec::new(), |answer| {
        let rules = answer.rules.ok_or("the answer has no lifecycle rule")?;
        rules.into_iter().map(lifecycle_rule).collect()
    })
}

fn lifecycle_rule(rule: sdk::LifecycleRule) -> Result<LifecycleRule, &'static str> {
    let is_enabled = match rule.status {
        sdk::ExpirationStatus::Enabled => true,
        sdk::ExpirationStatus::Disabled => false,
        _ => return Err("the answer does not say whether a lifecycle rule is in force"),
    };
    #[allow(deprecated, reason = "rules of the first generation have no filter")]
    let (prefix, is_narrowed) = match (rule.filter, rule.prefix) {
        (Some(filter), _) => lifecycle_filter(filter),
        (None, Some(prefix)) => (prefix, false),
        (None, None) => return Err("the answer does not say what a lifecycle rule applies to"),
    };
    let expiration = rule.expiration.as_ref().map(expiration).transpose()?.unwrap_or_default();
    let deletes_old_versions_after_days = match rule.noncurrent_version_expiration {
        Some(old) => Some(
            old.noncurrent_days
                .ok_or("the answer does not say when a lifecycle rule deletes old versions")?,
        ),
        None => None,
    };
    Ok(LifecycleRule {
        id: rule.id.unwrap_or_default(),
        is_enabled,
        prefix,
        is_narrowed,
        expires_after_days: expiration.after_days,
        expires_on: expiration.on,
        deletes_old_versions_after_days: deletes_old_versions_after_days.map(i64::from),
    })
}

/// An empty filter applies to every object.
fn lifecycle_filter(filter: sdk::LifecycleRuleFilter) -> (String, bool) {
    let of_sizes = |greater: Option<i64>, less: Option<i64>| greater.is_some() || less.is_some();
    let mut is_narrowed =
        filter.tag.is_some() || of_sizes(filter.object_size_greater_than, filter.object_size_less_than);
    let mut prefix = filter.prefix;
    if let Some(and) = filter.and {
        is_narrowed |= and.tags.is_some_and(|tags| !tags.is_empty())
            || of_sizes(and.object_size_greater_than, and.object_size_less_than);
        prefix = prefix.or(and.prefix);
    }
    (prefix.unwrap_or_default(), is_narrowed)
}

#[derive(Default)]
struct Expiration {
    after_days: Option<i64>,
    on: Option<String>,
}

fn expiration(expiration: &sdk::LifecycleExpiration) -> Result<Expiration, &'static str> {
    match (expiration.days, &expiration.date, expiration.expired_object_delete_marker) {
        (Some(days), ..) => Ok(Expiration { after_days: Some(days.into()), on: None }),
        (None, Some(date), _) => {
            let date =
                date.fmt(Format::DateTime).map_err(|_| "the date of a lifecycle rule cannot be read")?;
            Ok(Expiration { after_days: None, on: Some(date) })
        }
        // Cleans up after deletions and deletes nothing itself.
        (None, None, Some(_)) => Ok(Expiration::default()),
        (None, None, None) => Err("the answer does not say when a lifecycle rule deletes"),
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html>
pub(super) async fn replication(at: &At<'_>) -> Observed<Vec<ReplicationRule>> {
    let known = KnownFilters(&["Prefix", "Tag", "Key", "Value", "And"]);
    let (asked, answer) = ask!(at, "GetBucketReplication", get_bucket_replication, known);
    observe_or(asked, answer, &["ReplicationConfigurationNotFoundError"], Vec::new(), |answer| {
        let rules = answer.replication_configuration.ok_or("the answer has no configuration")?.rules;
        if rules.is_empty() {
            return Err("the answer has no replication rule");
        }
        rules.into_iter().map(replication_rule).collect()
    })
}

fn replication_rule(rule: sdk::ReplicationRule) -> Result<ReplicationRule, &'static str> {
    let is_enabled = match rule.status {
        sdk::ReplicationRuleStatus::Enabled => true,
        sdk::ReplicationRuleStatus::Disabled => false,
        _ => return Err("the answer does not say whether a replication rule is in force"),
    };
    #[allow(deprecated, reason = "rules of the first generation have no filter")]
    let (prefix, is_narrowed) = match (rule.filter, rule.prefix) {
        (Some(filter), _) => replication_filter(filter),
        (None, Some(prefix)) => (prefix, false),
        (None, None) => return Err("the answer does not say what a replication rule applies to"),
    };
    let destination = rule.destination.filter(|to| !to.bucket.is_empty());
    let destination = destination.ok_or("the answer does not say where a replication rule copies to")?;
    Ok(ReplicationRule {
        id: rule.id.unwrap_or_default(),
        is_enabled,
        prefix,
        is_narrowed,
        bucket: destination.bucket,
        account: destination.account.filter(|account| !account.is_empty()),
    })
}

fn replication_filter(filter: sdk::ReplicationRuleFilter) -> (String, bool) {
    let mut is_narrowed = filter.tag.is_some();
    let mut prefix = filter.prefix;
    if let Some(and) = filter.and {
        is_narrowed |= and.tags.is_some_and(|tags| !tags.is_empty());
        prefix = prefix.or(and.prefix);
    }
    (prefix.unwrap_or_default(), is_narrowed)
}
