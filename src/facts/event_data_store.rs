//! Facts about an event data store of CloudTrail Lake.

use schemars::JsonSchema;
use serde::Serialize;

use super::pending::pending;
use super::{Fact, SubjectRecord};
use crate::inventory::{EventDataStore, Gap, GapReason, Inventory, Observed, Origin};
use crate::report::{Subject, SubjectKind};

/// States in which nothing is taken in, or not yet, or not any more.
const IDLE: [&str; 5] =
    ["CREATED", "PENDING_DELETION", "STARTING_INGESTION", "STOPPING_INGESTION", "STOPPED_INGESTION"];

/// Facts about an event data store of CloudTrail Lake.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EventDataStoreFacts {
    /// ARN.
    pub arn: String,
    /// Name.
    pub name: String,
    /// Id of the account that owns it; of an organization's, the management account.
    pub owner: String,
    /// Home region.
    pub home_region: String,
    /// `CREATED`, `ENABLED`, `PENDING_DELETION`, `STARTING_INGESTION`, `STOPPING_INGESTION` or `STOPPED_INGESTION`.
    pub status: Fact<String>,
    /// It takes in events now.
    pub is_ingesting: Fact<bool>,
    /// It is going to be deleted.
    pub is_pending_deletion: Fact<bool>,
    /// Days that events are kept.
    pub retention_days: Fact<i64>,
    /// It cannot be deleted before its protection is turned off.
    pub is_protected_from_termination: Fact<bool>,
    /// A KMS key of the customer encrypts it.
    pub has_kms_key: Fact<bool>,
    /// It takes events of every region.
    pub is_multi_region: Fact<bool>,
    /// It takes events of every account of the organization.
    pub is_organization_event_data_store: Fact<bool>,
    /// It is meant for events of CloudTrail: it selects management, data or network activity events, not configuration items or other evidence.
    pub is_for_cloudtrail_events: Fact<bool>,
    /// It takes in some management events.
    pub takes_management_events: Fact<bool>,
    /// It takes in all management events, read and write, of every event source.
    pub takes_all_management_events: Fact<bool>,
    /// The accounts that were looked at form an organization.
    pub is_in_organization: bool,
    /// The call that listed it.
    #[serde(skip)]
    #[schemars(skip)]
    pub listed_by: Origin,
}

impl SubjectRecord for EventDataStoreFacts {
    const KIND: SubjectKind = SubjectKind::EventDataStore;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.arn.clone(),
            name: self.name.clone(),
            account: self.owner.clone(),
            region: self.home_region.clone(),
        }
    }
    fn described_by(&self) -> Option<&Origin> {
        Some(&self.listed_by)
    }
}

impl EventDataStoreFacts {
    pub(super) fn of(store: &EventDataStore, inventory: &Inventory) -> Self {
        let settings = &store.settings;
        Self {
            arn: store.arn.clone(),
            name: store.name.clone(),
            owner: store.owner.clone(),
            home_region: store.home_region.clone(),
            status: Fact::of(settings, |settings| settings.status.clone()),
            is_ingesting: is_ingesting(store),
            is_pending_deletion: Fact::of(settings, |settings| settings.status == "PENDING_DELETION"),
            retention_days: Fact::of(settings, |settings| settings.retention_days),
            is_protected_from_termination: Fact::of(settings, |one| one.is_protected_from_termination),
            has_kms_key: Fact::of(settings, |settings| settings.kms_key.is_some()),
            is_multi_region: Fact::of(settings, |settings| settings.is_multi_region),
            is_organization_event_data_store: Fact::of(settings, |one| one.is_organization_event_data_store),
            is_for_cloudtrail_events: pending(),
            takes_management_events: pending(),
            takes_all_management_events: pending(),
            is_in_organization: inventory.organization.is_some(),
            listed_by: store.listed_by.clone(),
        }
    }
}

/// A state that is not known here may be either.
fn is_ingesting(store: &EventDataStore) -> Fact<bool> {
    let (settings, origin) = match &store.settings {
        Observed::Known { value, origin } => (value, origin),
        Observed::Gap(gap) => return Fact::Unknown(vec![gap.clone()]),
    };
    match settings.status.as_str() {
        "ENABLED" => Fact::known(true, [origin.clone()]),
        status if IDLE.contains(&status) => Fact::known(false, [origin.clone()]),
        status => {
            let detail = format!("the state {status:?} is not known to this version");
            Fact::Unknown(vec![Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail }])
        }
    }
}
