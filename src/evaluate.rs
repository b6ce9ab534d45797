//! Applies packs to facts: every rule to every subject of its kind. Knows nothing about how facts came about or how verdicts are shown.

mod evidence;
mod judge;
mod parallel;

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::expr::EvaluationError;
use crate::facts::{Facts, Record, SubjectRecord};
use crate::inventory::{Gap, Origin};
use crate::pack::{self, Case, Combined, Pack, Rule, hex};
use crate::report::{GapEffect, LIST_EVENT_DATA_STORES, Report, Run, Status, SubjectKind, Unread, Verdict};

use judge::Judge;

/// A rule or this program is wrong: no verdict, and no unknown either.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// An evaluation failed for another reason than a gap.
    #[error("rule `{rule}` could not be evaluated for `{subject}`: {error}")]
    Evaluation {
        /// Rule id.
        rule: String,
        /// Id of the first subject it failed for.
        subject: String,
        /// What happened.
        error: EvaluationError,
    },
    /// The packs do not go together.
    #[error("{}", .0.iter().map(|mistake| mistake.title.as_str()).collect::<Vec<_>>().join("\n"))]
    Packs(Vec<Diagnostic>),
}

impl Defect {
    /// The same failure of the same rule, whatever the subject.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Evaluation { rule, error, .. },
                Self::Evaluation { rule: other_rule, error: other_error, .. },
            ) => (rule, error) == (other_rule, other_error),
            _ => self == other,
        }
    }
}

/// Judges every subject by every rule of its kind.
pub fn evaluate(packs: &[Pack], facts: &Facts, mut run: Run) -> Result<Report, Vec<Defect>> {
    let Combined { rules, frameworks, .. } =
        pack::combine(packs).map_err(|found| vec![Defect::Packs(found)])?;
    run.packs = packs.iter().map(Pack::summary).collect();
    let judges: Vec<Judge<'_>> = rules.iter().map(|rule| Judge::of(rule, &run.partition)).collect();
    let mut columns = Vec::with_capacity(judges.len());
    judge(&judges, &facts.organizations, &mut columns);
    judge(&judges, &facts.accounts, &mut columns);
    judge(&judges, &facts.trails, &mut columns);
    judge(&judges, &facts.event_data_stores, &mut columns);
    judge(&judges, &facts.log_buckets, &mut columns);
    judge(&judges, &facts.log_keys, &mut columns);
    judge(&judges, &facts.log_groups, &mut columns);
    // Nearly the order of the report, which is then quickly sorted.
    columns.sort_by_key(|(judge, _)| (judge.rule.severity, &judge.rule.id));
    let verdicts = collected(columns)?;
    let gaps = count_gaps(&verdicts, facts);
    let mut report = Report {
        run,
        rules: rules.iter().map(|rule| rule.summary()).collect(),
        verdicts,
        gaps,
        unread: unread(facts, &rules),
        coverage: facts.coverage.clone(),
        frameworks,
        drift: None,
        exceptions: Vec::new(),
    };
    report.unread.sort();
    report.coverage.sort_by(|a, b| a.account.cmp(&b.account));
    report.sort();
    Ok(report)
}

/// The verdicts of one rule, in the order of its subjects.
type Column = Vec<Option<Result<Verdict, Defect>>>;

/// Applies the rules of one kind of subject to all subjects of that kind.
fn judge<'j, R: SubjectRecord + Sync>(
    judges: &'j [Judge<'j>],
    subjects: &[R],
    into: &mut Vec<(&'j Judge<'j>, Column)>,
) {
    let judges: Vec<&Judge<'_>> = judges.iter().filter(|judge| judge.rule.subject == R::KIND).collect();
    if judges.is_empty() {
        return;
    }
    let columns = parallel::columns(subjects, judges.len(), |facts| {
        let subject = Arc::new(facts.subject());
        let mut record = Record::of(facts);
        record.origins.insert(String::new(), facts.described_by().cloned().into_iter().collect());
        let case = Case::new(R::KIND, &record);
        judges.iter().map(|judge| judge.verdict(&subject, &case)).collect()
    });
    into.extend(judges.into_iter().zip(columns));
}

/// All verdicts, or every distinct defect with the first subject that showed it.
fn collected(columns: Vec<(&Judge<'_>, Column)>) -> Result<Vec<Verdict>, Vec<Defect>> {
    let mut verdicts = Vec::with_capacity(columns.iter().map(|(_, column)| column.len()).sum());
    let mut defects: Vec<Defect> = Vec::new();
    for judged in columns.into_iter().flat_map(|(_, column)| column).flatten() {
        match judged {
            Ok(verdict) => verdicts.push(verdict),
            Err(defect) if defects.iter().any(|known| known.is_like(&defect)) => {}
            Err(defect) => defects.push(defect),
        }
    }
    if defects.is_empty() { Ok(verdicts) } else { Err(defects) }
}

/// Places where subjects of some rule may be that nobody saw.
fn unread(facts: &Facts, rules: &[&Rule]) -> Vec<Unread> {
    let mut unread = facts.unread.clone();
    if rules.iter().any(|rule| rule.subject == SubjectKind::EventDataStore) {
        unread.extend(facts.gaps.iter().filter_map(|gap| match &gap.origin {
            Origin::Call(call) if call.operation == LIST_EVENT_DATA_STORES => Some(Unread {
                account: call.account.clone(),
                region: Some(call.region.clone()),
                gap: gap.clone(),
            }),
            _ => None,
        }));
    }
    unread
}

/// What identifies a verdict over time: rule, partition and subject, nothing that changes with wording or position.
#[must_use]
pub fn fingerprint(rule: &str, partition: &str, subject: &str) -> String {
    hex(&Sha256::digest([rule, partition, subject].join("\0")))
}

/// Every gap that left a verdict unknown, with their number, and every place that could not be listed.
fn count_gaps(verdicts: &[Verdict], facts: &Facts) -> Vec<GapEffect> {
    let unread = facts.unread.iter().map(|unread| &unread.gap);
    let mut counts: BTreeMap<&Gap, usize> = facts.gaps.iter().chain(unread).map(|gap| (gap, 0)).collect();
    for verdict in verdicts.iter().filter(|verdict| verdict.status == Status::Unknown) {
        for gap in &*verdict.gaps {
            *counts.entry(gap).or_default() += 1;
        }
    }
    counts.into_iter().map(|(gap, verdicts)| GapEffect { gap: gap.clone(), verdicts }).collect()
}

#[cfg(test)]
mod tests;
