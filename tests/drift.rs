//! What changed between two scans of one organization: on its own, in the reports, and in the exit code.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;

use serde_json::Value;
use support::{Stage, fixture, run};
use trailproof_replica::{Fault, Kind};

const SANDBOX: &str = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/sandbox-local";
const WORKLOAD: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:trail/workload-local";

fn world() -> String {
    std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap()
}

/// The sandbox now validates its log files, and the workload's trail no longer does.
fn other_world() -> String {
    let mended = world().replace("    validation: false\n", "");
    mended.replace(
        "    bucket: acme-workload\n    event",
        "    validation: false\n    bucket: acme-workload\n    event",
    )
}

fn deny(stage: &Stage, operation: &str, resource: Option<&str>) {
    stage.replica.add_fault(Fault {
        operation: Some(operation.to_owned()),
        resource: resource.map(str::to_owned),
        kind: Kind::AccessDenied,
        ..Fault::default()
    });
}

/// `rule subject-id` → change.
fn changes(stage: &Stage, old: &str, new: &str) -> BTreeMap<String, Value> {
    let run = stage.run(&["diff", old, new, "--format", "json"]);
    let drift: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let changes = drift["changes"].as_array().unwrap().iter();
    changes
        .map(|change| {
            (format!("{} {}", text(&change["rule"]), text(&change["subject"]["id"])), change.clone())
        })
        .collect()
}

fn of_kind<'c>(changes: &'c BTreeMap<String, Value>, kind: &str) -> Vec<&'c str> {
    changes.iter().filter(|(_, change)| change["kind"] == kind).map(|(name, _)| name.as_str()).collect()
}

/// `rule subject-id` → verdict of the results in a file.
fn verdicts(stage: &Stage, name: &str) -> BTreeMap<String, Value> {
    let report: Value = serde_json::from_str(&stage.read(name)).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let verdicts = report["verdicts"].as_array().unwrap().iter();
    verdicts
        .map(|verdict| {
            (format!("{} {}", text(&verdict["rule"]), text(&verdict["subject"]["id"])), verdict.clone())
        })
        .collect()
}

#[test]
fn where_a_role_disappeared_between_two_scans_nothing_is_fixed() {
    let stage = Stage::of(&world());
    stage.run(&["scan", "--baseline", "none", "--output", "json=1.json"]);
    deny(&stage, "AssumeRole", Some("*444444444444*"));
    let with = stage.run(&["scan", "--baseline", "1.json", "--output", "json=2.json"]);
    stage.run(&["scan", "--output", "json=without.json"]);
    let of_sandbox = format!("log-file-validation {SANDBOX}");
    assert_eq!(verdicts(&stage, "1.json")[&of_sandbox]["status"], "fail");

    // In the results that were compared with the earlier ones, it is carried as unknown.
    let carried = changes(&stage, "1.json", "2.json");
    assert_eq!(of_kind(&carried, "fixed"), [""; 0]);
    assert_eq!(carried[&of_sandbox]["kind"], "unknown");
    assert!(with.stdout.contains("\n0 new, 0 fixed since "), "{}", with.stdout);
    let report: Value = serde_json::from_str(&stage.read("2.json")).unwrap();
    assert_eq!(report["drift"]["closed"], serde_json::json!([]));
    assert!(verdicts(&stage, "2.json").values().all(|verdict| verdict["drift"] != "new"));

    // In results that stand alone it is missing, and the place says why.
    let missing = changes(&stage, "1.json", "without.json");
    assert_eq!(of_kind(&missing, "fixed"), [""; 0]);
    assert_eq!(missing[&of_sandbox]["kind"], "not_evaluated");
    assert_eq!(missing[&of_sandbox]["absence"], "unread");
    assert_eq!(missing[&of_sandbox]["detail"], "account 444444444444");
    let text = stage.run(&["diff", "1.json", "without.json", "--verbose"]);
    assert_eq!(text.code, 0, "nothing got worse: {}", text.stdout);
    assert!(
        text.stdout.contains("not evaluated (unread: account 444444444444); was failing since"),
        "{}",
        text.stdout
    );

    // Once the account answers again, the failures are the old ones, with the date that they had.
    stage.replica.clear_faults();
    stage.run(&["scan", "--baseline", "2.json", "--output", "json=3.json"]);
    let first: Value = serde_json::from_str(&stage.read("1.json")).unwrap();
    let again = &verdicts(&stage, "3.json")[&of_sandbox];
    assert_eq!((&again["drift"], &again["since"]), (&Value::from("existing"), &first["run"]["as_of"]));
    assert_eq!(of_kind(&changes(&stage, "2.json", "3.json"), "new"), [""; 0]);
}

