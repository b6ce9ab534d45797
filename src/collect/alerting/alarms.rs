//! CloudWatch alarms, metric and composite.

use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::types as sdk;

use super::super::caller::{Caller, observe, origin, pages};
use super::super::session::Session;
use crate::inventory::{Alarm, Evaluation, Metric, Observed};

/// The alarms of one region.
pub(super) async fn read(caller: &Caller, session: &Session, region: &str) -> Observed<Vec<Alarm>> {
    let asked = origin("cloudwatch:DescribeAlarms", &session.account, region, "");
    let client = session.cloudwatch(region);
    let request = |token| {
        let request = client
            .describe_alarms()
            .alarm_types(sdk::AlarmType::MetricAlarm)
            .alarm_types(sdk::AlarmType::CompositeAlarm)
            .max_records(100);
        request.set_next_token(token).send()
    };
    let listed = pages(caller, &asked, request, |page| read_page(page, &session.account)).await;
    observe(asked, listed, |alarms| {
        let mut alarms: Vec<Alarm> = alarms.into_iter().collect::<Result<_, _>>()?;
        alarms.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(alarms)
    })
}

type Read = Result<Alarm, &'static str>;

/// The alarms of both kinds; a page with neither list tells nothing.
fn read_page(page: DescribeAlarmsOutput, account: &str) -> (Option<Vec<Read>>, Option<String>) {
    let alarms = match (page.metric_alarms, page.composite_alarms) {
        (None, None) => None,
        (metric, composite) => {
            let metric = metric.into_iter().flatten().map(|alarm| metric_alarm(alarm, account));
            let composite = composite.into_iter().flatten().map(composite_alarm);
            Some(metric.chain(composite).collect())
        }
    };
    (alarms, page.next_token)
}

/// What a metric alarm watches.
#[derive(Default)]
struct Watched {
    metrics: Vec<Metric>,
    is_plain: bool,
    statistic: String,
    period: Option<i32>,
}

fn metric_alarm(alarm: sdk::MetricAlarm, account: &str) -> Read {
    let watched = match (alarm.metric_name, alarm.namespace) {
        (Some(name), Some(namespace)) => Watched {
            metrics: vec![metric(namespace, name, alarm.dimensions, alarm.unit)?],
            is_plain: true,
            statistic: alarm
                .statistic
                .map(|statistic| statistic.as_str().to_owned())
                .or(alarm.extended_statistic)
                .unwrap_or_default(),
            period: alarm.period,
        },
        (None, None) => watched(alarm.metrics.unwrap_or_default(), account)?,
        _ => return Err("an alarm in the answer names half a metric"),
    };
    // AlarmThatSendsEmail describes sliding windows; what a window by the clock does with a lone datapoint is not looked at.
    let is_by_the_clock = alarm.evaluation_window.is_some_and(|window| !window.is_sliding_window());
    let evaluation = alarm.evaluation_periods.filter(|_| !is_by_the_clock).map(|periods| Evaluation {
        period: watched.period,
        periods,
        datapoints_to_alarm: alarm.datapoints_to_alarm.unwrap_or(periods),
        missing_data: alarm.treat_missing_data.unwrap_or_else(|| MISSING.to_owned()),
    });
    Ok(Alarm {
        name: alarm.alarm_name.ok_or("an alarm in the answer has no name")?,
        arn: alarm.alarm_arn.ok_or("an alarm in the answer has no ARN")?,
        metrics: watched.metrics,
        is_plain: watched.is_plain,
        statistic: watched.statistic,
        comparison: alarm
            .comparison_operator
            .map(|comparison| comparison.as_str().to_owned())
            .unwrap_or_default(),
        threshold: alarm.threshold.map(|threshold| threshold.to_string()),
        evaluation,
        composite_rule: String::new(),
        suppressor: None,
        actions_enabled: alarm.actions_enabled.ok_or(LACKS_SWITCH)?,
        actions: alarm.alarm_actions.unwrap_or_default(),
    })
}

/// What AWS takes where `TreatMissingData` is not set.
const MISSING: &str = "missing";
const LACKS_SWITCH: &str = "the answer does not say whether the actions of an alarm are enabled";

/// What the queries of an alarm watch. A metric of another account is not this account's, whatever its name, and is left out.
fn watched(queries: Vec<sdk::MetricDataQuery>, account: &str) -> Result<Watched, &'static str> {
    let is_alone = queries.len() == 1;
    let mut watched = Watched::default();
    for query in queries {
        let is_elsewhere = query.account_id.as_deref().is_some_and(|id| id != account);
        match (query.metric_stat, query.expression) {
            (Some(_), None) if is_elsewhere => {}
            (Some(stat), None) => {
                let named = stat.metric.ok_or("a query of an alarm in the answer has no metric")?;
                let (Some(name), Some(namespace)) = (named.metric_name, named.namespace) else {
                    return Err("an alarm in the answer names half a metric");
                };
                watched.metrics.push(metric(namespace, name, named.dimensions, stat.unit)?);
                if is_alone {
                    watched.is_plain = true;
                    watched.period = stat.period;
                    watched.statistic = stat.stat.unwrap_or_default();
                }
            }
            (None, Some(_)) => {}
            _ => return Err("a query of an alarm in the answer is neither a metric nor an expression"),
        }
    }
    Ok(watched)
}

fn metric(
    namespace: String,
    name: String,
    dimensions: Option<Vec<sdk::Dimension>>,
    unit: Option<sdk::StandardUnit>,
) -> Result<Metric, &'static str> {
    let names = dimensions.unwrap_or_default().into_iter().map(|dimension| dimension.name);
    let mut dimensions: Vec<String> =
        names.collect::<Option<_>>().ok_or("a dimension of an alarm in the answer has no name")?;
    dimensions.sort();
    let unit = unit.map(|unit| unit.as_str().to_owned());
    Ok(Metric { namespace, name, dimensions, value: String::new(), default_value: None, unit })
}

