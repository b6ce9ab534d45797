//! Whether a topic takes what is sent to it: its policy and its key.

use serde_json::{Value, json};

use super::stage::{TOPIC, broken, event_rule, gaps, of_events, of_owner, open, raised, settings, target};
use crate::facts::tests::world::{MANAGEMENT, OTHER, World, known, multi_region};
use crate::inventory::{EventTarget, TopicSettings};

const ALARMS: &str = "the policy of the topic security does not let CloudWatch publish";
const RULES: &str = "the policy of the topic security does not let EventBridge publish";

/// The chain by alarm and the chain by rule, to a topic with these settings.
fn both(settings: &TopicSettings) -> [(Option<bool>, String); 2] {
    let pattern = r#"{"source": ["aws.cloudtrail"]}"#;
    let by_rule = World::alone().with(multi_region("audit")).watch();
    let by_rule = by_rule.add_rule_everywhere(&event_rule("tell", pattern, &[TOPIC]));
    [World::watched(), by_rule].map(|mut world| {
        world.topic_mut().settings = known(Some(settings.clone()));
        world.changes()
    })
}

fn of(statements: &[Value]) -> [(Option<bool>, String); 2] {
    both(&settings(statements))
}

fn allow(principal: &Value, condition: &Value) -> Value {
    json!({
        "Effect": "Allow", "Principal": principal, "Action": "sns:Publish", "Resource": TOPIC,
        "Condition": condition,
    })
}

/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions>
#[test]
fn the_policy_that_every_topic_starts_with_serves_alarms_and_no_rules() {
    assert_eq!(of(&[of_owner(MANAGEMENT)]), [raised(), broken(RULES)]);
    assert_eq!(of(&[of_owner(MANAGEMENT), of_events()]), [raised(), raised()]);
    assert_eq!(of(&[of_owner(OTHER)]), [broken(ALARMS), broken(RULES)]);
}

#[test]
fn a_policy_that_names_neither_service_lets_neither_publish() {
    assert_eq!(of(&[]), [broken(ALARMS), broken(RULES)]);
    assert_eq!(of(&[of_events()]), [broken(ALARMS), raised()]);
    let trail = json!({ "Service": "cloudtrail.amazonaws.com" });
    assert_eq!(of(&[allow(&trail, &json!({}))]), [broken(ALARMS), broken(RULES)]);
    assert_eq!(of(&[allow(&json!("*"), &json!({}))]), [raised(), raised()]);
}

/// <https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html>
#[test]
fn cloudwatch_says_for_which_alarm_of_which_account_it_asks() {
    let cloudwatch = json!({ "Service": "cloudwatch.amazonaws.com" });
    let by_alarm = |condition: Value| of(&[allow(&cloudwatch, &condition)])[0].clone();
    let alarms = |account: &str| format!("arn:aws:cloudwatch:us-east-1:{account}:alarm:*");
    assert_eq!(by_alarm(json!({})), raised());
    assert_eq!(by_alarm(json!({ "ArnLike": { "aws:SourceArn": alarms(MANAGEMENT) } })), raised());
    assert_eq!(by_alarm(json!({ "StringEquals": { "aws:SourceAccount": MANAGEMENT } })), raised());
    assert_eq!(by_alarm(json!({ "ArnLike": { "aws:SourceArn": alarms(OTHER) } })), broken(ALARMS));
    assert_eq!(by_alarm(json!({ "StringEquals": { "aws:SourceAccount": OTHER } })), broken(ALARMS));
    assert_eq!(by_alarm(json!({ "StringEquals": { "aws:SourceVpc": "vpc-1" } })), open());
}

#[test]
fn whether_a_grant_to_the_account_serves_cloudwatch_is_not_known() {
    let account = json!({ "AWS": format!("arn:aws:iam::{MANAGEMENT}:root") });
    assert_eq!(of(&[allow(&account, &json!({}))]), [open(), broken(RULES)]);
}

