//! How the datapoints that a metric filter makes set off an alarm.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html>

use super::link::Link;
use crate::inventory::{Alarm, Evaluation, Metric, Origin};

/// What a metric filter counts.
pub(super) struct Counted<'a> {
    pub(super) metric: &'a Metric,
    /// When it picks one event.
    pub(super) value: f64,
    /// Where log events arrive and none is picked, as text: `defaultValue` of this filter and of others on the same metric.
    pub(super) between: Vec<&'a str>,
    /// Several events together may be what sets an alarm off.
    pub(super) may_add_up: bool,
}

type Reaches = fn(f64, f64) -> bool;

/// One event, or several where these may add up, brings the alarm from another state into `ALARM`.
pub(super) fn goes_off(alarm: &Alarm, counted: &Counted<'_>, origin: &Origin) -> Link {
    let unclear = |what: String| Link::unclear(origin, format!("the alarm {:?} {what}", alarm.name));
    let reaches: Reaches = match alarm.comparison.as_str() {
        "GreaterThanOrEqualToThreshold" => |value, threshold| value >= threshold,
        "GreaterThanThreshold" => |value, threshold| value > threshold,
        "LessThanThreshold" | "LessThanOrEqualToThreshold" => {
            return Link::broken(format!("the alarm {} goes off when the metric is low", alarm.name));
        }
        other => return unclear(format!("has the comparison {other:?}")),
    };
    let threshold = alarm.threshold.as_ref().and_then(|text| Some((text, number(text)?)));
    let Some((text, threshold)) = threshold else {
        return unclear(format!("has the threshold {:?}", alarm.threshold.as_deref().unwrap_or_default()));
    };
    let breaches = |value: f64| reaches(value, threshold);
    breach(alarm, counted, (text, &breaches), origin)
        .and(rests(alarm, counted, &breaches, origin))
        .and(is_of_unit(alarm, counted))
        .and(match &alarm.evaluation {
            Some(evaluation) => suffices(alarm, evaluation, counted, origin),
            None => unclear("does not show how many datapoints it takes".to_owned()),
        })
}

/// The datapoint of the period in which the event happens breaches the threshold.
fn breach(
    alarm: &Alarm,
    counted: &Counted<'_>,
    (threshold, breaches): (&str, &dyn Fn(f64) -> bool),
    origin: &Origin,
) -> Link {
    let too_high =
        || Link::broken(format!("the alarm {} takes more than one event ({threshold})", alarm.name));
    match alarm.statistic.as_str() {
        "Sum" | "SampleCount" if counted.may_add_up => Link::Whole,
        "Sum" | "Maximum" if breaches(counted.value) => Link::Whole,
        "SampleCount" if breaches(1.0) => Link::Whole,
        "Sum" | "Maximum" | "SampleCount" => too_high(),
        other if is_within_values(other) && !breaches(counted.value) => too_high(),
        other => {
            let how = format!("watches the statistic {other:?}, which other values may lower");
            Link::unclear(origin, format!("the alarm {:?} {how}", alarm.name))
        }
    }
}

/// The statistic never exceeds the greatest value.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html>
fn is_within_values(statistic: &str) -> bool {
    let has_bounds = |kind: &str| {
        let rest = statistic.get(..kind.len()).filter(|start| start.eq_ignore_ascii_case(kind));
        rest.is_some_and(|_| statistic[kind.len()..].starts_with(|c: char| c.is_ascii_digit() || c == '('))
    };
    ["Average", "Minimum", "IQM"].contains(&statistic) || ["p", "tm", "wm"].into_iter().any(has_bounds)
}

/// Without an event the alarm is not in `ALARM`: its actions are taken when it comes into that state, not while it stays there.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html>
fn rests(alarm: &Alarm, counted: &Counted<'_>, breaches: &dyn Fn(f64) -> bool, origin: &Origin) -> Link {
    let always = |value: &str| {
        let what = format!("for {value} is counted where nothing matches");
        Link::broken(format!("the alarm {} is in alarm without any event, {what}", alarm.name))
    };
    let link = |text: &&str| {
        let unclear = || {
            let what = format!("watches a metric that counts {text:?} where nothing matches");
            Link::unclear(origin, format!("the alarm {:?} {what}", alarm.name))
        };
        match (number(text), alarm.statistic.as_str()) {
            (None, _) => unclear(),
            // A datapoint is a sample whatever its value.
            (_, "SampleCount") if breaches(1.0) => always(text),
            (_, "SampleCount") => unclear(),
            (Some(value), _) if breaches(value) => always(text),
            // Several of them in one period come to anything.
            (Some(value), "Sum") if value != 0.0 => unclear(),
            _ => Link::Whole,
        }
    };
    counted.between.iter().map(link).fold(Link::Whole, Link::and)
}

/// A request for one unit leaves out what was counted in another, and CloudWatch converts none.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html>
fn is_of_unit(alarm: &Alarm, counted: &Counted<'_>) -> Link {
    let Metric { namespace, name, unit, .. } = counted.metric;
    let counted_in = unit.as_deref().unwrap_or("None");
    let is_same = |one: &&Metric| one.namespace == *namespace && one.name == *name;
    match alarm.metrics.iter().find(is_same).and_then(|watched| watched.unit.as_deref()) {
        Some(asked) if asked != counted_in => Link::broken(format!(
            "the alarm {} watches values in the unit {asked}, the metric filter counts in {counted_in}",
            alarm.name
        )),
        _ => Link::Whole,
    }
}

/// One breaching datapoint, with none or with unbreached ones around it, makes the state `ALARM`, and the state is left again.
///
/// Where data is missing around it, AWS's table says `ALARM` for `missing` and `breaching`, `OK` for `notBreaching`, and nothing new
/// for `ignore`. With `missing` that is a by-product of how premature alarms are avoided, and is not relied on.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data>
fn suffices(alarm: &Alarm, evaluation: &Evaluation, counted: &Counted<'_>, origin: &Origin) -> Link {
    let unclear = |what: &str| Link::unclear(origin, format!("the alarm {:?} {what}", alarm.name));
    if evaluation.period.is_none_or(|seconds| seconds < SHORTEST) {
        return unclear("has a period that is shorter than a metric filter's, or not told");
    }
    let (needed, has_values) = (evaluation.datapoints_to_alarm, !counted.between.is_empty());
    let missing = evaluation.missing_data.as_str();
    if needed <= 1 {
        return match missing {
            "missing" | "notBreaching" => Link::Whole,
            "ignore" if has_values => Link::Whole,
            "ignore" => unclear("ignores missing data, and may stay in alarm after the first event"),
            "breaching" => unclear("takes missing data for a breach, and may be in alarm without any event"),
            other => unclear(&format!("treats missing data as {other:?}")),
        };
    }
    let words = format!("needs {needed} datapoints in alarm, one event gives 1");
    match missing {
        "notBreaching" | "ignore" | "missing" | "breaching" if counted.may_add_up => unclear(&format!(
            "needs {needed} datapoints in alarm: events would have to be spread over as many periods"
        )),
        "notBreaching" | "ignore" => Link::broken(format!("the alarm {} {words}", alarm.name)),
        "missing" | "breaching" if has_values => Link::broken(format!("the alarm {} {words}", alarm.name)),
        "missing" | "breaching" => {
            unclear(&format!("{words}; the rest depends on how missing data is filled in"))
        }
        other => unclear(&format!("treats missing data as {other:?}")),
    }
}

/// Metric filters make datapoints of a minute; what shorter periods see of them AWS leaves open.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>
const SHORTEST: i32 = 60;

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}
