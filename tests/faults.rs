//! One failing call leaves unknown exactly the verdicts that need it, and every other verdict as it was.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use support::{Stage, fixture, verdicts};
use trailproof_replica::{Fault, Kind};

const ORGANIZATION_TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/organization-audit";
const WORKLOAD_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:trail/workload-local";
const SANDBOX_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/sandbox-local";
const TRAILS: [&str; 3] = [ORGANIZATION_TRAIL, WORKLOAD_TRAIL, SANDBOX_TRAIL];
const ORGANIZATION: &str = "o-replica001";
const MANAGEMENT: &str = "111111111111";
const ARCHIVE: &str = "222222222222";
const WORKLOAD: &str = "333333333333";
const SANDBOX: &str = "444444444444";
const MEMBERS: [&str; 3] = [ARCHIVE, WORKLOAD, SANDBOX];
const ACCOUNTS: [&str; 4] = [MANAGEMENT, ARCHIVE, WORKLOAD, SANDBOX];
const LOGS: &str = "arn:aws:s3:::acme-logs";
const WORKLOAD_LOGS: &str = "arn:aws:s3:::acme-workload";
const SANDBOX_LOGS: &str = "arn:aws:s3:::acme-sandbox";
const BUCKETS: [&str; 3] = [LOGS, WORKLOAD_LOGS, SANDBOX_LOGS];
const KEY: &str = "arn:aws:kms:us-east-1:222222222222:key/11111111-0000-0000-0000-000000000001";
const GROUP: &str = "arn:aws:logs:us-east-1:111111111111:log-group:audit";
const STORE: &str =
    "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/11111111-0000-0000-0000-000000000000";

/// Rules about buckets that need the bucket's configuration, not only its existence.
const BUCKET_RULES: [&str; 14] = [
    "log-bucket-access-logging",
    "log-bucket-account",
    "log-bucket-delivery-policy",
    "log-bucket-mfa-delete",
    "log-bucket-object-lock",
    "log-bucket-ownership",
    "log-bucket-policy-scope",
    "log-bucket-public-access",
    "log-bucket-public-access-block",
    "log-bucket-replication",
    "log-bucket-retention",
    "log-bucket-transport",
    "log-bucket-versioning",
    "log-bucket-write-access",
];
/// Rules about keys that are for keys which exist and belong to the customer.
const KEY_RULES: [&str; 5] = [
    "log-key-delivery-policy",
    "log-key-exposure",
    "log-key-policy-scope",
    "log-key-rotation",
    "log-key-state",
];
const STORE_RULES: [&str; 5] = [
    "event-data-store-coverage",
    "event-data-store-encryption",
    "event-data-store-ingestion",
    "event-data-store-retention",
    "event-data-store-termination-protection",
];
const GROUP_RULES: [&str; 3] = ["log-group-class", "log-group-encryption", "log-group-retention"];
const ACCOUNT_RULES: [&str; 3] = ["multi-region-trail", "management-event-coverage", "global-service-events"];
const OBJECT_RULES: [&str; 2] = ["s3-object-read-events", "s3-object-write-events"];
/// Alerts that somebody gets.
const RAISED: [&str; 3] = ["alert-cloudtrail-changes", "alert-organizations-changes", "alert-root-usage"];
/// Alerts that are judged wherever no organization trail of another account is relied on; those on the organization itself are not a
/// member's in any case.
const ALERTS_OF_ALL: [&str; 15] = [
    "alert-bucket-policy-changes",
    "alert-cloudtrail-changes",
    "alert-config-changes",
    "alert-console-login-failures",
    "alert-console-login-without-mfa",
    "alert-iam-policy-changes",
    "alert-key-disabling-or-deletion",
    "alert-network-acl-changes",
    "alert-network-gateway-changes",
    "alert-root-usage",
    "alert-route-table-changes",
    "alert-security-group-changes",
    "alert-unauthorized-calls",
    "alert-vpc-changes",
    "tamper-alert",
];

