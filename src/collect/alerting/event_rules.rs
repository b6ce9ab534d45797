//! EventBridge rules on the default bus, where CloudTrail sends its events.

use aws_sdk_eventbridge::types as sdk;
use futures_util::future::join_all;

use super::super::caller::{Caller, observe, origin, pages};
use super::super::session::Session;
use super::not_asked;
use crate::inventory::{EventRule, EventTarget, Observed};

/// The rules of one region, with their targets.
pub(super) async fn read(caller: &Caller, session: &Session, region: &str) -> Observed<Vec<EventRule>> {
    let asked = origin("events:ListRules", &session.account, region, "");
    let client = session.events(region);
    let request = |token| client.list_rules().limit(100).set_next_token(token).send();
    let listed = pages(caller, &asked, request, |page| (page.rules, page.next_token)).await;
    let mut rules = observe(asked, listed, |rules| {
        let mut rules: Vec<EventRule> = rules.into_iter().map(rule).collect::<Result<_, _>>()?;
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(rules)
    });
    if let Observed::Known { value, .. } = &mut rules {
        let may_tell = |rule: &&mut EventRule| rule.pattern.is_some() && rule.state != DISABLED;
        join_all(value.iter_mut().filter(may_tell).map(|rule| async {
            rule.targets = targets(caller, session, region, &rule.name).await;
        }))
        .await;
    }
    rules
}

const DISABLED: &str = "DISABLED";

fn rule(rule: sdk::Rule) -> Result<EventRule, &'static str> {
    let state = rule.state.ok_or("the answer does not say whether a rule is enabled")?.as_str().to_owned();
    let pattern = rule.event_pattern.filter(|pattern| !pattern.is_empty());
    let why = if pattern.is_none() { "the rule runs on a schedule" } else { "the rule is disabled" };
    Ok(EventRule {
        name: rule.name.ok_or("a rule in the answer has no name")?,
        arn: rule.arn.ok_or("a rule in the answer has no ARN")?,
        state,
        pattern,
        targets: Observed::Gap(not_asked(why)),
    })
}

async fn targets(caller: &Caller, session: &Session, region: &str, rule: &str) -> Observed<Vec<EventTarget>> {
    let asked = origin("events:ListTargetsByRule", &session.account, region, rule);
    let client = session.events(region);
    let request = |token| client.list_targets_by_rule().rule(rule).limit(100).set_next_token(token).send();
    let listed = pages(caller, &asked, request, |page| (page.targets, page.next_token)).await;
    observe(asked, listed, |targets| {
        let named = |arn: Option<String>| arn.filter(|arn| !arn.is_empty());
        let targets = targets.into_iter();
        let mut targets: Vec<EventTarget> =
            targets.map(|target| EventTarget { arn: target.arn, role: named(target.role_arn) }).collect();
        if targets.iter().any(|target| target.arn.is_empty()) {
            return Err("a target in the answer has no ARN");
        }
        targets.sort();
        targets.dedup();
        Ok(targets)
    })
}
