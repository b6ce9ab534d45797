use serde_json::{Value, json};

use super::{MANAGEMENT, STRANGER, document};
use crate::access::topic::{Publisher, publishing};

const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:alerts";
const ALARM: Publisher<'_> =
    Publisher::Alarm { arn: "arn:aws:cloudwatch:us-east-1:111122223333:alarm:root", account: MANAGEMENT };
const RULE: Publisher<'_> = Publisher::Rule { arn: "arn:aws:events:us-east-1:111122223333:rule/root" };

fn answers(statements: Value) -> [Option<bool>; 2] {
    let policy = document(statements);
    [ALARM, RULE].map(|publisher| publishing(&policy, TOPIC, &publisher).value)
}

fn statement(effect: &str, principal: Value, condition: Value) -> Value {
    json!({ "Effect": effect, "Principal": principal, "Action": "SNS:Publish", "Resource": TOPIC, "Condition": condition })
}

#[test]
fn the_owner_of_the_source_is_told_for_alarms_alone() {
    let of_owner = |owner: &str| {
        statement("Allow", json!({"AWS": "*"}), json!({"StringEquals": {"AWS:SourceOwner": owner}}))
    };
    assert_eq!(answers(json!([of_owner(MANAGEMENT)])), [Some(true), Some(false)]);
    assert_eq!(answers(json!([of_owner(STRANGER)])), [Some(false), Some(false)]);
}

#[test]
fn another_topic_or_another_action_is_no_grant() {
    let service = json!({"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]});
    let mut grant = statement("Allow", service, json!({}));
    assert_eq!(answers(json!([grant])), [Some(true), Some(true)]);
    grant["Resource"] = json!(format!("{TOPIC}-2"));
    assert_eq!(answers(json!([grant])), [Some(false), Some(false)]);
    grant["Resource"] = json!("*");
    grant["Action"] = json!("sns:Subscribe");
    assert_eq!(answers(json!([grant])), [Some(false), Some(false)]);
}

#[test]
fn what_is_in_doubt_is_named() {
    let events = json!({"Service": "events.amazonaws.com"});
    let policy = document(json!([statement(
        "Allow",
        events,
        json!({"StringEquals": {"aws:SourceAccount": MANAGEMENT}})
    )]));
    let answer = publishing(&policy, TOPIC, &RULE);
    assert_eq!(answer.value, None);
    assert!(answer.notes[0].contains("applies to events.amazonaws.com is not known"), "{:?}", answer.notes);
}
