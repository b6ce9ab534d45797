//! Log groups of CloudWatch Logs with their metric filters, and the policies that let services write.

use super::{Document, Moment, Partition, Ref};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A log group; the defaults are those of the API: kept forever, not encrypted with a key of the customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogGroup {
    pub(crate) name: String,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) region: String,
    pub(crate) created: Option<Moment>,
    /// Forever when absent.
    pub(crate) retention_days: Option<u32>,
    /// Alias or id of a key of the world, or an ARN of any key.
    pub(crate) kms_key: Option<String>,
    #[serde(default)]
    pub(crate) class: LogClass,
    #[serde(default)]
    pub(crate) deletion_protection: bool,
    #[serde(default)]
    pub(crate) stored_bytes: u64,
    #[serde(default)]
    pub(crate) metric_filters: Vec<MetricFilter>,
}

impl LogGroup {
    /// The ARN without the `:*` of its streams.
    pub(crate) fn arn(&self, partition: Partition) -> String {
        let (region, account) = (&self.region, &self.account.value);
        format!("arn:{}:logs:{region}:{account}:log-group:{}", partition.name(), self.name)
    }
}

/// The class of a log group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum LogClass {
    #[default]
    Standard,
    InfrequentAccess,
    Delivery,
}

/// A metric filter with its one transformation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricFilter {
    pub(crate) name: String,
    pub(crate) pattern: String,
    pub(crate) metric: String,
    #[serde(default = "super::alarm::namespace")]
    pub(crate) namespace: String,
    #[serde(default = "one")]
    pub(crate) value: String,
    pub(crate) default_value: Option<f64>,
    pub(crate) unit: Option<String>,
    #[serde(default)]
    pub(crate) dimensions: BTreeMap<String, String>,
    /// Looks only at events with these system fields.
    pub(crate) field_selection: Option<String>,
    /// Looks at what a transformer made of the events.
    #[serde(default)]
    pub(crate) on_transformed_logs: bool,
    pub(crate) created: Option<Moment>,
}

fn one() -> String {
    "1".into()
}

/// A resource policy of CloudWatch Logs: of an account and region, or of one log group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogResourcePolicy {
    pub(crate) name: String,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) region: String,
    pub(crate) document: Document,
    /// Name of the log group that the policy belongs to; the ARN after the resolving pass.
    pub(crate) log_group: Option<Ref>,
    pub(crate) updated: Option<Moment>,
}
