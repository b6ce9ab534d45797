//! What became of a verdict: cases by hand, and laws that hold for all results.

mod laws;
mod made;

use super::kind::{State, of};
use super::{Refusal, diff};
use crate::evaluate::fingerprint;
use crate::report::{Absence, ChangeKind, Status};
use made::{Of, TRAIL_A, TRAIL_B, changed, only, results};

#[test]
fn what_becomes_of_a_verdict_is_a_table() {
    use ChangeKind::{
        Added as A, Applicability as P, Excepted as X, Fixed as F, New as N, NotEvaluated as G, Settled as S,
        Unexcepted as U, Unknown as Q,
    };
    use State::{Absent, Carried, Excepted, Fail, NotApplicable, Pass, Unknown};
    let states = [Absent, Pass, NotApplicable, Fail, Excepted, Unknown, Carried];
    #[rustfmt::skip]
    let table = [
        // is:  absent   pass     n/a      fail     excepted unknown  carried
        /* absent  */ [None,    Some(A), Some(A), Some(N), Some(X), Some(A), Some(A)],
        /* pass    */ [Some(G), None,    Some(P), Some(N), Some(X), Some(Q), Some(Q)],
        /* n/a     */ [Some(G), Some(P), None,    Some(N), Some(X), Some(Q), Some(Q)],
        /* fail    */ [Some(G), Some(F), Some(G), None,    Some(X), Some(Q), Some(Q)],
        /* excepted*/ [Some(G), Some(U), Some(U), Some(U), None,    Some(Q), Some(Q)],
        /* unknown */ [Some(G), Some(S), Some(S), Some(N), Some(X), None,    None],
        /* carried */ [Some(G), Some(F), Some(G), Some(S), Some(X), None,    None],
    ];
    for (was, row) in states.into_iter().zip(table) {
        for (is, expected) in states.into_iter().zip(row) {
            assert_eq!(of(was, is), expected, "{was:?} → {is:?}");
        }
    }
}

#[test]
fn only_a_new_failure_at_or_above_the_threshold_is_worse() {
    let old = results(&[Of::Verdict(0, TRAIL_A, Status::Pass), Of::Verdict(0, TRAIL_B, Status::Fail)]);
    let new = results(&[Of::Verdict(0, TRAIL_A, Status::Fail), Of::Verdict(0, TRAIL_B, Status::Fail)]);
    let drift = diff(&old, &new).unwrap();
    let worse = |least| drift.worse(least).map(|change| change.subject.id.clone()).collect::<Vec<_>>();
    assert_eq!(worse(crate::report::Severity::High), [TRAIL_A]);
    assert!(worse(crate::report::Severity::Critical).is_empty());
    assert!(diff(&new, &old).unwrap().worse(crate::report::Severity::Info).next().is_none());
}

#[test]
fn a_failure_that_nobody_answers_for_any_more_is_worse_and_one_that_is_mended_is_not() {
    let excepted = results(&[Of::Verdict(0, TRAIL_A, Status::Excepted)]);
    for (status, is_worse) in [(Status::Fail, true), (Status::Pass, false)] {
        let now = results(&[Of::Verdict(0, TRAIL_A, status)]);
        let drift = diff(&excepted, &now).unwrap();
        assert_eq!(only(&drift).kind, ChangeKind::Unexcepted);
        assert_eq!(drift.worse(crate::report::Severity::Info).count(), usize::from(is_worse));
    }
}

