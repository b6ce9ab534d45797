//! Facts about a bucket that trails deliver to.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Fact, SubjectRecord};
use crate::report::{Subject, SubjectKind};

/// Facts about a bucket that trails deliver to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LogBucketFacts {
    /// Bucket name.
    pub name: String,
    /// Bucket ARN.
    pub arn: String,
    /// Names of the trails that deliver to it.
    pub trails: Vec<String>,
    /// It exists.
    pub exists: Fact<bool>,
    /// Region it lives in.
    pub region: Fact<String>,
    /// Id of the account that owns it; empty when no account that could be asked for it does.
    pub owner: Fact<String>,
    /// The accounts that were looked at form an organization.
    pub is_in_organization: bool,
    /// Its owner is an account of the organization, or the scanned account.
    pub is_owned_in_organization: Fact<bool>,
    /// Its owner is the management account.
    pub is_owned_by_management_account: Fact<bool>,
    /// Its owner also owns a trail that delivers to it.
    pub is_owned_by_trail_owner: Fact<bool>,
    /// Anyone can reach it: through its policy or its ACL, with no Block Public Access in the way.
    pub is_public: Fact<bool>,
    /// What opens it to anyone, in words; empty when it is not public.
    pub opened_by: Fact<String>,
    /// Object Lock applies a default retention to new objects.
    pub locks_objects: Fact<bool>,
    /// Mode of the default retention, `GOVERNANCE` or `COMPLIANCE`; empty without one.
    pub object_lock_mode: Fact<String>,
    /// Days of the default retention; 0 without one.
    pub object_lock_days: Fact<i64>,
    /// Versioning is enabled.
    pub versions_objects: Fact<bool>,
    /// Versioning as S3 reports it: `Enabled`, `Suspended`, or `never enabled`.
    pub versioning: Fact<String>,
}

impl SubjectRecord for LogBucketFacts {
    const KIND: SubjectKind = SubjectKind::LogBucket;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.arn.clone(),
            name: self.name.clone(),
            account: self.owner.value().cloned().unwrap_or_default(),
            region: self.region.value().cloned().unwrap_or_default(),
        }
    }
}
