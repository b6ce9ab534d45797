//! Account × region for people: what is recorded where, and where trails could not be listed.

use std::collections::BTreeSet;

use super::Fact;
use super::account::{AccountRows, Row, display_name};
use super::coverage::Coverage;
use crate::inventory::{Account, AccountStatus, Gap, Inventory, Observed};
use crate::report::{AccountCoverage, CoverageCell, Recorded, Unread};

/// Every region that some account names, sorted.
pub(super) fn regions(inventory: &Inventory) -> BTreeSet<String> {
    let mut regions = BTreeSet::new();
    for account in inventory.accounts.values() {
        let enabled = account.regions.value().into_iter().flatten();
        for region in enabled.chain(account.trails.keys()) {
            if !regions.contains(region) {
                regions.insert(region.clone());
            }
        }
    }
    regions
}

/// The matrix row of one account; `rows` is `None` when it is not evaluated.
pub(super) fn account_coverage(
    account: &Account,
    rows: Option<&AccountRows>,
    regions: &BTreeSet<String>,
    inventory: &Inventory,
) -> AccountCoverage {
    let cells = rows.map(|rows| {
        let cell = |region: &String| cell(region, rows, inventory);
        regions.iter().map(cell).collect()
    });
    AccountCoverage {
        account: account.id.clone(),
        name: display_name(account).to_owned(),
        path: account.path.value().cloned().unwrap_or_default(),
        evaluated: rows.is_some(),
        note: note(account).to_owned(),
        cells: cells.unwrap_or_default(),
    }
}

fn note(account: &Account) -> &'static str {
    match account.status {
        AccountStatus::Suspended => "suspended",
        AccountStatus::PendingClosure => "being closed",
        AccountStatus::Active if !account.in_scope => "out of scope",
        AccountStatus::Active => "",
    }
}

fn cell(region: &str, rows: &AccountRows, inventory: &Inventory) -> CoverageCell {
    let found = rows.rows.binary_search_by(|row| row.region.as_str().cmp(region)).ok();
    match found.and_then(|at| rows.rows.get(at)) {
        Some(row) => recorded_cell(region, row),
        None if !rows.missing.is_empty() => recorded_cell(region, &rows.elsewhere),
        None => {
            let limited = inventory.collection.scope.regions.is_some();
            let absent = if limited { Recorded::OutOfScope } else { Recorded::Disabled };
            CoverageCell { region: region.to_owned(), reads: absent, writes: absent, trails: Vec::new() }
        }
    }
}

fn recorded_cell(region: &str, row: &Row) -> CoverageCell {
    let recorded = |fact: &Fact<bool>| match fact.value() {
        Some(true) => Recorded::Yes,
        Some(false) => Recorded::No,
        None => Recorded::Unknown,
    };
    CoverageCell {
        region: region.to_owned(),
        reads: recorded(&row.reads),
        writes: recorded(&row.writes),
        trails: row.union.names.to_vec(),
    }
}

/// Where the trails of `account` could not be listed: one entry when nothing of it could be read for one cause.
pub(super) fn unread(account: &Account, coverage: &Coverage<'_>, into: &mut Vec<Unread>) {
    let looked_at: BTreeSet<&String> =
        account.regions.value().into_iter().flatten().chain(account.trails.keys()).collect();
    let is_read =
        |region: &&String| account.trails.get(*region).is_some_and(|trails| trails.value().is_some());
    let causes = coverage.unread(account);
    let entry = |region: Option<String>, gap: Gap| Unread { account: account.id.clone(), region, gap };
    if let ([cause], false) = (causes.as_slice(), looked_at.iter().any(is_read)) {
        into.push(entry(None, cause.clone()));
        return;
    }
    if let Some(gap) = account.regions.gap() {
        // Regions that nobody named may have trails of their own.
        into.push(entry(None, gap.clone()));
    }
    for region in looked_at {
        let is_known = account.trails.get(region).and_then(Observed::value).is_some();
        if !is_known {
            into.extend(
                coverage
                    .shown(account, region)
                    .hidden
                    .into_iter()
                    .map(|gap| entry(Some(region.clone()), gap)),
            );
        }
    }
}
