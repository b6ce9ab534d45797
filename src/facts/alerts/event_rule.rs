//! The chain by EventBridge: rules on the default bus of the account and region where an event occurs.
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>

use std::rc::Rc;

use super::super::fact::extend_unique;
use super::link::Link;
use super::patterns::{Language, Patterns, Test};
use super::somebody::{self, Target};
use super::topic::Topics;
use crate::inventory::{EventRule, Gap, Observed, Origin};
use crate::pattern::{Pattern, Sample};

/// Rules of one bus.
pub(super) struct Bus {
    pub(super) rules: Vec<Rule>,
    /// Why there may be others.
    pub(super) unread: Vec<Gap>,
    origin: Option<Origin>,
}

/// One rule and what follows when it picks an event.
pub(super) struct Rule {
    pub(super) name: String,
    state: String,
    test: Test,
    told: Link,
    /// Buses that it hands events on to.
    buses: Vec<Onward>,
    origins: Vec<Origin>,
    described: Origin,
}

/// A bus that a rule hands events on to.
struct Onward {
    /// Account and region.
    place: String,
    bus: Bus,
    /// Why it is not known whether events get there.
    entry: Gap,
}

/// How the event came to the bus.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    FromCloudTrail,
    HandedOn,
}

/// What is told apart when regions are compared: rules that are alike have equal shapes.
pub(super) type Shape = (String, Option<String>, Option<bool>, Vec<String>);

impl Bus {
    /// The default bus of `region` of `account`.
    pub(super) fn of<'a>(account: &str, region: &str, topics: &Topics<'a>, patterns: &Patterns<'a>) -> Self {
        Self::at(account, region, topics, patterns, Way::FromCloudTrail)
    }

    fn at<'a>(account: &str, region: &str, topics: &Topics<'a>, patterns: &Patterns<'a>, way: Way) -> Self {
        let alerting =
            topics.inventory.accounts.get(account).and_then(|account| account.alerting.get(region));
        let unread = |gap| Self { rules: Vec::new(), unread: vec![gap], origin: None };
        match alerting.map(|alerting| &alerting.event_rules) {
            Some(Observed::Known { value, origin }) => {
                let rules = value.iter().filter_map(|rule| Rule::of(rule, origin, topics, patterns, way));
                Self { rules: rules.collect(), unread: Vec::new(), origin: Some(origin.clone()) }
            }
            Some(Observed::Gap(gap)) => unread(gap.clone()),
            None => unread(somebody::not_asked("events:ListRules", account, region, "")),
        }
    }

    /// The rule that picks the event and tells somebody, if that is certain of one.
    pub(super) fn telling(&self, sample: &Sample) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.tells(sample, Way::FromCloudTrail) == Some(true))
    }

    /// No rule picks the event and tells somebody.
    pub(super) fn is_silent(&self, sample: &Sample) -> bool {
        self.unread.is_empty()
            && self.rules.iter().all(|rule| rule.tells(sample, Way::FromCloudTrail) == Some(false))
    }

    /// Why it is not known whether some rule picks the event and tells somebody.
    pub(super) fn gaps(&self, sample: &Sample) -> Vec<Gap> {
        self.open(sample, Way::FromCloudTrail)
    }

    fn open(&self, sample: &Sample, way: Way) -> Vec<Gap> {
        let mut gaps = self.unread.clone();
        for rule in self.rules.iter().filter(|rule| rule.tells(sample, way).is_none()) {
            extend_unique(&mut gaps, rule.gaps(sample, way));
        }
        gaps
    }

    fn tells(&self, sample: &Sample, way: Way) -> Option<bool> {
        let unread = (!self.unread.is_empty()).then_some(None);
        let rules = self.rules.iter().map(|rule| rule.tells(sample, way));
        super::super::kleene::any(rules.chain(unread))
    }

    pub(super) fn patterns(&self) -> impl Iterator<Item = &Rc<Pattern>> {
        self.rules.iter().flat_map(|rule| {
            let handed_on = rule.buses.iter().flat_map(|onward| &onward.bus.rules);
            std::iter::once(rule).chain(handed_on).filter_map(|rule| rule.test.pattern())
        })
    }

    /// Buses of equal shape treat events alike.
    pub(super) fn shape(&self) -> (bool, Vec<Shape>) {
        (self.unread.is_empty(), self.rules.iter().map(Rule::shape).collect())
    }

    /// What the rules and their absence rest on.
    pub(super) fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.origin.iter().chain(self.rules.iter().flat_map(|rule| &rule.origins))
    }
}

/// The policy of the bus has to let the rule's account in, or its role has to be allowed to send there: neither is read.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html>
const ENTRY: &str =
    "is an event bus elsewhere, of which the policy and the role that sends there were not read";

impl Onward {
    /// A rule of the bus picks the event and tells somebody, should the event get there.
    fn tells(&self, sample: &Sample) -> Option<bool> {
        self.bus.tells(sample, Way::HandedOn).filter(|told| !told)
    }

