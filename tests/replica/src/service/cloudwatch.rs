//! CloudWatch: the alarms of the caller's account and region, in CBOR or JSON as the client asks.

use crate::answer::{Answer, Failure};
use crate::dispatch::Call;
use crate::world::{Alarm, Moment};
use serde_json::{Value, json};

type Answered = Result<Answer, Failure>;

/// The kinds of alarms that a request may name; there are no log alarms in a world.
const KINDS: [&str; 3] = ["MetricAlarm", "CompositeAlarm", "LogAlarm"];

fn invalid(message: impl Into<String>) -> Failure {
    Failure::new(400, "ValidationError", message)
}

fn texts<'a>(call: &'a Call<'_>, field: &str) -> Option<Vec<&'a str>> {
    let list = call.input[field].as_array()?;
    Some(list.iter().filter_map(Value::as_str).collect())
}

pub(crate) fn describe_alarms(call: &Call<'_>) -> Answered {
    let alarms = asked_for(call)?;
    let (page, next) = call.page(&alarms)?;
    let of_kind = |kind: &str| -> Vec<Value> {
        page.iter().filter(|alarm| alarm.kind() == kind).map(|alarm| describe(call, alarm)).collect()
    };
    let mut answer = json!({
        "MetricAlarms": of_kind("MetricAlarm"),
        "CompositeAlarms": of_kind("CompositeAlarm"),
    });
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    Ok(if call.request.is_cbor() { Answer::cbor(&answer) } else { Answer::json(&answer) })
}

/// The alarms that the filters of a request leave, metric alarms first.
fn asked_for<'a>(call: &'a Call<'_>) -> Result<Vec<&'a Alarm>, Failure> {
    let (names, prefix) = (texts(call, "AlarmNames"), call.text("AlarmNamePrefix"));
    if names.is_some() && prefix.is_some() {
        return Err(invalid("AlarmNamePrefix cannot be specified together with AlarmNames"));
    }
    if let Some(family) =
        ["ChildrenOfAlarmName", "ParentsOfAlarmName"].iter().find(|f| call.text(f).is_some())
    {
        return Err(invalid(format!("{family} is not served here")));
    }
    // Without types only metric alarms are returned, even where there are others.
    let kinds = texts(call, "AlarmTypes").unwrap_or_else(|| vec!["MetricAlarm"]);
    if let Some(kind) = kinds.iter().find(|kind| !KINDS.contains(kind)) {
        return Err(invalid(format!("{kind} is no type of alarm")));
    }
    let (state, action) = (call.text("StateValue"), call.text("ActionPrefix"));
    let mut alarms: Vec<&Alarm> = call
        .world
        .alarms
        .iter()
        .filter(|alarm| alarm.account.value == call.caller.account && alarm.region == call.region)
        .filter(|alarm| kinds.contains(&alarm.kind()))
        .filter(|alarm| names.as_ref().is_none_or(|names| names.contains(&alarm.name.value.as_str())))
        .filter(|alarm| prefix.is_none_or(|prefix| alarm.name.value.starts_with(prefix)))
        .filter(|alarm| state.is_none_or(|state| json!(alarm.state) == state))
        .filter(|alarm| action.is_none_or(|prefix| alarm.all_actions().any(|own| own.starts_with(prefix))))
        .collect();
    alarms.sort_by(|a, b| (a.rule.is_some(), &a.name.value).cmp(&(b.rule.is_some(), &b.name.value)));
    Ok(alarms)
}

fn describe(call: &Call<'_>, alarm: &Alarm) -> Value {
    let updated = alarm.updated.unwrap_or(Moment::days_ago(100)).epoch(call.world.now());
    let arns =
        |actions: &[crate::world::Ref]| -> Value { actions.iter().map(|a| a.value.as_str()).collect() };
    let mut value = json!({
        "AlarmName": alarm.name.value,
        "AlarmArn": alarm.arn(call.world.partition),
        "AlarmConfigurationUpdatedTimestamp": updated,
        "ActionsEnabled": alarm.actions_enabled,
        "OKActions": arns(&alarm.ok_actions),
        "AlarmActions": arns(&alarm.actions),
        "InsufficientDataActions": arns(&alarm.insufficient_data_actions),
        "StateValue": alarm.state,
        "StateReason": "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": updated,
        "StateTransitionedTimestamp": updated,
    });
    if let Some(description) = &alarm.description {
        value["AlarmDescription"] = description.as_str().into();
    }
    if let Some(rule) = &alarm.rule {
        value["AlarmRule"] = rule.as_str().into();
        if let Some(suppressor) = &alarm.suppressor {
            value["ActionsSuppressor"] = suppressor.as_str().into();
            value["ActionsSuppressorWaitPeriod"] = 60.into();
            value["ActionsSuppressorExtensionPeriod"] = 60.into();
        }
        return value;
    }
    evaluation(alarm, &mut value);
    value
}

/// What a metric alarm looks at, and when it goes off.
fn evaluation(alarm: &Alarm, value: &mut Value) {
    value["EvaluationPeriods"] = alarm.evaluation_periods.into();
    value["Threshold"] = alarm.threshold.into();
    value["ComparisonOperator"] = alarm.comparison.as_str().into();
    value["TreatMissingData"] = alarm.treat_missing_data.as_str().into();
    if let Some(datapoints) = alarm.datapoints {
        value["DatapointsToAlarm"] = datapoints.into();
    }
    let Some(metric) = &alarm.metric else {
        value["Metrics"] = json!(alarm.metrics);
        return;
    };
    value["MetricName"] = metric.as_str().into();
    value["Namespace"] = alarm.namespace.as_str().into();
    value["Statistic"] = alarm.statistic.as_str().into();
    value["Period"] = alarm.period.into();
    if let Some(unit) = &alarm.unit {
        value["Unit"] = unit.as_str().into();
    }
    value["Dimensions"] =
        alarm.dimensions.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect();
}
