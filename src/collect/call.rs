//! The one table of the calls that a collection makes.

use std::collections::BTreeSet;

/// Where a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the account that the scan starts from.
    Caller,
    /// In the management account or a delegated administrator.
    Organization,
    /// In every account.
    Account,
    /// In the account that owns a log bucket.
    BucketOwner,
    /// In the account that owns a trail's key.
    KeyOwner,
    /// In the account that owns a trail's log group, or a trail.
    LogGroupOwner,
    /// In the account that owns a topic.
    TopicOwner,
}

/// One call that a collection makes.
#[derive(Clone, Copy, Debug)]
pub struct CallSpec {
    /// Service and operation of the API.
    pub operation: &'static str,
    /// The permission it needs, which is not always named like the operation.
    pub action: &'static str,
    /// Where it is made.
    pub place: Place,
    /// What it is asked for.
    pub purpose: &'static str,
    /// Whether it is made whatever the rules need, or what has to be asked before it.
    pub when: When,
}

/// When a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In every collection: without it nothing can be said of coverage.
    Always,
    /// When a selected rule needs it; these tell where to ask.
    Needed(&'static [&'static str]),
}

const fn call(
    operation: &'static str,
    action: &'static str,
    place: Place,
    when: When,
    purpose: &'static str,
) -> CallSpec {
    CallSpec { operation, action, place, purpose, when }
}

/// Where a bucket is, and whose it is.
const BUCKET: When = When::Needed(&["s3:HeadBucket", "s3:ListBuckets"]);
/// Nothing has to be asked before it.
const NEEDED: When = When::Needed(&[]);

