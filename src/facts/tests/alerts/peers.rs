//! What other tools get wrong, by thread.

use super::stage::{
    CHANGES, FAILURES, GROUP, KEYS, alarm, audit, broken, delivering, filter, metric, raised,
};
use crate::facts::tests::world::known;
use crate::facts::tests::world::{
    MANAGEMENT, OTHER, World, advanced, classic, equals, local, logging, management, multi_region, not_equals,
};
use crate::inventory::{Alarm, Alerting, Trail};

const NO_ALARM: &str = "the metric CloudTrail/changes has no alarm in us-east-1";

/// Prowler and Powerpipe compare the name of the metric only.
#[test]
fn an_alarm_on_a_metric_of_another_namespace_does_not_count() {
    let world = World::watched().change_alarm(|alarm| alarm.metrics[0].namespace = "Shop".to_owned());
    assert_eq!(world.changes(), broken(NO_ALARM));
}

#[test]
fn an_alarm_in_another_region_or_account_does_not_count() {
    let world = World::watched().change_alarms(|alarms| _ = alarms.remove(0));
    let alerting = || Alerting { alarms: known(vec![alarm("changes")]), event_rules: known(Vec::new()) };
    let mut elsewhere = World(world.0.clone());
    elsewhere.account_mut(MANAGEMENT).alerting.insert("eu-west-1".to_owned(), alerting());
    assert_eq!(elsewhere.changes(), broken(NO_ALARM));
    let mut foreign = World::organization();
    foreign.0.accounts.get_mut(OTHER).unwrap().alerting.insert("us-east-1".to_owned(), alerting());
    let mut world = world;
    world.0.accounts.insert(OTHER.to_owned(), foreign.0.accounts.remove(OTHER).unwrap());
    assert_eq!(world.changes(), broken(NO_ALARM));
}

/// Trivy compares the metric of the alarm with the name of the filter.
#[test]
fn the_name_of_the_filter_is_not_the_name_of_its_metric() {
    let named = |filter_name: &str, watched: &str| {
        World::watched()
            .change_filter(|filter| filter_name.clone_into(&mut filter.name))
            .change_alarm(|alarm| alarm.metrics = vec![metric(watched)])
            .changes()
    };
    assert_eq!(named("anything", "changes"), raised());
    assert_eq!(named("anything", "anything"), broken(NO_ALARM));
}

/// Prowler 26, 113, 1914: spelling and order do not matter.
#[test]
fn a_pattern_means_the_same_however_it_is_spelled() {
    for pattern in [
        "{($.eventName=StopLogging)||($.eventName=\"StartLogging\")||($.eventName=DeleteTrail)||($.eventName=UpdateTrail)||($.eventName=CreateTrail)}",
        "{ $.eventSource = cloudtrail.amazonaws.com }",
        "{ $.eventName = *Trail || $.eventName = *Logging }",
        "",
    ] {
        let world = World::watched().change_filter(|filter| pattern.clone_into(&mut filter.pattern));
        assert_eq!(world.changes(), raised(), "{pattern}");
    }
    let world = World::watched().change_filter(|filter| filter.pattern = CHANGES.replace("||", "&&"));
    assert_eq!(world.changes().0, Some(false));
}

/// Prowler takes a filter for good whatever feeds it.
#[test]
fn a_filter_on_the_log_group_of_a_stopped_trail_counts_for_nothing() {
    let trail = Trail { status: logging(false), ..audit() };
    let world = World::alone().with(trail).with(multi_region("other")).watch();
    assert_eq!(world.changes(), broken("other delivers to no log group"));
}

/// Steampipe 971: advanced selectors are as good as classic ones.
#[test]
fn advanced_selectors_record_too_and_leave_out_what_they_leave_out() {
    let with = |selectors| World::watched().change_trail(|trail| trail.selectors = selectors);
    assert_eq!(with(advanced([vec![management()]])).changes(), raised());
    let without_keys =
        with(advanced([vec![management(), not_equals("eventSource", &["kms.amazonaws.com"])]]));
    assert_eq!(without_keys.changes(), raised());
    assert_eq!(without_keys.keys(), broken("no logging trail records such events"));
    let reads = with(advanced([vec![management(), equals("readOnly", &["true"])]]));
    assert_eq!(reads.changes(), broken("no logging trail records such events"));
    assert_eq!(with(classic("All", &["kms.amazonaws.com"])).keys().0, Some(false));
}

