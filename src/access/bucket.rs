//! Questions about the policy of a bucket that holds log files.

use super::document::Document;
use super::glob::Pattern;
use super::inquiry::{Findings, Inquiry};
use super::owner::Owner;
use super::service::{self, ServiceGrant};

/// Actions that destroy, replace or unprotect a log object, or copy a deletion to it.
pub const OBJECT_ACTIONS: &[&str] = &[
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
    "s3:PutObjectRetention",
    "s3:BypassGovernanceRetention",
    "s3:PutObjectLegalHold",
    "s3:ReplicateDelete",
    "s3:ReplicateObject",
];

/// Actions that weaken or remove a bucket.
pub const BUCKET_ACTIONS: &[&str] = &[
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketOwnershipControls",
    "s3:PutLifecycleConfiguration",
    "s3:PutBucketVersioning",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutEncryptionConfiguration",
    "s3:PutReplicationConfiguration",
    "s3:PutBucketLogging",
    "s3:PutBucketNotification",
    "s3:DeleteBucket",
];

/// Who may write, overwrite, delete or unprotect objects that the pattern holds (`arn:aws:s3:::logs/AWSLogs/*`).
#[must_use]
pub fn delete_or_overwrite(policy: &Document, objects: &str, owner: Owner<'_>) -> Findings {
    ask(policy, OBJECT_ACTIONS, objects, owner)
}

/// Who may change the bucket, whose ARN is given, or its policy.
#[must_use]
pub fn change_bucket(policy: &Document, bucket: &str, owner: Owner<'_>) -> Findings {
    ask(policy, BUCKET_ACTIONS, bucket, owner)
}

/// Who may read objects that the pattern holds.
#[must_use]
pub fn read(policy: &Document, objects: &str, owner: Owner<'_>) -> Findings {
    ask(policy, &["s3:GetObject", "s3:GetObjectVersion"], objects, owner)
}

/// Who may take one of the actions on some resource that the pattern holds.
#[must_use]
pub fn ask(policy: &Document, actions: &[&str], resources: &str, owner: Owner<'_>) -> Findings {
    let mut inquiry = Inquiry::new(policy, owner);
    inquiry.ask(actions, &Pattern::glob(resources));
    inquiry.finish()
}

/// Statements that let CloudTrail look at the bucket or write below it, and whether they serve only trails of known owners.
#[must_use]
pub fn cloudtrail_grants(policy: &Document, bucket: &str, trail: &str) -> Vec<ServiceGrant> {
    let resources = [Pattern::glob(bucket), Pattern::glob(&format!("{bucket}/*"))];
    let actions = ["s3:GetBucketAcl", "s3:PutObject"];
    service::grants(policy, &actions, &resources, trail, |context, _| {
        context.set("s3:x-amz-acl", super::context::is("bucket-owner-full-control"));
    })
}
