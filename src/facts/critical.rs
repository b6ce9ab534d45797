//! The buckets and functions that the parameters of rules call critical.

use std::collections::BTreeSet;

use super::coverage::Coverage;
use super::fact::extend_unique;
use super::{CriticalBucketFacts, CriticalFunctionFacts, Fact, Listing};
use crate::inventory::{Account, AccountStatus, Gap, GapReason, Inventory, Observed, Origin, WatchedBucket};

/// What the selected rules ask about by parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Critical {
    /// Names of buckets, of the parameter `critical_buckets`.
    pub buckets: BTreeSet<String>,
    /// ARNs of functions, of the parameter `critical_functions`.
    pub functions: BTreeSet<String>,
}

impl Critical {
    /// The critical buckets that `account` answers for, among them those that may be its own.
    pub(super) fn buckets_of(
        &self,
        account: &Account,
        coverage: &Coverage<'_>,
    ) -> Listing<CriticalBucketFacts> {
        let mut missing = Vec::new();
        for name in &self.buckets {
            extend_unique(&mut missing, may_own(name, account, coverage.inventory));
        }
        let rows = self.buckets.iter().filter_map(|name| bucket(name, account, coverage)).collect();
        let phantom =
            (!missing.is_empty()).then(|| CriticalBucketFacts::of(Fact::Unknown(missing.clone()), &missing));
        Listing { rows, missing, phantom }
    }

    /// The critical functions that `account` answers for.
    pub(super) fn functions_of(
        &self,
        account: &Account,
        coverage: &Coverage<'_>,
    ) -> Listing<CriticalFunctionFacts> {
        let rows = self.functions.iter().filter_map(|arn| function(arn, account, coverage));
        Listing::complete(rows.collect())
    }
}

impl CriticalBucketFacts {
    /// Of which nothing else is known.
    fn of(name: Fact<String>, gaps: &[Gap]) -> Self {
        let open = || Fact::Unknown(gaps.to_vec());
        Self { name, is_found: open(), records_reads: open(), records_writes: open() }
    }
}

/// Why the bucket may be one of `account`'s; where an owner is not known, also why it is told in the account that answers for strays.
fn may_own(name: &str, account: &Account, inventory: &Inventory) -> Option<Gap> {
    let Some(watched) = inventory.watched_buckets.get(name) else {
        return Some(not_collected(&format!("the bucket {name}")));
    };
    if watched.exists.value() == Some(&false) {
        return None;
    }
    let of_strays = || watched.owner.gap().filter(|_| answers_for_strays(account, inventory));
    watched.unasked.get(&account.id).or_else(of_strays).cloned()
}

/// What is known of the bucket if it is the account's, or nobody's for whom the account answers.
fn bucket(name: &str, account: &Account, coverage: &Coverage<'_>) -> Option<CriticalBucketFacts> {
    let inventory = coverage.inventory;
    let watched = inventory.watched_buckets.get(name)?;
    let named = || Fact::known(name.to_owned(), []);
    let unread = |gap: Gap| CriticalBucketFacts::of(named(), &[gap]);
    let is_missing = watched.exists.value() == Some(&false);
    match &watched.owner {
        Observed::Known { value: Some(owner), origin } if *owner == account.id => {
            let (reads, writes) = match &watched.region {
                Observed::Known { value: region, .. } => coverage.records_objects(account, region, name),
                Observed::Gap(gap) => (open(gap), open(gap)),
            };
            let is_found = Fact::known(true, [origin.clone()]);
            Some(CriticalBucketFacts {
                name: named(),
                is_found,
                records_reads: reads,
                records_writes: writes,
            })
        }
        Observed::Known { value: Some(owner), .. } if inventory.accounts.contains_key(owner) => None,
        _ if !answers_for_strays(account, inventory) => None,
        // An account that was asked although it is not of this inventory cannot answer.
        Observed::Known { value: Some(owner), .. } => {
            Some(unread(not_collected(&format!("the account {owner}"))))
        }
        Observed::Gap(_) if !is_missing => None,
        Observed::Gap(_) | Observed::Known { value: None, .. } => {
            let is_found = is_found(watched, inventory);
            Some(CriticalBucketFacts { is_found, ..unread(owner_gap(watched)) })
        }
    }
}

/// That nobody owns a bucket is known once everybody was asked, or once it does not exist.
fn is_found(watched: &WatchedBucket, inventory: &Inventory) -> Fact<bool> {
    match (&watched.exists, &watched.owner) {
        (Observed::Known { value: false, origin }, _) => Fact::known(false, [origin.clone()]),
        (_, Observed::Known { value: None, origin }) if inventory.organization.is_some() => {
            Fact::known(false, [origin.clone()])
        }
        _ => open(&owner_gap(watched)),
    }
}

fn owner_gap(watched: &WatchedBucket) -> Gap {
    match &watched.owner {
        Observed::Gap(gap) => gap.clone(),
        Observed::Known { origin, .. } => Gap {
            origin: origin.clone(),
            reason: GapReason::NotCollected,
            detail: "no account that was asked owns it".to_owned(),
        },
    }
}

fn function(arn: &str, account: &Account, coverage: &Coverage<'_>) -> Option<CriticalFunctionFacts> {
    let row = |is_found: Fact<bool>, records: Fact<bool>| CriticalFunctionFacts {
        name: Fact::known(arn.to_owned(), []),
        is_found,
        records_invocations: records,
    };
    let inventory = coverage.inventory;
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    let owner = match parts.as_slice() {
        ["arn", _, "lambda", region, owner, "function", name] if !region.is_empty() && !name.is_empty() => {
            Some(*owner)
        }
        _ => None,
    };
    match owner.and_then(|owner| inventory.accounts.get(owner)) {
        Some(owner) if owner.id == account.id => {
            let listed = Fact::known(true, []);
            Some(row(listed, coverage.records_invocations(account, arn)))
        }
        Some(_) => None,
        None => answers_for_strays(account, inventory).then(|| {
            let gap = not_collected(&format!("the account of the function {arn}"));
            // Outside an organization nobody knows which other accounts there are.
            let is_known = owner.is_none() || inventory.organization.is_some();
            row(if is_known { Fact::known(false, []) } else { open(&gap) }, open(&gap))
        }),
    }
}

/// What no account owns has to be told somewhere: in the account that the scan started from, or the first that is judged.
fn answers_for_strays(account: &Account, inventory: &Inventory) -> bool {
    let is_judged = |one: &&Account| one.in_scope && one.status == AccountStatus::Active;
    let caller = inventory.accounts.get(&inventory.collection.caller_account).filter(is_judged);
    let first = || inventory.accounts.values().find(is_judged);
    caller.or_else(first).is_some_and(|one| one.id == account.id)
}

fn open<T>(gap: &Gap) -> Fact<T> {
    Fact::Unknown(vec![gap.clone()])
}

fn not_collected(what: &str) -> Gap {
    let origin = Origin::Stated(what.to_owned());
    Gap { origin, reason: GapReason::NotCollected, detail: String::new() }
}
