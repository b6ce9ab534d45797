//! What alarms and event rules set off, and whether that reaches somebody.

use super::link::Link;
use crate::inventory::{Call, Gap, GapReason, Inventory, Observed, Origin, Topic};

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

/// An action of an alarm that `origin` showed.
pub(super) fn action(arn: &str, inventory: &Inventory, origin: &Origin) -> Link {
    match parse(arn) {
        Some(Arn { service: "sns", .. }) => topic(arn, inventory),
        Some(Arn { service, .. }) if TOLD.contains(&service) => Link::Whole,
        Some(Arn { service, .. }) if MACHINES.contains(&service) => {
            Link::broken(format!("the action {arn} tells nobody"))
        }
        _ => Link::unclear(origin, format!("an alarm has the action {arn:?}")),
    }
}

/// A target of an event rule that `origin` showed.
pub(super) fn target<'a>(arn: &'a str, inventory: &Inventory, origin: &Origin) -> Target<'a> {
    let unclear = || Target::End(Link::unclear(origin, format!("an event rule has the target {arn:?}")));
    let Some(parts) = parse(arn) else { return unclear() };
    match (parts.service, parts.resource.split_once('/')) {
        ("sns", _) => Target::End(topic(arn, inventory)),
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

/// A topic with a subscription that somebody confirmed.
fn topic(arn: &str, inventory: &Inventory) -> Link {
    let Some(topic) = inventory.topics.get(arn) else {
        return Link::Open(vec![not_collected("sns:ListSubscriptionsByTopic", arn)]);
    };
    let name = arn.rsplit(':').next().unwrap_or(arn);
    exists(topic, name).and(is_heard(topic, name))
}

fn exists(topic: &Topic, name: &str) -> Link {
    match &topic.settings {
        Observed::Known { value: None, .. } => Link::broken(format!("the topic {name} does not exist")),
        // The policy of that key lets no service in, and cannot be changed:
        // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        Observed::Known { value: Some(settings), .. }
            if settings.kms_key.as_deref() == Some("alias/aws/sns") =>
        {
            let words = "is encrypted with alias/aws/sns, with which no alarm and no rule can publish";
            Link::broken(format!("the topic {name} {words}"))
        }
        Observed::Known { .. } => Link::Whole,
        Observed::Gap(gap) => Link::Open(vec![gap.clone()]),
    }
}

fn is_heard(topic: &Topic, name: &str) -> Link {
    match &topic.subscriptions {
        Observed::Known { value, .. } if value.iter().any(|one| one.is_confirmed) => Link::Whole,
        Observed::Known { .. } => Link::broken(format!("the topic {name} has no confirmed subscription")),
        Observed::Gap(gap) => Link::Open(vec![gap.clone()]),
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

fn not_collected(operation: &str, arn: &str) -> Gap {
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
