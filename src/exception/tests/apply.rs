//! Which verdicts exceptions accept, by hand.

use super::*;

fn excepted(keys: &str) -> Vec<String> {
    accepted(&[keys]).0
}

#[test]
fn a_rule_and_an_arn_accept_one_failure() {
    assert_eq!(excepted("rule: versioning, subject: { arn: 'arn:aws:s3:::alpha' }"), ["versioning alpha"]);
}

#[test]
fn a_star_stands_for_any_text_in_rules_and_arns() {
    assert_eq!(excepted("rule: '*-lock', subject: { arn: 'arn:aws:s3:::*a' }"), ["object-lock alpha"]);
    assert_eq!(excepted("rule: '*', subject: { arn: '*alpha' }"), ["object-lock alpha", "versioning alpha"]);
}

#[test]
fn an_account_is_named_by_id_or_by_name() {
    assert_eq!(excepted("rule: versioning, subject: { account: '222222222222' }"), ["versioning beta"]);
    assert_eq!(excepted("rule: versioning, subject: { account: sandbox-* }"), ["versioning beta"]);
    assert_eq!(excepted("rule: versioning, subject: { account: [payments, sandbox-one] }").len(), 2);
}

#[test]
fn an_account_that_is_named_like_the_id_of_another_is_not_that_one() {
    for pattern in ["'333333333333'", "'3333*'", "['333333333333', payments]"] {
        let mut report = report();
        report.coverage[1].name = "333333333333".to_owned();
        let keys = format!("rule: versioning, subject: {{ account: {pattern} }}");
        applied_at(&entries(&[&keys]), AS_OF, &mut report);
        assert!(!outcome(&report).0.contains(&"versioning beta".to_owned()), "{pattern}");
    }
}

#[test]
fn an_owner_that_is_not_known_meets_no_pattern() {
    let expected = ["object-lock alpha"];
    assert_eq!(excepted("rule: object-lock, subject: { account: '*' }"), expected);
    assert_eq!(excepted("rule: object-lock, subject: { ou: '**' }"), expected);
}

#[test]
fn units_are_named_from_below_the_root() {
    let of = |ou: &str| excepted(&format!("rule: versioning, subject: {{ ou: '{ou}' }}"));
    let none: [&str; 0] = [];
    assert_eq!(of("Workloads/Prod/**"), ["versioning alpha"]);
    assert_eq!(of("Workloads/Prod/Payments/**"), ["versioning alpha"]);
    assert_eq!(of("Workloads/**"), ["versioning alpha", "versioning beta"]);
    assert_eq!(of("Workloads"), ["versioning beta"]);
    assert_eq!(of("**/Pay*"), ["versioning alpha"]);
    assert_eq!(of("Workloads/*"), none);
    assert_eq!(of("Root/Workloads/**"), none);
    assert_eq!(of("Prod/**"), none);
}

#[test]
fn every_kind_of_pattern_that_is_given_must_be_met() {
    let none: [&str; 0] = [];
    assert_eq!(excepted("rule: versioning, subject: { arn: '*alpha', account: '222222222222' }"), none);
    assert_eq!(
        excepted("rule: versioning, subject: { arn: '*alpha', ou: 'Workloads/**' }"),
        ["versioning alpha"]
    );
}

#[test]
fn a_fingerprint_accepts_its_verdict_only_where_rule_and_subject_agree() {
    let fingerprint = crate::evaluate::fingerprint("versioning", "aws", "arn:aws:s3:::beta");
    let none: [&str; 0] = [];
    assert_eq!(excepted(&format!("fingerprint: {fingerprint}")), ["versioning beta"]);
    assert_eq!(excepted(&format!("fingerprint: {fingerprint}, rule: object-lock")), none);
    assert_eq!(excepted(&format!("fingerprint: {fingerprint}, subject: {{ arn: '*alpha' }}")), none);
}

#[test]
fn tags_are_met_where_they_are_known() {
    let tags = BTreeMap::from([("team".to_owned(), "data-lake".to_owned())]);
    let known = BTreeMap::from([("arn:aws:s3:::alpha", &tags)]);
    let with = |pattern: &str| {
        let mut report = report();
        let surroundings = Surroundings { as_of: AS_OF.parse().unwrap(), tags: &known, limit: LIMIT };
        super::super::apply(
            &entries(&[&format!("rule: versioning, subject: {{ tag: '{pattern}' }}")]),
            &surroundings,
            &mut report,
        );
        outcome(&report).0
    };
    let none: [&str; 0] = [];
    assert_eq!(with("team=data-*"), ["versioning alpha"]);
    assert_eq!(with("team=*"), ["versioning alpha"]);
    assert_eq!(with("team=web"), none);
    assert_eq!(with("Team=data-lake"), none);
}

