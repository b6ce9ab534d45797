//! Alarms of CloudWatch: on a metric, on an expression over metrics, or on other alarms.

use super::{Moment, Partition, Ref};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An alarm; the defaults are those that fit a metric filter which counts events.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Alarm {
    pub(crate) name: Ref,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) region: String,
    pub(crate) description: Option<String>,
    #[serde(default = "yes")]
    pub(crate) actions_enabled: bool,
    /// Names of topics of the world, or ARNs of anything; ARNs after the resolving pass.
    #[serde(default)]
    pub(crate) actions: Vec<Ref>,
    #[serde(default)]
    pub(crate) ok_actions: Vec<Ref>,
    #[serde(default)]
    pub(crate) insufficient_data_actions: Vec<Ref>,
    #[serde(default)]
    pub(crate) state: AlarmState,
    pub(crate) updated: Option<Moment>,
    /// Makes it an alarm on one metric.
    pub(crate) metric: Option<String>,
    #[serde(default = "namespace")]
    pub(crate) namespace: String,
    #[serde(default)]
    pub(crate) dimensions: BTreeMap<String, String>,
    #[serde(default = "sum")]
    pub(crate) statistic: String,
    #[serde(default = "five_minutes")]
    pub(crate) period: u32,
    #[serde(default = "one")]
    pub(crate) evaluation_periods: u32,
    pub(crate) datapoints: Option<u32>,
    #[serde(default = "one_point")]
    pub(crate) threshold: f64,
    #[serde(default = "at_least")]
    pub(crate) comparison: String,
    #[serde(default = "not_breaching")]
    pub(crate) treat_missing_data: String,
    /// Values in any other unit are not looked at.
    pub(crate) unit: Option<String>,
    /// Makes it an alarm on an expression.
    #[serde(default)]
    pub(crate) metrics: Vec<MetricDataQuery>,
    /// Makes it a composite alarm.
    pub(crate) rule: Option<String>,
    /// The alarm that silences a composite one.
    pub(crate) suppressor: Option<String>,
}

fn yes() -> bool {
    true
}

/// The namespace that AWS's guide to alarms for trails uses.
pub(super) fn namespace() -> String {
    "CloudTrailMetrics".into()
}

fn sum() -> String {
    "Sum".into()
}

fn five_minutes() -> u32 {
    300
}

fn one() -> u32 {
    1
}

fn one_point() -> f64 {
    1.0
}

fn at_least() -> String {
    "GreaterThanOrEqualToThreshold".into()
}

fn not_breaching() -> String {
    "notBreaching".into()
}

impl Alarm {
    /// The alarm's ARN.
    pub(crate) fn arn(&self, partition: Partition) -> String {
        let (region, account) = (&self.region, &self.account.value);
        format!("arn:{}:cloudwatch:{region}:{account}:alarm:{}", partition.name(), self.name.value)
    }

    /// The word for its kind in requests.
    pub(crate) fn kind(&self) -> &'static str {
        if self.rule.is_some() { "CompositeAlarm" } else { "MetricAlarm" }
    }

    /// Everything that happens when the state changes.
    pub(crate) fn all_actions_mut(&mut self) -> impl Iterator<Item = &mut Ref> {
        self.actions.iter_mut().chain(&mut self.ok_actions).chain(&mut self.insufficient_data_actions)
    }

    /// Everything that happens when the state changes.
    pub(crate) fn all_actions(&self) -> impl Iterator<Item = &str> {
        let actions = self.actions.iter().chain(&self.ok_actions).chain(&self.insufficient_data_actions);
        actions.map(|action| action.value.as_str())
    }
}

/// What the alarm thinks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AlarmState {
    #[default]
    Ok,
    Alarm,
    InsufficientData,
}

/// A line of an expression over metrics, in the words of the API.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct MetricDataQuery {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric_stat: Option<MetricStat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_data: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct MetricStat {
    metric: Metric,
    #[serde(default = "five_minutes")]
    period: u32,
    #[serde(default = "sum")]
    stat: String,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Metric {
    #[serde(default = "namespace")]
    namespace: String,
    #[serde(rename = "MetricName")]
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dimensions: Vec<Dimension>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Dimension {
    name: String,
    value: String,
}
