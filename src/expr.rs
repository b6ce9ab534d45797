//! Typed expressions over records, in CEL, judged in three-valued logic. The only module that names the `cel` crate.
//!
//! [`Expression::compile`] checks a text against the types of the record and the parameters and splits it: `&&`, `||`, `!`, `?:`,
//! comparisons of truth values and quantifiers over facts become `node::Node`s that are evaluated here, knowing what is unknown;
//! what remains, the leaves, is handed to CEL with every fact it reads replaced by a variable. Knows nothing about rules or files.

mod check;
mod comprehension;
mod constant;
mod evaluate;
mod leaf;
mod mutate;
mod node;
mod operators;
mod parse;
mod trace;
mod types;
mod work;

use std::ops::Range;

use cel::IdedExpr;
use serde_json::Value;

use crate::facts::schema::RecordType;

use node::Node;

pub use mutate::{MAX_MUTANTS, Mutant, mutants};
pub use trace::{Came, Probe, Trace};
pub use work::MAX_STEPS;

/// Bytes that an expression may have.
pub const MAX_LENGTH: usize = 2_000;
/// Brackets that may be open at one place.
pub const MAX_NESTING: usize = 20;
/// Depth of the syntax tree.
pub const MAX_DEPTH: usize = 100;

/// How the title of a mistake starts that names a parameter which is not declared.
pub(crate) const NO_PARAMETER: &str = "this rule has no parameter";

/// What an expression may speak of.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    /// Name of the subject variable.
    pub subject: &'a str,
    /// Type of the subject.
    pub record: &'a RecordType,
    /// Type of the variable `parameters`.
    pub parameters: &'a RecordType,
}

/// A checked expression whose result is true, false or unknown.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    node: Node,
    reads: Vec<String>,
    parameters: Vec<String>,
    constant: Option<bool>,
}

/// What an expression came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds, whatever the gaps hide.
    True,
    /// It does not hold, whatever the gaps hide.
    False,
    /// It depends on what is missing at these paths.
    Unknown(Vec<String>),
}

/// A mistake in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Byte range in the expression.
    pub span: Range<usize>,
    /// What is wrong.
    pub title: String,
    /// What to say at the place; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// An evaluation that failed for another reason than a gap: a mistake in the rule or in this program, never an unknown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{expression}` failed: {error}")]
pub struct EvaluationError {
    /// The part of the expression.
    pub expression: String,
    /// What happened.
    pub error: String,
}

impl Expression {
    /// Checks `text` against the vocabulary; all mistakes at once.
    pub fn compile(text: &str, vocabulary: Vocabulary<'_>) -> Result<Self, Vec<Mistake>> {
        let (ast, places) = parse::parse(text)?;
        Self::of_ast(text, &ast, &places, vocabulary)
    }

    fn of_ast(
        text: &str,
        ast: &IdedExpr,
        places: &parse::Places,
        vocabulary: Vocabulary<'_>,
    ) -> Result<Self, Vec<Mistake>> {
        let mut checker = check::Checker::new(vocabulary, places);
        let node = checker.condition(ast);
        let check::Checker { mut mistakes, mut reads, mut parameters, .. } = checker;
        match node {
            Some(node) if mistakes.is_empty() => {
                node::dedup(&mut reads);
                node::dedup(&mut parameters);
                let reads_nothing = reads.is_empty() && parameters.is_empty();
                let constant =
                    constant::constant(ast).or_else(|| reads_nothing.then(|| alone(&node)).flatten());
                Ok(Self { text: text.to_owned(), node, reads, parameters, constant })
            }
            _ => {
                mistakes.sort_by_key(|mistake| mistake.span.start);
                mistakes.dedup();
                Err(mistakes)
            }
        }
    }

    /// The text it was compiled from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it comes to on every record where it is not unknown, if its logic alone tells.
    #[must_use]
    pub fn constant(&self) -> Option<bool> {
        self.constant
    }

    /// Paths of the facts it reads, in order of appearance; `regions[].name` stands for that field of every element.
    #[must_use]
    pub fn reads(&self) -> &[String] {
        &self.reads
    }

    /// Names of the parameters it reads.
    #[must_use]
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Judges one record (the `values` of a [`crate::facts::Record`]), with a JSON object of parameters.
    pub fn evaluate(&self, record: &Value, parameters: &Value) -> Result<Outcome, EvaluationError> {
        evaluate::evaluate(&self.node, record, parameters)
    }
}

/// What an expression that reads nothing comes to.
fn alone(node: &Node) -> Option<bool> {
    match evaluate::evaluate(node, &Value::Null, &Value::Null) {
        Ok(Outcome::True) => Some(true),
        Ok(Outcome::False) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
