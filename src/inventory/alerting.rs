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
    /// Rule of a composite alarm; empty for a metric alarm.
    pub composite_rule: String,
    /// Actions are executed.
    pub actions_enabled: bool,
    /// ARNs of what is told or done when it goes off.
    pub actions: Vec<String>,
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
    /// ARNs of its targets.
    pub targets: Observed<Vec<String>>,
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
