use serde_json::json;

use super::document;
use crate::access::Document;

fn error(text: &str) -> String {
    Document::parse(text).unwrap_err().to_string()
}

#[test]
fn a_text_that_is_no_policy_is_an_error_in_words() {
    assert!(error("{").starts_with("it is no JSON that could be read: EOF"));
    assert_eq!(error("[]"), "it is no JSON object");
    assert_eq!(error("{}"), "it has no Statement");
    assert_eq!(error(r#"{"Statement": 1}"#), "its Statement is neither object nor list");
    assert_eq!(error(r#"{"Statement": [[]]}"#), "statement 1 is no object");
    assert_eq!(error(r#"{"Version": "2020-01-01", "Statement": []}"#), "its Version is none that AWS has");
    assert_eq!(error(r#"{"statement": []}"#), "it has an unknown element \"statement\"");
}

#[test]
fn a_name_that_occurs_twice_is_an_error_since_one_would_be_lost() {
    assert!(
        error(r#"{"Statement": [{"Effect": "Deny", "Effect": "Allow"}]}"#)
            .contains("\"Effect\" occurs twice")
    );
}

#[test]
fn a_text_far_longer_than_any_policy_is_not_read() {
    let text = format!("{{\"Statement\": [], \"Id\": \"{}\"}}", "x".repeat(200 * 1024));
    assert_eq!(error(&text), "it has 200 KB; no policy of AWS is longer than 32 KB");
}

#[test]
fn deep_nesting_is_an_error() {
    assert!(
        error(&format!("{{\"Statement\": {}1{}}}", "[".repeat(1000), "]".repeat(1000)))
            .contains("recursion limit")
    );
}

#[test]
fn one_statement_and_a_list_of_one_are_the_same() {
    let statement = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"});
    assert_eq!(document(statement.clone()), document(json!([statement])));
}

#[test]
fn what_was_not_understood_is_quoted_with_its_statement() {
    let quotes = document(json!([
        {"Sid": "A", "Effect": "Perhaps", "Principal": "*", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Principal": {"AWS": "nobody"}, "Action": [1, {}], "Resource": []},
        {"Effect": "Deny", "Action": "s3:*", "NotAction": "s3:*", "Resource": "*", "Wrong\u{7}": 1},
    ]))
    .unclear();
    assert_eq!(
        quotes,
        [
            "statement 1 (A): the Effect \"Perhaps\" is unknown",
            "statement 2: Action with something else than strings was not understood",
            "statement 2: Principal \"AWS\" \"nobody\" was not understood",
            "statement 2: Resource with an empty list was not understood",
            "statement 3: the element \"Wrong\u{fffd}\" is unknown",
            "statement 3: it has both Action and NotAction",
        ]
    );
}

#[test]
fn a_policy_that_is_understood_quotes_nothing() {
    let quotes = document(
        json!([{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": ["111122223333"], "Service": "cloudtrail.amazonaws.com",
        "CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", "Federated": "cognito-identity.amazonaws.com"},
        "Action": "s3:Get*", "Resource": "arn:aws:s3:::logs/${*}",
        "Condition": {"Null": {"aws:x": true}, "NumericLessThan": {"s3:max-keys": 10}, "ForAnyValue:ArnLike": {"aws:y": ["arn:aws:iam::1:*"]},
            "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, "BoolIfExists": {"aws:z": false}}}]),
    );
    assert!(quotes.unclear().is_empty(), "{:?}", quotes.unclear());
}
