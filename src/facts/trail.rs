//! Facts about a trail.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Fact, SubjectRecord};
use crate::report::{Subject, SubjectKind};

/// Facts about a trail.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TrailFacts {
    /// Trail ARN.
    pub arn: String,
    /// Trail name.
    pub name: String,
    /// Id of the account that owns it; of an organization trail, the management account.
    pub owner: String,
    /// Home region: the only one from which it can be changed.
    pub home_region: String,
    /// It is replicated to every enabled region.
    pub is_multi_region: bool,
    /// It is copied to every member of the organization.
    pub is_organization_trail: bool,
    /// It also records events of global services.
    pub includes_global_service_events: bool,
    /// It delivers digest files with its log files.
    pub validates_log_files: bool,
    /// It is recording now, in its home region.
    pub is_logging: Fact<bool>,
    /// Something has been delivered to its bucket.
    pub has_delivered: Fact<bool>,
    /// Whole hours since the last delivery to its bucket; 9007199254740991 when nothing was ever delivered.
    pub hours_since_delivery: Fact<i64>,
    /// Whole hours since logging was last started; 9007199254740991 when that is not on record.
    pub hours_since_logging_started: Fact<i64>,
    /// S3 error of the last delivery attempt; empty when it succeeded.
    pub delivery_error: Fact<String>,
    /// Bucket it delivers to.
    pub bucket: String,
    /// KMS key that encrypts its files; empty when S3's own encryption does.
    pub kms_key: String,
    /// A KMS key is set.
    pub has_kms_key: bool,
    /// The key exists and is managed by the customer, not by AWS.
    pub key_is_customer_managed: Fact<bool>,
    /// The key exists and is in state `Enabled`.
    pub key_is_enabled: Fact<bool>,
    /// State of the key as KMS reports it; `missing` when there is no such key, empty when no key is set.
    pub key_state: Fact<String>,
    /// It records data events of some kind.
    pub records_data_events: Fact<bool>,
    /// Resource types whose data events it records without naming resources, in words; empty when there are none.
    pub account_wide_data_events: Fact<String>,
    /// A CloudWatch Logs log group is set.
    pub has_log_group: bool,
    /// A role for writing to the log group is set.
    pub has_log_group_role: bool,
    /// ARN of the log group; empty when none is set.
    pub log_group: String,
}

impl SubjectRecord for TrailFacts {
    const KIND: SubjectKind = SubjectKind::Trail;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.arn.clone(),
            name: self.name.clone(),
            account: self.owner.clone(),
            region: self.home_region.clone(),
        }
    }
}
