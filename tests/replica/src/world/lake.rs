//! Event data stores of CloudTrail Lake.

use super::trail::AdvancedEventSelector;
use super::{Document, Moment, Partition, Ref, uuid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An event data store; the defaults are those of the console: all regions, management events, protected.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventDataStore {
    pub(crate) name: String,
    /// The end of the ARN, derived when absent.
    pub(crate) id: Option<String>,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) home_region: String,
    #[serde(default = "yes")]
    pub(crate) multi_region: bool,
    /// Owned by the management account, and hidden from members.
    #[serde(default)]
    pub(crate) organization: bool,
    #[serde(default)]
    pub(crate) status: LakeStatus,
    #[serde(default = "yes")]
    pub(crate) termination_protection: bool,
    #[serde(default)]
    pub(crate) billing: Billing,
    /// What the billing mode starts with when absent.
    pub(crate) retention_days: Option<u32>,
    /// Alias or id of a key of the world, or an ARN of any key.
    pub(crate) kms_key: Option<String>,
    #[serde(default = "management_events")]
    pub(crate) advanced_event_selectors: Vec<AdvancedEventSelector>,
    pub(crate) created: Option<Moment>,
    pub(crate) updated: Option<Moment>,
    /// The role of a federation; not federated when absent.
    pub(crate) federation_role: Option<String>,
    #[serde(default)]
    pub(crate) max_event_size: EventSize,
    #[serde(default)]
    pub(crate) context_keys: Vec<ContextKeySelector>,
    #[serde(default)]
    pub(crate) resource_policy: Document,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

fn management_events() -> Vec<AdvancedEventSelector> {
    vec![AdvancedEventSelector::management()]
}

impl EventDataStore {
    /// The end of the ARN.
    pub(crate) fn id(&self) -> String {
        let seed = || uuid(&format!("{}/{}/{}", self.account.value, self.home_region, self.name));
        self.id.clone().unwrap_or_else(seed)
    }

    /// The ARN, the same in every region where the store shows up.
    pub(crate) fn arn(&self, partition: Partition) -> String {
        let (region, account) = (&self.home_region, &self.account.value);
        format!("arn:{}:cloudtrail:{region}:{account}:eventdatastore/{}", partition.name(), self.id())
    }

    /// Days that events are kept.
    pub(crate) fn retention_days(&self) -> u32 {
        self.retention_days.unwrap_or(match self.billing {
            Billing::Extendable => 366,
            Billing::Fixed => 2557,
        })
    }
}

/// The life of an event data store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum LakeStatus {
    Created,
    #[default]
    Enabled,
    PendingDeletion,
    StartingIngestion,
    StoppingIngestion,
    StoppedIngestion,
}

/// How an event data store is paid for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Billing {
    #[default]
    #[serde(rename = "EXTENDABLE_RETENTION_PRICING")]
    Extendable,
    #[serde(rename = "FIXED_RETENTION_PRICING")]
    Fixed,
}

/// The largest event that is kept whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum EventSize {
    #[default]
    Standard,
    Large,
}

/// What is added to events, in the words of the API.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct ContextKeySelector {
    r#type: String,
    equals: Vec<String>,
}
