//! Event patterns of EventBridge.

use super::super::rule::Rule;
use super::*;

const NAMES: [&str; 5] = ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"];

fn every(pattern: &Value) -> Option<bool> {
    answer_of_rule("cloudtrail-changes", pattern).every
}

#[test]
fn rules_that_catch_every_change_of_a_trail() {
    for pattern in [
        json!({ "source": ["aws.cloudtrail"], "detail-type": ["AWS API Call via CloudTrail"],
                "detail": { "eventSource": ["cloudtrail.amazonaws.com"], "eventName": NAMES } }),
        json!({ "detail": { "eventName": NAMES } }),
        json!({ "source": ["aws.cloudtrail"] }),
        json!({ "source": [{ "prefix": "aws." }] }),
        json!({ "detail": { "eventName": [{ "suffix": "Trail" }, { "wildcard": "St*Logging" }] } }),
        json!({ "detail": { "eventSource": [{ "equals-ignore-case": "CloudTrail.AmazonAWS.com" }], "readOnly": [false] } }),
        json!({ "source": ["aws.cloudtrail"], "detail": { "eventName": [{ "anything-but": ["LookupEvents"] }] } }),
        json!({ "source": ["aws.cloudtrail"], "detail": { "eventName": [{ "anything-but": { "prefix": ["Get", "List"] } }] } }),
        json!({ "source": ["aws.cloudtrail"], "detail": { "errorCode": [{ "exists": false }] } }),
        json!({ "$or": [{ "detail": { "eventName": [{ "prefix": "St" }] } }, { "detail": { "eventName": [{ "suffix": { "equals-ignore-case": "TRAIL" } }] } }] }),
    ] {
        assert_eq!(every(&pattern), Some(true), "{pattern}");
    }
}

#[test]
fn rules_that_miss_some_change_of_a_trail() {
    for pattern in [
        json!({ "source": ["aws.s3"], "detail": { "eventName": NAMES } }),
        json!({ "source": ["aws.cloudtrail"], "detail-type": ["AWS Service Event via CloudTrail"] }),
        json!({ "detail": { "eventName": NAMES[..4] } }),
        json!({ "eventName": NAMES }),
        json!({ "detail": { "eventName": NAMES, "awsRegion": ["us-east-1"] } }),
        json!({ "account": ["111122223333"], "detail": { "eventName": NAMES } }),
        json!({ "region": [{ "anything-but": "us-east-1" }], "detail": { "eventName": NAMES } }),
        json!({ "detail": { "eventName": NAMES, "userIdentity": { "type": ["Root"] } } }),
        json!({ "detail": { "eventName": NAMES, "errorCode": ["AccessDenied"] } }),
        json!({ "detail": { "eventName": NAMES, "errorCode": [{ "anything-but": "AccessDenied" }] } }),
        json!({ "detail": { "eventName": NAMES, "sourceIPAddress": [{ "cidr": "203.0.113.0/24" }] } }),
        json!({ "source": ["aws.cloudtrail"], "detail": { "eventName": [{ "anything-but": { "wildcard": "Stop*" } }] } }),
        json!({ "detail": { "readOnly": ["false"] } }),
    ] {
        assert_eq!(every(&pattern), Some(false), "{pattern}");
    }
}

#[test]
fn an_operator_that_is_not_known_makes_it_unclear() {
    let answer = answer_of_rule(
        "cloudtrail-changes",
        &json!({ "source": ["aws.cloudtrail"], "detail": { "eventName": [{ "sounds-like": "x" }] } }),
    );
    assert_eq!((answer.every, answer.missed.len()), (None, 0));
    assert_eq!(answer.notes[1], "Not clear, because it has an operator that is not known here.");
    assert_eq!(
        every(&json!({ "source": ["aws.s3"], "detail": { "eventName": [{ "sounds-like": "x" }] } })),
        Some(false)
    );
    assert_eq!(
        every(&json!({ "detail": { "eventName": [{ "sounds-like": "x" }, { "prefix": "" }] } })),
        Some(true)
    );
    assert_eq!(every(&json!({ "detail.eventName": NAMES })), None);
}

