use super::*;
use crate::facts::tests::sample;
use crate::facts::{AccountFacts, Fact, Listing, RegionFacts, TrailFacts, TrailRecordingFacts};
use crate::inventory::{Call, GapReason, Origin, Scope};
use crate::pack::builtin;
use crate::report::Baseline;
use crate::source::Source;

fn call(operation: &str, region: &str) -> Origin {
    Origin::from(Call {
        operation: operation.into(),
        account: "111122223333".into(),
        region: region.into(),
        resource: String::new(),
    })
}

fn denied(operation: &str, region: &str) -> Gap {
    Gap { origin: call(operation, region), reason: GapReason::Denied, detail: "AccessDenied".into() }
}

fn run() -> Run {
    Run {
        tool_version: "0.1.0".into(),
        as_of: "2026-01-01T00:00:00Z".into(),
        started_at: "2026-01-01T00:00:00Z".into(),
        finished_at: "2026-01-01T00:00:01Z".into(),
        caller_account: "111122223333".into(),
        caller_arn: "arn:aws:iam::111122223333:role/audit".into(),
        partition: "aws".into(),
        organization: None,
        management_account: None,
        scope: Scope::default(),
        interrupted: false,
        calls: 0,
        packs: Vec::new(),
        baseline: Baseline::NotGiven,
    }
}

fn trail(name: &str, is_logging: Fact<bool>) -> TrailFacts {
    let yes = || Fact::known(true, Vec::new());
    let text = || Fact::known(String::new(), Vec::new());
    TrailFacts {
        arn: format!("arn:aws:cloudtrail:eu-central-1:111122223333:trail/{name}"),
        name: name.into(),
        owner: "111122223333".into(),
        home_region: "eu-central-1".into(),
        is_multi_region: true,
        is_organization_trail: false,
        includes_global_service_events: true,
        validates_log_files: true,
        is_logging,
        has_delivered: yes(),
        hours_since_delivery: Fact::known(1, Vec::new()),
        hours_since_logging_started: Fact::known(1, Vec::new()),
        delivery_error: String::new(),
        has_delivery_error: Fact::known(false, Vec::new()),
        bucket: "logs".into(),
        kms_key: String::new(),
        has_kms_key: false,
        key_is_customer_managed: yes(),
        key_is_enabled: yes(),
        key_state: text(),
        recording: recording(),
        replicas_are_logging: yes(),
        described_by: Origin::Stated("the test".to_owned()),
        ..sample().trails.remove(0)
    }
}

fn recording() -> TrailRecordingFacts {
    let yes = || Fact::known(true, Vec::new());
    let text = || Fact::known(String::new(), Vec::new());
    TrailRecordingFacts {
        records_management_events: yes(),
        records_management_reads: yes(),
        records_management_writes: yes(),
        excludes_management_sources: yes(),
        excluded_management_sources: text(),
        records_data_events: yes(),
        account_wide_data_events: text(),
        records_network_activity: yes(),
        network_activity_sources: text(),
        records_insights_call_rate: yes(),
        records_insights_error_rate: yes(),
        insights_kinds: text(),
        is_redundant_for_management_events: yes(),
        repeated_by: String::new(),
    }
}

fn region(name: &str, reads: Fact<bool>) -> RegionFacts {
    RegionFacts {
        name: Fact::known(name.into(), Vec::new()),
        records_management_reads: reads,
        records_management_writes: Fact::known(true, vec![call("cloudtrail:DescribeTrails", name)]),
        records_s3_object_reads: Fact::known(true, Vec::new()),
        records_s3_object_writes: Fact::known(true, Vec::new()),
        recorded_by: Vec::new().into(),
    }
}

fn account(id: &str, regions: Listing<RegionFacts>) -> AccountFacts {
    AccountFacts {
        id: id.into(),
        name: "shop".into(),
        is_management_account: false,
        is_active: true,
        has_logging_multi_region_trail: Fact::known(true, Vec::new()),
        records_global_service_events: Fact::known(true, Vec::new()),
        regions,
        unrecorded: String::new(),
        unrecorded_s3_objects: String::new(),
        ..sample().accounts.remove(0)
    }
}

fn facts(accounts: Vec<AccountFacts>, trails: Vec<TrailFacts>) -> Facts {
    Facts {
        organizations: Vec::new(),
        accounts,
        trails,
        event_data_stores: Vec::new(),
        log_buckets: Vec::new(),
        log_keys: Vec::new(),
        log_groups: Vec::new(),
        coverage: Vec::new(),
        unread: Vec::new(),
        gaps: Vec::new(),
    }
}

fn baseline() -> Pack {
    Pack::load(builtin("baseline").unwrap())
        .unwrap_or_else(|diagnostics| panic!("{}", crate::diagnostic::render_all(&diagnostics, false)))
}

