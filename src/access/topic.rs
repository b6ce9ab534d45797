//! Whether the policy of an SNS topic lets an alarm or an event rule publish.
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html>

use super::context::{Context, Value, is};
use super::document::{Ask, Document, Effect};
use super::glob::Pattern;
use super::principal::Who;
use super::truth::{Answer, Truth};
use super::words;

/// The action of whoever sends a message to a topic.
pub const PUBLISH: &str = "sns:Publish";

/// Who publishes to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Publisher<'a> {
    /// CloudWatch, for an alarm.
    Alarm {
        /// ARN of the alarm.
        arn: &'a str,
        /// Account of the alarm.
        account: &'a str,
    },
    /// EventBridge, for a rule.
    Rule {
        /// ARN of the rule.
        arn: &'a str,
    },
}

impl Publisher<'_> {
    fn service(&self) -> &'static str {
        match self {
            Self::Alarm { .. } => "cloudwatch.amazonaws.com",
            Self::Rule { .. } => "events.amazonaws.com",
        }
    }

    /// What its requests say of themselves.
    ///
    /// CloudWatch names the alarm and its account, which is also the `AWS:SourceOwner` that the default policy of a topic asks for.
    /// EventBridge does not: the default policy does not serve it, and AWS says that conditions cannot be used for it at all. The ARN
    /// of the rule is seen to work nevertheless, so that a condition which it meets leaves the answer open.
    /// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions>
    fn context(&self) -> Context {
        let mut context = Context::default().with("aws:SecureTransport", "true");
        match self {
            Self::Alarm { arn, account } => {
                context.set("aws:SourceArn", is(arn));
                for key in ["aws:SourceAccount", "aws:SourceOwner"] {
                    context.set(key, is(account));
                }
            }
            Self::Rule { arn } => {
                context.set("aws:SourceArn", Value::Either(vec![Value::Absent, is(arn)]));
                context.set("aws:SourceOwner", Value::Absent);
                context.set("aws:PrincipalIsAWSService", is("true"));
                context.set("aws:PrincipalServiceName", is(self.service()));
                for key in ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/*"] {
                    context.set(key, Value::Absent);
                }
            }
        }
        context
    }
}

/// The policy of the topic lets it publish there.
///
/// For an alarm the answer is also open where only its account may publish: whether that serves CloudWatch is not documented.
#[must_use]
pub fn publishing(policy: &Document, topic: &str, publisher: &Publisher<'_>) -> Answer {
    let service = Who::Service(publisher.service().to_owned());
    let answer = policy.publishes(&service, topic, publisher);
    match publisher {
        Publisher::Alarm { account, .. } if answer.value == Some(false) => {
            let account = policy.publishes(&Who::Account((*account).to_owned()), topic, publisher);
            match account.value {
                Some(false) => answer,
                _ => Answer { value: None, notes: account.notes },
            }
        }
        _ => answer,
    }
}

impl Document {
    fn publishes(&self, who: &Who, topic: &str, publisher: &Publisher<'_>) -> Answer {
        let action = Pattern::glob(PUBLISH).lowercase();
        let resources = [Pattern::literal(topic)];
        let context = publisher.context();
        let ask = Ask { who, action: &action, resources: &resources, context: &context };
        let mut notes = Vec::new();
        let mut any = |effect| {
            let statements = self.with(effect).map(|statement| (statement, statement.applies(ask)));
            let applying: Vec<_> = statements.filter(|(_, truth)| !truth.is_never()).collect();
            for (statement, _) in applying.iter().filter(|(_, truth)| !truth.is_always()) {
                notes.push(format!(
                    "whether {} applies to {} is not known",
                    statement.in_words(),
                    words::who(who)
                ));
                notes.extend(statement.unclear_in_words());
            }
            Truth::any(applying.iter().map(|(_, truth)| *truth))
        };
        let granted = any(Effect::Allow);
        let denied = any(Effect::Deny);
        Answer { value: granted.and(!denied).value(), notes: words::distinct(notes) }
    }
}
