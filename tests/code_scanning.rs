//! What an upload to GitHub code scanning keeps open. GitHub closes every alert that is missing from an upload.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{Stage, fixture};
use trailproof_replica::{Fault, Kind};

fn stage() -> Stage {
    Stage::of(&std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap())
}

/// What identifies an alert: rule, path and fingerprint.
fn alerts(sarif: &str) -> BTreeSet<(String, String, String)> {
    let log: Value = serde_json::from_str(sarif).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    results
        .iter()
        .map(|result| {
            (
                text(&result["ruleId"]),
                text(&result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]),
                text(&result["partialFingerprints"]["primaryLocationLineHash"]),
            )
        })
        .collect()
}

fn refuse_account(stage: &Stage, account: &str) {
    stage.replica.add_fault(Fault {
        operation: Some("AssumeRole".to_owned()),
        resource: Some(format!("*{account}*")),
        kind: Kind::AccessDenied,
        ..Fault::default()
    });
}

#[test]
fn alerts_of_an_account_that_could_not_be_reached_stay_open_with_a_baseline() {
    let stage = stage();
    let first =
        stage.run(&["scan", "--baseline", "none", "--output", "sarif=1.sarif", "--output", "json=1.json"]);
    assert_eq!(first.code, 1, "{}", first.stderr);
    let before = alerts(&stage.read("1.sarif"));
    assert!(
        before.iter().any(|alert| alert.1.contains("sandbox-local")),
        "the sandbox has no alert to lose: {before:#?}"
    );

    refuse_account(&stage, "444444444444");
    let second =
        stage.run(&["scan", "--baseline", "1.json", "--output", "sarif=2.sarif", "--output", "json=2.json"]);
    assert_eq!(second.code, 1, "{}", second.stderr);
    let after = alerts(&stage.read("2.sarif"));
    assert_eq!(
        before.difference(&after).collect::<Vec<_>>(),
        Vec::<&_>::new(),
        "these alerts would be closed"
    );

    // And again from the results in which they were only carried.
    let third =
        stage.run(&["scan", "--baseline", "2.json", "--output", "sarif=3.sarif", "--output", "json=3.json"]);
    assert_eq!(third.code, 1, "{}", third.stderr);
    assert_eq!(after, alerts(&stage.read("3.sarif")));

    // Once the account answers again, everything is as it was.
    stage.replica.clear_faults();
    let fourth = stage.run(&["scan", "--baseline", "3.json", "--output", "sarif=4.sarif"]);
    assert_eq!(fourth.code, 1, "{}", fourth.stderr);
    assert_eq!(before, alerts(&stage.read("4.sarif")));
}

#[test]
fn without_a_baseline_a_scan_that_missed_an_account_writes_no_sarif_but_every_other_report() {
    let stage = stage();
    refuse_account(&stage, "444444444444");
    let run = stage.run(&["scan", "--output", "sarif=results.sarif", "--output", "json=results.json"]);
    assert_eq!(run.code, 2);
    assert!(!stage.path("results.sarif").exists());
    assert!(stage.path("results.json").exists());
    assert!(run.stdout.contains("444444444444"), "the text report is still written");
    for word in ["sarif", "444444444444", "--baseline"] {
        assert!(run.stderr.contains(word), "{word} is not in:\n{}", run.stderr);
    }
}

#[test]
fn without_a_baseline_unknown_verdicts_keep_their_alerts_open() {
    let stage = stage();
    stage.run(&["scan", "--output", "sarif=1.sarif"]);
    let before = alerts(&stage.read("1.sarif"));
    stage.replica.add_fault(Fault {
        operation: Some("GetBucketVersioning".to_owned()),
        kind: Kind::AccessDenied,
        ..Fault::default()
    });
    stage.run(&["scan", "--output", "sarif=2.sarif"]);
    let after = alerts(&stage.read("2.sarif"));
    assert!(before.iter().any(|alert| alert.0 == "log-bucket-versioning"));
    assert!(before.is_subset(&after), "these alerts would be closed: {:#?}", before.difference(&after));
}

#[test]
fn the_same_world_gives_the_same_sarif() {
    let stage = stage();
    stage.run(&[
        "scan",
        "--evidence",
        "evidence.json",
        "--output",
        "sarif=1.sarif",
        "--as-of",
        "2030-01-01T00:00:00Z",
    ]);
    stage.run(&["check", "evidence.json", "--output", "sarif=2.sarif", "--as-of", "2030-01-01T00:00:00Z"]);
    assert_eq!(stage.read("1.sarif"), stage.read("2.sarif"));
}

