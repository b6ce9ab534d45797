//! One report with every status, severity, subject kind and cell state, an exception, unknowns, unread places and hostile names.

#![expect(clippy::too_many_lines, reason = "it is a list of data")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailproof::inventory::{Call, Gap, GapReason, Origin, Scope};
use trailproof::report::{
    AccountCoverage, Baseline, ControlSummary, CoverageCell, Evidence, Exception, ExceptionNote,
    ExceptionTrouble, FrameworkSummary, GapEffect, PackSummary, Recorded, Remedy, Report, RuleSummary, Run,
    Severity, Status, Subject, SubjectKind, Unread, Verdict,
};

/// A name with something for every format: markup, table cells, lines, terminal, formula, direction, mention, link.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>|x`\n\u{1b}[31m=cmd()\u{202e}gpj.exe @octocat #1 [a](http://evil.test) {0} \u{9b}\u{2028}";

pub(crate) const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
];
const MANAGEMENT: &str = "111122223333";
const AUDIT: &str = "222233334444";
const SANDBOX: &str = "777788889999";
const DENIED: &str = "999900001111";

/// The sample, in the order that `evaluate` gives.
pub(crate) fn report() -> Report {
    let mut report = Report {
        run: run(),
        rules: rules(),
        verdicts: verdicts(),
        gaps: vec![GapEffect { gap: role_gap(), verdicts: 2 }, GapEffect { gap: lock_gap(), verdicts: 1 }],
        unread: vec![
            Unread { account: DENIED.into(), region: None, gap: role_gap() },
            Unread {
                account: SANDBOX.into(),
                region: Some("me-south-1".into()),
                gap: gap(
                    "cloudtrail:DescribeTrails",
                    SANDBOX,
                    "me-south-1",
                    "",
                    GapReason::TimedOut,
                    "no answer after 5 attempts",
                ),
            },
        ],
        coverage: coverage(),
        frameworks: frameworks(),
        drift: None,
        exceptions: vec![
            ExceptionNote {
                trouble: ExceptionTrouble::Expired,
                place: "trailproof.yaml:14".into(),
                scope: "rule log-file-validation, arn arn:aws:cloudtrail:*:trail/legacy".into(),
                message: "expired on 2026-10-31: 1 failure is no longer accepted".into(),
            },
            ExceptionNote {
                trouble: ExceptionTrouble::Unmatched,
                place: "trailproof.yaml:22".into(),
                scope: format!("rule trail-logging, account {HOSTILE}"),
                message: "accepts nothing: no subject of its rules is meant".into(),
            },
        ],
    };
    report.sort();
    crate::drift::mark(&mut report);
    report
}

pub(crate) fn run() -> Run {
    Run {
        tool_version: "0.1.0".into(),
        as_of: "2026-11-20T06:00:00Z".into(),
        started_at: "2026-11-20T06:00:00Z".into(),
        finished_at: "2026-11-20T06:00:41Z".into(),
        caller_account: AUDIT.into(),
        caller_arn: format!("arn:aws:sts::{AUDIT}:assumed-role/trailproof/nightly"),
        partition: "aws".into(),
        organization: Some("o-acme12345".into()),
        management_account: Some(MANAGEMENT.into()),
        scope: Scope::default(),
        interrupted: false,
        calls: 1_843,
        packs: vec![PackSummary {
            id: "baseline".into(),
            title: "Baseline".into(),
            version: "1.0.0".into(),
            digest: "9f2c1a7be0d45f6388c1b2a49d07e6f5c3a8812b4e90d7f6a5c4b3e2d1f09876".into(),
        }],
        baseline: Baseline::Results("2026-11-19T06:00:00Z".into()),
    }
}

pub(crate) fn call(operation: &str, account: &str, region: &str, resource: &str) -> Origin {
    Origin::from(Call {
        operation: operation.into(),
        account: account.into(),
        region: region.into(),
        resource: resource.into(),
    })
}

pub(crate) fn gap(
    operation: &str,
    account: &str,
    region: &str,
    resource: &str,
    reason: GapReason,
    detail: &str,
) -> Gap {
    Gap { origin: call(operation, account, region, resource), reason, detail: detail.into() }
}

fn role_gap() -> Gap {
    gap(
        "sts:AssumeRole",
        AUDIT,
        "us-east-1",
        &format!("arn:aws:iam::{DENIED}:role/trailproof-audit"),
        GapReason::Denied,
        "AccessDenied: not authorized to perform sts:AssumeRole",
    )
}

