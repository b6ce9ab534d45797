//! Which trails apply to which region of which account, and what they record there as a union.
//!
//! Where DescribeTrails was read, the trails that apply are those it showed, replicas of multi-region trails among them, and the
//! organization's. Where it was not, the trails that must apply are inferred, and others may hide.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::Fact;
use super::fact::extend_unique;
use super::guardrails::Guardrails;
use super::objects::LogBuckets;
use super::recorder::{Recorder, Union};
use crate::inventory::{Account, AccountStatus, Call, Gap, GapReason, Inventory, Observed, Origin};

/// Reasons named for trails that may exist besides.
const MOST_HIDDEN: usize = 3;

/// Position in [`Coverage::recorders`].
pub(super) type Index = usize;

/// The trails of an inventory, ready to be asked what they record where.
pub(super) struct Coverage<'a> {
    pub(super) inventory: &'a Inventory,
    recorders: Vec<Recorder<'a>>,
    by_arn: HashMap<&'a str, Index>,
    organization_trails: Vec<Index>,
    unions: RefCell<HashMap<Vec<Index>, Rc<Union>>>,
    pub(super) log_buckets: LogBuckets<'a>,
    pub(super) guardrails: Guardrails<'a>,
    /// Ids of the accounts of the organization.
    pub(super) members: Option<BTreeSet<String>>,
    /// Why some account in scope may own trails that were not seen, the first of several reasons.
    pub(super) hidden_trails: Vec<Gap>,
    /// The second trail of a pair is made redundant by the first.
    pub(super) repeats: RefCell<HashMap<(Index, Index), Fact<bool>>>,
}

/// The trails that apply to one region of one account.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    /// Sorted.
    pub(super) trails: Vec<Index>,
    /// The call that showed them; `None` when they are inferred.
    pub(super) shown_by: Option<&'a Origin>,
    /// Why there may be others; empty when there are none.
    pub(super) hidden: Vec<Gap>,
}

