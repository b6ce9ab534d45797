//! From the start of a fingerprint to an entry.

use jiff::civil::date;

use super::*;

fn known<'r>(fingerprint: &'r str, status: &'r str, kind: &'r str, subject: &'r str) -> Known<'r> {
    Known { fingerprint, rule: "versioning", status, kind, subject }
}

fn found(start: &str, results: &[Known<'_>]) -> Result<Draft, NotFound> {
    look_up(start, Some(&mut results.iter().copied()), terms())
}

fn terms() -> Terms {
    Terms { reason: "r".into(), owner: "o".into(), expires: date(2027, 1, 31), ticket: None }
}

#[test]
fn eight_digits_find_rule_and_subject() {
    let whole = "0123456789abcdef".repeat(4);
    let draft = found("01234567", &[known(&whole, "fail", "log_bucket", "arn:aws:s3:::a")]).unwrap();
    assert_eq!(draft.fingerprint, whole);
    assert_eq!(draft.rule.as_deref(), Some("versioning"));
    assert_eq!(draft.subject, Some(("arn", "arn:aws:s3:::a".to_owned())));
    let draft = found("01234567", &[known(&whole, "excepted", "account", "111111111111")]).unwrap();
    assert_eq!(draft.subject, Some(("account", "111111111111".to_owned())));
    let draft = found("0123456789ABCDEF", &[known(&whole, "fail", "organization", "o-1")]).unwrap();
    assert_eq!(draft.subject, None);
}

#[test]
fn a_star_in_an_id_is_no_wildcard() {
    let whole = "a".repeat(64);
    assert_eq!(
        found("aaaaaaaa", &[known(&whole, "fail", "log_bucket", "arn:aws:s3:::*")]).unwrap().subject,
        None
    );
}

#[test]
fn several_verdicts_are_listed() {
    let (one, two) = (format!("{}1", "a".repeat(63)), format!("{}2", "a".repeat(63)));
    let results = [known(&one, "fail", "log_bucket", "arn:x"), known(&two, "fail", "log_bucket", "arn:y")];
    let message = found("aaaaaaaa", &results).unwrap_err().to_string();
    assert!(
        message.contains("2 verdicts")
            && message.contains("versioning arn:x")
            && message.contains("versioning arn:y")
    );
}

#[test]
fn too_few_digits_other_letters_and_what_is_no_failure_are_refused() {
    let whole = "a".repeat(64);
    let results = [known(&whole, "unknown", "log_bucket", "arn:x")];
    assert!(matches!(found("aaaaaaa", &results), Err(NotFound::Malformed(_))));
    assert!(matches!(found("aaaaaaaz", &results), Err(NotFound::Malformed(_))));
    assert!(matches!(found("bbbbbbbb", &results), Err(NotFound::None(_))));
    assert!(matches!(found("aaaaaaaa", &results), Err(NotFound::NoFailure { .. })));
    assert!(matches!(look_up("aaaaaaaa", None, terms()), Err(NotFound::Short(_))));
    assert_eq!(look_up(&whole, None, terms()).unwrap().rule, None);
}
