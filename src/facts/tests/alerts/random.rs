//! Chains thrown together at random, for laws to hold of.

use std::collections::BTreeSet;

use super::stage::{
    CHANGES, KEYS, TOPIC, alarm, composite, event_rule, filter, metric, of_events, of_owner, settings,
    subscription,
};
use crate::facts::tests::world::{World, gap, known, strings};
use crate::inventory::{
    Alarm, Alerting, Evaluation, EventRule, Gap, LogGroup, LogGroupSettings, MetricFilter, Observed, Topic,
    TopicSettings, TrailStatus,
};

const OTHER_TOPIC: &str = "arn:aws:sns:eu-west-1:222222222222:other";
const PATTERNS: &[&str] =
    &["", "", CHANGES, KEYS, "{ $.readOnly IS FALSE }", "{", "[a]", "{ $.awsRegion = us-east-1 }"];
const EVENT_PATTERNS: &[&str] = &[
    r#"{"account": [{"exists": true}]}"#,
    r#"{"source": ["aws.cloudtrail", "aws.kms"]}"#,
    "{",
    r#"{"region": ["eu-west-1"]}"#,
];
const TARGETS: &[&str] = &[
    TOPIC,
    OTHER_TOPIC,
    "arn:aws:lambda:us-east-1:111111111111:function:tell",
    "arn:aws:events:us-east-1:333333333333:event-bus/default",
    "arn:aws:mind:us-east-1:111111111111:x",
];

/// Numbers that were drawn beforehand, one after another.
struct Dice<'d> {
    drawn: std::iter::Cycle<std::slice::Iter<'d, u8>>,
    /// Most chains hold.
    is_kind: bool,
}

impl Dice<'_> {
    fn next(&mut self) -> u8 {
        self.drawn.next().copied().unwrap_or_default()
    }

    fn one_in(&mut self, count: u8) -> bool {
        let count = if self.is_kind { count.saturating_mul(5) } else { count };
        self.next().is_multiple_of(count)
    }

    /// One of these; of a kind dice mostly the first.
    fn pick<'l>(&mut self, list: &[&'l str]) -> &'l str {
        let drawn = self.next();
        if self.is_kind && drawn < 200 { list[0] } else { list[usize::from(drawn) % list.len()] }
    }

    fn some<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.next() % 3 + u8::from(self.is_kind);
        (0..count).map(|_| make(self)).collect()
    }
}

/// Adds log groups, filters, alarms, rules and topics to a world.
pub(in super::super) fn add_alerting(mut world: World, drawn: &[u8]) -> World {
    let is_kind = drawn.first().is_some_and(|first| first.is_multiple_of(2));
    let dice = &mut Dice { drawn: drawn.iter().cycle(), is_kind };
    let mut groups = BTreeSet::new();
    for trail in world.0.trails.values_mut() {
        if dice.one_in(6) {
            continue;
        }
        let name = dice.pick(&["one", "two"]);
        let arn = format!("arn:aws:logs:{}:{}:log-group:{name}", trail.home_region, trail.owner);
        groups.insert((arn.clone(), name, trail.owner.clone(), trail.home_region.clone()));
        trail.log_group = Some(format!("{arn}:*"));
        trail.log_group_role = (!dice.one_in(8)).then(String::new);
        if let (Observed::Known { value, .. }, true) = (&mut trail.status, dice.one_in(8)) {
            let error = Some("AccessDenied".to_owned());
            *value = TrailStatus { latest_log_group_delivery_error: error, ..value.clone() };
        }
    }
    for (arn, name, owner, region) in groups {
        let group = log_group(dice, (&arn, name, &owner, &region));
        world.0.log_groups.insert(arn, group);
    }
    for account in world.0.accounts.values_mut() {
        let regions: Vec<String> = account.trails.keys().cloned().collect();
        for region in regions {
            let alerting =
                Alerting { alarms: known(dice.some(alarm_of)), event_rules: known(dice.some(rule)) };
            account.alerting.insert(region, alerting);
        }
    }
    for arn in [TOPIC, OTHER_TOPIC] {
        let exists = !dice.one_in(5);
        let settings = exists.then(|| topic_settings(dice, arn));
        let subscriptions = if exists { dice.some(|dice| subscription(!dice.one_in(4))) } else { Vec::new() };
        let topic =
            Topic { arn: arn.to_owned(), settings: known(settings), subscriptions: known(subscriptions) };
        world.0.topics.insert(arn.to_owned(), topic);
    }
    world
}

