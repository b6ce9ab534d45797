"""The way from an event to somebody: log group, metric filter, alarm and topic, or event rule and target."""

import json

from scan import FAIL, NOT_APPLICABLE, PASS, TWO_REGIONS
from situations import situation
from world import AWAY, HOME, MANAGEMENT, allow, classic, policy

CHANGES = "alert-cloudtrail-changes"
TAMPERING = "tamper-alert"
# As CIS prescribes it (recommendation 4.5, 5.5 since version 6).
OF_CIS = (
    "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) "
    "|| ($.eventName = StartLogging) || ($.eventName = StopLogging) }"
)
ACTION = f"arn:aws:sns:{HOME}:{MANAGEMENT}:alerts"


def group_arn(name, region=HOME, account=MANAGEMENT):
    return f"arn:aws:logs:{region}:{account}:log-group:{name}"


def log_group(world, name="trail", region=HOME, **options):
    world.client("logs", region=region).create_log_group(logGroupName=name, **options)
    return name


def trail_with_group(world, group="trail", name="audit", bucket=None, region=HOME, **options):
    return world.trail(
        name,
        bucket or world.bucket(f"{name}-logs"),
        region=region,
        CloudWatchLogsLogGroupArn=group_arn(group, region) + ":*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{MANAGEMENT}:role/delivery",
        **options,
    )


def metric_filter(world, pattern=OF_CIS, group="trail", name="changes", region=HOME, **options):
    transformation = {"metricName": "TrailChanges", "metricNamespace": "Audit", "metricValue": "1", **options}
    world.client("logs", region=region).put_metric_filter(
        logGroupName=group, filterName=name, filterPattern=pattern, metricTransformations=[transformation]
    )


def alarm(world, metric="TrailChanges", namespace="Audit", name="changes", region=HOME, actions=(ACTION,), **options):
    settings = {
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        **options,
    }
    world.client("cloudwatch", region=region).put_metric_alarm(
        AlarmName=name, MetricName=metric, Namespace=namespace, AlarmActions=list(actions), **settings
    )


def topic(world, region=HOME, subscriber="soc@example.com", statements=None, **attributes):
    """moto confirms every subscription at once; one that waits for its confirmation cannot be made there. Without `statements`
    the topic has the policy that every topic starts with."""
    sns = world.client("sns", region=region)
    arn = sns.create_topic(Name="alerts", Attributes=attributes)["TopicArn"]
    if statements is not None:
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy(*statements))
    if subscriber:
        sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=subscriber)
    return arn


def whole_chain(world, **trail):
    log_group(world)
    trail_with_group(world, **trail)
    metric_filter(world)
    alarm(world)
    topic(world)


def told(status):
    return {MANAGEMENT: {CHANGES: status}}


@situation("the chain that CIS prescribes tells of changes to trails, and of nothing that it leaves out")
def prescribed(world):
    whole_chain(world)
    # CIS leaves out PutEventSelectors, which blinds a trail without stopping it.
    return {MANAGEMENT: {CHANGES: PASS, TAMPERING: FAIL, "alert-root-usage": FAIL}}


@situation("an order, quotes and blanks of one's own change nothing in a pattern")
def spelled_otherwise(world):
    # Peer threads 12, 26: patterns were compared as text (Prowler 26, 113, 1914).
    names = ("StopLogging", "StartLogging", "DeleteTrail", "UpdateTrail", "CreateTrail")
    log_group(world)
    trail_with_group(world)
    metric_filter(world, "{" + "||".join(f'($.eventName="{name}")' for name in names) + "}")
    alarm(world)
    topic(world)
    return told(PASS)


@situation("a pattern that misses one of the calls is not whole")
def one_call_short(world):
    log_group(world)
    trail_with_group(world)
    metric_filter(world, OF_CIS.replace("|| ($.eventName = StopLogging) ", ""))
    alarm(world)
    topic(world)
    return told(FAIL)


