//! SNS: the topics that trails, alarms and event rules tell, and who listens to them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sns::types as sdk;

use super::caller::{Caller, observe_or, origin, pages};
use super::reader::Reader;
use super::session::{Session, Sessions};
use super::whole::json_object;
use crate::inventory::{Inventory, Observed, Subscription, Topic, TopicSettings};

const ABSENT: &[&str] = &["NotFound", "NotFoundException"];

impl Reader<'_> {
    /// The topics that trails, alarms and event rules name, each once.
    pub(super) async fn read_topics(&self, inventory: &mut Inventory) {
        let read = named(inventory).into_iter().map(|(arn, by)| read(self.sessions, arn, by));
        let read: Vec<Option<Topic>> = self.each("topics", read.collect()).await;
        inventory.topics = read.into_iter().flatten().map(|topic| (topic.arn.clone(), topic)).collect();
    }
}

/// Topic ARN → the accounts that name it.
fn named(inventory: &Inventory) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for trail in inventory.trails.values() {
        if let Some(topic) = &trail.topic {
            named.entry(topic).or_default().insert(&trail.owner);
        }
    }
    for account in inventory.accounts.values() {
        for alerting in account.alerting.values() {
            let alarms = alerting.alarms.value().into_iter().flatten();
            let rules = alerting.event_rules.value().into_iter().flatten();
            let actions = alarms.flat_map(|alarm| &alarm.actions);
            let targets = rules.filter_map(|rule| rule.targets.value()).flatten().map(|target| &target.arn);
            for arn in actions.chain(targets) {
                named.entry(arn).or_default().insert(&account.id);
            }
        }
    }
    named
}

/// Reads the topic of an ARN; `None` when it is the ARN of something else. Where the owner cannot be asked, its policy may allow the
/// accounts that name it.
async fn read(sessions: &Sessions<'_>, arn: &str, named_by: BTreeSet<&str>) -> Option<Topic> {
    const CALLS: &[&str] = &["sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"];
    let parts: Vec<&str> = arn.split(':').collect();
    let ["arn", _, "sns", region, owner, _] = parts.as_slice() else { return None };
    let gap = match sessions.open_for(CALLS, owner, region, arn).await {
        Ok(session) => return Some(ask(sessions.caller, &session, region, arn, ABSENT).await),
        Err(gap) => gap,
    };
    let mut topic = Topic {
        arn: arn.to_owned(),
        settings: Observed::Gap(gap.clone()),
        subscriptions: Observed::Gap(gap),
    };
    for account in named_by.into_iter().filter(|account| account != owner) {
        let Ok(session) = sessions.open_for(CALLS, account, region, arn).await else { continue };
        // Only the owner can tell for certain that there is no such topic: it knows all of its own.
        let answer = ask(sessions.caller, &session, region, arn, &[]).await;
        if answer.settings.value().is_some() {
            topic.settings = answer.settings;
        }
        if answer.subscriptions.value().is_some() {
            topic.subscriptions = answer.subscriptions;
        }
        if topic.settings.value().is_some() && topic.subscriptions.value().is_some() {
            break;
        }
    }
    Some(topic)
}

/// The codes of `absent` say that there is no such topic.
async fn ask(caller: &Caller, session: &Session, region: &str, arn: &str, absent: &[&str]) -> Topic {
    let (settings, subscriptions) = tokio::join!(
        settings(caller, session, region, arn, absent),
        subscriptions(caller, session, region, arn, absent)
    );
    Topic { arn: arn.to_owned(), settings, subscriptions }
}

async fn settings(
    caller: &Caller,
    session: &Session,
    region: &str,
    arn: &str,
    absent: &[&str],
) -> Observed<Option<TopicSettings>> {
    let asked = origin("sns:GetTopicAttributes", &session.account, region, arn);
    let request = session.sns(region).get_topic_attributes().topic_arn(arn);
    let answer = caller.make(&asked, request.send()).await;
    observe_or(asked, answer, absent, None, |answer| {
        let mut attributes = answer.attributes.ok_or("the answer has no attributes")?;
        if attributes.get("TopicArn").is_none_or(|named| named != arn) {
            return Err("the answer does not name the topic");
        }
        Ok(Some(TopicSettings {
            kms_key: attributes.remove("KmsMasterKeyId").filter(|key| !key.is_empty()),
            policy: attributes.remove("Policy").map(json_object).transpose()?,
        }))
    })
}

async fn subscriptions(
    caller: &Caller,
    session: &Session,
    region: &str,
    arn: &str,
    absent: &[&str],
) -> Observed<Vec<Subscription>> {
    let asked = origin("sns:ListSubscriptionsByTopic", &session.account, region, arn);
    let client = session.sns(region);
    let request = |token| client.list_subscriptions_by_topic().topic_arn(arn).set_next_token(token).send();
    let listed = pages(caller, &asked, request, |page| (page.subscriptions, page.next_token)).await;
    observe_or(asked, listed, absent, Vec::new(), |listed| {
        let mut read: Vec<_> = listed.into_iter().map(subscription).collect::<Result<_, _>>()?;
        read.sort_by(|a, b| (&a.protocol, &a.endpoint).cmp(&(&b.protocol, &b.endpoint)));
        Ok(read)
    })
}

/// Instead of an ARN, SNS shows `PendingConfirmation` or `Deleted` where nobody listens.
fn subscription(subscription: sdk::Subscription) -> Result<Subscription, &'static str> {
    let arn = subscription.subscription_arn.ok_or("a subscription in the answer has no ARN")?;
    Ok(Subscription {
        protocol: subscription.protocol.ok_or("a subscription in the answer has no protocol")?,
        endpoint: subscription.endpoint.unwrap_or_default(),
        is_confirmed: arn.starts_with("arn:"),
    })
}