#[test]
fn an_excepted_verdict_says_why_by_whom_and_until_when() {
    let text = "exceptions:\n  - { rule: versioning, subject: { arn: '*alpha' }, reason: Moving out, owner: team, expires: 2026-12-31, ticket: T-1 }\n";
    let mut report = report();
    let warnings = applied_at(&written(text), AS_OF, &mut report);
    assert!(warnings.is_empty());
    let verdict = report.verdicts.iter().find(|verdict| verdict.status == Status::Excepted).unwrap();
    let exception = verdict.exception.as_ref().unwrap();
    assert_eq!(
        (&*exception.reason, &*exception.owner, &*exception.expires),
        ("Moving out", "team", "2026-12-31")
    );
    assert_eq!(exception.ticket.as_deref(), Some("T-1"));
    assert_eq!(report.summary().fail, 3);
}

#[test]
fn the_last_day_counts_and_the_day_after_does_not() {
    let entries = entries(&["rule: versioning, subject: { arn: '*alpha' }"]);
    let at = |as_of: &str| {
        let mut report = report();
        applied_at(&entries, as_of, &mut report);
        outcome(&report)
    };
    assert_eq!(at("2026-12-31T23:59:59Z"), (vec!["versioning alpha".to_owned()], vec![]));
    let expired = "expired: expired on 2026-12-31: 1 failure is no longer accepted".to_owned();
    assert_eq!(at("2027-01-01T00:00:00Z"), (vec![], vec![expired]));
}

#[test]
fn an_expired_exception_hides_no_later_one_that_counts() {
    let text = "exceptions:\n  - { rule: versioning, subject: { arn: '*alpha' }, reason: old, owner: o, expires: 2026-01-01 }\n  \
        - { rule: versioning, subject: { arn: '*alpha' }, reason: first, owner: o, expires: 2026-12-31 }\n  \
        - { rule: versioning, subject: { account: '111111111111' }, reason: second, owner: o, expires: 2026-12-31 }\n";
    let mut report = report();
    applied_at(&written(text), AS_OF, &mut report);
    let verdict = report.verdicts.iter().find(|verdict| verdict.status == Status::Excepted).unwrap();
    assert_eq!(verdict.exception.as_ref().unwrap().reason, "first");
    let (_, notes) = outcome(&report);
    assert_eq!(notes, ["expired: expired on 2026-01-01: 1 failure is no longer accepted"]);
}

#[test]
fn what_is_unknown_stays_unknown_and_is_told() {
    let (excepted, notes) = accepted(&["rule: object-lock, subject: { arn: '*beta' }"]);
    assert!(excepted.is_empty());
    assert_eq!(notes, ["unsettled: 1 verdict is unknown, and an exception accepts failures only"]);
}

#[test]
fn an_exception_that_accepts_nothing_is_told_with_the_reason() {
    let note = |keys: &str| accepted(&[keys]).1;
    assert_eq!(
        note("rule: versioning, subject: { arn: '*gamma' }"),
        ["unmatched: not needed: 1 verdict that it speaks of does not fail"]
    );
    assert_eq!(
        note("rule: versioning, subject: { arn: '*delta' }"),
        ["unmatched: accepts nothing: no subject of its rules is meant"]
    );
    assert_eq!(
        note("rule: versionings"),
        ["unmatched: accepts nothing: no selected rule is called `versionings`"]
    );
    assert_eq!(
        note("rule: versioning, subject: { ou: 'Workload/**' }"),
        ["unmatched: accepts nothing in what this run looked at and could read"],
        "the unit of sandbox-two is not known"
    );
    let mut report = report();
    report.run.scope.account_only = true;
    applied_at(&entries(&["rule: versioning, subject: { arn: '*delta' }"]), AS_OF, &mut report);
    assert_eq!(outcome(&report).1, ["unmatched: accepts nothing in what this run looked at and could read"]);
}

