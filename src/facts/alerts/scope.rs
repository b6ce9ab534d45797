//! Which regions and accounts events are made up for.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::super::Fact;
use super::super::coverage::Coverage;
use super::area::{Area, AreaShape};
use crate::inventory::{Account, AccountStatus, Gap};
use crate::pattern::Pattern;

/// A region for each shape that regions have, with the others of that shape; every one by itself where a pattern asks for the region.
pub(super) fn examples(
    listed: &BTreeSet<&str>,
    areas: &BTreeMap<String, Area<'_>>,
    patterns: &[Rc<Pattern>],
) -> BTreeMap<String, Vec<String>> {
    let asks = |region: &str| {
        patterns.iter().any(|pattern| pattern.text().contains("egion") || pattern.text().contains(region))
    };
    let mut shapes: Vec<(AreaShape, &str)> = Vec::new();
    let mut examples: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for region in listed {
        let Some(shape) = areas.get(*region).map(Area::shape) else { continue };
        match shapes.iter().find(|(known, _)| *known == shape) {
            Some((_, example)) if !asks(region) => {
                examples.entry((*example).to_owned()).or_default().push((*region).to_owned());
            }
            Some(_) => _ = examples.insert((*region).to_owned(), Vec::new()),
            None => {
                examples.insert((*region).to_owned(), Vec::new());
                shapes.push((shape, region));
            }
        }
    }
    examples
}

/// Members that rely on an organization trail of `account`, the first and the last of them; then why that is not known.
pub(super) fn members(account: &Account, coverage: &Coverage<'_>) -> (Vec<String>, Vec<Gap>) {
    let is_active = |one: &&Account| one.status == AccountStatus::Active && one.id != account.id;
    let mut others = coverage.inventory.accounts.values().filter(is_active);
    let organization = coverage.inventory.organization.as_ref();
    let Some(first) = others
        .next()
        .filter(|_| organization.is_some_and(|organization| organization.management_account == account.id))
    else {
        return (Vec::new(), Vec::new());
    };
    let place = coverage.multi_region(account);
    let own = place.trails.iter().filter_map(|at| coverage.recorder(*at));
    let own = own.filter(|one| one.trail.is_organization_trail && one.trail.owner == account.id);
    let is_logging = own.map(|one| Fact::of(&one.trail.status, |status| status.is_logging));
    let members = std::iter::once(first).chain(others.next_back()).map(|one| one.id.clone());
    match place.with_hidden(&is_logging.fold(Fact::known(false, []), Fact::or)) {
        Fact::Known { value: true, .. } => (members.collect(), Vec::new()),
        Fact::Known { .. } => (Vec::new(), Vec::new()),
        Fact::Unknown(gaps) => (members.collect(), gaps),
    }
}
