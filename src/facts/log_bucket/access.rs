//! Who may touch a log bucket, by its policy, its ACL and Block Public Access.

use schemars::JsonSchema;

use super::super::Fact;
use super::super::coverage::Coverage;
use super::super::part::record;
use super::policy::BucketPolicy;
use super::{acl, public};
use crate::inventory::{Bucket, Trail};

record! {
inline;
/// Who may touch a log bucket.
#[derive(Clone, Debug, JsonSchema)]
pub struct LogBucketAccessFacts {
    /// Anyone can reach it: through its policy or its ACL, with no Block Public Access in the way.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicyStatus", "s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub is_public: Fact<bool>,
    /// What opens it to anyone, in words; empty when it is not public.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicyStatus", "s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub opened_by: Fact<String>,
    /// All four switches of Block Public Access are on, each on the bucket or on its owner's account.
    #[schemars(extend("x-calls" = ["s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub blocks_public_access: Fact<bool>,
    /// Its policy or ACL lets somebody besides CloudTrail and its owner's account write, overwrite, delete or unprotect the files of a trail; services that only deliver log files of their own names are left out.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy", "s3:GetBucketPolicyStatus", "s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock", "s3:ListBuckets"]))]
    pub lets_others_write: Fact<bool>,
    /// Who that is, in words, as far as it is certain; empty when nobody is.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["s3:GetBucketPolicy", "s3:GetBucketPolicyStatus", "s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock", "s3:ListBuckets"]))]
    pub writers: String,
    /// Its policy or ACL lets somebody outside its owner's account change its policy, ACL, lifecycle, versioning, retention, encryption or replication, or delete it.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy", "s3:GetBucketPolicyStatus", "s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock", "s3:ListBuckets"]))]
    pub lets_others_change_it: Fact<bool>,
    /// Who that is, in words, as far as it is certain; empty when nobody is.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["s3:GetBucketPolicy", "s3:GetBucketPolicyStatus", "s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock", "s3:ListBuckets"]))]
    pub changers: String,
    /// Whatever its policy grants to CloudTrail is pinned to named trails, accounts or organizations.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy"]))]
    pub pins_cloudtrail: Fact<bool>,
    /// Statements that let CloudTrail write for trails of any account, in words, as far as it is certain; empty when there are none.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["s3:GetBucketPolicy"]))]
    pub unpinned_grants: String,
    /// Its policy denies every request that is not encrypted in transit, on the bucket and on all of its objects.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy"]))]
    pub requires_tls: Fact<bool>,
    /// ACLs have no effect: ownership is `BucketOwnerEnforced`.
    #[schemars(extend("x-calls" = ["s3:GetBucketOwnershipControls"]))]
    pub disables_acls: Fact<bool>,
    /// Object ownership as S3 reports it; `ObjectWriter` when it was never set.
    #[schemars(extend("x-calls" = ["s3:GetBucketOwnershipControls"]))]
    pub object_ownership: Fact<String>,
}
}

impl LogBucketAccessFacts {
    pub(super) fn of(bucket: &Bucket, trails: &[&Trail], coverage: &Coverage<'_>) -> Self {
        let policy = BucketPolicy::of(bucket, trails, coverage);
        let openings = public::openings(bucket, &policy.read);
        let [by_policy, by_acl] = openings.clone();
        let writers = policy.writers().or(acl::writers(bucket));
        let changers = policy.changers().or(acl::changers(bucket));
        let unpinned = policy.unpinned();
        Self {
            is_public: by_policy.or(by_acl),
            opened_by: public::opened_by(openings),
            blocks_public_access: public::blocks_public_access(bucket),
            writers: writers.in_words(),
            lets_others_write: writers.is,
            changers: changers.in_words(),
            lets_others_change_it: changers.is,
            unpinned_grants: unpinned.in_words(),
            pins_cloudtrail: !unpinned.is,
            requires_tls: policy.requires_tls(),
            disables_acls: Fact::of(&bucket.object_ownership, |setting| {
                setting.as_deref() == Some("BucketOwnerEnforced")
            }),
            object_ownership: Fact::of(&bucket.object_ownership, |setting| {
                setting.clone().unwrap_or_else(|| "ObjectWriter".to_owned())
            }),
        }
    }
}
