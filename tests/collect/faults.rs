//! A call that fails leaves gaps that name it, exactly where its answers would be, and changes nothing else.

use std::collections::BTreeMap;

use serde_json::Value;
use trailproof_replica::{Fault, Kind};

use super::{Stage, evidence, world};

/// Operation → where its answers are, `*` standing for one name. Written by hand.
const COSTS: &[(&str, &str, &[&str])] = &[
    ("cloudtrail", "GetEventConfiguration", &["trails/*/event_configuration"]),
    ("cloudtrail", "ListEventDataStores", &["accounts/*/event_data_stores/*", "event_data_stores/*"]),
    ("cloudtrail", "GetEventDataStore", &["event_data_stores/*/settings"]),
    ("s3", "GetBucketLifecycleConfiguration", &["buckets/*/lifecycle"]),
    ("s3", "GetBucketLogging", &["buckets/*/access_logging"]),
    ("s3", "GetBucketOwnershipControls", &["buckets/*/object_ownership"]),
    ("s3", "GetBucketReplication", &["buckets/*/replication"]),
    ("s3", "GetBucketEncryption", &["buckets/*/encryption"]),
    ("s3", "GetBucketPolicy", &["buckets/*/policy"]),
    ("logs", "DescribeLogGroups", &["log_groups/*/settings"]),
    ("logs", "DescribeMetricFilters", &["log_groups/*/metric_filters"]),
    (
        "cloudwatch",
        "DescribeAlarms",
        &[
            "accounts/111111111111/alerting/us-east-1/alarms",
            "accounts/444444444444/alerting/eu-west-1/alarms",
        ],
    ),
    (
        "events",
        "ListRules",
        &["accounts/111111111111/alerting/*/event_rules", "accounts/444444444444/alerting/*/event_rules"],
    ),
    ("events", "ListTargetsByRule", &["accounts/111111111111/alerting/us-east-1/event_rules/*/targets"]),
    ("sns", "GetTopicAttributes", &["topics/*/settings"]),
    ("sns", "ListSubscriptionsByTopic", &["topics/*/subscriptions"]),
    (
        "organizations",
        "ListPolicies",
        &["organization/service_control_policies", "organization/resource_control_policies"],
    ),
    (
        "organizations",
        "DescribePolicy",
        &[
            "organization/service_control_policies/*/document",
            "organization/resource_control_policies/*/document",
        ],
    ),
    (
        "organizations",
        "ListTargetsForPolicy",
        &[
            "organization/service_control_policies/*/targets",
            "organization/resource_control_policies/*/targets",
        ],
    ),
];

const KINDS: [(Kind, &str); 7] = [
    (Kind::AccessDenied, "denied"),
    (Kind::InternalError, "unavailable"),
    (Kind::Throttle, "throttled"),
    (Kind::MalformedBody, "unreadable"),
    (Kind::EmptyBody, "unreadable"),
    (Kind::HtmlBody(200), "unreadable"),
    (Kind::HtmlBody(404), "unreadable"),
];

/// Whether a path fits a pattern, name by name; an ARN has slashes of its own and is escaped.
fn fits(pattern: &str, path: &[String]) -> bool {
    let parts: Vec<&str> = pattern.split('/').collect();
    parts.len() == path.len() && parts.iter().zip(path).all(|(part, name)| *part == "*" || part == name)
}

/// Where two pieces of evidence say different things: the path, and what the second says there.
fn differences(
    before: &Value,
    after: &Value,
    path: &mut Vec<String>,
    found: &mut BTreeMap<Vec<String>, Value>,
) {
    // Where a value was seen does not matter while it is known.
    let value = |of: &'_ Value| of.pointer("/known/value").cloned();
    if let (Some(before), Some(after)) = (value(before), value(after)) {
        return differences(&before, &after, path, found);
    }
    let mut below = |name: String, before: &Value, after: &Value| {
        path.push(name);
        differences(before, after, path, found);
        path.pop();
    };
    match (before, after) {
        (Value::Object(old), Value::Object(new)) if value(before).is_none() => {
            for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
                let gone = Value::Null;
                below(name.clone(), old.get(name).unwrap_or(&gone), new.get(name).unwrap_or(&gone));
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (number, (old, new)) in old.iter().zip(new).enumerate() {
                below(number.to_string(), old, new);
            }
        }
        (before, after) if before != after => {
            found.insert(path.clone(), after.clone());
        }
        _ => {}
    }
}

/// What the fault changed against the rules, in words.
fn mistakes(
    healthy: &Value,
    spoilt: &Value,
    service: &str,
    operation: &str,
    costs: &[&str],
    reason: &str,
) -> Vec<String> {
    let mut found = BTreeMap::new();
    differences(healthy, spoilt, &mut Vec::new(), &mut found);
    let mut mistakes = Vec::new();
    for pattern in costs {
        if !found.keys().any(|path| fits(pattern, path)) {
            mistakes.push(format!("{pattern} is as it was"));
        }
    }
    for (path, now) in found {
        let is_topic_of_no_known_name = path.len() == 2 && path[0] == "topics" && now.is_null();
        let is_store_of_no_known_name = operation == "ListEventDataStores" && path[0] == "event_data_stores";
        // The world's clock is the system's.
        let is_time = path[0] == "collection"
            || path.iter().any(|name| ["status", "replicas"].contains(&name.as_str()));
        if is_time || is_topic_of_no_known_name || is_store_of_no_known_name {
            continue;
        }
        let gap = &now["gap"];
        // What the owner could not be asked says more than that a stranger failed.
        let is_of_locked = path[0] == "topics" && path[1].contains(":555555555555:");
        let names_the_call = gap["origin"]["call"]["operation"] == format!("{service}:{operation}");
        let is_right = names_the_call && gap["reason"] == reason || is_of_locked && gap["reason"] == "denied";
        if !costs.iter().any(|pattern| fits(pattern, &path)) || !is_right {
            mistakes.push(format!("{} is now {now}", path.join("/")));
        }
    }
    mistakes
}

#[test]
fn every_new_call_that_fails_leaves_a_gap_where_its_answer_would_be_and_nowhere_else() {
    let stage = Stage::of(&world());
    let healthy = evidence(&stage, "auditor");
    let mut wrong = Vec::new();
    for (service, operation, costs) in COSTS {
        for (kind, reason) in KINDS {
            stage.replica.clear_faults();
            stage.replica.add_fault(Fault::new(kind).service(service).operation(operation));
            let spoilt = evidence(&stage, "auditor");
            for mistake in mistakes(&healthy, &spoilt, service, operation, costs, reason) {
                wrong.push(format!("{service}:{operation} × {kind:?}: {mistake}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The answers themselves are compared in `answers`; this shows that they came in pieces.
#[test]
fn lists_longer_than_a_page_are_read_to_their_end() {
    let stage = Stage::of(&world());
    evidence(&stage, "auditor");
    let requests = stage.replica.requests();
    for operation in [
        "ListEventDataStores",
        "DescribeMetricFilters",
        "DescribeLogGroups",
        "DescribeAlarms",
        "ListRules",
        "ListTargetsByRule",
        "ListSubscriptionsByTopic",
        "ListPolicies",
    ] {
        let pages =
            requests.iter().filter(|request| request.operation == operation && !request.page.is_empty());
        assert!(pages.count() > 0, "{operation} has one page only");
    }
}
