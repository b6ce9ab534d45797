//! One failing call leaves unknown exactly the verdicts that need it, and every other verdict as it was.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cost;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cost::{Cost, Loss, Pair, cost};
use support::{Stage, fixture, verdicts};
use trailproof_replica::{Fault, Kind};

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

/// Every operation refused, and every kind of failure at every service: its other operations take turns, for they fail alike.
fn cases() -> Vec<Case> {
    let asked = trailproof_replica::operations();
    let asked =
        asked.into_iter().filter(|(service, operation)| !matches!(cost(service, operation), Cost::NotAsked));
    let mut by_service: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (service, operation) in asked {
        by_service.entry(service).or_default().push(operation);
    }
    let mut cases = Vec::new();
    for (service, operations) in by_service {
        let [refused, others @ ..] = KINDS;
        cases.extend(operations.iter().map(|operation| Case { service, operation, kind: refused }));
        for turn in 0..operations.len().max(others.len()) {
            let (operation, kind) = (operations[turn % operations.len()], others[turn % others.len()]);
            // An answer to HEAD has no body that could be cut.
            let kind =
                if operation == "HeadBucket" && matches!(kind, Kind::CutBody) { Kind::Hang } else { kind };
            cases.push(Case { service, operation, kind });
        }
    }
    cases
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

    let cases = cases();
    assert!(cases.len() > 100, "only {} cases are tried", cases.len());
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
    let Loss { unknown, hidden } = match cost(case.service, operation) {
        Cost::Everything if run.code == 2 && run.stderr.contains(operation) && run.stdout.is_empty() => {
            return Ok(());
        }
        Cost::Everything => return Err(format!("exit code {}, {}", run.code, run.stderr)),
        Cost::Some(loss) => loss,
        Cost::NotAsked => unreachable!(),
    };
    let report: serde_json::Value =
        serde_json::from_str(&run.stdout).map_err(|_| format!("no report: {}", run.stderr))?;
    let found = verdicts(&report);
    let mut differences = BTreeSet::new();
    for (verdict, before) in healthy {
        let is_hidden = hidden.iter().any(|subject| verdict.ends_with(subject));
        let is_open = unknown.iter().any(|pair| matches(*pair, verdict));
        let expected = match (is_hidden, is_open) {
            (true, _) => None,
            (_, true) => Some("unknown"),
            _ => Some(before.as_str()),
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