/// Every rule, also those that have to be asked for, with what they want to be told.
const PACK: &str = "\
id: every
title: Every rule
version: '1'
extends: baseline
select: { severity: '>= info', rules: [s3-object-read-events, s3-object-write-events] }
parameters:
  critical_buckets: [acme-orders]
  critical_functions: ['arn:aws:lambda:us-east-1:333333333333:function:charge']
";

/// What a failing operation costs.
enum Cost {
    /// The audit cannot be run.
    Everything,
    /// These verdicts become unknown, and no other changes.
    Unknown(Vec<Pair>),
    /// These verdicts become unknown, and nothing can be said of these subjects, because nothing shows that they exist.
    Hidden { unknown: Vec<Pair>, subjects: Vec<&'static str> },
    /// The operation is not asked for in this world.
    NotAsked,
}

/// A rule and a subject.
type Pair = (&'static str, &'static str);

fn pairs(rules: &[&'static str], subjects: &[&'static str]) -> Vec<Pair> {
    rules.iter().flat_map(|rule| subjects.iter().map(move |subject| (*rule, *subject))).collect()
}

fn unknown<const N: usize>(lists: [Vec<Pair>; N]) -> Cost {
    Cost::Unknown(lists.concat())
}

/// How long an account's events are kept is the longest of what each recorder keeps: each has to be known.
fn durable() -> Vec<Pair> {
    pairs(&["durable-retention"], &ACCOUNTS)
}

/// Whether a guard holds where policies say nothing known.
fn guard() -> Vec<Pair> {
    pairs(&["service-control-policy-guard"], &MEMBERS)
}

#[allow(clippy::too_many_lines, reason = "one table")]
/// Written by hand from what each rule asks; the words of AWS's documentation decide, not our output.
fn cost(service: &str, operation: &str) -> Cost {
    let of_accounts = || pairs(&ACCOUNT_RULES, &ACCOUNTS);
    let raised = || pairs(&RAISED, &[MANAGEMENT]);
    match (service, operation) {
        ("sts", "GetCallerIdentity") | ("organizations", "DescribeOrganization" | "ListAccounts") => {
            Cost::Everything
        }
        // The organization trail is read with the management account's own credentials and covers everybody. What it does not show are
        // the trails of the members, and who owns the bucket and the key. What policies deny does not depend on what they protect:
        // here they deny all or nothing.
        ("sts", "AssumeRole") => Cost::Hidden {
            unknown: [
                pairs(&BUCKET_RULES, &[LOGS]),
                pairs(&KEY_RULES, &[KEY]),
                pairs(&["log-key-account"], &[KEY]),
                pairs(&["log-encryption"], &[ORGANIZATION_TRAIL]),
                durable(),
                pairs(&OBJECT_RULES, &MEMBERS),
                // Nobody can tell whose the bucket is.
                pairs(&["critical-bucket-data-events"], &ACCOUNTS),
                pairs(&["critical-function-data-events"], &[WORKLOAD]),
            ]
            .concat(),
            subjects: vec![WORKLOAD_TRAIL, SANDBOX_TRAIL, WORKLOAD_LOGS, SANDBOX_LOGS],
        },
        // Which policies an account inherits.
        ("organizations", "ListRoots" | "ListOrganizationalUnitsForParent" | "ListAccountsForParent")
        | ("organizations", "ListPolicies" | "DescribePolicy" | "ListTargetsForPolicy") => {
            Cost::Unknown(guard())
        }
        ("organizations", "ListDelegatedAdministrators") => {
            Cost::Unknown(pairs(&["delegated-administrator"], &[ORGANIZATION]))
        }
        ("organizations", "ListAWSServiceAccessForOrganization") => {
            Cost::Unknown(pairs(&["trusted-access"], &[ORGANIZATION]))
        }
        // A multi-region organization trail records every enabled region, whichever they are. But in a region that nobody named, the log
        // archive may have a trail of its own that delivers to its own bucket, the organization trail may have no replica, and what is
        // recorded may be kept for longer or reach nobody.
        ("account", "ListRegions") => unknown([
            pairs(&["log-bucket-account"], &[LOGS]),
            pairs(&["log-key-account"], &[KEY]),
            pairs(&["trail-replica-logging"], &[ORGANIZATION_TRAIL]),
            durable(),
            raised(),
        ]),
        ("cloudtrail", "DescribeTrails") => Cost::Hidden {
            unknown: [
                of_accounts(),
                durable(),
                pairs(&OBJECT_RULES, &ACCOUNTS),
                pairs(&["organization-trail", "delegated-administrator"], &[ORGANIZATION]),
                pairs(&["critical-bucket-data-events", "critical-function-data-events"], &[WORKLOAD]),
                pairs(&ALERTS_OF_ALL, &ACCOUNTS),
                pairs(&["alert-organizations-changes"], &[MANAGEMENT]),
            ]
            .concat(),
            subjects: [&TRAILS[..], &BUCKETS, &[KEY, GROUP]].concat(),
        },
        // What nobody selects is not recorded, whoever is logging; an alert that nobody gets is not raised by a logging trail either.
        ("cloudtrail", "GetTrailStatus") => unknown([
            of_accounts(),
            durable(),
            pairs(&["organization-trail"], &[ORGANIZATION]),
            pairs(&["trail-logging", "log-delivery", "redundant-management-trails"], &TRAILS),
            pairs(&["digest-delivery"], &[ORGANIZATION_TRAIL, WORKLOAD_TRAIL]),
            pairs(
                &["cloudwatch-delivery", "notification-delivery", "trail-replica-logging"],
                &[ORGANIZATION_TRAIL],
            ),
            pairs(&["critical-bucket-data-events"], &[WORKLOAD]),
            pairs(&["log-bucket-access-logging"], &[WORKLOAD_LOGS]),
            raised(),
            pairs(&ALERTS_OF_ALL, &MEMBERS),
        ]),
        ("cloudtrail", "GetEventSelectors") => unknown([
            pairs(&["management-event-coverage", "global-service-events"], &ACCOUNTS),
            durable(),
            pairs(&OBJECT_RULES, &ACCOUNTS),
            pairs(
                &[
                    "data-events-scoped",
                    "insights",
                    "management-event-exclusions",
                    "network-activity-events",
                    "redundant-management-trails",
                ],
                &TRAILS,
            ),
            pairs(&["critical-bucket-data-events", "critical-function-data-events"], &[WORKLOAD]),
            pairs(&["log-bucket-access-logging"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
            raised(),
        ]),
        ("cloudtrail", "GetInsightSelectors") => Cost::Unknown(pairs(&["insights"], &TRAILS)),
        ("cloudtrail", "ListTags") => Cost::Unknown(pairs(&["trail-tags"], &TRAILS)),
        ("cloudtrail", "ListEventDataStores") => Cost::Hidden { unknown: durable(), subjects: vec![STORE] },
        ("cloudtrail", "GetEventDataStore") => unknown([pairs(&STORE_RULES, &[STORE]), durable()]),
        // Its owner answers for the bucket all the same, but not where it is.
        ("s3", "HeadBucket") => unknown([
            pairs(&["log-bucket-exists"], &BUCKETS),
            pairs(&BUCKET_RULES, &BUCKETS),
            pairs(&["log-key-state"], &[KEY]),
            pairs(&["critical-bucket-data-events"], &[WORKLOAD]),
        ]),
        ("s3", "ListBuckets") => unknown([
            pairs(&BUCKET_RULES, &BUCKETS),
            durable(),
            // Nobody can tell whose it is.
            pairs(&["critical-bucket-data-events"], &ACCOUNTS),
        ]),
        ("s3", "GetBucketPolicy") => Cost::Unknown(pairs(
            &[
                "log-bucket-delivery-policy",
                "log-bucket-policy-scope",
                "log-bucket-transport",
                "log-bucket-write-access",
            ],
            &BUCKETS,
        )),
        // Where Block Public Access closes the bucket, neither policy nor ACL matters; where ACLs are disabled, the ACL does not.
        ("s3", "GetBucketPolicyStatus") => {
            Cost::Unknown(pairs(&["log-bucket-public-access"], &[SANDBOX_LOGS]))
        }
        ("s3", "GetBucketAcl") => {
            Cost::Unknown(pairs(&["log-bucket-public-access", "log-bucket-write-access"], &[SANDBOX_LOGS]))
        }
        // No ACL here gives anything to others, so that it is all one whether ACLs have effect.
        ("s3", "GetBucketOwnershipControls") => Cost::Unknown(pairs(&["log-bucket-ownership"], &BUCKETS)),
        // acme-logs is closed without the bucket's own switches, acme-workload by its account.
        ("s3", "GetPublicAccessBlock") => {
            Cost::Unknown(pairs(&["log-bucket-public-access-block"], &[LOGS, SANDBOX_LOGS]))
        }
        ("s3control", "GetPublicAccessBlock") => unknown([
            pairs(&["log-bucket-public-access"], &[WORKLOAD_LOGS]),
            pairs(&["log-bucket-public-access-block"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
        ]),
        // The lifecycle of acme-logs takes it out of MFA delete; only there Object Lock and versions hold deletion back.
        ("s3", "GetObjectLockConfiguration") => unknown([
            pairs(&["log-bucket-object-lock"], &BUCKETS),
            pairs(&["log-bucket-mfa-delete"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
            pairs(&["log-bucket-retention"], &[LOGS]),
            durable(),
        ]),
        ("s3", "GetBucketVersioning") => unknown([
            pairs(&["log-bucket-versioning"], &BUCKETS),
            pairs(&["log-bucket-mfa-delete"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
            pairs(&["log-bucket-retention"], &[LOGS]),
            durable(),
        ]),
        ("s3", "GetBucketLifecycleConfiguration") => {
            unknown([pairs(&["log-bucket-retention", "log-bucket-mfa-delete"], &BUCKETS), durable()])
        }
        // A trail records all object-level events of acme-workload, which is as good.
        ("s3", "GetBucketLogging") => {
            Cost::Unknown(pairs(&["log-bucket-access-logging"], &[LOGS, SANDBOX_LOGS]))
        }
        ("s3", "GetBucketReplication") => Cost::Unknown(pairs(&["log-bucket-replication"], &BUCKETS)),
        ("kms", "DescribeKey") => {
            unknown([pairs(&["log-encryption"], &[ORGANIZATION_TRAIL]), pairs(&KEY_RULES, &[KEY])])
        }
        ("kms", "GetKeyPolicy") => Cost::Unknown(pairs(
            &["log-key-delivery-policy", "log-key-exposure", "log-key-policy-scope"],
            &[KEY],
        )),
        ("kms", "GetKeyRotationStatus") => Cost::Unknown(pairs(&["log-key-rotation"], &[KEY])),
        // What no filter picks reaches nobody, whatever the log group is.
        ("logs", "DescribeLogGroups") => unknown([pairs(&GROUP_RULES, &[GROUP]), raised()]),
        // There may be a filter for everything.
        ("logs", "DescribeMetricFilters") => unknown([
            pairs(&ALERTS_OF_ALL, &[MANAGEMENT]),
            pairs(&["alert-organizations-changes"], &[MANAGEMENT]),
        ]),
        ("cloudwatch", "DescribeAlarms") => unknown([
            raised(),
            pairs(&["alert-console-login-failures", "alert-unauthorized-calls"], &[MANAGEMENT]),
        ]),
        // Nobody listens to the topic of failed sign-ins, whether it exists or not.
        ("sns", "GetTopicAttributes") => Cost::Unknown(raised()),
        ("sns", "ListSubscriptionsByTopic") => {
            unknown([raised(), pairs(&["alert-console-login-failures"], &[MANAGEMENT])])
        }
        // Event rules do not see what members do: they can tell of the account's own trails, and of what only the management account does.
        ("events", "ListRules") => {
            Cost::Unknown(pairs(&["alert-organizations-changes", "tamper-alert"], &[MANAGEMENT]))
        }
        ("events", "ListTargetsByRule") => {
            Cost::Unknown(pairs(&["alert-organizations-changes"], &[MANAGEMENT]))
        }
        _ => Cost::NotAsked,
    }
}

const KINDS: [Kind; 6] =
    [Kind::AccessDenied, Kind::InternalError, Kind::Throttle, Kind::Hang, Kind::HtmlBody(200), Kind::CutBody];

/// The world, with the pack of every rule beside it.
fn stage() -> Stage {
    let stage = Stage::of(&std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap());
    std::fs::create_dir(stage.path("every")).unwrap();
    stage.write("every/pack.yaml", PACK);
    stage
}

/// Two regions do to tell what a call costs, unless the regions are the point.
fn arguments(operation: &str) -> Vec<&'static str> {
    let mut arguments = vec!["--policy", "every"];
    if operation != "ListRegions" {
        arguments.extend(["--regions", "us-east-1,eu-west-1"]);
    }
    arguments
}

fn matches(pattern: Pair, verdict: &str) -> bool {
    verdict.split_once(' ').is_some_and(|(rule, subject)| rule == pattern.0 && subject.starts_with(pattern.1))
}

/// One operation that fails in one way.
struct Case {
    service: &'static str,
    operation: &'static str,
    kind: Kind,
}

#[test]
fn every_operation_that_fails_in_any_way_costs_exactly_the_verdicts_that_need_it() {
    let (_, healthy) = stage().scan(&arguments(""));
    let healthy = verdicts(&healthy);
    let open: Vec<_> = healthy.iter().filter(|(_, status)| *status == "unknown").collect();
    assert!(open.is_empty(), "the healthy world leaves something open: {open:#?}");
    let rules: BTreeSet<_> = healthy
        .iter()
        .filter(|(_, status)| ["pass", "fail"].contains(&status.as_str()))
        .filter_map(|(verdict, _)| verdict.split(' ').next())
        .collect();
    let silent: BTreeSet<_> = healthy.keys().filter_map(|verdict| verdict.split(' ').next()).collect();
    assert_eq!(silent.difference(&rules).collect::<Vec<_>>(), Vec::<&&str>::new(), "nothing definite to say");

    let cases = trailproof_replica::operations().into_iter().flat_map(|(service, operation)| {
        // An answer to HEAD has no body that could be cut.
        let has_such_a_body = move |kind: &Kind| operation != "HeadBucket" || !matches!(kind, Kind::CutBody);
        KINDS.into_iter().filter(has_such_a_body).map(move |kind| Case { service, operation, kind })
    });
    let cases: Vec<Case> =
        cases.filter(|case| !matches!(cost(case.service, case.operation), Cost::NotAsked)).collect();
    assert!(cases.len() > 230, "only {} cases are tried", cases.len());
    let wrong = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let stage = stage();
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(message) = check(&stage, &healthy, case) {
                        let Case { service, operation, kind } = case;
                        wrong.lock().unwrap().push(format!("{service}:{operation} × {kind:?}: {message}"));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn check(stage: &Stage, healthy: &BTreeMap<String, String>, case: &Case) -> Result<(), String> {
    let operation = case.operation;
    stage.replica.clear_faults();
    stage.replica.add_fault(Fault {
        service: Some(case.service.to_owned()),
        operation: Some(operation.to_owned()),
        kind: case.kind,
        ..Fault::default()
    });
    // Only what never answers has to be waited for.
    let patience = if matches!(case.kind, Kind::Hang) { "1" } else { "60" };
    let run = stage.run(
        &[&["scan", "--format", "json", "--call-timeout", patience], arguments(operation).as_slice()]
            .concat(),
    );
    let (unknown, hidden) = match cost(case.service, operation) {
        Cost::Everything if run.code == 2 && run.stderr.contains(operation) && run.stdout.is_empty() => {
            return Ok(());
        }
        Cost::Everything => return Err(format!("exit code {}, {}", run.code, run.stderr)),
        Cost::Unknown(unknown) => (unknown, Vec::new()),
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
    let stage = stage();
    stage.scan(&arguments("ListRegions"));
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
    let stage = stage();
    stage.scan(&arguments("ListRegions"));
    let requests = stage.replica.requests();
    assert!(requests.len() > 100);
    for request in requests {
        let reads =
            ["Get", "List", "Describe", "Head"].iter().any(|verb| request.operation.starts_with(verb));
        assert!(reads || request.operation == "AssumeRole", "{}:{}", request.service, request.operation);
    }
}