/// Prowler 701, 747: it suffices that one log group has what it takes.
#[test]
fn two_trails_of_which_one_complies() {
    let other = "arn:aws:logs:us-east-1:111111111111:log-group:bare";
    let bare = Trail { log_group: Some(format!("{other}:*")), ..delivering(multi_region("bare")) };
    let mut world = World::alone().with(bare).with(audit()).watch();
    let mut group = world.0.log_groups[GROUP].clone();
    (group.arn, group.name) = (other.to_owned(), "bare".to_owned());
    group.metric_filters = known(Vec::new());
    world.0.log_groups.insert(other.to_owned(), group);
    assert_eq!(world.changes(), raised());
    let tampering = super::stage::said(&world.alert(|all| &all.tampering)).1;
    assert!(
        tampering.starts_with("no metric filter on audit, bare fires on PutEventSelectors"),
        "{tampering}"
    );
}

/// Prowler 747: filters on different log groups add up.
#[test]
fn filters_on_two_log_groups_add_up() {
    let other = "arn:aws:logs:us-east-1:111111111111:log-group:more";
    let more = Trail { log_group: Some(format!("{other}:*")), ..delivering(multi_region("more")) };
    let mut world = World::alone().with(more).with(audit()).watch().change_filters(|filters| {
        *filters = vec![filter("changes", "{ $.eventName = *Logging }")];
    });
    let mut group = world.0.log_groups[GROUP].clone();
    (group.arn, group.name) = (other.to_owned(), "more".to_owned());
    group.metric_filters = known(vec![filter("changes", "{ $.eventName = *Trail }")]);
    world.0.log_groups.insert(other.to_owned(), group);
    assert_eq!(world.changes(), raised());
}

/// Prowler 868, 1808: the log group of a multi-region trail serves every region; that of a single region only its own.
#[test]
fn a_trail_of_one_region_raises_alerts_on_that_region_only() {
    let trail = Trail { includes_global_service_events: true, ..local("audit", "us-east-1") };
    let world = World::alone().with(delivering(trail)).watch();
    let (is_raised, at) = world.changes();
    assert_eq!(is_raised, Some(false));
    assert!(at.starts_with("no logging trail records CreateTrail, UpdateTrail, "), "{at}");
    let world = world.limit_regions(&["us-east-1"]);
    assert_eq!(world.changes(), raised());
}

#[test]
fn a_trail_of_one_region_without_global_events_records_no_changes_of_policies() {
    let with = |includes_global_service_events| {
        let trail = Trail { includes_global_service_events, ..local("audit", "us-east-1") };
        let policies = "{ $.eventSource = iam.amazonaws.com }";
        let world = World::alone().with(delivering(trail)).watch();
        let world = world.change_filter(|filter| filter.pattern = policies.to_owned());
        super::stage::said(&world.alert(|all| &all.iam_policy_changes))
    };
    assert_eq!(with(true), raised());
    assert_eq!(with(false), broken("no logging trail records such events"));
}

#[test]
fn a_filter_that_leaves_somebody_out_is_found() {
    for narrow in [
        "$.userIdentity.type != Root",
        "$.awsRegion = us-east-1",
        "$.awsRegion != eu-west-1",
        "$.sourceIPAddress != \"AWS Internal\"",
        "$.userIdentity.userName != mallory",
        "$.recipientAccountId = 999999999999",
    ] {
        let pattern = CHANGES.replacen('{', &format!("{{ ({narrow}) && ("), 1).replace(" }", ") }");
        let world = World::watched().change_filter(|filter| filter.pattern = pattern);
        assert_eq!(world.changes().0, Some(false), "{narrow}");
    }
}

#[test]
fn alerts_do_not_lend_each_other_their_alarms() {
    let world = World::watched().change_filters(|filters| {
        *filters = vec![filter("changes", KEYS), filter("keys", CHANGES), filter("failures", FAILURES)];
    });
    let world = world.change_alarms(|alarms| alarms[0] = Alarm { actions: Vec::new(), ..alarm("changes") });
    assert_eq!(world.changes(), raised());
    assert_eq!(world.keys(), broken("the alarm changes has no action"));
}
