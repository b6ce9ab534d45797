//! The rule on control policies against the evaluation of policies: the policy in its remedy must deny what the rule asks for.

use serde_json::Value;

use super::super::*;
use crate::access::Document;
use crate::access::bucket::{BUCKET_ACTIONS, OBJECT_ACTIONS};
use crate::access::control::{Attached, Question, STRICTER_TRAIL_ACTIONS, TRAIL_ACTIONS, guard};
use crate::access::key::KEY_ACTIONS;

#[test]
fn the_policy_of_the_remedy_denies_every_action_against_trails_buckets_and_keys() {
    let pack = Pack::load(builtin("baseline").unwrap()).unwrap();
    let rule = pack.rules.iter().find(|rule| rule.id == "service-control-policy-guard").unwrap();
    let template: Value = serde_saphyr::from_str(&rule.summary().remedy.cloudformation).unwrap();
    let content = template["TrailGuard"]["Properties"]["Content"].to_string();
    let content = content.replace("LOG_BUCKET", "audit-logs").replace("LOG_KEY_ARN", KEY);
    let policy = Document::parse(&content).unwrap();
    let everything = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let everything = Document::parse(everything).unwrap();
    let attached = |name, document| Attached { name, document: Some(document) };
    let levels = [vec![attached("FullAWSAccess", &everything), attached("trail-guard", &policy)]];
    let trail = "arn:aws:cloudtrail:eu-central-1:222233334444:trail/*";
    let asked = [
        (TRAIL_ACTIONS, trail),
        (STRICTER_TRAIL_ACTIONS, trail),
        (BUCKET_ACTIONS, "arn:aws:s3:::audit-logs"),
        (OBJECT_ACTIONS, "arn:aws:s3:::audit-logs/*"),
        (KEY_ACTIONS, KEY),
    ];
    for (action, resource) in asked.iter().flat_map(|(actions, on)| actions.iter().map(move |it| (it, on))) {
        let question =
            Question { action, resource, account: "222233334444", organization: None, region: None };
        let found = guard(&levels, &question);
        assert_eq!(found.is_denied, Some(true), "{action}: {found:?}");
        assert_eq!(found.exempt.len(), 1, "{action}: {found:?}");
    }
    let question = Question {
        action: "s3:GetObject",
        resource: "arn:aws:s3:::audit-logs/*",
        account: "222233334444",
        organization: None,
        region: None,
    };
    assert_eq!(guard(&levels, &question).is_denied, Some(false));
}

const KEY: &str = "arn:aws:kms:eu-central-1:222233334444:key/1234abcd-12ab-34cd-56ef-1234567890ab";
