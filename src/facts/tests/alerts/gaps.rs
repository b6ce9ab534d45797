//! Each link unread once.

use super::stage::{TOPIC, audit, event_rule, gaps, open, raised};
use crate::facts::tests::world::{MANAGEMENT, World, denied, gap, multi_region};
use crate::inventory::Observed;

#[test]
fn every_link_that_was_not_read_leaves_the_answer_open() {
    type Tear = fn(&mut World);
    let tears: [(&str, Tear); 9] = [
        ("status", |world| world.0.trails.values_mut().for_each(|trail| trail.status = denied())),
        ("selectors", |world| world.0.trails.values_mut().for_each(|trail| trail.selectors = denied())),
        ("group", |world| world.group_mut().settings = denied()),
        ("filters", |world| world.group_mut().metric_filters = denied()),
        ("no group", |world| world.0.log_groups.clear()),
        ("alarms", |world| world.alerting(MANAGEMENT, "us-east-1").alarms = denied()),
        ("topic", |world| world.topic_mut().settings = denied()),
        ("subscriptions", |world| world.topic_mut().subscriptions = denied()),
        ("no topic", |world| world.0.topics.clear()),
    ];
    for (name, tear) in tears {
        let mut world = World::watched();
        tear(&mut world);
        assert_eq!(world.changes(), open(), "{name}");
        let alert = world.alert(|all| &all.cloudtrail_changes);
        assert_eq!(gaps(&alert).len(), 1, "{name}: {alert:?}");
    }
}

#[test]
fn a_whole_chain_wins_over_what_was_not_read() {
    let mut world = World::watched();
    for region in ["eu-west-1", "us-east-1"] {
        world.alerting(MANAGEMENT, region).event_rules = denied();
    }
    world.alerting(MANAGEMENT, "eu-west-1").alarms = denied();
    assert_eq!(world.changes(), raised());
    let world = World::watched().with(multi_region("more")).deny(MANAGEMENT, "eu-west-1");
    assert_eq!(world.changes(), raised());
}

#[test]
fn rules_that_were_not_read_may_be_what_tells() {
    let mut world = World::watched().change_alarm(|alarm| alarm.actions.clear());
    world.alerting(MANAGEMENT, "eu-west-1").event_rules =
        Observed::Gap(gap("events:ListRules", MANAGEMENT, "eu-west-1"));
    assert_eq!(world.changes().0, Some(false), "nothing tells in us-east-1");
    world.alerting(MANAGEMENT, "us-east-1").event_rules =
        Observed::Gap(gap("events:ListRules", MANAGEMENT, "us-east-1"));
    assert_eq!(world.changes(), open());
    let alert = world.alert(|all| &all.cloudtrail_changes);
    let named: Vec<String> = gaps(&alert).iter().map(ToString::to_string).collect();
    assert_eq!(named.len(), 2, "{named:?}");
}

#[test]
fn a_trail_that_hides_may_be_what_tells() {
    let world = World::alone().with(multi_region("audit")).watch();
    assert_eq!(world.changes().0, Some(false));
    let world = world.deny(MANAGEMENT, "eu-west-1").deny(MANAGEMENT, "us-east-1");
    assert_eq!(world.changes(), open());
}

#[test]
fn regions_that_could_not_be_listed_leave_it_open_unless_it_breaks_anyway() {
    assert_eq!(World::watched().deny_regions(MANAGEMENT).changes(), open());
    let world = World::watched().change_alarm(|alarm| alarm.actions.clear());
    assert_eq!(world.deny_regions(MANAGEMENT).changes().0, Some(false));
}

#[test]
fn what_breaks_for_certain_stays_broken_beside_gaps() {
    let mut world = World::watched().change_alarm(|alarm| alarm.actions_enabled = false);
    world.topic_mut().subscriptions = denied();
    assert_eq!(world.changes().0, Some(false));
    let mut world = World::watched().change_filters(Vec::clear);
    world.alerting(MANAGEMENT, "us-east-1").alarms = denied();
    assert_eq!(world.changes().0, Some(false));
}

#[test]
fn evidence_without_alerts_names_the_calls_that_would_tell() {
    let world = World::alone().with(audit());
    assert_eq!(world.changes(), open());
    let world = World::alone().with(multi_region("audit"));
    assert_eq!(world.changes(), open());
    let alert = world.alert(|all| &all.cloudtrail_changes);
    assert_eq!(
        gaps(&alert)[0].to_string(),
        format!("events:ListRules in {MANAGEMENT} eu-west-1 was not collected")
    );
}

#[test]
fn a_rule_whose_pattern_is_not_understood_may_be_what_tells() {
    let world = World::alone().with(multi_region("audit")).watch();
    let world = world.add_rule_everywhere(&event_rule("odd", "{", &[TOPIC]));
    assert_eq!(world.changes(), open());
    let silent = event_rule("odd", "{", &[]);
    let world = World::alone().with(multi_region("audit")).watch().add_rule_everywhere(&silent);
    assert_eq!(world.changes().0, Some(false));
}