fn topic_settings(dice: &mut Dice<'_>, arn: &str) -> TopicSettings {
    let owner = arn.split(':').nth(4).unwrap_or_default();
    let mut statements = match dice.one_in(24).then(|| dice.pick(&["owner", "none"])) {
        None => vec![of_owner(owner), of_events()],
        Some("owner") => vec![of_owner(owner)],
        Some(_) => Vec::new(),
    };
    for statement in &mut statements {
        statement["Resource"] = arn.into();
    }
    let kms_key = dice.one_in(24).then(|| dice.pick(&["alias/aws/sns", "alias/own"]).to_owned());
    TopicSettings { kms_key, ..settings(&statements) }
}

fn log_group(dice: &mut Dice<'_>, (arn, name, owner, region): (&str, &str, &str, &str)) -> LogGroup {
    let class = if dice.one_in(6) { "DELIVERY" } else { "STANDARD" };
    let settings = LogGroupSettings {
        retention_days: None,
        kms_key: None,
        class: class.to_owned(),
        is_protected_from_deletion: None,
    };
    let exists = !dice.one_in(8);
    LogGroup {
        arn: arn.to_owned(),
        name: name.to_owned(),
        owner: owner.to_owned(),
        region: region.to_owned(),
        settings: known(exists.then_some(settings)),
        metric_filters: known(if exists { dice.some(metric_filter) } else { Vec::new() }),
    }
}

fn metric_filter(dice: &mut Dice<'_>) -> MetricFilter {
    let mut filter = filter(dice.pick(&["changes", "keys"]), dice.pick(PATTERNS));
    filter.applies_to_transformed_logs = dice.one_in(9);
    dice.pick(&["1", "1", "1", "0", "$.x"]).clone_into(&mut filter.metrics[0].value);
    filter.metrics[0].default_value = dice.one_in(24).then(|| "0".to_owned());
    filter
}

fn alarm_of(dice: &mut Dice<'_>) -> Alarm {
    let name = dice.pick(&["changes", "keys"]);
    if dice.one_in(4) {
        return composite(
            "above",
            dice.pick(&["ALARM(changes) OR ALARM(keys)", "ALARM(changes) AND ALARM(keys)"]),
        );
    }
    Alarm {
        metrics: if dice.one_in(9) { Vec::new() } else { vec![metric(name)] },
        is_plain: !dice.one_in(7),
        threshold: Some(dice.pick(&["1", "1", "1", "3"]).to_owned()),
        evaluation: Some(evaluation(dice)),
        actions_enabled: !dice.one_in(6),
        actions: strings(&dice.some(|dice| dice.pick(TARGETS))),
        ..alarm(name)
    }
}

fn evaluation(dice: &mut Dice<'_>) -> Evaluation {
    let is_odd = dice.one_in(24);
    let missing = if is_odd { &["notBreaching", "missing", "ignore", "breaching"][..] } else { &["missing"] };
    Evaluation {
        period: Some(300),
        periods: 3,
        datapoints_to_alarm: if is_odd && dice.one_in(2) { 3 } else { 1 },
        missing_data: dice.pick(missing).to_owned(),
    }
}

fn rule(dice: &mut Dice<'_>) -> EventRule {
    let state = dice.pick(&["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "DISABLED"]);
    let targets = dice.some(|dice| dice.pick(TARGETS));
    EventRule { state: state.to_owned(), ..event_rule("rule", dice.pick(EVENT_PATTERNS), &targets) }
}

/// Tears gaps into it.
pub(in super::super) fn tear_alerting(world: &mut World, mut tear: impl FnMut(&str) -> Option<Gap>) {
    for group in world.0.log_groups.values_mut() {
        put(&mut group.settings, tear("logs:DescribeLogGroups"));
        put(&mut group.metric_filters, tear("logs:DescribeMetricFilters"));
    }
    for topic in world.0.topics.values_mut() {
        put(&mut topic.settings, tear("sns:GetTopicAttributes"));
        put(&mut topic.subscriptions, tear("sns:ListSubscriptionsByTopic"));
    }
    for account in world.0.accounts.values_mut() {
        for (region, alerting) in &mut account.alerting {
            let torn = |name: &str, gap_of: Option<Gap>| gap_of.map(|_| gap(name, &account.id, region));
            put(&mut alerting.alarms, torn("cloudwatch:DescribeAlarms", tear("")));
            if let Observed::Known { value, .. } = &mut alerting.event_rules {
                for rule in value {
                    put(&mut rule.targets, tear("events:ListTargetsByRule"));
                }
            }
            put(&mut alerting.event_rules, torn("events:ListRules", tear("")));
        }
    }
}

fn put<T>(value: &mut Observed<T>, gap: Option<Gap>) {
    if let Some(gap) = gap {
        *value = Observed::Gap(gap);
    }
}
