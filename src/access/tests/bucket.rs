use serde_json::{Value, json};

use super::{
    ARCHIVE, BUCKET, MANAGEMENT, OBJECTS, ORGANIZATION, STRANGER, TRAIL, ask, document, members, only, owner,
    reaches,
};
use crate::access::{Reach, bucket};

const DELETE: &[&str] = &["s3:DeleteObject"];

fn deleting(statements: Value) -> crate::access::Findings {
    ask(statements, DELETE, OBJECTS)
}

fn anyone_deletes() -> Value {
    json!({"Effect": "Allow", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::logs/*"})
}

#[test]
fn a_star_principal_lets_anyone_delete_and_the_statement_is_named() {
    let answer = deleting(json!([{"Sid": "Oops", "Effect": "Allow", "Principal": {"AWS": "*"},
        "Action": "s3:Delete*", "Resource": "arn:aws:s3:::logs/*"}]));
    let finding = only(&answer);
    assert_eq!((finding.who.as_str(), finding.reach, finding.is_certain), ("anyone", Reach::Anyone, true));
    assert_eq!(finding.statement, "statement 1 (Oops)");
    assert_eq!(answer.any_beyond(Reach::OwnAccount), Some(true));
}

#[test]
fn a_grant_on_another_bucket_or_on_the_bucket_itself_lets_nobody_delete_objects() {
    let answer = deleting(json!([
        {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs"},
        {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"},
    ]));
    assert_eq!(answer.any_beyond(Reach::OwnAccount), Some(false));
    assert!(answer.findings.is_empty() && answer.notes.is_empty());
}

#[test]
fn a_grant_for_a_bucket_name_with_a_star_also_serves_the_log_bucket() {
    let answer = deleting(
        json!([{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::lo*"}]),
    );
    assert_eq!(only(&answer).reach, Reach::Anyone);
}

#[test]
fn a_deny_without_condition_takes_a_grant_away() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject*", "Resource": "arn:aws:s3:::logs/*"});
    assert!(deleting(json!([anyone_deletes(), deny])).findings.is_empty());
}

#[test]
fn a_deny_on_a_part_of_the_objects_leaves_the_rest() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/AWSLogs/1*"});
    assert_eq!(deleting(json!([anyone_deletes(), deny])).any_beyond(Reach::OwnAccount), Some(true));
}

#[test]
fn a_deny_as_narrow_as_the_grant_takes_it_away() {
    let allow = json!({"Effect": "Allow", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::logs/AWSLogs/1/x"});
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/AWSLogs/1/*"});
    assert!(deleting(json!([allow, deny])).findings.is_empty());
}

#[test]
fn a_deny_without_tls_leaves_those_who_use_tls() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}});
    let answer = deleting(json!([anyone_deletes(), deny]));
    assert_eq!((only(&answer).reach, only(&answer).is_certain), (Reach::Anyone, true));
}

#[test]
fn a_deny_that_spares_a_role_of_the_owner_leaves_the_owner_only() {
    let deny = json!({"Sid": "Locked", "Effect": "Deny", "Principal": "*", "Action": "s3:Delete*", "Resource": "arn:aws:s3:::logs/*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::222233334444:role/BreakGlass"}}});
    let answer = deleting(json!([anyone_deletes(), deny]));
    assert_eq!(only(&answer).reach, Reach::OwnAccount);
    let words = "denied to others by statement 2 (Locked): ArnNotLike aws:principalarn arn:aws:iam::222233334444:role/BreakGlass";
    assert_eq!(only(&answer).conditions, [words]);
}

#[test]
fn a_deny_for_callers_outside_the_organization_leaves_the_organization() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}});
    assert_eq!(reaches(&deleting(json!([anyone_deletes(), deny]))), [Reach::Organization]);
}

#[test]
fn a_deny_for_callers_outside_the_organization_stops_a_stranger_and_not_a_member() {
    let allow = |account: &str| json!({"Effect": "Allow", "Principal": {"AWS": account}, "Action": "s3:*", "Resource": "*"});
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}});
    let answer = deleting(json!([allow(STRANGER), allow(MANAGEMENT), deny]));
    assert_eq!(only(&answer).who, "account 111122223333");
    assert_eq!(only(&answer).reach, Reach::Organization);
}

#[test]
fn not_principal_with_deny_leaves_those_it_lists() {
    let deny = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*",
        "NotPrincipal": {"AWS": ["arn:aws:iam::222233334444:user/Bob", "222233334444"]}});
    assert_eq!(reaches(&deleting(json!([anyone_deletes(), deny]))), [Reach::OwnAccount]);
}

#[test]
fn not_principal_with_allow_is_anyone_but_the_listed() {
    let answer = deleting(
        json!([{"Effect": "Allow", "NotPrincipal": {"AWS": STRANGER}, "Action": "s3:*", "Resource": "*"}]),
    );
    assert_eq!(only(&answer).who, "anyone but account 999988887777");
    assert_eq!(only(&answer).reach, Reach::Anyone);
}

#[test]
fn an_allow_with_not_action_grants_what_it_does_not_name() {
    let answer = ask(
        json!([{"Effect": "Allow", "Principal": {"AWS": STRANGER}, "NotAction": "s3:DeleteObject", "Resource": "*"}]),
        &["s3:DeleteObject", "s3:PutObject"],
        OBJECTS,
    );
    assert_eq!(only(&answer).actions, ["s3:PutObject"]);
}

#[test]
fn a_deny_with_a_not_action_spares_the_named_actions() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "NotAction": ["s3:DeleteObject"], "Resource": "*"});
    assert_eq!(deleting(json!([anyone_deletes(), deny])).any_beyond(Reach::OwnAccount), Some(true));
}

#[test]
fn a_deny_with_a_not_resource_spares_the_named_resources() {
    let deny =
        |spared: &str| json!({"Effect": "Deny", "Principal": "*", "Action": "*", "NotResource": spared});
    assert!(deleting(json!([anyone_deletes(), deny("arn:aws:s3:::logs/public/*")])).findings.is_empty());
    assert_eq!(reaches(&deleting(json!([anyone_deletes(), deny("arn:aws:s3:::logs/*")]))), [Reach::Anyone]);
}

#[test]
fn if_exists_on_an_allow_pins_nothing() {
    let mut allow = anyone_deletes();
    allow["Condition"] = json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}});
    assert_eq!(reaches(&deleting(json!([allow]))), [Reach::Anyone]);
    assert_eq!(document(json!([allow])).public().value, Some(true));
}

#[test]
fn for_all_values_on_an_allow_pins_nothing() {
    let mut allow = anyone_deletes();
    allow["Condition"] = json!({"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg/*"}});
    assert_eq!(reaches(&deleting(json!([allow]))), [Reach::Anyone]);
    allow["Condition"] = json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg/r-1/*"}});
    assert_eq!(reaches(&deleting(json!([allow]))), [Reach::Organization]);
}

#[test]
fn a_condition_on_a_fixed_principal_narrows_the_reach_and_one_with_wildcards_does_not() {
    let with = |arn: &str| {
        let mut allow = anyone_deletes();
        allow["Condition"] = json!({"ArnLike": {"aws:PrincipalArn": arn}});
        reaches(&deleting(json!([allow])))
    };
    assert_eq!(with("arn:aws:iam::222233334444:role/*"), [Reach::OwnAccount]);
    assert_eq!(with("arn:aws:iam::111122223333:role/*"), [Reach::Organization]);
    assert_eq!(with("arn:aws:iam::999988887777:role/*"), [Reach::OtherAccount]);
    assert_eq!(with("arn:aws:iam::*:role/Admin"), [Reach::Anyone]);
}

#[test]
fn what_the_allow_demands_is_known_to_the_deny() {
    let mut allow = anyone_deletes();
    allow["Condition"] = json!({"StringEquals": {"aws:PrincipalAccount": STRANGER}});
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalAccount": ARCHIVE}}});
    assert!(deleting(json!([allow, deny])).findings.is_empty());
}

#[test]
fn an_unclear_deny_leaves_the_question_open_and_is_quoted() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringResembles": {"aws:x": "y"}}});
    let answer = deleting(json!([anyone_deletes(), deny]));
    assert_eq!(answer.any_beyond(Reach::OwnAccount), None);
    assert_eq!(
        answer.notes,
        ["statement 2: the condition \"StringResembles\" of \"aws:x\" was not understood"]
    );
}

#[test]
fn an_unclear_deny_on_other_actions_does_not_spoil_the_question() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": 7});
    let answer = deleting(json!([anyone_deletes(), deny]));
    assert_eq!(answer.any_beyond(Reach::OwnAccount), Some(true));
    assert!(answer.notes.is_empty());
}

#[test]
fn an_unclear_allow_leaves_the_question_open() {
    for strange in [
        json!({"Effect": "allow"}),
        json!({"Principal": {"AWS": "arn:aws:iam::1:role/*"}}),
        json!({"Extra": 1}),
    ] {
        let mut allow = anyone_deletes();
        for (name, value) in strange.as_object().unwrap() {
            allow[name] = value.clone();
        }
        let answer = deleting(json!([allow]));
        assert_eq!(answer.any_beyond(Reach::OwnAccount), None, "{allow}");
        assert_eq!(answer.notes.len(), 1, "{allow}");
    }
}

#[test]
fn a_resource_with_a_policy_variable_is_unclear_where_it_may_matter() {
    let allow = |resource: &str| json!([{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": resource}]);
    assert_eq!(deleting(allow("arn:aws:s3:::logs/${aws:username}/*")).any_beyond(Reach::OwnAccount), None);
    assert_eq!(
        deleting(allow("arn:aws:s3:::home/${aws:username}/*")).any_beyond(Reach::OwnAccount),
        Some(false)
    );
}

#[test]
fn the_owners_own_account_and_cloudtrail_are_no_finding_beyond_them() {
    let answer = ask(
        json!([
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222233334444:root"}, "Action": "s3:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "*"},
        ]),
        &["s3:PutObject"],
        OBJECTS,
    );
    assert_eq!(reaches(&answer), [Reach::OwnAccount, Reach::CloudTrail]);
    assert_eq!(answer.any_beyond(Reach::CloudTrail), Some(false));
    assert!(answer.delegates_to_owner_iam);
}

#[test]
fn who_may_change_the_bucket_is_asked_of_the_bucket_arn() {
    let policy = document(
        json!([{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ops"},
        "Action": ["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration", "s3:ListBucket"], "Resource": BUCKET}]),
    );
    let answer = bucket::change_bucket(&policy, BUCKET, owner(&members()));
    assert_eq!(only(&answer).actions, ["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"]);
    assert_eq!(only(&answer).account.as_deref(), Some(MANAGEMENT));
    assert!(bucket::delete_or_overwrite(&policy, OBJECTS, owner(&members())).findings.is_empty());
}

#[test]
fn public_follows_the_definition_of_s3() {
    let with = |condition: Value| {
        let mut allow = anyone_deletes();
        allow["Condition"] = condition;
        document(json!([allow])).public().value
    };
    assert_eq!(document(json!([anyone_deletes()])).public().value, Some(true));
    assert_eq!(with(json!({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})), Some(false));
    assert_eq!(with(json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})), Some(true));
    assert_eq!(with(json!({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"]}})), Some(true));
    assert_eq!(with(json!({"StringEquals": {"aws:SourceVpce": "vpce-1"}})), Some(false));
    assert_eq!(with(json!({"StringLike": {"aws:SourceVpc": "vpc-*"}})), Some(true));
    assert_eq!(with(json!({"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}})), Some(false));
    assert_eq!(with(json!({"Bool": {"aws:SecureTransport": "true"}})), Some(true));
    assert_eq!(with(json!({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}})), Some(true));
    assert_eq!(with(json!({"ArnLike": {"aws:SourceArn": "arn:*"}})), Some(true));
    assert_eq!(with(json!({"StringNotLikely": {"aws:SourceVpc": "vpc-1"}})), None);
    assert_eq!(
        with(
            json!({"StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-east-1:111122223333:accesspoint/*"}})
        ),
        Some(false)
    );
}

fn pinned(allow: &Value, more: Vec<Value>) -> Vec<Option<bool>> {
    let mut statements = vec![allow.clone()];
    statements.extend(more);
    let grants = bucket::cloudtrail_grants(&document(Value::Array(statements)), BUCKET, TRAIL);
    grants.into_iter().map(|grant| grant.is_pinned).collect()
}

fn cloudtrail_writes(condition: &Value) -> Value {
    json!({"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/AWSLogs/*", "Condition": condition})
}

#[test]
fn a_grant_to_cloudtrail_is_pinned_by_source_arn_account_or_organization() {
    let pinned = |condition: Value| pinned(&cloudtrail_writes(&condition), vec![]);
    assert_eq!(pinned(json!({"StringEquals": {"aws:SourceArn": TRAIL}})), [Some(true)]);
    assert_eq!(pinned(json!({"StringEquals": {"AWS:SourceArn": TRAIL}})), [Some(true)]);
    assert_eq!(
        pinned(json!({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}})),
        [Some(true)]
    );
    assert_eq!(pinned(json!({"StringEquals": {"aws:SourceAccount": MANAGEMENT}})), [Some(true)]);
    assert_eq!(pinned(json!({"StringEquals": {"aws:SourceOrgID": ORGANIZATION}})), [Some(true)]);
    assert_eq!(pinned(json!({"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}})), [Some(false)]);
    assert_eq!(
        pinned(json!({"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*"}})),
        [Some(false)]
    );
    assert_eq!(pinned(json!({"StringLike": {"aws:SourceArn": "*"}})), [Some(false)]);
    assert_eq!(pinned(json!({"StringNotEquals": {"aws:SourceAccount": STRANGER}})), [Some(false)]);
    assert_eq!(pinned(json!({"StringEqualsIfExists": {"aws:SourceAccount": MANAGEMENT}})), [Some(false)]);
    assert_eq!(
        pinned(json!({"ForAllValues:StringEquals": {"aws:SourceAccount": MANAGEMENT}})),
        [Some(false)]
    );
}

#[test]
fn a_deny_for_foreign_trails_pins_a_bare_grant() {
    let bare = cloudtrail_writes(&json!({}));
    let deny = json!({"Effect": "Deny", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/*", "Condition": {"StringNotEquals": {"aws:SourceAccount": MANAGEMENT}}});
    assert_eq!(pinned(&bare, vec![]), [Some(false)]);
    assert_eq!(pinned(&bare, vec![deny]), [Some(true)]);
}

#[test]
fn a_grant_to_everybody_is_a_grant_to_cloudtrail() {
    let grants = bucket::cloudtrail_grants(
        &document(json!([{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}])),
        BUCKET,
        TRAIL,
    );
    assert_eq!(grants[0].who, "anyone");
    assert_eq!(grants[0].actions, ["s3:GetBucketAcl", "s3:PutObject"]);
    assert_eq!(grants[0].is_pinned, Some(false));
}

#[test]
fn a_deny_that_a_missing_key_escapes_spares_strangers_too() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"ForAnyValue:StringNotLike": {"aws:PrincipalOrgPaths": "o-exampleorg/*"}}});
    assert_eq!(reaches(&deleting(json!([anyone_deletes(), deny]))), [Reach::Anyone]);
}

#[test]
fn a_star_before_the_account_of_a_string_pattern_may_swallow_the_true_account() {
    let with = |operator: &str| {
        let mut allow = anyone_deletes();
        allow["Condition"] = json!({operator: {"aws:PrincipalArn": "arn:*:iam::222233334444:role/x"}});
        reaches(&deleting(json!([allow])))
    };
    assert_eq!(with("StringLike"), [Reach::Anyone]);
    assert_eq!(with("ArnLike"), [Reach::OwnAccount]);
}

#[test]
fn a_policy_of_many_large_statements_is_answered_in_bounded_time() {
    let path = "a*".repeat(200);
    let one = |effect: &str, end: &str| json!({"Effect": effect, "Principal": "*", "Action": "*", "Resource": format!("arn:aws:s3:::logs/{path}{end}")});
    let policy =
        document(Value::Array([vec![one("Allow", "*"); 120], vec![one("Deny", "b*c"); 120]].concat()));
    let answer = bucket::delete_or_overwrite(&policy, "arn:aws:s3:::logs/*", owner(&members()));
    assert_ne!(answer.any_beyond(Reach::OwnAccount), Some(false));
    assert!(answer.notes.iter().any(|note| note.contains("too large")));
    assert!(bucket::cloudtrail_grants(&policy, BUCKET, TRAIL).iter().all(|grant| grant.is_pinned.is_none()));
}
