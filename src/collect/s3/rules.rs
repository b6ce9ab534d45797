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
    let kms = rule.source_selection_criteria.and_then(|criteria| criteria.sse_kms_encrypted_objects);
    Ok(ReplicationRule {
        id: rule.id.unwrap_or_default(),
        is_enabled,
        prefix,
        is_narrowed,
        copies_kms_encrypted: kms.is_some_and(|kms| kms.status == sdk::SseKmsEncryptedObjectsStatus::Enabled),
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

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;

    fn rule() -> sdk::builders::LifecycleRuleBuilder {
        sdk::LifecycleRule::builder().status(sdk::ExpirationStatus::Enabled)
    }

    fn filter() -> sdk::builders::LifecycleRuleFilterBuilder {
        sdk::LifecycleRuleFilter::builder()
    }

    fn tag() -> sdk::Tag {
        sdk::Tag::builder().key("k").value("v").build().unwrap()
    }

    /// Prefix, and whether the rule is narrowed further.
    fn reach(rule: sdk::builders::LifecycleRuleBuilder) -> Result<(String, bool), &'static str> {
        lifecycle_rule(rule.build().unwrap()).map(|rule| (rule.prefix, rule.is_narrowed))
    }

    #[test]
    fn a_lifecycle_rule_reaches_what_its_filter_says_wherever_the_prefix_stands() {
        let and = || sdk::LifecycleRuleAndOperator::builder();
        #[allow(deprecated)]
        let legacy = rule().prefix("a/");
        for (rule, prefix, is_narrowed) in [
            (legacy, "a/", false),
            (rule().filter(filter().build()), "", false),
            (rule().filter(filter().prefix("a/").build()), "a/", false),
            (rule().filter(filter().tag(tag()).build()), "", true),
            (rule().filter(filter().object_size_greater_than(0).build()), "", true),
            (rule().filter(filter().object_size_less_than(1).build()), "", true),
            (rule().filter(filter().and(and().prefix("a/").tags(tag()).build()).build()), "a/", true),
            (
                rule().filter(filter().and(and().prefix("a/").object_size_less_than(9).build()).build()),
                "a/",
                true,
            ),
            (rule().filter(filter().and(and().prefix("a/").build()).build()), "a/", false),
        ] {
            assert_eq!(reach(rule.clone()), Ok((prefix.to_owned(), is_narrowed)), "{rule:?}");
        }
    }

    #[test]
    fn a_lifecycle_rule_that_does_not_say_what_it_does_is_refused() {
        let nothing = sdk::LifecycleExpiration::builder().build();
        let newer = sdk::NoncurrentVersionExpiration::builder().newer_noncurrent_versions(3).build();
        let whole = || rule().filter(filter().build());
        for rule in [
            rule(),
            whole().status("no value was set".into()),
            whole().expiration(nothing),
            whole().noncurrent_version_expiration(newer),
        ] {
            assert!(reach(rule.clone()).is_err(), "{rule:?}");
        }
    }

    #[test]
    fn days_a_date_and_a_delete_marker_are_told_apart() {
        let expiration = || sdk::LifecycleExpiration::builder();
        let read = |expiration: sdk::builders::LifecycleExpirationBuilder| {
            let rule = rule().filter(filter().build()).expiration(expiration.build()).build().unwrap();
            let rule = lifecycle_rule(rule).unwrap();
            (rule.expires_after_days, rule.expires_on)
        };
        assert_eq!(read(expiration().days(30)), (Some(30), None));
        let date = DateTime::from_secs(1_767_225_600);
        assert_eq!(read(expiration().date(date)), (None, Some("2026-01-01T00:00:00Z".to_owned())));
        assert_eq!(read(expiration().expired_object_delete_marker(true)), (None, None));
    }

    #[test]
    fn a_replication_rule_says_what_it_copies_and_where_to() {
        let rule = || {
            let to = sdk::Destination::builder().bucket("arn:aws:s3:::copy").build().unwrap();
            sdk::ReplicationRule::builder().status(sdk::ReplicationRuleStatus::Enabled).destination(to)
        };
        let filter = || sdk::ReplicationRuleFilter::builder();
        let and = sdk::ReplicationRuleAndOperator::builder().prefix("a/").tags(tag()).build();
        #[allow(deprecated)]
        let legacy = rule().prefix("a/");
        for (rule, prefix, is_narrowed) in [
            (legacy, "a/", false),
            (rule().filter(filter().build()), "", false),
            (rule().filter(filter().tag(tag()).build()), "", true),
            (rule().filter(filter().and(and).build()), "a/", true),
        ] {
            let read = replication_rule(rule.build().unwrap()).unwrap();
            assert_eq!((read.prefix.as_str(), read.is_narrowed), (prefix, is_narrowed));
        }
        let nowhere = sdk::Destination::builder().bucket("").build().unwrap();
        for rule in [
            rule(),
            rule().filter(filter().build()).destination(nowhere),
            rule().filter(filter().build()).status("no value was set".into()),
        ] {
            assert!(replication_rule(rule.clone().build().unwrap()).is_err(), "{rule:?}");
        }
    }
}