#[test]
fn a_run_that_missed_an_account_without_a_baseline_is_no_baseline_for_the_next() {
    let stage = stage();
    refuse_account(&stage, "444444444444");
    assert_eq!(stage.run(&["scan", "--output", "json=1.json"]).code, 1);
    let run =
        stage.run(&["scan", "--baseline", "1.json", "--output", "json=2.json", "--output", "sarif=2.sarif"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("earlier results do not help"), "{}", run.stderr);
    // Nor is what came of that; only a scan that reads everything starts anew.
    assert_eq!(stage.run(&["scan", "--baseline", "2.json", "--output", "sarif=3.sarif"]).code, 2);
    stage.replica.clear_faults();
    assert_eq!(stage.run(&["scan", "--baseline", "2.json", "--output", "sarif=4.sarif"]).code, 1);
}

#[test]
fn results_of_another_scope_are_no_baseline() {
    let stage = stage();
    stage.run(&["scan", "--accounts", "333333333333", "--output", "json=1.json"]);
    refuse_account(&stage, "444444444444");
    let run = stage.run(&["scan", "--baseline", "1.json", "--output", "sarif=2.sarif"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("another scope"), "{}", run.stderr);
}

#[test]
fn an_unknown_verdict_that_was_reported_without_a_baseline_stays_reported() {
    let stage = stage();
    let fault = |operation: &str| Fault {
        operation: Some(operation.to_owned()),
        kind: Kind::AccessDenied,
        ..Fault::default()
    };
    stage.replica.add_fault(fault("GetBucketVersioning"));
    stage.run(&["scan", "--output", "json=1.json", "--output", "sarif=1.sarif"]);
    stage.run(&["scan", "--baseline", "1.json", "--output", "sarif=2.sarif"]);
    assert_eq!(alerts(&stage.read("1.sarif")), alerts(&stage.read("2.sarif")));
}

#[test]
fn regions_that_could_not_be_listed_are_places_that_could_not_be_read() {
    let stage = stage();
    stage.replica.add_fault(Fault {
        operation: Some("ListRegions".to_owned()),
        account: Some("444444444444".to_owned()),
        kind: Kind::AccessDenied,
        ..Fault::default()
    });
    let run = stage.run(&["scan", "--output", "sarif=1.sarif"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("444444444444"), "{}", run.stderr);
}

#[test]
fn event_data_stores_that_could_not_be_listed_are_places_that_were_not_read() {
    let stage = stage();
    stage.replica.add_fault(Fault {
        operation: Some("ListEventDataStores".to_owned()),
        account: Some("sandbox".to_owned()),
        kind: Kind::AccessDenied,
        ..Fault::default()
    });
    let run = stage.run(&["scan", "--output", "sarif=1.sarif", "--output", "json=1.json"]);
    assert_eq!(run.code, 2, "alerts of stores would close: {}", run.stderr);
    assert!(run.stdout.contains("trails or event data stores could not be listed here"), "{}", run.stdout);
    assert!(!stage.path("1.sarif").exists());
    let results: Value = serde_json::from_str(&stage.read("1.json")).unwrap();
    assert!(results["unread"].as_array().unwrap().iter().all(|place| place["account"] == "444444444444"));

    let first = stage.run(&["scan", "--baseline", "none", "--output", "sarif=1.sarif"]);
    assert_eq!(first.code, 1, "{}", first.stderr);
    assert!(stage.read("1.sarif").contains("Event data stores could not be listed in 444444444444"));

    // Nobody asks for stores: nothing hides.
    std::fs::create_dir(stage.path("own")).unwrap();
    stage.write(
        "own/pack.yaml",
        "id: own\ntitle: T\nversion: \"1\"\nextends: baseline\nselect: { rules: [trail-logging] }\n",
    );
    let run = stage.run(&["scan", "--policy", "./own", "--output", "sarif=2.sarif"]);
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    // The same with a rule on stores: none is seen, and that is no pass.
    stage.write(
        "own/pack.yaml",
        "id: own\ntitle: T\nversion: \"1\"\nextends: baseline\nselect: { rules: [trail-logging, event-data-store-retention] }\n",
    );
    let run = stage.run(&["scan", "--policy", "./own"]);
    assert_eq!(run.code, 3, "{}\n{}", run.stdout, run.stderr);
}