impl<'a> Coverage<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let recorders: Vec<Recorder<'a>> = inventory.trails.values().map(Recorder::of).collect();
        let by_arn = recorders.iter().enumerate().map(|(at, one)| (one.trail.arn.as_str(), at)).collect();
        // The management account owns every trail of its organization: another owner's is the trail of another organization.
        let management = inventory.organization.as_ref().map(|one| one.management_account.as_str());
        let reaches_members = |one: &Recorder<'_>| {
            one.trail.is_organization_trail && management == Some(one.trail.owner.as_str())
        };
        let organization_trails =
            (0..recorders.len()).filter(|at| reaches_members(&recorders[*at])).collect();
        let ids = || inventory.accounts.keys().cloned().collect();
        let in_scope = inventory
            .accounts
            .values()
            .filter(|account| account.in_scope && account.status == AccountStatus::Active);
        let mut coverage = Self {
            inventory,
            recorders,
            by_arn,
            organization_trails,
            unions: RefCell::default(),
            log_buckets: LogBuckets::of(inventory),
            guardrails: Guardrails::of(inventory),
            members: inventory.organization.as_ref().map(|_| ids()),
            hidden_trails: Vec::new(),
            repeats: RefCell::default(),
        };
        for account in in_scope {
            let unseen = coverage.unseen(account);
            extend_unique(&mut coverage.hidden_trails, unseen);
            if coverage.hidden_trails.len() >= MOST_HIDDEN {
                coverage.hidden_trails.truncate(MOST_HIDDEN);
                break;
            }
        }
        coverage
    }

    /// What `trails` record together; worked out once for each set.
    pub(super) fn union(&self, trails: &[Index]) -> Rc<Union> {
        if let Some(known) = self.unions.borrow().get(trails) {
            return Rc::clone(known);
        }
        let union = Rc::new(Union::of(&self.recorders_at(trails)));
        self.unions.borrow_mut().insert(trails.to_vec(), Rc::clone(&union));
        union
    }

    pub(super) fn recorders_at(&self, trails: &[Index]) -> Vec<&Recorder<'a>> {
        trails.iter().filter_map(|at| self.recorders.get(*at)).collect()
    }

    pub(super) fn position(&self, arn: &str) -> Option<Index> {
        self.by_arn.get(arn).copied()
    }

    pub(super) fn organization_indices(&self) -> &[Index] {
        &self.organization_trails
    }

    pub(super) fn recorder(&self, at: Index) -> Option<&Recorder<'a>> {
        self.recorders.get(at)
    }

    pub(super) fn organization_trails(&self) -> impl Iterator<Item = &Recorder<'a>> {
        self.organization_trails.iter().filter_map(|at| self.recorders.get(*at))
    }

    /// The trails that apply to `region` of `account` and do not stand still there.
    pub(super) fn place(&self, account: &'a Account, region: &str) -> Place<'a> {
        let mut place = self.shown(account, region);
        let replica = |at: &Index| self.recorders.get(*at).and_then(|one| one.trail.replicas.get(region));
        for at in &place.trails {
            // What a replica does that could not be asked, it may do or not, as a trail that hides.
            extend_unique(&mut place.hidden, replica(at).and_then(Observed::gap).cloned());
        }
        place.trails.retain(|at| match replica(at) {
            Some(status) => status.value().is_some_and(|status| status.is_logging),
            None => true,
        });
        place
    }

    /// The trails that apply to `region` of `account`, whether or not they record there.
    pub(super) fn shown(&self, account: &'a Account, region: &str) -> Place<'a> {
        match account.trails.get(region) {
            Some(Observed::Known { value, origin }) => {
                // AWS copies an organization trail to every member: it applies also where a copy has not shown up yet.
                let mut trails: BTreeSet<Index> = self.inherited(account, region).collect();
                let mut hidden = Vec::new();
                for sighting in value {
                    match self.by_arn.get(sighting.arn.as_str()) {
                        // A trail of one region records there only, wherever else it is listed.
                        Some(at) if self.reaches(*at, region) => _ = trails.insert(*at),
                        Some(_) => {}
                        None => hidden.push(undescribed(origin, &sighting.arn)),
                    }
                }
                Place { trails: trails.into_iter().collect(), shown_by: Some(origin), hidden }
            }
            unread => {
                let gap = unread.and_then(Observed::gap).cloned();
                let hidden = vec![gap.unwrap_or_else(|| self.not_asked(account, region))];
                let applies = |at: &Index| self.reaches(*at, region);
                let trails = self.anywhere(account).into_iter().filter(applies).collect();
                Place { trails, shown_by: None, hidden }
            }
        }
    }

    /// The organization's trails that apply to `region` of `account` by being its organization's.
    fn inherited(&self, account: &Account, region: &str) -> impl Iterator<Item = Index> {
        let inherited: &[Index] =
            if account.status == AccountStatus::Active { &self.organization_trails } else { &[] };
        inherited.iter().copied().filter(move |at| self.reaches(*at, region))
    }

    fn reaches(&self, at: Index, region: &str) -> bool {
        let trail = self.recorders.get(at).map(|one| one.trail);
        trail.is_some_and(|trail| trail.is_multi_region || trail.home_region == region)
    }

    /// The multi-region trails that apply to `account`, and why there may be others.
    pub(super) fn multi_region(&self, account: &'a Account) -> Place<'a> {
        let read: Vec<Place<'a>> = account
            .trails
            .iter()
            .filter(|(_, trails)| trails.value().is_some())
            .map(|(region, _)| self.shown(account, region))
            .collect();
        let is_multi_region =
            |at: &Index| self.recorders.get(*at).is_some_and(|one| one.trail.is_multi_region);
        if read.is_empty() {
            let trails = self.anywhere(account).into_iter().filter(is_multi_region).collect();
            return Place { trails, shown_by: None, hidden: self.unread(account) };
        }
        // One region shows all of them: what another region hides is at home there.
        let trails: BTreeSet<Index> = read.iter().flat_map(|place| &place.trails).copied().collect();
        let mut hidden = Vec::new();
        for place in &read {
            extend_unique(&mut hidden, place.hidden.iter().cloned());
        }
        let shown_by = read.iter().find_map(|place| place.shown_by);
        Place { trails: trails.into_iter().filter(is_multi_region).collect(), shown_by, hidden }
    }

    /// Why `account` may own trails that were not seen.
    pub(super) fn unseen(&self, account: &'a Account) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = account.regions.gap().cloned().into_iter().collect();
        let regions: BTreeSet<&String> =
            account.regions.value().into_iter().flatten().chain(account.trails.keys()).collect();
        for region in regions {
            extend_unique(&mut gaps, self.shown(account, region).hidden);
        }
        gaps
    }

    /// Trails that some account lists and of which nothing else is known.
    pub(super) fn undescribed(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for listed in self.inventory.accounts.values().flat_map(|account| account.trails.values()) {
            let Observed::Known { value, origin } = listed else { continue };
            let unknown = value.iter().filter(|sighting| !self.by_arn.contains_key(sighting.arn.as_str()));
            extend_unique(&mut gaps, unknown.map(|sighting| undescribed(origin, &sighting.arn)));
        }
        gaps
    }

    /// Why no region of `account` could be read.
    pub(super) fn unread(&self, account: &Account) -> Vec<Gap> {
        let mut gaps = Vec::new();
        extend_unique(&mut gaps, account.trails.values().filter_map(Observed::gap).cloned());
        if gaps.is_empty() {
            gaps.push(account.regions.gap().cloned().unwrap_or_else(|| self.not_asked(account, "")));
        }
        gaps
    }

    /// Trails of which some region of `account` shows that they apply to it, and those of its organization.
    fn anywhere(&self, account: &'a Account) -> BTreeSet<Index> {
        let sightings = account.trails.values().filter_map(Observed::value).flatten();
        let shown = sightings.filter_map(|sighting| self.by_arn.get(sighting.arn.as_str()).copied());
        let inherited: &[Index] =
            if account.status == AccountStatus::Active { &self.organization_trails } else { &[] };
        shown.chain(inherited.iter().copied()).collect()
    }

    pub(super) fn not_asked(&self, account: &Account, region: &str) -> Gap {
        let collection = &self.inventory.collection;
        let is_out_of_scope =
            collection.scope.regions.as_ref().is_some_and(|regions| !regions.iter().any(|one| one == region));
        if is_out_of_scope && !region.is_empty() {
            return Gap {
                origin: Origin::Stated("--regions".to_owned()),
                reason: GapReason::NotCollected,
                detail: format!("{region} is not among the regions of this run"),
            };
        }
        if let (Some(gap), true) = (account.regions.gap(), account.trails.is_empty()) {
            return gap.clone();
        }
        Gap {
            origin: Origin::from(Call {
                operation: "cloudtrail:DescribeTrails".to_owned(),
                account: account.id.clone(),
                region: region.to_owned(),
                resource: String::new(),
            }),
            reason: if collection.interrupted { GapReason::Interrupted } else { GapReason::NotCollected },
            detail: String::new(),
        }
    }
}

impl Place<'_> {
    /// `fact`, which holds of the trails that are known here, in view of those that may hide.
    pub(super) fn with_hidden(&self, fact: &Fact<bool>) -> Fact<bool> {
        match fact {
            Fact::Known { value: false, origins } if self.hidden.is_empty() => {
                let mut all: Vec<Origin> = self.shown_by.cloned().into_iter().collect();
                extend_unique(&mut all, origins.iter().cloned());
                Fact::known(false, all)
            }
            Fact::Known { value: true, .. } => fact.clone(),
            Fact::Known { .. } => Fact::Unknown(self.hidden.clone()),
            Fact::Unknown(gaps) => {
                let mut all = self.hidden.clone();
                extend_unique(&mut all, gaps.iter().cloned());
                Fact::Unknown(all)
            }
        }
    }
}

fn undescribed(origin: &Origin, arn: &str) -> Gap {
    let detail = format!("it names {arn}, of which nothing else is known");
    Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail }
}
