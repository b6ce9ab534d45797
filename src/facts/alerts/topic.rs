//! SNS topics: whether an alarm or an event rule can publish there, and whether somebody listens.

use std::cell::RefCell;
use std::collections::HashMap;

use super::super::found::unclear;
use super::super::policy::Policy;
use super::link::Link;
use super::somebody::not_collected;
use crate::access::Document;
use crate::access::topic::{PUBLISH, Publisher, publishing};
use crate::inventory::{Gap, Inventory, Observed, Origin, Topic, TopicSettings};

/// AWS's own key for topics, by its name.
const AWS_KEY: &str = "alias/aws/sns";

/// The topics of an inventory, each policy parsed once.
pub(super) struct Topics<'a> {
    pub(super) inventory: &'a Inventory,
    policies: HashMap<&'a str, Result<Policy<'a>, Gap>>,
    /// What was asked before.
    known: RefCell<HashMap<(&'a str, Publisher<'a>), Link>>,
}

impl<'a> Topics<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let policies = inventory.topics.values().map(|topic| (topic.arn.as_str(), policy(topic))).collect();
        Self { inventory, policies, known: RefCell::default() }
    }

    /// The topic takes what the publisher sends, and has a subscription that somebody confirmed.
    pub(super) fn told(&self, arn: &'a str, publisher: Publisher<'a>) -> Link {
        if let Some(link) = self.known.borrow().get(&(arn, publisher)) {
            return link.clone();
        }
        let link = self.tells(arn, &publisher);
        self.known.borrow_mut().insert((arn, publisher), link.clone());
        link
    }

    /// The topic is there, and has a subscription that somebody confirmed.
    pub(super) fn listens(&self, arn: &str) -> Link {
        self.takes(arn, |_, _| Link::Whole)
    }

    fn tells(&self, arn: &str, publisher: &Publisher<'_>) -> Link {
        self.takes(arn, |settings, origin| {
            decrypts(settings, name(arn), origin).and(self.lets(arn, publisher))
        })
    }

    fn takes(&self, arn: &str, takes: impl FnOnce(&TopicSettings, &Origin) -> Link) -> Link {
        let Some(topic) = self.inventory.topics.get(arn) else {
            return Link::Open(vec![not_collected("sns:ListSubscriptionsByTopic", arn)]);
        };
        let name = name(arn);
        let takes = match &topic.settings {
            Observed::Known { value: None, .. } => Link::broken(format!("the topic {name} does not exist")),
            Observed::Known { value: Some(settings), origin } => takes(settings, origin),
            Observed::Gap(gap) => Link::Open(vec![gap.clone()]),
        };
        takes.and(is_heard(topic, name))
    }

    fn lets(&self, arn: &str, publisher: &Publisher<'_>) -> Link {
        let name = name(arn);
        let Policy { document, origin } = match self.policies.get(arn) {
            Some(Ok(policy)) => policy,
            Some(Err(gap)) => return Link::Open(vec![gap.clone()]),
            None => return Link::Open(vec![not_collected("sns:GetTopicAttributes", arn)]),
        };
        let Some(document) = document else {
            return Link::unclear(origin, format!("the policy of the topic {name} is not there"));
        };
        let answer = publishing(document, arn, publisher);
        let whom = match publisher {
            Publisher::Alarm { .. } => "CloudWatch",
            Publisher::Rule { .. } => "EventBridge",
        };
        match answer.value {
            Some(true) => Link::Whole,
            Some(false) => {
                Link::broken(format!("the policy of the topic {name} does not let {whom} publish"))
            }
            None => Link::Open(vec![unclear(&answer.notes, origin)]),
        }
    }
}

fn name(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}

fn policy(topic: &Topic) -> Result<Policy<'_>, Gap> {
    let mut policy = Policy::of(&topic.settings, |settings| settings.as_ref()?.policy.as_deref())?;
    policy.document = policy.document.map(|document: Document| document.about(PUBLISH));
    Ok(policy)
}

/// Whoever publishes may use the key of the topic.
///
/// The policy of AWS's own key lets no service in and cannot be changed. The policy of any other key has to let the service in, which
/// keys do not by themselves; it is not read.
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services>
fn decrypts(settings: &TopicSettings, name: &str, origin: &Origin) -> Link {
    match settings.kms_key.as_deref() {
        None => Link::Whole,
        Some(key) if key == AWS_KEY || key.ends_with(":alias/aws/sns") => {
            let words = "is encrypted with alias/aws/sns, with which no alarm and no rule can publish";
            Link::broken(format!("the topic {name} {words}"))
        }
        Some(key) => {
            let why = "whose policy was not read: it has to let the service that publishes use the key";
            Link::unclear(origin, format!("the topic {name} is encrypted with the key {key:?}, {why}"))
        }
    }
}

fn is_heard(topic: &Topic, name: &str) -> Link {
    match &topic.subscriptions {
        Observed::Known { value, .. } if value.iter().any(|one| one.is_confirmed) => Link::Whole,
        Observed::Known { .. } => Link::broken(format!("the topic {name} has no confirmed subscription")),
        Observed::Gap(gap) => Link::Open(vec![gap.clone()]),
    }
}
