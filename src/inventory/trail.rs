//! Trails: configuration, status and selectors.
//!
//! Semantics: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html>.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Observed, Origin};

/// One trail, however many regions and accounts show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    /// Identity; carries the owner's account, which for an organization trail is the management account.
    pub arn: String,
    /// Name within the owner's account.
    pub name: String,
    /// Account id from the ARN.
    pub owner: String,
    /// The only region from which it can be changed.
    pub home_region: String,
    /// Replicated to every enabled region of the account.
    pub is_multi_region: bool,
    /// Copied to every member of the organization.
    pub is_organization_trail: bool,
    /// Also records events of IAM, STS and CloudFront. Forced on for multi-region trails.
    pub includes_global_service_events: bool,
    /// Delivers hourly digest files.
    pub validates_log_files: bool,
    /// Bucket it delivers to.
    pub bucket: String,
    /// Key prefix in the bucket.
    pub prefix: Option<String>,
    /// KMS key (ARN, as CloudTrail reports it) that encrypts log and digest files.
    pub kms_key: Option<String>,
    /// CloudWatch Logs log group ARN, ending in `:*`.
    pub log_group: Option<String>,
    /// Role that CloudTrail uses to write to the log group.
    pub log_group_role: Option<String>,
    /// SNS topic told of each delivery.
    pub topic: Option<String>,
    /// The call that described it.
    pub described_by: Origin,
    /// Account id → regions whose DescribeTrails showed it.
    pub seen_in: BTreeMap<String, Vec<String>>,
    /// GetTrailStatus in the home region.
    pub status: Observed<TrailStatus>,
    /// Region → GetTrailStatus of the replica there: each region logs and delivers for itself.
    pub replicas: BTreeMap<String, Observed<TrailStatus>>,
    /// What it records.
    pub selectors: Observed<Selectors>,
    /// Insights; empty when not enabled.
    pub insights: Observed<Vec<InsightSelector>>,
    /// Tags.
    pub tags: Observed<BTreeMap<String, String>>,
    /// GetEventConfiguration: what is added to events or made of them, as evidence.
    pub event_configuration: Observed<EventConfiguration>,
}

/// What GetEventConfiguration says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventConfiguration {
    /// Templates by which events are aggregated: `API_ACTIVITY`, `RESOURCE_ACCESS`, `USER_ACTIONS`.
    pub aggregations: Vec<String>,
    /// `Standard` or `Large`; empty where the answer does not say.
    pub max_event_size: String,
    /// Tag and condition keys that events are enriched with.
    pub context_keys: Vec<String>,
}

/// What GetTrailStatus says for one region. Times are RFC 3339, UTC.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrailStatus {
    /// Recording now.
    pub is_logging: bool,
    /// Last delivery to the bucket.
    pub latest_delivery: Option<String>,
    /// S3 error of the last delivery attempt.
    pub latest_delivery_error: Option<String>,
    /// Last digest delivery.
    pub latest_digest_delivery: Option<String>,
    /// S3 error of the last digest delivery attempt.
    pub latest_digest_delivery_error: Option<String>,
    /// Last delivery to CloudWatch Logs.
    pub latest_log_group_delivery: Option<String>,
    /// Error of the last delivery to CloudWatch Logs.
    pub latest_log_group_delivery_error: Option<String>,
    /// Last SNS notification.
    pub latest_notification: Option<String>,
    /// Error of the last SNS notification.
    pub latest_notification_error: Option<String>,
    /// When logging was last started.
    pub started_logging: Option<String>,
    /// When logging was last stopped.
    pub stopped_logging: Option<String>,
}

/// What a trail records: one of two generations of selectors, never both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selectors {
    /// `EventSelectors`. An empty list is the default: all management events, no data events.
    Classic(Vec<ClassicSelector>),
    /// `AdvancedEventSelectors`.
    Advanced(Vec<AdvancedSelector>),
}

/// One classic event selector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassicSelector {
    /// `All`, `ReadOnly` or `WriteOnly`, as received.
    pub read_write_type: String,
    /// Records management events.
    pub includes_management_events: bool,
    /// Event sources left out: `kms.amazonaws.com`, `rdsdata.amazonaws.com`.
    pub excluded_management_sources: Vec<String>,
    /// Data events recorded.
    pub data_resources: Vec<DataResource>,
}

/// Data events of one resource type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataResource {
    /// `AWS::S3::Object`, `AWS::Lambda::Function` or `AWS::DynamoDB::Table`.
    pub kind: String,
    /// ARNs or ARN prefixes; `arn:aws:s3` stands for every bucket.
    pub values: Vec<String>,
}

/// One advanced event selector: its fields are joined by AND.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdvancedSelector {
    /// Free text, no meaning.
    pub name: Option<String>,
    /// Conditions.
    pub fields: Vec<AdvancedFieldSelector>,
}

/// One condition: SELECT operators join by OR, DESELECT operators by AND, both groups by AND.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdvancedFieldSelector {
    /// `eventCategory`, `readOnly`, `eventSource`, `resources.ARN`, …
    pub field: String,
    /// Equals.
    pub equals: Vec<String>,
    /// `StartsWith`.
    pub starts_with: Vec<String>,
    /// `EndsWith`.
    pub ends_with: Vec<String>,
    /// `NotEquals`.
    pub not_equals: Vec<String>,
    /// `NotStartsWith`.
    pub not_starts_with: Vec<String>,
    /// `NotEndsWith`.
    pub not_ends_with: Vec<String>,
}

/// One Insights type and the event categories it watches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InsightSelector {
    /// `ApiCallRateInsight` or `ApiErrorRateInsight`.
    pub kind: String,
    /// `Management`, `Data`; empty means `Management`.
    pub categories: Vec<String>,
}