@situation("an alarm on a metric of the same name in another namespace is another alarm")
def other_namespace(world):
    # Prowler and Powerpipe compare the name alone (catalogue 1.F.2).
    log_group(world)
    trail_with_group(world)
    metric_filter(world)
    alarm(world, namespace="Elsewhere")
    topic(world)
    return told(FAIL)


@situation("an alarm that bears the name of the filter watches some other metric")
def name_of_the_filter(world):
    # Trivy compares the metric of the alarm with the name of the filter (catalogue 1.F.2).
    log_group(world)
    trail_with_group(world)
    metric_filter(world)
    alarm(world, metric="changes")
    topic(world)
    return told(FAIL)


@situation("an alarm lives in the region of its metric")
def other_region(world):
    log_group(world)
    trail_with_group(world)
    metric_filter(world)
    alarm(world, region=AWAY, actions=[topic(world, region=AWAY)])
    return told(FAIL)


@situation("an alarm without actions, or with its actions turned off, tells nobody")
def silent_alarm(world):
    log_group(world)
    trail_with_group(world)
    metric_filter(world)
    alarm(world, actions=[])
    alarm(world, name="muted", ActionsEnabled=False)
    topic(world)
    return told(FAIL)


@situation("a trail that is at home elsewhere has its log group, filter, alarm and topic there")
def home_elsewhere(world):
    # Security Hub has no verdict then (catalogue 1.F.2).
    log_group(world, region=AWAY)
    trail_with_group(world, region=AWAY)
    metric_filter(world, region=AWAY)
    alarm(world, region=AWAY, actions=[topic(world, region=AWAY)])
    return told(PASS)


@situation("a topic without subscribers tells nobody")
def nobody_listens(world):
    log_group(world)
    trail_with_group(world)
    metric_filter(world)
    alarm(world)
    topic(world, subscriber=None)
    return told(FAIL)


@situation("a topic that is gone tells nobody")
def no_topic(world):
    log_group(world)
    trail_with_group(world)
    metric_filter(world)
    alarm(world)
    return told(FAIL)


@situation("a filter on the log group of a stopped trail hears nothing")
def stopped_source(world):
    # Prowler asks no more of the trail than to have a log group (catalogue 1.F.2).
    whole_chain(world, logging=False)
    world.trail("other", world.bucket("other-logs"))
    return told(FAIL)


@situation("a filter on a log group that no trail writes to hears nothing")
def other_group(world):
    log_group(world)
    log_group(world, "application")
    trail_with_group(world)
    metric_filter(world, group="application")
    alarm(world)
    topic(world)
    return told(FAIL)


@situation("of two trails with log groups it suffices that one has the filters")
def one_of_two(world):
    # Peer threads 7, 8 (Prowler 701, 747): filters were demanded of every log group.
    whole_chain(world)
    log_group(world, "second")
    trail_with_group(world, group="second", name="second")
    return told(PASS)


@situation("advanced selectors feed an alert as well as classic ones")
def advanced_source(world):
    # Peer thread 20 (steampipe-mod-aws-compliance 971): advanced selectors were a failure.
    log_group(world)
    trail = trail_with_group(world)
    world.select_advanced(trail, {"eventCategory": {"Equals": ["Management"]}})
    metric_filter(world)
    alarm(world)
    topic(world)
    return told(PASS)


@situation("a trail of reads feeds no alert on changes")
def reads_only(world):
    log_group(world)
    world.select(trail_with_group(world), classic("ReadOnly"))
    metric_filter(world)
    alarm(world)
    topic(world)
    return told(FAIL)


@situation("a trail of one region raises no alert on the other")
def one_region(world):
    whole_chain(world, multi_region=False)
    return told(FAIL)


def by_events(condition=None):
    """EventBridge may publish. The policy that a topic starts with does not let it."""
    return allow({"Service": "events.amazonaws.com"}, "sns:Publish", "*", condition)