fn lock_gap() -> Gap {
    gap(
        "s3:GetBucketObjectLockConfiguration",
        AUDIT,
        "eu-west-1",
        "acme-cloudtrail-logs",
        GapReason::Denied,
        "AccessDenied: Access Denied",
    )
}

fn rule(id: &str, title: &str, subject: SubjectKind, severity: Severity) -> RuleSummary {
    RuleSummary {
        id: id.into(),
        aliases: Vec::new(),
        title: title.into(),
        subject,
        severity,
        why: format!(
            "Why {} matters, in a sentence or two that an auditor can quote. It says what an intruder gains.",
            title.to_lowercase()
        ),
        remedy: Remedy { text: format!("Mend {}.", title.to_lowercase()).into(), ..Remedy::default() },
        controls: BTreeMap::from([
            ("cis-aws-7.0".to_owned(), vec!["4.2".to_owned()]),
            ("aws-fsbp".to_owned(), vec!["CloudTrail.4".to_owned()]),
        ]),
        references: vec!["https://docs.aws.amazon.com/awscloudtrail/latest/userguide/".into()],
        parameters: BTreeMap::new(),
    }
}

fn rules() -> Vec<RuleSummary> {
    use {Severity as S, SubjectKind as K};
    let mut logging = rule("trail-logging", "Trail logging", K::Trail, S::Critical);
    logging.why =
        "A trail that does not log records nothing: whatever happens meanwhile leaves no evidence at all."
            .into();
    logging.remedy = Remedy {
        text: "Start logging, and find out who stopped it and why.".into(),
        cli: "aws cloudtrail start-logging --name TRAIL_ARN".into(),
        terraform: "resource \"aws_cloudtrail\" \"main\" {\n  enable_logging = true\n}".into(),
        cloudformation: "Type: AWS::CloudTrail::Trail\nProperties:\n  IsLogging: true".into(),
    };
    let mut lock = rule("log-bucket-object-lock", "Object Lock on the log bucket", K::LogBucket, S::High);
    lock.parameters = BTreeMap::from([
        ("object_lock_mode".to_owned(), json!("any")),
        ("object_lock_days".to_owned(), json!(365)),
    ]);
    let mut hostile = rule("data-events-scoped", "Data events of named resources", K::Trail, S::Info);
    hostile.why = HOSTILE.into();
    hostile.remedy.cli = format!("aws cloudtrail put-event-selectors \\\n  --trail-name '{HOSTILE}'").into();
    hostile.references.push("javascript:alert(1)".into());
    hostile.controls.insert("cis-aws-7.0".into(), vec!["4.10".into(), "4.9".into()]);
    vec![
        rule("cloudwatch-logs-integration", "CloudWatch Logs integration", K::Trail, S::Low),
        hostile,
        lock,
        rule("log-bucket-public-access", "Public access to the log bucket", K::LogBucket, S::Critical),
        rule("log-file-validation", "Log file validation", K::Trail, S::Medium),
        rule("log-key-rotation", "Rotation of the log key", K::Trail, S::Low),
        rule("management-event-coverage", "Management event coverage", K::Account, S::High),
        rule("organization-trail", "Organization trail", K::Organization, S::High),
        logging,
    ]
}

pub(crate) fn verdict(
    rule: &str,
    status: Status,
    severity: Severity,
    subject: Subject,
    message: &str,
) -> Verdict {
    let fingerprint = fingerprint(rule, &subject.id);
    Verdict {
        rule: rule.into(),
        status,
        severity,
        subject: subject.into(),
        message: message.into(),
        remedy: None,
        fingerprint,
        because: Vec::new(),
        gaps: [].into(),
        was_failing_on: None,
        since: None,
        exception: None,
    }
}

