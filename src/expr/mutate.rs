//! Small changes of an expression, to see whether the examples of a rule notice them.

use std::ops::Range;

use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators};
use cel::common::types::CelInt;

use super::check::{Macro, recognise};
use super::parse::{self, Places};
use super::{Expression, Vocabulary};

/// Changes of one expression that are tried at most.
pub const MAX_MUTANTS: usize = 200;

/// An expression with one small change.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What was changed, in the text of the expression.
    pub span: Range<usize>,
    /// How.
    pub change: String,
    /// The expression after it.
    pub expression: Expression,
}

/// Another form of one node.
struct Variant {
    span: Range<usize>,
    change: String,
    expr: IdedExpr,
}

const SWAPS: [(&str, &str); 8] = [
    (operators::LOGICAL_AND, operators::LOGICAL_OR),
    (operators::LOGICAL_OR, operators::LOGICAL_AND),
    (operators::EQUALS, operators::NOT_EQUALS),
    (operators::NOT_EQUALS, operators::EQUALS),
    (operators::LESS, operators::LESS_EQUALS),
    (operators::LESS_EQUALS, operators::LESS),
    (operators::GREATER, operators::GREATER_EQUALS),
    (operators::GREATER_EQUALS, operators::GREATER),
];

/// Every mutant of `text` that is an expression still, at most [`MAX_MUTANTS`].
#[must_use]
pub fn mutants(text: &str, vocabulary: Vocabulary<'_>) -> Vec<Mutant> {
    let Ok((ast, places)) = parse::parse(text) else { return Vec::new() };
    let mut changed = Vec::new();
    for node in 0.. {
        let (mut left, mut variants) = (node, Vec::new());
        if visit(&mut ast.clone(), &mut left, &mut |e| variants = variants_of(e, &places)).is_none() {
            break;
        }
        for Variant { span, change, expr } in variants {
            let (mut copy, mut left, mut expr) = (ast.clone(), node, Some(expr));
            visit(&mut copy, &mut left, &mut |e| *e = expr.take().unwrap_or_default());
            let compiled = Expression::of_ast(text, &copy, &places, vocabulary);
            changed.extend(compiled.ok().map(|expression| Mutant { span, change, expression }));
        }
        if changed.len() >= MAX_MUTANTS {
            changed.truncate(MAX_MUTANTS);
            break;
        }
    }
    changed.sort_by_key(|mutant| mutant.span.start);
    changed
}

/// Does `f` to the node that `left` others come before; `None` when there are not that many.
fn visit(e: &mut IdedExpr, left: &mut usize, f: &mut dyn FnMut(&mut IdedExpr)) -> Option<()> {
    if *left == 0 {
        f(e);
        return Some(());
    }
    *left -= 1;
    children(e).into_iter().find_map(|child| visit(child, left, f))
}

fn children(e: &mut IdedExpr) -> Vec<&mut IdedExpr> {
    match &mut e.expr {
        Expr::Select(select) => vec![&mut select.operand],
        Expr::Call(call) => {
            call.target.iter_mut().map(|target| &mut **target).chain(&mut call.args).collect()
        }
        Expr::List(list) => list.elements.iter_mut().collect(),
        Expr::Comprehension(comprehension) => {
            let body = body(comprehension.accu_init.expr.clone(), &mut comprehension.loop_step);
            std::iter::once(&mut comprehension.iter_range).chain(body).collect()
        }
        _ => Vec::new(),
    }
}

/// What a macro asks of each element, in the step that it was expanded to.
fn body(start: Expr, step: &mut IdedExpr) -> Option<&mut IdedExpr> {
    let Expr::Call(step) = &mut step.expr else { return None };
    match (start, step.func_name.as_str()) {
        (_, operators::LOGICAL_AND | operators::LOGICAL_OR) => step.args.get_mut(1),
        (_, operators::CONDITIONAL) => step.args.get_mut(0),
        (Expr::List(_), operators::ADD) => match &mut step.args.get_mut(1)?.expr {
            Expr::List(list) => list.elements.get_mut(0),
            _ => None,
        },
        _ => None,
    }
}

fn variants_of(e: &IdedExpr, places: &Places) -> Vec<Variant> {
    match &e.expr {
        Expr::Call(call) => of_call(e, call, places),
        Expr::Literal(LiteralValue::Int(value)) => {
            let value = *value.inner();
            let other = |to: i64| Variant {
                span: places.token(e),
                change: format!("`{value}` became `{to}`"),
                expr: IdedExpr { id: e.id, expr: Expr::Literal(LiteralValue::Int(CelInt::from(to))) },
            };
            value.checked_add(1).into_iter().chain(value.checked_sub(1)).map(other).collect()
        }
        Expr::Comprehension(comprehension) => {
            other_quantifier(e, comprehension, places).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn of_call(e: &IdedExpr, call: &CallExpr, places: &Places) -> Vec<Variant> {
    let mut variants = Vec::new();
    let name = call.func_name.as_str();
    if let Some((_, other)) = SWAPS.iter().find(|(from, _)| *from == name) {
        let change = format!("`{}` became `{}`", name.trim_matches('_'), other.trim_matches('_'));
        let call = CallExpr { func_name: (*other).to_owned(), ..call.clone() };
        let expr = IdedExpr { id: e.id, expr: Expr::Call(call) };
        variants.push(Variant { span: places.token(e), change, expr });
    }
    let dropped = |part: &IdedExpr, left: &IdedExpr| {
        let span = places.whole(part);
        let change = format!("`{}` was left out", one_line(places.snippet(&span)));
        Variant { span, change, expr: left.clone() }
    };
    match (name, call.args.as_slice()) {
        (operators::LOGICAL_NOT, [inner]) => {
            let change = "`!` was left out".to_owned();
            variants.push(Variant { span: places.token(e), change, expr: inner.clone() });
        }
        (operators::LOGICAL_AND | operators::LOGICAL_OR, [left, right]) => {
            variants.push(dropped(left, right));
            variants.push(dropped(right, left));
        }
        _ => {}
    }
    variants
}

/// `all` as `exists` and the other way round.
fn other_quantifier(e: &IdedExpr, comprehension: &ComprehensionExpr, places: &Places) -> Option<Variant> {
    let (name, other, body) = match recognise(comprehension)? {
        Macro::All(body) => ("all", "exists", body),
        Macro::Exists(body) => ("exists", "all", body),
        Macro::ExistsOne(_) | Macro::Collect(..) => return None,
    };
    let (expanded, _) = parse::parse(&format!("[].{other}({}, true)", comprehension.iter_var)).ok()?;
    let Expr::Comprehension(mut expanded) = expanded.expr else { return None };
    expanded.iter_range = comprehension.iter_range.clone();
    let Expr::Call(step) = &mut expanded.loop_step.expr else { return None };
    *step.args.get_mut(1)? = body.clone();
    Some(Variant {
        span: places.function(e),
        change: format!("`{name}` became `{other}`"),
        expr: IdedExpr { id: e.id, expr: Expr::Comprehension(expanded) },
    })
}

/// The text without line breaks and indentation.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
