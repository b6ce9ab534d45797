//! Laws that hold for all documents.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ARCHIVE, BUCKET, MANAGEMENT, OBJECTS, ORGANIZATION, STRANGER, TRAIL, members, owner};
use crate::access::control::{Attached, Question, guard};
use crate::access::delivery::{Delivery, delivery};
use crate::access::{Document, Reach, Request, Who, bucket, key};

/// Asks everything; the answers do not matter.
fn interrogate(document: &Document) {
    let members = members();
    let owner = owner(&members);
    let _ = (
        bucket::delete_or_overwrite(document, OBJECTS, owner),
        bucket::change_bucket(document, BUCKET, owner),
    );
    let _ = (bucket::cloudtrail_grants(document, BUCKET, TRAIL), document.public(), document.unclear());
    let _ = (
        key::exposure(document, "arn:aws:kms:us-east-1:1:key/1", owner),
        key::cloudtrail_use(document, "k", "t", None),
    );
    let trail = Delivery {
        bucket: "logs",
        prefix: "p",
        trail: TRAIL,
        organization_trail: Some(ORGANIZATION),
        organization: None,
        key: None,
        validates: true,
    };
    let _ = delivery(document, &trail);
    let question = Question {
        action: "cloudtrail:StopLogging",
        resource: "*",
        account: ARCHIVE,
        organization: None,
        region: None,
    };
    let _ = guard(&[vec![Attached { name: "x", document: Some(document) }]], &question);
}

fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "*",
        "Allow",
        "Deny",
        "s3:*",
        "s3:PutObject",
        "2012-10-17",
        "arn:aws:s3:::logs/*",
        "arn:aws:iam::111122223333:root",
        "${",
        "${a}",
        "",
        "arn:",
        "111122223333",
        "é\u{0}",
        "true",
        "10.0.0.0/8",
        "o-1/r/*",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        words.prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "Version",
        "Statement",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
        "AWS",
        "Service",
        "StringEquals",
        "ArnNotLike",
        "Null",
        "Bool",
        "IpAddress",
        "ForAllValues:StringLike",
        "aws:SourceArn",
        "aws:PrincipalOrgID",
        "Sid",
    ]);
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.clone(), inner, 0..6).prop_map(|map| map
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Value>()),
        ]
    })
}

