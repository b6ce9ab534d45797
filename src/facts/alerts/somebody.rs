//! What alarms and event rules set off, and whether that reaches somebody.

use super::link::Link;
use super::topic::Topics;
use crate::access::topic::Publisher;
use crate::inventory::{Alarm, Call, EventTarget, Gap, GapReason, Inventory, Observed, Origin};

/// Services whose ARNs may be actions of an alarm that tell somebody.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>
const TOLD: &[&str] = &["lambda", "ssm", "ssm-incidents", "aiops"];
/// Those that stop, start or scale machines.
const MACHINES: &[&str] = &["automate", "autoscaling", "swf"];
/// Services whose ARNs may be targets of an event rule that make something of the event.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html>
const TARGETS: &[&str] = &[
    "lambda",
    "sqs",
    "states",
    "kinesis",
    "firehose",
    "logs",
    "ssm",
    "ssm-incidents",
    "chatbot",
    "execute-api",
    "appsync",
    "ecs",
    "batch",
    "codebuild",
    "codepipeline",
    "glue",
    "redshift",
    "redshift-serverless",
    "sagemaker",
    "inspector",
];

/// What a target of an event rule is.
pub(super) enum Target<'a> {
    End(Link),
    /// The default bus of another account or region.
    Bus {
        account: &'a str,
        region: &'a str,
    },
}

struct Arn<'a> {
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

fn parse(arn: &str) -> Option<Arn<'_>> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, service, region, account, resource] = parts.as_slice() else { return None };
    Some(Arn { service, region, account, resource })
}

/// An action of an alarm of `account` that `origin` showed.
pub(super) fn action<'a>(
    arn: &'a str,
    (alarm, account): (&'a Alarm, &'a str),
    topics: &Topics<'a>,
    origin: &Origin,
) -> Link {
    match parse(arn) {
        Some(Arn { service: "sns", .. }) => topics.told(arn, Publisher::Alarm { arn: &alarm.arn, account }),
        Some(Arn { service, .. }) if TOLD.contains(&service) => Link::Whole,
        Some(Arn { service, .. }) if MACHINES.contains(&service) => {
            Link::broken(format!("the action {arn} tells nobody"))
        }
        _ => Link::unclear(origin, format!("an alarm has the action {arn:?}")),
    }
}

/// A target of an event rule that `origin` showed.
pub(super) fn target<'a>(
    target: &'a EventTarget,
    rule: &'a str,
    topics: &Topics<'a>,
    origin: &Origin,
) -> Target<'a> {
    let arn = target.arn.as_str();
    let unclear = || Target::End(Link::unclear(origin, format!("an event rule has the target {arn:?}")));
    let Some(parts) = parse(arn) else { return unclear() };
    match (parts.service, parts.resource.split_once('/')) {
        ("sns", _) => Target::End(match &target.role {
            None => topics.told(arn, Publisher::Rule { arn: rule }),
            // Then the role needs the permission, not the service.
            // <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html>
            Some(taken) => {
                let detail =
                    format!("an event rule reaches {arn:?} by the role {taken:?}, which was not read");
                topics.listens(arn).and(Link::unclear(origin, detail))
            }
        }),
        ("events", Some(("event-bus", "default"))) => {
            Target::Bus { account: parts.account, region: parts.region }
        }
        ("events", Some(("event-bus", _))) => {
            Target::End(Link::unclear(origin, format!("the rules of the event bus {arn:?} are not followed")))
        }
        ("events", Some(("api-destination", _))) => Target::End(Link::Whole),
        ("events", Some(("target", _))) => {
            Target::End(Link::broken(format!("the target {arn} tells nobody")))
        }
        (service, _) if TARGETS.contains(&service) => Target::End(Link::Whole),
        _ => unclear(),
    }
}

/// The observations of a topic, if `arn` is one.
pub(super) fn observations<'a>(arn: &str, inventory: &'a Inventory) -> impl Iterator<Item = &'a Origin> {
    let origins = inventory.topics.get(arn).map(|topic| {
        let settings = origin(&topic.settings);
        settings.into_iter().chain(origin(&topic.subscriptions))
    });
    origins.into_iter().flatten()
}

pub(super) fn origin<T>(observed: &Observed<T>) -> Option<&Origin> {
    match observed {
        Observed::Known { origin, .. } => Some(origin),
        Observed::Gap(_) => None,
    }
}

pub(super) fn not_collected(operation: &str, arn: &str) -> Gap {
    let (account, region) = parse(arn).map_or(("", ""), |arn| (arn.account, arn.region));
    not_asked(operation, account, region, arn)
}

/// A call that was not made.
pub(super) fn not_asked(operation: &str, account: &str, region: &str, resource: &str) -> Gap {
    let call = Call {
        operation: operation.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        resource: resource.to_owned(),
    };
    Gap { origin: Origin::Call(call.into()), reason: GapReason::NotCollected, detail: String::new() }
}
