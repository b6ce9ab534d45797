//! Whether the examples of a rule notice small changes of its logic.

use std::ops::Range;

use super::place::place;
use super::rule::{Rule, declared, vocabulary};
use crate::expr::{EvaluationError, Expression, Outcome, mutants};
use crate::facts::Record;
use crate::report::Status;

/// How a rule's examples did against changes of its logic.
#[derive(Clone, Debug, Default)]
pub struct Mutation {
    /// Changes that were tried.
    pub tried: usize,
    /// Those that no example noticed, in the order of the file. Some may say the same as the rule in other words.
    pub survived: Vec<Survivor>,
}

/// A change that no example noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// Where, in the rule's file.
    pub span: Range<usize>,
    /// What was changed.
    pub change: String,
}

impl Mutation {
    /// Changes that an example noticed.
    #[must_use]
    pub fn noticed(&self) -> usize {
        self.tried - self.survived.len()
    }
}

impl Rule {
    /// Changes operators, quantifiers and numbers of `when` and `assert` one at a time, leaves parts out, and looks whether some
    /// example then has another verdict. Call it [`super::with_stack`].
    #[must_use]
    pub fn mutate(&self) -> Mutation {
        let expected: Vec<Option<Status>> =
            self.examples.iter().map(|example| self.status(&example.record, &example.parameters)).collect();
        let is_noticed = |when: Option<&Expression>, assert: &Expression| {
            self.examples.iter().zip(&expected).any(|(example, expected)| {
                status(when, assert, &example.record, &example.parameters).ok() != *expected
            })
        };
        let types = declared(&self.parameters);
        let vocabulary = vocabulary(self.subject, &types);
        let mut mutation = Mutation::default();
        if let Some(when) = &self.when {
            for mutant in mutants(when.text(), vocabulary) {
                let noticed = is_noticed(Some(&mutant.expression), &self.assert);
                mutation.note(noticed, self.at(&self.when_span, when, &mutant.span), mutant.change);
            }
            let all = self.at(&self.when_span, when, &(0..when.text().len()));
            mutation.note(is_noticed(None, &self.assert), all, "`when` was left out".to_owned());
        }
        for mutant in mutants(self.assert.text(), vocabulary) {
            let noticed = is_noticed(self.when.as_ref(), &mutant.expression);
            mutation.note(noticed, self.at(&self.assert_span, &self.assert, &mutant.span), mutant.change);
        }
        mutation.survived.sort_by_key(|survivor| survivor.span.start);
        mutation
    }

    fn status(&self, record: &Record, parameters: &serde_json::Value) -> Option<Status> {
        status(self.when.as_ref(), &self.assert, record, parameters).ok()
    }

    fn at(&self, scalar: &Range<usize>, expression: &Expression, inside: &Range<usize>) -> Range<usize> {
        place(&self.source.text, scalar, expression.text(), inside)
    }
}

impl Mutation {
    fn note(&mut self, noticed: bool, span: Range<usize>, change: String) {
        self.tried += 1;
        if !noticed {
            self.survived.push(Survivor { span, change });
        }
    }
}

fn status(
    when: Option<&Expression>,
    assert: &Expression,
    record: &Record,
    parameters: &serde_json::Value,
) -> Result<Status, EvaluationError> {
    match when.map(|when| when.evaluate(&record.values, parameters)).transpose()? {
        None | Some(Outcome::True) => {}
        Some(Outcome::False) => return Ok(Status::NotApplicable),
        Some(Outcome::Unknown(_)) => return Ok(Status::Unknown),
    }
    Ok(match assert.evaluate(&record.values, parameters)? {
        Outcome::True => Status::Pass,
        Outcome::False => Status::Fail,
        Outcome::Unknown(_) => Status::Unknown,
    })
}
