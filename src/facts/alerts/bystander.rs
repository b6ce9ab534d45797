//! Accounts that own no trail: what the trails of others record there, others have to raise alerts on.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::super::account::{AccountRows, global_regions};
use super::super::coverage::Coverage;
use super::super::fact::extend_unique;
use super::super::{Fact, kleene};
use super::{AlertFacts, AlertsFacts};
use crate::inventory::{Account, Gap, GapReason, Origin, Trail};
use crate::pattern::{AlertKind, Scope};

/// Where the events of a kind occur.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spread {
    in_any_region: bool,
    in_home_region: bool,
}

/// Spreads by the id of their kind.
fn spreads() -> &'static BTreeMap<&'static str, Spread> {
    static SPREADS: OnceLock<BTreeMap<&'static str, Spread>> = OnceLock::new();
    SPREADS.get_or_init(|| {
        let elsewhere = "some-region-1";
        let scope = Scope { regions: vec![elsewhere.to_owned()], accounts: vec![String::new()] };
        let spread = |kind: &'static AlertKind| {
            let samples = kind.outline(&scope);
            let in_any_region = samples.iter().any(|sample| sample.region == elsewhere);
            let in_home_region = samples.iter().any(|sample| sample.region != elsewhere);
            (kind.id, Spread { in_any_region, in_home_region })
        };
        AlertKind::all().iter().map(spread).collect()
    })
}

/// What the trails of one region are known to do.
struct Standing<'a> {
    region: &'a str,
    is_logging: Option<bool>,
}

/// The alerts of an account that neither owns a trail nor certainly relies on the organization's.
pub(super) fn alerts<'a>(
    account: &'a Account,
    rows: &'a AccountRows,
    coverage: &Coverage<'a>,
) -> AlertsFacts {
    let mut gaps = rows.missing.clone();
    let mut standing = |region: &'a str| {
        let place = coverage.place(account, region);
        let recorders = place.trails.iter().filter_map(|at| coverage.recorder(*at));
        let mut doubts = vec![(!place.hidden.is_empty()).then_some(None)];
        for recorder in recorders {
            doubts.push(Some(recorder.is_logging()));
            extend_unique(&mut gaps, recorder.trail.status.gap().cloned());
            if recorder.is_logging() == Some(true) {
                extend_unique(&mut gaps, [matter_of_owner(recorder.trail)]);
            }
        }
        extend_unique(&mut gaps, place.hidden);
        Standing { region, is_logging: kleene::any(doubts.into_iter().flatten()) }
    };
    let regions: Vec<Standing<'_>> = rows.rows.iter().map(|row| standing(&row.region)).collect();
    let homes = global_regions(&coverage.inventory.collection.partition);
    let home: Vec<Standing<'_>> = homes.iter().take(1).map(|region| standing(region)).collect();
    let mut known: BTreeMap<Spread, AlertFacts> = BTreeMap::new();
    AlertsFacts::each(|id| {
        let nowhere = Spread { in_any_region: false, in_home_region: false };
        let spread = spreads().get(id).copied().unwrap_or(nowhere);
        let of = || {
            let regions = regions.iter().filter(|_| spread.in_any_region);
            fact(&regions.chain(home.iter().filter(|_| spread.in_home_region)).collect::<Vec<_>>(), &gaps)
        };
        known.entry(spread).or_insert_with(of).clone()
    })
}

fn fact(places: &[&Standing<'_>], gaps: &[Gap]) -> AlertFacts {
    let mut bare: Vec<&str> = Vec::new();
    let is_bare = |place: &&&Standing<'_>| place.is_logging == Some(false);
    extend_unique(&mut bare, places.iter().filter(is_bare).map(|place| place.region));
    if bare.is_empty() {
        return AlertFacts { is_raised: Fact::Unknown(gaps.to_vec()), broken_at: String::new() };
    }
    let is_everywhere = places.iter().all(|place| place.is_logging == Some(false));
    let broken_at = if is_everywhere {
        "no logging trail".to_owned()
    } else {
        format!("no logging trail in {}", bare.join(", "))
    };
    AlertFacts { is_raised: Fact::known(false, []), broken_at }
}

fn matter_of_owner(trail: &Trail) -> Gap {
    let detail =
        format!("they are a matter of the account {}, which owns the trail {}", trail.owner, trail.name);
    let origin = Origin::Stated("who raises alerts".to_owned());
    Gap { origin, reason: GapReason::NotCollected, detail }
}
