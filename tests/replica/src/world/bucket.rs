//! Buckets: everything that S3 says about one, with the defaults of a well-kept log bucket.

use super::{Document, Moment, Ref};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A bucket; a bucket that was deleted is simply not in the world.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) region: String,
    pub(crate) created: Option<Moment>,
    #[serde(default)]
    pub(crate) policy: Document,
    /// Computed from the policy when absent.
    pub(crate) policy_is_public: Option<bool>,
    #[serde(default = "owner_only")]
    pub(crate) acl: Vec<Grant>,
    #[serde(default = "PublicAccess::blocked")]
    pub(crate) public_access_block: PublicAccess,
    #[serde(default)]
    pub(crate) versioning: Versioning,
    pub(crate) mfa_delete: Option<bool>,
    pub(crate) object_lock: Option<ObjectLock>,
    pub(crate) logging: Option<Logging>,
    #[serde(default)]
    pub(crate) lifecycle: Vec<LifecycleRule>,
    #[serde(default)]
    pub(crate) encryption: Encryption,
    /// `none` for a bucket that never had the setting.
    #[serde(default = "owner_enforced")]
    pub(crate) ownership: String,
    #[serde(default)]
    pub(crate) replication: Vec<ReplicationRule>,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
    /// Other accounts that may read, and the actions they may use.
    #[serde(default)]
    pub(crate) cross_account_read: Vec<Reader>,
}

fn owner_only() -> Vec<Grant> {
    vec![Grant { grantee: "owner".into(), permission: "FULL_CONTROL".into() }]
}

fn owner_enforced() -> String {
    "BucketOwnerEnforced".into()
}

fn yes() -> bool {
    true
}

/// A line of an access control list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grant {
    /// `owner`, `all-users`, `authenticated-users`, `log-delivery`, or a canonical user id.
    pub(crate) grantee: String,
    pub(crate) permission: String,
}

/// Block Public Access: `all`, `none` (never set), or four switches.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(from = "PublicAccessForm")]
pub(crate) struct PublicAccess(pub(crate) Option<Switches>);

impl PublicAccess {
    fn blocked() -> Self {
        Self(Some(Switches::ALL))
    }
}

/// The four switches of Block Public Access.
#[expect(clippy::struct_excessive_bools, reason = "the API has four independent switches")]
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Switches {
    #[serde(default)]
    pub(crate) block_public_acls: bool,
    #[serde(default)]
    pub(crate) ignore_public_acls: bool,
    #[serde(default)]
    pub(crate) block_public_policy: bool,
    #[serde(default)]
    pub(crate) restrict_public_buckets: bool,
}

impl Switches {
    const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PublicAccessForm {
    Word(PublicAccessWord),
    Switches(Switches),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum PublicAccessWord {
    All,
    None,
}

impl From<PublicAccessForm> for PublicAccess {
    fn from(form: PublicAccessForm) -> Self {
        Self(match form {
            PublicAccessForm::Word(PublicAccessWord::All) => Some(Switches::ALL),
            PublicAccessForm::Word(PublicAccessWord::None) => None,
            PublicAccessForm::Switches(switches) => Some(switches),
        })
    }
}

/// Whether old versions are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Versioning {
    #[default]
    Enabled,
    Suspended,
    #[serde(rename = "never")]
    Never,
}

/// Object Lock; without a mode there is no default retention.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectLock {
    pub(crate) mode: Option<String>,
    pub(crate) days: Option<u32>,
    pub(crate) years: Option<u32>,
}

/// Server access logging.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Logging {
    pub(crate) bucket: String,
    #[serde(default)]
    pub(crate) prefix: String,
}

/// One rule of a lifecycle configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LifecycleRule {
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) prefix: String,
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    pub(crate) expiration_days: Option<u32>,
    pub(crate) noncurrent_expiration_days: Option<u32>,
    #[serde(default)]
    pub(crate) transitions: Vec<Transition>,
}

/// A move to another storage class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transition {
    pub(crate) days: u32,
    pub(crate) storage_class: String,
}

/// Default encryption.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Encryption {
    pub(crate) algorithm: String,
    pub(crate) key: Option<String>,
    #[serde(default)]
    pub(crate) bucket_key: bool,
}

impl Default for Encryption {
    fn default() -> Self {
        Self { algorithm: "AES256".into(), key: None, bucket_key: false }
    }
}

/// One rule of a replication configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplicationRule {
    pub(crate) id: Option<String>,
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    pub(crate) bucket: String,
    pub(crate) account: Option<Ref>,
    pub(crate) storage_class: Option<String>,
    /// Also copies objects that a KMS key encrypts.
    #[serde(default = "yes")]
    pub(crate) kms_encrypted: bool,
}

/// Another account with read access.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reader {
    pub(crate) account: Ref,
    /// Patterns of actions such as `s3:GetBucket*`.
    pub(crate) actions: Vec<String>,
}
