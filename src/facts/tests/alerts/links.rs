//! Each link broken once.

use super::stage::{
    CHANGES, TOPIC, alarm, broken, composite, filter, gaps, metric, open, raised, subscription, value,
};
use crate::facts::Fact;
use crate::facts::tests::world::{MANAGEMENT, World, known, logging, strings};
use crate::inventory::{Alarm, Metric, Observed, Origin, TrailStatus};

const ALL: &str = "CreateTrail, UpdateTrail, DeleteTrail, StartLogging, StopLogging";

#[test]
fn the_chain_that_cis_prescribes_is_whole() {
    let world = World::watched();
    assert_eq!(world.changes(), raised());
    assert_eq!(world.keys(), raised());
    assert_eq!(world.failures(), raised());
}

fn stated<T: Clone>(observed: &mut Observed<T>, by: &str) {
    *observed = Observed::known(value(observed).clone(), Origin::Stated(by.to_owned()));
}

#[test]
fn it_rests_on_every_link_and_on_nothing_beside() {
    let mut world = World::watched().change_trail(|trail| {
        stated(&mut trail.status, "status");
        stated(&mut trail.selectors, "selectors");
    });
    stated(&mut world.group_mut().settings, "group");
    stated(&mut world.group_mut().metric_filters, "filters");
    stated(&mut world.alerting(MANAGEMENT, "us-east-1").alarms, "alarms");
    stated(&mut world.alerting(MANAGEMENT, "us-east-1").event_rules, "rules");
    stated(&mut world.topic_mut().settings, "topic");
    stated(&mut world.topic_mut().subscriptions, "subscriptions");
    let rests_on = |is_raised: Fact<bool>| {
        let Fact::Known { origins, .. } = is_raised else { panic!("{is_raised:?}") };
        let stated = origins.iter().filter_map(|origin| match origin {
            Origin::Stated(by) => Some(by.clone()),
            Origin::Call(_) => None,
        });
        stated.collect::<Vec<_>>()
    };
    let links = ["alarms", "filters", "group", "selectors", "status", "subscriptions", "topic"];
    assert_eq!(rests_on(world.alert(|all| &all.cloudtrail_changes).is_raised), links);
    let all = ["alarms", "filters", "group", "rules", "selectors", "status", "subscriptions", "topic"];
    assert_eq!(rests_on(world.alert(|all| &all.vpc_changes).is_raised), all);
}

#[test]
fn what_no_filter_picks_is_named() {
    let (is_raised, at) = super::stage::said(&World::watched().alert(|all| &all.tampering));
    assert_eq!(is_raised, Some(false));
    assert_eq!(
        at,
        "no metric filter on audit fires on PutEventSelectors, PutInsightSelectors, PutEventConfiguration, \
         StopEventDataStoreIngestion, DeleteEventDataStore and 1 more"
    );
    let narrow =
        CHANGES.replace(" || ($.eventName = DeleteTrail)", "").replace(" || ($.eventName = StopLogging)", "");
    let world = World::watched().change_filter(|filter| filter.pattern = narrow);
    assert_eq!(world.changes(), broken("no metric filter on audit fires on DeleteTrail, StopLogging"));
}

#[test]
fn a_log_group_without_filters_says_so() {
    let world = World::watched().change_filters(Vec::clear);
    assert_eq!(world.changes(), broken(&format!("no metric filter on audit fires on {ALL}")));
}

#[test]
fn each_link_of_the_trail_can_break() {
    let broken_by =
        |change: fn(&mut crate::inventory::Trail)| World::watched().change_trail(change).changes();
    assert_eq!(broken_by(|trail| trail.status = logging(false)), broken("no logging trail"));
    assert_eq!(broken_by(|trail| trail.log_group = None), broken("audit delivers to no log group"));
    assert_eq!(
        broken_by(|trail| trail.log_group_role = None),
        broken("audit has no role to write to its log group")
    );
    let failing = |trail: &mut crate::inventory::Trail| {
        let latest_log_group_delivery_error = Some("AccessDenied".to_owned());
        trail.status = known(TrailStatus {
            is_logging: true,
            latest_log_group_delivery_error,
            ..TrailStatus::default()
        });
    };
    assert_eq!(broken_by(failing), broken("audit does not deliver to its log group: AccessDenied"));
    assert_eq!(World::alone().watch().changes(), broken("no logging trail"));
}

