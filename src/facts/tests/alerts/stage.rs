//! A chain that is complete, for stories to break.

use serde_json::{Value, json};

use crate::facts::tests::world::{MANAGEMENT, World, known, multi_region, strings};
use crate::facts::{AlertFacts, AlertsFacts};
use crate::inventory::{
    Alarm, Alerting, Evaluation, EventRule, EventTarget, Gap, LogGroup, LogGroupSettings, Metric,
    MetricFilter, Observed, Subscription, Topic, TopicSettings, Trail,
};

pub(super) const GROUP: &str = "arn:aws:logs:us-east-1:111111111111:log-group:audit";
pub(super) const TOPIC: &str = "arn:aws:sns:us-east-1:111111111111:security";

/// What CIS prescribes for trails.
pub(super) const CHANGES: &str = "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }";
pub(super) const KEYS: &str = "{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }";
pub(super) const FAILURES: &str =
    r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }"#;

pub(super) fn audit() -> Trail {
    delivering(multi_region("audit"))
}

/// With log group and role.
pub(super) fn delivering(trail: Trail) -> Trail {
    Trail {
        log_group: Some(format!("{GROUP}:*")),
        log_group_role: Some("arn:aws:iam::111111111111:role/logs".to_owned()),
        ..trail
    }
}

pub(super) fn metric(name: &str) -> Metric {
    Metric {
        namespace: "CloudTrail".to_owned(),
        name: name.to_owned(),
        dimensions: Vec::new(),
        value: String::new(),
        default_value: None,
        unit: None,
    }
}

pub(super) fn filter(name: &str, pattern: &str) -> MetricFilter {
    MetricFilter {
        name: name.to_owned(),
        pattern: pattern.to_owned(),
        applies_to_transformed_logs: false,
        metrics: vec![Metric { value: "1".to_owned(), ..metric(name) }],
    }
}

/// As CIS prescribes it: the sum of five minutes, one at least.
pub(super) fn alarm(name: &str) -> Alarm {
    Alarm {
        name: name.to_owned(),
        arn: format!("arn:aws:cloudwatch:us-east-1:111111111111:alarm:{name}"),
        metrics: vec![metric(name)],
        is_plain: true,
        statistic: "Sum".to_owned(),
        comparison: "GreaterThanOrEqualToThreshold".to_owned(),
        threshold: Some("1".to_owned()),
        evaluation: Some(Evaluation {
            period: Some(300),
            periods: 1,
            datapoints_to_alarm: 1,
            missing_data: "notBreaching".to_owned(),
        }),
        composite_rule: String::new(),
        suppressor: None,
        actions_enabled: true,
        actions: strings(&[TOPIC]),
    }
}

pub(super) fn composite(name: &str, rule: &str) -> Alarm {
    Alarm {
        metrics: Vec::new(),
        is_plain: false,
        statistic: String::new(),
        comparison: String::new(),
        threshold: None,
        evaluation: None,
        composite_rule: rule.to_owned(),
        ..alarm(name)
    }
}

pub(super) fn event_rule(name: &str, pattern: &str, targets: &[&str]) -> EventRule {
    EventRule {
        name: name.to_owned(),
        arn: format!("arn:aws:events:us-east-1:111111111111:rule/{name}"),
        state: "ENABLED".to_owned(),
        pattern: Some(pattern.to_owned()),
        targets: known(targets.iter().map(|arn| target(arn)).collect()),
    }
}

pub(super) fn target(arn: &str) -> EventTarget {
    EventTarget { arn: arn.to_owned(), role: None }
}

pub(super) fn subscription(is_confirmed: bool) -> Subscription {
    Subscription { protocol: "email".to_owned(), endpoint: "a@example.com".to_owned(), is_confirmed }
}

/// What every topic has from the start: its owner's resources may publish.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions>
pub(super) fn of_owner(owner: &str) -> Value {
    json!({
        "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": { "AWS": "*" },
        "Action": ["SNS:GetTopicAttributes", "SNS:Subscribe", "SNS:Publish"],
        "Resource": TOPIC, "Condition": { "StringEquals": { "AWS:SourceOwner": owner } },
    })
}

/// What AWS has added for a rule.
pub(super) fn of_events() -> Value {
    let service = json!({ "Service": "events.amazonaws.com" });
    json!({ "Effect": "Allow", "Principal": service, "Action": "sns:Publish", "Resource": TOPIC })
}

pub(super) fn settings(statements: &[Value]) -> TopicSettings {
    let policy = json!({ "Version": "2008-10-17", "Statement": statements });
    TopicSettings { kms_key: None, policy: Some(policy.to_string()) }
}

fn topic(arn: &str) -> Topic {
    Topic {
        arn: arn.to_owned(),
        settings: known(Some(settings(&[of_owner(MANAGEMENT), of_events()]))),
        subscriptions: known(vec![subscription(true)]),
    }
}