/// AWS says that conditions cannot be used for `EventBridge`; the ARN of the rule is seen to work nevertheless.
#[test]
fn a_condition_on_the_rule_leaves_it_open_and_one_on_another_rule_does_not() {
    let events = json!({ "Service": "events.amazonaws.com" });
    let by_rule = |condition: Value| of(&[allow(&events, &condition)])[1].clone();
    let rule = |name: &str| format!("arn:aws:events:us-east-1:{MANAGEMENT}:rule/{name}");
    assert_eq!(by_rule(json!({ "ArnEquals": { "aws:SourceArn": rule("tell") } })), open());
    assert_eq!(by_rule(json!({ "ArnEquals": { "aws:SourceArn": rule("other") } })), broken(RULES));
    assert_eq!(by_rule(json!({ "StringEquals": { "aws:SourceAccount": MANAGEMENT } })), open());
}

#[test]
fn a_deny_wins_and_one_against_plain_http_does_no_harm() {
    let deny = |condition: &Value| {
        let mut statement = allow(&json!("*"), condition);
        statement["Effect"] = json!("Deny");
        of(&[of_owner(MANAGEMENT), of_events(), statement])
    };
    assert_eq!(deny(&json!({})), [broken(ALARMS), broken(RULES)]);
    assert_eq!(deny(&json!({ "Bool": { "aws:SecureTransport": "false" } })), [raised(), raised()]);
}

#[test]
fn a_policy_that_is_not_understood_or_not_there_leaves_it_open() {
    for policy in [None, Some("{"), Some("[]"), Some(r#"{"Version": "2030-01-01", "Statement": []}"#)] {
        let settings = TopicSettings { kms_key: None, policy: policy.map(str::to_owned) };
        assert_eq!(both(&settings), [open(), open()], "{policy:?}");
    }
}

/// <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services>
#[test]
fn the_key_of_aws_shuts_both_out_and_a_key_of_ones_own_was_not_read() {
    let with = |key: &str| {
        let kms_key = Some(key.to_owned());
        both(&TopicSettings { kms_key, ..settings(&[of_owner(MANAGEMENT), of_events()]) })
    };
    let words = "is encrypted with alias/aws/sns, with which no alarm and no rule can publish";
    let shut = || broken(&format!("the topic security {words}"));
    assert_eq!(with("alias/aws/sns"), [shut(), shut()]);
    assert_eq!(with("arn:aws:kms:us-east-1:111111111111:alias/aws/sns"), [shut(), shut()]);
    assert_eq!(with("arn:aws:kms:us-east-1:111111111111:key/1"), [open(), open()]);
    let mut world = World::watched();
    super::stage::value(&mut world.topic_mut().settings).as_mut().unwrap().kms_key =
        Some("alias/own".to_owned());
    let alert = world.alert(|all| &all.cloudtrail_changes);
    let detail = &gaps(&alert)[0].detail;
    assert!(detail.contains("encrypted with the key \"alias/own\", whose policy was not read"), "{detail}");
}

#[test]
fn a_rule_that_takes_a_role_to_the_topic_leaves_it_open() {
    let with = |settings: &TopicSettings| {
        let mut rule = event_rule("tell", r#"{"source": ["aws.cloudtrail"]}"#, &[]);
        let publisher = Some(format!("arn:aws:iam::{MANAGEMENT}:role/publisher"));
        rule.targets = known(vec![EventTarget { role: publisher, ..target(TOPIC) }]);
        let mut world = World::alone().with(multi_region("audit")).watch().add_rule_everywhere(&rule);
        world.topic_mut().settings = known(Some(settings.clone()));
        world
    };
    assert_eq!(with(&settings(&[of_events()])).changes(), open());
    assert_eq!(with(&settings(&[])).changes(), open(), "the role needs the permission, not the service");
    let mut silent = with(&settings(&[of_events()]));
    super::stage::value(&mut silent.topic_mut().subscriptions).clear();
    assert_eq!(silent.changes(), broken("the topic security has no confirmed subscription"));
}