#[test]
fn a_replica_that_stands_still_or_does_not_deliver_breaks_the_chain_in_its_region() {
    let with_replica = |is_logging, error: Option<&str>| {
        let latest_log_group_delivery_error = error.map(str::to_owned);
        let status =
            known(TrailStatus { is_logging, latest_log_group_delivery_error, ..TrailStatus::default() });
        World::watched()
            .change_trail(|trail| _ = trail.replicas.insert("eu-west-1".to_owned(), status))
            .changes()
    };
    assert_eq!(with_replica(true, None), raised());
    let (is_raised, at) = with_replica(false, None);
    assert_eq!(is_raised, Some(false));
    let words = "no logging trail records CreateTrail, UpdateTrail, DeleteTrail, StartLogging, StopLogging in eu-west-1";
    assert_eq!(at, words);
    assert_eq!(
        with_replica(true, Some("NotFound")),
        broken("audit does not deliver to its log group: NotFound")
    );
}

#[test]
fn each_link_of_the_log_group_can_break() {
    let mut world = World::watched();
    world.group_mut().settings = known(None);
    assert_eq!(world.changes(), broken("the log group audit does not exist"));
    let mut world = World::watched();
    let settings = value(&mut world.group_mut().settings).as_mut().unwrap();
    settings.class = "INFREQUENT_ACCESS".to_owned();
    assert_eq!(
        world.changes(),
        broken("the log group audit is of class INFREQUENT_ACCESS, which takes no metric filters")
    );
}

#[test]
fn each_link_of_the_filter_can_break() {
    let of_metric = |change: fn(&mut Metric)| {
        World::watched().change_filter(|filter| change(&mut filter.metrics[0])).changes()
    };
    assert_eq!(
        of_metric(|metric| metric.value = "0".to_owned()),
        broken("the metric filter changes counts 0")
    );
    assert_eq!(of_metric(|metric| metric.value = " 1.0 ".to_owned()), raised());
    for value in ["$.size", "", "NaN", "inf"] {
        let world = World::watched().change_filter(|filter| value.clone_into(&mut filter.metrics[0].value));
        assert_eq!(world.changes(), open(), "{value}");
    }
    assert_eq!(
        of_metric(|metric| metric.dimensions = strings(&["who"])),
        broken("the metric CloudTrail/changes, which is split by dimensions, has no alarm in us-east-1")
    );
    let world = World::watched().change_filter(|filter| filter.metrics.clear());
    assert_eq!(world.changes(), broken("the metric filter changes of audit counts nothing"));
    let world = World::watched().change_filter(|filter| filter.applies_to_transformed_logs = true);
    assert_eq!(world.changes(), open());
}

#[test]
fn an_alarm_on_some_values_of_a_dimension_may_or_may_not_go_off() {
    let world = World::watched()
        .change_filter(|filter| filter.metrics[0].dimensions = strings(&["who"]))
        .change_alarm(|alarm| alarm.metrics[0].dimensions = strings(&["who"]));
    assert_eq!(world.changes(), open());
    let world = World::watched().change_alarm(|alarm| alarm.metrics[0].dimensions = strings(&["who"]));
    assert_eq!(world.changes(), broken("the metric CloudTrail/changes has no alarm in us-east-1"));
}

