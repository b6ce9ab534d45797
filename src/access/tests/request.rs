use serde_json::{Value, json};

use super::{MANAGEMENT, document};
use crate::access::{Document, Request, Who};

fn get(key: &str) -> Request {
    Request::new(Who::Account(MANAGEMENT.to_owned()), "s3:GetObject", &format!("arn:aws:s3:::logs/{key}"))
}

fn allow(condition: &Value) -> Document {
    document(
        json!([{"Effect": "Allow", "Principal": {"AWS": MANAGEMENT}, "Action": "S3:getobject", "Resource": "arn:aws:s3:::logs/a*",
        "Condition": condition}]),
    )
}

#[test]
fn actions_are_compared_in_any_case_and_resources_in_theirs() {
    assert_eq!(allow(&json!({})).allowed(&get("abc")).value, Some(true));
    assert_eq!(allow(&json!({})).allowed(&get("Abc")).value, Some(false));
}

#[test]
fn a_deny_wins_over_an_allow() {
    let both = document(json!([
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Principal": {"AWS": MANAGEMENT}, "Action": "s3:Get*", "Resource": "*"},
    ]));
    assert_eq!(both.allowed(&get("a")).value, Some(false));
    let other = Request::new(Who::Anyone, "s3:PutObject", "arn:aws:s3:::logs/a");
    assert_eq!(both.allowed(&other).value, Some(true));
}

#[test]
fn a_condition_on_a_key_that_the_request_does_not_state_is_not_known() {
    let policy = allow(&json!({"StringEquals": {"aws:SourceVpc": "vpc-1"}}));
    assert_eq!(policy.allowed(&get("a")).value, None);
    assert_eq!(policy.allowed(&get("a").with("aws:SourceVpc", "vpc-1")).value, Some(true));
    assert_eq!(policy.allowed(&get("a").with("AWS:sourcevpc", "vpc-2")).value, Some(false));
    assert_eq!(policy.allowed(&get("a").without("aws:SourceVpc")).value, Some(false));
}

#[test]
fn a_missing_key_meets_negated_operators_if_exists_for_all_values_and_null() {
    let missing = |condition: Value| allow(&condition).allowed(&get("a").without("aws:k")).value;
    assert_eq!(missing(json!({"StringNotEquals": {"aws:k": "x"}})), Some(true));
    assert_eq!(missing(json!({"StringEqualsIfExists": {"aws:k": "x"}})), Some(true));
    assert_eq!(missing(json!({"ForAllValues:StringEquals": {"aws:k": "x"}})), Some(true));
    assert_eq!(missing(json!({"Null": {"aws:k": "true"}})), Some(true));
    assert_eq!(missing(json!({"Null": {"aws:k": "false"}})), Some(false));
    assert_eq!(missing(json!({"StringLike": {"aws:k": "*"}})), Some(false));
    assert_eq!(missing(json!({"ForAnyValue:StringLike": {"aws:k": "*"}})), Some(false));
    assert_eq!(missing(json!({"Bool": {"aws:k": "false"}})), Some(false));
}

#[test]
fn operators_compare_as_documented() {
    let test = |operator: &str, wanted: &str, given: &str| {
        allow(&json!({operator: {"aws:k": wanted}})).allowed(&get("a").with("aws:k", given)).value
    };
    assert_eq!(test("StringEquals", "a*", "abc"), Some(false));
    assert_eq!(test("StringLike", "a*", "abc"), Some(true));
    assert_eq!(test("StringEqualsIgnoreCase", "ABC", "abc"), Some(true));
    assert_eq!(test("StringNotEqualsIgnoreCase", "ABC", "abc"), Some(false));
    assert_eq!(test("ArnEquals", "arn:aws:iam::*:role/x", "arn:aws:iam::1:role/x"), Some(true));
    assert_eq!(test("ArnLike", "arn:aws:iam:*:role/x", "arn:aws:iam::1:role/x"), None);
    assert_eq!(test("ArnLike", "arn:aws:s*:::b", "arn:aws:sns:us-east-1:1:b"), Some(false));
    assert_eq!(test("NumericLessThanEquals", "10", "10"), Some(true));
    assert_eq!(test("NumericGreaterThan", "10", "9.5"), Some(false));
    assert_eq!(test("IpAddress", "10.0.0.0/8", "10.1.2.3"), Some(true));
    assert_eq!(test("NotIpAddress", "10.0.0.0/8", "10.1.2.3"), Some(false));
    assert_eq!(test("DateLessThan", "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z"), None);
    assert_eq!(test("StringEquals", "${aws:username}", "x"), None);
    assert_eq!(test("StringLike", "a-${aws:username}", "b-x"), Some(false));
}

#[test]
fn policy_variables_are_letters_in_the_old_version() {
    let text = |version: &str| {
        json!({"Version": version, "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*",
            "Resource": "arn:aws:s3:::logs/${aws:username}"}})
        .to_string()
    };
    assert_eq!(Document::parse(&text("2008-10-17")).unwrap().allowed(&get("bob")).value, Some(false));
    assert_eq!(Document::parse(&text("2012-10-17")).unwrap().allowed(&get("bob")).value, None);
}

#[test]
fn a_set_of_resources_is_allowed_when_all_of_it_is() {
    assert_eq!(allow(&json!({})).allowed(&get("a/*")).value, Some(true));
    assert_eq!(allow(&json!({})).allowed(&get("*")).value, None);
    assert_eq!(allow(&json!({})).allowed(&get("b*")).value, Some(false));
}
