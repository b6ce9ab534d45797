//! What every part of an expression comes to on one record, for people who want to know why.

use cel::IdedExpr;
use cel::common::ast::{ComprehensionExpr, Expr, operators};
use serde_json::Value;

use super::check::{Checker, Macro, Variable, recognise};
use super::evaluate::{Frame, judge, value_of};
use super::leaf::{Builder, Form};
use super::mutate::one_line;
use super::node::{Leaf, Root};
use super::parse::{self, Places};
use super::types::Ty;
use super::work::Work;
use super::{Mistake, Outcome, Vocabulary};
use crate::facts::PRESENT;

/// Elements of one list that are shown one by one.
const MAX_ELEMENTS: usize = 8;
/// Parts that are shown of one expression.
const MAX_PARTS: usize = 300;

/// An expression of any type, to be tried on records.
#[derive(Debug)]
pub struct Probe<'v> {
    ast: IdedExpr,
    places: Places,
    vocabulary: Vocabulary<'v>,
}

/// A part of an expression with what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// As written, on one line; for what is asked of an element, with the element before it.
    pub text: String,
    /// What it came to.
    pub value: Came,
    /// The parts it is made of, those that only repeat what is written left out.
    pub parts: Vec<Trace>,
}

/// What a part of an expression came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Came {
    /// This.
    Value(Value),
    /// These elements, and others that are not known.
    Incomplete(Vec<Value>),
    /// It depends on what is missing at these paths.
    Unknown(Vec<String>),
    /// It could not be evaluated.
    Failed(String),
}

impl<'v> Probe<'v> {
    /// Checks `text`, of whatever type.
    pub fn compile(text: &str, vocabulary: Vocabulary<'v>) -> Result<Self, Vec<Mistake>> {
        let (ast, places) = parse::parse(text)?;
        let mut checker = Checker::new(vocabulary, &places);
        if checker.is_logical(&ast) {
            checker.condition(&ast);
        } else {
            checker.resolve(&ast, &mut Builder::default());
        }
        let mut mistakes = checker.mistakes;
        if mistakes.is_empty() {
            return Ok(Self { ast, places, vocabulary });
        }
        mistakes.sort_by_key(|mistake| mistake.span.start);
        mistakes.dedup();
        Err(mistakes)
    }

    /// Evaluates it and all of its parts on a record.
    #[must_use]
    pub fn trace(&self, record: &Value, parameters: &Value) -> Trace {
        let mut tracer = Tracer {
            checker: Checker::new(self.vocabulary, &self.places),
            left: MAX_PARTS,
            work: Work::default(),
        };
        tracer.trace(&self.ast, &View { record, parameters, elements: Vec::new() })
    }
}

/// What the variables stand for.
#[derive(Clone)]
struct View<'r> {
    record: &'r Value,
    parameters: &'r Value,
    elements: Vec<&'r Value>,
}

struct Tracer<'c> {
    checker: Checker<'c>,
    left: usize,
    /// For all parts together, each of which is evaluated anew.
    work: Work,
}

impl<'c> Tracer<'c> {
    fn trace(&mut self, e: &IdedExpr, view: &View<'_>) -> Trace {
        self.left = self.left.saturating_sub(1);
        let places = self.checker.places;
        let text = one_line(places.snippet(&places.whole(e)));
        let value = self.value(e, view);
        let parts = if self.left == 0 { Vec::new() } else { self.parts(e, view) };
        Trace { text, value, parts }
    }

    fn value(&mut self, e: &IdedExpr, view: &View<'_>) -> Came {
        let View { record, parameters, .. } = *view;
        let work = std::mem::take(&mut self.work);
        let mut frame = Frame { record, parameters, elements: view.elements.clone(), work };
        let came = self.value_in(e, &mut frame);
        self.work = frame.work;
        came
    }

    fn value_in(&mut self, e: &IdedExpr, frame: &mut Frame<'_>) -> Came {
        let failed = || Came::Failed("it cannot be evaluated by itself".to_owned());
        if self.checker.is_logical(e) {
            return match self.checker.condition(e).map(|node| judge(&node, frame)) {
                Some(Ok(Outcome::True)) => Came::Value(true.into()),
                Some(Ok(Outcome::False)) => Came::Value(false.into()),
                Some(Ok(Outcome::Unknown(mut paths))) => {
                    super::node::dedup(&mut paths);
                    Came::Unknown(paths)
                }
                Some(Err(error)) => Came::Failed(error.error),
                None => failed(),
            };
        }
        let mut builder = Builder::default();
        let Some(resolved) = self.checker.resolve(e, &mut builder) else { return failed() };
        if let Form::Chain(chain) = &resolved.form {
            return match frame.find(chain) {
                Some(Value::Array(items)) if resolved.ty.is_incomplete() => listing(items),
                Some(value) => Came::Value(value.clone()),
                None => Came::Unknown(vec![chain.path.clone()]),
            };
        }
        let ast = self.checker.finish(resolved, &mut builder);
        let (chains, elements) = (builder.chains, builder.elements);
        let leaf = Leaf { ast, chains, elements, has_lists: true, text: String::new() };
        match value_of(&leaf, frame) {
            Ok(Ok(value)) => Came::Value(to_json(&value)),
            Ok(Err(paths)) => Came::Unknown(paths),
            Err(error) => Came::Failed(error.error),
        }
    }

