//! Public policies, and what Block Public Access leaves of them.

use serde_json::{Value, json};

use super::super::world::{denied, known};
use super::{STRANGER, allow, facts, policy, recommended, value};
use crate::facts::LogBucketAccessFacts;
use crate::inventory::{Observed, PublicAccessBlock};

fn restricting() -> PublicAccessBlock {
    PublicAccessBlock { restrict_public_buckets: true, ..PublicAccessBlock::default() }
}

fn behind_block(
    statements: &[Value],
    is_public: Observed<bool>,
    block: Observed<Option<PublicAccessBlock>>,
) -> LogBucketAccessFacts {
    let statements = [recommended(), statements.to_vec()].concat();
    facts(|bucket| {
        bucket.policy = policy(&json!(statements));
        bucket.policy_is_public = is_public;
        bucket.account_public_access_block = block;
    })
}

#[test]
fn a_public_policy_that_is_restricted_serves_only_the_owner_and_services() {
    let open = [allow("*", "s3:*", "arn:aws:s3:::logs/*"), allow(STRANGER, "s3:*", "arn:aws:s3:::logs*")];
    let lets = |is_public: Observed<bool>, block: Observed<Option<PublicAccessBlock>>| {
        let facts = behind_block(&open, is_public, block);
        [value(&facts.lets_others_write), value(&facts.lets_others_change_it)]
    };
    assert_eq!(lets(known(true), known(None)), [Some(true); 2]);
    assert_eq!(lets(known(true), known(Some(restricting()))), [Some(false); 2]);
    assert_eq!(lets(known(true), denied()), [None; 2]);
    assert_eq!(
        lets(denied(), known(Some(restricting()))),
        [Some(false); 2],
        "the policy shows that it is public"
    );
    let services = json!({"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:*", "Resource": "*"});
    let facts = behind_block(&[open[0].clone(), services], known(true), known(Some(restricting())));
    assert_eq!(value(&facts.lets_others_write), Some(true));
    assert!(facts.writers.starts_with("cloudfront.amazonaws.com may take"), "{}", facts.writers);
}

#[test]
fn the_restriction_of_public_policies_does_not_touch_one_that_is_not_public() {
    let granted = [allow(STRANGER, "s3:*", "arn:aws:s3:::logs/*")];
    let facts = behind_block(&granted, known(false), known(Some(restricting())));
    assert_eq!(value(&facts.lets_others_write), Some(true));
}

#[test]
fn where_s3_cannot_be_asked_the_policy_itself_shows_whether_it_is_public() {
    let is_public = |status: Observed<bool>, text: Observed<Option<String>>| {
        value(&facts(|bucket| (bucket.policy_is_public, bucket.policy) = (status, text)).is_public)
    };
    let open = || policy(&json!([allow("*", "s3:GetObject", "arn:aws:s3:::logs/*")]));
    assert_eq!(is_public(denied(), open()), Some(true));
    assert_eq!(is_public(denied(), policy(&json!(recommended()))), Some(false));
    assert_eq!(is_public(denied(), known(None)), Some(false));
    assert_eq!(is_public(denied(), denied()), None);
    assert_eq!(is_public(denied(), known(Some("{}".to_owned()))), None);
    assert_eq!(is_public(known(false), open()), Some(false), "the word of S3 counts");
    assert_eq!(is_public(known(true), known(Some("{}".to_owned()))), Some(true));
}