fn group() -> LogGroup {
    LogGroup {
        arn: GROUP.to_owned(),
        name: "audit".to_owned(),
        owner: MANAGEMENT.to_owned(),
        region: "us-east-1".to_owned(),
        settings: known(Some(LogGroupSettings {
            retention_days: None,
            kms_key: None,
            class: "STANDARD".to_owned(),
            is_protected_from_deletion: None,
        })),
        metric_filters: known(vec![
            filter("changes", CHANGES),
            filter("keys", KEYS),
            filter("failures", FAILURES),
        ]),
    }
}

impl World {
    /// One account with a trail whose alerts on trails, keys and failed sign-ins are whole.
    pub(super) fn watched() -> Self {
        Self::alone().with(audit()).watch()
    }

    /// Adds the log group, the alarms, the topic, and no event rules.
    pub(super) fn watch(mut self) -> Self {
        self.0.log_groups.insert(GROUP.to_owned(), group());
        self.0.topics.insert(TOPIC.to_owned(), topic(TOPIC));
        for account in self.0.accounts.values_mut() {
            for region in account.regions.value().cloned().unwrap_or_default() {
                let none = Alerting { alarms: known(Vec::new()), event_rules: known(Vec::new()) };
                account.alerting.insert(region, none);
            }
        }
        for name in ["changes", "keys", "failures"] {
            self = self.add_alarm(alarm(name));
        }
        self
    }

    pub(super) fn add_alarm(self, alarm: Alarm) -> Self {
        self.change_alarms(|alarms| alarms.push(alarm))
    }

    pub(super) fn change_alarms(mut self, change: impl FnOnce(&mut Vec<Alarm>)) -> Self {
        change(value(&mut self.alerting(MANAGEMENT, "us-east-1").alarms));
        self
    }

    /// Changes the alarm on changes of trails.
    pub(super) fn change_alarm(self, change: impl FnOnce(&mut Alarm)) -> Self {
        self.change_alarms(|alarms| change(&mut alarms[0]))
    }

    /// Changes the filter on changes of trails.
    pub(super) fn change_filter(self, change: impl FnOnce(&mut MetricFilter)) -> Self {
        self.change_filters(|filters| change(&mut filters[0]))
    }

    pub(super) fn change_filters(mut self, change: impl FnOnce(&mut Vec<MetricFilter>)) -> Self {
        change(value(&mut self.group_mut().metric_filters));
        self
    }

    pub(super) fn group_mut(&mut self) -> &mut LogGroup {
        self.0.log_groups.get_mut(GROUP).unwrap()
    }

    pub(super) fn topic_mut(&mut self) -> &mut Topic {
        self.0.topics.get_mut(TOPIC).unwrap()
    }

    pub(super) fn change_trail(mut self, change: impl FnOnce(&mut Trail)) -> Self {
        change(self.0.trails.values_mut().next().unwrap());
        self
    }

    pub(super) fn alerting(&mut self, account: &str, region: &str) -> &mut Alerting {
        self.account_mut(account).alerting.get_mut(region).unwrap()
    }

    pub(super) fn add_rule(mut self, account: &str, region: &str, rule: EventRule) -> Self {
        value(&mut self.alerting(account, region).event_rules).push(rule);
        self
    }

    /// The rule in every region of the management account.
    pub(super) fn add_rule_everywhere(self, rule: &EventRule) -> Self {
        let regions = ["eu-west-1", "us-east-1"];
        regions.into_iter().fold(self, |world, region| world.add_rule(MANAGEMENT, region, rule.clone()))
    }

    pub(super) fn alert(&self, of: fn(&AlertsFacts) -> &AlertFacts) -> AlertFacts {
        of(&self.account(MANAGEMENT).alerts).clone()
    }

    /// The answer about changes of trails, and where it breaks.
    pub(super) fn changes(&self) -> (Option<bool>, String) {
        said(&self.alert(|alerts| &alerts.cloudtrail_changes))
    }

    pub(super) fn keys(&self) -> (Option<bool>, String) {
        said(&self.alert(|alerts| &alerts.key_disabling_or_deletion))
    }

    pub(super) fn failures(&self) -> (Option<bool>, String) {
        said(&self.alert(|alerts| &alerts.console_login_failures))
    }
}

pub(super) fn said(alert: &AlertFacts) -> (Option<bool>, String) {
    (alert.is_raised.value().copied(), alert.broken_at.clone())
}

/// The chain is whole.
pub(super) fn raised() -> (Option<bool>, String) {
    (Some(true), String::new())
}

pub(super) fn broken(at: &str) -> (Option<bool>, String) {
    (Some(false), at.to_owned())
}

pub(super) fn open() -> (Option<bool>, String) {
    (None, String::new())
}

/// What would settle an answer.
pub(super) fn gaps(alert: &AlertFacts) -> &[Gap] {
    let crate::facts::Fact::Unknown(gaps) = &alert.is_raised else { panic!("{alert:?}") };
    gaps
}

pub(super) fn value<T>(observed: &mut Observed<T>) -> &mut T {
    let Observed::Known { value, .. } = observed else { panic!("it was to be known") };
    value
}
