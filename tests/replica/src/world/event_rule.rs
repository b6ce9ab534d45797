//! Buses and rules of `EventBridge`.

use super::{Document, Partition, Ref};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An event bus; `default` exists everywhere, with or without a line in the world.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventBus {
    pub(crate) name: String,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) region: String,
    #[serde(default)]
    pub(crate) policy: Document,
}

/// A rule of an event bus.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventRule {
    pub(crate) name: Ref,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) region: String,
    #[serde(default = "default_bus")]
    pub(crate) bus: String,
    #[serde(default)]
    pub(crate) state: RuleState,
    pub(crate) description: Option<String>,
    /// A mapping, or JSON text kept as it is.
    pub(crate) pattern: Option<Value>,
    pub(crate) schedule: Option<String>,
    /// The service that made the rule.
    pub(crate) managed_by: Option<String>,
    #[serde(default)]
    pub(crate) targets: Vec<Target>,
}

fn default_bus() -> String {
    "default".into()
}

impl EventRule {
    /// The ARN; the default bus leaves no mark in it.
    pub(crate) fn arn(&self, partition: Partition) -> String {
        let bus = if self.bus == "default" { String::new() } else { format!("{}/", self.bus) };
        let (region, account) = (&self.region, &self.account.value);
        format!("arn:{}:events:{region}:{account}:rule/{bus}{}", partition.name(), self.name.value)
    }

    /// The pattern as the JSON text that the API returns.
    pub(crate) fn pattern(&self) -> Option<String> {
        self.pattern.as_ref().map(|pattern| match pattern {
            Value::String(text) => text.clone(),
            pattern => pattern.to_string(),
        })
    }
}

/// Whether a rule matches, and whether it matches read-only management events as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum RuleState {
    #[default]
    #[serde(rename = "ENABLED")]
    Enabled,
    #[serde(rename = "DISABLED")]
    Disabled,
    #[serde(rename = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")]
    EnabledForReads,
}

/// Where a rule sends events.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    pub(crate) id: String,
    /// Name of a topic of the world, or the ARN of anything; the ARN after the resolving pass.
    pub(crate) arn: Ref,
    pub(crate) role: Option<String>,
    /// Constant text that is sent in place of the event.
    pub(crate) input: Option<String>,
    /// ARN of the queue for events that did not arrive.
    pub(crate) dead_letter_queue: Option<String>,
}