/// Any function of rule and subject will do.
fn fingerprint(rule: &str, id: &str) -> String {
    let fold = |seed: u64| {
        format!("{rule}|{id}")
            .bytes()
            .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    [1, 2, 3, 4].map(|seed| format!("{:016x}", fold(0xcbf2_9ce4_8422_2325 ^ seed))).concat()
}

pub(crate) fn trail(name: &str, account: &str, region: &str) -> Subject {
    Subject {
        kind: SubjectKind::Trail,
        id: format!("arn:aws:cloudtrail:{region}:{account}:trail/{name}"),
        name: name.into(),
        account: account.into(),
        region: region.into(),
    }
}

fn bucket(name: &str) -> Subject {
    Subject {
        kind: SubjectKind::LogBucket,
        id: format!("arn:aws:s3:::{name}"),
        name: name.into(),
        account: AUDIT.into(),
        region: "eu-west-1".into(),
    }
}

pub(crate) fn account(id: &str, name: &str) -> Subject {
    Subject {
        kind: SubjectKind::Account,
        id: id.into(),
        name: name.into(),
        account: id.into(),
        region: String::new(),
    }
}

fn organization() -> Subject {
    Subject {
        kind: SubjectKind::Organization,
        id: "o-acme12345".into(),
        name: "o-acme12345".into(),
        account: MANAGEMENT.into(),
        region: String::new(),
    }
}

fn evidence(fact: &str, value: Value, origins: Vec<Origin>) -> Evidence {
    Evidence { fact: fact.into(), value, origins: origins.into() }
}

fn verdicts() -> Vec<Verdict> {
    let mut verdicts = failures();
    verdicts.extend(others());
    verdicts.extend(organization_wide());
    verdicts
}

fn failures() -> Vec<Verdict> {
    use {Severity as S, Status::Fail};
    let mut stopped = verdict(
        "trail-logging",
        Fail,
        S::Critical,
        trail("payments-audit", "444455556666", "eu-west-1"),
        "payments-audit does not log; it was stopped on 2026-11-14T22:10:03Z",
    );
    stopped.because = vec![
        evidence(
            "trail.is_logging",
            json!(false),
            vec![call("cloudtrail:GetTrailStatus", "444455556666", "eu-west-1", "payments-audit")],
        ),
        evidence(
            "trail.stopped_at",
            json!("2026-11-14T22:10:03Z"),
            vec![call("cloudtrail:GetTrailStatus", "444455556666", "eu-west-1", "payments-audit")],
        ),
    ];
    stopped.remedy = Some(Box::new(Remedy {
        text: "Start logging, and find out who stopped it and why.".into(),
        cli: "aws cloudtrail start-logging --region eu-west-1 --name arn:aws:cloudtrail:eu-west-1:444455556666:trail/payments-audit".into(),
        terraform: "resource \"aws_cloudtrail\" \"payments-audit\" {\n  enable_logging = true\n}".into(),
        cloudformation: "Type: AWS::CloudTrail::Trail\nProperties:\n  IsLogging: true".into(),
    }));
    let mut open = verdict(
        "log-bucket-public-access",
        Fail,
        S::Critical,
        bucket("acme-legacy-trails"),
        "acme-legacy-trails can be read by everyone: its policy is public and Block Public Access is off",
    );
    open.because = vec![
        evidence(
            "log_bucket.policy_is_public",
            json!(true),
            vec![call("s3:GetBucketPolicyStatus", AUDIT, "eu-west-1", "acme-legacy-trails")],
        ),
        evidence(
            "log_bucket.public_access_block",
            json!({"block_public_acls": false, "restrict_public_buckets": false}),
            vec![
                call("s3:GetPublicAccessBlock", AUDIT, "eu-west-1", "acme-legacy-trails"),
                call("s3control:GetPublicAccessBlock", AUDIT, "eu-west-1", AUDIT),
            ],
        ),
    ];
    let mut uncovered = verdict(
        "management-event-coverage",
        Fail,
        S::High,
        account(SANDBOX, "sandbox-research"),
        "sandbox-research: management events of 3 regions are not recorded, or only in part",
    );
    uncovered.because = vec![evidence(
        "account.uncovered_regions",
        json!(["ap-south-1", "eu-north-1", "sa-east-1"]),
        REGIONS.iter().map(|region| call("cloudtrail:DescribeTrails", SANDBOX, region, "")).collect(),
    )];
    let mut hostile = verdict(
        "data-events-scoped",
        Fail,
        S::Info,
        trail(HOSTILE, "666677778888", "us-east-1"),
        &format!("{HOSTILE} records data events of every bucket"),
    );
    hostile.because = vec![evidence(
        "trail.name",
        json!(HOSTILE),
        vec![call("cloudtrail:GetEventSelectors", "666677778888", "us-east-1", HOSTILE)],
    )];
    hostile.remedy = Some(Box::new(Remedy {
        text: HOSTILE.into(),
        cli: format!("aws x \\\n  '{HOSTILE}'").into(),
        ..Remedy::default()
    }));
    let mut verdicts = vec![stopped, open, uncovered, hostile];
    for (name, id) in [
        ("orders-local", "555566667777"),
        ("ml-experiments", "666677778888"),
        ("legacy", SANDBOX),
        ("build-tools", "333344445555"),
    ] {
        let mut unvalidated = verdict(
            "log-file-validation",
            Fail,
            S::Medium,
            trail(name, id, "us-east-1"),
            &format!("{name} delivers log files without digest files"),
        );
        unvalidated.because = vec![evidence(
            "trail.validates_log_files",
            json!(false),
            vec![call("cloudtrail:DescribeTrails", id, "us-east-1", "")],
        )];
        unvalidated.remedy = Some(Box::new(Remedy {
            text: "Turn on log file validation.".into(),
            cli: format!("aws cloudtrail update-trail --name {name} --enable-log-file-validation").into(),
            ..Remedy::default()
        }));
        verdicts.push(unvalidated);
    }
    verdicts.push(verdict(
        "cloudwatch-logs-integration",
        Fail,
        S::Low,
        trail("orders-local", "555566667777", "us-east-1"),
        "orders-local does not deliver to CloudWatch Logs",
    ));
    verdicts
}

fn others() -> Vec<Verdict> {
    use {Severity as S, Status as T};
    let mut lock = verdict(
        "log-bucket-object-lock",
        T::Unknown,
        S::High,
        bucket("acme-cloudtrail-logs"),
        "whether acme-cloudtrail-logs keeps its objects from being deleted is not known",
    );
    lock.gaps = [lock_gap()].into();
    lock.was_failing_on = Some("2026-11-19T06:00:00Z".into());
    let mut denied = verdict(
        "management-event-coverage",
        T::Unknown,
        S::High,
        account(DENIED, "acquired-subsidiary"),
        "whether every region of acquired-subsidiary is covered is not known",
    );
    denied.gaps = [role_gap()].into();
    let mut validation = verdict(
        "log-file-validation",
        T::Unknown,
        S::Medium,
        trail("subsidiary", DENIED, "us-east-1"),
        "whether subsidiary delivers digest files is not known",
    );
    validation.gaps = [role_gap()].into();
    validation.was_failing_on = Some("2026-11-19T06:00:00Z".into());
    let mut excepted = verdict(
        "log-bucket-object-lock",
        T::Excepted,
        S::High,
        bucket("acme-legacy-trails"),
        "acme-legacy-trails has no Object Lock",
    );
    excepted.exception = Some(Box::new(Exception {
        reason: "Emptied and deleted with the data centre move".into(),
        owner: "platform-security@acme.example".into(),
        expires: "2027-01-31".into(),
        ticket: Some("SEC-1142".into()),
    }));
    let mut pass = verdict(
        "trail-logging",
        T::Pass,
        S::Critical,
        trail("acme-organization", MANAGEMENT, "us-east-1"),
        "acme-organization logs",
    );
    pass.because = vec![evidence(
        "trail.is_logging",
        json!(true),
        vec![call("cloudtrail:GetTrailStatus", MANAGEMENT, "us-east-1", "acme-organization")],
    )];
    vec![
        lock,
        denied,
        validation,
        excepted,
        pass,
        verdict(
            "log-file-validation",
            T::Pass,
            S::Medium,
            trail("acme-organization", MANAGEMENT, "us-east-1"),
            "acme-organization delivers digest files",
        ),
        verdict(
            "log-bucket-public-access",
            T::Pass,
            S::Critical,
            bucket("acme-cloudtrail-logs"),
            "acme-cloudtrail-logs is closed to the public",
        ),
        verdict(
            "data-events-scoped",
            T::NotApplicable,
            S::Info,
            trail("acme-organization", MANAGEMENT, "us-east-1"),
            "acme-organization records no data events",
        ),
        verdict(
            "cloudwatch-logs-integration",
            T::Pass,
            S::Low,
            trail("acme-organization", MANAGEMENT, "us-east-1"),
            "acme-organization delivers to CloudWatch Logs",
        ),
    ]
}

fn organization_wide() -> Vec<Verdict> {
    let mut verdicts = vec![verdict(
        "organization-trail",
        Status::Pass,
        Severity::High,
        organization(),
        "acme-organization records every account",
    )];
    for (id, name, ..) in ACCOUNTS.iter().filter(|(id, ..)| ![SANDBOX, DENIED, "121212121212"].contains(id)) {
        verdicts.push(verdict(
            "management-event-coverage",
            Status::Pass,
            Severity::High,
            account(id, name),
            &format!("every enabled region of {name} is covered"),
        ));
    }
    verdicts
}

const ACCOUNTS: [(&str, &str, &[&str]); 12] = [
    (MANAGEMENT, "acme-management", &["Root"]),
    (AUDIT, "acme-audit", &["Root", "Security"]),
    ("333344445555", "acme-tools", &["Root", "Infrastructure"]),
    ("444455556666", "payments-prod", &["Root", "Workloads", "Production"]),
    ("555566667777", "orders-prod", &["Root", "Workloads", "Production"]),
    ("666677778888", HOSTILE, &["Root", "Workloads", "Test"]),
    (SANDBOX, "sandbox-research", &["Root", "Sandbox"]),
    ("888899990000", "network", &["Root", "Infrastructure"]),
    (DENIED, "acquired-subsidiary", &["Root", "Workloads", "Production"]),
    ("101010101010", "web-test", &["Root", "Workloads", "Test"]),
    ("121212121212", "closed-pilot", &["Root", "Suspended"]),
    ("131313131313", "identity", &["Root", "Security"]),
];

fn coverage() -> Vec<AccountCoverage> {
    let mut accounts: Vec<AccountCoverage> = ACCOUNTS
        .iter()
        .map(|(id, name, path)| AccountCoverage {
            account: (*id).into(),
            name: (*name).into(),
            path: path.iter().map(|unit| (*unit).into()).collect(),
            evaluated: *id != "121212121212",
            note: if *id == "121212121212" { "suspended".into() } else { String::new() },
            cells: REGIONS.iter().filter(|_| *id != "121212121212").map(|region| cell(id, region)).collect(),
        })
        .collect();
    accounts.sort_by(|a, b| a.account.cmp(&b.account));
    accounts
}

fn cell(account: &str, region: &str) -> CoverageCell {
    use Recorded as R;
    let (reads, writes) = match (account, region) {
        (DENIED, _) | (SANDBOX, "eu-west-3") => (R::Unknown, R::Unknown),
        (SANDBOX, "ap-south-1") => (R::Yes, R::No),
        (SANDBOX, "eu-north-1") => (R::No, R::Yes),
        (SANDBOX, "sa-east-1") => (R::No, R::No),
        (SANDBOX, "us-west-2") => (R::Unknown, R::Yes),
        (SANDBOX, "ap-northeast-3") => (R::OutOfScope, R::OutOfScope),
        (id, "me-south-1") if id != MANAGEMENT => (R::Disabled, R::Disabled),
        _ => (R::Yes, R::Yes),
    };
    let mut trails = Vec::new();
    if reads == R::Yes || writes == R::Yes {
        trails.push("acme-organization".to_owned());
    }
    if account == "666677778888" && region == "us-east-1" {
        trails.push(HOSTILE.into());
    }
    CoverageCell { region: region.into(), reads, writes, trails }
}

/// One framework that a pack is made for, with a control of each kind, and one that rules only name.
fn frameworks() -> Vec<FrameworkSummary> {
    let control = |id: &str, title: &str, note: &str, rules: &[&str]| ControlSummary {
        id: id.into(),
        title: title.into(),
        note: note.into(),
        rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
    };
    let framework = |id: &str, title: &str, is_selected, controls| FrameworkSummary {
        id: id.into(),
        title: title.into(),
        version: "7.0.0".into(),
        url: "https://example.com/benchmark".into(),
        is_selected,
        controls,
    };
    let mut frameworks = vec![
        framework(
            "aws-fsbp",
            "AWS Security Hub CSPM controls",
            false,
            vec![
                control("CloudTrail.4", "Log file validation is on", "", &["log-file-validation"]),
                control("CloudTrail.9", "Trails have tags", "Listed in another standard.", &[]),
            ],
        ),
        framework(
            "cis-aws-7.0",
            "CIS Amazon Web Services Foundations Benchmark",
            true,
            vec![
                control(
                    "4.1",
                    "Every region is recorded",
                    "",
                    &["management-event-coverage", "trail-logging"],
                ),
                control("4.2", "Log file validation is on", "Judged by its flag.", &["log-file-validation"]),
                control("4.6", "Keys are rotated", "", &["log-key-rotation"]),
                control("4.9", HOSTILE, HOSTILE, &["data-events-scoped"]),
                control("5.1", "Alert on unauthorized API calls", "", &[]),
                control(HOSTILE, HOSTILE, "", &[]),
            ],
        ),
    ];
    frameworks[0].url = "javascript:alert(1)".into();
    frameworks
}
