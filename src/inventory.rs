//! What was observed of an organization, with the origin of every value: the auditor's evidence file, the offline input and the test fixture.
//!
//! Knows nothing about how values are collected or judged. Everything here serialises; [`Inventory::load`] and [`Inventory::save`]
//! are the evidence file.

mod alerting;
mod bucket;
mod event_data_store;
mod evidence;
mod key;
mod log_group;
mod observed;
mod organization;
mod trail;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use alerting::{Alarm, Alerting, Evaluation, EventRule, EventTarget, Subscription, Topic, TopicSettings};
pub use bucket::{
    AccessLogging, Acl, AclGrant, Bucket, BucketEncryption, LifecycleRule, ObjectLock, PublicAccessBlock,
    ReplicationRule, Retention, Versioning, WatchedBucket,
};
pub use event_data_store::{EventDataStore, EventDataStoreSettings};
pub use evidence::EvidenceError;
pub use key::{Key, KeyMetadata};
pub use log_group::{LogGroup, LogGroupSettings, Metric, MetricFilter};
pub use observed::{Call, Gap, GapReason, Observed, Origin};
pub use organization::{
    Account, AccountStatus, DelegatedAdministrator, Organization, OrganizationPolicy, OrganizationalUnit,
    TrailSighting,
};
pub use trail::{
    AdvancedFieldSelector, AdvancedSelector, ClassicSelector, DataResource, EventConfiguration,
    InsightSelector, Selectors, Trail, TrailStatus,
};

/// The version of the evidence file that this build writes and reads.
pub const EVIDENCE_VERSION: u32 = 2;

/// Everything observed in one collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// [`EVIDENCE_VERSION`] of the build that wrote it.
    pub version: u32,
    /// How, when and as whom it was collected.
    pub collection: Collection,
    /// `None` when the account belongs to no organization or the scan was limited to one account.
    pub organization: Option<Organization>,
    /// By account id; every account of the organization, also those out of scope.
    pub accounts: BTreeMap<String, Account>,
    /// By ARN: each trail once, however many regions and accounts show it.
    pub trails: BTreeMap<String, Trail>,
    /// By name: the buckets that trails deliver to.
    pub buckets: BTreeMap<String, Bucket>,
    /// By the identifier that trails name them with.
    pub keys: BTreeMap<String, Key>,
    /// By ARN without the `:*` at its end: the log groups that trails deliver to.
    pub log_groups: BTreeMap<String, LogGroup>,
    /// By ARN: the topics that trails, alarms and event rules tell.
    pub topics: BTreeMap<String, Topic>,
    /// By ARN: each event data store once.
    pub event_data_stores: BTreeMap<String, EventDataStore>,
    /// By name: the buckets that rules ask about by parameter.
    pub watched_buckets: BTreeMap<String, WatchedBucket>,
}

/// How, when and as whom an inventory was collected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    /// Version of the collecting build.
    pub tool_version: String,
    /// RFC 3339, UTC, whole seconds.
    pub started_at: String,
    /// RFC 3339, UTC, whole seconds.
    pub finished_at: String,
    /// Account of the credentials the scan started with.
    pub caller_account: String,
    /// ARN of the identity the scan started with.
    pub caller_arn: String,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// What the user limited the scan to.
    pub scope: Scope,
    /// The user stopped the collection before it was complete.
    pub interrupted: bool,
    /// API requests made, retries not counted.
    pub calls: u64,
}

/// What the user limited the scan to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Only the caller's own account was looked at.
    pub account_only: bool,
    /// `Some` when the verdicts speak of these regions only.
    pub regions: Option<Vec<String>>,
    /// Empty: all accounts.
    pub accounts: Vec<String>,
    /// Accounts left out.
    pub exclude_accounts: Vec<String>,
    /// Organizational units (id) whose accounts are in scope; empty: all.
    pub organizational_units: Vec<String>,
}
