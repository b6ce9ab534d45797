//! All that may raise an alert on what happens in one account, and in the members that rely on its organization trail.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::super::account::{AccountRows, global_regions};
use super::super::coverage::Coverage;
use super::super::fact::extend_unique;
use super::super::kleene;
use super::super::recorder::Recorder;
use super::area::{Area, source};
use super::link::{Link, unreadable};
use super::log_group::Delivered;
use super::patterns::Patterns;
use super::scope::{examples, members};
use super::somebody::origin;
use super::topic::Topics;
use crate::inventory::{Account, Gap, Origin};
use crate::pattern::{AlertKind, Pattern, Sample, Scope};

/// Kinds whose events are about the account's own trails, which nobody else can touch.
const OF_OWN_TRAILS: &[&str] = &["tamper", "cloudtrail-changes"];
/// Kinds of which one event may be an accident and many are not: CIS leaves the threshold to the reader.
const MAY_ADD_UP: &[&str] = &["unauthorized-calls", "console-login-failures"];

/// What may raise alerts.
pub(super) struct Evidence<'a, 'c> {
    pub(super) account: &'a Account,
    coverage: &'c Coverage<'a>,
    areas: BTreeMap<String, Area<'a>>,
    /// Regions that stand for others that are alike.
    examples: BTreeMap<String, Vec<String>>,
    /// Why there may be other regions.
    pub(super) unlisted: Vec<Gap>,
    /// Log groups by trail.
    groups: BTreeMap<usize, Delivered>,
    patterns: Vec<Rc<Pattern>>,
    /// Members that rely on its organization trail.
    members: Vec<String>,
    /// Why it is not known whether they do.
    pub(super) perhaps_alone: Vec<Gap>,
    /// What is asked again for every kind.
    origins: OnceCell<Vec<Origin>>,
    gaps: RefCell<HashMap<Circumstances, Rc<BTreeSet<Gap>>>>,
}

/// What decides over the gaps of an event where no filter and no rule looks at the event itself: region, source, whether it is of a member,
/// whether event rules are out of the question, and which trails record it.
type Circumstances = (String, String, bool, bool, Vec<Option<bool>>);

impl<'a, 'c> Evidence<'a, 'c> {
    pub(super) fn of(
        account: &'a Account,
        rows: &AccountRows,
        coverage: &'c Coverage<'a>,
        patterns: &Patterns<'a>,
        topics: &Topics<'a>,
    ) -> Self {
        let homes = global_regions(&coverage.inventory.collection.partition);
        let listed: BTreeSet<&str> = rows.rows.iter().map(|row| row.region.as_str()).collect();
        let regions: BTreeSet<&str> = listed.iter().chain(homes).copied().collect();
        let area =
            |region: &str| Area::of(account, region, homes.contains(&region), coverage, (patterns, topics));
        let areas: BTreeMap<String, Area<'a>> =
            regions.into_iter().map(|region| (region.to_owned(), area(region))).collect();
        let trails: BTreeSet<usize> =
            areas.values().flat_map(|area| area.trails().map(|(at, _)| at)).collect();
        let group = |at: usize| {
            let trail = coverage.recorder(at)?.trail;
            Some((at, Delivered::by(trail, topics, patterns)?))
        };
        let groups: BTreeMap<usize, Delivered> = trails.into_iter().filter_map(group).collect();
        let of_filters = groups.values().flat_map(|group| &group.filters);
        let of_filters = of_filters.filter_map(|filter| filter.test.pattern());
        let of_rules = areas.values().flat_map(|area| area.bus.patterns());
        let patterns: BTreeMap<&str, &Rc<Pattern>> =
            of_filters.chain(of_rules).map(|pattern| (pattern.text(), pattern)).collect();
        let patterns: Vec<Rc<Pattern>> = patterns.into_values().cloned().collect();
        let (members, perhaps_alone) = members(account, coverage);
        Self {
            account,
            coverage,
            examples: examples(&listed, &areas, &patterns),
            unlisted: rows.missing.clone(),
            areas,
            groups,
            patterns,
            members,
            perhaps_alone,
            origins: OnceCell::new(),
            gaps: RefCell::default(),
        }
    }

    /// Events of the kind wherever they may happen, those of one name together.
    pub(super) fn samples(&self, kind: &AlertKind) -> Vec<Sample> {
        let mut accounts = vec![self.account.id.clone()];
        if !OF_OWN_TRAILS.contains(&kind.id) {
            accounts.extend(self.members.iter().cloned());
        }
        let mut samples: Vec<Sample> = Vec::new();
        for (at, region) in self.examples.keys().enumerate() {
            let scope = Scope { regions: vec![region.clone()], accounts: accounts.clone() };
            let here = if self.patterns.is_empty() {
                kind.outline(&scope)
            } else {
                kind.samples_against(&scope, &self.patterns)
            };
            samples.extend(here.into_iter().filter(|sample| at == 0 || sample.region == *region));
        }
        let mut order: HashMap<String, usize> = HashMap::new();
        for sample in &samples {
            let next = order.len();
            order.entry(sample.event.clone()).or_insert(next);
        }
        samples.sort_by_key(|sample| order.get(&sample.event).copied());
        samples
    }

