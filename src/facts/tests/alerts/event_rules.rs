//! EventBridge as the alternative to a metric filter.

use super::stage::{TOPIC, audit, broken, event_rule, gaps, open, raised, said};
use crate::facts::tests::world::{MANAGEMENT, OTHER, World, denied, local, logging, multi_region};
use crate::inventory::{EventRule, Trail};

const CHANGES: &str = r#"{"source": ["aws.cloudtrail"], "detail-type": ["AWS API Call via CloudTrail"]}"#;
const SIGN_IN: &str = r#"{"detail-type": ["AWS Console Sign In via CloudTrail"]}"#;

/// A trail without log group.
fn bare() -> World {
    World::alone().with(multi_region("audit")).watch()
}

fn rule() -> EventRule {
    event_rule("tell", CHANGES, &[TOPIC])
}

#[test]
fn a_rule_in_every_region_is_as_good_as_a_filter() {
    assert_eq!(bare().add_rule_everywhere(&rule()).changes(), raised());
}

#[test]
fn a_rule_sees_its_own_region_only() {
    let (is_raised, at) = bare().add_rule(MANAGEMENT, "us-east-1", rule()).changes();
    assert_eq!(is_raised, Some(false));
    assert!(
        at.starts_with("audit delivers to no log group; no event rule fires on CreateTrail, UpdateTrail, "),
        "{at}"
    );
}

#[test]
fn events_of_global_services_and_of_root_occur_in_one_region() {
    let pattern = r#"{"source": ["aws.iam"]}"#;
    let world = bare().add_rule(MANAGEMENT, "us-east-1", event_rule("iam", pattern, &[TOPIC]));
    assert_eq!(said(&world.alert(|all| &all.iam_policy_changes)), raised());
    let world = bare().add_rule(MANAGEMENT, "us-east-1", event_rule("sign-in", SIGN_IN, &[TOPIC]));
    assert_eq!(world.failures().0, Some(false), "users also sign in elsewhere");
    let world = bare().add_rule_everywhere(&event_rule("sign-in", SIGN_IN, &[TOPIC]));
    assert_eq!(world.failures(), raised());
}

#[test]
fn a_rule_sees_only_what_a_trail_records() {
    let stopped = Trail { status: logging(false), ..multi_region("audit") };
    let world = World::alone().with(stopped).watch().add_rule_everywhere(&rule());
    assert_eq!(world.changes(), broken("no logging trail"));
    let one = World::alone().with(local("audit", "us-east-1")).watch().add_rule_everywhere(&rule());
    assert_eq!(one.changes().0, Some(false));
}

#[test]
fn events_that_only_read_need_another_state() {
    let denied =
        r#"{"detail": {"errorCode": [{"wildcard": "*UnauthorizedOperation"}, {"prefix": "AccessDenied"}]}}"#;
    let with = |state: &str| {
        let rule = EventRule { state: state.to_owned(), ..event_rule("denied", denied, &[TOPIC]) };
        said(&bare().add_rule_everywhere(&rule).alert(|all| &all.unauthorized_calls))
    };
    assert_eq!(with("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"), raised());
    assert_eq!(with("ENABLED"), broken("the event rule denied does not take events that only read"));
    assert_eq!(with("DISABLED"), broken("the event rule denied is disabled"));
    assert_eq!(with("DREAMING"), open());
}

#[test]
fn a_target_has_to_reach_somebody() {
    let with = |targets: &[&str]| {
        let world = bare().add_rule_everywhere(&event_rule("tell", CHANGES, targets));
        world.changes()
    };
    for target in [
        "arn:aws:lambda:us-east-1:111111111111:function:tell",
        "arn:aws:sqs:us-east-1:111111111111:queue",
        "arn:aws:states:us-east-1:111111111111:stateMachine:m",
        "arn:aws:kinesis:us-east-1:111111111111:stream/s",
        "arn:aws:logs:us-east-1:111111111111:log-group:/aws/events/x",
        "arn:aws:events:us-east-1:111111111111:api-destination/pager/1",
    ] {
        assert_eq!(with(&[target]), raised(), "{target}");
    }
    assert_eq!(with(&[]), broken("the event rule tell has no target"));
    let reboot = "arn:aws:events:us-east-1:111111111111:target/reboot-instance";
    assert_eq!(with(&[reboot]), broken(&format!("the target {reboot} tells nobody")));
    assert_eq!(with(&["arn:aws:telepathy:us-east-1:111111111111:mind"]), open());
    assert_eq!(with(&["arn:aws:sns:us-east-1:111111111111:unread"]), open());
    let mut silent = bare().add_rule_everywhere(&rule());
    super::stage::value(&mut silent.topic_mut().subscriptions).clear();
    assert_eq!(silent.changes(), broken("the topic security has no confirmed subscription"));
    let unread = EventRule { targets: denied(), ..rule() };
    assert_eq!(bare().add_rule_everywhere(&unread).changes(), open());
}

