//! Alarms on a metric, and whom they tell.

use std::collections::BTreeSet;

use super::composite::any_of;
use super::datapoints::{Counted, goes_off};
use super::link::Link;
use super::somebody;
use super::topic::Topics;
use crate::inventory::{Alarm, Metric, Observed, Origin};

/// The alarms of one region of one account.
pub(super) struct Alarms<'a, 't> {
    topics: &'t Topics<'a>,
    listed: Result<(&'a [Alarm], &'a Origin), Link>,
    account: &'a str,
    region: &'a str,
}

impl<'a, 't> Alarms<'a, 't> {
    pub(super) fn of(topics: &'t Topics<'a>, account: &'a str, region: &'a str) -> Self {
        let alerting =
            topics.inventory.accounts.get(account).and_then(|account| account.alerting.get(region));
        let listed = match alerting.map(|alerting| &alerting.alarms) {
            Some(Observed::Known { value, origin }) => Ok((value.as_slice(), origin)),
            Some(Observed::Gap(gap)) => Err(Link::Open(vec![gap.clone()])),
            None => {
                let gap = somebody::not_asked("cloudwatch:DescribeAlarms", account, region, "");
                Err(Link::Open(vec![gap]))
            }
        };
        Self { topics, listed, account, region }
    }

    /// An alarm goes off when this is counted, and tells somebody.
    pub(super) fn raised_by(&self, counted: &Counted<'_>) -> Link {
        let (alarms, origin) = match &self.listed {
            Ok(listed) => *listed,
            Err(open) => return open.clone(),
        };
        let Metric { namespace, name, dimensions, .. } = counted.metric;
        let raised = alarms.iter().filter_map(|alarm| {
            let watches = watches(alarm, counted.metric, origin)?;
            Some(watches.and(goes_off(alarm, counted, origin)).and(self.tells(alarm, alarms, origin)))
        });
        let split = if dimensions.is_empty() { "" } else { ", which is split by dimensions," };
        Link::any(raised, || format!("the metric {namespace}/{name}{split} has no alarm in {}", self.region))
    }

    /// The alarm itself or a composite one above it tells somebody.
    fn tells(&self, alarm: &'a Alarm, alarms: &'a [Alarm], origin: &Origin) -> Link {
        let mut told: Option<Link> = None;
        let mut seen = BTreeSet::new();
        let mut queue = vec![(alarm, Link::Whole)];
        while let Some((one, way)) = queue.pop() {
            if !seen.insert((&one.name, way.holds())) {
                continue;
            }
            let link = way.clone().and(self.acts(one, origin));
            told = Some(match told {
                Some(told) => told.or(link),
                None => link,
            });
            for above in alarms.iter().filter(|above| !above.composite_rule.is_empty()) {
                match any_of(&above.composite_rule) {
                    Some(parts)
                        if parts.contains(&one.name.as_str()) || parts.contains(&one.arn.as_str()) =>
                    {
                        queue.push((above, way.clone()));
                    }
                    None if above.composite_rule.contains(one.name.as_str()) => {
                        let detail = format!(
                            "the composite alarm {:?} has the rule {:?}",
                            above.name, above.composite_rule
                        );
                        queue.push((above, way.clone().and(Link::unclear(origin, detail))));
                    }
                    _ => {}
                }
            }
        }
        told.unwrap_or(Link::Whole)
    }

    fn acts(&self, alarm: &'a Alarm, origin: &Origin) -> Link {
        if !alarm.actions_enabled {
            return Link::broken(format!("the alarm {} has its actions disabled", alarm.name));
        }
        let actions = alarm.actions.iter();
        let actions = actions.map(|arn| somebody::action(arn, (alarm, self.account), self.topics, origin));
        let acts = Link::any(actions, || format!("the alarm {} has no action", alarm.name));
        match &alarm.suppressor {
            // <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html>
            Some(suppressor) => acts.and(Link::unclear(
                origin,
                format!("the composite alarm {:?} does not act while {suppressor:?} is in alarm", alarm.name),
            )),
            None => acts,
        }
    }

    /// The observations that [`Alarms::raised_by`] rests on.
    pub(super) fn observations(&self, metric: &Metric) -> Vec<Origin> {
        let Ok((alarms, origin)) = &self.listed else { return Vec::new() };
        let mut origins = vec![(*origin).clone()];
        for alarm in *alarms {
            if watches(alarm, metric, origin).is_some() || !alarm.composite_rule.is_empty() {
                let topics =
                    alarm.actions.iter().flat_map(|arn| somebody::observations(arn, self.topics.inventory));
                super::super::extend_unique(&mut origins, topics.cloned());
            }
        }
        origins
    }
}

/// The alarm watches the metric; `None` where it has nothing to do with it.
fn watches(alarm: &Alarm, metric: &Metric, origin: &Origin) -> Option<Link> {
    if !alarm.composite_rule.is_empty() {
        return None;
    }
    let is_same = |one: &&Metric| one.namespace == metric.namespace && one.name == metric.name;
    let unclear = |how: &str| Some(Link::unclear(origin, format!("the alarm {:?} {how}", alarm.name)));
    match alarm.metrics.iter().find(is_same) {
        None if alarm.metrics.is_empty() => unclear("computes what it watches with a query"),
        None => None,
        Some(_) if !alarm.is_plain => unclear("watches the metric in an expression"),
        Some(watched) => match (watched.dimensions.is_empty(), metric.dimensions.is_empty()) {
            (true, true) => Some(Link::Whole),
            (false, false) => unclear("watches the metric by some values of its dimensions"),
            // With and without dimensions they are different metrics.
            _ => None,
        },
    }
}
