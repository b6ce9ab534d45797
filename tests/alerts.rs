//! Whole chains from an event to somebody, each broken where AWS breaks it without a word: what a scan says of them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use support::Stage;

const REGIONS: [&str; 2] = ["--regions", "us-east-1,eu-west-1"];
const PACK: &str =
    "id: alone\ntitle: Alone\nversion: '1'\nextends: baseline\nselect: { rules: [tamper-alert] }\n";

/// A trail, its log group, a filter for every event of `CloudTrail`, an alarm on it, and a topic; with event rules on demand.
const WORLD: &str = r#"
accounts:
  - { name: shop, id: "111111111111" }
callers:
  - { name: auditor, account: shop, access_key: AKIAAUDITOR000000001, secret_key: not-a-secret }
trails:
  - { name: audit, account: shop, home_region: us-east-1, bucket: logs, log_group: audit, log_role: "arn:aws:iam::111111111111:role/delivery" }
buckets:
  - { name: logs, account: shop, region: us-east-1 }
log_groups:
  - name: audit
    account: shop
    region: us-east-1
    metric_filters:
      - { name: changes, pattern: "{ $.eventSource = cloudtrail.amazonaws.com }", metric: Changes /filter/ }
alarms:
  - { name: changes, account: shop, region: us-east-1, metric: Changes /alarm/ }
  /more alarms/
topics:
  - { name: security, account: shop, region: us-east-1, subscriptions: [{ protocol: email, endpoint: soc@example.com }] /topic/ }
  - { name: security, account: shop, region: eu-west-1, subscriptions: [{ protocol: email, endpoint: soc@example.com }] /topic/ }
"#;
const TELLS: (&str, &str) = ("/alarm/", ", actions: [security] /alarm/");
const RULES: &str = r"
event_rules:
  - { name: tell, account: shop, region: us-east-1, pattern: { source: [aws.cloudtrail] }, targets: [{ id: one, arn: /target/ }] }
  - { name: tell, account: shop, region: eu-west-1, pattern: { source: [aws.cloudtrail] }, targets: [{ id: one, arn: /target/ }] }
";

/// What `tamper-alert` says of the world in which these words are replaced: status and message.
fn said(replaced: &[(&str, &str)]) -> (String, String) {
    let rules = if replaced.iter().any(|(word, _)| *word == "/target/") { RULES } else { "" };
    let mut world = format!("{WORLD}{rules}");
    for (word, by) in replaced {
        assert!(world.contains(word), "{word} is not in {world}");
        world = world.replace(word, by);
    }
    for word in [" /filter/", " /alarm/", "/more alarms/", " /topic/"] {
        world = world.replace(word, "");
    }
    let stage = Stage::of(&world);
    std::fs::create_dir_all(stage.path("alone")).unwrap();
    stage.write("alone/pack.yaml", PACK);
    let pack = stage.path("alone");
    let (_, report) = stage.scan(&[&["--policy", pack.to_str().unwrap()], &REGIONS[..]].concat());
    let verdict = &report["verdicts"][0];
    assert_eq!(verdict["rule"], "tamper-alert");
    let text = |name: &str| verdict[name].as_str().unwrap().to_owned();
    (text("status"), text("message"))
}

fn fails(replaced: &[(&str, &str)], words: &str) {
    let (status, message) = said(replaced);
    assert_eq!(status, "fail", "{replaced:?}: {message}");
    assert!(message.contains(words), "{words} is not in {message}");
}

fn is(status: &str, replaced: &[(&str, &str)]) {
    assert_eq!(said(replaced).0, status, "{replaced:?}");
}

