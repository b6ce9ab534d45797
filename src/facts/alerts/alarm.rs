//! Alarms on a metric, and whom they tell.

use std::collections::BTreeSet;

use super::composite::any_of;
use super::link::Link;
use super::somebody;
use crate::inventory::{Alarm, Inventory, Metric, Observed, Origin};

/// The alarms of one region of one account.
pub(super) struct Alarms<'a> {
    inventory: &'a Inventory,
    listed: Result<(&'a [Alarm], &'a Origin), Link>,
    region: &'a str,
}

/// What a metric filter counts when it picks one event.
pub(super) struct Counted<'a> {
    pub(super) metric: &'a Metric,
    pub(super) value: f64,
    /// Several events together may be what sets an alarm off.
    pub(super) may_add_up: bool,
}

impl<'a> Alarms<'a> {
    pub(super) fn of(inventory: &'a Inventory, account: &str, region: &'a str) -> Self {
        let alerting = inventory.accounts.get(account).and_then(|account| account.alerting.get(region));
        let listed = match alerting.map(|alerting| &alerting.alarms) {
            Some(Observed::Known { value, origin }) => Ok((value.as_slice(), origin)),
            Some(Observed::Gap(gap)) => Err(Link::Open(vec![gap.clone()])),
            None => {
                let gap = somebody::not_asked("cloudwatch:DescribeAlarms", account, region, "");
                Err(Link::Open(vec![gap]))
            }
        };
        Self { inventory, listed, region }
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

    fn acts(&self, alarm: &Alarm, origin: &Origin) -> Link {
        if !alarm.actions_enabled {
            return Link::broken(format!("the alarm {} has its actions disabled", alarm.name));
        }
        let actions = alarm.actions.iter().map(|arn| somebody::action(arn, self.inventory, origin));
        Link::any(actions, || format!("the alarm {} has no action", alarm.name))
    }

    /// The observations that [`Alarms::raised_by`] rests on.
    pub(super) fn observations(&self, metric: &Metric) -> Vec<Origin> {
        let Ok((alarms, origin)) = &self.listed else { return Vec::new() };
        let mut origins = vec![(*origin).clone()];
        for alarm in *alarms {
            if watches(alarm, metric, origin).is_some() || !alarm.composite_rule.is_empty() {
                let topics = alarm.actions.iter().flat_map(|arn| somebody::observations(arn, self.inventory));
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

/// One event, or several where these may add up, sets the alarm off.
fn goes_off(alarm: &Alarm, counted: &Counted<'_>, origin: &Origin) -> Link {
    let unclear = |what: String| Link::unclear(origin, format!("the alarm {:?} {what}", alarm.name));
    let reaches: fn(f64, f64) -> bool = match alarm.comparison.as_str() {
        "GreaterThanOrEqualToThreshold" => |value, threshold| value >= threshold,
        "GreaterThanThreshold" => |value, threshold| value > threshold,
        "LessThanThreshold" | "LessThanOrEqualToThreshold" => {
            return Link::broken(format!("the alarm {} goes off when the metric is low", alarm.name));
        }
        other => return unclear(format!("has the comparison {other:?}")),
    };
    let threshold = alarm.threshold.as_ref().and_then(|text| Some((text, text.parse::<f64>().ok()?)));
    let Some((text, threshold)) = threshold.filter(|(_, number)| number.is_finite()) else {
        return unclear(format!("has the threshold {:?}", alarm.threshold.as_deref().unwrap_or_default()));
    };
    let too_high = || Link::broken(format!("the alarm {} takes more than one event ({text})", alarm.name));
    let value = counted.value;
    match alarm.statistic.as_str() {
        "Sum" | "SampleCount" if counted.may_add_up => Link::Whole,
        "Sum" | "Maximum" if reaches(value, threshold) => Link::Whole,
        "SampleCount" if reaches(1.0, threshold) => Link::Whole,
        "Sum" | "Maximum" | "SampleCount" => too_high(),
        // None of the others exceeds the greatest value.
        _ if !reaches(value, threshold) && !alarm.statistic.is_empty() => too_high(),
        other => unclear(format!("watches the statistic {other:?}, which other values may lower")),
    }
}
