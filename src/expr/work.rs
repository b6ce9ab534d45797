//! How much work an evaluation may be. Lists come from accounts and nest in expressions, so that their product has no bound of its own.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators};
use serde_json::Value;

use super::EvaluationError;
use super::check::{Macro, recognise};
use super::evaluate::{Frame, failure};
use super::node::Leaf;

/// Steps that judging one record by one expression may take; a step is a look at one fact for one element.
pub const MAX_STEPS: u64 = 4_000_000;
/// Steps that it takes to hand something to CEL.
pub(super) const HANDOVER: u64 = 10;

/// What is left of the steps.
pub(super) struct Work(u64);

impl Default for Work {
    fn default() -> Self {
        Self(MAX_STEPS)
    }
}

impl Work {
    /// Takes steps, and fails once there are none left.
    pub(super) fn spend(&mut self, steps: u64, what: impl FnOnce() -> String) -> Result<(), EvaluationError> {
        self.0 = self.0.saturating_sub(steps);
        self.check(what)
    }

    pub(super) fn check(&self, what: impl FnOnce() -> String) -> Result<(), EvaluationError> {
        if !self.is_over() {
            return Ok(());
        }
        let error = format!(
            "{} takes the evaluation beyond {MAX_STEPS} steps: nest fewer lists in each other",
            what()
        );
        Err(failure("the expression", &error))
    }

    pub(super) fn is_over(&self) -> bool {
        self.0 == 0
    }
}

/// Bounds of a value: of a list, or of the lists in a record taken together.
#[derive(Clone, Default)]
struct Size {
    /// Elements.
    length: u64,
    /// Values in it, long texts counted several times.
    weight: u64,
    /// Bounds of each element.
    element: Option<Box<Size>>,
}

impl Size {
    fn scalar() -> Self {
        Self { weight: 1, ..Self::default() }
    }

    fn text(text: &str) -> Self {
        Self { weight: 1 + text.len() as u64 / 16, ..Self::default() }
    }

    fn list(length: u64, weight: u64, element: Option<Self>) -> Self {
        Self { length, weight: weight.saturating_add(1), element: element.map(Box::new) }
    }

    fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::text(text),
            Value::Array(items) => {
                let elements = items.iter().map(Self::of);
                let (weight, element) = elements.fold((0_u64, None), |(weight, all), element| {
                    (weight.saturating_add(element.weight), Some(element.or(all.unwrap_or_default())))
                });
                Self::list(items.len() as u64, weight, element)
            }
            Value::Object(fields) => fields.values().map(Self::of).fold(Self::scalar(), Self::with),
            _ => Self::scalar(),
        }
    }

    /// Of a value that is one or the other.
    fn or(self, other: Self) -> Self {
        Self { weight: self.weight.max(other.weight), ..self.with(other) }
    }

    /// Of a record with both in it.
    fn with(self, other: Self) -> Self {
        let element = match (self.element, other.element) {
            (Some(a), Some(b)) => Some(Box::new(a.or(*b))),
            (a, b) => a.or(b),
        };
        let weight = self.weight.saturating_add(other.weight);
        Self { length: self.length.max(other.length), weight, element }
    }

    /// Of one value after the other.
    fn then(self, other: Self) -> Self {
        let length = self.length.saturating_add(other.length);
        Self { length, ..self.with(other) }
    }
}

/// Bounds of what a sub-expression takes and gives.
struct Bound {
    size: Size,
    cost: u64,
}

/// An upper bound of the steps that a leaf takes on this record.
pub(super) fn cost(leaf: &Leaf, frame: &Frame<'_>) -> u64 {
    let of_fact = |chain| frame.find(chain).map_or_else(Size::scalar, Size::of);
    let facts: Vec<Size> = leaf.chains.iter().map(of_fact).collect();
    Bounds { facts: &facts, scope: Vec::new() }.of(&leaf.ast).cost
}

struct Bounds<'l> {
    facts: &'l [Size],
    scope: Vec<(&'l str, Size)>,
}

impl<'l> Bounds<'l> {
    fn of(&mut self, e: &'l IdedExpr) -> Bound {
        match &e.expr {
            Expr::Literal(LiteralValue::String(text)) => Bound { size: Size::text(text.inner()), cost: 1 },
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => self.of(&select.operand),
            Expr::List(list) => {
                let elements: Vec<Bound> = list.elements.iter().map(|element| self.of(element)).collect();
                let cost = elements.iter().fold(1_u64, |sum, element| sum.saturating_add(element.cost));
                let weight = elements.iter().fold(0_u64, |sum, it| sum.saturating_add(it.size.weight));
                let element = elements.into_iter().map(|element| element.size).reduce(Size::or);
                Bound { size: Size::list(list.elements.len() as u64, weight, element), cost }
            }
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            _ => Bound { size: Size::scalar(), cost: 1 },
        }
    }

    fn call(&mut self, call: &'l CallExpr) -> Bound {
        let parts = call.target.iter().map(|target| &**target).chain(&call.args);
        let parts: Vec<Bound> = parts.map(|part| self.of(part)).collect();
        let spent = |sum: u64, part: &Bound| sum.saturating_add(part.cost).saturating_add(part.size.weight);
        let cost = parts.iter().fold(1_u64, spent);
        let mut sizes = parts.into_iter().map(|part| part.size);
        let size = match call.func_name.as_str() {
            operators::ADD => sizes.reduce(Size::then),
            operators::CONDITIONAL | "string" => sizes.reduce(Size::or),
            operators::INDEX => sizes.next().and_then(|list| list.element).map(|element| *element),
            _ => None,
        };
        Bound { size: size.unwrap_or_else(Size::scalar), cost }
    }

    fn comprehension(&mut self, comprehension: &'l ComprehensionExpr) -> Bound {
        let range = self.of(&comprehension.iter_range);
        let (condition, collected) = match recognise(comprehension) {
            Some(Macro::All(body) | Macro::Exists(body) | Macro::ExistsOne(body)) => (Some(body), None),
            Some(Macro::Collect(condition, collected)) => (condition, Some(collected)),
            None => (None, None),
        };
        let element = range.size.element.map_or_else(Size::scalar, |element| *element);
        self.scope.push((&comprehension.iter_var, element));
        let condition = condition.map_or(0, |condition| self.of(condition).cost);
        let collected = collected.map(|collected| self.of(collected));
        self.scope.pop();
        let rounds = range.size.length;
        let each = collected.as_ref().map_or(0, |collected| collected.cost).saturating_add(condition);
        let cost = range.cost.saturating_add(rounds.saturating_mul(each.saturating_add(1)));
        let size = collected.map_or_else(Size::scalar, |collected| {
            Size::list(rounds, rounds.saturating_mul(collected.size.weight), Some(collected.size))
        });
        Bound { size, cost }
    }

    /// An element is borrowed; a fact is handed over anew each time that it is read.
    fn variable(&self, name: &str) -> Bound {
        if let Some((_, size)) = self.scope.iter().rev().find(|(known, _)| *known == name) {
            return Bound { size: size.clone(), cost: 1 };
        }
        let fact = name.strip_prefix('@').and_then(|at| at.parse::<usize>().ok());
        let size = fact.and_then(|at| self.facts.get(at)).cloned().unwrap_or_else(Size::scalar);
        Bound { cost: size.weight, size }
    }
}