#[test]
fn the_whole_chain_passes() {
    is("pass", &[TELLS]);
    is("pass", &[("/target/", "security")]);
    fails(&[], "the alarm changes has no action");
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data>
#[test]
fn an_alarm_that_takes_several_datapoints_is_not_set_off_by_one_event() {
    let words = "the alarm changes needs 3 datapoints in alarm, one event gives 1";
    fails(&[TELLS, ("/alarm/", ", evaluation_periods: 3")], words);
    fails(&[TELLS, ("/alarm/", ", evaluation_periods: 5, datapoints: 3, treat_missing_data: ignore")], words);
    let zeros = ("/filter/", ", default_value: 0.0");
    fails(&[TELLS, zeros, ("/alarm/", ", evaluation_periods: 3, treat_missing_data: missing")], words);
    is("unknown", &[TELLS, ("/alarm/", ", evaluation_periods: 3, treat_missing_data: missing")]);
    is("unknown", &[TELLS, ("/alarm/", ", evaluation_periods: 3, treat_missing_data: breaching")]);
    is("pass", &[TELLS, zeros, ("/alarm/", ", evaluation_periods: 3, datapoints: 1")]);
}

#[test]
fn an_alarm_in_another_unit_or_without_rest_tells_nobody() {
    fails(&[TELLS, ("/alarm/", ", unit: Count")], "the alarm changes watches values in the unit Count");
    is("pass", &[TELLS, ("/alarm/", ", unit: Count"), ("/filter/", ", unit: Count")]);
    fails(&[TELLS, ("/filter/", ", default_value: 1.0")], "the alarm changes is in alarm without any event");
    is("unknown", &[TELLS, ("/alarm/", ", treat_missing_data: ignore")]);
}

#[test]
fn a_composite_alarm_that_another_silences_does_not_pass() {
    let above =
        "- { name: any, account: shop, region: us-east-1, rule: ALARM(changes), actions: [security] }";
    let silenced = above.replace(" }", ", suppressor: maintenance }");
    is("pass", &[("/more alarms/", above)]);
    is("unknown", &[("/more alarms/", &silenced)]);
    fails(
        &[("/more alarms/", &above.replace(" }", ", actions_enabled: false }"))],
        "the alarm any has its actions disabled",
    );
}

/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions>
#[test]
fn a_topic_takes_what_its_policy_lets_in() {
    let of_owner = r#", policy: { Version: "2008-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "*" }, Action: "SNS:Publish", Resource: "*", Condition: { StringEquals: { "AWS:SourceOwner": "111111111111" } } }] }"#;
    let of_events = r#", policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: events.amazonaws.com }, Action: "sns:Publish", Resource: "*" }] }"#;
    is("pass", &[TELLS, ("/topic/", of_owner)]);
    fails(
        &[("/target/", "security"), ("/topic/", of_owner)],
        "the policy of the topic security does not let EventBridge publish",
    );
    fails(
        &[TELLS, ("/topic/", of_events)],
        "the policy of the topic security does not let CloudWatch publish",
    );
    is("pass", &[("/target/", "security"), ("/topic/", of_events)]);
    is("unknown", &[TELLS, ("/topic/", ", policy: none")]);
}

/// <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services>
#[test]
fn a_topic_takes_what_its_key_lets_in() {
    fails(&[TELLS, ("/topic/", ", kms_key: alias/aws/sns")], "is encrypted with alias/aws/sns");
    fails(
        &[("/target/", "security"), ("/topic/", ", kms_key: alias/aws/sns")],
        "is encrypted with alias/aws/sns",
    );
    is("unknown", &[TELLS, ("/topic/", ", kms_key: \"arn:aws:kms:us-east-1:111111111111:key/1\"")]);
}

/// An account that owns a trail is asked for its rules, so that the chain there is seen to its end.
#[test]
fn an_event_bus_elsewhere_may_not_let_the_events_in() {
    let same_account = |region: &str| format!("\"arn:aws:events:{region}:111111111111:event-bus/default\"");
    let both = format!("{} }}, {{ id: two, arn: {}", same_account("us-east-1"), same_account("eu-west-1"));
    // Either bus has a rule that hands on to both buses, and none that tells anybody.
    is("unknown", &[("/target/", &both)]);
    is("unknown", &[("/target/", "\"arn:aws:events:us-east-1:222222222222:event-bus/default\"")]);
    is("pass", &[("/target/", &format!("security }}, {{ id: two, arn: {}", same_account("us-east-1")))]);
}
