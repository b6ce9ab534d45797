//! Log groups, metric filters, and the policies of CloudWatch Logs.

use crate::client::{ALERTING, Client, start};
use serde_json::{Value, json};

async fn ask(client: &Client, operation: &str, input: Value) -> Value {
    client.json("logs", operation, &input.to_string()).await.json()
}

fn names<'a>(answer: &'a Value, list: &str, name: &str) -> Vec<&'a str> {
    answer[list].as_array().unwrap().iter().map(|item| item[name].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_log_group_has_two_arns_and_no_retention_when_it_is_kept_forever() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let answer = ask(&owner, "DescribeLogGroups", json!({"logGroupNamePrefix": "trail/"})).await;
    assert_eq!(
        answer["logGroups"][0],
        json!({
            "logGroupName": "trail/events",
            "arn": "arn:aws:logs:us-east-1:333333333333:log-group:trail/events:*",
            "logGroupArn": "arn:aws:logs:us-east-1:333333333333:log-group:trail/events",
            "creationTime": 1_767_225_600_000_u64,
            "retentionInDays": 365,
            "metricFilterCount": 3,
            "storedBytes": 10,
            "kmsKeyId": "arn:aws:kms:us-east-1:333333333333:key/key-1",
            "logGroupClass": "STANDARD",
            "deletionProtectionEnabled": true,
        })
    );
    let forever = &answer["logGroups"][1];
    assert_eq!((forever.get("retentionInDays"), forever.get("kmsKeyId")), (None, None));
    assert_eq!(forever["logGroupClass"], "INFREQUENT_ACCESS");
    assert_eq!(replica.requests()[0].resource, "trail/");
}

#[tokio::test]
async fn log_groups_come_sorted_in_pages_of_one_account_and_region() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let first = ask(&owner, "DescribeLogGroups", json!({})).await;
    assert_eq!(names(&first, "logGroups", "logGroupName"), ["other", "trail/events"]);
    let last = ask(&owner, "DescribeLogGroups", json!({"nextToken": first["nextToken"]})).await;
    assert_eq!(names(&last, "logGroups", "logGroupName"), ["trail/forever"]);
    assert_eq!(last.get("nextToken"), None);
    assert!(!replica.requests()[1].page.is_empty(), "the journal tells pages apart");
    let away = ask(&owner.region("eu-west-1"), "DescribeLogGroups", json!({})).await;
    assert_eq!(names(&away, "logGroups", "logGroupName"), ["away"]);
    let member = ask(&Client::new(&replica, "AKIAMEMBER"), "DescribeLogGroups", json!({})).await;
    assert_eq!(member, json!({"logGroups": []}));
    for wrong in [json!({"nextToken": "x"}), json!({"limit": 51})] {
        assert_eq!(ask(&owner, "DescribeLogGroups", wrong).await["__type"], "InvalidParameterException");
    }
}

#[tokio::test]
async fn log_groups_are_found_by_pattern_class_and_identifier() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let by_pattern = ask(&owner, "DescribeLogGroups", json!({"logGroupNamePattern": "vents"})).await;
    assert_eq!(
        by_pattern["logGroups"][0].as_object().unwrap().len(),
        3,
        "a pattern gives three members only"
    );
    let by_class = ask(&owner, "DescribeLogGroups", json!({"logGroupClass": "INFREQUENT_ACCESS"})).await;
    assert_eq!(names(&by_class, "logGroups", "logGroupName"), ["trail/forever"]);
    let arn = "arn:aws:logs:us-east-1:333333333333:log-group:other";
    let by_arn = ask(&owner, "DescribeLogGroups", json!({"logGroupIdentifiers": [arn]})).await;
    assert_eq!(names(&by_arn, "logGroups", "logGroupName"), ["other"]);
    let both = json!({"logGroupNamePrefix": "a", "logGroupNamePattern": "a"});
    assert_eq!(ask(&owner, "DescribeLogGroups", both).await["__type"], "InvalidParameterException");
}

