//! The chain by metric filter: the log group of a trail, its filters, and the alarms on their metrics.

use super::super::log_group::not_read;
use super::alarm::Alarms;
use super::datapoints::Counted;
use super::link::Link;
use super::patterns::{Language, Patterns, Test};
use super::somebody::origin;
use super::topic::Topics;
use crate::inventory::{Gap, LogGroup, Metric, MetricFilter, Observed, Origin, Trail, TrailStatus};
use crate::pattern::Sample;

/// The log group of one trail.
pub(super) struct Delivered {
    /// Name of the log group.
    pub(super) name: String,
    /// It is there and takes metric filters.
    pub(super) is_fit: Link,
    pub(super) filters: Vec<Filter>,
    origins: Vec<Origin>,
}

/// A metric filter and what follows when it picks an event.
pub(super) struct Filter {
    pub(super) test: Test,
    /// Somebody is told of a single event.
    of_one: Link,
    /// Somebody is told of one or of several.
    of_several: Link,
    origins: Vec<Origin>,
}

impl Delivered {
    /// Reads the log group of `trail`, if it has one.
    pub(super) fn by<'a>(trail: &'a Trail, topics: &Topics<'a>, patterns: &Patterns<'a>) -> Option<Self> {
        let arn = trail.log_group.as_deref()?.trim_end_matches(":*");
        let Some(group) = topics.inventory.log_groups.get(arn) else {
            let unread = not_read(arn);
            let filters = unread.metric_filters.gap().cloned().map(Filter::unread);
            let is_fit = is_fit(&unread);
            return Some(Self {
                name: unread.name,
                is_fit,
                filters: filters.into_iter().collect(),
                origins: Vec::new(),
            });
        };
        let filters = match &group.metric_filters {
            Observed::Gap(gap) => vec![Filter::unread(gap.clone())],
            Observed::Known { value, origin } => {
                let alarms = Alarms::of(topics, &group.owner, &group.region);
                let read = |filter| Filter::of(filter, (group, value), &alarms, patterns, origin);
                value.iter().map(read).collect()
            }
        };
        let origins = [origin(&group.settings), origin(&group.metric_filters)];
        let origins = origins.into_iter().flatten().cloned().collect();
        Some(Self { name: group.name.clone(), is_fit: is_fit(group), filters, origins })
    }

    /// The filters that may pick the event, with what follows.
    pub(super) fn picking<'s>(
        &'s self,
        sample: &'s Sample,
        may_add_up: bool,
    ) -> impl Iterator<Item = (Option<bool>, &'s Link, &'s Filter)> {
        let picks = move |filter: &'s Filter| (filter.test.picks(sample), filter.told(may_add_up), filter);
        self.filters.iter().map(picks).filter(|(picks, ..)| *picks != Some(false))
    }

    /// What the log group and all of its filters rest on.
    pub(super) fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter().chain(self.filters.iter().flat_map(|filter| &filter.origins))
    }

    /// What the log group and one of its filters rest on.
    pub(super) fn origins_of<'s>(&'s self, filter: &'s Filter) -> impl Iterator<Item = &'s Origin> {
        self.origins.iter().chain(&filter.origins)
    }
}

impl Filter {
    fn unread(gap: Gap) -> Self {
        Self { test: Test::Unknown(gap), of_one: Link::Whole, of_several: Link::Whole, origins: Vec::new() }
    }

    fn of<'a>(
        filter: &'a MetricFilter,
        (group, all): (&'a LogGroup, &'a [MetricFilter]),
        alarms: &Alarms<'a, '_>,
        patterns: &Patterns<'a>,
        origin: &Origin,
    ) -> Self {
        let test = if filter.applies_to_transformed_logs {
            let how = "runs on log events after they were transformed";
            Test::Unknown(super::link::unreadable(
                origin,
                format!("the metric filter {:?} {how}", filter.name),
            ))
        } else {
            patterns.test(Language::Filter, &filter.pattern, origin)
        };
        let told = |may_add_up| {
            let metrics = filter.metrics.iter();
            let metrics = metrics.map(|metric| {
                let between = between(metric, all);
                raised(filter, Counted { metric, value: 0.0, between, may_add_up }, alarms, origin)
            });
            Link::any(metrics, || {
                format!("the metric filter {} of {} counts nothing", filter.name, group.name)
            })
        };
        let origins = filter.metrics.iter().flat_map(|metric| alarms.observations(metric)).collect();
        Self { test, of_one: told(false), of_several: told(true), origins }
    }

    fn told(&self, may_add_up: bool) -> &Link {
        if may_add_up { &self.of_several } else { &self.of_one }
    }
}

/// What this filter and others on the same metric count where nothing matches.
fn between<'a>(metric: &Metric, all: &'a [MetricFilter]) -> Vec<&'a str> {
    let is_same = |one: &&Metric| one.namespace == metric.namespace && one.name == metric.name;
    let metrics = all.iter().flat_map(|filter| &filter.metrics).filter(is_same);
    let mut values: Vec<&str> = metrics.filter_map(|one| one.default_value.as_deref()).collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn raised<'a>(filter: &MetricFilter, counted: Counted<'a>, alarms: &Alarms<'a, '_>, origin: &Origin) -> Link {
    let metric = counted.metric;
    let value = metric.value.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    let counts = match value {
        Some(value) if value > 0.0 => Link::Whole,
        Some(_) => Link::broken(format!("the metric filter {} counts {}", filter.name, metric.value.trim())),
        None => {
            Link::unclear(origin, format!("the metric filter {:?} counts {:?}", filter.name, metric.value))
        }
    };
    // What is not understood is taken for the greatest, so that an alarm which cannot go off at all still breaks the chain.
    let counted = Counted { value: value.unwrap_or(f64::INFINITY), ..counted };
    counts.and(alarms.raised_by(&counted))
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html>
fn is_fit(group: &LogGroup) -> Link {
    match &group.settings {
        Observed::Known { value: None, .. } => {
            Link::broken(format!("the log group {} does not exist", group.name))
        }
        Observed::Known { value: Some(settings), .. } if settings.class == "STANDARD" => Link::Whole,
        Observed::Known { value: Some(settings), .. } => Link::broken(format!(
            "the log group {} is of class {}, which takes no metric filters",
            group.name, settings.class
        )),
        Observed::Gap(gap) => Link::Open(vec![gap.clone()]),
    }
}

/// What `trail` records in `region` arrives in its log group.
pub(super) fn arrives(trail: &Trail, region: &str) -> Link {
    if trail.log_group.is_none() {
        return Link::broken(format!("{} delivers to no log group", trail.name));
    }
    if trail.log_group_role.is_none() {
        return Link::broken(format!("{} has no role to write to its log group", trail.name));
    }
    let of_replica = trail.replicas.get(region).filter(|_| region != trail.home_region);
    match of_replica.unwrap_or(&trail.status) {
        Observed::Known {
            value: TrailStatus { latest_log_group_delivery_error: Some(error), .. }, ..
        } => Link::broken(format!("{} does not deliver to its log group: {error}", trail.name)),
        Observed::Known { .. } => Link::Whole,
        Observed::Gap(gap) => Link::Open(vec![gap.clone()]),
    }
}
