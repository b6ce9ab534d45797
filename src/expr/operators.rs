//! The operators and functions of expressions with their types. What is not in this table is refused at load time.

use cel::common::ast::operators as cel_operators;

use super::types::Ty;

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `f(x)`, and every operator.
    Global,
    /// `x.f(y)`.
    Method,
}

/// Why a call is refused.
#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    /// There is no such function.
    Unknown,
    /// It takes other operands: these.
    Operands(&'static str),
}

/// Functions and macros an author may have meant.
pub(super) const NAMES: [&str; 12] = [
    "all",
    "contains",
    "endsWith",
    "exists",
    "exists_one",
    "filter",
    "int",
    "map",
    "matches",
    "size",
    "startsWith",
    "string",
];

/// The type of a call's result; a method's target is its first operand.
pub(super) fn result<'a>(name: &str, form: Form, operands: Vec<Ty<'a>>) -> Result<Ty<'a>, Refusal> {
    match (form, operands.len()) {
        (Form::Global, 1) => unary(name, operands.into_iter().next()),
        (Form::Global, 2) => {
            let mut operands = operands.into_iter();
            match (operands.next(), operands.next()) {
                (Some(a), Some(b)) => binary(name, a, b),
                _ => Err(Refusal::Unknown),
            }
        }
        (Form::Method, _) => method(name, &operands),
        (Form::Global, _) => match name {
            "size" | "int" | "string" => Err(Refusal::Operands("one value")),
            _ => Err(Refusal::Unknown),
        },
    }
}

fn unary<'a>(name: &str, operand: Option<Ty<'a>>) -> Result<Ty<'a>, Refusal> {
    let operand = operand.ok_or(Refusal::Unknown)?;
    let (fits, result, takes) = match name {
        cel_operators::LOGICAL_NOT => (operand == Ty::Bool, Ty::Bool, "a bool"),
        cel_operators::NEGATE => (operand == Ty::Int, Ty::Int, "an int"),
        "size" => (matches!(operand, Ty::Text | Ty::List { .. }), Ty::Int, "a string or a list"),
        "int" => (matches!(operand, Ty::Int | Ty::Text), Ty::Int, "an int or a string"),
        "string" => {
            (matches!(operand, Ty::Int | Ty::Text | Ty::Bool), Ty::Text, "an int, a bool or a string")
        }
        _ => return Err(Refusal::Unknown),
    };
    if fits { Ok(result) } else { Err(Refusal::Operands(takes)) }
}

fn binary<'a>(name: &str, a: Ty<'a>, b: Ty<'a>) -> Result<Ty<'a>, Refusal> {
    match name {
        cel_operators::LOGICAL_AND | cel_operators::LOGICAL_OR => {
            if (a, b) == (Ty::Bool, Ty::Bool) {
                Ok(Ty::Bool)
            } else {
                Err(Refusal::Operands("two bools"))
            }
        }
        cel_operators::EQUALS | cel_operators::NOT_EQUALS => match a.common(b) {
            Some(ty) if ty.is_plain() => Ok(Ty::Bool),
            _ => Err(Refusal::Operands("two values of one type that is not a record")),
        },
        cel_operators::LESS
        | cel_operators::LESS_EQUALS
        | cel_operators::GREATER
        | cel_operators::GREATER_EQUALS => match a.common(b) {
            Some(Ty::Int | Ty::Text) => Ok(Ty::Bool),
            _ => Err(Refusal::Operands("two ints or two strings")),
        },
        cel_operators::ADD => match a.common(b) {
            Some(ty @ (Ty::Int | Ty::Text)) => Ok(ty),
            Some(ty @ Ty::List { .. }) if ty.is_plain() => Ok(ty),
            _ => Err(Refusal::Operands("two ints, two strings or two lists of one type")),
        },
        cel_operators::SUBSTRACT
        | cel_operators::MULTIPLY
        | cel_operators::DIVIDE
        | cel_operators::MODULO => {
            if (a, b) == (Ty::Int, Ty::Int) {
                Ok(Ty::Int)
            } else {
                Err(Refusal::Operands("two ints"))
            }
        }
        cel_operators::IN => match b {
            Ty::List { item: None, .. } if a.is_plain() => Ok(Ty::Bool),
            Ty::List { item: Some(item), .. }
                if a.is_plain() && a.clone().common((*item).clone()).is_some() =>
            {
                Ok(Ty::Bool)
            }
            _ => Err(Refusal::Operands("a value and a list of such values")),
        },
        cel_operators::INDEX => match (a, b) {
            (Ty::List { item: Some(item), .. }, Ty::Int) => Ok(*item),
            _ => Err(Refusal::Operands("a list and an int")),
        },
        "size" | "int" | "string" => Err(Refusal::Operands("one value")),
        _ => Err(Refusal::Unknown),
    }
}

fn method<'a>(name: &str, operands: &[Ty<'a>]) -> Result<Ty<'a>, Refusal> {
    match name {
        "contains" | "startsWith" | "endsWith" | "matches" => match operands {
            [Ty::Text, Ty::Text] => Ok(Ty::Bool),
            _ => Err(Refusal::Operands("a string before the dot and one in brackets")),
        },
        "size" => match operands {
            [Ty::Text | Ty::List { .. }] => Ok(Ty::Int),
            _ => Err(Refusal::Operands("a string or a list before the dot")),
        },
        "all" | "exists" | "exists_one" | "map" | "filter" => {
            Err(Refusal::Operands("a list before the dot, a new name and an expression in brackets"))
        }
        _ => Err(Refusal::Unknown),
    }
}

/// The result is true or false, whatever the operands.
pub(super) fn is_condition(name: &str) -> bool {
    [
        cel_operators::LOGICAL_AND,
        cel_operators::LOGICAL_OR,
        cel_operators::LOGICAL_NOT,
        cel_operators::EQUALS,
        cel_operators::NOT_EQUALS,
        cel_operators::LESS,
        cel_operators::LESS_EQUALS,
        cel_operators::GREATER,
        cel_operators::GREATER_EQUALS,
        cel_operators::IN,
        "contains",
        "startsWith",
        "endsWith",
        "matches",
    ]
    .contains(&name)
}

/// How an operator is written.
pub(super) fn written(name: &str) -> &str {
    match name {
        cel_operators::CONDITIONAL => "? :",
        cel_operators::INDEX => "[ ]",
        cel_operators::IN => "in",
        _ => name.trim_matches('_'),
    }
}
