//! The log group that a trail delivers to, and the metric filters on it.

use serde::{Deserialize, Serialize};

use super::Observed;

/// A CloudWatch Logs log group, read in the account and region of its ARN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogGroup {
    /// ARN without the `:*` at its end.
    pub arn: String,
    /// Name within account and region.
    pub name: String,
    /// Account id from the ARN.
    pub owner: String,
    /// Region from the ARN.
    pub region: String,
    /// How it is kept; `None`: there is no such log group.
    pub settings: Observed<Option<LogGroupSettings>>,
    /// Its metric filters; empty where there is no such log group.
    pub metric_filters: Observed<Vec<MetricFilter>>,
}

/// What DescribeLogGroups says of one log group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogGroupSettings {
    /// Days that log events are kept; `None`: forever.
    pub retention_days: Option<i64>,
    /// KMS key of the customer that encrypts it.
    pub kms_key: Option<String>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`; metric filters work on `STANDARD` only.
    pub class: String,
    /// Deletion protection; `None` where the answer does not say.
    pub is_protected_from_deletion: Option<bool>,
}

/// A metric filter: what it picks and the metrics that it counts into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricFilter {
    /// Name within the log group.
    pub name: String,
    /// The pattern as written.
    pub pattern: String,
    /// It runs on log events as transformed by the log group's transformer, not as CloudTrail wrote them.
    pub applies_to_transformed_logs: bool,
    /// Metrics it counts into.
    pub metrics: Vec<Metric>,
}

/// A metric by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Namespace.
    pub namespace: String,
    /// Metric name.
    pub name: String,
    /// The metric filter splits the metric by these; an alarm on the metric without them sees nothing.
    pub dimensions: Vec<String>,
    /// What is counted per match, as written: `1`, `$.size`; empty where it does not apply.
    pub value: String,
    /// What a metric filter counts where log events arrive and none matches, as text, for it may be any decimal.
    pub default_value: Option<String>,
    /// The unit that a metric filter counts in, or that an alarm asks for; `None` where none is set.
    pub unit: Option<String>,
}
