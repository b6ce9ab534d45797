//! What a collection keeps of each answer: the evidence file against a world written by hand.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod faults;
mod scope;
#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;
use support::{Stage, fixture};

const ORGANIZATION_TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/audit";
const LOCAL_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/local";
const EVERYTHING: &str =
    "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/11111111-0000-0000-0000-000000000000";
const AUDIT: &str = "arn:aws:logs:us-east-1:111111111111:log-group:audit";
const ALERTS: &str = "arn:aws:sns:us-east-1:111111111111:alerts";
const DELIVERIES: &str = "arn:aws:sns:us-east-1:555555555555:deliveries";
const REGIONS: [&str; 4] = ["--regions", "us-east-1", "--regions", "eu-west-1"];

fn world() -> String {
    std::fs::read_to_string(fixture("tests/worlds/every-evidence.yaml")).unwrap()
}

/// The evidence that `caller` collects in two regions.
fn evidence(stage: &Stage, caller: &str) -> Value {
    let run = stage.run_as(caller, &[&["collect", "-o", "evidence.json"], &REGIONS[..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&stage.read("evidence.json")).unwrap()
}

/// The value at the end of the names; where something was observed on the way, its known value.
fn at<'a>(evidence: &'a Value, path: &[&str]) -> &'a Value {
    let mut value = evidence;
    for name in path {
        value = value.get(name).unwrap_or_else(|| panic!("no {name:?} of {path:?} in {value:#}"));
        value = value.pointer("/known/value").unwrap_or(value);
    }
    value
}
