//! Trails whose management events another trail records as well: copies that are paid for.
//!
//! Of two that record the same, the one that stays is the organization's, then the multi-region one, then the one with the smaller
//! ARN. A trail is compared with one other at a time: two halves do not make a whole trail redundant, it makes them so.
//! Prices: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-manage-costs.html>.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::Fact;
use super::coverage::{Coverage, Index, Place};
use super::recorder::{Recorder, Recording};
use super::selection::{Category, Question};
use crate::inventory::{Account, AccountStatus, Gap, GapReason, Observed, Trail};

/// Whether a trail could go without a management event being lost.
pub(super) struct Redundancy {
    pub(super) is_redundant: Fact<bool>,
    /// Names of the trails that record the same; empty unless it is redundant.
    pub(super) repeated_by: String,
}

impl<'a> Coverage<'a> {
    /// Compares one trail with the others that apply where it does.
    pub(super) fn redundancy(&self, trail: &Trail) -> Redundancy {
        let Some((at, recorder)) = self.position(&trail.arn).and_then(|at| Some((at, self.recorder(at)?)))
        else {
            return Redundancy { is_redundant: Fact::Unknown(Vec::new()), repeated_by: String::new() };
        };
        let mut by = BTreeSet::new();
        let mut is_redundant = recorder.records_some(&Question::of(Category::Management));
        if is_redundant.value() != Some(&false) {
            let repeated = match self.repeated_everywhere(at, trail, &mut by) {
                Some(repeated) => repeated,
                None => self.repeated_place_by_place(at, trail, &mut by),
            };
            is_redundant = is_redundant.and(repeated);
        }
        let is_certain = is_redundant.value() == Some(&true);
        let names = by.into_iter().filter(|_| is_certain).collect::<Vec<_>>().join(", ");
        Redundancy { is_redundant, repeated_by: names }
    }

    /// A trail of the organization that applies everywhere and logs there settles it without looking at every place.
    fn repeated_everywhere(&self, at: Index, trail: &Trail, by: &mut BTreeSet<String>) -> Option<Fact<bool>> {
        let owner = self.inventory.accounts.get(&trail.owner);
        let is_member = owner.is_some_and(|account| account.status == AccountStatus::Active);
        if !(is_member || self.organization_indices().contains(&at)) || self.is_foreign(at, trail) {
            return None;
        }
        self.organization_indices().iter().filter(|other| **other != at).find_map(|other| {
            let one = self.recorder(*other)?.trail;
            let reaches_all =
                one.is_multi_region || !trail.is_multi_region && one.home_region == trail.home_region;
            let logs = |status: &Observed<crate::inventory::TrailStatus>| {
                status.value().is_some_and(|status| status.is_logging)
            };
            let repeats =
                (reaches_all && one.replicas.values().all(logs)).then(|| self.repeats(*other, at))?;
            (repeats.value() == Some(&true)).then(|| {
                by.insert(one.name.clone());
                repeats
            })
        })
    }

