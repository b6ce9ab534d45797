//! Which accounts and regions the user wants judged.

use std::collections::{BTreeMap, BTreeSet};

use super::organizations::Listed;
use super::{CollectError, Options, out_of_scope, regions};
use crate::inventory::{Account, AccountStatus, Observed, Organization, OrganizationalUnit, Origin};

/// The caller's account, when nothing else is looked at; `by` says why.
pub(super) fn lone_account(id: &str, by: &str) -> Account {
    Account {
        id: id.to_owned(),
        name: String::new(),
        status: AccountStatus::Active,
        path: Observed::known(Vec::new(), Origin::Stated(by.to_owned())),
        in_scope: true,
        regions: Observed::Gap(out_of_scope("collection")),
        trails: BTreeMap::new(),
        event_data_stores: BTreeMap::new(),
        alerting: BTreeMap::new(),
    }
}

/// A lone account can only be asked about itself.
pub(super) fn check_alone(options: &Options, own: &str) -> Result<(), CollectError> {
    let scope = &options.scope;
    let others: Vec<String> = scope.accounts.iter().filter(|account| *account != own).cloned().collect();
    if !others.is_empty() {
        return Err(CollectError::UnknownAccounts { accounts: others });
    }
    if let Some(unit) = scope.organizational_units.first() {
        return Err(CollectError::UnknownUnit { unit: unit.clone(), known: Vec::new() });
    }
    if scope.exclude_accounts.iter().any(|account| account == own) {
        return Err(CollectError::NoAccountLeft);
    }
    Ok(())
}

/// Regions that cannot exist in the partition are mistakes, not gaps.
pub(super) fn check_regions(options: &Options, partition: &str) -> Result<(), CollectError> {
    for region in options.scope.regions.iter().flatten() {
        if !regions::is_plausible(partition, region) {
            return Err(CollectError::UnknownRegion {
                region: region.clone(),
                partition: partition.to_owned(),
            });
        }
    }
    Ok(())
}

/// Every account of the organization, with what the user wants of it.
pub(super) fn select(
    options: &Options,
    organization: &Organization,
    listed: Vec<Listed>,
) -> Result<Vec<Account>, CollectError> {
    let scope = &options.scope;
    if listed.is_empty() {
        return Err(CollectError::EmptyOrganization { organization: organization.id.clone() });
    }
    let known: BTreeSet<&str> = listed.iter().map(|account| account.id.as_str()).collect();
    let named = scope.accounts.iter().chain(&scope.exclude_accounts);
    let unknown: Vec<String> = named.filter(|account| !known.contains(account.as_str())).cloned().collect();
    if !unknown.is_empty() {
        return Err(CollectError::UnknownAccounts { accounts: unknown });
    }
    let wanted_units = units(options, organization)?;
    let paths = paths(organization);
    let accounts: Vec<Account> = listed
        .into_iter()
        .map(|account| {
            let in_unit = wanted_units.as_ref().is_none_or(|wanted| wanted.contains(&account.id));
            let named = scope.accounts.is_empty() || scope.accounts.contains(&account.id);
            let in_scope = in_unit && named && !scope.exclude_accounts.contains(&account.id);
            let path = match &organization.units {
                Observed::Known { origin, .. } => {
                    Observed::known(paths.get(&account.id).cloned().unwrap_or_default(), origin.clone())
                }
                Observed::Gap(gap) => Observed::Gap(gap.clone()),
            };
            let reason = if in_scope { "the account is not active" } else { "the account is out of scope" };
            Account {
                id: account.id,
                name: account.name,
                status: account.status,
                path,
                in_scope,
                regions: Observed::Gap(out_of_scope(reason)),
                trails: BTreeMap::new(),
                event_data_stores: BTreeMap::new(),
                alerting: BTreeMap::new(),
            }
        })
        .collect();
    let is_judged = |account: &Account| account.in_scope && account.status == AccountStatus::Active;
    if accounts.iter().any(is_judged) { Ok(accounts) } else { Err(CollectError::NoAccountLeft) }
}

/// Accounts in the units asked for, at any depth; `None` when all are wanted.
fn units(options: &Options, organization: &Organization) -> Result<Option<BTreeSet<String>>, CollectError> {
    let wanted = &options.scope.organizational_units;
    if wanted.is_empty() {
        return Ok(None);
    }
    let units = match &organization.units {
        Observed::Known { value, .. } => value,
        Observed::Gap(gap) => return Err(CollectError::Units(gap.clone())),
    };
    if let Some(unit) = wanted.iter().find(|wanted| !units.iter().any(|unit| unit.id == **wanted)) {
        let known = units.iter().map(|unit| format!("{} ({})", unit.id, unit.name)).collect();
        return Err(CollectError::UnknownUnit { unit: unit.clone(), known });
    }
    let mut inside: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let mut accounts = BTreeSet::new();
    // Parents come before children.
    for unit in units {
        if inside.contains(unit.id.as_str())
            || unit.parent.as_deref().is_some_and(|parent| inside.contains(parent))
        {
            inside.insert(&unit.id);
            accounts.extend(unit.accounts.iter().cloned());
        }
    }
    Ok(Some(accounts))
}

/// Account id → names from the root down.
fn paths(organization: &Organization) -> BTreeMap<String, Vec<String>> {
    let mut by_unit: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut by_account = BTreeMap::new();
    let units: &[OrganizationalUnit] = organization.units.value().map_or(&[], Vec::as_slice);
    for unit in units {
        let mut path =
            unit.parent.as_deref().and_then(|parent| by_unit.get(parent)).cloned().unwrap_or_default();
        path.push(unit.name.clone());
        for account in &unit.accounts {
            by_account.insert(account.clone(), path.clone());
        }
        by_unit.insert(&unit.id, path);
    }
    by_account
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::inventory::{Gap, GapReason, Scope};

    fn organization() -> Organization {
        let gap = || Gap {
            origin: Origin::Stated("test".to_owned()),
            reason: GapReason::NotCollected,
            detail: String::new(),
        };
        Organization {
            id: "o-empty".to_owned(),
            arn: String::new(),
            management_account: "111122223333".to_owned(),
            feature_set: "ALL".to_owned(),
            units: Observed::Gap(gap()),
            delegated_administrators: Observed::Gap(gap()),
            trusted_services: Observed::Gap(gap()),
            service_control_policies: Observed::Gap(gap()),
            resource_control_policies: Observed::Gap(gap()),
        }
    }

    fn options(scope: Scope) -> Options {
        Options {
            calls: BTreeSet::new(),
            watched_buckets: BTreeSet::new(),
            scope,
            role_name: "trailproof-audit".to_owned(),
            external_id: None,
            concurrency: 1,
            profile: None,
            call_timeout: Duration::from_secs(1),
            clock: jiff::Timestamp::now,
        }
    }

    #[test]
    fn an_organization_that_lists_no_account_stops_the_run_with_a_hint() {
        let error = select(&options(Scope::default()), &organization(), Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the organization o-empty lists no account");
        assert!(error.hint().unwrap().contains("--account-only"));
    }

    #[test]
    fn a_unit_is_not_guessed_when_the_units_could_not_be_listed() {
        let scope = Scope { organizational_units: vec!["ou-1".to_owned()], ..Scope::default() };
        let listed = vec![Listed {
            id: "111122223333".to_owned(),
            name: String::new(),
            status: AccountStatus::Active,
        }];
        assert!(matches!(select(&options(scope), &organization(), listed), Err(CollectError::Units(_))));
    }
}