#[test]
fn event_data_stores_that_could_not_be_listed_are_not_fixed() {
    let store = "event_data_stores:\n  - { name: own, account: sandbox, home_region: eu-west-1, multi_region: false, termination_protection: false }\n";
    let stage = Stage::of(&world().replace("event_data_stores:\n", store));
    stage.run(&["scan", "--output", "json=1.json"]);
    let failing = |verdicts: &BTreeMap<String, Value>, status: &str| -> Vec<String> {
        let of_stores =
            verdicts.iter().filter(|(_, verdict)| verdict["subject"]["kind"] == "event_data_store");
        of_stores.filter(|(_, verdict)| verdict["status"] == status).map(|(name, _)| name.clone()).collect()
    };
    let before = failing(&verdicts(&stage, "1.json"), "fail");
    assert!(!before.is_empty());
    deny(&stage, "ListEventDataStores", None);
    stage.run(&["scan", "--baseline", "1.json", "--output", "json=2.json"]);
    stage.run(&["scan", "--output", "json=without.json"]);
    assert_eq!(failing(&verdicts(&stage, "2.json"), "unknown"), before);
    for name in before {
        assert_eq!(changes(&stage, "1.json", "without.json")[&name]["absence"], "unread", "{name}");
    }
}

#[test]
fn a_failure_that_comes_is_new_and_one_that_passes_is_fixed() {
    let (before, after) = (Stage::of(&world()), Stage::of(&other_world()));
    let first = before.run(&["scan", "--baseline", "none", "--output", "json=1.json"]);
    assert_eq!(first.code, 1, "{}", first.stderr);
    after.write("1.json", &before.read("1.json"));
    let second = after.run(&[
        "scan",
        "--baseline",
        "1.json",
        "--fail-on",
        "new:medium",
        "--output",
        "json=2.json",
        "--output",
        "markdown=2.md",
        "--output",
        "html=2.html",
    ]);
    assert_eq!(second.code, 1, "{}", second.stderr);
    let (new, fixed) = (format!("log-file-validation {WORKLOAD}"), format!("log-file-validation {SANDBOX}"));
    let changes = changes(&after, "1.json", "2.json");
    assert!(of_kind(&changes, "new").contains(&new.as_str()), "{changes:#?}");
    assert!(of_kind(&changes, "fixed").contains(&fixed.as_str()), "{changes:#?}");
    let report: Value = serde_json::from_str(&after.read("2.json")).unwrap();
    let (new_ones, fixed_ones) = (of_kind(&changes, "new").len(), of_kind(&changes, "fixed").len());
    let said =
        format!("{new_ones} new, {fixed_ones} fixed since {}", report["drift"]["old"].as_str().unwrap());
    let markdown = after.read("2.md");
    for page in [&second.stdout, &markdown, &after.read("2.html")] {
        assert!(page.contains(&said), "{said} is not in:\n{page}");
    }
    assert!(second.stdout.contains("fixed: failed, and passes now"));
    assert_eq!(verdicts(&after, "2.json")[&new]["drift"], "new");
    assert!(
        markdown.contains("| medium, **new** | `log-file-validation` | `workload-local` |"),
        "{markdown}"
    );

    // The same failures, found again, are not new; they still count where all do.
    let third =
        |fail_on| after.run(&["scan", "--baseline", "2.json", "--allow-unknown", "--fail-on", fail_on]).code;
    assert_eq!((third("new:info"), third("info")), (0, 1));
    // A diff of the two sides agrees, and its threshold counts.
    let diff = |fail_on| after.run(&["diff", "1.json", "2.json", "--fail-on", fail_on]).code;
    assert_eq!((diff("info"), diff("critical")), (1, 0));
    assert_eq!(after.run(&["diff", "2.json", "2.json"]).code, 0);
}

#[test]
fn every_failure_is_new_where_the_user_says_that_there_are_no_earlier_results() {
    let stage = Stage::of(&world());
    assert_eq!(stage.run(&["scan", "--baseline", "none", "--fail-on", "new:info"]).code, 1);
    assert_eq!(
        stage.run(&["scan", "--baseline", "none", "--fail-on", "new:critical", "--allow-unknown"]).code,
        0,
        "none of them is critical"
    );
}

