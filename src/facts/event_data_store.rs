//! Facts about an event data store of CloudTrail Lake.

use schemars::JsonSchema;

use super::part::record;
use super::selection::{Access, Category, Question, Selection, Survey, Term};
use super::{Fact, SubjectRecord, kleene};
use crate::inventory::{
    Account, EventDataStore, EventDataStoreSettings, Gap, GapReason, Inventory, Observed, Origin, Selectors,
};
use crate::report::{Subject, SubjectKind};

/// States in which nothing is taken in, or not yet, or not any more.
const IDLE: [&str; 5] =
    ["CREATED", "PENDING_DELETION", "STARTING_INGESTION", "STOPPING_INGESTION", "STOPPED_INGESTION"];

record! {
/// Facts about an event data store of CloudTrail Lake.
#[derive(Clone, Debug, JsonSchema)]
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
    /// Its owner is the management account, where alone it can be the organization's.
    pub is_owned_by_management_account: bool,
    /// The call that listed it.
    #[schemars(skip)]
    pub listed_by: Origin,
}
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
        let management = inventory.organization.as_ref().map(|one| &one.management_account);
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
            is_for_cloudtrail_events: concluded(store, some_of_cloudtrail),
            takes_management_events: concluded(store, some_management),
            takes_all_management_events: concluded(store, all_management),
            is_owned_by_management_account: management == Some(&store.owner),
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

fn some_management(selection: &Selection<'_>) -> Option<bool> {
    selection.selects_some(&Question::of(Category::Management))
}

fn some_of_cloudtrail(selection: &Selection<'_>) -> Option<bool> {
    kleene::any(Category::ALL.map(|category| selection.selects_some(&Question::of(category))))
}

fn all_management(selection: &Selection<'_>) -> Option<bool> {
    kleene::all([Access::Read, Access::Write].map(|access| {
        let clauses = selection.clauses(Category::Management).iter();
        let terms = clauses.map(|clause| Term { clause, is_certain: !clause.is_open(), tag: 0 });
        Survey::of(terms.collect(), &Question::management(access)).outcome().answer()
    }))
}

fn concluded(store: &EventDataStore, f: impl FnOnce(&Selection<'_>) -> Option<bool>) -> Fact<bool> {
    let (settings, origin) = match &store.settings {
        Observed::Known { value, origin } => (value, origin),
        Observed::Gap(gap) => return Fact::Unknown(vec![gap.clone()]),
    };
    let selectors = Selectors::Advanced(settings.selectors.clone());
    let selection = Selection::of(&selectors);
    let unclear = || {
        let notes = Category::ALL.iter().flat_map(|category| selection.notes(*category));
        let mut notes: Vec<&str> = notes.collect();
        notes.dedup();
        Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail: notes.join("; ") }
    };
    match f(&selection) {
        Some(value) => Fact::known(value, [origin.clone()]),
        None => Fact::Unknown(vec![unclear()]),
    }
}

/// Days for which `store` keeps all management events of one region of `account`; `None` when it certainly does not take them all.
pub(super) fn kept_days(store: &EventDataStore, account: &Account, region: &str) -> Option<Fact<i64>> {
    let takes_all = concluded(store, all_management).and(is_ingesting(store));
    let reaches = |settings: &EventDataStoreSettings| {
        let is_account = store.owner == account.id || settings.is_organization_event_data_store;
        is_account && (settings.is_multi_region || store.home_region == region)
    };
    let takes_these = takes_all.and(Fact::of(&store.settings, reaches));
    match takes_these {
        Fact::Known { value: false, .. } => None,
        takes => Some(takes.zip(Fact::of(&store.settings, |one| one.retention_days)).map(|(_, days)| days)),
    }
}