#[test]
fn each_link_of_the_alarm_can_break() {
    let of_alarm = |change: fn(&mut Alarm)| World::watched().change_alarm(change).changes();
    assert_eq!(
        of_alarm(|alarm| alarm.actions_enabled = false),
        broken("the alarm changes has its actions disabled")
    );
    assert_eq!(of_alarm(|alarm| alarm.actions.clear()), broken("the alarm changes has no action"));
    let stop = "arn:aws:automate:us-east-1:ec2:stop";
    let world = World::watched().change_alarm(|alarm| alarm.actions = strings(&[stop]));
    assert_eq!(world.changes(), broken(&format!("the action {stop} tells nobody")));
    assert_eq!(
        of_alarm(|alarm| alarm.comparison = "LessThanThreshold".to_owned()),
        broken("the alarm changes goes off when the metric is low")
    );
    assert_eq!(of_alarm(|alarm| alarm.comparison = "GreaterThanUpperThreshold".to_owned()), open());
    assert_eq!(of_alarm(|alarm| alarm.threshold = None), open());
    assert_eq!(of_alarm(|alarm| alarm.threshold = Some("many".to_owned())), open());
    assert_eq!(of_alarm(|alarm| alarm.is_plain = false), open());
    let world = World::watched().change_alarms(|alarms| _ = alarms.remove(0));
    assert_eq!(world.changes(), broken("the metric CloudTrail/changes has no alarm in us-east-1"));
}

#[test]
fn one_event_has_to_suffice() {
    let with = |statistic: &str, comparison: &str, threshold: &str| {
        let world = World::watched().change_alarm(|alarm| {
            statistic.clone_into(&mut alarm.statistic);
            comparison.clone_into(&mut alarm.comparison);
            alarm.threshold = Some(threshold.to_owned());
        });
        world.changes().0
    };
    let (at_least, above) = ("GreaterThanOrEqualToThreshold", "GreaterThanThreshold");
    assert_eq!(with("Sum", at_least, "1.0"), Some(true));
    assert_eq!(with("Sum", above, "0"), Some(true));
    assert_eq!(with("Sum", above, "1"), Some(false));
    assert_eq!(with("Sum", at_least, "2"), Some(false));
    assert_eq!(with("SampleCount", at_least, "1"), Some(true));
    assert_eq!(with("Maximum", at_least, "1"), Some(true));
    assert_eq!(with("Average", at_least, "1"), None, "a default value of 0 may stand beside it");
    assert_eq!(with("p99", at_least, "2"), Some(false));
    assert_eq!(with("", at_least, "1"), None);
    let world = World::watched().change_alarm(|alarm| alarm.threshold = Some("5".to_owned()));
    assert_eq!(world.changes(), broken("the alarm changes takes more than one event (5)"));
    let world = World::watched().change_filter(|filter| filter.metrics[0].value = "5".to_owned());
    let world = world.change_alarm(|alarm| alarm.threshold = Some("5".to_owned()));
    assert_eq!(world.changes(), raised(), "each event counts five");
}

#[test]
fn failed_sign_ins_may_have_to_add_up() {
    let world = World::watched().change_alarms(|alarms| alarms[2].threshold = Some("5".to_owned()));
    assert_eq!(world.failures(), raised());
    let world = world.change_alarms(|alarms| alarms[2].statistic = "Maximum".to_owned());
    assert_eq!(world.failures(), broken("the alarm failures takes more than one event (5)"));
}

#[test]
fn each_link_of_the_topic_can_break() {
    let with = |subscribed: &[bool]| {
        let mut world = World::watched();
        world.topic_mut().subscriptions = known(subscribed.iter().map(|one| subscription(*one)).collect());
        world.changes()
    };
    assert_eq!(with(&[false, true]), raised());
    assert_eq!(with(&[]), broken("the topic security has no confirmed subscription"));
    assert_eq!(with(&[false]), broken("the topic security has no confirmed subscription"));
    let mut world = World::watched();
    (world.topic_mut().settings, world.topic_mut().subscriptions) = (known(None), known(Vec::new()));
    assert_eq!(world.changes(), broken("the topic security does not exist"));
}