#[test]
fn what_is_new_cannot_be_told_without_earlier_results_of_the_same_organization() {
    let stops = |run: &support::Run, what: &str, hint: &str| {
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains(what) && run.stderr.contains(hint), "{}", run.stderr);
    };
    stops(
        &run(&["scan", "--fail-on", "new:high"]),
        "which failures are new cannot be told",
        "--baseline RESULTS.json",
    );
    stops(&run(&["scan", "--fail-on", "new"]), "critical, high, medium, low or info", "new:high");
    stops(&run(&["scan", "--fail-on", "new:bad"]), "critical, high, medium, low or info", "");
    let stage = Stage::of(&world());
    stage.run(&["scan", "--output", "json=1.json"]);
    let other = stage.read("1.json").replace("\"organization\":\"o-", "\"organization\":\"o-x");
    assert_ne!(other, stage.read("1.json"));
    stage.write("other.json", &other);
    stops(
        &stage.run(&["scan", "--baseline", "other.json", "--fail-on", "new:high"]),
        "another organization",
        "--baseline",
    );
    stops(&stage.run(&["diff", "1.json", "other.json"]), "of different organizations", "two JSON results");
}

#[test]
fn a_baseline_without_its_failures_is_not_used_and_closes_no_alert() {
    let stage = Stage::of(&world());
    stage.run(&["scan", "--baseline", "none", "--output", "json=1.json"]);
    let mut edited: Value = serde_json::from_str(&stage.read("1.json")).unwrap();
    edited["verdicts"].as_array_mut().unwrap().retain(|verdict| verdict["status"] != "fail");
    stage.write("edited.json", &edited.to_string());
    deny(&stage, "AssumeRole", Some("*444444444444*"));
    let run = stage.run(&["scan", "--baseline", "edited.json", "--output", "sarif=2.sarif"]);
    assert_eq!((run.code, stage.path("2.sarif").exists()), (2, false), "{}", run.stderr);
    let why = "their summary counts other verdicts than they have";
    assert!(run.stderr.contains(why), "{}", run.stderr);
    assert_eq!(stage.run(&["diff", "edited.json", "1.json"]).code, 2);

    // Without SARIF the run goes on, and says that it compared nothing.
    let run = stage.run(&["scan", "--baseline", "edited.json", "--quiet"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let warning = format!("warning: the earlier results are not used: {why}");
    assert!(run.stderr.starts_with(&warning), "{}", run.stderr);
}

#[test]
fn earlier_results_that_cannot_tell_what_was_not_read_are_warned_of() {
    let stage = Stage::of(&world());
    stage.run(&["scan", "--accounts", "333333333333", "--output", "json=1.json"]);
    assert_eq!(stage.run(&["scan", "--baseline", "1.json"]).stderr, "", "everything was read");
    deny(&stage, "AssumeRole", Some("*444444444444*"));
    let run = stage.run(&["scan", "--baseline", "1.json"]);
    let warning = "warning: the earlier results cannot tell what was not read now: they are of another scope";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
}

#[test]
fn files_that_are_no_results_are_refused() {
    let stage = Stage::of(&world());
    stage.run(&["scan", "--evidence", "evidence.json", "--output", "json=1.json"]);
    stage.write("cut.json", &stage.read("1.json")[..2_000]);
    stage.write("next.json", &stage.read("1.json").replace("\"version\": \"1\"", "\"version\": \"2\""));
    for file in ["evidence.json", "cut.json", "next.json", "missing.json"] {
        for arguments in [["diff", file, "1.json"], ["diff", "1.json", file]] {
            let run = stage.run(&arguments);
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{file}");
            assert!(run.stderr.contains(file) && run.stderr.contains("help"), "{}", run.stderr);
        }
    }
}

#[test]
fn a_selection_without_a_rule_closes_nothing() {
    let stage = Stage::of(&world());
    stage.run(&["scan", "--evidence", "evidence.json", "--output", "json=1.json"]);
    std::fs::create_dir(stage.path("few")).unwrap();
    stage.write(
        "few/pack.yaml",
        "id: few\ntitle: Few\nversion: '1'\nextends: baseline\nselect: { rules: [trail-logging] }\n",
    );
    stage.run(&["check", "evidence.json", "--policy", "few", "--output", "json=2.json"]);
    let changes = changes(&stage, "1.json", "2.json");
    assert_eq!(of_kind(&changes, "fixed"), [""; 0]);
    let gone = &changes[&format!("log-file-validation {SANDBOX}")];
    assert_eq!(
        (&gone["absence"], &gone["detail"]),
        (&"not_selected".into(), &"pack baseline is not selected".into())
    );
    let run = stage.run(&["diff", "1.json", "2.json"]);
    assert!(
        run.stdout.starts_with("note: pack baseline is not among those of the new results\n"),
        "{}",
        run.stdout
    );
}
