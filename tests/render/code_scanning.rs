//! What GitHub code scanning demands of an upload, and no validator checks.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use trailproof::render::Format;
use trailproof::report::{Baseline, Report, Status};

use crate::{rendered, sample};

fn run(report: &Report) -> Value {
    let sarif: Value = serde_json::from_str(&rendered(report, Format::Sarif)).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"].as_array().unwrap().len(), 1);
    sarif["runs"][0].clone()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("`{name}` is a list"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("`{pointer}` is a string in {value}"))
}

#[test]
fn every_rule_has_the_texts_and_a_severity_as_a_string() {
    let run = run(&sample::report());
    let rules = list(&run["tool"]["driver"], "rules");
    assert_eq!(rules.len(), sample::report().rules.len());
    for rule in rules {
        for pointer in ["/shortDescription/text", "/fullDescription/text"] {
            assert!((1..=1024).contains(&text(rule, pointer).chars().count()), "{pointer}");
        }
        assert!(!text(rule, "/help/text").is_empty() && !text(rule, "/help/markdown").is_empty());
        assert!(text(rule, "/name").chars().count() <= 255);
        assert!(list(&rule["properties"], "tags").len() <= 10);
        match rule["properties"].get("security-severity") {
            Some(severity) => {
                let number: f64 = severity.as_str().expect("a string").parse().expect("a number");
                assert!(number > 0.0 && number <= 10.0);
            }
            None => assert_eq!(text(rule, "/properties/problem.severity"), "recommendation"),
        }
    }
}

#[test]
fn every_result_has_a_file_a_line_and_a_fingerprint_of_its_own() {
    let run = run(&sample::report());
    let rules = list(&run["tool"]["driver"], "rules");
    let mut fingerprints = BTreeSet::new();
    for result in list(&run, "results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let location = &list(result, "locations")[0];
        let uri = text(location, "/physicalLocation/artifactLocation/uri");
        assert!(uri.starts_with("aws/"), "{uri}");
        assert!(uri.split('/').all(|segment| !matches!(segment, "" | "." | "..")), "{uri}");
        assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte)), "{uri}");
        assert_eq!(location["physicalLocation"]["region"]["startLine"], 1);
        let (hash, count) =
            text(result, "/partialFingerprints/primaryLocationLineHash").split_once(':').unwrap();
        assert!(hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) && count == "1");
        assert!(fingerprints.insert(hash.to_owned()), "{hash} twice");
        assert!(text(result, "/message/text").ends_with('.'));
        assert!(["error", "warning", "note"].contains(&text(result, "/level")));
        for absent in ["kind", "suppressions"] {
            assert!(result.get(absent).is_none(), "{absent}");
        }
    }
}

#[test]
fn the_run_is_a_success_of_one_category() {
    let run = run(&sample::report());
    assert_eq!(run["tool"]["driver"]["name"], "trailproof");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(text(&run, "/automationDetails/id"), "trailproof/o-acme12345/");
}

#[test]
fn a_scan_of_a_part_replaces_no_scan_of_the_whole() {
    let mut report = sample::report();
    report.run.scope.regions = Some(vec!["eu-west-1".into(), "us-east-1".into()]);
    let part = text(&run(&report), "/automationDetails/id").to_owned();
    assert!(part.starts_with("trailproof/o-acme12345/scope-") && part.ends_with('/'), "{part}");
    report.run.scope.regions = Some(vec!["us-east-1".into(), "eu-west-1".into()]);
    assert_eq!(text(&run(&report), "/automationDetails/id"), part);
}

#[test]
fn what_passes_or_is_accepted_is_no_alert() {
    let report = sample::report();
    let run = run(&report);
    let expected = report.verdicts.iter().filter(|verdict| {
        verdict.status == Status::Fail
            || verdict.status == Status::Unknown && verdict.was_failing_on.is_some()
    });
    assert_eq!(list(&run, "results").len(), expected.count());
}

#[test]
fn without_earlier_results_every_unknown_may_be_an_open_alert() {
    let mut report = sample::report();
    report.run.baseline = Baseline::NotGiven;
    report.unread.clear();
    let run = run(&report);
    let unknown: Vec<_> =
        list(&run, "results").iter().filter(|result| result["properties"]["status"] == "unknown").collect();
    assert_eq!(unknown.len(), report.summary().unknown);
    for result in unknown {
        assert_eq!(result["level"], "note");
        assert!(text(result, "/message/text").starts_with("Could not be evaluated: "));
    }
}

#[test]
fn a_first_upload_has_failures_only() {
    let mut report = sample::report();
    report.run.baseline = Baseline::First;
    for verdict in &mut report.verdicts {
        verdict.was_failing_on = None;
    }
    assert_eq!(list(&run(&report), "results").len(), report.summary().fail);
}

#[test]
fn an_alert_keeps_its_path_when_access_or_a_name_changes() {
    let uris = |report: &Report| -> Vec<String> {
        let run = run(report);
        list(&run, "results")
            .iter()
            .map(|result| text(&result["locations"][0], "/physicalLocation/artifactLocation/uri").to_owned())
            .collect()
    };
    let before = sample::report();
    let mut after = before.clone();
    for verdict in &mut after.verdicts {
        let subject = Arc::make_mut(&mut verdict.subject);
        subject.account.clear();
        subject.region.clear();
        subject.name = "renamed".into();
    }
    assert_eq!(uris(&before), uris(&after));
}
