//! What follows from an inventory: typed records, one per subject, that expressions read.
//!
//! The record structs below are the vocabulary of rules: field names, types and doc comments are what the expression checker, the
//! editor schema and the fact reference are derived from. [`Facts::derive`] fills them; knows nothing about rules.

mod account;
mod alerts;
mod coverage;
mod critical;
mod data_events;
mod event_data_store;
mod fact;
mod found;
mod gaps;
mod guardrails;
mod kleene;
mod log_bucket;
mod log_group;
mod log_key;
mod matrix;
mod missing;
mod moment;
mod objects;
mod organization;
mod part;
mod policy;
mod record;
mod recorder;
mod recording;
mod redundancy;
mod retention;
pub mod schema;
mod selection;
#[cfg(test)]
pub(crate) mod tests;
mod trail;
mod words;

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;

use crate::inventory::{Account, AccountStatus, Gap, Inventory, Origin, Trail};
use crate::report::{AccountCoverage, Subject, SubjectKind, Unread};

use account::AccountRows;
use alerts::Alerts;
use coverage::Coverage;

pub use account::{AccountFacts, CriticalBucketFacts, CriticalFunctionFacts, RegionFacts};
pub use alerts::{AlertFacts, AlertsFacts};
pub use critical::Critical;
pub use event_data_store::EventDataStoreFacts;
pub use fact::{Fact, Listing, extend_unique};
pub use log_bucket::{LogBucketAccessFacts, LogBucketFacts, LogBucketGuardFacts, LogBucketKeepingFacts};
pub use log_group::LogGroupFacts;
pub use log_key::{LogKeyAccessFacts, LogKeyFacts, LogKeyGuardFacts};
pub use organization::{OrganizationFacts, OrganizationTrailFacts};
pub use part::{Part, View};
pub(crate) use record::unique;
pub use record::{PRESENT, Record};
pub use recording::TrailRecordingFacts;
pub use trail::{TrailDeliveryFacts, TrailFacts};

/// The facts of one inventory.
#[derive(Clone, Debug)]
pub struct Facts {
    /// At most one.
    pub organizations: Vec<OrganizationFacts>,
    /// Accounts in scope.
    pub accounts: Vec<AccountFacts>,
    /// Trails seen in an account in scope.
    pub trails: Vec<TrailFacts>,
    /// Event data stores that belong to an account in scope or were seen in one.
    pub event_data_stores: Vec<EventDataStoreFacts>,
    /// Buckets that those trails deliver to.
    pub log_buckets: Vec<LogBucketFacts>,
    /// Keys that encrypt the files of those trails.
    pub log_keys: Vec<LogKeyFacts>,
    /// Log groups that those trails deliver to.
    pub log_groups: Vec<LogGroupFacts>,
    /// Account × region, for people.
    pub coverage: Vec<AccountCoverage>,
    /// Where trails could not be listed.
    pub unread: Vec<Unread>,
    /// Every call that told nothing, sorted.
    pub gaps: Vec<Gap>,
}

/// A record that rules can quantify over.
pub trait SubjectRecord: Part + JsonSchema {
    /// The kind it is a record of.
    const KIND: SubjectKind;
    /// Identity of this one.
    fn subject(&self) -> Subject;
    /// The observation behind every field that has none of its own.
    fn described_by(&self) -> Option<&Origin> {
        None
    }
}

