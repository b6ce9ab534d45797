//! What changed, in the report of a run and on its own.

use serde_json::json;
use trailproof::render::{DriftFormat, Format, RenderError, Style, render_drift};
use trailproof::report::{
    Absence, Change, ChangeKind, Drift, EvidenceChange, Report, Severity, Since, Status, Subject,
};

use crate::sample::{self, HOSTILE};
use crate::{hostile, rendered};

const OLD: &str = "2026-11-19T06:00:00Z";

/// Marks the first failure as new and the others as older, and says what became of two that are gone.
pub(crate) fn mark(report: &mut Report) {
    let mut is_new = true;
    for verdict in report.verdicts.iter_mut().filter(|verdict| verdict.status == Status::Fail) {
        let date = if is_new { report.run.as_of.clone() } else { "2026-11-02T06:00:00Z".to_owned() };
        verdict.since = Some(Box::new(Since { is_new, date }));
        is_new = false;
    }
    let fixed = Change {
        was: Some(Status::Fail),
        is: Some(Status::Pass),
        since: Some("2026-11-02T06:00:00Z".to_owned()),
        ..change(
            ChangeKind::Fixed,
            "log-file-validation",
            sample::trail("acme-organization", "111122223333", "us-east-1"),
        )
    };
    let gone = Change {
        was: Some(Status::Fail),
        since: Some(OLD.to_owned()),
        absence: Some(Absence::NoSubject),
        ..change(
            ChangeKind::NotEvaluated,
            "trail-logging",
            sample::trail(HOSTILE, "666677778888", "us-east-1"),
        )
    };
    let drift = Drift { notes: Vec::new(), changes: vec![fixed, gone], ..everything() };
    report.drift = Some(Box::new(drift));
}

fn change(kind: ChangeKind, rule: &str, subject: Subject) -> Change {
    Change {
        kind,
        rule: rule.to_owned(),
        severity: Severity::Medium,
        severity_was: Some(Severity::Medium),
        was: None,
        is: None,
        fingerprint: format!("{kind} {}", subject.id),
        subject,
        message: String::new(),
        since: None,
        absence: None,
        evidence: Vec::new(),
    }
}

/// One change of each kind, with each reason for a missing verdict.
#[expect(clippy::too_many_lines, reason = "it is a list of data")]
fn everything() -> Drift {
    use {Absence as A, ChangeKind as K, Status as S};
    let trail = |name: &str| sample::trail(name, "444455556666", "eu-west-1");
    let since = || Some("2026-11-02T06:00:00Z".to_owned());
    let judged = |kind, name: &str, was, is| Change { was, is, ..change(kind, "trail-logging", trail(name)) };
    let absent =
        |kind, name: &str, was, is, why: A| Change { absence: Some(why), ..judged(kind, name, was, is) };
    let failing = |change: Change| Change { message: "it does not record".to_owned(), ..change };
    let gone = |name: &str, why: A| Change {
        since: since(),
        ..absent(K::NotEvaluated, name, Some(S::Fail), None, why)
    };
    let fact = |fact: &str, was, is| EvidenceChange { fact: fact.to_owned(), was, is };
    Drift {
        old: OLD.to_owned(),
        new: "2026-11-20T06:00:00Z".to_owned(),
        notes: vec![
            "pack baseline changed from 1 (0123) to 2 (4567): rules may judge otherwise, or be gone"
                .to_owned(),
            HOSTILE.to_owned(),
        ],
        changes: vec![
            Change {
                evidence: vec![fact("trail.is_logging", Some(json!(true)), Some(json!(false)))],
                ..failing(judged(K::New, "payments", Some(S::Pass), Some(S::Fail)))
            },
            failing(absent(K::New, "added", None, Some(S::Fail), A::NoSubject)),
            failing(absent(
                K::New,
                "unveiled",
                None,
                Some(S::Fail),
                A::Unread("account 444455556666".to_owned()),
            )),
            failing(Change {
                message: HOSTILE.to_owned(),
                ..absent(K::New, HOSTILE, None, Some(S::Fail), A::NoRule(HOSTILE.to_owned()))
            }),
            failing(judged(K::Unexcepted, "expired", Some(S::Excepted), Some(S::Fail))),
            Change { since: since(), ..judged(K::Fixed, "mended", Some(S::Fail), Some(S::Pass)) },
            Change {
                severity: Severity::High,
                severity_was: Some(Severity::Low),
                ..judged(K::Severity, "graver", Some(S::Fail), Some(S::Fail))
            },
            Change {
                evidence: vec![
                    fact("trail.kms_key", Some(json!("alias/a")), Some(json!(HOSTILE))),
                    fact("trail.key_is_enabled", Some(json!(true)), None),
                ],
                ..judged(K::Evidence, "rekeyed", Some(S::Pass), Some(S::Pass))
            },
            Change { since: since(), ..judged(K::Unknown, "hidden", Some(S::Fail), Some(S::Unknown)) },
            judged(K::Unknown, "dark", Some(S::Pass), Some(S::Unknown)),
            gone("unread", A::Unread("account 444455556666 in eu-west-1".to_owned())),
            gone("unselected", A::NotSelected("pack cis is not selected".to_owned())),
            gone("ruleless", A::NoRule("the packs have no such rule, or do not select it".to_owned())),
            gone("elsewhere", A::OutOfScope("account 444455556666 is suspended".to_owned())),
            gone("deleted", A::NoSubject),
            Change { is: Some(S::NotApplicable), ..gone("moot", A::NotApplicable) },
            absent(K::NotEvaluated, "forgotten", Some(S::Pass), None, A::NoSubject),
            judged(K::Excepted, "borne", Some(S::Fail), Some(S::Excepted)),
            Change {
                since: since(),
                ..failing(judged(K::Settled, "still", Some(S::Unknown), Some(S::Fail)))
            },
            judged(K::Settled, "clear", Some(S::Unknown), Some(S::Pass)),
            judged(K::Applicability, "started", Some(S::NotApplicable), Some(S::Pass)),
            absent(K::Added, "fresh", None, Some(S::Pass), A::NoSubject),
        ],
        unchanged: 1_204,
    }
}

