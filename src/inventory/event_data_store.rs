//! Event data stores of CloudTrail Lake.
//!
//! Semantics: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventDataStore.html>.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AdvancedSelector, Observed, Origin};

/// One event data store, however many regions show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventDataStore {
    /// Identity; carries owner and home region.
    pub arn: String,
    /// Account id from the ARN.
    pub owner: String,
    /// Region from the ARN.
    pub home_region: String,
    /// Name as the list shows it.
    pub name: String,
    /// The call that listed it.
    pub listed_by: Origin,
    /// Account id → regions whose ListEventDataStores showed it.
    pub seen_in: BTreeMap<String, Vec<String>>,
    /// GetEventDataStore in its home region.
    pub settings: Observed<EventDataStoreSettings>,
}

/// What GetEventDataStore says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventDataStoreSettings {
    /// `CREATED`, `ENABLED`, `PENDING_DELETION`, `STARTING_INGESTION`, `STOPPING_INGESTION` or `STOPPED_INGESTION`.
    pub status: String,
    /// Takes events of every region.
    pub is_multi_region: bool,
    /// Takes events of every account of the organization.
    pub is_organization_event_data_store: bool,
    /// Days that events are kept.
    pub retention_days: i64,
    /// Cannot be deleted before this is turned off.
    pub is_protected_from_termination: bool,
    /// KMS key of the customer that encrypts it.
    pub kms_key: Option<String>,
    /// What it takes in.
    pub selectors: Vec<AdvancedSelector>,
}
