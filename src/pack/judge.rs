//! Applies one rule to one record: the judgement, its words and its remedy.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use super::rule::{MESSAGE, NOT_APPLICABLE, Rule};
use super::template::{CLI, Rendered, Seen, readable};
use crate::expr::{EvaluationError, Expression, Outcome};
use crate::facts::schema::subject_type;
use crate::facts::{Record, unique};
use crate::inventory::Gap;
use crate::report::{Remedy, Status, SubjectKind};

/// What a rule says about one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Never [`Status::Excepted`]: exceptions come later.
    pub status: Status,
    /// What would settle an unknown.
    pub gaps: Arc<[Gap]>,
}

/// A record to be judged by many rules, with what their templates see of it.
pub struct Case<'r> {
    /// The record.
    pub record: &'r Record,
    kind: SubjectKind,
    seen: OnceCell<Seen>,
}

impl<'r> Case<'r> {
    /// A record of a subject of this kind.
    #[must_use]
    pub fn new(kind: SubjectKind, record: &'r Record) -> Self {
        Self { record, kind, seen: OnceCell::new() }
    }

    /// Worked out when the first template asks: most records are never spoken of.
    fn seen(&self) -> &Seen {
        self.seen.get_or_init(|| Seen::of(self.kind.name(), subject_type(self.kind), &self.record.values))
    }
}

impl Rule {
    /// Judges a record of the rule's kind of subject.
    pub fn judge(&self, record: &Record) -> Result<Judgement, EvaluationError> {
        self.judge_with(record, &self.values)
    }

    /// Judges a record with other parameter values than those in force.
    pub(super) fn judge_with(
        &self,
        record: &Record,
        parameters: &Value,
    ) -> Result<Judgement, EvaluationError> {
        let settled = |status| Ok(Judgement { status, gaps: Arc::default() });
        if let Some(when) = &self.when {
            match when.evaluate(&record.values, parameters)? {
                Outcome::True => {}
                Outcome::False => return settled(Status::NotApplicable),
                Outcome::Unknown(paths) => return unknown(when, record, &paths),
            }
        }
        match self.assert.evaluate(&record.values, parameters)? {
            Outcome::True => settled(Status::Pass),
            Outcome::False => settled(Status::Fail),
            Outcome::Unknown(paths) => unknown(&self.assert, record, &paths),
        }
    }

    /// The message of every pass.
    #[must_use]
    pub fn passes(&self) -> String {
        format!("{}: as required", self.title)
    }

    /// The message where the rule does not apply.
    #[must_use]
    pub fn does_not_apply(&self) -> String {
        format!("{}: does not apply here", self.title)
    }

    /// One line that says what was observed.
    pub fn message(&self, judgement: &Judgement, case: &Case<'_>) -> Result<String, EvaluationError> {
        self.message_with(judgement, case, &self.values)
    }

    pub(super) fn message_with(
        &self,
        judgement: &Judgement,
        case: &Case<'_>,
        parameters: &Value,
    ) -> Result<String, EvaluationError> {
        Ok(match judgement.status {
            Status::Pass => self.passes(),
            Status::NotApplicable => {
                self.in_words(NOT_APPLICABLE, "does not apply here", case, parameters)?
            }
            Status::Unknown => match &*judgement.gaps {
                [] => "cannot tell".to_owned(),
                [gap] => format!("cannot tell: {gap}"),
                [gap, more @ ..] => format!("cannot tell: {gap} (and {} more)", more.len()),
            },
            Status::Fail | Status::Excepted => self.in_words(MESSAGE, "not as required", case, parameters)?,
        })
    }

    /// A template as one line; `otherwise` where there is none, or where it depends on what is not known.
    fn in_words(
        &self,
        name: &str,
        otherwise: &str,
        case: &Case<'_>,
        parameters: &Value,
    ) -> Result<String, EvaluationError> {
        if self.texts.contains_key(name)
            && let Rendered::Text(text) = self.render(name, case, parameters)?
            && !text.is_empty()
        {
            return Ok(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        Ok(format!("{}: {otherwise}", self.title))
    }

    /// What it says of a failure, as readable text.
    #[must_use]
    pub fn says(&self) -> String {
        self.texts.get(MESSAGE).map(|text| readable(text)).unwrap_or_default()
    }

    /// How to mend this very subject.
    pub fn remedy(&self, case: &Case<'_>) -> Result<Remedy, EvaluationError> {
        let render = |name: &'static str| match self.render(name, case, &self.values)? {
            Rendered::Text(text) => Ok(text),
            Rendered::DecidedByUnknown => {
                Ok(self.texts.get(name).map(|text| readable(text).into()).unwrap_or_default())
            }
        };
        Ok(Remedy {
            text: render("text")?,
            cli: render(CLI)?,
            terraform: render("terraform")?,
            cloudformation: render("cloudformation")?,
        })
    }

    fn render(&self, name: &str, case: &Case<'_>, parameters: &Value) -> Result<Rendered, EvaluationError> {
        let failed = |error: minijinja::Error| EvaluationError {
            expression: name.to_owned(),
            error: error.to_string(),
        };
        self.templates.render(name, case.seen(), parameters).map_err(failed)
    }
}

/// An unknown judgement with the gaps at the paths that stayed open; a path without a gap is a defect, not an unknown.
fn unknown(expression: &Expression, record: &Record, paths: &[String]) -> Result<Judgement, EvaluationError> {
    let lists: Vec<&Arc<[Gap]>> = paths.iter().filter_map(|path| record.gaps_at(path)).collect();
    let gaps = match lists.as_slice() {
        [only] => Arc::clone(only),
        several => unique(several.iter().map(|list| &***list)).cloned().collect(),
    };
    if gaps.is_empty() {
        let error = format!("`{}` is missing in the record, and no gap says why", paths.join("`, `"));
        return Err(EvaluationError { expression: expression.text().to_owned(), error });
    }
    Ok(Judgement { status: Status::Unknown, gaps })
}
