//! Three-valued evaluation of a compiled expression; CEL evaluates the leaves.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use cel::common::types::{CelBool, CelInt, CelList, CelMap, CelMapKey, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Env, ExecutionError};
use serde_json::Value;

use super::node::{Chain, Leaf, Node, Quantifier, Root, dedup};
use super::work::{self, Work};
use super::{EvaluationError, Outcome};
use crate::facts::PRESENT;

type Judged = Result<Outcome, EvaluationError>;

/// What the variables stand for at one place.
pub(super) struct Frame<'a> {
    pub(super) record: &'a Value,
    pub(super) parameters: &'a Value,
    pub(super) elements: Vec<&'a Value>,
    pub(super) work: Work,
}

pub(super) fn evaluate(node: &Node, record: &Value, parameters: &Value) -> Judged {
    let mut frame = Frame { record, parameters, elements: Vec::new(), work: Work::default() };
    let mut outcome = judge(node, &mut frame)?;
    // An unknown left side may have hidden that the right one was given up.
    frame.work.check(|| "the expression".to_owned())?;
    if let Outcome::Unknown(paths) = &mut outcome {
        dedup(paths);
    }
    Ok(outcome)
}

pub(super) fn judge(node: &Node, frame: &mut Frame<'_>) -> Judged {
    frame.work.spend(1, || node.what())?;
    match node {
        Node::Constant(value) => Ok(definite(*value)),
        Node::Fact(chain) => match frame.find(chain) {
            Some(Value::Bool(value)) => Ok(definite(*value)),
            Some(_) => Err(failure(&chain.path, "the fact is not a bool")),
            None => Ok(Outcome::Unknown(vec![chain.path.clone()])),
        },
        Node::Not(inner) => judge(inner, frame).map(negate),
        Node::And(left, right) => decided_by(&Outcome::False, left, right, frame),
        Node::Or(left, right) => decided_by(&Outcome::True, left, right, frame),
        Node::If(condition, then, otherwise) => match judge(condition, frame)? {
            Outcome::True => judge(then, frame),
            Outcome::False => judge(otherwise, frame),
            Outcome::Unknown(paths) => Ok(either_way(paths, judge(then, frame), judge(otherwise, frame))),
        },
        Node::Same { left, right, negated } => {
            let (left, right) = (judge(left, frame)?, judge(right, frame)?);
            Ok(match (left, right) {
                (Outcome::Unknown(mut paths), Outcome::Unknown(more)) => {
                    paths.extend(more);
                    Outcome::Unknown(paths)
                }
                (Outcome::Unknown(paths), _) | (_, Outcome::Unknown(paths)) => Outcome::Unknown(paths),
                (left, right) => definite((left == right) != *negated),
            })
        }
        Node::Every(quantifier) => quantify(quantifier, &Outcome::False, frame),
        Node::Some(quantifier) => quantify(quantifier, &Outcome::True, frame),
        Node::Matches(chain, pattern) => match frame.find(chain) {
            Some(Value::String(text)) => Ok(definite(pattern.is_match(text))),
            Some(_) => Err(failure(&chain.path, "the fact is not a string")),
            None => Ok(Outcome::Unknown(vec![chain.path.clone()])),
        },
        Node::Leaf(leaf) => ask_cel(leaf, frame),
    }
}

fn definite(value: bool) -> Outcome {
    if value { Outcome::True } else { Outcome::False }
}

fn negate(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::True => Outcome::False,
        Outcome::False => Outcome::True,
        unknown @ Outcome::Unknown(_) => unknown,
    }
}

/// `&&` and `||`: the decisive value wins on either side; an unknown left side may be the guard that keeps the right one from failing.
fn decided_by(decisive: &Outcome, left: &Node, right: &Node, frame: &mut Frame<'_>) -> Judged {
    let left = judge(left, frame);
    if left.as_ref() == Ok(decisive) {
        return left;
    }
    let right = judge(right, frame);
    match (left, right) {
        (_, Ok(right)) if right == *decisive => Ok(right),
        (Ok(Outcome::Unknown(mut paths)), Ok(Outcome::Unknown(more))) => {
            paths.extend(more);
            Ok(Outcome::Unknown(paths))
        }
        (Ok(unknown @ Outcome::Unknown(_)), _) => Ok(unknown),
        (Ok(_), right) => right,
        (Err(error), _) => Err(error),
    }
}

/// The value of `?:` under an unknown condition: known only when both branches agree.
fn either_way(mut paths: Vec<String>, then: Judged, otherwise: Judged) -> Outcome {
    match (then, otherwise) {
        (Ok(a @ (Outcome::True | Outcome::False)), Ok(b)) if a == b => a,
        (then, otherwise) => {
            for branch in [then, otherwise] {
                if let Ok(Outcome::Unknown(more)) = branch {
                    paths.extend(more);
                }
            }
            Outcome::Unknown(paths)
        }
    }
}

