//! Which calls are made, as whom, and what is kept.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use trailproof::inventory::Inventory;

use super::{AUDIT, EVERYTHING, ORGANIZATION_TRAIL, REGIONS, Stage, at, evidence, world};

const RULE: &str = "
title: T
severity: low
message: m
why: w
remedy: { text: r }
";

/// A pack of one rule in the stage's folder.
fn write_pack(stage: &Stage, rule: &str) {
    std::fs::create_dir(stage.path("pack")).unwrap();
    stage.write("pack/pack.yaml", "id: mine\ntitle: Mine\nversion: '1'\n");
    stage.write("pack/only.yaml", &format!("id: only{RULE}{rule}"));
}

fn operations(stage: &Stage) -> BTreeSet<String> {
    let requests = stage.replica.requests();
    requests.iter().map(|request| format!("{}:{}", request.service, request.operation)).collect()
}

#[test]
fn every_call_reads_and_is_made_once() {
    let stage = Stage::of(&world());
    evidence(&stage, "auditor");
    let requests = stage.replica.requests();
    let mut seen = BTreeSet::new();
    for request in &requests {
        assert!(request.is_read(), "{}:{}", request.service, request.operation);
        // These are told apart by the type of policy and by the start of the bucket's name, which are no resources.
        let is_twice = !seen.insert(request.identity());
        assert!(
            !is_twice || ["ListPolicies", "ListBuckets"].contains(&request.operation.as_str()),
            "{:?} is made twice",
            request.identity()
        );
    }
    let asked = operations(&stage);
    for call in trailproof::collect::CALLS {
        // No trail of this world has a key, and the regions are given.
        let is_needless = call.operation.starts_with("kms:") || call.operation == "account:ListRegions";
        assert_eq!(asked.contains(call.operation), !is_needless, "{}", call.operation);
    }
}

#[test]
fn a_rule_that_needs_no_more_than_trails_is_answered_with_the_calls_of_every_collection() {
    let stage = Stage::of(&world());
    write_pack(
        &stage,
        "subject: trail\nassert: trail.validates_log_files\nexamples:\n  - { name: a, expect: pass, facts: { validates_log_files: true } }\n  - { name: b, expect: fail, facts: { validates_log_files: false } }\n",
    );
    let mut arguments = vec!["scan", "--policy", "pack", "--evidence", "evidence.json"];
    arguments.extend(REGIONS);
    let run = stage.run(&arguments);
    // The locked account is not read.
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    let always =
        trailproof::collect::CALLS.iter().filter(|call| call.when == trailproof::collect::When::Always);
    // The regions are given.
    let mut expected: BTreeSet<String> = always.map(|call| call.operation.to_owned()).collect();
    expected.remove("account:ListRegions");
    assert_eq!(operations(&stage), expected);
    let evidence: Value = serde_json::from_str(&stage.read("evidence.json")).unwrap();
    for path in [
        "/trails/TRAIL/event_configuration",
        "/buckets/logs/owner",
        "/buckets/logs/lifecycle",
        "/log_groups/GROUP/settings",
        "/organization/service_control_policies",
        "/organization/resource_control_policies",
    ] {
        let (trail, group) = (ORGANIZATION_TRAIL.replace('/', "~1"), AUDIT);
        let path = path.replace("TRAIL", &trail).replace("GROUP", group);
        let gap = &evidence.pointer(&path).unwrap_or_else(|| panic!("no {path}"))["gap"];
        assert_eq!(gap["reason"], "not_collected", "{path}");
        assert_eq!(gap["detail"], "no selected rule needs it", "{path}");
    }
}