#[test]
fn a_rule_that_is_not_about_the_event_or_on_a_schedule_does_not_count() {
    let other = r#"{"source": ["aws.ec2"]}"#;
    let (is_raised, at) = bare().add_rule_everywhere(&event_rule("ec2", other, &[TOPIC])).changes();
    assert_eq!(is_raised, Some(false));
    assert!(at.starts_with("audit delivers to no log group; no event rule fires on CreateTrail, "), "{at}");
    let clock = EventRule { pattern: None, ..rule() };
    assert_eq!(bare().add_rule_everywhere(&clock).changes(), broken("audit delivers to no log group"));
}

#[test]
fn filters_and_rules_add_up() {
    let only = |name: &str| format!("{{ $.eventName = {name} }}");
    let world = World::alone().with(audit()).watch().change_filter(|filter| filter.pattern = only("*Trail"));
    let pattern = r#"{"detail": {"eventName": [{"suffix": "Logging"}]}}"#;
    let world = world.add_rule_everywhere(&event_rule("logging", pattern, &[TOPIC]));
    assert_eq!(world.changes(), raised());
    let none = event_rule("none", r#"{"detail": {"eventName": ["GetTrail"]}}"#, &[TOPIC]);
    let world = World::watched().change_filter(|filter| filter.pattern = only("*Trail"));
    assert_eq!(
        world.add_rule_everywhere(&none).changes(),
        broken("no metric filter on audit and no event rule fires on StartLogging, StopLogging")
    );
}

#[test]
fn a_bus_elsewhere_is_followed_once() {
    let bus = format!("arn:aws:events:us-east-1:{OTHER}:event-bus/default");
    let forwarding = || {
        let mut world = World::organization().with(multi_region("audit")).watch();
        world = world.add_rule_everywhere(&event_rule("forward", CHANGES, &[&bus]));
        world
    };
    let world = forwarding().add_rule(OTHER, "us-east-1", rule());
    assert_eq!(world.changes(), open(), "whether that bus lets the events in was not read");
    let alert = world.alert(|all| &all.cloudtrail_changes);
    assert!(gaps(&alert)[0].detail.contains("the policy and the role that sends there were not read"));
    assert_eq!(
        forwarding().changes(),
        broken("no rule tells anybody on the bus that forward hands events on to")
    );
    let here_only =
        event_rule("tell", r#"{"region": ["us-east-1"], "source": ["aws.cloudtrail"]}"#, &[TOPIC]);
    assert_eq!(forwarding().add_rule(OTHER, "us-east-1", here_only).changes().0, Some(false));
    let back = event_rule("on", CHANGES, &["arn:aws:events:eu-west-1:111111111111:event-bus/default"]);
    assert_eq!(forwarding().add_rule(OTHER, "us-east-1", back).changes(), open());
    let mut unread = forwarding();
    unread.account_mut(OTHER).alerting.clear();
    assert_eq!(unread.changes(), open());
    let alert = unread.alert(|all| &all.cloudtrail_changes);
    let named: Vec<String> = gaps(&alert).iter().map(ToString::to_string).collect();
    let unread = format!("events:ListRules in {OTHER} us-east-1 was not collected");
    assert!(named.contains(&unread), "{named:?}");
    let custom = format!("arn:aws:events:us-east-1:{OTHER}:event-bus/security");
    let rule = event_rule("tell", CHANGES, &[&custom]);
    assert_eq!(bare().add_rule_everywhere(&rule).changes(), open());
}
