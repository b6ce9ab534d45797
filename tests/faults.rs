//! One failing call leaves unknown exactly the verdicts that need it, and every other verdict as it was.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::{Stage, fixture, verdicts};
use trailproof_replica::{Fault, Kind};

const ORGANIZATION_TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/organization-audit";
const WORKLOAD_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:trail/workload-local";
const SANDBOX_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/sandbox-local";
const TRAILS: [&str; 3] = [ORGANIZATION_TRAIL, WORKLOAD_TRAIL, SANDBOX_TRAIL];
const ACCOUNTS: [&str; 4] = ["111111111111", "222222222222", "333333333333", "444444444444"];
const LOGS: &str = "arn:aws:s3:::acme-logs";
const BUCKETS: [&str; 3] = [LOGS, "arn:aws:s3:::acme-workload", "arn:aws:s3:::acme-sandbox"];
/// Rules about buckets that need the bucket's configuration, not only its existence.
const BUCKET_RULES: [&str; 4] =
    ["log-bucket-account", "log-bucket-public-access", "log-bucket-object-lock", "log-bucket-versioning"];
const ACCOUNT_RULES: [&str; 3] = ["multi-region-trail", "management-event-coverage", "global-service-events"];

/// What a failing operation costs.
enum Cost {
    /// The audit cannot be run.
    Everything,
    /// These verdicts become unknown, and no other changes.
    Unknown(Vec<(&'static str, &'static str)>),
    /// These verdicts become unknown, and nothing can be said of these subjects, because nothing shows that they exist.
    Hidden { unknown: Vec<(&'static str, &'static str)>, subjects: Vec<&'static str> },
    /// The operation is not asked for in this world.
    NotAsked,
}

fn pairs(rules: &[&'static str], subjects: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    rules.iter().flat_map(|rule| subjects.iter().map(move |subject| (*rule, *subject))).collect()
}

#[allow(clippy::too_many_lines, reason = "one table")]
/// Written by hand from what each rule asks; the words of AWS's documentation decide, not our output.
fn cost(service: &str, operation: &str) -> Cost {
    let nothing = || Cost::Unknown(Vec::new());
    let accounts = pairs(&ACCOUNT_RULES, &ACCOUNTS);
    match (service, operation) {
        ("sts", "GetCallerIdentity") | ("organizations", "DescribeOrganization" | "ListAccounts") => {
            Cost::Everything
        }
        // The organization trail is read with the management account's own credentials and covers everybody. What it
        // does not show are the trails of the members, and who owns the bucket and the key.
        ("sts", "AssumeRole") => Cost::Hidden {
            unknown: [pairs(&BUCKET_RULES, &[LOGS]), vec![("log-encryption", ORGANIZATION_TRAIL)]].concat(),
            subjects: vec![
                WORKLOAD_TRAIL,
                SANDBOX_TRAIL,
                "arn:aws:s3:::acme-workload",
                "arn:aws:s3:::acme-sandbox",
            ],
        },
        // What they say does not decide here: units are for reports, and acme-logs is closed without the bucket's own switches,
        // acme-workload by its account.
        ("organizations", "ListRoots" | "ListOrganizationalUnitsForParent" | "ListAccountsForParent")
        | ("s3", "GetBucketPolicy" | "GetPublicAccessBlock") => nothing(),
        // A multi-region organization trail records every enabled region, whichever they are. But in a region that nobody
        // named, the log archive may have a trail of its own that delivers to its own bucket.
        ("account", "ListRegions") => Cost::Unknown(pairs(&["log-bucket-account"], &[LOGS])),
        ("cloudtrail", "DescribeTrails") => Cost::Hidden {
            unknown: [accounts, vec![("organization-trail", "o-")]].concat(),
            subjects: [TRAILS.to_vec(), BUCKETS.to_vec()].concat(),
        },
        ("cloudtrail", "GetTrailStatus") => Cost::Unknown(
            [
                accounts,
                vec![("organization-trail", "o-")],
                pairs(&["trail-logging", "log-delivery"], &TRAILS),
            ]
            .concat(),
        ),
        ("cloudtrail", "GetEventSelectors") => Cost::Unknown(
            [
                pairs(&["management-event-coverage", "global-service-events"], &ACCOUNTS),
                pairs(&["data-events-scoped"], &TRAILS),
            ]
            .concat(),
        ),
        ("s3", "HeadBucket") => {
            Cost::Unknown([pairs(&["log-bucket-exists"], &BUCKETS), pairs(&BUCKET_RULES, &BUCKETS)].concat())
        }
        ("s3", "ListBuckets") => Cost::Unknown(pairs(&BUCKET_RULES, &BUCKETS)),
        // Where Block Public Access closes the bucket, neither policy nor ACL matters.
        ("s3", "GetBucketPolicyStatus" | "GetBucketAcl") => {
            Cost::Unknown(pairs(&["log-bucket-public-access"], &["arn:aws:s3:::acme-sandbox"]))
        }
        ("s3control", "GetPublicAccessBlock") => {
            Cost::Unknown(pairs(&["log-bucket-public-access"], &["arn:aws:s3:::acme-workload"]))
        }
        ("s3", "GetObjectLockConfiguration") => Cost::Unknown(pairs(&["log-bucket-object-lock"], &BUCKETS)),
        ("s3", "GetBucketVersioning") => Cost::Unknown(pairs(&["log-bucket-versioning"], &BUCKETS)),
        ("kms", "DescribeKey") => Cost::Unknown(vec![("log-encryption", ORGANIZATION_TRAIL)]),
        _ => Cost::NotAsked,
    }
}

const KINDS: [Kind; 6] =
    [Kind::AccessDenied, Kind::InternalError, Kind::Throttle, Kind::Hang, Kind::HtmlBody(200), Kind::CutBody];

fn world() -> String {
    std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap()
}

fn matches(pattern: (&str, &str), verdict: &str) -> bool {
    verdict.split_once(' ').is_some_and(|(rule, subject)| rule == pattern.0 && subject.starts_with(pattern.1))
}

#[test]
fn every_operation_that_fails_in_any_way_costs_exactly_the_verdicts_that_need_it() {
    let stage = Stage::of(&world());
    let (_, healthy) = stage.scan(&[]);
    let healthy = verdicts(&healthy);
    assert!(
        healthy.values().all(|status| status != "unknown"),
        "the healthy world leaves something open: {healthy:#?}"
    );
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (service, operation) in trailproof_replica::operations() {
        for kind in KINDS {
            let cost = cost(service, operation);
            // An answer to HEAD has no body that could be cut.
            let has_no_such_body = operation == "HeadBucket" && matches!(kind, Kind::CutBody);
            if matches!(cost, Cost::NotAsked) || has_no_such_body {
                continue;
            }
            tried += 1;
            stage.replica.clear_faults();
            stage.replica.add_fault(Fault {
                service: Some(service.to_owned()),
                operation: Some(operation.to_owned()),
                kind,
                ..Fault::default()
            });
            // Only what never answers has to be waited for.
            let patience = if matches!(kind, Kind::Hang) { "1" } else { "60" };
            if let Err(message) = check(&stage, &healthy, &cost, operation, patience) {
                wrong.push(format!("{service}:{operation} × {kind:?}: {message}"));
            }
        }
    }
    assert!(tried > 120, "only {tried} cases were tried");
    assert!(wrong.is_empty(), "{} of {tried} cases:\n{}", wrong.len(), wrong.join("\n"));
}

fn check(
    stage: &Stage,
    healthy: &BTreeMap<String, String>,
    cost: &Cost,
    operation: &str,
    patience: &str,
) -> Result<(), String> {
    let run = stage.run(&["scan", "--format", "json", "--call-timeout", patience]);
    let (unknown, hidden) = match cost {
        Cost::Everything if run.code == 2 && run.stderr.contains(operation) && run.stdout.is_empty() => {
            return Ok(());
        }
        Cost::Everything => return Err(format!("exit code {}, {}", run.code, run.stderr)),
        Cost::Unknown(unknown) => (unknown, &Vec::new()),
        Cost::Hidden { unknown, subjects } => (unknown, subjects),
        Cost::NotAsked => unreachable!(),
    };
    let report: serde_json::Value =
        serde_json::from_str(&run.stdout).map_err(|_| format!("no report: {}", run.stderr))?;
    let found = verdicts(&report);
    let mut differences = BTreeSet::new();
    for (verdict, before) in healthy {
        let is_hidden = hidden.iter().any(|subject| verdict.ends_with(subject));
        let is_unknown = unknown.iter().any(|pattern| matches(*pattern, verdict));
        let expected = match (is_hidden, is_unknown) {
            (true, _) => None,
            (false, true) => Some("unknown"),
            (false, false) => Some(before.as_str()),
        };
        let now = found.get(verdict).map(String::as_str);
        if now != expected {
            differences.insert(format!("{verdict}: expected {expected:?}, found {now:?}"));
        }
    }
    differences.extend(
        found.keys().filter(|verdict| !healthy.contains_key(*verdict)).map(|new| format!("{new} is new")),
    );
    for verdict in
        report["verdicts"].as_array().unwrap().iter().filter(|verdict| verdict["status"] == "unknown")
    {
        if !verdict["gaps"].to_string().contains(operation) {
            differences.insert(format!("{} does not name the call: {}", verdict["rule"], verdict["message"]));
        }
    }
    let nothing_is_known_to_be_missing = unknown.is_empty() && hidden.is_empty();
    if !nothing_is_known_to_be_missing && run.code == 0 {
        differences.insert("the exit code is 0".to_owned());
    }
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences.into_iter().collect::<Vec<_>>().join("\n    "))
    }
}

#[test]
fn every_operation_served_is_either_asked_for_or_known_not_to_be() {
    let stage = Stage::of(&world());
    stage.scan(&[]);
    let asked: BTreeSet<_> = stage
        .replica
        .requests()
        .into_iter()
        .map(|request| (request.service.clone(), request.operation.clone()))
        .collect();
    for (service, operation) in trailproof_replica::operations() {
        let expected = !matches!(cost(service, operation), Cost::NotAsked);
        let found = asked.contains(&(service.to_owned(), operation.to_owned()));
        assert_eq!(found, expected, "{service}:{operation}");
    }
}

#[test]
fn only_calls_that_read_are_made() {
    let stage = Stage::of(&world());
    stage.scan(&[]);
    let requests = stage.replica.requests();
    assert!(requests.len() > 100);
    for request in requests {
        let reads =
            ["Get", "List", "Describe", "Head"].iter().any(|verb| request.operation.starts_with(verb));
        assert!(reads || request.operation == "AssumeRole", "{}:{}", request.service, request.operation);
    }
}