/// `all` and `exists`: a real element decides alone; a phantom, which may or may not be there, can only leave it open.
fn quantify(quantifier: &Quantifier, decisive: &Outcome, frame: &mut Frame<'_>) -> Judged {
    let path = &quantifier.list.path;
    let items = match frame.find(&quantifier.list) {
        Some(Value::Array(items)) => items,
        Some(_) => return Err(failure(path, "the fact is not a list")),
        None => return Ok(Outcome::Unknown(vec![path.clone()])),
    };
    let (mut unknown, mut failed) = (Vec::new(), None);
    let neutral = negate(decisive.clone());
    for item in items {
        let is_phantom = quantifier.may_be_incomplete && item.get(PRESENT) != Some(&Value::Bool(true));
        frame.elements.push(item);
        let judged = judge(&quantifier.body, frame);
        frame.elements.pop();
        match judged {
            Ok(outcome) if outcome == neutral => {}
            Err(error) if frame.work.is_over() => return Err(error),
            _ if is_phantom => unknown.push(path.clone()),
            Ok(Outcome::Unknown(paths)) => unknown.extend(paths),
            Ok(outcome) => return Ok(outcome),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    match failed {
        Some(error) => Err(error),
        None if unknown.is_empty() => Ok(neutral),
        None => Ok(Outcome::Unknown(unknown)),
    }
}

impl<'a> Frame<'a> {
    pub(super) fn find(&self, chain: &Chain) -> Option<&'a Value> {
        let root = match chain.root {
            Root::Subject => self.record,
            Root::Parameters => self.parameters,
            Root::Element(depth) => self.elements.get(depth)?,
        };
        chain.fields.iter().try_fold(root, |value, field| value.get(field))
    }
}

/// Gives CEL the facts of a leaf and remembers which of them were missing.
struct Facts<'f, 'a> {
    frame: &'f Frame<'a>,
    chains: &'f [Chain],
    missing: AtomicU64,
}

impl VariableResolver for Facts<'_, '_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let at: usize = variable.strip_prefix('@')?.parse().ok()?;
        let found = self.frame.find(self.chains.get(at)?).and_then(to_cel);
        if found.is_none() {
            self.missing.fetch_or(1 << at.min(63), Ordering::Relaxed);
        }
        found.map(CowVal::Owned)
    }
}

pub(super) fn to_cel(value: &Value) -> Option<Box<dyn Val + '_>> {
    Some(match value {
        Value::Bool(value) => Box::new(CelBool::from(*value)),
        Value::Number(value) => Box::new(CelInt::from(value.as_i64()?)),
        Value::String(value) => Box::new(CelString::from(value.as_str())),
        Value::Array(items) => {
            let items: Vec<Box<dyn Val + '_>> = items.iter().map(to_cel).collect::<Option<_>>()?;
            Box::new(CelList::from(items))
        }
        Value::Object(fields) => {
            let field = |(name, value)| Some((CelMapKey::from(String::as_str(name)), to_cel(value)?));
            let fields: HashMap<CelMapKey<'_>, Box<dyn Val + '_>> =
                fields.iter().map(field).collect::<Option<_>>()?;
            Box::new(CelMap::from(fields))
        }
        Value::Null => return None,
    })
}

fn ask_cel(leaf: &Leaf, frame: &mut Frame<'_>) -> Judged {
    match value_of(leaf, frame)? {
        Ok(cel::Value::Bool(value)) => Ok(definite(value)),
        Ok(other) => Err(failure(&leaf.text, &format!("the result is no bool but {:?}", other.type_of()))),
        Err(paths) => Ok(Outcome::Unknown(paths)),
    }
}

/// What CEL makes of a leaf, or the paths of what is missing for it.
pub(super) fn value_of(
    leaf: &Leaf,
    frame: &mut Frame<'_>,
) -> Result<Result<cel::Value, Vec<String>>, EvaluationError> {
    static ENVIRONMENT: OnceLock<Arc<Env>> = OnceLock::new();
    let cost = if leaf.has_lists { work::cost(leaf, frame) } else { 0 };
    frame.work.spend(cost.saturating_add(work::HANDOVER), || format!("`{}`", leaf.text))?;
    let facts = Facts { frame, chains: &leaf.chains, missing: AtomicU64::new(0) };
    let mut context = Context::with_env(Arc::clone(ENVIRONMENT.get_or_init(|| Arc::new(Env::stdlib()))));
    context.set_variable_resolver(&facts);
    let error = match cel::Value::resolve(&leaf.ast, &context) {
        Ok(value) => return Ok(Ok(value)),
        Err(error) => error,
    };
    let missing = facts.missing.load(Ordering::Relaxed);
    let absent = leaf.chains.iter().enumerate().filter(|(at, _)| missing & (1 << (*at).min(63)) != 0);
    let mut paths: Vec<String> = absent.map(|(_, chain)| chain.path.clone()).collect();
    match &error {
        ExecutionError::UndeclaredReference(name) if name.starts_with('@') => Ok(Err(paths)),
        ExecutionError::NoSuchKey(_) if !leaf.elements.is_empty() => {
            paths.extend(leaf.elements.iter().cloned());
            Ok(Err(paths))
        }
        _ => Err(failure(&leaf.text, &error.to_string())),
    }
}

pub(super) fn failure(expression: &str, error: &str) -> EvaluationError {
    EvaluationError { expression: expression.to_owned(), error: error.to_owned() }
}
