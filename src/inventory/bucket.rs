//! The bucket that a trail delivers to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Gap, Observed};

/// A log bucket, read with the credentials of the account that owns it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Global name.
    pub name: String,
    /// HeadBucket found it (any answer but 404).
    pub exists: Observed<bool>,
    /// Region it lives in.
    pub region: Observed<String>,
    /// Account that lists it as its own; `None` when every account in the organization was asked and none does.
    pub owner: Observed<Option<String>>,
    /// Policy document, JSON; `None`: the bucket has no policy.
    pub policy: Observed<Option<String>>,
    /// S3's own judgement of the policy; false without a policy. Says nothing of Block Public Access.
    pub policy_is_public: Observed<bool>,
    /// Access control list.
    pub acl: Observed<Acl>,
    /// Block Public Access of the bucket; `None`: not set.
    pub public_access_block: Observed<Option<PublicAccessBlock>>,
    /// Block Public Access of the owner's account; `None`: not set.
    pub account_public_access_block: Observed<Option<PublicAccessBlock>>,
    /// Object Lock; `None`: not enabled.
    pub object_lock: Observed<Option<ObjectLock>>,
    /// Versioning and MFA delete.
    pub versioning: Observed<Versioning>,
    /// Lifecycle rules; empty: none.
    pub lifecycle: Observed<Vec<LifecycleRule>>,
    /// Server access logging; `None`: off.
    pub access_logging: Observed<Option<AccessLogging>>,
    /// `BucketOwnerEnforced`, `BucketOwnerPreferred` or `ObjectWriter`; `None`: never set, which acts as `ObjectWriter`.
    pub object_ownership: Observed<Option<String>>,
    /// Replication rules; empty: none.
    pub replication: Observed<Vec<ReplicationRule>>,
    /// Default encryption.
    pub encryption: Observed<BucketEncryption>,
}

/// One lifecycle rule, as far as it deletes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleRule {
    /// Its id.
    pub id: String,
    /// In force.
    pub is_enabled: bool,
    /// Keys it applies to; empty: all.
    pub prefix: String,
    /// It applies only to objects with certain tags or sizes.
    pub is_narrowed: bool,
    /// Days after which current objects expire.
    pub expires_after_days: Option<i64>,
    /// Date (RFC 3339) on which current objects expire.
    pub expires_on: Option<String>,
    /// Days after which old versions are deleted.
    pub deletes_old_versions_after_days: Option<i64>,
}

/// Where server access logs go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessLogging {
    /// Bucket that receives them.
    pub bucket: String,
    /// Key prefix there.
    pub prefix: String,
}

/// One replication rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplicationRule {
    /// Its id.
    pub id: String,
    /// In force.
    pub is_enabled: bool,
    /// Keys it applies to; empty: all.
    pub prefix: String,
    /// It applies only to objects with certain tags.
    pub is_narrowed: bool,
    /// It also copies objects that a KMS key encrypts, which S3 leaves out unless told.
    pub copies_kms_encrypted: bool,
    /// ARN of the bucket that receives copies.
    pub bucket: String,
    /// Account of that bucket, where the rule names it.
    pub account: Option<String>,
}

/// Default encryption of new objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketEncryption {
    /// `AES256`, `aws:kms` or `aws:kms:dsse`; `none` where the bucket has no configuration.
    pub algorithm: String,
    /// KMS key, where one is named.
    pub kms_key: Option<String>,
}

/// A bucket that a rule's parameter names, not one that trails deliver to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchedBucket {
    /// Global name.
    pub name: String,
    /// HeadBucket found it.
    pub exists: Observed<bool>,
    /// Region it lives in.
    pub region: Observed<String>,
    /// Account that lists it as its own; `None` when every account in the organization was asked and none does.
    pub owner: Observed<Option<String>>,
    /// Accounts that may own it and did not tell, and why; none once the owner is known.
    pub unasked: BTreeMap<String, Gap>,
}

/// Access control list of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acl {
    /// Canonical id of the bucket's owner, who is no stranger among the grantees.
    pub owner: Option<String>,
    /// Who may do what.
    pub grants: Vec<AclGrant>,
}

/// One grant of a bucket ACL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AclGrant {
    /// Canonical id, group URI or e-mail address.
    pub grantee: String,
    /// `FULL_CONTROL`, `READ`, `WRITE`, `READ_ACP` or `WRITE_ACP`.
    pub permission: String,
}

/// The four switches of Block Public Access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicAccessBlock {
    /// New public ACLs are refused.
    pub block_public_acls: bool,
    /// Public ACLs have no effect.
    pub ignore_public_acls: bool,
    /// New public policies are refused.
    pub block_public_policy: bool,
    /// A public policy only serves the owner's account and AWS services.
    pub restrict_public_buckets: bool,
}

/// Object Lock is enabled on the bucket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectLock {
    /// Applied to new objects; without it only single objects are locked.
    pub default_retention: Option<Retention>,
}

/// A default retention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// `GOVERNANCE` (can be bypassed with a permission) or `COMPLIANCE` (by nobody).
    pub mode: String,
    /// Days; a period given in years counts 365 days each.
    pub days: i64,
}

/// Versioning of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versioning {
    /// `Enabled`, `Suspended`; `None`: never turned on.
    pub status: Option<String>,
    /// MFA is needed to delete a version.
    pub mfa_delete: bool,
}
