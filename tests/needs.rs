//! What a rule does not ask for is not asked, and changes nothing: the calls that the facts declare are enough.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use support::{Stage, fixture};
use trailproof::collect::{CALLS, When, every_call};
use trailproof::pack::built_in_packs;

const REGIONS: [&str; 2] = ["--regions", "us-east-1,eu-west-1"];
const CRITICAL: [&str; 4] = [
    "--set",
    "critical_buckets=acme-orders",
    "--set",
    "critical_functions=arn:aws:lambda:us-east-1:333333333333:function:charge",
];
/// Rules that read a parameter which exists in packs that have them alone.
const CRITICAL_RULES: [&str; 2] = ["critical-bucket-data-events", "critical-function-data-events"];

/// A world whose clock stands still, so that every scan sees the same moments.
fn stage() -> Stage {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    Stage::of(&format!("now: {}\n{world}", jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ")))
}

/// Ids of every rule that some built-in pack has, also of those that have to be asked for.
fn every_rule() -> BTreeSet<String> {
    let packs = built_in_packs().unwrap();
    let rules = packs.iter().flat_map(|pack| pack.rules.iter().chain(&pack.optional));
    rules.map(|rule| rule.id.clone()).collect()
}

/// Writes a pack of these rules; its folder.
fn pack(stage: &Stage, name: &str, rules: &BTreeSet<String>) -> String {
    let rules = rules.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let text =
        format!("id: {name}\ntitle: Some\nversion: '1'\nextends: baseline\nselect: {{ rules: [{rules}] }}\n");
    std::fs::create_dir_all(stage.path(name)).unwrap();
    stage.write(&format!("{name}/pack.yaml"), &text);
    stage.path(name).to_str().unwrap().to_owned()
}

/// Whatever a report says of a subject by a rule.
fn said(report: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let verdicts = report["verdicts"].as_array().unwrap().iter();
    let line = |verdict: &Value| {
        let of = format!("{} {}", text(&verdict["rule"]), text(&verdict["subject"]["id"]));
        (of, format!("{}: {} {}", text(&verdict["status"]), text(&verdict["message"]), verdict["remedy"]))
    };
    verdicts.map(line).collect()
}

fn scan(stage: &Stage, pack: &str, extra: &[&str]) -> BTreeMap<String, String> {
    let (_, report) = stage.scan(&[&["--policy", pack], &REGIONS[..], extra].concat());
    said(&report)
}

#[test]
fn a_rule_alone_says_what_it_says_among_all_others() {
    let stage = stage();
    let rules = every_rule();
    let all = pack(&stage, "all", &rules);
    let together = scan(&stage, &all, &CRITICAL);

    // What a collection asks of its own accord, without regard to rules, changes nothing either.
    let collected = stage.run(&[&["collect", "-o", "evidence.json"], &REGIONS[..]].concat());
    assert_eq!(collected.code, 0, "{}", collected.stderr);
    let checked = stage
        .run(&[&["check", "evidence.json", "--policy", &all, "--format", "json"], &CRITICAL[..]].concat());
    let checked = said(&serde_json::from_str(&checked.stdout).unwrap());
    let is_open = |of: &str| of.starts_with("critical-bucket-data-events ");
    let of_evidence: Vec<_> =
        together.iter().filter(|(of, said)| !is_open(of) && checked.get(*of) != Some(said)).collect();
    assert!(of_evidence.is_empty(), "not as in the evidence of all calls: {of_evidence:#?}");

    let wrong = Mutex::new(Vec::new());
    let waiting: Vec<&String> = rules.iter().collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(rule) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let alone = pack(&stage, &format!("only-{rule}"), &BTreeSet::from([(*rule).clone()]));
                    let extra = if CRITICAL_RULES.contains(&rule.as_str()) { critical(rule) } else { &[] };
                    let prefix = format!("{rule} ");
                    let expected = together.iter().filter(|(of, _)| of.starts_with(&prefix));
                    let expected: BTreeMap<_, _> =
                        expected.map(|(of, said)| (of.clone(), said.clone())).collect();
                    let found = scan(&stage, &alone, extra);
                    if found != expected || found.is_empty() {
                        wrong
                            .lock()
                            .unwrap()
                            .push(format!("{rule} alone: {found:#?}\namong others: {expected:#?}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} rules:\n{}", wrong.len(), wrong.join("\n"));
}

/// The parameter that the rule has.
fn critical(rule: &str) -> &'static [&'static str] {
    if rule == CRITICAL_RULES[0] { &CRITICAL[..2] } else { &CRITICAL[2..] }
}

/// Operations that a scan by one rule asks for.
fn asked(stage: &Stage, rule: &str) -> BTreeSet<String> {
    let alone = pack(stage, &format!("only-{rule}"), &BTreeSet::from([rule.to_owned()]));
    stage.replica.clear_requests();
    scan(stage, &alone, &[]);
    let requests = stage.replica.requests();
    requests.into_iter().map(|request| format!("{}:{}", request.service, request.operation)).collect()
}

#[test]
fn a_rule_asks_for_its_own_calls_and_no_others() {
    let stage = stage();
    let always = CALLS.iter().filter(|call| call.when == When::Always).map(|call| call.operation);
    // The regions are given.
    let always: BTreeSet<&str> = always.filter(|operation| *operation != "account:ListRegions").collect();
    for (rule, own) in [
        ("log-file-validation", &[][..]),
        ("trail-tags", &["cloudtrail:ListTags"]),
        ("trusted-access", &["organizations:ListAWSServiceAccessForOrganization"]),
        ("log-bucket-exists", &["s3:HeadBucket"]),
        ("log-bucket-versioning", &["s3:HeadBucket", "s3:ListBuckets", "s3:GetBucketVersioning"]),
        ("log-encryption", &["kms:DescribeKey"]),
        ("log-group-retention", &["logs:DescribeLogGroups"]),
        ("event-data-store-retention", &["cloudtrail:ListEventDataStores", "cloudtrail:GetEventDataStore"]),
    ] {
        let expected: BTreeSet<String> =
            always.iter().chain(own).map(|operation| (*operation).to_owned()).collect();
        assert_eq!(asked(&stage, rule), expected, "{rule}");
    }
}

#[test]
fn every_call_of_the_table_is_one_that_some_rule_or_every_collection_needs() {
    let packs = built_in_packs().unwrap();
    let rules = packs.iter().flat_map(|pack| pack.rules.iter().chain(&pack.optional));
    let needed: BTreeSet<String> =
        rules.flat_map(|rule| rule.calls().into_iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    let asked = trailproof::collect::wanted(needed.iter().map(String::as_str));
    let unused: Vec<_> = every_call().difference(&asked).copied().collect();
    // Facts that messages and other people's rules may show.
    assert_eq!(unused, ["cloudtrail:GetEventConfiguration", "s3:GetBucketEncryption"]);
}
