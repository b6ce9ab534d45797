//! Whether a trail may deliver: to its bucket, and with its key.

use schemars::JsonSchema;

use super::super::Fact;
use super::super::coverage::Coverage;
use super::super::found::{Found, cut};
use super::super::log_key::KeyPolicy;
use super::super::part::record;
use super::super::policy::Policy;
use super::not_read;
use crate::access::delivery::{Delivery, delivery};
use crate::access::key as question;
use crate::inventory::{Bucket, Gap, GapReason, Key, Origin, Trail};

record! {
inline;
/// Whether a trail may deliver.
#[derive(Clone, Debug, JsonSchema)]
pub struct TrailDeliveryFacts {
    /// Its bucket exists.
    #[schemars(extend("x-calls" = ["s3:HeadBucket"]))]
    pub bucket_exists: Fact<bool>,
    /// The policy of its bucket lets it deliver: log files, digest files if it has them, and the files of member accounts if it is an organization trail, below its prefix.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy"]))]
    pub bucket_lets_it_deliver: Fact<bool>,
    /// What in the policy of its bucket keeps it from delivering, in words, as far as it is certain; empty when nothing does.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["s3:GetBucketPolicy"]))]
    pub delivery_obstacles: String,
    /// A KMS key is set whose policy lets CloudTrail encrypt for this trail.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub key_lets_it_encrypt: Fact<bool>,
    /// What in the policy of its key keeps CloudTrail from encrypting for it, in words, as far as it is certain; empty when nothing does.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub encryption_obstacles: String,
    /// A KMS key is set that lives in the region of the bucket, as CloudTrail demands.
    #[schemars(extend("x-calls" = ["s3:HeadBucket"]))]
    pub key_is_in_bucket_region: Fact<bool>,
}
}

impl TrailDeliveryFacts {
    pub(super) fn of(trail: &Trail, key: Option<&Key>, coverage: &Coverage<'_>) -> Self {
        let bucket = coverage.inventory.buckets.get(&trail.bucket).ok_or_else(|| bucket_not_read(trail));
        let at_bucket = match &bucket {
            Ok(bucket) => of_bucket(trail, bucket, coverage),
            Err(gap) => Found::unknown(vec![gap.clone()]),
        };
        let at_key = match (trail.kms_key.is_some(), key) {
            (true, Some(key)) => of_key_policy(trail, key, coverage),
            (true, None) => Found::unknown(vec![not_read(trail)]),
            (false, _) => Found::nothing(&trail.described_by),
        };
        let has_key = Fact::known(trail.kms_key.is_some(), [trail.described_by.clone()]);
        Self {
            bucket_exists: match &bucket {
                Ok(bucket) => Fact::of(&bucket.exists, |exists| *exists),
                Err(gap) => Fact::Unknown(vec![gap.clone()]),
            },
            delivery_obstacles: at_bucket.in_words(),
            bucket_lets_it_deliver: !at_bucket.is,
            encryption_obstacles: at_key.in_words(),
            key_lets_it_encrypt: has_key.and(!at_key.is),
            key_is_in_bucket_region: is_in_bucket_region(trail, bucket),
        }
    }
}

/// What in the policy of the bucket keeps the trail from delivering.
fn of_bucket(trail: &Trail, bucket: &Bucket, coverage: &Coverage<'_>) -> Found {
    let policy = match Policy::of(&bucket.policy, Option::as_deref) {
        Err(gap) => return Found::unknown(vec![gap]),
        Ok(policy) => policy,
    };
    let Policy { document: Some(document), origin } = policy else {
        return Found::this("the bucket has no policy".to_owned(), policy.origin);
    };
    let own = coverage.inventory.organization.as_ref();
    let of_trail = own.filter(|one| trail.is_organization_trail && one.management_account == trail.owner);
    if trail.is_organization_trail && of_trail.is_none() {
        return Found::unknown(vec![not_collected(format!(
            "the organization of the trail {}",
            cut(&trail.name)
        ))]);
    }
    let answer = delivery(
        &document,
        &Delivery {
            bucket: &bucket.name,
            prefix: trail.prefix.as_deref().unwrap_or_default().trim_end_matches('/'),
            trail: &trail.arn,
            organization_trail: of_trail.map(|one| one.id.as_str()),
            organization: coverage.organization_of(&trail.owner),
            key: trail.kms_key.as_deref(),
            validates: trail.validates_log_files,
        },
    );
    Found::obstacle(&answer, origin)
}

/// What in the policy of the key keeps CloudTrail from encrypting for the trail.
fn of_key_policy(trail: &Trail, key: &Key, coverage: &Coverage<'_>) -> Found {
    let policy = match KeyPolicy::of(key, coverage) {
        Err(gap) => return Found::unknown(vec![gap]),
        Ok(policy) => policy,
    };
    let organization = coverage.organization_of(&trail.owner);
    let answer = question::cloudtrail_use(&policy.document, policy.arn, &trail.arn, organization).encrypts;
    Found::obstacle(&answer, policy.origin)
}

/// CloudTrail demands key and bucket in one region.
fn is_in_bucket_region(trail: &Trail, bucket: Result<&Bucket, Gap>) -> Fact<bool> {
    let Some(key) = &trail.kms_key else { return Fact::known(false, [trail.described_by.clone()]) };
    let region = key.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(2)).unwrap_or_default();
    match bucket {
        _ if region.is_empty() => {
            Fact::Unknown(vec![not_collected("the region of a key that is not named by its ARN".to_owned())])
        }
        Ok(bucket) => Fact::of(&bucket.region, |of_bucket| of_bucket == region),
        Err(gap) => Fact::Unknown(vec![gap]),
    }
}

fn bucket_not_read(trail: &Trail) -> Gap {
    not_collected(format!("the bucket {}", trail.bucket))
}

fn not_collected(what: String) -> Gap {
    Gap { origin: Origin::Stated(what), reason: GapReason::NotCollected, detail: String::new() }
}
