//! Applies packs to facts: every rule to every subject of its kind. Knows nothing about how facts came about or how verdicts are shown.

mod evidence;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::expr::EvaluationError;
use crate::facts::{Facts, Record, SubjectRecord, extend_unique};
use crate::inventory::Gap;
use crate::pack::{self, Combined, Pack, Rule, hex};
use crate::report::{GapEffect, Report, Run, Status, Subject, Verdict};

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
    /// The facts of a subject cannot be turned into a record.
    #[error("the facts of `{subject}` cannot be read: {error}")]
    Record {
        /// Subject id.
        subject: String,
        /// What happened.
        error: String,
    },
}

/// Judges every subject by every rule of its kind.
pub fn evaluate(packs: &[Pack], facts: &Facts, mut run: Run) -> Result<Report, Vec<Defect>> {
    let Combined { rules, frameworks, .. } =
        pack::combine(packs).map_err(|found| vec![Defect::Packs(found)])?;
    run.packs = packs.iter().map(Pack::summary).collect();
    let mut work = Work { partition: run.partition.clone(), ..Work::default() };
    work.judge(&rules, &facts.organizations);
    work.judge(&rules, &facts.accounts);
    work.judge(&rules, &facts.trails);
    work.judge(&rules, &facts.event_data_stores);
    work.judge(&rules, &facts.log_buckets);
    work.judge(&rules, &facts.log_keys);
    work.judge(&rules, &facts.log_groups);
    if !work.defects.is_empty() {
        return Err(work.defects);
    }
    let gaps = count_gaps(&work.verdicts, facts);
    let mut report = Report {
        run,
        rules: rules.iter().map(|rule| rule.summary()).collect(),
        verdicts: work.verdicts,
        gaps,
        unread: facts.unread.clone(),
        coverage: facts.coverage.clone(),
        frameworks,
    };
    report.unread.sort();
    report.coverage.sort_by(|a, b| a.account.cmp(&b.account));
    report.sort();
    Ok(report)
}

#[derive(Default)]
struct Work {
    partition: String,
    verdicts: Vec<Verdict>,
    defects: Vec<Defect>,
}

impl Work {
    fn judge<R: SubjectRecord>(&mut self, rules: &[&Rule], subjects: &[R]) {
        let rules: Vec<&Rule> = rules.iter().copied().filter(|rule| rule.subject == R::KIND).collect();
        if rules.is_empty() {
            return;
        }
        for facts in subjects {
            let subject = facts.subject();
            match Record::of(facts) {
                Ok(mut record) => {
                    record.origins.insert(String::new(), facts.described_by().cloned().into_iter().collect());
                    for rule in &rules {
                        self.judge_one(rule, &subject, &record);
                    }
                }
                Err(error) => {
                    self.defects.push(Defect::Record { subject: subject.id, error: error.to_string() });
                }
            }
        }
    }

    fn judge_one(&mut self, rule: &Rule, subject: &Subject, record: &Record) {
        match verdict(rule, subject, record, &self.partition) {
            Ok(verdict) => self.verdicts.push(verdict),
            Err(error) => {
                let is_known = self.defects.iter().any(|known| match known {
                    Defect::Evaluation { rule: known, error: same, .. } => {
                        *known == rule.id && *same == error
                    }
                    _ => false,
                });
                if !is_known {
                    let (rule, subject) = (rule.id.clone(), subject.id.clone());
                    self.defects.push(Defect::Evaluation { rule, subject, error });
                }
            }
        }
    }
}

fn verdict(
    rule: &Rule,
    subject: &Subject,
    record: &Record,
    partition: &str,
) -> Result<Verdict, EvaluationError> {
    let judgement = rule.judge(record)?;
    let message = rule.message(&judgement, record)?;
    let remedy = if judgement.status == Status::Fail { Some(rule.remedy(record)?) } else { None };
    Ok(Verdict {
        rule: rule.id.clone(),
        status: judgement.status,
        severity: rule.severity,
        subject: subject.clone(),
        message,
        remedy,
        fingerprint: fingerprint(&rule.id, partition, &subject.id),
        because: evidence::because(rule, record),
        gaps: judgement.gaps,
        was_failing_on: None,
        exception: None,
    })
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
        let mut distinct: Vec<&Gap> = Vec::new();
        extend_unique(&mut distinct, &verdict.gaps);
        for gap in distinct {
            *counts.entry(gap).or_default() += 1;
        }
    }
    counts.into_iter().map(|(gap, verdicts)| GapEffect { gap: gap.clone(), verdicts }).collect()
}

#[cfg(test)]
mod tests;
