//! What other auditors get wrong and a whole scan shows, and the register of all such cases.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use support::{Stage, fixture, verdicts};
use trailproof_replica::{Fault, Kind};

const REGISTER: &str = "docs/peers.md";
const ORGANIZATION_TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/organization-audit";
const WORKLOAD: &str = "333333333333";
const WORKLOAD_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:trail/workload-local";
const SANDBOX_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/sandbox-local";
const REGIONS: [&str; 2] = ["--regions", "us-east-1,eu-west-1"];

fn stage() -> Stage {
    Stage::of(&std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap())
}

/// Whether the file has a test, a situation or an example of this name.
fn is_known(path: &str, name: &str) -> bool {
    let text = std::fs::read_to_string(fixture(path)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let headers = [format!("fn {name}("), format!("async fn {name}("), format!("def {name}(")];
    (1..lines.len()).any(|at| {
        let is_marked = ["#[", "@situation(", ")"].iter().any(|mark| lines[at - 1].starts_with(mark));
        let is_named = headers.iter().any(|start| lines[at].starts_with(start.as_str()));
        is_named && (is_marked || name.starts_with("test_")) || lines[at] == format!("- name: {name}")
    })
}

#[test]
fn every_test_that_the_register_names_exists() {
    let register = std::fs::read_to_string(fixture(REGISTER)).unwrap();
    let rows: Vec<&str> = register
        .lines()
        .filter(|line| {
            line.starts_with("| ") && !line.starts_with("| tool |") && !line.starts_with("| thread |")
        })
        .collect();
    assert!(rows.len() > 100, "{} rows", rows.len());
    for row in rows {
        let last = row.trim_end_matches('|').rsplit(" | ").next().unwrap().trim();
        let Some(test) = last.strip_prefix('`').and_then(|test| test.strip_suffix('`')) else {
            assert!(last.starts_with("out of scope: "), "neither a test nor a reason: {row}");
            continue;
        };
        let (path, name) = test.split_once("::").unwrap_or_else(|| panic!("no test: {row}"));
        assert!(is_known(path, name), "{path} has no {name}");
    }
}

/// turbot/steampipe-plugin-aws 577, 957 and 1068, joshlarsen/aws-recon 14, cloudquery/cq-provider-aws 405,
/// cloud-custodian 8945, jantman/awslimitchecker 439: a member sees the organization trail and its status, and may read neither its
/// selectors nor its tags.
#[test]
fn a_member_that_is_scanned_alone_tells_what_it_may_read_of_the_organization_trail() {
    let stage = stage();
    let arguments = [&["scan", "--format", "json", "--account-only"][..], &REGIONS].concat();
    let run = stage.run_as("member", &arguments);
    let found = verdicts(&serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr)));
    let status = |rule: &str, subject: &str| found.get(&format!("{rule} {subject}")).map(String::as_str);
    assert_eq!(status("trail-logging", ORGANIZATION_TRAIL), Some("pass"));
    assert_eq!(status("log-file-validation", ORGANIZATION_TRAIL), Some("pass"));
    assert_eq!(status("trail-tags", ORGANIZATION_TRAIL), Some("unknown"));
    assert_eq!(status("network-activity-events", ORGANIZATION_TRAIL), Some("unknown"));
    assert_eq!(status("multi-region-trail", WORKLOAD), Some("pass"));
    assert_eq!(status("management-event-coverage", WORKLOAD), Some("unknown"));
    // Its own trail is read in full.
    assert_eq!(status("trail-tags", WORKLOAD_TRAIL), Some("fail"));
    assert_eq!(status("management-event-exclusions", WORKLOAD_TRAIL), Some("fail"));
}

/// Prowler reads all trails in one attempt: what fails for one leaves all later ones stopped and without selectors.
#[test]
fn what_one_trail_hides_changes_nothing_about_the_others() {
    let stage = stage();
    let before = verdicts(&stage.scan(&REGIONS).1);
    for operation in ["GetTrailStatus", "GetEventSelectors"] {
        stage.replica.clear_faults();
        let fault = Fault::new(Kind::AccessDenied).service("cloudtrail").operation(operation);
        stage.replica.add_fault(fault.account("workload").region("eu-west-1"));
        let after = verdicts(&stage.scan(&REGIONS).1);
        let needs = if operation == "GetTrailStatus" { "trail-logging" } else { "data-events-scoped" };
        assert_eq!(after[&format!("{needs} {WORKLOAD_TRAIL}")], "unknown");
        for (key, status) in &before {
            if key.ends_with(ORGANIZATION_TRAIL) || key.ends_with(SANDBOX_TRAIL) {
                assert_eq!(after.get(key), Some(status), "{key} without {operation} of another trail");
            }
        }
    }
}

/// aquasecurity/trivy 6326: "not encrypted", and critical, where S3 encrypts with keys of its own.
#[test]
fn files_without_a_key_of_ones_own_are_not_called_unencrypted() {
    let report = stage().scan(&REGIONS).1;
    let verdict = report["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|verdict| verdict["rule"] == "log-encryption" && verdict["subject"]["id"] == SANDBOX_TRAIL)
        .unwrap();
    assert_eq!(verdict["status"], "fail");
    assert_eq!(verdict["severity"], "medium");
    let message = verdict["message"].as_str().unwrap();
    assert!(message.contains("S3's own encryption"), "{message}");
    assert!(!message.contains("not encrypted") && !message.contains("unencrypted"), "{message}");
}