fn drift(drift: &Drift, format: DriftFormat, style: &Style) -> String {
    let mut out = Vec::new();
    render_drift(drift, format, style, &mut out).expect("renders");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn text_says_what_got_worse_first_and_counts_last() {
    insta::assert_snapshot!("drift_text", drift(&everything(), DriftFormat::Text, &Style::default()));
}

#[test]
fn markdown_fits_a_pull_request() {
    insta::assert_snapshot!("drift_markdown", drift(&everything(), DriftFormat::Markdown, &Style::default()));
}

#[test]
fn json_has_every_change() {
    let json = drift(&everything(), DriftFormat::Json, &Style::default());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["summary"]["new"], 4);
    assert_eq!(json["summary"]["unchanged"], 1_204);
    assert_eq!(json["changes"].as_array().unwrap().len(), everything().changes.len());
    assert_eq!(json["changes"][0]["evidence"][0]["was"], true);
    assert_eq!(json["changes"][2]["absence"], "unread");
    assert_eq!(json["changes"][2]["detail"], "account 444455556666");
}

#[test]
fn where_nothing_changed_every_format_says_so() {
    let same = Drift { notes: Vec::new(), changes: Vec::new(), ..everything() };
    let text = drift(&same, DriftFormat::Text, &Style::default());
    assert_eq!(
        text,
        "2026-11-19T06:00:00Z → 2026-11-20T06:00:00Z\n1,204 unchanged\nNot worse: no failure is new\n"
    );
    assert!(
        drift(&same, DriftFormat::Markdown, &Style::default())
            .starts_with("## ✅ CloudTrail audit: no failure is new")
    );
}

#[test]
fn names_from_the_accounts_cannot_act_through_what_changed() {
    for format in [DriftFormat::Text, DriftFormat::Json, DriftFormat::Markdown] {
        let output = drift(&everything(), format, &Style { verbose: true, ..Style::default() });
        assert!(output.chars().all(|c| !hostile::is_active(c)), "{format:?}");
        assert!(output.to_lowercase().contains("202e"), "{format:?} spells the override out");
    }
    let markdown = drift(&everything(), DriftFormat::Markdown, &Style::default());
    hostile::assert_markdown_is_harmless(&markdown);
}

#[test]
fn many_changes_are_folded_or_cut_and_counted() {
    let one = everything().changes.remove(0);
    let many = Drift { changes: vec![one; 20_000], ..everything() };
    let text = drift(&many, DriftFormat::Text, &Style::default());
    assert!(text.contains("and 19,990 more; see --verbose or --format json"), "{text}");
    let markdown = drift(&many, DriftFormat::Markdown, &Style::default());
    assert!(markdown.len() < 1024 * 1024);
    assert!(markdown.contains("19,500 more in the JSON report."), "{}", &markdown[markdown.len() - 300..]);
}

#[test]
fn a_refused_destination_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let failed = render_drift(&everything(), DriftFormat::Text, &Style::default(), &mut Full);
    assert!(matches!(failed, Err(RenderError::Io(_))));
}

#[test]
fn without_comparable_results_nothing_is_said_of_what_is_new() {
    let mut report = sample::report();
    report.drift = None;
    report.verdicts.iter_mut().for_each(|verdict| verdict.since = None);
    for format in [Format::Text, Format::Markdown, Format::Json] {
        let output = rendered(&report, format);
        assert!(
            !output.contains("new since") && !output.contains("fixed") && !output.contains("\"drift\""),
            "{output}"
        );
    }
}
