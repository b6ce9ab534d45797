"""Whether one event sets off an alarm, and whether a topic takes what the alarm or the event rule sends."""

from scan import FAIL, PASS, UNKNOWN
from situations import situation
from situations.alerting import (
    TAMPERING,
    alarm,
    by_events,
    event_rule,
    log_group,
    metric_filter,
    told,
    topic,
    trail_with_group,
)
from world import AWAY, HOME, MANAGEMENT, allow


def by_alarm(world, topic_options=None, default=None, unit=None, **settings):
    """The chain that CIS prescribes, with other settings of the alarm, of the filter or of the topic."""
    log_group(world)
    trail_with_group(world)
    metric_filter(world, **({} if default is None else {"defaultValue": default}), **({"unit": unit} if unit else {}))
    alarm(world, **settings)
    topic(world, **(topic_options or {}))


def by_rule(world, **topic_options):
    """Event rules in both regions, which tell topics with these settings."""
    world.trail("audit", world.bucket("logs"))
    for region in (HOME, AWAY):
        event_rule(world, region, target=topic(world, region, **topic_options))


# AlarmThatSendsEmail.html#alarms-and-missing-data: three of three datapoints, row `- - X - -`.
OF_THREE = {"EvaluationPeriods": 3}


@situation("one event is one datapoint: an alarm that takes three does not go off where missing data is good")
def three_datapoints_not_breaching(world):
    by_alarm(world, **OF_THREE, TreatMissingData="notBreaching")
    return told(FAIL)


@situation("an alarm that takes three datapoints stays as it is where missing data is ignored")
def three_datapoints_ignore(world):
    by_alarm(world, **OF_THREE, TreatMissingData="ignore")
    return told(FAIL)


@situation("an alarm that takes three datapoints may go off for one event where missing data stays missing")
def three_datapoints_missing(world):
    by_alarm(world, **OF_THREE)
    return told(UNKNOWN)


@situation("zeros around the event are datapoints too, and keep an alarm that takes three from going off")
def three_datapoints_between_zeros(world):
    by_alarm(world, default=0, **OF_THREE)
    return told(FAIL)


@situation("one of three datapoints is enough")
def one_of_three(world):
    by_alarm(world, **OF_THREE, DatapointsToAlarm=1)
    return told(PASS)


@situation("an alarm that is in alarm while nothing happens tells of nothing new")
def always_in_alarm(world):
    by_alarm(world, default=1)
    return told(FAIL)


@situation("an alarm that takes missing data for a breach may be in alarm when the event happens")
def breaching(world):
    by_alarm(world, TreatMissingData="breaching")
    return told(UNKNOWN)


@situation("an alarm that asks for another unit than the filter counts in sees nothing")
def other_unit(world):
    by_alarm(world, Unit="Count")
    return told(FAIL)


@situation("an alarm that asks for the unit that the filter counts in sees it")
def same_unit(world):
    by_alarm(world, unit="Count", Unit="Count")
    return told(PASS)


@situation("the policy that every topic starts with lets alarms publish, and no event rules")
def policy_of_the_start(world):
    # eb-use-resource-based.html#eb-sns-permissions
    by_rule(world)
    return {MANAGEMENT: {TAMPERING: FAIL}}


@situation("a topic that lets EventBridge publish takes what event rules send")
def policy_for_events(world):
    by_rule(world, statements=[by_events()])
    return {MANAGEMENT: {TAMPERING: PASS}}


@situation("AWS supports no conditions for EventBridge at a topic, though one on the rule is seen to work")
def policy_for_events_on_condition(world):
    rules = {"ArnLike": {"aws:SourceArn": f"arn:aws:events:*:{MANAGEMENT}:rule/*"}}
    by_rule(world, statements=[by_events(rules)])
    return {MANAGEMENT: {TAMPERING: UNKNOWN}}


@situation("a topic whose policy serves event rules alone takes nothing from an alarm")
def policy_without_alarms(world):
    by_alarm(world, {"statements": [by_events()]})
    return told(FAIL)


@situation("a topic that lets CloudWatch publish for the alarms of the account takes what they send")
def policy_for_alarms(world):
    alarms = {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{HOME}:{MANAGEMENT}:alarm:*"}}
    by_alarm(world, {"statements": [allow({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish", "*", alarms)]})
    return told(PASS)


@situation("with AWS's own key on the topic no alarm and no event rule can publish")
def aws_key(world):
    # sns-key-management.html#compatibility-with-aws-services
    by_alarm(world, {"statements": None, "KmsMasterKeyId": "alias/aws/sns"})
    return told(FAIL)


@situation("a key of one's own on the topic may let CloudWatch in or not: its policy is not read")
def own_key(world):
    by_alarm(world, {"KmsMasterKeyId": world.key()})
    return told(UNKNOWN)


@situation("an event rule that hands events on to a bus elsewhere tells nobody for certain")
def bus_elsewhere(world):
    # The bus has to let the events in, and a rule there has to tell somebody.
    organization = world.organization("security")
    security = organization["security"]
    world.trail("audit", world.bucket("logs"))
    for region in (HOME, AWAY):
        bus = f"arn:aws:events:{region}:{security}:event-bus/default"
        event_rule(world, region, target=bus)
    # The rules of an account that owns no trail are not read.
    return {MANAGEMENT: {TAMPERING: UNKNOWN}}