fn composite_alarm(alarm: sdk::CompositeAlarm) -> Read {
    Ok(Alarm {
        name: alarm.alarm_name.ok_or("an alarm in the answer has no name")?,
        arn: alarm.alarm_arn.ok_or("an alarm in the answer has no ARN")?,
        metrics: Vec::new(),
        is_plain: false,
        statistic: String::new(),
        comparison: String::new(),
        threshold: None,
        evaluation: None,
        composite_rule: alarm
            .alarm_rule
            .filter(|rule| !rule.is_empty())
            .ok_or("a composite alarm in the answer has no rule")?,
        suppressor: alarm.actions_suppressor.filter(|suppressor| !suppressor.is_empty()),
        actions_enabled: alarm.actions_enabled.ok_or(LACKS_SWITCH)?,
        actions: alarm.alarm_actions.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "111111111111";

    fn alarm() -> sdk::builders::MetricAlarmBuilder {
        sdk::MetricAlarm::builder().alarm_name("a").alarm_arn("arn").actions_enabled(true)
    }

    fn query(metric: &str) -> sdk::builders::MetricDataQueryBuilder {
        let metric = sdk::Metric::builder().namespace("Trail").metric_name(metric).build();
        sdk::MetricDataQuery::builder()
            .metric_stat(sdk::MetricStat::builder().metric(metric).stat("p90").build())
    }

    fn read(alarm: sdk::builders::MetricAlarmBuilder) -> Read {
        metric_alarm(alarm.build(), OWN)
    }

    fn names(alarm: &Alarm) -> Vec<&str> {
        alarm.metrics.iter().map(|metric| metric.name.as_str()).collect()
    }

    #[test]
    fn one_query_of_one_metric_is_as_plain_as_a_metric_by_name() {
        let read = read(alarm().metrics(query("Root").build())).unwrap();
        assert!(read.is_plain);
        assert_eq!((names(&read), read.statistic.as_str()), (vec!["Root"], "p90"));
    }

    #[test]
    fn an_expression_is_not_plain_even_when_it_stands_alone() {
        let sum = sdk::MetricDataQuery::builder().expression("SUM(METRICS())").build();
        let both = read(alarm().metrics(query("Root").build()).metrics(sum.clone())).unwrap();
        assert!(!both.is_plain);
        assert_eq!((names(&both), both.statistic.as_str()), (vec!["Root"], ""));
        let alone = read(alarm().metrics(sum)).unwrap();
        assert!(!alone.is_plain && alone.metrics.is_empty());
    }

    #[test]
    fn a_metric_of_another_account_is_not_taken_for_one_of_this() {
        let elsewhere = read(alarm().metrics(query("Root").account_id("222222222222").build())).unwrap();
        assert!(!elsewhere.is_plain && elsewhere.metrics.is_empty());
        let here = read(alarm().metrics(query("Root").account_id(OWN).build())).unwrap();
        assert!(here.is_plain);
    }

    #[test]
    fn an_alarm_on_no_metric_is_read_and_watches_none() {
        let promql = read(alarm()).unwrap();
        assert!(!promql.is_plain && promql.metrics.is_empty());
    }

    #[test]
    fn what_is_not_set_is_what_aws_takes_in_its_place() {
        let plain = || alarm().metric_name("Root").namespace("Trail");
        let bare = read(plain().period(60).evaluation_periods(3)).unwrap().evaluation.unwrap();
        assert_eq!((bare.period, bare.periods, bare.datapoints_to_alarm), (Some(60), 3, 3));
        assert_eq!(bare.missing_data, "missing");
        let set = plain().evaluation_periods(3).datapoints_to_alarm(1).treat_missing_data("ignore");
        let set = read(set).unwrap().evaluation.unwrap();
        assert_eq!((set.datapoints_to_alarm, set.missing_data.as_str()), (1, "ignore"));
    }

    #[test]
    fn how_an_alarm_is_evaluated_is_not_known_where_the_answer_does_not_say_or_a_clock_decides() {
        let plain = || alarm().metric_name("Root").namespace("Trail");
        assert_eq!(read(plain()).unwrap().evaluation, None);
        let clock = sdk::EvaluationWindow::WallClockWindow(sdk::WallClockWindow::builder().build());
        assert_eq!(read(plain().evaluation_periods(1).evaluation_window(clock)).unwrap().evaluation, None);
    }

    #[test]
    fn an_alarm_that_is_not_whole_is_refused() {
        let empty = sdk::MetricDataQuery::builder().build();
        let nameless = sdk::Dimension::builder().value("v").build();
        let plain = || alarm().metric_name("Root").namespace("Trail");
        for half in [
            alarm().metric_name("Root"),
            alarm().namespace("Trail"),
            alarm().metrics(empty),
            plain().dimensions(nameless),
            plain().set_actions_enabled(None),
            plain().set_alarm_arn(None),
        ] {
            assert!(read(half.clone()).is_err(), "{half:?}");
        }
        assert!(read(plain()).is_ok());
    }

    #[test]
    fn a_page_without_either_list_tells_nothing() {
        assert!(read_page(DescribeAlarmsOutput::builder().build(), OWN).0.is_none());
        let metric_only = DescribeAlarmsOutput::builder().set_metric_alarms(Some(Vec::new())).build();
        assert_eq!(read_page(metric_only, OWN).0.map(|alarms| alarms.len()), Some(0));
    }
}