    /// Somebody is told of the event.
    pub(super) fn is_told(&self, kind: &AlertKind, sample: &Sample) -> Option<bool> {
        let area = self.areas.get(&sample.region)?;
        let by_filter = self.groups_of(area, sample).map(|(at, arrives, group)| {
            let filters = group.picking(sample, may_add_up(kind));
            let told = kleene::any(filters.map(|(picks, told, _)| kleene::and(picks, told.holds())));
            kleene::all([told, self.records(area, at, sample), arrives.holds(), group.is_fit.holds()])
        });
        let hidden = (!area.hidden().is_empty()).then_some(None);
        let told = kleene::any(by_filter.chain(hidden).chain([self.by_rule(area, sample)]));
        if told == Some(false) && self.is_member(sample) && !self.perhaps_alone.is_empty() {
            None
        } else {
            told
        }
    }

    fn by_rule(&self, area: &Area<'a>, sample: &Sample) -> Option<bool> {
        if self.is_member(sample) || area.bus.is_silent(sample) {
            return Some(false);
        }
        let told = area.bus.telling(sample).map(|_| true);
        kleene::and(told, self.is_recorded(area, sample))
    }

    /// Some trail records the event.
    pub(super) fn is_recorded(&self, area: &Area<'a>, sample: &Sample) -> Option<bool> {
        let hidden = (!area.hidden().is_empty()).then_some(None);
        let trails = self.trails_of(area, sample).map(|(at, _)| self.records(area, at, sample));
        kleene::any(trails.chain(hidden))
    }

    pub(super) fn records(&self, area: &Area<'a>, at: usize, sample: &Sample) -> Option<bool> {
        self.coverage.recorder(at).map_or(Some(false), |recorder| area.records(recorder, sample))
    }