#[test]
fn buckets_that_a_parameter_names_are_looked_for_everywhere() {
    let stage = Stage::of(&world());
    write_pack(
        &stage,
        "subject: account\nparameters:\n  critical_buckets: { type: list<string>, default: [], doc: d }\nassert: size(parameters.critical_buckets) == 0 || account.critical_buckets.all(bucket, bucket.is_found)\nexamples:\n  - { name: a, expect: pass, facts: {} }\n  - { name: b, expect: fail, parameters: { critical_buckets: [x] }, facts: { critical_buckets: [{ is_found: false }] } }\n",
    );
    let mut arguments = vec!["scan", "--policy", "pack", "--evidence", "evidence.json"];
    arguments.extend(["--set", "critical_buckets=critical,nowhere"]);
    arguments.extend(REGIONS);
    let run = stage.run(&arguments);
    assert!([0, 1, 3].contains(&run.code), "{}{}", run.stdout, run.stderr);
    let evidence: Value = serde_json::from_str(&stage.read("evidence.json")).unwrap();
    let bucket = |name, field| at(&evidence, &["watched_buckets", name, field]).clone();
    assert_eq!(bucket("critical", "exists"), true);
    assert_eq!(bucket("critical", "region"), "eu-west-1");
    assert_eq!(bucket("critical", "owner"), "333333333333");
    assert_eq!(evidence["watched_buckets"]["critical"]["unasked"], serde_json::json!({}), "the owner told");
    assert_eq!(bucket("nowhere", "exists"), false);
    assert_eq!(evidence["watched_buckets"]["nowhere"]["unasked"], serde_json::json!({}), "it is nobody's");
    let gap = &evidence["watched_buckets"]["nowhere"]["owner"]["gap"];
    assert_eq!(gap["detail"], "there is no such bucket");
    // Nothing else of it is asked.
    assert!(!operations(&stage).iter().any(|operation| operation.starts_with("s3:GetBucket")));
}

#[test]
fn a_delegated_administrator_reads_the_stores_of_an_organization_whose_owner_cannot_be_asked() {
    let locked = world().replace(
        "{ name: management, id: \"111111111111\" }",
        "{ name: management, id: \"111111111111\", roles: [] }",
    );
    let stage = Stage::of(&locked);
    let evidence = evidence(&stage, "delegate");
    let settings = &evidence["event_data_stores"][EVERYTHING]["settings"]["known"];
    assert_eq!(settings["origin"]["call"]["account"], "333333333333");
    assert_eq!(settings["value"]["is_organization_event_data_store"], true);
    // What belongs to the owner alone is not known, and the owner is to blame.
    for gap in [
        &evidence["log_groups"][AUDIT]["settings"]["gap"],
        &evidence["accounts"]["111111111111"]["event_data_stores"]["us-east-1"]["gap"],
        &evidence["accounts"]["111111111111"]["alerting"]["us-east-1"]["alarms"]["gap"],
        &evidence["accounts"]["111111111111"]["alerting"]["eu-west-1"]["event_rules"]["gap"],
    ] {
        assert_eq!(gap["reason"], "denied", "{gap}");
        assert_eq!(gap["origin"]["call"]["operation"], "sts:AssumeRole", "{gap}");
    }
}

#[test]
fn the_owner_of_a_trail_is_asked_for_alerts_though_it_is_out_of_scope() {
    let stage = Stage::of(&world());
    let run = stage.run(&["collect", "-o", "evidence.json", "--accounts", "444444444444"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let evidence: Value = serde_json::from_str(&stage.read("evidence.json")).unwrap();
    let management = &evidence["accounts"]["111111111111"];
    assert_eq!(management["in_scope"], false);
    assert_eq!(at(management, &["alerting", "us-east-1", "alarms"]).as_array().unwrap().len(), 4);
    assert_eq!(at(management, &["alerting", "ap-south-1", "event_rules"]), &json!([]));
    assert_eq!(at(management, &["alerting"]).as_object().unwrap().len(), 17);
    assert_eq!(management["regions"]["gap"]["reason"], "not_collected");
}

#[test]
fn evidence_that_is_loaded_and_saved_again_is_the_same() {
    let stage = Stage::of(&world());
    evidence(&stage, "auditor");
    let text = stage.read("evidence.json");
    assert_eq!(Inventory::load(&text).unwrap().save().unwrap(), text);
}
