//! Conditions that come out the same whatever the facts are, as far as logic alone tells.

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, operators};

/// Distinct conditions that are tried both ways; more are not looked into.
const MAX_ATOMS: usize = 8;

/// What an expression always comes to where it is not unknown, if that can be told.
///
/// Conditions that are not connectives count as free to be true or false, each the same wherever it stands, except that comparisons of
/// one thing with literals must agree: nothing is below 3 and above 5. `a != b` is `!(a == b)`.
pub(super) fn constant(e: &IdedExpr) -> Option<bool> {
    let mut atoms = Vec::new();
    let formula = formula(e, &mut atoms);
    if atoms.len() > MAX_ATOMS {
        return None;
    }
    let compared: Vec<Option<Comparison<'_>>> = atoms.iter().map(Comparison::of).collect();
    let possible = (0..1_u32 << atoms.len()).filter(|truth| is_possible(&compared, *truth));
    let mut values = possible.map(|truth| formula.value(truth));
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

/// A comparison of something with a literal.
struct Comparison<'e> {
    of: &'e IdedExpr,
    operator: &'e str,
    with: &'e LiteralValue,
}

impl<'e> Comparison<'e> {
    fn of(atom: &'e IdedExpr) -> Option<Self> {
        let Expr::Call(call) = &atom.expr else { return None };
        let [of, IdedExpr { expr: Expr::Literal(literal), .. }] = call.args.as_slice() else { return None };
        Some(Self { of, operator: &call.func_name, with: literal })
    }

    /// The least and the greatest whole number for which it is as true as said; of `==` where it is true only.
    fn range(&self, is_true: bool) -> Option<(i64, i64)> {
        let LiteralValue::Int(value) = self.with else { return None };
        let value = *value.inner();
        Some(match (self.operator, is_true) {
            (operators::EQUALS, true) => (value, value),
            (operators::LESS, true) | (operators::GREATER_EQUALS, false) => {
                (i64::MIN, value.saturating_sub(1))
            }
            (operators::LESS_EQUALS, true) | (operators::GREATER, false) => (i64::MIN, value),
            (operators::GREATER, true) | (operators::LESS_EQUALS, false) => {
                (value.saturating_add(1), i64::MAX)
            }
            (operators::GREATER_EQUALS, true) | (operators::LESS, false) => (value, i64::MAX),
            _ => return None,
        })
    }
}

/// Whether no two comparisons of one thing contradict each other.
fn is_possible(compared: &[Option<Comparison<'_>>], truth: u32) -> bool {
    let judged = |at: usize| Some((compared.get(at)?.as_ref()?, truth & (1 << at) != 0));
    let pairs = (0..compared.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
    pairs.filter_map(|(first, second)| Some((judged(first)?, judged(second)?))).all(
        |((a, is_a), (b, is_b))| {
            if a.of != b.of {
                return true;
            }
            let is_equality = |comparison: &Comparison<'_>| comparison.operator == operators::EQUALS;
            let are_two_values = is_equality(a) && is_equality(b) && is_a && is_b && a.with != b.with;
            let are_apart = match (a.range(is_a), b.range(is_b)) {
                (Some((a_least, a_most)), Some((b_least, b_most))) => a_least > b_most || b_least > a_most,
                _ => false,
            };
            !are_two_values && !are_apart
        },
    )
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
