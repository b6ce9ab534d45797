//! The rules on guardrails against the evaluation of policies: the policy in a remedy must deny what its rule asks for.

use serde_json::Value;

use super::super::*;
use crate::access::Document;
use crate::access::bucket::{BUCKET_ACTIONS, OBJECT_ACTIONS};
use crate::access::control::{Attached, Guard, Question, STRICTER_TRAIL_ACTIONS, TRAIL_ACTIONS, guard};
use crate::access::key::KEY_ACTIONS;

const BUCKET: &str = "arn:aws:s3:::audit-logs";
const KEY: &str = "arn:aws:kms:eu-central-1:222233334444:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// The control policy in the `CloudFormation` of a rule's remedy.
fn remedy(rule: &str, template: &str) -> Document {
    let pack = Pack::load(builtin("baseline").unwrap()).unwrap();
    let rule = pack.rules.iter().find(|one| one.id == rule).unwrap();
    let remedy: Value = serde_saphyr::from_str(&rule.summary().remedy.cloudformation).unwrap();
    let content = remedy[template]["Properties"]["Content"].to_string();
    let content = content.replace("<log_bucket.arn>", BUCKET).replace("<log_key.arn>", KEY);
    Document::parse(&content).unwrap()
}

fn asked(policy: &Document, action: &str, resource: &str) -> Guard {
    let everything = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let everything = Document::parse(everything).unwrap();
    let attached = |name, document| Attached { name, document: Some(document) };
    let levels = [vec![attached("FullAWSAccess", &everything), attached("guard", policy)]];
    guard(&levels, &Question { action, resource, account: "222233334444", organization: None, region: None })
}

#[test]
fn the_policy_of_each_remedy_denies_every_action_that_its_rule_asks_for() {
    let trails = remedy("service-control-policy-guard", "TrailGuard");
    let bucket = remedy("log-bucket-guard", "LogBucketGuard");
    let key = remedy("log-key-guard", "LogKeyGuard");
    let trail = "arn:aws:cloudtrail:eu-central-1:222233334444:trail/*";
    let files = format!("{BUCKET}/*");
    let all = [
        (&trails, TRAIL_ACTIONS, trail),
        (&trails, STRICTER_TRAIL_ACTIONS, trail),
        (&bucket, BUCKET_ACTIONS, BUCKET),
        (&bucket, OBJECT_ACTIONS, &files),
        (&key, KEY_ACTIONS, KEY),
    ];
    for (policy, actions, resource) in all {
        for action in actions {
            let found = asked(policy, action, resource);
            assert_eq!(found.is_denied, Some(true), "{action}: {found:?}");
            assert_eq!(found.exempt.len(), 1, "{action}: {found:?}");
        }
    }
    assert_eq!(asked(&bucket, "s3:GetObject", &files).is_denied, Some(false));
    assert_eq!(asked(&bucket, "s3:PutBucketPolicy", "arn:aws:s3:::others").is_denied, Some(false));
    assert_eq!(asked(&key, "kms:Decrypt", KEY).is_denied, Some(false));
}
