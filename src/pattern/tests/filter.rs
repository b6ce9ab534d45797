//! The grammar and the meaning of filter patterns, by the examples of AWS's guide and around them.

use super::super::filter::Filter;
use super::*;

pub(super) fn filter(text: &str) -> Filter {
    Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>
fn guide() -> Value {
    json!({
        "eventType": "UpdateTrail",
        "sourceIPAddress": "111.111.111.111",
        "arrayKey": ["value", "another value"],
        "objectList": [{ "name": "a", "id": 1 }, { "name": "b", "id": 2 }],
        "SomeObject": null,
        "cluster.name": "c",
        "ThisFlag": true,
        "latency": 49.5,
        "number": [1000],
        "user": { "id": 1, "email": "John.Stiles@example.com" },
        "users": [{ "id": 2, "email": "John.Doe@example.com" }, { "id": 3, "email": "Jane.Doe@example.com" }],
        "actions": ["GET", "PUT", "DELETE"],
        "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]]
    })
}

#[track_caller]
fn check(expected: Option<bool>, patterns: &[&str]) {
    for pattern in patterns {
        assert_eq!(filter_matches(pattern, &guide()), expected, "{pattern}");
    }
}

#[test]
fn the_examples_of_the_guide_that_match() {
    check(
        Some(true),
        &[
            r#"{ $.eventType = "UpdateTrail" }"#,
            "{ $.sourceIPAddress != 123.123.* }",
            r#"{ $.arrayKey[0] = "value" }"#,
            "{ $.eventType = %Trail% }",
            "{ $.arrayKey[*] = %val.{2}% }",
            r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }",
            "{ $.['cluster.name'] = \"c\" }",
            "{ $.SomeObject IS NULL }",
            "{ $.SomeOtherObject NOT EXISTS }",
            "{ $.ThisFlag IS TRUE }",
            "{ $.objectList[1].id = 2 }",
            "{ $.latency < 50 }",
            "{ $.latency = * }",
            "{ $.number[0] = 1e+3 }",
            "{ $.number[0] != 1e-3 }",
            "{ $.number[0] > +999.5 }",
            r#"{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }"#,
            r#"{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }"#,
            "{ $.coordinates[1][2] = 6 }",
        ],
    );
}

#[test]
fn the_examples_of_the_guide_that_do_not_match() {
    check(
        Some(false),
        &[
            r#"{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }"#,
            r#"{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }"#,
            "{ $.sourceIPAddress != 111.111.* }",
            "{ $.actions = \"GET\" }",
            "{ $.actions != \"GET\" }",
            "{ $.ThisFlag IS FALSE }",
            "{ $.ThisFlag IS NULL }",
            "{ $.missing IS NULL }",
            "{ $.missing IS FALSE }",
            "{ $.missing = * }",
            "{ $.missing < 5 }",
            "{ $.SomeObject NOT EXISTS }",
            "{ $.user NOT EXISTS }",
            "{ $.eventType = updatetrail }",
            "{ $.eventType = Update }",
            "{ $.eventType = \"\" }",
            "{ $.arrayKey[2] = value }",
            "{ $.eventType[0] = U }",
            "{ $.number[0] < 1000 }",
        ],
    );
}

#[test]
fn what_the_guide_leaves_open_is_unclear() {
    check(
        None,
        &[
            "{ $.missing != \"x\" }",
            "{ $.missing != %x% }",
            "{ $.missing != 5 }",
            "{ $.eventType = Up*il }",
            "{ $.ThisFlag = true }",
            "{ $.SomeObject = * }",
            "{ $.latency = \"49.5\" }",
            "{ $.eventType != 5 }",
            "{ $.actions = GET || $.eventType = UpdateTrail }",
            "{ $.arrayKey[*] != value }",
        ],
    );
    // The doubt does not matter where both readings agree.
    check(Some(true), &["{ $.arrayKey[*] != nothing }", "{ $.eventType = \"*date*\" }"]);
    check(
        Some(false),
        &["{ $.eventType = Up*x }", "{ $.missing != x && $.eventType = y }", "{ $.latency = \"50\" }"],
    );
}

