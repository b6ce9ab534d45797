//! What the regions of a trail say of recording and delivery.

use std::collections::BTreeMap;

use super::super::Fact;
use crate::inventory::{Gap, GapReason, Inventory, Observed, Origin, Trail, TrailSighting, TrailStatus};

/// The status in the home region, then those of the replicas.
pub(super) fn statuses(trail: &Trail) -> impl Iterator<Item = (&str, &Observed<TrailStatus>)> {
    let home = std::iter::once((trail.home_region.as_str(), &trail.status));
    home.chain(trail.replicas.iter().map(|(region, status)| (region.as_str(), status)))
}

/// An error of one kind, if the status has it.
pub(super) type ErrorOf = fn(&TrailStatus) -> Option<&str>;

/// Some region has the error.
pub(super) fn has_error(trail: &Trail, error: ErrorOf) -> Fact<bool> {
    statuses(trail)
        .map(|(_, status)| Fact::of(status, |status| error(status).is_some()))
        .fold(Fact::known(false, []), Fact::or)
}

/// Regions with the same error share a phrase: "`AccessDenied` in eu-west-1, eu-west-3".
pub(super) fn errors(trail: &Trail, error: ErrorOf) -> String {
    let mut by_error: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (region, status) in statuses(trail) {
        if let Some(error) = status.value().and_then(error) {
            by_error.entry(error).or_default().push(region);
        }
    }
    let phrase = |(error, regions): (&str, Vec<&str>)| format!("{error} in {}", regions.join(", "));
    by_error.into_iter().map(phrase).collect::<Vec<_>>().join("; ")
}

/// What a region other than the home region is known to do.
enum Replica {
    Logging(Origin),
    Stopped(Origin),
    Missing(Origin),
    Unknown(Vec<Gap>),
}

/// The replicas that a multi-region trail has to have: one in every other enabled region of its owner.
pub(super) struct Replicas {
    by_region: BTreeMap<String, Replica>,
    /// Why there may be other regions.
    unlisted: Vec<Gap>,
}

impl Replicas {
    pub(super) fn of(trail: &Trail, inventory: &Inventory) -> Self {
        let mut found = Self { by_region: BTreeMap::new(), unlisted: Vec::new() };
        if !trail.is_multi_region {
            return found;
        }
        let Some(owner) = inventory.accounts.get(&trail.owner) else {
            found.unlisted.push(not_asked(&trail.owner));
            return found;
        };
        match &owner.regions {
            Observed::Known { value, .. } => {
                for region in value.iter().filter(|region| **region != trail.home_region) {
                    let shown = owner.trails.get(region);
                    found.by_region.insert(region.clone(), Replica::of(trail, region, shown));
                }
            }
            Observed::Gap(gap) => found.unlisted.push(gap.clone()),
        }
        // A replica that was asked counts also where the list of regions could not be read.
        for (region, status) in &trail.replicas {
            found.by_region.entry(region.clone()).or_insert_with(|| Replica::asked(status));
        }
        found
    }

    /// Every one of them is there and records.
    pub(super) fn are_logging(&self) -> Fact<bool> {
        let unlisted = (!self.unlisted.is_empty()).then(|| Fact::Unknown(self.unlisted.clone()));
        let each = self.by_region.values().map(|replica| match replica {
            Replica::Logging(origin) => Fact::known(true, [origin.clone()]),
            Replica::Stopped(origin) | Replica::Missing(origin) => Fact::known(false, [origin.clone()]),
            Replica::Unknown(gaps) => Fact::Unknown(gaps.clone()),
        });
        each.chain(unlisted).fold(Fact::known(true, []), Fact::and)
    }

    /// Where one is known to be missing or stopped, in words.
    pub(super) fn trouble(&self) -> String {
        let regions = |wanted: fn(&Replica) -> bool| {
            let found = self.by_region.iter().filter(|(_, replica)| wanted(replica));
            found.map(|(region, _)| region.as_str()).collect::<Vec<_>>().join(", ")
        };
        let stopped = regions(|replica| matches!(replica, Replica::Stopped(_)));
        let missing = regions(|replica| matches!(replica, Replica::Missing(_)));
        let phrases = [("stopped in ", stopped), ("missing in ", missing)];
        let said = phrases.iter().filter(|(_, regions)| !regions.is_empty());
        said.map(|(what, regions)| format!("{what}{regions}")).collect::<Vec<_>>().join("; ")
    }
}

impl Replica {
    fn of(trail: &Trail, region: &str, shown: Option<&Observed<Vec<TrailSighting>>>) -> Self {
        if let Some(status) = trail.replicas.get(region) {
            return Self::asked(status);
        }
        match shown {
            Some(Observed::Known { value, origin }) if !value.iter().any(|one| one.arn == trail.arn) => {
                Self::Missing(origin.clone())
            }
            Some(Observed::Gap(gap)) => Self::Unknown(vec![gap.clone()]),
            _ => Self::Unknown(vec![not_asked(&format!("{region} of {}", trail.owner))]),
        }
    }

    fn asked(status: &Observed<TrailStatus>) -> Self {
        match status {
            Observed::Known { value, origin } if value.is_logging => Self::Logging(origin.clone()),
            Observed::Known { origin, .. } => Self::Stopped(origin.clone()),
            Observed::Gap(gap) => Self::Unknown(vec![gap.clone()]),
        }
    }
}

fn not_asked(what: &str) -> Gap {
    let origin = Origin::Stated(what.to_owned());
    Gap { origin, reason: GapReason::NotCollected, detail: String::new() }
}
