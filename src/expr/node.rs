//! A compiled expression: three-valued logic above, CEL leaves below.

use cel::IdedExpr;
use regex::Regex;

/// A part of an expression that is true, false or unknown.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Constant(bool),
    Fact(Chain),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Same {
        left: Box<Node>,
        right: Box<Node>,
        negated: bool,
    },
    Every(Box<Quantifier>),
    Some(Box<Quantifier>),
    /// A text fact that a literal pattern is looked for in.
    Matches(Chain, Regex),
    Leaf(Leaf),
}

/// A condition over the elements of a list of facts.
#[derive(Clone, Debug)]
pub(super) struct Quantifier {
    pub(super) list: Chain,
    /// Elements may be missing, and a phantom stands for them.
    pub(super) may_be_incomplete: bool,
    pub(super) body: Node,
}

/// A fact: a variable and the fields that lead to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chain {
    pub(super) root: Root,
    pub(super) fields: Vec<String>,
    /// Its path in a record; empty for a parameter.
    pub(super) path: String,
}

/// Where a chain starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Subject,
    Parameters,
    /// The element that the quantifier at this depth, counted from outside, looks at.
    Element(usize),
}

/// What is handed to CEL.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// The expression, with every chain replaced by the variable `@N`.
    pub(super) ast: IdedExpr,
    /// The chains, by `N`.
    pub(super) chains: Vec<Chain>,
    /// Paths of fields that comprehensions inside read from elements.
    pub(super) elements: Vec<String>,
    /// It reads lists or runs through them, so that its work depends on how long they are.
    pub(super) has_lists: bool,
    /// As written, for messages.
    pub(super) text: String,
}

impl Node {
    /// How to speak of it.
    pub(super) fn what(&self) -> String {
        match self {
            Self::Fact(chain) | Self::Matches(chain, _) => format!("`{}`", chain.path),
            Self::Every(quantifier) | Self::Some(quantifier) => {
                format!("asking each of `{}`", quantifier.list.path)
            }
            Self::Leaf(leaf) => format!("`{}`", leaf.text),
            _ => "the expression".to_owned(),
        }
    }
}

/// Removes repetitions, keeping the order.
pub(super) fn dedup(names: &mut Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
}
