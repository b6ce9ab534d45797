//! One rule applied to one subject.

use std::sync::Arc;

use super::evidence::{self, Shown};
use super::{Defect, fingerprint};
use crate::expr::EvaluationError;
use crate::pack::{Case, Rule};
use crate::report::{Status, Subject, Verdict};

/// A rule with what is the same in all of its verdicts.
pub(super) struct Judge<'r> {
    pub(super) rule: &'r Rule,
    partition: &'r str,
    id: Arc<str>,
    shown: Vec<Shown>,
    passes: Arc<str>,
    /// Unless the rule says why, in words of each subject.
    does_not_apply: Option<Arc<str>>,
}

impl<'r> Judge<'r> {
    pub(super) fn of(rule: &'r Rule, partition: &'r str) -> Self {
        Self {
            rule,
            partition,
            id: rule.id.as_str().into(),
            shown: evidence::shown(rule),
            passes: rule.passes().into(),
            does_not_apply: rule.not_applicable().is_none().then(|| rule.does_not_apply().into()),
        }
    }

    pub(super) fn verdict(&self, subject: &Arc<Subject>, case: &Case<'_>) -> Result<Verdict, Defect> {
        self.judge(subject, case).map_err(|error| Defect::Evaluation {
            rule: self.rule.id.clone(),
            subject: subject.id.clone(),
            error,
        })
    }

    fn judge(&self, subject: &Arc<Subject>, case: &Case<'_>) -> Result<Verdict, EvaluationError> {
        let judgement = self.rule.judge(case.record)?;
        let message = match (judgement.status, &self.does_not_apply) {
            (Status::Pass, _) => Arc::clone(&self.passes),
            (Status::NotApplicable, Some(words)) => Arc::clone(words),
            _ => self.rule.message(&judgement, case)?.into(),
        };
        let remedy = match judgement.status {
            Status::Fail => Some(Box::new(self.rule.remedy(case)?)),
            _ => None,
        };
        Ok(Verdict {
            rule: Arc::clone(&self.id),
            status: judgement.status,
            severity: self.rule.severity,
            subject: Arc::clone(subject),
            message,
            remedy,
            fingerprint: fingerprint(&self.rule.id, self.partition, &subject.id),
            because: evidence::because(&self.shown, case.record),
            gaps: judgement.gaps,
            was_failing_on: None,
            since: None,
            exception: None,
        })
    }
}