    fn parts(&mut self, e: &IdedExpr, view: &View<'_>) -> Vec<Trace> {
        match &e.expr {
            Expr::Call(call) => {
                let mut parts = Vec::new();
                for part in call.target.iter().map(|target| &**target).chain(&call.args) {
                    gather(part, &call.func_name, &mut parts);
                }
                parts.retain(|part| !matches!(part.expr, Expr::Literal(_)));
                parts.into_iter().map(|part| self.trace(part, view)).collect()
            }
            Expr::List(list) => {
                let parts = list.elements.iter().filter(|part| !matches!(part.expr, Expr::Literal(_)));
                parts.map(|part| self.trace(part, view)).collect()
            }
            Expr::Select(select) if !is_chain(&select.operand) => vec![self.trace(&select.operand, view)],
            Expr::Comprehension(comprehension) => self.elements(comprehension, view),
            _ => Vec::new(),
        }
    }

    /// The list, and what is asked of each of its elements.
    fn elements(&mut self, comprehension: &ComprehensionExpr, view: &View<'_>) -> Vec<Trace> {
        let list = self.trace(&comprehension.iter_range, view);
        let body = match recognise(comprehension) {
            Some(Macro::All(body) | Macro::Exists(body) | Macro::ExistsOne(body)) => body,
            Some(Macro::Collect(condition, collected)) => condition.unwrap_or(collected),
            None => return vec![list],
        };
        let (items, is_open) = match &list.value {
            Came::Value(Value::Array(items)) => (items.clone(), false),
            Came::Incomplete(items) => (items.clone(), true),
            _ => return vec![list],
        };
        let depth = view.elements.len();
        let Some(variable) = self.variable(comprehension, depth) else { return vec![list] };
        let mut parts = Vec::new();
        self.checker.scope.push(variable);
        self.checker.quantifiers = depth + 1;
        for item in items.iter().take(MAX_ELEMENTS) {
            let mut inside = View { record: view.record, parameters: view.parameters, elements: Vec::new() };
            inside.elements.extend(view.elements.iter().copied().chain([item]));
            let mut asked = self.trace(body, &inside);
            asked.text = format!("{} = {}: {}", comprehension.iter_var, name(item), asked.text);
            parts.push(asked);
            if self.left == 0 {
                break;
            }
        }
        self.checker.quantifiers = depth;
        self.checker.scope.pop();
        let hidden = items.len() - parts.len();
        parts.insert(0, list);
        if hidden > 0 {
            let text = format!("{hidden} more elements");
            parts.push(Trace { text, value: Came::Value(Value::Null), parts: Vec::new() });
        }
        if is_open {
            let (text, value) = ("elements that could not be read".to_owned(), Came::Unknown(Vec::new()));
            parts.push(Trace { text, value, parts: Vec::new() });
        }
        parts
    }

    /// The variable that stands for the elements of a list.
    fn variable(&mut self, comprehension: &ComprehensionExpr, depth: usize) -> Option<Variable<'c>> {
        let list = self.checker.resolve(&comprehension.iter_range, &mut Builder::default())?;
        let Ty::List { item, .. } = list.ty else { return None };
        let path = match list.form {
            Form::Chain(chain) => (chain.root != Root::Parameters).then_some(chain.path),
            Form::Cel(_, path) => path,
        };
        Some(Variable {
            name: comprehension.iter_var.clone(),
            ty: item.map_or(Ty::Text, |item| *item),
            path: path.map(|path| format!("{path}[]")),
            root: Some(Root::Element(depth)),
        })
    }
}

/// Adds a part; a part that is the same connective again is taken apart.
fn gather<'e>(part: &'e IdedExpr, connective: &str, parts: &mut Vec<&'e IdedExpr>) {
    match &part.expr {
        Expr::Call(call)
            if call.func_name == connective
                && [operators::LOGICAL_AND, operators::LOGICAL_OR].contains(&connective) =>
        {
            call.args.iter().for_each(|part| gather(part, connective, parts));
        }
        _ => parts.push(part),
    }
}

fn is_chain(e: &IdedExpr) -> bool {
    match &e.expr {
        Expr::Ident(_) => true,
        Expr::Select(select) => is_chain(&select.operand),
        _ => false,
    }
}

/// The elements that are there, and whether there may be others.
fn listing(items: &[Value]) -> Came {
    let real: Vec<Value> = items.iter().filter(|item| item.get(PRESENT).is_some()).cloned().collect();
    if real.len() == items.len() { Came::Value(Value::Array(real)) } else { Came::Incomplete(real) }
}

/// What tells an element from the others.
fn name(item: &Value) -> String {
    let named = ["name", "id", "arn"].into_iter().find_map(|key| item.get(key).and_then(Value::as_str));
    match (named.or(item.as_str()), item) {
        (Some(name), _) => name.chars().take(80).collect(),
        (None, Value::Object(_)) => "an element".to_owned(),
        (None, item) => item.to_string(),
    }
}

fn to_json(value: &cel::Value) -> Value {
    match value {
        cel::Value::Bool(value) => (*value).into(),
        cel::Value::Int(value) => (*value).into(),
        cel::Value::String(text) => text.as_str().into(),
        cel::Value::List(items) => items.iter().map(to_json).collect(),
        other => format!("{other:?}").into(),
    }
}
