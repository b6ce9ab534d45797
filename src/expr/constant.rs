//! Conditions that come out the same whatever the facts are, as far as logic alone tells.

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, operators};

/// Distinct conditions that are tried both ways; more are not looked into.
const MAX_ATOMS: usize = 8;

/// What an expression always comes to where it is not unknown, if that can be told.
///
/// Conditions that are not connectives count as free to be true or false, each the same wherever it stands. `a != b` is `!(a == b)`.
pub(super) fn constant(e: &IdedExpr) -> Option<bool> {
    let mut atoms = Vec::new();
    let formula = formula(e, &mut atoms);
    if atoms.len() > MAX_ATOMS {
        return None;
    }
    let mut values = (0..1_u32 << atoms.len()).map(|truth| formula.value(truth));
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

enum Formula {
    Constant(bool),
    Atom(usize),
    Not(Box<Formula>),
    And(Box<Formula>, Box<Formula>),
    Or(Box<Formula>, Box<Formula>),
    If(Box<Formula>, Box<Formula>, Box<Formula>),
}

impl Formula {
    fn value(&self, truth: u32) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Atom(at) => truth & (1 << at) != 0,
            Self::Not(inner) => !inner.value(truth),
            Self::And(left, right) => left.value(truth) && right.value(truth),
            Self::Or(left, right) => left.value(truth) || right.value(truth),
            Self::If(condition, then, otherwise) => {
                if condition.value(truth) {
                    then.value(truth)
                } else {
                    otherwise.value(truth)
                }
            }
        }
    }
}

fn formula(e: &IdedExpr, atoms: &mut Vec<IdedExpr>) -> Formula {
    if let Expr::Literal(LiteralValue::Boolean(value)) = &e.expr {
        return Formula::Constant(*value.inner());
    }
    let Expr::Call(call) = &e.expr else { return Formula::Atom(atom(e, atoms)) };
    let mut part = |e| Box::new(formula(e, atoms));
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_NOT, [inner]) => Formula::Not(part(inner)),
        (operators::LOGICAL_AND, [left, right]) => Formula::And(part(left), part(right)),
        (operators::LOGICAL_OR, [left, right]) => Formula::Or(part(left), part(right)),
        (operators::CONDITIONAL, [condition, then, otherwise]) => {
            Formula::If(part(condition), part(then), part(otherwise))
        }
        (operators::NOT_EQUALS, _) => {
            let mut call = call.clone();
            operators::EQUALS.clone_into(&mut call.func_name);
            let equals = IdedExpr { id: 0, expr: Expr::Call(call) };
            Formula::Not(Box::new(formula(&equals, atoms)))
        }
        _ => Formula::Atom(atom(e, atoms)),
    }
}

/// The number of a condition; past the limit nothing is concluded, and so nothing has to be told apart.
fn atom(e: &IdedExpr, atoms: &mut Vec<IdedExpr>) -> usize {
    let bare = without_ids(e);
    atoms.iter().position(|known| *known == bare).unwrap_or_else(|| {
        if atoms.len() <= MAX_ATOMS {
            atoms.push(bare);
        }
        atoms.len() - 1
    })
}

/// The tree without what tells equal parts apart.
fn without_ids(e: &IdedExpr) -> IdedExpr {
    let mut e = e.clone();
    clear(&mut e);
    e
}

fn clear(e: &mut IdedExpr) {
    e.id = 0;
    match &mut e.expr {
        Expr::Select(select) => clear(&mut select.operand),
        Expr::Call(call) => {
            call.target.iter_mut().for_each(|target| clear(target));
            call.args.iter_mut().for_each(clear);
        }
        Expr::List(list) => list.elements.iter_mut().for_each(clear),
        Expr::Comprehension(comprehension) => {
            for part in [
                &mut comprehension.iter_range,
                &mut comprehension.accu_init,
                &mut comprehension.loop_cond,
                &mut comprehension.loop_step,
                &mut comprehension.result,
            ] {
                clear(part);
            }
        }
        _ => {}
    }
}
