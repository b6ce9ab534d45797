//! What follows from an inventory: typed records, one per subject, that expressions read.
//!
//! The record structs below are the vocabulary of rules: field names, types and doc comments are what the expression checker, the
//! editor schema and the fact reference are derived from. [`Facts::derive`] fills them; knows nothing about rules.

mod account;
mod coverage;
mod data_events;
mod fact;
mod gaps;
mod kleene;
mod log_bucket;
mod matrix;
mod moment;
mod organization;
mod part;
mod record;
mod recorder;
pub mod schema;
mod selection;
#[cfg(test)]
mod tests;
mod trail;
mod words;

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;

use crate::inventory::{Account, AccountStatus, Gap, Inventory, Origin, Trail};
use crate::report::{AccountCoverage, Subject, SubjectKind, Unread};

use account::AccountRows;
use coverage::Coverage;

pub use account::{AccountFacts, RegionFacts};
pub use fact::{Fact, Listing, extend_unique};
pub use log_bucket::LogBucketFacts;
pub use organization::{OrganizationFacts, OrganizationTrailFacts};
pub use part::{Part, View};
pub(crate) use record::unique;
pub use record::{PRESENT, Record};
pub use trail::TrailFacts;

/// The facts of one inventory.
#[derive(Clone, Debug)]
pub struct Facts {
    /// At most one.
    pub organizations: Vec<OrganizationFacts>,
    /// Accounts in scope.
    pub accounts: Vec<AccountFacts>,
    /// Trails seen in an account in scope.
    pub trails: Vec<TrailFacts>,
    /// Buckets that those trails deliver to.
    pub log_buckets: Vec<LogBucketFacts>,
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
    /// Concludes what follows from `inventory` at the moment `as_of`.
    #[must_use]
    pub fn derive(inventory: &Inventory, as_of: Timestamp) -> Self {
        let coverage = Coverage::of(inventory);
        let trails = trails_in_scope(inventory);
        let mut facts = Self {
            organizations: inventory
                .organization
                .iter()
                .map(|one| OrganizationFacts::of(one, &coverage))
                .collect(),
            accounts: Vec::new(),
            trails: trails.iter().map(|trail| TrailFacts::of(trail, inventory, as_of)).collect(),
            log_buckets: log_buckets(&trails, &coverage),
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
                facts.accounts.push(AccountFacts::of(account, rows, &coverage));
                matrix::unread(account, &coverage, &mut facts.unread);
            } else if account.in_scope {
                facts.accounts.push(AccountFacts::of(
                    account,
                    &AccountRows::of(account, &coverage),
                    &coverage,
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
    let mut by_bucket: BTreeMap<&str, Vec<&Trail>> = BTreeMap::new();
    for trail in trails {
        by_bucket.entry(&trail.bucket).or_default().push(trail);
    }
    let facts = |(name, trails): (&str, Vec<&Trail>)| match coverage.inventory.buckets.get(name) {
        Some(bucket) => LogBucketFacts::of(bucket, &trails, coverage),
        None => LogBucketFacts::of(&log_bucket::not_read(name), &trails, coverage),
    };
    by_bucket.into_iter().map(facts).collect()
}
