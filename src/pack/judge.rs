//! Applies one rule to one record: the judgement, its words and its remedy.

use serde_json::Value;

use super::rule::{MESSAGE, NOT_APPLICABLE, Rule};
use super::template::{CLI, Rendered, Variables, readable};
use crate::expr::{EvaluationError, Expression, Outcome};
use crate::facts::{Record, extend_unique};
use crate::inventory::Gap;
use crate::report::{Remedy, Status};

/// What a rule says about one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Never [`Status::Excepted`]: exceptions come later.
    pub status: Status,
    /// What would settle an unknown.
    pub gaps: Vec<Gap>,
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
        let settled = |status| Ok(Judgement { status, gaps: Vec::new() });
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

    /// One line that says what was observed.
    pub fn message(&self, judgement: &Judgement, record: &Record) -> Result<String, EvaluationError> {
        self.message_with(judgement, record, &self.values)
    }

    pub(super) fn message_with(
        &self,
        judgement: &Judgement,
        record: &Record,
        parameters: &Value,
    ) -> Result<String, EvaluationError> {
        Ok(match judgement.status {
            Status::Pass => format!("{}: as required", self.title),
            Status::NotApplicable => {
                self.in_words(NOT_APPLICABLE, "does not apply here", record, parameters)?
            }
            Status::Unknown => match judgement.gaps.as_slice() {
                [] => "cannot tell".to_owned(),
                [gap] => format!("cannot tell: {gap}"),
                [gap, more @ ..] => format!("cannot tell: {gap} (and {} more)", more.len()),
            },
            Status::Fail | Status::Excepted => {
                self.in_words(MESSAGE, "not as required", record, parameters)?
            }
        })
    }

    /// A template as one line; `otherwise` where there is none, or where it depends on what is not known.
    fn in_words(
        &self,
        name: &str,
        otherwise: &str,
        record: &Record,
        parameters: &Value,
    ) -> Result<String, EvaluationError> {
        if self.texts.contains_key(name)
            && let Rendered::Text(text) = self.render(name, &self.variables(record, parameters))?
            && !text.is_empty()
        {
            return Ok(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        Ok(format!("{}: {otherwise}", self.title))
    }

    /// How to mend this very subject.
    pub fn remedy(&self, record: &Record) -> Result<Remedy, EvaluationError> {
        let variables = self.variables(record, &self.values);
        let render = |name: &'static str| match self.render(name, &variables)? {
            Rendered::Text(text) => Ok(text),
            Rendered::DecidedByUnknown => {
                Ok(self.texts.get(name).map(|text| readable(text)).unwrap_or_default())
            }
        };
        Ok(Remedy {
            text: render("text")?,
            cli: render(CLI)?,
            terraform: render("terraform")?,
            cloudformation: render("cloudformation")?,
        })
    }

    pub(super) fn variables(&self, record: &Record, parameters: &Value) -> Variables {
        Variables::new(self.subject.name(), self.record_type(), &record.values, parameters)
    }

    fn render(&self, name: &str, variables: &Variables) -> Result<Rendered, EvaluationError> {
        let failed = |error: minijinja::Error| EvaluationError {
            expression: name.to_owned(),
            error: error.to_string(),
        };
        self.templates.render(name, variables).map_err(failed)
    }
}

/// An unknown judgement with the gaps at the paths that stayed open; a path without a gap is a defect, not an unknown.
fn unknown(expression: &Expression, record: &Record, paths: &[String]) -> Result<Judgement, EvaluationError> {
    let mut gaps = Vec::new();
    for path in paths {
        extend_unique(&mut gaps, gaps_at(record, path).iter().cloned());
    }
    if gaps.is_empty() {
        let error = format!("`{}` is missing in the record, and no gap says why", paths.join("`, `"));
        return Err(EvaluationError { expression: expression.text().to_owned(), error });
    }
    Ok(Judgement { status: Status::Unknown, gaps })
}

/// The gaps that hide the value at a path: its own, or those of the nearest value around it.
fn gaps_at<'r>(record: &'r Record, path: &str) -> &'r [Gap] {
    let mut path = path;
    loop {
        if let Some(gaps) = record.gaps.get(path).filter(|gaps| !gaps.is_empty()) {
            return gaps;
        }
        match path
            .strip_suffix("[]")
            .or_else(|| path.rfind('.').map(|dot| path.get(..dot).unwrap_or_default()))
        {
            Some(around) => path = around,
            None => return &[],
        }
    }
}