/// Small documents over a small world, with which a naive evaluator can deal.
fn small_statement() -> impl Strategy<Value = Value> {
    let pick = |items: &[&'static str]| prop::sample::select(items.to_vec());
    let effect = pick(&["Allow", "Allow", "Deny"]);
    let principal = prop_oneof![
        Just(json!("*")),
        pick(&[ARCHIVE, MANAGEMENT, STRANGER]).prop_map(|account| json!({"AWS": account})),
        Just(json!({"Service": "cloudtrail.amazonaws.com"})),
    ];
    let action = (any::<bool>(), pick(&["s3:*", "s3:DeleteObject", "s3:Put*", "s3:?etObject"]));
    let resource =
        (any::<bool>(), pick(&["*", "arn:aws:s3:::logs/*", "arn:aws:s3:::logs/a*", "arn:aws:s3:::logs/?b"]));
    let condition = prop_oneof![
        Just(json!({})),
        Just(json!({"Bool": {"aws:SecureTransport": "false"}})),
        Just(json!({"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}})),
        Just(json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg"}})),
    ];
    (effect, principal, action, resource, condition).prop_map(
        |(effect, principal, action, resource, condition)| {
            let element = |is_negated: bool, name: &str| {
                if is_negated { format!("Not{name}") } else { name.to_owned() }
            };
            json!({"Effect": effect, "Principal": principal, element(action.0, "Action"): action.1,
            element(resource.0, "Resource"): resource.1, "Condition": condition})
        },
    )
}

fn glob(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => (0..=text.len()).any(|at| glob(&pattern[1..], &text[at..])),
        Some('?') => !text.is_empty() && glob(&pattern[1..], &text[1..]),
        Some(letter) => text.starts_with(letter) && glob(&pattern[1..], &text[1..]),
    }
}

/// A caller's account, whether he uses TLS, the action and the object.
type Call<'a> = (&'a str, bool, &'a str, &'a str);

/// The definition, written down once more for the small world.
fn matches(statement: &Value, (account, tls, action, object): Call<'_>) -> bool {
    let named = match &statement["Principal"] {
        Value::String(_) => true,
        kinds => kinds["AWS"] == account,
    };
    let element = |name: &str, text: &str| match (&statement[name], &statement[format!("Not{name}")]) {
        (Value::String(pattern), _) => glob(pattern, text),
        (_, Value::String(pattern)) => !glob(pattern, text),
        _ => unreachable!(),
    };
    let condition = &statement["Condition"];
    let is_member = [ARCHIVE, MANAGEMENT].contains(&account);
    let holds = (condition["Bool"].is_null() || !tls)
        && (condition["StringEquals"].is_null() || is_member)
        && (condition["StringNotEquals"].is_null() || !is_member);
    named && element("Action", action) && element("Resource", object) && holds
}

fn decide(statements: &[Value], call: Call<'_>) -> bool {
    let any = |effect: &str| statements.iter().any(|one| one["Effect"] == effect && matches(one, call));
    any("Allow") && !any("Deny")
}

fn request((account, tls, action, object): Call<'_>) -> Request {
    let organization = if account == STRANGER { "o-stranger" } else { ORGANIZATION };
    Request::new(Who::Account(account.to_owned()), action, object)
        .with("aws:PrincipalOrgID", organization)
        .with("aws:SecureTransport", if tls { "true" } else { "false" })
}

const OBJECT_WORLD: [&str; 4] =
    ["arn:aws:s3:::logs/a", "arn:aws:s3:::logs/ab", "arn:aws:s3:::logs/cb", "arn:aws:s3:::logs/long"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_json_never_panics(json in any_json()) {
        let _ = Document::parse(&json.to_string());
        if let Ok(document) = Document::parse(&json!({"Version": "2012-10-17", "Statement": [json]}).to_string()) {
            interrogate(&document);
        }
    }

    #[test]
    fn mutated_documents_never_panic(statement in small_statement(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(document) = Document::parse(&String::from_utf8_lossy(&bytes)) {
            interrogate(&document);
        }
    }

    #[test]
    fn a_request_is_decided_as_the_definition_says(statements in prop::collection::vec(small_statement(), 0..4)) {
        let document = super::document(Value::from(statements.clone()));
        for account in [ARCHIVE, MANAGEMENT, STRANGER] {
            for (tls, action) in [(true, "s3:DeleteObject"), (false, "s3:PutObject"), (true, "s3:GetObject")] {
                for object in OBJECT_WORLD {
                    let call = (account, tls, action, object);
                    prop_assert_eq!(document.allowed(&request(call)).value, Some(decide(&statements, call)), "{:?}", call);
                }
            }
        }
    }

    // Whoever may delete one object in the small world is found, and whoever is certainly found may.
    #[test]
    fn no_stranger_who_may_delete_is_overlooked(statements in prop::collection::vec(small_statement(), 0..5)) {
        let document = super::document(Value::from(statements.clone()));
        let members = members();
        let answer = bucket::ask(&document, &["s3:DeleteObject"], "arn:aws:s3:::logs/*", owner(&members));
        let may = |account: &str| {
            let calls = OBJECT_WORLD.iter().flat_map(|object| [true, false].map(|tls| (account, tls, "s3:DeleteObject", *object)));
            calls.into_iter().any(|call| decide(&statements, call))
        };
        if may(STRANGER) {
            prop_assert_ne!(answer.any_beyond(Reach::Pinned), Some(false));
        }
        if answer.any_beyond(Reach::Pinned) == Some(true) {
            prop_assert!(may(STRANGER) || may("888888888888"), "{:#?}", answer);
        }
        if may(MANAGEMENT) {
            prop_assert_ne!(answer.any_beyond(Reach::CloudTrail), Some(false));
        }
    }

    #[test]
    fn a_deny_more_never_lets_more_people_in(statements in prop::collection::vec(small_statement(), 0..4), deny in small_statement()) {
        let members = members();
        let may = |statements: Vec<Value>| {
            bucket::ask(&super::document(Value::from(statements)), &["s3:DeleteObject"], OBJECTS, owner(&members)).any_beyond(Reach::CloudTrail)
        };
        let before = may(statements.clone());
        let mut deny = deny;
        deny["Effect"] = json!("Deny");
        let after = may(statements.into_iter().chain([deny]).collect());
        if before == Some(false) {
            prop_assert_eq!(after, Some(false));
        }
    }
}