#[test]
fn why_a_verdict_is_gone_is_told_apart() {
    let old = results(&[Of::Verdict(0, TRAIL_A, Status::Fail)]);
    let absence = |change: &dyn Fn(&mut crate::render::json::v1::Results)| {
        let mut new = results(&[]);
        change(&mut new);
        let drift = diff(&old, &new).unwrap();
        let change = only(&drift);
        assert_eq!(change.kind, ChangeKind::NotEvaluated);
        change.absence.clone().unwrap()
    };
    assert_eq!(absence(&|_| {}), Absence::NoSubject);
    assert_eq!(absence(&|new| made::unread(new, "111111111111", None)).name(), "unread");
    assert_eq!(absence(&|new| made::unread(new, "111111111111", Some("eu-west-1"))).name(), "unread");
    assert_eq!(absence(&|new| made::unread(new, "111111111111", Some("us-east-1"))), Absence::NoSubject);
    assert_eq!(absence(&|new| made::unread(new, "222222222222", None)), Absence::NoSubject);
    assert_eq!(absence(&|new| new.run.interrupted = true).name(), "unread");
    assert_eq!(absence(&|new| new.rules.clear()).name(), "no_rule");
    assert_eq!(absence(&|new| new.rules[0].subject = "account".to_owned()).name(), "no_rule");
    assert_eq!(
        absence(&|new| {
            new.rules.clear();
            new.run.packs[0].id = "other".to_owned();
        }),
        Absence::NotSelected("pack baseline is not selected".to_owned())
    );
    assert_eq!(
        absence(&|new| new.run.scope.regions = Some(vec!["us-east-1".to_owned()])).name(),
        "out_of_scope"
    );
    assert_eq!(absence(&|new| new.coverage[0].evaluated = false).name(), "out_of_scope");
    // Without the account's row nothing tells whether the other scope leaves it out.
    assert_eq!(
        absence(&|new| {
            new.coverage.clear();
            new.run.scope.accounts = vec!["222222222222".to_owned()];
        })
        .name(),
        "out_of_scope"
    );
}

#[test]
fn a_log_bucket_may_be_behind_any_place_that_could_not_be_read() {
    let old = results(&[Of::Verdict(1, "arn:aws:s3:::logs", Status::Fail)]);
    let mut new = results(&[]);
    made::unread(&mut new, "222222222222", Some("us-east-1"));
    assert_eq!(only(&diff(&old, &new).unwrap()).absence.as_ref().unwrap().name(), "unread");
}

#[test]
fn an_event_data_store_may_be_where_stores_could_not_be_listed_and_a_trail_may_not() {
    let store = "arn:aws:cloudtrail:eu-west-1:111111111111:eventdatastore/1";
    let old = results(&[Of::Verdict(2, store, Status::Fail), Of::Verdict(0, TRAIL_A, Status::Fail)]);
    let mut new = results(&[]);
    made::stores_unread(&mut new, "111111111111", "eu-west-1");
    let drift = diff(&old, &new).unwrap();
    assert_eq!(changed(&drift, store).absence.as_ref().unwrap().name(), "unread");
    assert_eq!(changed(&drift, TRAIL_A).absence, Some(Absence::NoSubject));
}

#[test]
fn a_rule_that_was_renamed_is_the_same_rule() {
    let old = results(&[Of::Verdict(0, TRAIL_A, Status::Fail), Of::Verdict(0, TRAIL_B, Status::Pass)]);
    let renamed = |aliases: &[&str]| {
        let mut new = results(&[]);
        new.rules[0].id = "new-name".to_owned();
        new.rules[0].aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        let verdict = |id: &str| {
            let mut verdict = made::verdict(0, id, Status::Fail);
            verdict.rule = "new-name".to_owned();
            verdict.fingerprint = fingerprint("new-name", "aws", id);
            verdict
        };
        new.verdicts = vec![verdict(TRAIL_A), verdict(TRAIL_B)];
        made::count(&mut new);
        new
    };
    let drift = diff(&old, &renamed(&["rule-0"])).unwrap();
    assert_eq!((only(&drift).kind, drift.unchanged), (ChangeKind::New, 1));
    assert_eq!(only(&drift).subject.id, TRAIL_B);
    assert!(drift.notes.iter().any(|note| note == "rule rule-0 is called new-name now"), "{:?}", drift.notes);
    // The new results do not know the old name: two rules.
    assert_eq!(diff(&old, &renamed(&[])).unwrap().changes.len(), 4);
}

#[test]
fn a_rule_that_has_another_severity_is_listed_and_is_no_new_failure() {
    let old = results(&[Of::Verdict(0, TRAIL_A, Status::Fail)]);
    let mut new = old.clone();
    new.verdicts[0].severity = "critical".to_owned();
    let drift = diff(&old, &new).unwrap();
    assert_eq!(only(&drift).kind, ChangeKind::Severity);
    assert_eq!(only(&drift).severity_was, Some(crate::report::Severity::High));
    assert!(drift.worse(crate::report::Severity::Info).next().is_none());
}

