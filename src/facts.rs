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

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;

use crate::inventory::{Account, AccountStatus, Gap, Inventory, Origin, Trail};
use crate::report::{AccountCoverage, Subject, SubjectKind, Unread};
use crate::threads;

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

/// Accounts for which a thread of its own is worth its memory of what it has seen.
const ACCOUNTS: usize = 500;

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
        Self::derive_in(threads::parts(inventory.accounts.len(), ACCOUNTS), inventory, as_of, critical)
    }

    /// The same with the work shared out in so many parts.
    fn derive_in(parts: usize, inventory: &Inventory, as_of: Timestamp, critical: &Critical) -> Self {
        let trails = trails_in_scope(inventory);
        let work = Work {
            inventory,
            as_of,
            critical,
            accounts: inventory.accounts.values().collect(),
            by_bucket: grouped(&trails, |trail| Some(&trail.bucket)),
            by_key: grouped(&trails, |trail| trail.kms_key.as_deref()),
            by_group: grouped(&trails, |trail| Some(trail.log_group.as_deref()?.trim_end_matches(":*"))),
            trails,
            regions: matrix::regions(inventory),
        };
        let mut facts = Self {
            organizations: Vec::new(),
            accounts: Vec::new(),
            trails: Vec::new(),
            event_data_stores: event_data_stores(inventory),
            log_buckets: Vec::new(),
            log_keys: Vec::new(),
            log_groups: Vec::new(),
            coverage: Vec::new(),
            unread: Vec::new(),
            gaps: gaps::all(inventory),
        };
        for share in threads::in_parts(parts, |part| Share::of(&work, part, parts)) {
            facts.organizations.extend(share.organizations);
            facts.accounts.extend(share.accounts);
            facts.trails.extend(share.trails);
            facts.log_buckets.extend(share.log_buckets);
            facts.log_keys.extend(share.log_keys);
            facts.log_groups.extend(share.log_groups);
            facts.coverage.extend(share.coverage);
            facts.unread.extend(share.unread);
        }
        facts.unread.sort();
        facts
    }
}

/// What facts are derived from, by subject.
struct Work<'a> {
    inventory: &'a Inventory,
    as_of: Timestamp,
    critical: &'a Critical,
    accounts: Vec<&'a Account>,
    trails: Vec<&'a Trail>,
    by_bucket: Vec<(&'a str, Vec<&'a Trail>)>,
    by_key: Vec<(&'a str, Vec<&'a Trail>)>,
    by_group: Vec<(&'a str, Vec<&'a Trail>)>,
    /// Columns of the coverage matrix.
    regions: BTreeSet<String>,
}

/// The facts of one part of the subjects of each kind.
struct Share {
    organizations: Vec<OrganizationFacts>,
    accounts: Vec<AccountFacts>,
    trails: Vec<TrailFacts>,
    log_buckets: Vec<LogBucketFacts>,
    log_keys: Vec<LogKeyFacts>,
    log_groups: Vec<LogGroupFacts>,
    coverage: Vec<AccountCoverage>,
    unread: Vec<Unread>,
}

impl Share {
    fn of(work: &Work<'_>, part: usize, parts: usize) -> Self {
        let inventory = work.inventory;
        // What is remembered between subjects is not shared between threads.
        let coverage = Coverage::of(inventory);
        let alerts = Alerts::of(&coverage);
        let organization = inventory.organization.iter().filter(|_| part == 0);
        let mut share = Self {
            organizations: organization.map(|one| OrganizationFacts::of(one, &coverage)).collect(),
            accounts: Vec::new(),
            trails: threads::slice(&work.trails, part, parts)
                .iter()
                .map(|trail| TrailFacts::of(trail, &coverage, work.as_of))
                .collect(),
            log_buckets: threads::slice(&work.by_bucket, part, parts)
                .iter()
                .map(|(name, trails)| log_bucket_facts(name, trails, &coverage))
                .collect(),
            log_keys: threads::slice(&work.by_key, part, parts)
                .iter()
                .map(|(id, trails)| log_key_facts(id, trails, &coverage))
                .collect(),
            log_groups: threads::slice(&work.by_group, part, parts)
                .iter()
                .map(|(arn, trails)| log_group_facts(arn, trails, inventory))
                .collect(),
            coverage: Vec::new(),
            unread: Vec::new(),
        };
        for account in threads::slice(&work.accounts, part, parts) {
            let is_evaluated = account.in_scope && account.status == AccountStatus::Active;
            let rows = account.in_scope.then(|| AccountRows::of(account, &coverage));
            let evaluated = rows.as_ref().filter(|_| is_evaluated);
            share.coverage.push(matrix::account_coverage(account, evaluated, &work.regions, inventory));
            if let Some(rows) = &rows {
                share.accounts.push(AccountFacts::of(account, rows, &coverage, work.critical, &alerts));
            }
            if is_evaluated {
                matrix::unread(account, &coverage, &mut share.unread);
            }
        }
        share
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

fn log_bucket_facts(name: &str, trails: &[&Trail], coverage: &Coverage<'_>) -> LogBucketFacts {
    match coverage.inventory.buckets.get(name) {
        Some(bucket) => LogBucketFacts::of(bucket, trails, coverage),
        None => LogBucketFacts::of(&log_bucket::not_read(name), trails, coverage),
    }
}

fn event_data_stores(inventory: &Inventory) -> Vec<EventDataStoreFacts> {
    let in_scope = |id: &String| inventory.accounts.get(id).is_some_and(|account: &Account| account.in_scope);
    let stores = inventory.event_data_stores.values();
    let stores = stores.filter(|store| in_scope(&store.owner) || store.seen_in.keys().any(in_scope));
    stores.map(|store| EventDataStoreFacts::of(store, inventory)).collect()
}

fn log_key_facts(id: &str, trails: &[&Trail], coverage: &Coverage<'_>) -> LogKeyFacts {
    match coverage.inventory.keys.get(id) {
        Some(key) => LogKeyFacts::of(key, trails, coverage),
        None => LogKeyFacts::of(&log_key::not_read(id, trails), trails, coverage),
    }
}

fn log_group_facts(arn: &str, trails: &[&Trail], inventory: &Inventory) -> LogGroupFacts {
    match inventory.log_groups.get(arn) {
        Some(group) => LogGroupFacts::of(group, trails, inventory),
        None => LogGroupFacts::of(&log_group::not_read(arn), trails, inventory),
    }
}

/// Trails by what they name.
fn grouped<'a>(
    trails: &[&'a Trail],
    name: impl Fn(&'a Trail) -> Option<&'a str>,
) -> Vec<(&'a str, Vec<&'a Trail>)> {
    let mut groups: BTreeMap<&str, Vec<&Trail>> = BTreeMap::new();
    for trail in trails {
        if let Some(name) = name(trail) {
            groups.entry(name).or_default().push(trail);
        }
    }
    groups.into_iter().collect()
}

/// Names of trails, sorted, each once.
fn names(trails: &[&Trail]) -> Vec<String> {
    let mut names: Vec<String> = trails.iter().map(|trail| trail.name.clone()).collect();
    names.sort();
    names.dedup();
    names
}