    fn repeated_place_by_place(&self, at: Index, trail: &Trail, by: &mut BTreeSet<String>) -> Fact<bool> {
        let unseen = |detail: String| {
            Fact::Unknown(vec![Gap {
                origin: trail.described_by.clone(),
                reason: GapReason::NotCollected,
                detail,
            }])
        };
        let mut answer = Fact::known(true, []);
        let accounts: Vec<&'a Account> = if self.organization_indices().contains(&at) {
            let accounts = self.inventory.accounts.values();
            accounts.filter(|account| account.status == AccountStatus::Active).collect()
        } else {
            self.inventory.accounts.get(&trail.owner).into_iter().collect()
        };
        if self.is_foreign(at, trail) {
            answer = unseen("it belongs to another organization, whose accounts it records too".to_owned());
        } else if accounts.is_empty() {
            answer = unseen(format!("of account {}, in which it records, nothing is known", trail.owner));
        }
        for account in accounts {
            for place in self.places(account, trail) {
                answer = answer.and(self.repeated_in(at, &place, by));
                if answer.value() == Some(&false) {
                    return answer;
                }
            }
        }
        answer
    }

    /// A trail of an organization whose accounts are not those of the inventory.
    fn is_foreign(&self, at: Index, trail: &Trail) -> bool {
        trail.is_organization_trail && !self.organization_indices().contains(&at)
    }

    /// Where `trail` records in `account`; the last place stands for regions of which nothing is known.
    fn places(&self, account: &'a Account, trail: &Trail) -> impl Iterator<Item = Place<'a>> {
        let is_still = |region: &str| {
            let status = trail.replicas.get(region).and_then(Observed::value);
            status.is_some_and(|status| !status.is_logging)
        };
        let names: Vec<&'a String> = match account.regions.value() {
            Some(names) => names.iter().collect(),
            None => account.trails.keys().collect(),
        };
        let known: Vec<&str> = if trail.is_multi_region {
            names.into_iter().map(String::as_str).filter(|region| !is_still(region)).collect()
        } else {
            vec![trail.home_region.as_str()].into_iter().filter(|region| !is_still(region)).collect()
        };
        let is_limited = self.inventory.collection.scope.regions.is_some();
        let missing =
            account.regions.gap().cloned().or_else(|| is_limited.then(|| self.not_asked(account, "")));
        let elsewhere = missing.filter(|_| trail.is_multi_region).map(|gap| {
            let mut place = self.multi_region(account);
            place.hidden.push(gap);
            place
        });
        let places: Vec<Place<'a>> = known.into_iter().map(|region| self.place(account, region)).collect();
        places.into_iter().chain(elsewhere)
    }

    fn repeated_in(&self, at: Index, place: &Place<'_>, by: &mut BTreeSet<String>) -> Fact<bool> {
        let mut answer = Fact::known(false, []);
        for other in place.trails.iter().filter(|other| **other != at) {
            let repeats = self.repeats(*other, at);
            if let (Some(true), Some(one)) = (repeats.value(), self.recorder(*other)) {
                by.insert(one.trail.name.clone());
                return repeats;
            }
            answer = answer.or(repeats);
        }
        place.with_hidden(&answer)
    }

    /// Where both apply, `other` makes `at` redundant; worked out once for each pair.
    fn repeats(&self, other: Index, at: Index) -> Fact<bool> {
        if let Some(known) = self.repeats.borrow().get(&(other, at)) {
            return known.clone();
        }
        let answer = match (self.recorder(other), self.recorder(at)) {
            (Some(one), Some(this)) => {
                let stays = if rank(one.trail) > rank(this.trail) {
                    Fact::known(true, [])
                } else {
                    !covers(this, one)
                };
                covers(one, this).and(stays)
            }
            _ => Fact::known(false, []),
        };
        self.repeats.borrow_mut().insert((other, at), answer.clone());
        answer
    }
}

fn rank(trail: &Trail) -> (bool, bool, Reverse<&str>) {
    (trail.is_organization_trail, trail.is_multi_region, Reverse(&trail.arn))
}

/// `one` records every management event that `other` selects.
fn covers(one: &Recorder<'_>, other: &Recorder<'_>) -> Fact<bool> {
    if other.trail.includes_global_service_events && !one.trail.includes_global_service_events {
        return Fact::known(false, [one.trail.described_by.clone(), other.trail.described_by.clone()]);
    }
    let clause_is_covered = |clause: &super::selection::Clause<'_>| {
        let question = Question { within: clause.conditions.clone(), ..Question::of(Category::Management) };
        let answer = Recording::of(&[one], &question).complete;
        let is_open = clause.is_open() && answer.value() == Some(&false);
        if is_open { Fact::Unknown(other.all_gaps(Category::Management)) } else { answer }
    };
    let clauses = other.clauses(Category::Management).iter();
    clauses.map(clause_is_covered).fold(Fact::known(true, other.origins()), Fact::and)
}
