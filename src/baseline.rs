//! Earlier results, so that what could not be reached this time is not taken for mended.
//!
//! A subject in an account that cannot be read has no verdict at all, because nothing shows that it exists. Whoever closes alerts by
//! their absence (GitHub code scanning does) would take that for a fix. [`Earlier::carry_forward`] keeps such failures as unknown.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::report::{Baseline, Report, Severity, Status, Subject, SubjectKind, Unread, Verdict};

/// Earlier results, or the reason why there are none.
#[derive(Debug)]
pub enum Earlier {
    /// The user named none.
    NotGiven,
    /// The user says that there are none.
    First,
    /// A JSON report.
    Results(Results),
}

/// What matters of an earlier JSON report (format version 1).
#[derive(Debug, Deserialize)]
pub struct Results {
    version: String,
    run: EarlierRun,
    verdicts: Vec<EarlierVerdict>,
}

#[derive(Debug, Deserialize)]
struct EarlierRun {
    as_of: String,
}

#[derive(Debug, Deserialize)]
struct EarlierVerdict {
    rule: String,
    status: Status,
    severity: Severity,
    subject: Subject,
    fingerprint: String,
    #[serde(default)]
    was_failing_on: Option<String>,
}

impl Results {
    /// Reads a JSON report; the error carries line and column.
    pub fn load(text: &str) -> Result<Self, serde_json::Error> {
        let results: Self = serde_json::from_str(text)?;
        if results.version == "1" {
            Ok(results)
        } else {
            Err(serde::de::Error::custom(format!(
                "expected results of version 1, found version {}",
                results.version
            )))
        }
    }
}

impl EarlierVerdict {
    /// The date since which it is known to fail, if it failed or was kept as failing.
    fn failing_on(&self, as_of: &str) -> Option<String> {
        match self.status {
            Status::Fail => Some(self.was_failing_on.clone().unwrap_or_else(|| as_of.to_owned())),
            Status::Unknown => self.was_failing_on.clone(),
            Status::Pass | Status::NotApplicable | Status::Excepted => None,
        }
    }
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
        report.run.baseline = Baseline::Results(results.run.as_of.clone());
        let failing: BTreeMap<&str, (&EarlierVerdict, String)> = results
            .verdicts
            .iter()
            .filter_map(|verdict| {
                Some((verdict.fingerprint.as_str(), (verdict, verdict.failing_on(&results.run.as_of)?)))
            })
            .collect();
        let mut judged = BTreeSet::new();
        for verdict in &mut report.verdicts {
            judged.insert(verdict.fingerprint.clone());
            if verdict.status == Status::Unknown {
                verdict.was_failing_on =
                    failing.get(verdict.fingerprint.as_str()).map(|(_, date)| date.clone());
            }
        }
        for (fingerprint, (earlier, date)) in failing {
            if judged.contains(fingerprint) || report.rule(&earlier.rule).is_none() {
                continue;
            }
            if let Some(unread) = report.unread.iter().find(|unread| may_hide(unread, &earlier.subject)) {
                let carried = carried(earlier, date, unread);
                report.verdicts.push(carried);
            }
        }
        report.sort();
    }
}

/// Whether a subject that is no longer seen may still exist behind a place that could not be read.
fn may_hide(unread: &Unread, subject: &Subject) -> bool {
    match subject.kind {
        // A bucket is seen through the trails that deliver to it, which may be in any account.
        SubjectKind::LogBucket => true,
        SubjectKind::Trail => {
            unread.account == subject.account
                && unread.region.as_ref().is_none_or(|region| *region == subject.region)
        }
        SubjectKind::Organization | SubjectKind::Account => unread.account == subject.account,
    }
}

fn carried(earlier: &EarlierVerdict, date: String, unread: &Unread) -> Verdict {
    let place = match &unread.region {
        Some(region) => format!("account {} in {region}", unread.account),
        None => format!("account {}", unread.account),
    };
    Verdict {
        rule: earlier.rule.clone(),
        status: Status::Unknown,
        severity: earlier.severity,
        subject: earlier.subject.clone(),
        message: format!("cannot tell: {place} could not be read; was failing on {date}"),
        remedy: None,
        fingerprint: earlier.fingerprint.clone(),
        because: Vec::new(),
        gaps: vec![unread.gap.clone()],
        was_failing_on: Some(date),
        exception: None,
    }
}