#[test]
fn other_actions_tell_somebody_and_unknown_ones_may() {
    let with =
        |action: &str| World::watched().change_alarm(|alarm| alarm.actions = strings(&[action])).changes();
    for action in [
        "arn:aws:lambda:us-east-1:111111111111:function:tell",
        "arn:aws:ssm:us-east-1:111111111111:opsitem:1#CATEGORY=Security",
        "arn:aws:ssm-incidents::111111111111:response-plan/security",
    ] {
        assert_eq!(with(action), raised(), "{action}");
    }
    assert_eq!(with("arn:aws:telepathy:us-east-1:111111111111:mind"), open());
    assert_eq!(with("tell me"), open());
    let both = strings(&["tell me", TOPIC]);
    assert_eq!(World::watched().change_alarm(|alarm| alarm.actions = both).changes(), raised());
}

#[test]
fn a_composite_alarm_may_tell_instead() {
    let with = |rule: &str, change: fn(&mut Alarm)| {
        let mut above = composite("any", rule);
        change(&mut above);
        World::watched().change_alarm(|alarm| alarm.actions.clear()).add_alarm(above).changes()
    };
    let keep: fn(&mut Alarm) = |_| {};
    assert_eq!(with(r#"ALARM("changes")"#, keep), raised());
    assert_eq!(with("ALARM(keys) OR ALARM(changes)", keep), raised());
    assert_eq!(with("ALARM(\"arn:aws:cloudwatch:us-east-1:111111111111:alarm:changes\")", keep), raised());
    assert_eq!(with("ALARM(keys)", keep), broken("the alarm changes has no action"));
    assert_eq!(with("ALARM(keys) AND ALARM(changes)", keep), open());
    assert_eq!(with("ALARM(keys) AND NOT ALARM(failures)", keep), broken("the alarm changes has no action"));
    let (is_raised, at) = with("ALARM(changes)", |above| above.actions_enabled = false);
    assert_eq!(is_raised, Some(false));
    assert_eq!(at, "the alarm changes has no action; the alarm any has its actions disabled");
    assert_eq!(
        with("ALARM(keys) AND ALARM(changes)", |above| above.actions.clear()),
        broken("the alarm changes has no action; the alarm any has no action")
    );
}

#[test]
fn composite_alarms_above_each_other_end() {
    let world = World::watched()
        .change_alarm(|alarm| alarm.actions.clear())
        .add_alarm(Alarm { actions: Vec::new(), ..composite("one", "ALARM(changes) OR ALARM(two)") })
        .add_alarm(composite("two", "ALARM(one)"));
    assert_eq!(world.changes(), raised());
}

#[test]
fn a_query_may_watch_any_metric() {
    let query = Alarm { metrics: Vec::new(), is_plain: false, ..alarm("query") };
    let world = World::watched().change_alarms(|alarms| alarms[0] = query);
    assert_eq!(world.changes(), open());
    let world = World::watched().change_alarm(|alarm| alarm.metrics.push(metric("keys")));
    assert_eq!(world.changes(), raised());
}

#[test]
fn filters_add_up_one_for_each_event() {
    let names = ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"];
    let world = World::watched().change_filters(|filters| {
        *filters =
            names.iter().map(|name| filter("changes", &format!("{{ $.eventName = {name} }}"))).collect();
    });
    assert_eq!(world.changes(), raised());
}

#[test]
fn a_pattern_that_is_not_understood_is_quoted() {
    let world = World::watched().change_filter(|filter| filter.pattern = "{ $.eventName = ".to_owned());
    assert_eq!(world.changes(), open());
    let alert = world.alert(|all| &all.cloudtrail_changes);
    let detail = &gaps(&alert)[0].detail;
    assert!(detail.starts_with(r#"the pattern "{ $.eventName = " at byte "#), "{detail}");
    let world = World::watched().change_filter(|filter| filter.pattern = "[a, b, c]".to_owned());
    let alert = world.alert(|all| &all.cloudtrail_changes);
    let detail = &gaps(&alert)[0].detail;
    assert!(detail.starts_with(r#"the pattern "[a, b, c]": a space-delimited pattern"#), "{detail}");
}
