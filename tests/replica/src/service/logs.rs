//! CloudWatch Logs: the log groups of the caller's account and region, their metric filters, and the resource policies.

use crate::answer::{Answer, Failure};
use crate::dispatch::{Call, not_authorized};
use crate::world::{LogGroup, MetricFilter, Moment};
use serde_json::{Value, json};

type Answered = Result<Answer, Failure>;

fn invalid(message: impl Into<String>) -> Failure {
    Failure::new(400, "InvalidParameterException", message)
}

/// The account's log groups in this region, sorted as the API sorts them.
fn groups<'a>(call: &'a Call<'_>) -> Vec<&'a LogGroup> {
    let mut groups: Vec<&LogGroup> = call
        .world
        .log_groups
        .iter()
        .filter(|group| group.account.value == call.caller.account && group.region == call.region)
        .collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

fn texts<'a>(call: &'a Call<'_>, field: &str) -> Option<Vec<&'a str>> {
    let list = call.input[field].as_array()?;
    Some(list.iter().filter_map(Value::as_str).collect())
}

/// Refuses what is asked about another account: no accounts are linked here.
fn only_own(call: &Call<'_>) -> Result<(), Failure> {
    let own = call.caller.account.as_str();
    let accounts = texts(call, "accountIdentifiers").unwrap_or_default();
    let identifiers = texts(call, "logGroupIdentifiers").unwrap_or_default();
    let arns = identifiers.into_iter().filter(|identifier| identifier.starts_with("arn:"));
    let mut named = accounts.into_iter().chain(arns.filter_map(|arn| arn.split(':').nth(4)));
    let Some(other) = named.find(|account| *account != own) else { return Ok(()) };
    let (action, reason) = (call.operation.action, "because no linked account shares its log groups");
    let resource = format!("arn:{}:logs:{}:{other}:log-group:*", call.world.partition.name(), call.region);
    Err(call.operation.service.denied(not_authorized(&call.caller.arn, action, &resource, reason)))
}

pub(crate) fn describe_log_groups(call: &Call<'_>) -> Answered {
    only_own(call)?;
    let (prefix, pattern) = (call.text("logGroupNamePrefix"), call.text("logGroupNamePattern"));
    if prefix.is_some() && pattern.is_some() {
        return Err(invalid("logGroupNamePrefix and logGroupNamePattern are mutually exclusive."));
    }
    let identifiers = texts(call, "logGroupIdentifiers");
    let named = |group: &LogGroup| {
        let arn = group.arn(call.world.partition);
        identifiers.as_ref().is_none_or(|wanted| wanted.iter().any(|one| *one == group.name || *one == arn))
    };
    let class = call.text("logGroupClass");
    let mut groups = groups(call);
    groups.retain(|group| {
        prefix.is_none_or(|prefix| group.name.starts_with(prefix))
            && pattern.is_none_or(|pattern| group.name.contains(pattern))
            && class.is_none_or(|class| json!(group.class) == class)
            && named(group)
    });
    call.listed("logGroups", &groups, |group| describe_group(call, group, pattern.is_some()))
}

/// A log group; a search by pattern gives three members only.
fn describe_group(call: &Call<'_>, group: &LogGroup, short: bool) -> Value {
    let now = call.world.now();
    let arn = group.arn(call.world.partition);
    let mut value = json!({
        "logGroupName": group.name,
        "arn": format!("{arn}:*"),
        "creationTime": group.created.unwrap_or(Moment::days_ago(300)).epoch_milliseconds(now),
    });
    if short {
        return value;
    }
    value["logGroupArn"] = arn.into();
    value["metricFilterCount"] = group.metric_filters.len().into();
    value["storedBytes"] = group.stored_bytes.into();
    value["logGroupClass"] = json!(group.class);
    value["deletionProtectionEnabled"] = group.deletion_protection.into();
    if let Some(days) = group.retention_days {
        value["retentionInDays"] = days.into();
    }
    if let Some(key) = &group.kms_key {
        value["kmsKeyId"] = key.as_str().into();
    }
    value
}

pub(crate) fn describe_metric_filters(call: &Call<'_>) -> Answered {
    let wanted = call.text("logGroupName");
    let (metric, namespace) = (call.text("metricName"), call.text("metricNamespace"));
    if metric.is_some() != namespace.is_some() {
        return Err(invalid("metricName and metricNamespace go together."));
    }
    let groups = groups(call);
    if wanted.is_some_and(|wanted| !groups.iter().any(|group| group.name == wanted)) {
        let message = "The specified log group does not exist.";
        return Err(Failure::new(400, "ResourceNotFoundException", message));
    }
    // The prefix counts only together with a log group.
    let prefix = call.text("filterNamePrefix").filter(|_| wanted.is_some());
    let mut filters: Vec<(&LogGroup, &MetricFilter)> = groups
        .into_iter()
        .filter(|group| wanted.is_none_or(|wanted| group.name == wanted))
        .flat_map(|group| group.metric_filters.iter().map(move |filter| (group, filter)))
        .filter(|(_, filter)| {
            prefix.is_none_or(|prefix| filter.name.starts_with(prefix))
                && metric.is_none_or(|metric| filter.metric == metric)
                && namespace.is_none_or(|namespace| filter.namespace == namespace)
        })
        .collect();
    filters.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    call.listed("metricFilters", &filters, |(group, filter)| describe_filter(call, group, filter))
}

fn describe_filter(call: &Call<'_>, group: &LogGroup, filter: &MetricFilter) -> Value {
    let mut transformation = json!({
        "metricName": filter.metric,
        "metricNamespace": filter.namespace,
        "metricValue": filter.value,
    });
    if let Some(value) = filter.default_value {
        transformation["defaultValue"] = value.into();
    }
    if let Some(unit) = &filter.unit {
        transformation["unit"] = unit.as_str().into();
    }
    if !filter.dimensions.is_empty() {
        transformation["dimensions"] = json!(filter.dimensions);
    }
    let created = filter.created.unwrap_or(Moment::days_ago(290));
    let mut value = json!({
        "filterName": filter.name,
        "filterPattern": filter.pattern,
        "metricTransformations": [transformation],
        "creationTime": created.epoch_milliseconds(call.world.now()),
        "logGroupName": group.name,
        "applyOnTransformedLogs": filter.on_transformed_logs,
    });
    if let Some(selection) = &filter.field_selection {
        value["fieldSelectionCriteria"] = selection.as_str().into();
    }
    value
}

pub(crate) fn describe_resource_policies(call: &Call<'_>) -> Answered {
    let scope = call.text("policyScope").unwrap_or("ACCOUNT");
    let resource = call.text("resourceArn");
    let policies: Vec<Value> = call
        .world
        .log_resource_policies
        .iter()
        .filter(|policy| policy.account.value == call.caller.account && policy.region == call.region)
        .filter(|policy| policy.log_group.is_some() == (scope == "RESOURCE"))
        .filter(|policy| {
            let own = policy.log_group.as_ref().map(|group| group.value.as_str());
            resource.is_none() || own == resource
        })
        .map(|policy| {
            let updated = policy.updated.unwrap_or(Moment::days_ago(280));
            let mut value = json!({
                "policyName": policy.name,
                "policyDocument": policy.document.text(|| None),
                "policyScope": scope,
                "lastUpdatedTime": updated.epoch_milliseconds(call.world.now()),
            });
            if let Some(group) = &policy.log_group {
                value["resourceArn"] = group.value.as_str().into();
            }
            value
        })
        .collect();
    call.listed("resourcePolicies", &policies, Value::clone)
}
