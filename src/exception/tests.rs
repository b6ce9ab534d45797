use std::collections::BTreeMap;

use jiff::Timestamp;

use super::*;
use crate::diagnostic::{Diagnostic, render_all};
use crate::inventory::Scope;
use crate::report::{
    AccountCoverage, Baseline, Remedy, Report, RuleSummary, Run, Severity, Status, Subject, SubjectKind,
    Verdict,
};
use crate::yaml::decode::Decoder;
use crate::yaml::{Kind, parse};

mod append;
mod apply;
mod lookup;

const AS_OF: &str = "2026-11-20T06:00:00Z";

fn run() -> Run {
    Run {
        tool_version: "0".into(),
        as_of: AS_OF.into(),
        started_at: AS_OF.into(),
        finished_at: AS_OF.into(),
        caller_account: "111111111111".into(),
        caller_arn: String::new(),
        partition: "aws".into(),
        organization: None,
        management_account: None,
        scope: Scope::default(),
        interrupted: false,
        calls: 0,
        packs: Vec::new(),
        baseline: Baseline::NotGiven,
    }
}

fn rule(id: &str) -> RuleSummary {
    RuleSummary {
        id: id.into(),
        aliases: Vec::new(),
        title: id.into(),
        subject: SubjectKind::LogBucket,
        severity: Severity::Low,
        why: String::new(),
        remedy: Remedy::default(),
        controls: BTreeMap::new(),
        references: Vec::new(),
        parameters: BTreeMap::new(),
    }
}

fn account(id: &str, name: &str, path: &[&str]) -> AccountCoverage {
    AccountCoverage {
        account: id.into(),
        name: name.into(),
        path: path.iter().map(|unit| (*unit).to_owned()).collect(),
        evaluated: true,
        note: String::new(),
        cells: Vec::new(),
    }
}

fn verdict(rule: &str, id: &str, account: &str, status: Status) -> Verdict {
    Verdict {
        rule: rule.into(),
        status,
        severity: Severity::Low,
        subject: Arc::new(Subject {
            kind: SubjectKind::LogBucket,
            id: id.into(),
            name: id.into(),
            account: account.into(),
            region: String::new(),
        }),
        message: "m".into(),
        remedy: None,
        fingerprint: crate::evaluate::fingerprint(rule, "aws", id),
        because: Vec::new(),
        gaps: [].into(),
        was_failing_on: None,
        since: None,
        exception: None,
    }
}

/// Three accounts, and failures in two of them.
fn report() -> Report {
    let verdicts = vec![
        verdict("versioning", "arn:aws:s3:::alpha", "111111111111", Status::Fail),
        verdict("versioning", "arn:aws:s3:::beta", "222222222222", Status::Fail),
        verdict("versioning", "arn:aws:s3:::gamma", "333333333333", Status::Pass),
        verdict("object-lock", "arn:aws:s3:::alpha", "111111111111", Status::Fail),
        verdict("object-lock", "arn:aws:s3:::beta", "222222222222", Status::Unknown),
        verdict("object-lock", "arn:aws:s3:::nowhere", "", Status::Fail),
    ];
    let mut report = Report {
        run: run(),
        rules: vec![rule("object-lock"), rule("versioning")],
        verdicts,
        gaps: Vec::new(),
        unread: Vec::new(),
        coverage: vec![
            account("111111111111", "payments", &["Root", "Workloads", "Prod", "Payments"]),
            account("222222222222", "sandbox-one", &["Root", "Workloads"]),
            account("333333333333", "sandbox-two", &[]),
        ],
        frameworks: Vec::new(),
        drift: None,
        exceptions: Vec::new(),
    };
    report.sort();
    report
}

/// Entries from the keys that choose verdicts, each accepted until the end of 2026.
fn entries(keys: &[&str]) -> Vec<Entry> {
    let entry = |keys: &&str| format!("  - {{ {keys}, reason: r, owner: o, expires: 2026-12-31 }}\n");
    let entries: Vec<String> = keys.iter().map(entry).collect();
    written(&format!("exceptions:\n{}", entries.concat()))
}

/// The exceptions of a file that may hold other keys.
fn read(text: &str) -> Result<Vec<Entry>, Vec<Diagnostic>> {
    let (root, found) = parse(&Arc::new(Source::new("trailproof.yaml", text)));
    let source = Arc::new(Source::new("trailproof.yaml", text));
    let mut decoder = Decoder::new(&source);
    decoder.diagnostics = found;
    let list = root.as_ref().and_then(|root| match &root.kind {
        Kind::Map(entries) => entries.iter().find(|entry| entry.key == "exceptions"),
        _ => None,
    });
    let entries = list.map(|list| decoder.exceptions(&list.value)).unwrap_or_default();
    if decoder.diagnostics.is_empty() { Ok(entries) } else { Err(decoder.diagnostics) }
}

fn written(text: &str) -> Vec<Entry> {
    read(text).unwrap_or_else(|found| panic!("{}", render_all(&found, false)))
}

fn applied_at(entries: &[Entry], as_of: &str, report: &mut Report) -> Vec<Diagnostic> {
    let moment: Timestamp = as_of.parse().unwrap();
    super::apply(entries, &Surroundings { as_of: moment, tags: &BTreeMap::new(), limit: LIMIT }, report)
}

/// `rule id` of what is excepted, with the reports' notes.
fn outcome(report: &Report) -> (Vec<String>, Vec<String>) {
    let excepted = report.verdicts.iter().filter(|verdict| verdict.status == Status::Excepted);
    let excepted = excepted.map(|verdict| {
        format!("{} {}", verdict.rule, verdict.subject.id.trim_start_matches("arn:aws:s3:::"))
    });
    let notes = report.exceptions.iter().map(|note| format!("{}: {}", note.trouble, note.message));
    (excepted.collect(), notes.collect())
}

fn accepted(keys: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut report = report();
    applied_at(&entries(keys), AS_OF, &mut report);
    outcome(&report)
}
