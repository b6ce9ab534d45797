//! What raises an alarm: CloudWatch alarms, EventBridge rules, and the topics that carry the message.

use serde::{Deserialize, Serialize};

use super::{Metric, Observed};

/// What one region of one account has for raising alarms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alerting {
    /// CloudWatch alarms, metric and composite.
    pub alarms: Observed<Vec<Alarm>>,
    /// Rules on the default event bus.
    pub event_rules: Observed<Vec<EventRule>>,
}

/// A CloudWatch alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Name within account and region.
    pub name: String,
    /// Alarm ARN.
    pub arn: String,
    /// Metrics it watches, alone or in an expression; empty for a composite alarm.
    pub metrics: Vec<Metric>,
    /// It watches one metric by itself, not in an expression.
    pub is_plain: bool,
    /// `Sum`, `SampleCount`, `Maximum`, `p90`, …; empty where it does not apply.
    pub statistic: String,
    /// `GreaterThanOrEqualToThreshold`, …; empty for a composite alarm.
    pub comparison: String,
    /// Threshold as text, for it may be any decimal; `None` where there is none.
    pub threshold: Option<String>,
    /// How datapoints make its state; `None` for a composite alarm, and where the answer does not say.
    pub evaluation: Option<Evaluation>,
    /// Rule of a composite alarm; empty for a metric alarm.
    pub composite_rule: String,
    /// Name or ARN of the alarm that, while it is in alarm, keeps a composite alarm from acting.
    pub suppressor: Option<String>,
    /// Actions are executed.
    pub actions_enabled: bool,
    /// ARNs of what is told or done when it goes off.
    pub actions: Vec<String>,
}

/// How the datapoints of a metric make the state of an alarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// Seconds that one datapoint stands for, where the alarm watches one metric by itself.
    pub period: Option<i32>,
    /// `EvaluationPeriods`: the datapoints that are looked at.
    pub periods: i32,
    /// `DatapointsToAlarm`: how many of them have to breach; as many as are looked at where it is not set.
    pub datapoints_to_alarm: i32,
    /// `TreatMissingData`: `missing` where it is not set.
    pub missing_data: String,
}

/// A rule of EventBridge with its targets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Name within the bus.
    pub name: String,
    /// Rule ARN.
    pub arn: String,
    /// `ENABLED`, `DISABLED` or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
    pub state: String,
    /// The pattern, JSON; `None` for a rule on a schedule.
    pub pattern: Option<String>,
    /// Where it sends events.
    pub targets: Observed<Vec<EventTarget>>,
}

/// Where a rule of EventBridge sends events.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventTarget {
    /// Target ARN.
    pub arn: String,
    /// ARN of the role that EventBridge takes to reach it.
    pub role: Option<String>,
}

/// An SNS topic, read in the account and region of its ARN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Topic ARN.
    pub arn: String,
    /// GetTopicAttributes; `None`: there is no such topic.
    pub settings: Observed<Option<TopicSettings>>,
    /// Its subscriptions; empty where there is no such topic.
    pub subscriptions: Observed<Vec<Subscription>>,
}

/// What GetTopicAttributes says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicSettings {
    /// KMS key that encrypts it.
    pub kms_key: Option<String>,
    /// Access policy, JSON.
    pub policy: Option<String>,
}

/// A subscription to a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// `email`, `sqs`, `lambda`, `https`, …
    pub protocol: String,
    /// Where messages go.
    pub endpoint: String,
    /// Somebody confirmed it; SNS shows `PendingConfirmation` or `Deleted` instead of an ARN where nobody did.
    pub is_confirmed: bool,
}
