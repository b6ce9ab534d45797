//! Whether policies keep the people of its owner from weakening or emptying a log bucket.

use std::collections::BTreeSet;

use schemars::JsonSchema;

use super::super::Fact;
use super::super::coverage::Coverage;
use super::super::guardrails::{Store, StoreGuard, Threat};
use super::super::part::record;
use super::super::policy::Policy;
use super::not_collected;
use super::policy::folder;
use crate::access::bucket::{BUCKET_ACTIONS, OBJECT_ACTIONS};
use crate::inventory::{Bucket, Observed, Trail};

record! {
inline;
/// What keeps the people of its owner away from a log bucket.
#[derive(Clone, Debug, JsonSchema)]
pub struct LogBucketGuardFacts {
    /// Service or resource control policies of its owner, or its own policy, keep everybody in its owner's account, but exempted principals, from opening, emptying or deleting it, and from writing over the files of its trails.
    #[schemars(extend("x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "s3:ListBuckets", "s3:GetBucketPolicy"]))]
    pub denies_changes: Fact<bool>,
    /// Actions against it that certainly no policy denies in its owner's account, in words; empty when none are known.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "s3:ListBuckets", "s3:GetBucketPolicy"]))]
    pub undenied_actions: String,
    /// Principals that those policies exempt, as far as they were read, in words; empty when none are known.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "s3:ListBuckets", "s3:GetBucketPolicy"]))]
    pub guardrail_exemptions: String,
}
}

impl LogBucketGuardFacts {
    pub(super) fn of(bucket: &Bucket, trails: &[&Trail], coverage: &Coverage<'_>) -> Self {
        let StoreGuard { is_complete, undenied, exempt } = guard(bucket, trails, coverage);
        Self { denies_changes: is_complete, undenied_actions: undenied, guardrail_exemptions: exempt }
    }
}

fn guard(bucket: &Bucket, trails: &[&Trail], coverage: &Coverage<'_>) -> StoreGuard {
    let (owner, origin) = match &bucket.owner {
        Observed::Known { value: Some(owner), origin } => (owner, origin),
        Observed::Known { value: None, .. } => {
            return StoreGuard::unknown(vec![not_collected(format!("the owner of {}", bucket.name))]);
        }
        Observed::Gap(gap) => return StoreGuard::unknown(vec![gap.clone()]),
    };
    let policy = Policy::of(&bucket.policy, Option::as_deref);
    let store = Store { owner, region: None, policy, origin };
    let ask = |folders: &BTreeSet<String>| {
        let threats = threats(&coverage.inventory.collection.partition, &bucket.name, folders);
        coverage.guardrails.of_store(&store, &threats)
    };
    let found = ask(&trails.iter().map(|trail| folder(trail)).collect());
    let hidden = &coverage.hidden_trails;
    if found.is_complete.value() != Some(&true) || hidden.is_empty() {
        return found;
    }
    // A trail that was not seen may have another prefix.
    let anywhere = ask(&[String::new(), "*/".to_owned()].into());
    if anywhere.is_complete.value() == Some(&true) {
        return found;
    }
    StoreGuard { is_complete: Fact::Unknown(hidden.clone()), ..found }
}

/// What may be done to the bucket, and to log files below these folders.
fn threats(partition: &str, bucket: &str, folders: &BTreeSet<String>) -> [Threat; 2] {
    let start = format!("arn:{partition}:s3:::");
    let files = folders.iter().map(|folder| format!("{start}{bucket}/{folder}AWSLogs/*"));
    [
        Threat { actions: BUCKET_ACTIONS, any: format!("{start}*"), own: vec![format!("{start}{bucket}")] },
        Threat { actions: OBJECT_ACTIONS, any: format!("{start}*/*"), own: files.collect() },
    ]
}
