//! Earlier results, so that what could not be reached this time is not taken for mended, and what is new stands out.
//!
//! A subject in an account that cannot be read has no verdict at all, because nothing shows that it exists. Whoever closes alerts by
//! their absence (GitHub code scanning does) would take that for a fix. [`Earlier::apply`] keeps such failures as unknown, and then
//! tells new failures from existing ones and lists those that are gone.

use crate::drift::{Judged, Refusal, Side, compare, hiding_place, same_audit};
use crate::render::json::v1::Results;
use crate::report::{Absence, Baseline, ChangeKind, Exception, Report, Since, Status, Verdict};

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
    /// Carries forward what failed and cannot be told now, and says of each failure whether it is new.
    pub fn apply(&self, report: &mut Report) {
        match self {
            Self::NotGiven => {}
            Self::First => report.run.baseline = Baseline::First,
            Self::Results(results) => {
                let done = Side::of_results(results).and_then(|old| apply(old, results, report));
                if let Err(refusal) = done {
                    report.run.baseline = Baseline::Unsuited(match refusal {
                        Refusal::Different { what, .. } => format!("they are of another {what}"),
                        other => other.to_string(),
                    });
                }
            }
        }
    }
}

fn apply(mut old: Side<'_>, results: &Results, report: &mut Report) -> Result<(), Refusal> {
    let now = Side::of_report(report);
    same_audit(&old, &now)?;
    old.adopt_names(&now);
    let knew_of_earlier = !["not_given", "unsuited"].contains(&results.run.baseline.as_str());
    let baseline = if old.scope != now.scope {
        Baseline::Unsuited("they are of another scope".to_owned())
    } else if knew_of_earlier || results.unread.is_empty() {
        Baseline::Results(results.run.as_of.clone())
    } else {
        let why = "they missed places themselves and were compared with no results before them";
        Baseline::Unsuited(why.to_owned())
    };
    let carried = if old.scope == now.scope { carried(&old, &now, knew_of_earlier) } else { Vec::new() };
    report.run.baseline = baseline;
    mark(&old, knew_of_earlier, report);
    report.verdicts.extend(carried);
    report.sort();
    close(&old, report)
}

/// Since when an unknown verdict is to be taken for a failure that is still open.
fn open_since(verdict: &Judged<'_>, old: &Side<'_>, knew_of_earlier: bool) -> Option<String> {
    match verdict.status {
        // An accepted failure is one: its exception may end before anybody can look again.
        Status::Fail | Status::Excepted => Some(old.as_of.to_owned()),
        Status::Unknown => verdict
            .was_failing_on
            // Without earlier results of its own, a run reports every unknown verdict: its alert may be open.
            .or_else(|| (!knew_of_earlier).then_some(old.as_of))
            .map(str::to_owned),
        Status::Pass | Status::NotApplicable => None,
    }
}

/// Verdicts that may still fail, of subjects that may be where nothing could be read.
fn carried(old: &Side<'_>, now: &Side<'_>, knew_of_earlier: bool) -> Vec<Verdict> {
    let mut carried = Vec::new();
    for (fingerprint, verdict) in &old.verdicts {
        if now.verdicts.contains_key(fingerprint) || !now.rules.contains_key(verdict.rule.as_ref()) {
            continue;
        }
        let Some(date) = open_since(verdict, old, knew_of_earlier) else { continue };
        let Some(hidden) = hiding_place(&verdict.subject, now) else { continue };
        let place = hidden.place();
        carried.push(Verdict {
            rule: verdict.rule.as_ref().into(),
            status: Status::Unknown,
            severity: verdict.severity,
            subject: verdict.subject.clone().into_owned().into(),
            message: format!("cannot tell: {place} could not be read; was failing on {date}").into(),
            remedy: None,
            fingerprint: fingerprint.to_string(),
            because: Vec::new(),
            gaps: hidden.gap.cloned().into_iter().collect(),
            was_failing_on: Some(date),
            since: existing(verdict),
            exception: accepted(verdict),
        });
    }
    carried
}

/// What accepted the failure then; whether it does so now is for the exceptions of today to say.
fn accepted(was: &Judged<'_>) -> Option<Box<Exception>> {
    was.exception.as_deref().cloned().map(Box::new)
}

fn existing(was: &Judged<'_>) -> Option<Box<Since>> {
    let date = was.failing_since.clone()?;
    Some(Box::new(Since { is_new: false, date }))
}

/// Says of each failure whether it is new, and of unknown verdicts since when they failed.
fn mark(old: &Side<'_>, knew_of_earlier: bool, report: &mut Report) {
    let as_of = report.run.as_of.clone();
    for verdict in &mut report.verdicts {
        let was = old.verdicts.get(verdict.fingerprint.as_str());
        match verdict.status {
            Status::Fail => {
                let new = || Box::new(Since { is_new: true, date: as_of.clone() });
                verdict.since = Some(was.and_then(existing).unwrap_or_else(new));
            }
            Status::Unknown => {
                verdict.was_failing_on = was.and_then(|was| open_since(was, old, knew_of_earlier));
                verdict.since = was.and_then(existing);
                verdict.exception = was.and_then(accepted);
            }
            Status::Excepted | Status::Pass | Status::NotApplicable => {}
        }
    }
}

/// Lists the failures that are none any more. What another scope leaves out is not of interest here.
fn close(old: &Side<'_>, report: &mut Report) -> Result<(), Refusal> {
    let now = Side::of_report(report);
    let mut drift = compare(old, &now)?;
    let same_scope = old.scope == now.scope;
    drift.changes.retain(|change| {
        let is_gone = matches!(change.kind, ChangeKind::Fixed | ChangeKind::NotEvaluated);
        let left_out = !same_scope && matches!(change.absence, Some(Absence::OutOfScope(_)));
        is_gone && change.since.is_some() && !left_out
    });
    report.drift = Some(Box::new(drift));
    Ok(())
}