fn judged(facts: &Facts, rule: &str) -> Vec<Verdict> {
    let report = evaluate(&[baseline()], facts, run()).unwrap();
    report.verdicts.into_iter().filter(|verdict| *verdict.rule == *rule).collect()
}

#[test]
fn a_stopped_trail_fails_with_its_name_a_remedy_and_the_call_that_showed_it() {
    let status = call("cloudtrail:GetTrailStatus", "eu-central-1");
    let stopped = trail("audit $(rm)", Fact::known(false, vec![status.clone()]));
    let [verdict] = &judged(&facts(Vec::new(), vec![stopped]), "trail-logging")[..] else { panic!() };
    assert_eq!(verdict.status, Status::Fail);
    assert_eq!(&*verdict.message, "audit $(rm) exists but is not recording");
    let cli = &verdict.remedy.as_ref().unwrap().cli;
    assert!(
        cli.contains("--name 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit $(rm)' --region eu-c"),
        "{cli}"
    );
    assert_eq!(verdict.because.len(), 1);
    assert_eq!(&*verdict.because[0].fact, "trail.is_logging");
    assert_eq!(*verdict.because[0].origins, [status]);
    assert_eq!(verdict.fingerprint.len(), 64);
}

#[test]
fn a_fact_inside_a_record_is_evidence_with_its_own_origin_and_its_gaps_are_found() {
    let alarms = call("cloudwatch:DescribeAlarms", "eu-central-1");
    let gap = denied("sns:ListSubscriptionsByTopic", "eu-central-1");
    let one = |is_raised: Fact<bool>| {
        let mut one = account("111122223333", Listing::complete(Vec::new()));
        one.relies_on_organization_trail = Fact::known(false, Vec::new());
        let alert = &mut std::sync::Arc::make_mut(&mut one.alerts).root_usage;
        alert.is_raised = is_raised;
        alert.broken_at = "no alarm watches the metric root-usage".to_owned();
        judged(&facts(vec![one], Vec::new()), "alert-root-usage").remove(0)
    };
    let failed = one(Fact::known(false, vec![alarms.clone()]));
    assert_eq!(failed.status, Status::Fail);
    assert_eq!(
        &*failed.message,
        "shop (111122223333): not every use of the root user raises an alert: no alarm watches the metric root-usage"
    );
    let evidence = failed.because.last().unwrap();
    assert_eq!(&*evidence.fact, "account.alerts.root_usage.is_raised");
    assert_eq!((&evidence.value, &evidence.origins[..]), (&false.into(), &[alarms][..]));
    let open = one(Fact::Unknown(vec![gap.clone()]));
    assert_eq!((open.status, &*open.gaps), (Status::Unknown, &[gap][..]));
}

#[test]
fn a_denied_call_makes_the_verdict_that_needs_it_unknown_and_no_other() {
    let gap = denied("cloudtrail:GetTrailStatus", "eu-central-1");
    let hidden = facts(Vec::new(), vec![trail("audit", Fact::Unknown(vec![gap.clone()]))]);
    let report = evaluate(&[baseline()], &hidden, run()).unwrap();
    let unknown: Vec<&Verdict> =
        report.verdicts.iter().filter(|verdict| verdict.status == Status::Unknown).collect();
    // Delivery and the like are only asked of a trail that is recording.
    let rules: Vec<&str> = unknown.iter().map(|verdict| &*verdict.rule).collect();
    assert_eq!(
        rules,
        [
            "log-delivery",
            "trail-logging",
            "trail-replica-logging",
            "digest-delivery",
            "redundant-management-trails"
        ]
    );
    for verdict in unknown {
        assert_eq!(
            &*verdict.message,
            "cannot tell: cloudtrail:GetTrailStatus in 111122223333 eu-central-1 was denied (AccessDenied)"
        );
    }
    assert_eq!(report.gaps, [GapEffect { gap, verdicts: 5 }]);
}

#[test]
fn a_region_that_may_be_missing_keeps_a_pass_open_but_does_not_undo_a_failure() {
    let listing = |reads: bool| Listing {
        rows: vec![region("eu-central-1", Fact::known(reads, Vec::new()))],
        missing: vec![denied("account:ListRegions", "us-east-1")],
        phantom: Some(RegionFacts {
            name: Fact::Unknown(Vec::new()),
            records_management_reads: Fact::Unknown(Vec::new()),
            records_management_writes: Fact::known(true, Vec::new()),
            records_s3_object_reads: Fact::known(true, Vec::new()),
            records_s3_object_writes: Fact::known(true, Vec::new()),
            recorded_by: Vec::new().into(),
        }),
    };
    let both = vec![account("111122223333", listing(true)), account("444455556666", listing(false))];
    let verdicts = judged(&facts(both, Vec::new()), "management-event-coverage");
    let statuses: Vec<_> =
        verdicts.iter().map(|verdict| (verdict.subject.id.as_str(), verdict.status)).collect();
    assert_eq!(statuses, [("111122223333", Status::Unknown), ("444455556666", Status::Fail)]);
    assert_eq!(*verdicts[0].gaps, [denied("account:ListRegions", "us-east-1")]);
    let reads = verdicts[1].because.iter().find(|evidence| evidence.fact.ends_with("reads")).unwrap();
    assert_eq!(reads.value, serde_json::json!({ "false": ["eu-central-1"], "more": "possibly" }));
}

