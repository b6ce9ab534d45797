//! Earlier results, so that what could not be reached this time is not taken for mended.
//!
//! A subject in an account that cannot be read has no verdict at all, because nothing shows that it exists. Whoever closes alerts by
//! their absence (GitHub code scanning does) would take that for a fix. [`Earlier::carry_forward`] keeps such failures as unknown.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::render::json::v1::{Results, Verdict as EarlierVerdict};
use crate::report::{Baseline, Exception, Report, Status, Subject, SubjectKind, Unread, Verdict};

/// Earlier results, or the reason why there are none.
#[derive(Debug)]
pub enum Earlier {
    /// The user named none.
    NotGiven,
    /// The user says that there are none.
    First,
    /// A JSON report.
    Results(Box<Results>),
}

impl Earlier {
    /// Marks unknown verdicts that failed before, and adds those whose subject could not even be listed this time.
    pub fn carry_forward(&self, report: &mut Report) {
        let results = match self {
            Self::NotGiven => return,
            Self::First => {
                report.run.baseline = Baseline::First;
                return;
            }
            Self::Results(results) => results,
        };
        if let Some(other) = of_another(results, report) {
            report.run.baseline = Baseline::Unsuited(format!("they are of another {other}"));
            return;
        }
        report.run.baseline = if is_sound(results) {
            Baseline::Results(results.run.as_of.clone())
        } else {
            let why = "they missed places themselves and were compared with no results before them";
            Baseline::Unsuited(why.to_owned())
        };
        carry(results, report);
    }
}

/// What the results are of that this run is not of.
fn of_another(results: &Results, report: &Report) -> Option<&'static str> {
    let (then, now) = (&results.run, &report.run);
    let scope = |run: &crate::report::Run| crate::render::json::v1::Run::of(run).scope;
    match () {
        () if then.partition != now.partition => Some("partition"),
        () if then.organization != now.organization => Some("organization"),
        () if then.organization.is_none() && then.caller_account != now.caller_account => Some("account"),
        () if then.scope != scope(now) => Some("scope"),
        () => None,
    }
}

/// Whether every failure that may still be open is on record in the results.
fn is_sound(results: &Results) -> bool {
    let knew_of_earlier = !["not_given", "unsuited"].contains(&results.run.baseline.as_str());
    knew_of_earlier || results.unread.is_empty()
}

/// The date since which a verdict is known to fail, if it failed or was kept as failing. An accepted failure is one: its exception
/// may end before anybody can look again.
fn failing_on(verdict: &EarlierVerdict, results: &Results) -> Option<String> {
    let since = || verdict.was_failing_on.clone();
    let now = || Some(results.run.as_of.clone());
    match verdict.status.as_str() {
        "fail" | "excepted" => since().or_else(now),
        // Without earlier results of its own, a run reports every unknown verdict: its alert may be open.
        "unknown" if ["not_given", "unsuited"].contains(&results.run.baseline.as_str()) => {
            since().or_else(now)
        }
        "unknown" => since(),
        _ => None,
    }
}

fn carry(results: &Results, report: &mut Report) {
    let failing: BTreeMap<&str, (&EarlierVerdict, String)> = results
        .verdicts
        .iter()
        .filter_map(|verdict| Some((verdict.fingerprint.as_str(), (verdict, failing_on(verdict, results)?))))
        .collect();
    let mut judged = BTreeSet::new();
    for verdict in &mut report.verdicts {
        judged.insert(verdict.fingerprint.clone());
        if let (Status::Unknown, Some((earlier, date))) =
            (verdict.status, failing.get(verdict.fingerprint.as_str()))
        {
            verdict.was_failing_on = Some(date.clone());
            verdict.exception = still_accepted(earlier, &report.run.as_of);
        }
    }
    for (fingerprint, (earlier, date)) in failing {
        if judged.contains(fingerprint) || report.rule(&earlier.rule).is_none() {
            continue;
        }
        let Some(subject) = subject(earlier) else { continue };
        if let Some(unread) = report.unread.iter().find(|unread| may_hide(unread, &subject, report)) {
            let mut carried = carried(earlier, subject, date, unread);
            if let Some(verdict) = &mut carried {
                verdict.exception = still_accepted(earlier, &report.run.as_of);
            }
            report.verdicts.extend(carried);
        }
    }
    report.sort();
}

/// The exception of an earlier verdict, unless its last day is over.
fn still_accepted(earlier: &EarlierVerdict, as_of: &str) -> Option<Box<Exception>> {
    let exception = earlier.exception.as_ref()?;
    // Both start with a date, year first.
    let is_over = as_of.get(..10).is_none_or(|today| today > exception.expires.as_str());
    (!is_over).then(|| {
        Box::new(Exception {
            reason: exception.reason.clone(),
            owner: exception.owner.clone(),
            expires: exception.expires.clone(),
            ticket: exception.ticket.clone(),
        })
    })
}

/// Whether a subject that is no longer seen may still exist behind a place that could not be read.
fn may_hide(unread: &Unread, subject: &Subject, report: &Report) -> bool {
    match subject.kind {
        // They are seen through the trails that use them, which may be in any account.
        SubjectKind::LogBucket | SubjectKind::LogKey | SubjectKind::LogGroup => true,
        SubjectKind::Trail | SubjectKind::EventDataStore => {
            let is_there = unread.account == subject.account
                && unread.region.as_ref().is_none_or(|region| *region == subject.region);
            // A trail of an account that was not looked at is seen through its copies elsewhere.
            let is_of_others =
                report.coverage.iter().any(|row| row.account == subject.account && !row.evaluated);
            is_there || is_of_others
        }
        SubjectKind::Organization | SubjectKind::Account => unread.account == subject.account,
    }
}

/// A name of results version 1 as a value of today's types.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

fn subject(earlier: &EarlierVerdict) -> Option<Subject> {
    let subject = &earlier.subject;
    Some(Subject {
        kind: named(&subject.kind)?,
        id: subject.id.clone(),
        name: subject.name.clone(),
        account: subject.account.clone(),
        region: subject.region.clone(),
    })
}

fn carried(earlier: &EarlierVerdict, subject: Subject, date: String, unread: &Unread) -> Option<Verdict> {
    let place = match &unread.region {
        Some(region) => format!("account {} in {region}", unread.account),
        None => format!("account {}", unread.account),
    };
    Some(Verdict {
        rule: earlier.rule.as_str().into(),
        status: Status::Unknown,
        severity: named(&earlier.severity)?,
        subject: subject.into(),
        message: format!("cannot tell: {place} could not be read; was failing on {date}").into(),
        remedy: None,
        fingerprint: earlier.fingerprint.clone(),
        because: Vec::new(),
        gaps: [unread.gap.clone()].into(),
        was_failing_on: Some(date),
        exception: None,
    })
}