#[test]
fn a_number_against_a_string_of_digits_is_unclear_but_other_digits_never_match() {
    let record = json!({ "recipientAccountId": "111122223333" });
    assert_eq!(filter_matches("{ $.recipientAccountId = 111122223333 }", &record), None);
    assert_eq!(filter_matches("{ $.recipientAccountId = \"111122223333\" }", &record), Some(true));
    assert_eq!(filter_matches("{ $.recipientAccountId = 444455556666 }", &record), Some(false));
}

#[test]
fn terms_are_sought_in_the_text() {
    let record = json!({ "eventName": "StopLogging", "message": "an access denied [x]" });
    for (pattern, expected) in [
        ("StopLogging", Some(true)),
        ("Logging", Some(true)),
        ("StopLogging message", Some(true)),
        ("StopLogging -message", Some(false)),
        ("StopLogging -DescribeTrails", Some(true)),
        ("StartLogging", Some(false)),
        ("?StartLogging ?StopLogging", Some(true)),
        ("?StopLogging StartLogging", Some(false)),
        ("?StartLogging StopLogging", Some(true)),
        ("\"access denied\"", Some(true)),
        ("\"denied access\"", Some(false)),
        ("\"denied [x]\"", None),
        ("\"eventName\\\":\\\"Stop\"", None),
        ("-StopLogging", None),
        ("\"\"", None),
        ("%Stop%", None),
        ("[a, b, ...]", None),
        ("  ", Some(true)),
    ] {
        assert_eq!(filter_matches(pattern, &record), expected, "{pattern}");
    }
}

#[test]
fn what_lies_beyond_the_grammar_is_refused_with_its_place() {
    for (pattern, at, message) in [
        ("{ $.a EXISTS }", 12, "AWS has `NOT EXISTS` only; `= \"*\"` says that a field exists."),
        ("{ $.a = }", 8, "A value is expected here; odd characters want quotes."),
        ("{ $.a == 1 }", 7, "A value is expected here; odd characters want quotes."),
        ("{ $.a = 1 && }", 13, "A field is meant here: `$.` and its name."),
        ("{ ($.a = 1 }", 11, "`&&`, `||` or `)` is expected here."),
        ("{ $.a = 1 ", 10, "`&&`, `||` or `}` is expected here."),
        ("{ $.a = 1 } x", 12, "Nothing may follow the last `}`."),
        ("{ a = 1 }", 2, "A field is meant here: `$.` and its name."),
        ("{ $ = 1 }", 3, "`$` stands before `.` and the name of a field."),
        ("{ $.a[x] = 1 }", 6, "In brackets stands the number of an element, `*` or a quoted name."),
        (
            "{ $.a[99999999999999999999] = 1 }",
            26,
            "In brackets stands the number of an element, `*` or a quoted name.",
        ),
        ("{ $.a IS MAYBE }", 14, "`NULL`, `TRUE` or `FALSE` is expected after `IS`."),
        ("{ $.a > x }", 8, "A number is expected here."),
        ("{ $.a = \"x }", 9, "The string has no end."),
        ("{ $.a = %x(y)% }", 9, "Regular expressions of filter patterns have no '('."),
        ("{ $.a = %x{3,% }", 9, "The regular expression is not understood."),
        ("{ $.*[*] = 1 }", 8, "A selector has at most one wildcard."),
        ("{}", 1, "A field is meant here: `$.` and its name."),
        ("[a, b", 5, "A space-delimited pattern ends with `]`."),
        ("a.b", 1, "Terms are separated by spaces; odd characters want quotes."),
        ("ä", 0, "A term with characters other than letters, digits and `_` wants quotes."),
        ("\"a", 1, "The phrase has no end."),
    ] {
        let error = Pattern::filter(pattern).unwrap_err();
        assert_eq!((error.at, error.message.as_str()), (at, message), "{pattern}");
    }
    for pattern in [
        "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d[*] = 1 }",
        "{ $.a = %x% || $.b = %x% || $.c = %x% }",
        "{ $.a IS NOT NULL }",
        "{ !($.a = 1) }",
        "{ $.a = 1 and $.b = 1 }",
        "{ $.a not exists }",
        "%x% y",
        "{ $.a = ü }",
    ] {
        assert!(Pattern::filter(pattern).is_err(), "{pattern}");
    }
}