#[test]
fn what_is_known_of_every_missing_region_can_settle_the_verdict() {
    let known = Fact::known(true, vec![call("cloudtrail:DescribeTrails", "eu-central-1")]);
    let mut phantom = region("?", known.clone());
    phantom.name = Fact::Unknown(vec![denied("account:ListRegions", "us-east-1")]);
    let regions = Listing {
        rows: vec![region("eu-central-1", known)],
        missing: vec![denied("account:ListRegions", "us-east-1")],
        phantom: Some(phantom),
    };
    let covered = facts(vec![account("111122223333", regions)], Vec::new());
    assert_eq!(judged(&covered, "management-event-coverage")[0].status, Status::Pass);
}

fn plain_pack() -> Vec<Source> {
    let rule = "id: r\ntitle: R\nsubject: trail\nseverity: low\nassert: trail.is_logging\nmessage: m\nwhy: w\nremedy: { text: t }\nexamples:\n\
        - { name: a, expect: pass, facts: { is_logging: true } }\n- { name: b, expect: fail, facts: { is_logging: false } }\n";
    vec![Source::new("pack.yaml", "id: p\ntitle: P\nversion: '1'\n"), Source::new("r.yaml", rule)]
}

#[test]
fn hostile_names_appear_as_signs() {
    let stopped = trail("a\u{1b}[31m\nb\u{202e}c", Fact::known(false, Vec::new()));
    let verdicts = judged(&facts(Vec::new(), vec![stopped]), "trail-logging");
    assert_eq!(&*verdicts[0].message, r"a\u{1b}[31m\u{a}b\u{202e}c exists but is not recording");
}

#[test]
fn a_rule_in_two_packs_is_judged_once() {
    let stopped = trail("audit", Fact::known(false, Vec::new()));
    let report = evaluate(&[baseline(), baseline()], &facts(Vec::new(), vec![stopped]), run()).unwrap();
    let verdicts = report.verdicts.iter().filter(|verdict| &*verdict.rule == "trail-logging");
    assert_eq!(verdicts.count(), 1);
}

#[test]
fn two_rules_of_one_id_are_refused_with_both_files() {
    let named = |pack: &str, text: &str| {
        let mut files = plain_pack();
        for file in &mut files {
            file.name = format!("{pack}/{}", file.name);
            file.text = file.text.replace("title: R", text);
        }
        Pack::load(files).unwrap()
    };
    let packs = [named("a", "title: A"), named("b", "title: B")];
    let defects = evaluate(&packs, &facts(Vec::new(), Vec::new()), run()).unwrap_err();
    let [Defect::Packs(found)] = &defects[..] else { panic!("{defects:?}") };
    let shown = crate::diagnostic::render_all(found, false);
    assert!(shown.contains("a/r.yaml:1") && shown.contains("b/r.yaml:1"), "{shown}");
}

#[test]
fn a_failing_evaluation_is_a_defect_and_not_an_unknown() {
    let rule = "id: r\ntitle: R\nsubject: trail\nseverity: low\nassert: 1 / (trail.hours_since_delivery - 1) < 5\nmessage: m\nwhy: w\n\
        remedy: { text: t }\nexamples:\n- { name: a, expect: pass, facts: { hours_since_delivery: 9 } }\n\
        - { name: b, expect: fail, facts: { hours_since_delivery: 1 } }\n";
    let rule = rule.replace("hours_since_delivery: 1 }", "hours_since_delivery: 2 }").replace("< 5", "< 1");
    let files =
        vec![Source::new("pack.yaml", "id: p\ntitle: P\nversion: '1'\n"), Source::new("r.yaml", rule)];
    let pack = Pack::load(files).unwrap_or_else(|d| panic!("{}", crate::diagnostic::render_all(&d, false)));
    let trails = vec![trail("audit", Fact::known(true, Vec::new()))];
    let defects = evaluate(&[pack], &facts(Vec::new(), trails), run()).unwrap_err();
    assert!(defects[0].to_string().contains("Division by zero"), "{}", defects[0]);
}

#[test]
fn the_fingerprint_is_that_of_rule_partition_and_subject() {
    assert_eq!(fingerprint("r", "aws", "s"), hex(&Sha256::digest(b"r\0aws\0s")));
}