/// Every call that a collection may make. Sources: the Service Authorization Reference of each service.
#[rustfmt::skip]
pub const CALLS: &[CallSpec] = &[
    call("sts:GetCallerIdentity", "sts:GetCallerIdentity", Place::Caller, When::Always, "who is asking, and in which partition"),
    call("sts:AssumeRole", "sts:AssumeRole", Place::Caller, When::Always, "credentials for the member accounts"),
    call("organizations:DescribeOrganization", "organizations:DescribeOrganization", Place::Caller, When::Always, "whether there is an organization"),
    call("organizations:ListAccounts", "organizations:ListAccounts", Place::Organization, When::Always, "the accounts"),
    call("organizations:ListRoots", "organizations:ListRoots", Place::Organization, When::Always, "the top of the unit tree"),
    call("organizations:ListOrganizationalUnitsForParent", "organizations:ListOrganizationalUnitsForParent", Place::Organization, When::Always, "the unit tree"),
    call("organizations:ListAccountsForParent", "organizations:ListAccountsForParent", Place::Organization, When::Always, "which unit holds which account"),
    call("organizations:ListDelegatedAdministrators", "organizations:ListDelegatedAdministrators", Place::Organization, NEEDED, "who administers CloudTrail"),
    call("organizations:ListAWSServiceAccessForOrganization", "organizations:ListAWSServiceAccessForOrganization", Place::Organization, NEEDED, "which services are trusted"),
    call("organizations:ListPolicies", "organizations:ListPolicies", Place::Organization, NEEDED, "service and resource control policies"),
    call("organizations:DescribePolicy", "organizations:DescribePolicy", Place::Organization, When::Needed(&["organizations:ListPolicies"]), "their text"),
    call("organizations:ListTargetsForPolicy", "organizations:ListTargetsForPolicy", Place::Organization, When::Needed(&["organizations:ListPolicies"]), "what they are attached to"),
    call("account:ListRegions", "account:ListRegions", Place::Account, When::Always, "the regions enabled in the account"),
    call("cloudtrail:DescribeTrails", "cloudtrail:DescribeTrails", Place::Account, When::Always, "the trails that a region shows"),
    call("cloudtrail:GetTrailStatus", "cloudtrail:GetTrailStatus", Place::Account, When::Always, "logging and delivery"),
    call("cloudtrail:GetEventSelectors", "cloudtrail:GetEventSelectors", Place::Account, When::Always, "what is recorded"),
    call("cloudtrail:GetInsightSelectors", "cloudtrail:GetInsightSelectors", Place::Account, NEEDED, "Insights"),
    call("cloudtrail:GetEventConfiguration", "cloudtrail:GetEventConfiguration", Place::Account, NEEDED, "what is added to events or made of them"),
    call("cloudtrail:ListTags", "cloudtrail:ListTags", Place::Account, NEEDED, "tags"),
    call("cloudtrail:ListEventDataStores", "cloudtrail:ListEventDataStores", Place::Account, NEEDED, "the event data stores that a region shows"),
    call("cloudtrail:GetEventDataStore", "cloudtrail:GetEventDataStore", Place::Account, When::Needed(&["cloudtrail:ListEventDataStores"]), "what they take in, and how they keep it"),
    call("s3:ListBuckets", "s3:ListAllMyBuckets", Place::Account, When::Needed(&["s3:HeadBucket"]), "which account owns a bucket"),
    call("s3:HeadBucket", "s3:ListBucket", Place::Caller, NEEDED, "whether a bucket exists, and where; works without the permission too"),
    call("s3:GetBucketPolicy", "s3:GetBucketPolicy", Place::BucketOwner, BUCKET, "bucket policy"),
    call("s3:GetBucketPolicyStatus", "s3:GetBucketPolicyStatus", Place::BucketOwner, BUCKET, "whether S3 calls that policy public"),
    call("s3:GetBucketAcl", "s3:GetBucketAcl", Place::BucketOwner, BUCKET, "access control list"),
    call("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", Place::BucketOwner, BUCKET, "Block Public Access of the bucket"),
    call("s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", Place::BucketOwner, BUCKET, "Block Public Access of the account"),
    call("s3:GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration", Place::BucketOwner, BUCKET, "Object Lock"),
    call("s3:GetBucketVersioning", "s3:GetBucketVersioning", Place::BucketOwner, BUCKET, "versioning and MFA delete"),
    call("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", Place::BucketOwner, BUCKET, "when log files are deleted"),
    call("s3:GetBucketLogging", "s3:GetBucketLogging", Place::BucketOwner, BUCKET, "server access logging"),
    call("s3:GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", Place::BucketOwner, BUCKET, "whether ACLs have effect"),
    call("s3:GetBucketReplication", "s3:GetReplicationConfiguration", Place::BucketOwner, BUCKET, "replication"),
    call("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration", Place::BucketOwner, BUCKET, "default encryption"),
    call("kms:DescribeKey", "kms:DescribeKey", Place::KeyOwner, NEEDED, "state and manager of the key"),
    call("kms:GetKeyPolicy", "kms:GetKeyPolicy", Place::KeyOwner, NEEDED, "key policy"),
    call("kms:GetKeyRotationStatus", "kms:GetKeyRotationStatus", Place::KeyOwner, NEEDED, "rotation"),
    call("logs:DescribeLogGroups", "logs:DescribeLogGroups", Place::LogGroupOwner, NEEDED, "how a log group is kept"),
    call("logs:DescribeMetricFilters", "logs:DescribeMetricFilters", Place::LogGroupOwner, NEEDED, "which events a log group counts"),
    call("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarms", Place::LogGroupOwner, NEEDED, "which counts raise an alarm"),
    call("events:ListRules", "events:ListRules", Place::LogGroupOwner, NEEDED, "which events are passed on"),
    call("events:ListTargetsByRule", "events:ListTargetsByRule", Place::LogGroupOwner, When::Needed(&["events:ListRules"]), "to whom"),
    call("sns:GetTopicAttributes", "sns:GetTopicAttributes", Place::TopicOwner, NEEDED, "whether a topic exists"),
    call("sns:ListSubscriptionsByTopic", "sns:ListSubscriptionsByTopic", Place::TopicOwner, NEEDED, "whether somebody listens to it"),
];

/// The operations of a collection for rules that need `needed`: those, what has to be asked before them, and what is always asked.
#[must_use]
pub fn wanted<'a>(needed: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'static str> {
    let mut waiting: Vec<&str> = needed.into_iter().collect();
    waiting.extend(CALLS.iter().filter(|call| call.when == When::Always).map(|call| call.operation));
    let mut wanted = BTreeSet::new();
    while let Some(operation) = waiting.pop() {
        let Some(call) = CALLS.iter().find(|call| call.operation == operation) else { continue };
        if wanted.insert(call.operation)
            && let When::Needed(before) = call.when
        {
            waiting.extend(before);
        }
    }
    wanted
}

/// Every operation of [`CALLS`].
#[must_use]
pub fn every_call() -> BTreeSet<&'static str> {
    CALLS.iter().map(|call| call.operation).collect()
}
