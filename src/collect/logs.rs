//! CloudWatch Logs: the log group that a trail delivers to, and the metric filters on it.

use aws_sdk_cloudwatchlogs::types as sdk;

use super::caller::{Caller, observe, observe_or, origin, pages};
use super::session::{Session, Sessions};
use crate::inventory::{
    Gap, GapReason, LogGroup, LogGroupSettings, Metric, MetricFilter, Observed, Origin, Trail,
};

/// The ARN of a log group; CloudTrail adds `:*`, which stands for its streams.
pub(super) fn without_streams(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}

/// Reads the log group that `trail` names by `arn`, in the account and region of the ARN.
pub(super) async fn read(sessions: &Sessions<'_>, arn: &str, trail: &Trail) -> LogGroup {
    const CALLS: &[&str] = &["logs:DescribeLogGroups", "logs:DescribeMetricFilters"];
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    let ["arn", _, "logs", region, owner, "log-group", name] = parts.as_slice() else {
        let detail = "the trail names no log group by an ARN";
        let gap = Gap {
            origin: trail.described_by.clone(),
            reason: GapReason::Unreadable,
            detail: detail.to_owned(),
        };
        return LogGroup {
            arn: arn.to_owned(),
            name: arn.to_owned(),
            owner: trail.owner.clone(),
            region: trail.home_region.clone(),
            settings: Observed::Gap(gap.clone()),
            metric_filters: Observed::Gap(gap),
        };
    };
    let (settings, metric_filters) = match sessions.open_for(CALLS, owner, region, arn).await {
        Ok(session) => tokio::join!(
            settings(sessions.caller, &session, region, name),
            metric_filters(sessions.caller, &session, region, name),
        ),
        Err(gap) => (Observed::Gap(gap.clone()), Observed::Gap(gap)),
    };
    LogGroup {
        arn: arn.to_owned(),
        name: (*name).to_owned(),
        owner: (*owner).to_owned(),
        region: (*region).to_owned(),
        settings,
        metric_filters,
    }
}

fn asked(operation: &str, session: &Session, region: &str, name: &str) -> Origin {
    origin(operation, &session.account, region, name)
}

/// A log group is found by the start of its name, among others that start alike.
async fn settings(
    caller: &Caller,
    session: &Session,
    region: &str,
    name: &str,
) -> Observed<Option<LogGroupSettings>> {
    let asked = asked("logs:DescribeLogGroups", session, region, name);
    let client = session.logs(region);
    let request =
        |token| client.describe_log_groups().log_group_name_prefix(name).set_next_token(token).send();
    let listed = pages(caller, &asked, request, |page| (page.log_groups, page.next_token)).await;
    observe(asked, listed, |groups| {
        let found = groups.into_iter().find(|group| group.log_group_name() == Some(name));
        Ok(found.map(|group| LogGroupSettings {
            retention_days: group.retention_in_days.map(i64::from),
            kms_key: group.kms_key_id.filter(|key| !key.is_empty()),
            class: group
                .log_group_class
                .map_or_else(|| "STANDARD".to_owned(), |class| class.as_str().to_owned()),
            is_protected_from_deletion: group.deletion_protection_enabled,
        }))
    })
}

async fn metric_filters(
    caller: &Caller,
    session: &Session,
    region: &str,
    name: &str,
) -> Observed<Vec<MetricFilter>> {
    let asked = asked("logs:DescribeMetricFilters", session, region, name);
    let client = session.logs(region);
    let request = |token| client.describe_metric_filters().log_group_name(name).set_next_token(token).send();
    let listed = pages(caller, &asked, request, |page| (page.metric_filters, page.next_token)).await;
    observe_or(asked, listed, &["ResourceNotFoundException"], Vec::new(), |filters| {
        let mut filters: Vec<_> = filters.into_iter().map(metric_filter).collect::<Result<_, _>>()?;
        filters.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(filters)
    })
}

fn metric_filter(filter: sdk::MetricFilter) -> Result<MetricFilter, &'static str> {
    if filter.field_selection_criteria.is_some_and(|criteria| !criteria.trim().is_empty()) {
        // It counts only what certain accounts or regions sent, which the pattern does not show.
        return Err("a metric filter has selection criteria, which are not understood here");
    }
    let system = filter.emit_system_field_dimensions.unwrap_or_default();
    let metrics = filter.metric_transformations.ok_or("a metric filter in the answer has no metric")?;
    Ok(MetricFilter {
        name: filter.filter_name.ok_or("a metric filter in the answer has no name")?,
        pattern: filter.filter_pattern.ok_or("a metric filter in the answer has no pattern")?,
        applies_to_transformed_logs: filter.apply_on_transformed_logs,
        metrics: metrics.into_iter().map(|metric| self::metric(metric, &system)).collect::<Result<_, _>>()?,
    })
}

/// `system` are dimensions that every metric of the filter gets besides its own: `@aws.account`, `@aws.region`.
fn metric(transformation: sdk::MetricTransformation, system: &[String]) -> Result<Metric, &'static str> {
    if transformation.metric_name.is_empty() || transformation.metric_namespace.is_empty() {
        return Err("a metric of a metric filter in the answer has no name");
    }
    let own = transformation.dimensions.unwrap_or_default().into_keys();
    let mut dimensions: Vec<String> = own.chain(system.iter().cloned()).collect();
    dimensions.sort();
    Ok(Metric {
        namespace: transformation.metric_namespace,
        name: transformation.metric_name,
        dimensions,
        value: transformation.metric_value,
        default_value: transformation.default_value.map(|value| value.to_string()),
        unit: transformation.unit.map(|unit| unit.as_str().to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter() -> sdk::builders::MetricFilterBuilder {
        let metric = sdk::MetricTransformation::builder()
            .metric_name("Root")
            .metric_namespace("Trail")
            .metric_value("1")
            .dimensions("Event", "$.eventName")
            .build()
            .unwrap();
        sdk::MetricFilter::builder().filter_name("root").filter_pattern("").metric_transformations(metric)
    }

    #[test]
    fn fields_that_the_service_adds_split_a_metric_like_its_own_dimensions() {
        let read = metric_filter(filter().emit_system_field_dimensions("@aws.account").build()).unwrap();
        assert_eq!(read.metrics[0].dimensions, ["@aws.account", "Event"]);
    }

    #[test]
    fn a_metric_filter_that_counts_by_other_rules_than_its_pattern_or_is_not_whole_is_refused() {
        let nameless = sdk::MetricTransformation::builder()
            .metric_name("")
            .metric_namespace("Trail")
            .metric_value("1")
            .build()
            .unwrap();
        for filter in [
            filter().field_selection_criteria("@aws.region = \"eu-west-1\""),
            filter().set_filter_pattern(None),
            filter().set_filter_name(None),
            filter().set_metric_transformations(None),
            filter().metric_transformations(nameless),
        ] {
            assert!(metric_filter(filter.clone().build()).is_err(), "{filter:?}");
        }
        assert!(metric_filter(filter().field_selection_criteria("").build()).is_ok());
    }
}