def event_rule(world, region, target=True, state="ENABLED", bus=None, **detail):
    events, named = world.client("events", region=region), {}
    if bus:
        events.create_event_bus(Name=bus)
        named = {"EventBusName": bus}
    pattern = {
        "source": ["aws.cloudtrail"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {"eventSource": ["cloudtrail.amazonaws.com"], **detail},
    }
    events.put_rule(Name="tampering", EventPattern=json.dumps(pattern), State=state, **named)
    if target:
        reached = topic(world, region, statements=[by_events()]) if target is True else target
        events.put_targets(Rule="tampering", Targets=[{"Id": "soc", "Arn": reached}], **named)


def with_event_rules(world, *regions, **options):
    # Event rules see what trails record, and need no log group (catalogue G-4; no other auditor accepts them).
    world.trail("audit", world.bucket("logs"))
    for region in regions:
        event_rule(world, region, **options)


@situation("an event rule in every region tells of tampering")
def event_rules(world):
    with_event_rules(world, HOME, AWAY)
    return {MANAGEMENT: {TAMPERING: PASS, CHANGES: PASS, "alert-root-usage": FAIL}}


@situation("an event rule hears its own region only")
def event_rule_in_one_region(world):
    with_event_rules(world, HOME)
    return {MANAGEMENT: {TAMPERING: FAIL}}


@situation("an event rule that is disabled hears nothing")
def disabled_event_rules(world):
    with_event_rules(world, HOME, AWAY, state="DISABLED")
    return {MANAGEMENT: {TAMPERING: FAIL}}


@situation("an event rule without target tells nobody")
def aimless_event_rules(world):
    with_event_rules(world, HOME, AWAY, target=False)
    return {MANAGEMENT: {TAMPERING: FAIL}}


@situation("events of AWS services are sent to the default bus only")
def other_bus(world):
    with_event_rules(world, HOME, AWAY, bus="audit")
    return {MANAGEMENT: {TAMPERING: FAIL}}


@situation("an event rule for some of the calls is not enough for tampering and may be enough for CIS")
def some_calls(world):
    names = ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"]
    with_event_rules(world, HOME, AWAY, eventName=names)
    return {MANAGEMENT: {TAMPERING: FAIL, CHANGES: PASS}}


@situation("members that an organization trail covers have no alerts of their own to show")
def members(world):
    # Peer threads 1, 18 (Prowler 2438, Steampipe 536): the log group and the bucket are another account's.
    organization = world.organization("workload")
    whole_chain(world, IsOrganizationTrail=True)
    return {
        MANAGEMENT: {CHANGES: PASS},
        organization["workload"]: {CHANGES: NOT_APPLICABLE, TAMPERING: NOT_APPLICABLE},
    }


@situation("a log group is judged by what it keeps and how")
def log_groups(world):
    key = world.key()
    for name, options in (("forever", {}), ("long", {}), ("short", {}), ("encrypted", {"kmsKeyId": key})):
        log_group(world, name, **options)
        trail_with_group(world, group=name, name=name)
    logs = world.client("logs")
    logs.put_retention_policy(logGroupName="long", retentionInDays=365)
    logs.put_retention_policy(logGroupName="short", retentionInDays=180)
    retention, encryption = "log-group-retention", "log-group-encryption"
    return {
        # Never to expire is no retention too short.
        group_arn("forever"): {retention: PASS, encryption: FAIL, "log-group-class": PASS},
        group_arn("long"): {retention: PASS},
        group_arn("short"): {retention: FAIL},
        group_arn("encrypted"): {encryption: PASS},
    }


@situation("the days of a log group can be set", "--set", "log_group_retention_days=90", *TWO_REGIONS)
def log_group_days(world):
    log_group(world)
    world.client("logs").put_retention_policy(logGroupName="trail", retentionInDays=90)
    trail_with_group(world)
    return {group_arn("trail"): {"log-group-retention": PASS}}


@situation("of a log group that is gone nothing is said but that no alert comes from it")
def missing_log_group(world):
    trail_with_group(world, group="gone")
    alarm(world)
    topic(world)
    return {
        group_arn("gone"): {
            "log-group-retention": NOT_APPLICABLE,
            "log-group-encryption": NOT_APPLICABLE,
            "log-group-class": NOT_APPLICABLE,
        },
        **told(FAIL),
    }