impl Facts {
    /// Concludes what follows from `inventory` at the moment `as_of`, also of what rules call critical.
    #[must_use]
    pub fn derive(inventory: &Inventory, as_of: Timestamp, critical: &Critical) -> Self {
        let coverage = Coverage::of(inventory);
        let alerts = Alerts::of(&coverage);
        let trails = trails_in_scope(inventory);
        let mut facts = Self {
            organizations: inventory
                .organization
                .iter()
                .map(|one| OrganizationFacts::of(one, &coverage))
                .collect(),
            accounts: Vec::new(),
            trails: trails.iter().map(|trail| TrailFacts::of(trail, &coverage, as_of)).collect(),
            event_data_stores: event_data_stores(inventory),
            log_buckets: log_buckets(&trails, &coverage),
            log_keys: log_keys(&trails, &coverage),
            log_groups: log_groups(&trails, inventory),
            coverage: Vec::new(),
            unread: Vec::new(),
            gaps: gaps::all(inventory),
        };
        let regions = matrix::regions(inventory);
        for account in inventory.accounts.values() {
            let is_evaluated = account.in_scope && account.status == AccountStatus::Active;
            let rows = is_evaluated.then(|| AccountRows::of(account, &coverage));
            facts.coverage.push(matrix::account_coverage(account, rows.as_ref(), &regions, inventory));
            if let Some(rows) = &rows {
                facts.accounts.push(AccountFacts::of(account, rows, &coverage, critical, &alerts));
                matrix::unread(account, &coverage, &mut facts.unread);
            } else if account.in_scope {
                facts.accounts.push(AccountFacts::of(
                    account,
                    &AccountRows::of(account, &coverage),
                    &coverage,
                    critical,
                    &alerts,
                ));
            }
        }
        facts.unread.sort();
        facts
    }
}

/// Trails that belong to an account in scope or were seen in one.
fn trails_in_scope(inventory: &Inventory) -> Vec<&Trail> {
    let in_scope = |id: &String| inventory.accounts.get(id).is_some_and(|account: &Account| account.in_scope);
    inventory
        .trails
        .values()
        .filter(|trail| in_scope(&trail.owner) || trail.seen_in.keys().any(in_scope))
        .collect()
}

fn log_buckets(trails: &[&Trail], coverage: &Coverage<'_>) -> Vec<LogBucketFacts> {
    let by_bucket = grouped(trails, |trail| Some(&trail.bucket));
    let facts = |(name, trails): (&str, Vec<&Trail>)| match coverage.inventory.buckets.get(name) {
        Some(bucket) => LogBucketFacts::of(bucket, &trails, coverage),
        None => LogBucketFacts::of(&log_bucket::not_read(name), &trails, coverage),
    };
    by_bucket.into_iter().map(facts).collect()
}

fn event_data_stores(inventory: &Inventory) -> Vec<EventDataStoreFacts> {
    let in_scope = |id: &String| inventory.accounts.get(id).is_some_and(|account: &Account| account.in_scope);
    let stores = inventory.event_data_stores.values();
    let stores = stores.filter(|store| in_scope(&store.owner) || store.seen_in.keys().any(in_scope));
    stores.map(|store| EventDataStoreFacts::of(store, inventory)).collect()
}

fn log_keys(trails: &[&Trail], coverage: &Coverage<'_>) -> Vec<LogKeyFacts> {
    let by_key = grouped(trails, |trail| trail.kms_key.as_deref());
    let facts = |(id, trails): (&str, Vec<&Trail>)| match coverage.inventory.keys.get(id) {
        Some(key) => LogKeyFacts::of(key, &trails, coverage),
        None => LogKeyFacts::of(&log_key::not_read(id, &trails), &trails, coverage),
    };
    by_key.into_iter().map(facts).collect()
}

fn log_groups(trails: &[&Trail], inventory: &Inventory) -> Vec<LogGroupFacts> {
    let by_group = grouped(trails, |trail| Some(trail.log_group.as_deref()?.trim_end_matches(":*")));
    let facts = |(arn, trails): (&str, Vec<&Trail>)| match inventory.log_groups.get(arn) {
        Some(group) => LogGroupFacts::of(group, &trails, inventory),
        None => LogGroupFacts::of(&log_group::not_read(arn), &trails, inventory),
    };
    by_group.into_iter().map(facts).collect()
}

/// Trails by what they name.
fn grouped<'a>(
    trails: &[&'a Trail],
    name: impl Fn(&'a Trail) -> Option<&'a str>,
) -> BTreeMap<&'a str, Vec<&'a Trail>> {
    let mut groups: BTreeMap<&str, Vec<&Trail>> = BTreeMap::new();
    for trail in trails {
        if let Some(name) = name(trail) {
            groups.entry(name).or_default().push(trail);
        }
    }
    groups
}

/// Names of trails, sorted, each once.
fn names(trails: &[&Trail]) -> Vec<String> {
    let mut names: Vec<String> = trails.iter().map(|trail| trail.name.clone()).collect();
    names.sort();
    names.dedup();
    names
}
