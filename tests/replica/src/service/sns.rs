//! SNS: topics and their subscriptions, for the owner and for those whom the topic lets read.

use crate::answer::{Answer, Failure, query_answer};
use crate::dispatch::{Call, not_authorized};
use crate::fault::glob;
use crate::world::{SubscriptionState, Topic};
use crate::xml::Xml;

type Answered = Result<Answer, Failure>;

/// The namespace of SNS's documents.
pub(crate) const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

/// The topic that a request is about, if the caller may use the operation's action on it.
fn readable<'a>(call: &'a Call<'_>) -> Result<&'a Topic, Failure> {
    let arn = call.required("TopicArn")?;
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, "sns", region, account, _] = parts[..] else {
        return Err(Failure::new(400, "InvalidParameter", "Invalid parameter: TopicArn"));
    };
    if region != call.region {
        return Err(Failure::new(
            400,
            "InvalidParameter",
            "Invalid parameter: TopicArn Reason: wrong region",
        ));
    }
    let found = call.world.topics.iter().find(|topic| topic.arn(call.world.partition) == arn);
    let (own, action) = (&call.caller.account, call.operation.action);
    if account == own {
        return found.ok_or_else(|| Failure::new(404, "NotFound", "Topic does not exist"));
    }
    let invites = |topic: &&Topic| {
        topic.cross_account_read.iter().any(|reader| {
            reader.account.value == *own && reader.actions.iter().any(|pattern| glob(pattern, action))
        })
    };
    // A topic that does not exist is refused in the same words.
    found.filter(invites).ok_or_else(|| {
        let reason = format!("because no resource-based policy allows the {action} action");
        call.operation.service.denied(not_authorized(&call.caller.arn, action, arn, &reason))
    })
}

pub(crate) fn get_topic_attributes(call: &Call<'_>) -> Answered {
    let topic = readable(call)?;
    let count = |state| topic.subscriptions.iter().filter(|own| own.state == state).count().to_string();
    let attributes = [
        ("TopicArn", Some(topic.arn(call.world.partition))),
        ("Owner", Some(topic.account.value.clone())),
        ("DisplayName", Some(topic.display_name.clone().unwrap_or_default())),
        ("Policy", call.world.topic_policy(topic)),
        ("SubscriptionsConfirmed", Some(count(SubscriptionState::Confirmed))),
        ("SubscriptionsPending", Some(count(SubscriptionState::Pending))),
        ("SubscriptionsDeleted", Some(count(SubscriptionState::Deleted))),
        ("KmsMasterKeyId", topic.kms_key.clone()),
    ];
    Ok(query_answer("GetTopicAttributes", NAMESPACE, |xml| {
        xml.node("Attributes", |xml| {
            for (key, value) in &attributes {
                let Some(value) = value else { continue };
                xml.node("entry", |xml| {
                    xml.text("key", key);
                    xml.text("value", value);
                });
            }
        });
    }))
}

pub(crate) fn list_subscriptions_by_topic(call: &Call<'_>) -> Answered {
    let topic = readable(call)?;
    let arn = topic.arn(call.world.partition);
    let (page, next) = call.page(&topic.subscriptions)?;
    Ok(query_answer("ListSubscriptionsByTopic", NAMESPACE, |xml| {
        xml.node("Subscriptions", |xml: &mut Xml| {
            for subscription in page {
                xml.node("member", |xml| {
                    xml.text("TopicArn", &arn);
                    xml.text("Protocol", &subscription.protocol);
                    xml.text("SubscriptionArn", subscription.arn(&arn));
                    xml.text("Owner", &subscription.owner.as_ref().unwrap_or(&topic.account).value);
                    xml.text("Endpoint", &subscription.endpoint);
                });
            }
        });
        xml.maybe("NextToken", next);
    }))
}