    fn gaps(&self, sample: &Sample) -> Vec<Gap> {
        match self.bus.tells(sample, Way::HandedOn) {
            Some(false) => Vec::new(),
            Some(true) => vec![self.entry.clone()],
            None => std::iter::once(self.entry.clone()).chain(self.bus.open(sample, Way::HandedOn)).collect(),
        }
    }
}

impl Rule {
    /// `None` for a rule on a schedule.
    fn of<'a>(
        rule: &'a EventRule,
        listed: &Origin,
        topics: &Topics<'a>,
        patterns: &Patterns<'a>,
        way: Way,
    ) -> Option<Self> {
        let pattern = rule.pattern.as_deref()?;
        let mut read = Self {
            name: rule.name.clone(),
            state: rule.state.clone(),
            test: patterns.test(Language::Rule, pattern, listed),
            told: Link::broken(format!("the event rule {} has no target", rule.name)),
            buses: Vec::new(),
            origins: Vec::new(),
            described: listed.clone(),
        };
        match &rule.targets {
            Observed::Known { value, origin } => {
                let mut ends = Vec::new();
                read.origins.push(origin.clone());
                for target in value {
                    let arn = target.arn.as_str();
                    match somebody::target(target, &rule.arn, topics, origin) {
                        Target::End(link) => ends.push(link),
                        Target::Bus { account, region } if way == Way::FromCloudTrail => {
                            let bus = Bus::at(account, region, topics, patterns, Way::HandedOn);
                            extend_unique(&mut read.origins, bus.origins().cloned());
                            read.buses.push(Onward {
                                place: format!("{account} {region}"),
                                bus,
                                entry: super::link::unreadable(origin, format!("{arn:?} {ENTRY}")),
                            });
                        }
                        Target::Bus { .. } => {
                            let detail =
                                format!("{arn:?} is the third event bus on the way, and not followed");
                            ends.push(Link::unclear(origin, detail));
                        }
                    }
                    extend_unique(&mut read.origins, somebody::observations(arn, topics.inventory).cloned());
                }
                read.told = ends.into_iter().reduce(Link::or).unwrap_or(read.told);
            }
            Observed::Gap(gap) => read.told = Link::Open(vec![gap.clone()]),
        }
        Some(read)
    }

    fn tells(&self, sample: &Sample, way: Way) -> Option<bool> {
        let picks = || self.test.picks(sample);
        let buses = || self.buses.iter().map(|onward| onward.tells(sample));
        let told = || super::super::kleene::any(std::iter::once(self.told.holds()).chain(buses()));
        let parts: [&dyn Fn() -> Option<bool>; 3] = [&|| self.takes(sample, way), &picks, &told];
        super::super::kleene::all(parts.iter().map(|part| part()))
    }

    /// Its state lets it see the event.
    fn takes(&self, sample: &Sample, way: Way) -> Option<bool> {
        match self.state.as_str() {
            "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" => Some(true),
            "ENABLED" if !sample.is_read_only => Some(true),
            "ENABLED" if way == Way::FromCloudTrail => Some(false),
            "DISABLED" => Some(false),
            _ => None,
        }
    }

    fn gaps(&self, sample: &Sample, way: Way) -> Vec<Gap> {
        let mut gaps = Vec::new();
        if self.takes(sample, way).is_none() {
            let detail = format!("the event rule {:?} is in state {:?}", self.name, self.state);
            gaps.push(super::link::unreadable(&self.described, detail));
        }
        extend_unique(&mut gaps, self.test.gap(sample));
        if self.told != Link::Whole {
            extend_unique(&mut gaps, self.told.gaps().iter().cloned());
            for onward in &self.buses {
                extend_unique(&mut gaps, onward.gaps(sample));
            }
        }
        gaps
    }

    /// Where the chain breaks beyond a rule that picks the event.
    pub(super) fn trouble(&self, sample: &Sample) -> Vec<String> {
        if self.test.picks(sample) != Some(true) {
            return Vec::new();
        }
        match (self.takes(sample, Way::FromCloudTrail), &self.told) {
            (Some(false), _) if self.state == "DISABLED" => {
                vec![format!("the event rule {} is disabled", self.name)]
            }
            (Some(false), _) => {
                vec![format!("the event rule {} does not take events that only read", self.name)]
            }
            (_, Link::Broken(_)) if !self.buses.is_empty() => {
                vec![format!("no rule tells anybody on the bus that {} hands events on to", self.name)]
            }
            (_, Link::Broken(words)) => words.clone(),
            _ => Vec::new(),
        }
    }

    fn shape(&self) -> Shape {
        let pattern = self.test.pattern().map(|pattern| pattern.text().to_owned());
        let buses = self.buses.iter().map(|onward| onward.place.clone());
        (self.state.clone(), pattern, self.told.holds(), buses.collect())
    }

    pub(super) fn origins(&self) -> impl Iterator<Item = &Origin> {
        std::iter::once(&self.described).chain(&self.origins)
    }
}