#[test]
fn sign_in_has_a_detail_type_of_its_own() {
    for (detail_type, expected) in
        [("AWS Console Sign In via CloudTrail", true), ("AWS API Call via CloudTrail", false)]
    {
        let pattern = json!({ "source": ["aws.signin"], "detail-type": [detail_type], "detail": { "eventName": ["ConsoleLogin"] } });
        assert_eq!(answer_of_rule("console-login-failures", &pattern).every, Some(expected));
    }
    let pattern = json!({ "detail": { "userIdentity": { "type": ["Root"], "invokedBy": [{ "exists": false }] }, "eventType": [{ "anything-but": "AwsServiceEvent" }] } });
    assert_eq!(answer_of_rule("root-usage", &pattern).every, Some(true));
}

#[test]
fn rules_and_filters_add_up() {
    let kind = kind("key-disabling-or-deletion");
    let patterns = [
        Pattern::filter("{ $.eventName = DisableKey }").unwrap(),
        Pattern::rule(r#"{ "detail": { "eventName": ["ScheduleKeyDeletion"] } }"#).unwrap(),
    ];
    assert_eq!(fires(&patterns, kind, &scope()).every, Some(true));
    // The rule is in one region only.
    let samples = kind.samples(&scope());
    let is_caught = |sample: &Sample| {
        let by_rule = if sample.region == "eu-west-1" { patterns[1].matches(sample) } else { Some(false) };
        if patterns[0].matches(sample) == Some(true) { Some(true) } else { by_rule }
    };
    assert_eq!(conclude(&samples, is_caught).missed, ["ScheduleKeyDeletion outside eu-west-1"]);
}

#[track_caller]
fn check(pattern: &Value, event: &Value, expected: Option<bool>) {
    assert_eq!(
        Rule::parse(&pattern.to_string()).unwrap().judge(event).ok(),
        expected,
        "{pattern} on {event}"
    );
}

#[test]
fn values_are_compared_with_their_types() {
    let event = json!({ "n": 5, "s": "5", "t": true, "z": null, "l": ["a", "b"], "e": [], "o": { "x": 1 }, "f": 5.0 });
    for (pattern, expected) in [
        (json!({ "n": [5] }), Some(true)),
        (json!({ "n": ["5"] }), Some(false)),
        (json!({ "s": [5] }), Some(false)),
        (json!({ "f": [5] }), None),
        (json!({ "t": [true] }), Some(true)),
        (json!({ "z": [null] }), Some(true)),
        (json!({ "y": [null] }), Some(false)),
        (json!({ "l": ["b", "c"] }), Some(true)),
        (json!({ "l": [{ "anything-but": ["a", "b"] }] }), Some(false)),
        (json!({ "l": [{ "anything-but": "a" }] }), None),
        (json!({ "n": [{ "anything-but": [5, 6] }] }), Some(false)),
        (json!({ "n": [{ "anything-but": 6 }] }), Some(true)),
        (json!({ "n": [{ "anything-but": "x" }] }), None),
        (json!({ "n": [{ "numeric": [">", 0, "<=", 5] }] }), Some(true)),
        (json!({ "n": [{ "numeric": ["<", 5] }] }), Some(false)),
        (json!({ "s": [{ "numeric": ["=", 5] }] }), Some(false)),
        (json!({ "n": [{ "exists": true }] }), Some(true)),
        (json!({ "n": [{ "exists": false }] }), Some(false)),
        (json!({ "o": [{ "exists": true }] }), Some(false)),
        (json!({ "o": { "x": [{ "exists": true }], "y": [{ "exists": false }] } }), Some(true)),
        (json!({ "e": [{ "exists": true }] }), None),
        (json!({ "z": [{ "exists": true }] }), Some(true)),
    ] {
        check(&pattern, &event, expected);
    }
}

/// The example of the matcher's own documentation.
#[test]
fn fields_of_one_list_are_sought_in_the_same_element() {
    let event = json!({ "employees": [
        { "firstName": "John", "lastName": "Doe" }, { "firstName": "Anna", "lastName": "Smith" }, { "firstName": "Peter", "lastName": "Jones" },
    ] });
    check(&json!({ "employees": { "firstName": ["Anna"] } }), &event, Some(true));
    check(&json!({ "employees": { "firstName": ["Anna"], "lastName": ["Jones"] } }), &event, Some(false));
}

#[test]
fn addresses_wildcards_and_case() {
    let event = json!({ "ip": "10.0.0.33", "v6": "2001:db8::1f", "path": "a/lib/b*c", "name": "Äpfel" });
    for (pattern, expected) in [
        (json!({ "ip": [{ "cidr": "10.0.0.0/24" }] }), true),
        (json!({ "ip": [{ "cidr": "10.0.1.0/24" }] }), false),
        (json!({ "ip": [{ "cidr": "0.0.0.0/0" }] }), true),
        (json!({ "v6": [{ "cidr": "2001:db8::/32" }] }), true),
        (json!({ "v6": [{ "cidr": "10.0.0.0/8" }] }), false),
        (json!({ "path": [{ "wildcard": "*/lib/*" }] }), true),
        (json!({ "path": [{ "wildcard": "*b\\*c" }] }), true),
        (json!({ "path": [{ "wildcard": "*b\\*d" }] }), false),
        (json!({ "path": [{ "wildcard": "a*b" }] }), false),
        (json!({ "name": [{ "equals-ignore-case": "äPFEL" }] }), true),
        (json!({ "name": [{ "prefix": { "equals-ignore-case": "äp" } }] }), true),
        (json!({ "name": [{ "anything-but": { "equals-ignore-case": ["ÄPFEL", "x"] } }] }), false),
    ] {
        check(&pattern, &event, Some(expected));
    }
}

#[test]
fn or_needs_two_plain_objects() {
    let event = json!({ "a": 1, "$or": "x" });
    check(&json!({ "$or": [{ "a": [2] }, { "a": [1] }] }), &event, Some(true));
    check(&json!({ "$or": [{ "a": [2] }, { "b": [1] }] }), &event, Some(false));
    check(&json!({ "$or": ["x"] }), &event, Some(true));
    check(&json!({ "a": [1], "$or": [{ "prefix": "y" }, { "prefix": "x" }] }), &event, Some(true));
}

#[test]
fn malformed_patterns_are_refused() {
    for (pattern, message) in [
        ("[]", "An event pattern is a JSON object."),
        ("{}", "The pattern is an empty object."),
        (r#"{"a": []}"#, "a is an empty list."),
        (r#"{"a": {}}"#, "a is an empty object."),
        (r#"{"a": "b"}"#, "a is neither an object nor a list of values."),
        (r#"{"detail": {"a": [["b"]]}}"#, "detail.a: a list stands inside a list."),
        (r#"{"a": [{}]}"#, "a: an operator is an object with one name."),
        (r#"{"a": [{"prefix": "x", "suffix": "y"}]}"#, "a: an operator is an object with one name."),
        (r#"{"a": [{"prefix": 1}]}"#, "a: `prefix` is a string."),
        (r#"{"a": [{"exists": "true"}]}"#, "a: `exists` is true or false."),
        (
            r#"{"a": [{"numeric": [">"]}]}"#,
            "a: `numeric` is a list of one or two comparisons, each an operator and a number.",
        ),
        (r#"{"a": [{"cidr": "10.0.0.0/33"}]}"#, "a: this is no CIDR block."),
        (r#"{"a": [{"anything-but": []}]}"#, "a: `anything-but` takes strings or numbers."),
        (r#"{"a": [{"anything-but": ["x", 1]}]}"#, "a: `anything-but` takes values of one type."),
        (r#"{"a": [{"wildcard": "x**"}]}"#, "a: a wildcard has two stars in a row."),
        (r#"{"a": [{"wildcard": "\\x"}]}"#, "a: a wildcard has a backslash before neither `*` nor `\\`."),
    ] {
        assert_eq!(Pattern::rule(pattern).unwrap_err().message, message, "{pattern}");
    }
    let error = Pattern::rule("{\n  \"a\": [1],\n  \"a\": [2]\n}").unwrap_err();
    assert!(error.message.contains("the name \"a\" appears twice"), "{error}");
    assert!((15..=26).contains(&error.at), "{error}");
    assert!(Pattern::rule(&format!("{}1{}", "{\"a\":".repeat(500), "}".repeat(500))).is_err());
    assert!(Pattern::rule("{\"a\": [1").is_err());
}