#[tokio::test]
async fn log_groups_of_another_account_are_refused() {
    let replica = start(ALERTING).await;
    let member = Client::new(&replica, "AKIAMEMBER");
    for foreign in [
        json!({"logGroupIdentifiers": ["arn:aws:logs:us-east-1:333333333333:log-group:other"]}),
        json!({"includeLinkedAccounts": true, "accountIdentifiers": ["333333333333"]}),
    ] {
        assert_eq!(ask(&member, "DescribeLogGroups", foreign).await["__type"], "AccessDeniedException");
    }
    let foreign = ask(&member, "DescribeMetricFilters", json!({"logGroupName": "trail/events"})).await;
    assert_eq!(foreign["__type"], "ResourceNotFoundException");
}

#[tokio::test]
async fn metric_filters_come_sorted_in_pages_with_their_transformation() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let mut input = json!({"logGroupName": "trail/events"});
    let first = ask(&owner, "DescribeMetricFilters", input.clone()).await;
    assert_eq!(names(&first, "metricFilters", "filterName"), ["changes", "logins"]);
    assert_eq!(
        first["metricFilters"][0]["metricTransformations"],
        json!([{
            "metricName": "Changes", "metricNamespace": "Audit", "metricValue": "1",
            "dimensions": {"Event": "$.eventName"},
        }])
    );
    let login = &first["metricFilters"][1];
    assert_eq!((&login["filterPattern"], &login["applyOnTransformedLogs"]), (&json!(""), &json!(true)));
    assert_eq!(login["fieldSelectionCriteria"], "@aws.account = \"1\"");
    input["nextToken"] = first["nextToken"].clone();
    let last = ask(&owner, "DescribeMetricFilters", input).await;
    assert_eq!(last["metricFilters"][0]["filterPattern"], "{ $.userIdentity.type = \"Root\" }");
    assert_eq!(
        last["metricFilters"][0]["metricTransformations"],
        json!([{
            "metricName": "RootUse", "metricNamespace": "CloudTrailMetrics", "metricValue": "1",
            "defaultValue": 0.0, "unit": "Count",
        }])
    );
    let by_metric = json!({"metricName": "RootUse", "metricNamespace": "CloudTrailMetrics"});
    let by_metric = ask(&owner, "DescribeMetricFilters", by_metric).await;
    assert_eq!(names(&by_metric, "metricFilters", "filterName"), ["logins", "root"]);
    let half = ask(&owner, "DescribeMetricFilters", json!({"metricName": "RootUse"})).await;
    assert_eq!(half["__type"], "InvalidParameterException");
    let none = ask(&owner, "DescribeMetricFilters", json!({"logGroupName": "other"})).await;
    assert_eq!(none, json!({"metricFilters": []}));
}

#[tokio::test]
async fn resource_policies_are_of_the_account_unless_asked_for_by_resource() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let own = ask(&owner, "DescribeResourcePolicies", json!({})).await;
    assert_eq!(names(&own, "resourcePolicies", "policyName"), ["trails"]);
    assert_eq!(own["resourcePolicies"][0]["policyDocument"], r#"{"Statement":[],"Version":"2012-10-17"}"#);
    let arn = "arn:aws:logs:us-east-1:333333333333:log-group:other";
    let scoped = json!({"policyScope": "RESOURCE", "resourceArn": arn});
    let scoped = ask(&owner, "DescribeResourcePolicies", scoped).await;
    assert_eq!(scoped["resourcePolicies"][0]["resourceArn"], arn);
    let member = ask(&Client::new(&replica, "AKIAMEMBER"), "DescribeResourcePolicies", json!({})).await;
    assert_eq!(member, json!({"resourcePolicies": []}));
}

#[tokio::test]
async fn a_deny_and_a_region_that_is_off_stop_the_logs_as_well() {
    let replica = start(&format!(
        "{ALERTING}\ndenies: [{{ account: security, action: \"logs:Describe*\", resource: trail/events }}]"
    ))
    .await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let denied = ask(&owner, "DescribeMetricFilters", json!({"logGroupName": "trail/events"})).await;
    assert_eq!(denied["__type"], "AccessDeniedException");
    let open = owner.json("logs", "DescribeMetricFilters", r#"{"logGroupName":"other"}"#).await;
    assert_eq!(open.status, 200);
    let off = owner.region("me-south-1").json("logs", "DescribeLogGroups", "{}").await;
    assert_eq!((off.status, &off.json()["__type"]), (403, &"UnrecognizedClientException".into()));
}