#[test]
fn an_exception_without_any_name_is_too_broad_and_counts_all_the_same() {
    for keys in [
        "rule: '*'",
        "rule: '*', subject: { arn: '*' }",
        "rule: '*', subject: { arn: ['arn:aws:*'] }",
        "rule: 'v*', subject: { arn: '*:*:*' }",
        "rule: 'v*', subject: { account: ['*', payments] }",
    ] {
        let (excepted, notes) = accepted(&[keys]);
        assert!(!excepted.is_empty());
        assert_eq!(
            notes[0], "too_broad: too broad: it names neither a rule without `*` nor a subject",
            "{keys}"
        );
    }
    assert!(accepted(&["rule: versioning"]).1.is_empty(), "a rule by its name is one decision");
    assert!(
        accepted(&["rule: 'v*', subject: { arn: 'arn:aws:s3:::*' }"]).1.is_empty(),
        "buckets are a subject"
    );
}

#[test]
fn an_exception_that_accepts_many_failures_is_too_broad() {
    let notes = |accepted: usize, others: usize, limit: usize| {
        let mut report = report();
        report.verdicts.clear();
        for n in 0..accepted + others {
            let rule = if n < accepted { "versioning" } else { "object-lock" };
            report.verdicts.push(verdict(rule, &format!("arn:aws:s3:::b{n}"), "", Status::Fail));
        }
        let surroundings = Surroundings { as_of: AS_OF.parse().unwrap(), tags: &BTreeMap::new(), limit };
        super::super::apply(&entries(&["rule: versioning"]), &surroundings, &mut report);
        assert_eq!(report.summary().excepted, accepted);
        outcome(&report).1
    };
    let none: [&str; 0] = [];
    assert_eq!(notes(9, 0, 50), none, "few failures are no measure");
    assert_eq!(notes(10, 10, 50), ["too_broad: too broad: it accepts 10 of 20 failures"]);
    assert_eq!(notes(10, 11, 50), none);
    assert_eq!(notes(50, 100, 50), none);
    assert_eq!(notes(51, 100, 50), ["too_broad: too broad: it accepts 51 of 151 failures"]);
    assert_eq!(notes(6, 100, 5), ["too_broad: too broad: it accepts 6 of 106 failures"]);
}

#[test]
fn warnings_point_at_the_entry() {
    let text = "exceptions:\n  - { rule: versionin, reason: r, owner: o, expires: 2026-12-31 }\n  \
        - { rule: versioning, subject: { arn: '*alpha' }, reason: r, owner: o, expires: 2026-01-31 }\n  \
        - { rule: '*', reason: r, owner: o, expires: 2026-12-31 }\n  \
        - { rule: object-lock, subject: { arn: '*gamma' }, reason: r, owner: o, expires: 2026-12-31 }\n";
    let warnings = applied_at(&written(text), AS_OF, &mut report());
    insta::assert_snapshot!(render_all(&warnings, false));
}

#[test]
fn many_exceptions_over_many_verdicts_take_no_long() {
    let mut report = report();
    report.verdicts.clear();
    for n in 0..20_000 {
        report.verdicts.push(verdict("versioning", &format!("arn:aws:s3:::bucket-{n}"), "", Status::Fail));
    }
    let keys = format!("rule: '*', subject: {{ arn: 'arn:{}z' }}", "*a".repeat(500));
    let started = std::time::Instant::now();
    applied_at(&entries(&vec![keys.as_str(); 100]), AS_OF, &mut report);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn an_exception_by_an_earlier_id_of_a_rule_or_by_the_fingerprint_of_that_time_still_counts() {
    let old = |keys: &str| {
        let mut report = report();
        for rule in report.rules.iter_mut().filter(|rule| rule.id == "versioning") {
            rule.aliases = vec!["bucket-versioning".to_owned()];
        }
        applied_at(&entries(&[keys]), AS_OF, &mut report);
        outcome(&report)
    };
    let (excepted, notes) = old("rule: bucket-versioning, subject: { arn: 'arn:aws:s3:::alpha' }");
    assert_eq!(excepted, ["versioning alpha"]);
    assert_eq!(notes, ["outdated: speaks of the rule `versioning` by an earlier name"]);
    let fingerprint = crate::evaluate::fingerprint("bucket-versioning", "aws", "arn:aws:s3:::alpha");
    let (excepted, notes) = old(&format!("fingerprint: {fingerprint}"));
    assert_eq!((excepted, notes), (vec!["versioning alpha".to_owned()], vec![]));
    let (excepted, notes) = old("rule: bucket-*, subject: { account: payments }");
    assert_eq!(excepted, [""; 0], "a pattern accepts no more than on the day when it was written");
    assert_eq!(notes, ["unmatched: accepts nothing: no selected rule is called `bucket-*`"]);
}
