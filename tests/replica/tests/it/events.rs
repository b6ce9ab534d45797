//! Rules of `EventBridge` and their targets.

use crate::client::{ALERTING, Client, start};
use serde_json::{Value, json};

async fn ask(client: &Client, operation: &str, input: Value) -> Value {
    client.json("events", operation, &input.to_string()).await.json()
}

#[tokio::test]
async fn rules_come_in_pages_with_their_state_and_pattern() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let first = ask(&owner, "ListRules", json!({})).await;
    assert_eq!(
        first["Rules"],
        json!([
            {
                "Name": "asleep", "Arn": "arn:aws:events:us-east-1:333333333333:rule/asleep", "State": "DISABLED",
                "EventBusName": "default", "EventPattern": "{ \"source\" : [\"aws.iam\"] }",
            },
            {
                "Name": "nightly", "Arn": "arn:aws:events:us-east-1:333333333333:rule/nightly", "State": "ENABLED",
                "EventBusName": "default", "ScheduleExpression": "rate(1 day)", "Description": "d",
                "ManagedBy": "config.amazonaws.com",
            },
        ])
    );
    let last = ask(&owner, "ListRules", json!({"NextToken": first["NextToken"]})).await;
    assert_eq!(
        last,
        json!({"Rules": [{
            "Name": "tampering", "Arn": "arn:aws:events:us-east-1:333333333333:rule/tampering",
            "State": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            "EventBusName": "default", "EventPattern": "{\"source\":[\"aws.cloudtrail\"]}",
        }]})
    );
    let one = ask(&owner, "ListRules", json!({"Limit": 1, "NamePrefix": "n"})).await;
    assert_eq!((one["Rules"][0]["Name"].as_str(), one.get("NextToken")), (Some("nightly"), None));
    assert_eq!(ask(&owner, "ListRules", json!({"Limit": 101})).await["__type"], "ValidationException");
}

#[tokio::test]
async fn rules_are_of_one_bus_account_and_region() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let custom = ask(&owner, "ListRules", json!({"EventBusName": "custom"})).await;
    assert_eq!(custom["Rules"][0]["Arn"], "arn:aws:events:us-east-1:333333333333:rule/custom/elsewhere");
    let by_arn = json!({"EventBusName": "arn:aws:events:us-east-1:333333333333:event-bus/custom"});
    assert_eq!(ask(&owner, "ListRules", by_arn.clone()).await, custom);
    let missing = ask(&owner, "ListRules", json!({"EventBusName": "nothing"})).await;
    assert_eq!(missing["__type"], "ResourceNotFoundException");
    assert_eq!(ask(&owner.region("eu-west-1"), "ListRules", json!({})).await, json!({"Rules": []}));
    let member = Client::new(&replica, "AKIAMEMBER");
    assert_eq!(ask(&member, "ListRules", json!({})).await, json!({"Rules": []}));
    assert_eq!(ask(&member, "ListRules", by_arn).await["__type"], "AccessDeniedException");
    let off = owner.region("me-south-1").json("events", "ListRules", "{}").await;
    assert_eq!((off.status, &off.json()["__type"]), (403, &"UnrecognizedClientException".into()));
}

#[tokio::test]
async fn targets_come_in_pages_with_the_arn_of_the_topic_that_was_named() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let first = ask(&owner, "ListTargetsByRule", json!({"Rule": "tampering"})).await;
    assert_eq!(
        first["Targets"],
        json!([
            {
                "Id": "person", "Arn": "arn:aws:sns:us-east-1:333333333333:alerts",
                "DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:333333333333:dead"},
            },
            {
                "Id": "machine", "Arn": "arn:aws:lambda:us-east-1:333333333333:function:f",
                "RoleArn": "arn:aws:iam::333333333333:role/r",
            },
        ])
    );
    let rest = json!({"Rule": "tampering", "NextToken": first["NextToken"]});
    let last = ask(&owner, "ListTargetsByRule", rest).await;
    assert_eq!((&last["Targets"][0]["Input"], last.get("NextToken")), (&json!("\"x\""), None));
    assert_eq!(ask(&owner, "ListTargetsByRule", json!({"Rule": "asleep"})).await, json!({"Targets": []}));
    let missing = ask(&owner, "ListTargetsByRule", json!({"Rule": "elsewhere"})).await;
    assert_eq!(missing["__type"], "ResourceNotFoundException", "it is on another bus");
    assert_eq!(ask(&owner, "ListTargetsByRule", json!({})).await["__type"], "ValidationException");
}

#[tokio::test]
async fn the_default_bus_is_everywhere_and_a_policy_only_where_it_was_made() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let own = ask(&owner, "DescribeEventBus", json!({})).await;
    assert_eq!(own["Policy"], r#"{"Statement":[],"Version":"2012-10-17"}"#);
    let away = ask(&owner.region("eu-west-1"), "DescribeEventBus", json!({"Name": "default"})).await;
    assert_eq!(
        away,
        json!({"Name": "default", "Arn": "arn:aws:events:eu-west-1:333333333333:event-bus/default"})
    );
}

#[tokio::test]
async fn a_deny_stops_one_rule() {
    let more = "denies: [{ account: security, action: \"events:ListTargetsByRule\", resource: tampering }]";
    let replica = start(&format!("{ALERTING}\n{more}")).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let denied = ask(&owner, "ListTargetsByRule", json!({"Rule": "tampering"})).await;
    assert_eq!(denied["__type"], "AccessDeniedException");
    assert_eq!(ask(&owner, "ListTargetsByRule", json!({"Rule": "asleep"})).await, json!({"Targets": []}));
}