    /// Trails that apply where the event happened; of the trails here only the organization's apply to a member.
    pub(super) fn trails_of<'s>(
        &'s self,
        area: &'s Area<'a>,
        sample: &Sample,
    ) -> impl Iterator<Item = (usize, &'s Link)> + use<'s, 'a, 'c> {
        let is_member = self.is_member(sample);
        area.trails().filter(move |(at, _)| {
            !is_member || self.coverage.recorder(*at).is_some_and(|one| self.reaches_members(one))
        })
    }

    fn reaches_members(&self, recorder: &Recorder<'_>) -> bool {
        recorder.trail.is_organization_trail && recorder.trail.owner == self.account.id
    }

    fn groups_of<'s>(
        &'s self,
        area: &'s Area<'a>,
        sample: &Sample,
    ) -> impl Iterator<Item = (usize, &'s Link, &'s Delivered)> + use<'s, 'a, 'c> {
        let trails = self.trails_of(area, sample);
        trails.filter_map(|(at, arrives)| Some((at, arrives, self.groups.get(&at)?)))
    }

    /// Why there is no region to look at.
    pub(super) fn without_regions(&self) -> Vec<Gap> {
        let none =
            origin(&self.account.regions).map(|origin| unreadable(origin, "it leaves no region to look at"));
        self.unlisted.iter().cloned().chain(none).collect()
    }

    pub(super) fn is_member(&self, sample: &Sample) -> bool {
        sample.account != self.account.id
    }

    pub(super) fn area(&self, sample: &Sample) -> Option<&Area<'a>> {
        self.areas.get(&sample.region)
    }

    pub(super) fn group(&self, of_trail: usize) -> Option<&Delivered> {
        self.groups.get(&of_trail)
    }

    /// Somebody seems to be told by event rules.
    pub(super) fn has_rules(&self) -> bool {
        self.areas.values().any(|area| !area.bus.rules.is_empty())
    }

    pub(super) fn has_logging_trail(&self) -> bool {
        let mut trails = self.areas.values().flat_map(Area::trails);
        trails.any(|(at, _)| self.coverage.recorder(at).and_then(Recorder::is_logging) == Some(true))
    }

    /// What would tell whether somebody is told of the event; the same set for events in like circumstances.
    pub(super) fn gaps(&self, kind: &AlertKind, sample: &Sample) -> Rc<BTreeSet<Gap>> {
        let Some(area) = self.areas.get(&sample.region) else { return Rc::default() };
        if self.has_rules() || self.groups.values().any(|group| !group.filters.is_empty()) {
            return Rc::new(self.find_gaps(kind, sample));
        }
        let recorded = self.trails_of(area, sample).map(|(at, _)| self.records(area, at, sample)).collect();
        let key = (
            sample.region.clone(),
            source(sample).to_owned(),
            self.is_member(sample),
            area.bus.is_silent(sample),
            recorded,
        );
        Rc::clone(self.gaps.borrow_mut().entry(key).or_insert_with(|| Rc::new(self.find_gaps(kind, sample))))
    }

    fn find_gaps(&self, kind: &AlertKind, sample: &Sample) -> BTreeSet<Gap> {
        let mut gaps = BTreeSet::new();
        let Some(area) = self.areas.get(&sample.region) else { return gaps };
        if self.is_member(sample) {
            gaps.extend(self.perhaps_alone.iter().cloned());
        }
        let mut unrecorded = Vec::new();
        for (at, _) in self.trails_of(area, sample) {
            let Some(recorder) = self.coverage.recorder(at) else { continue };
            extend_unique(&mut unrecorded, area.gaps(recorder, sample));
        }
        for (at, arrives, group) in self.groups_of(area, sample) {
            let before = [self.records(area, at, sample), arrives.holds(), group.is_fit.holds()];
            if kleene::all(before) == Some(false) {
                continue;
            }
            let mut may_tell = false;
            for (_, told, filter) in group.picking(sample, may_add_up(kind)) {
                if told.holds() != Some(false) {
                    may_tell = true;
                    gaps.extend(told.gaps().iter().cloned());
                    gaps.extend(filter.test.gap(sample));
                }
            }
            if may_tell {
                gaps.extend(arrives.gaps().iter().chain(group.is_fit.gaps()).cloned());
                gaps.extend(unrecorded.iter().cloned());
            }
        }
        let alike = self.examples.get(&sample.region).into_iter().flatten();
        for area in std::iter::once(area).chain(alike.filter_map(|region| self.areas.get(region))) {
            gaps.extend(area.hidden().iter().cloned());
            if !self.is_member(sample)
                && !area.bus.is_silent(sample)
                && self.is_recorded(area, sample) != Some(false)
            {
                gaps.extend(area.bus.gaps(sample));
                gaps.extend(unrecorded.iter().cloned());
            }
        }
        gaps
    }

    /// What a certain answer that somebody is told of the event rests on.
    pub(super) fn origins_of(&self, kind: &AlertKind, sample: &Sample) -> Vec<Origin> {
        let mut origins = Vec::new();
        let Some(area) = self.areas.get(&sample.region) else { return origins };
        for (at, arrives, group) in self.groups_of(area, sample) {
            let before = [self.records(area, at, sample), arrives.holds(), group.is_fit.holds()];
            let telling = |(picks, told, _): &(Option<bool>, &Link, _)| kleene::and(*picks, told.holds());
            let filter = group.picking(sample, may_add_up(kind)).find(|one| telling(one) == Some(true));
            if let (Some(true), Some((_, _, filter))) = (kleene::all(before), filter) {
                origins.extend(self.origins_of_trail(at));
                origins.extend(group.origins_of(filter).cloned());
                return origins;
            }
        }
        let trails = self.trails_of(area, sample).map(|(at, _)| at);
        let mut recording = trails.filter(|at| self.records(area, *at, sample) == Some(true));
        origins.extend(recording.next().into_iter().flat_map(|at| self.origins_of_trail(at)));
        origins.extend(area.bus.telling(sample).into_iter().flat_map(|rule| rule.origins().cloned()));
        origins
    }

    fn origins_of_trail(&self, at: usize) -> Vec<Origin> {
        self.coverage.recorder(at).map(Recorder::origins).unwrap_or_default()
    }

    /// All that was looked at.
    pub(super) fn origins(&self) -> Vec<Origin> {
        self.origins.get_or_init(|| self.find_origins()).clone()
    }

    fn find_origins(&self) -> Vec<Origin> {
        let trails: BTreeSet<usize> =
            self.areas.values().flat_map(|area| area.trails().map(|(at, _)| at)).collect();
        let mut origins: BTreeSet<Origin> =
            trails.into_iter().flat_map(|at| self.origins_of_trail(at)).collect();
        origins.extend(self.groups.values().flat_map(Delivered::origins).cloned());
        origins.extend(self.areas.values().flat_map(|area| area.bus.origins().cloned()));
        origins.extend(self.areas.values().filter_map(|area| area.shown_by().cloned()));
        origins.into_iter().collect()
    }
}

/// Several events together may be what somebody is told of.
pub(super) fn may_add_up(kind: &AlertKind) -> bool {
    MAY_ADD_UP.contains(&kind.id)
}
