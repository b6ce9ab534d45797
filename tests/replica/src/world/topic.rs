//! Topics of SNS and who has subscribed to them.

use super::bucket::Reader;
use super::{Document, Partition, Ref, World, uuid};
use serde::Deserialize;
use serde_json::{Value, json};

/// A topic; a topic that was deleted is simply not in the world.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Topic {
    pub(crate) name: String,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) region: String,
    pub(crate) display_name: Option<String>,
    /// Alias or id of a key of the world, `alias/aws/sns`, or an ARN of any key.
    pub(crate) kms_key: Option<String>,
    #[serde(default)]
    pub(crate) policy: Document,
    #[serde(default)]
    pub(crate) subscriptions: Vec<Subscription>,
    /// Other accounts that may read, and the actions they may use.
    #[serde(default)]
    pub(crate) cross_account_read: Vec<Reader>,
}

impl Topic {
    /// The topic's ARN.
    pub(crate) fn arn(&self, partition: Partition) -> String {
        format!("arn:{}:sns:{}:{}:{}", partition.name(), self.region, self.account.value, self.name)
    }
}

/// Somebody who receives what is published.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subscription {
    pub(crate) protocol: String,
    pub(crate) endpoint: String,
    #[serde(default)]
    pub(crate) state: SubscriptionState,
    /// The account that subscribed; the topic's own when absent.
    pub(crate) owner: Option<Ref>,
}

impl Subscription {
    /// The ARN, or the word that stands in its place.
    pub(crate) fn arn(&self, topic_arn: &str) -> String {
        match self.state {
            SubscriptionState::Confirmed => {
                format!("{topic_arn}:{}", uuid(&format!("{topic_arn}/{}/{}", self.protocol, self.endpoint)))
            }
            SubscriptionState::Pending => "PendingConfirmation".into(),
            SubscriptionState::Deleted => "Deleted".into(),
        }
    }
}

/// Whether messages arrive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SubscriptionState {
    #[default]
    Confirmed,
    Pending,
    Deleted,
}

impl World {
    /// The topic's policy; AWS gives every topic one.
    pub(crate) fn topic_policy(&self, topic: &Topic) -> Option<String> {
        topic.policy.text(|| Some(self.recommended_topic_policy(topic)))
    }

    fn recommended_topic_policy(&self, topic: &Topic) -> Value {
        let arn = topic.arn(self.partition);
        let mut statements = vec![json!({
            "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"},
            "Action": [
                "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
                "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish",
            ],
            "Resource": arn,
            "Condition": {"StringEquals": {"AWS:SourceOwner": topic.account.value}},
        })];
        let publish = |service: &str, sources: Vec<String>| {
            json!({
                "Effect": "Allow", "Principal": {"Service": service}, "Action": "SNS:Publish",
                "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": sources}},
            })
        };
        let trails = self.trails.iter().filter(|trail| {
            trail.topic.as_ref().is_some_and(|name| trail.qualify(self.partition, "sns", name) == arn)
        });
        let trails: Vec<String> = trails.map(|trail| trail.arn(self.partition)).collect();
        if !trails.is_empty() {
            statements.push(publish("cloudtrail.amazonaws.com", trails));
        }
        // `EventBridge` meets no conditions: AWS says that its statement has to stand without.
        let mut targets = self.event_rules.iter().flat_map(|rule| &rule.targets);
        if targets.any(|target| target.arn.value == arn) {
            let service = json!({"Service": "events.amazonaws.com"});
            statements.push(
                json!({"Effect": "Allow", "Principal": service, "Action": "sns:Publish", "Resource": arn}),
            );
        }
        json!({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": statements})
    }
}
