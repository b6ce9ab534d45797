//! Results made for tests: three rules, two accounts.

use std::collections::BTreeMap;

use serde_json::json;

use crate::evaluate::fingerprint;
use crate::render::json::v1::{Gap, Origin, Results, Summary, Unread, Verdict};
use crate::report::{Change, Drift, Status};

pub(super) const TRAIL_A: &str = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/a";
pub(super) const TRAIL_B: &str = "arn:aws:cloudtrail:us-east-1:222222222222:trail/b";
const KINDS: [&str; 3] = ["trail", "log_bucket", "event_data_store"];

/// A verdict to be: number of the rule, subject, status.
pub(super) enum Of {
    Verdict(usize, &'static str, Status),
}

/// Complete results of everything in both accounts, on `baseline`.
pub(super) fn results(of: &[Of]) -> Results {
    let row = |account: &str| json!({ "account": account, "name": account, "path": [], "evaluated": true, "regions": [] });
    let rule = |at: usize| {
        json!({
            "id": format!("rule-{at}"), "title": "", "subject": KINDS[at], "severity": "high", "why": "", "remedy": {},
            "controls": {}, "references": [], "parameters": {},
        })
    };
    let mut results: Results = serde_json::from_value(json!({
        "version": "1",
        "tool": { "name": "trailproof", "version": "0.1.0" },
        "run": {
            "as_of": "2026-11-19T06:00:00Z", "started_at": "", "finished_at": "", "caller_account": "111111111111",
            "caller_arn": "", "partition": "aws", "organization": "o-acme", "management_account": "111111111111",
            "scope": {
                "account_only": false, "regions": null, "accounts": [], "exclude_accounts": [], "organizational_units": [],
            },
            "interrupted": false, "calls": 0,
            "packs": [{ "id": "baseline", "title": "", "version": "1", "digest": "0123" }], "baseline": "not_given",
        },
        "summary": { "pass": 0, "fail": 0, "unknown": 0, "not_applicable": 0, "excepted": 0 },
        "rules": [rule(0), rule(1), rule(2)],
        "verdicts": [], "gaps": [], "unread": [], "coverage": [row("111111111111"), row("222222222222")],
    }))
    .unwrap();
    results.verdicts = of.iter().map(|Of::Verdict(rule, id, status)| verdict(*rule, id, *status)).collect();
    count(&mut results);
    results
}

/// Makes the summary agree with the verdicts.
pub(super) fn count(results: &mut Results) {
    let of = |status: Status| results.verdicts.iter().filter(|it| it.status == status.name()).count();
    results.summary = Summary {
        pass: of(Status::Pass),
        fail: of(Status::Fail),
        unknown: of(Status::Unknown),
        not_applicable: of(Status::NotApplicable),
        excepted: of(Status::Excepted),
    };
}

pub(super) fn verdict(rule: usize, id: &str, status: Status) -> Verdict {
    let part = |at: usize| id.split(':').nth(at).unwrap_or_default();
    let rule_id = format!("rule-{rule}");
    serde_json::from_value(json!({
        "rule": rule_id, "status": status.name(), "severity": "high",
        "subject": { "kind": KINDS[rule], "id": id, "name": id, "account": part(4), "region": part(3) },
        "message": "", "fingerprint": fingerprint(&rule_id, "aws", id),
        "because": [
            { "fact": "trail.bucket", "value": "bucket", "origins": [{ "operation": "cloudtrail:DescribeTrails" }] },
            { "fact": "trail.hours_since_delivery", "value": 1, "origins": [] },
        ],
    }))
    .unwrap()
}

fn denied(operation: &str, account: &str, region: &str) -> Gap {
    let origin = Origin {
        operation: operation.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        ..Origin::default()
    };
    Gap { origin, reason: "denied".to_owned(), detail: String::new() }
}

pub(super) fn unread(results: &mut Results, account: &str, region: Option<&str>) {
    let gap = denied("sts:AssumeRole", account, "");
    results.unread.push(Unread { account: account.to_owned(), region: region.map(str::to_owned), gap });
}

pub(super) fn stores_unread(results: &mut Results, account: &str, region: &str) {
    let gap = denied("cloudtrail:ListEventDataStores", account, region);
    results.unread.push(Unread { account: account.to_owned(), region: Some(region.to_owned()), gap });
}

pub(super) fn only(drift: &Drift) -> &Change {
    assert_eq!(drift.changes.len(), 1, "{:#?}", drift.changes);
    &drift.changes[0]
}

pub(super) fn changed<'d>(drift: &'d Drift, id: &str) -> &'d Change {
    drift.changes.iter().find(|change| change.subject.id == id).unwrap()
}

/// Fingerprints with what becomes of them.
pub(super) fn by_fingerprint(drift: &Drift) -> BTreeMap<&str, &Change> {
    drift.changes.iter().map(|change| (change.fingerprint.as_str(), change)).collect()
}