#[test]
fn evidence_is_compared_by_value_and_not_by_origin_or_time() {
    let old = results(&[Of::Verdict(0, TRAIL_A, Status::Pass)]);
    let with = |change: &dyn Fn(&mut Vec<crate::render::json::v1::Evidence>)| {
        let mut new = old.clone();
        change(&mut new.verdicts[0].because);
        diff(&old, &new).unwrap()
    };
    assert!(with(&|because| because[0].origins.clear()).changes.is_empty());
    assert!(with(&|because| because[1].value = 7.into()).changes.is_empty(), "hours_since_delivery");
    let drift = with(&|because| because[0].value = "other".into());
    assert_eq!(only(&drift).kind, ChangeKind::Evidence);
    assert_eq!(only(&drift).evidence[0].was, Some("bucket".into()));
    assert_eq!(only(&drift).evidence[0].is, Some("other".into()));
    assert_eq!(with(&|because| because.clear()).changes.len(), 1);
}

#[test]
fn results_that_have_nothing_to_do_with_each_other_are_refused() {
    let old = results(&[]);
    let refused = |change: &dyn Fn(&mut crate::render::json::v1::Results)| {
        let mut new = old.clone();
        change(&mut new);
        diff(&old, &new).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&|new| new.run.organization = Some("o-other".to_owned())),
        "they are of different organizations: o-acme and o-other"
    );
    assert_eq!(
        refused(&|new| new.run.organization = None),
        "they are of different organizations: o-acme and account 111111111111 without an organization"
    );
    assert_eq!(
        refused(&|new| new.run.partition = "aws-cn".to_owned()),
        "they are of different partitions: aws and aws-cn"
    );
    let mut lone = old.clone();
    lone.run.organization = None;
    let mut other = lone.clone();
    other.run.caller_account = "222222222222".to_owned();
    assert!(matches!(diff(&lone, &other), Err(Refusal::Different { what: "account", .. })));
}

#[test]
fn verdicts_that_nobody_wrote_are_refused() {
    let mut strange = results(&[Of::Verdict(0, TRAIL_A, Status::Fail)]);
    strange.verdicts[0].status = "mended".to_owned();
    assert!(matches!(diff(&strange, &strange), Err(Refusal::Strange { field: "status", .. })));
    let twice = results(&[Of::Verdict(0, TRAIL_A, Status::Fail), Of::Verdict(0, TRAIL_A, Status::Pass)]);
    assert!(matches!(diff(&results(&[]), &twice), Err(Refusal::Twice(_))));
    let whole = results(&[Of::Verdict(0, TRAIL_A, Status::Fail), Of::Verdict(0, TRAIL_B, Status::Pass)]);
    for take_out in [TRAIL_A, TRAIL_B] {
        let mut fewer = whole.clone();
        fewer.verdicts.retain(|verdict| verdict.subject.id != take_out);
        assert!(matches!(diff(&fewer, &whole), Err(Refusal::Miscounted { summary: 1, found: 0, .. })));
    }
    let mut mended = whole.clone();
    mended.verdicts[0].status = "pass".to_owned();
    let refusal = diff(&mended, &whole).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "their summary counts other verdicts than they have: 1 fail there, 0 found"
    );
}

#[test]
fn other_packs_scopes_and_parameters_are_told() {
    let old = results(&[]);
    let mut new = old.clone();
    new.run.packs[0].digest = "ffff".to_owned();
    new.run.scope.exclude_accounts = vec!["222222222222".to_owned()];
    new.rules[0].parameters.insert("days".to_owned(), 7.into());
    new.run.as_of = "2026-11-01T06:00:00Z".to_owned();
    made::unread(&mut new, "222222222222", None);
    insta::assert_snapshot!(diff(&old, &new).unwrap().notes.join("\n"), @"
    the old results, of 2026-11-19T06:00:00Z, are later than the new ones, of 2026-11-01T06:00:00Z
    pack baseline changed from 1 (0123) to 1 (ffff): rules may judge otherwise, or be gone
    parameters differ of rule-0
    the scopes of the runs differ: what is gone, or new, may have been out of scope
    1 place could not be read for the new results
    ");
}
