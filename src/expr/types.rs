//! Types of sub-expressions.

use crate::facts::schema::{RecordType, Type};

/// The type of a sub-expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ty<'a> {
    Bool,
    Int,
    Text,
    /// Elements are `None` in an empty list.
    List {
        item: Option<Box<Ty<'a>>>,
        may_be_incomplete: bool,
    },
    Record(&'a RecordType),
}

impl<'a> Ty<'a> {
    pub(super) fn of(ty: &'a Type) -> Self {
        match ty {
            Type::Bool => Self::Bool,
            Type::Int => Self::Int,
            Type::String => Self::Text,
            Type::List { item, may_be_incomplete } => {
                Self::List { item: Some(Box::new(Self::of(item))), may_be_incomplete: *may_be_incomplete }
            }
            Type::Record(record) => Self::Record(record),
        }
    }

    pub(super) fn list(item: Option<Self>) -> Self {
        Self::List { item: item.map(Box::new), may_be_incomplete: false }
    }

    /// The type with its article.
    pub(super) fn article(&self) -> String {
        format!("{} {self}", if *self == Self::Int { "an" } else { "a" })
    }

    pub(super) fn is_incomplete(&self) -> bool {
        matches!(self, Self::List { may_be_incomplete: true, .. })
    }

    /// Values can be compared: no records inside.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Bool | Self::Int | Self::Text => true,
            Self::List { item, .. } => item.as_ref().is_none_or(|item| item.is_plain()),
            Self::Record(_) => false,
        }
    }

    /// The type that both are of, if there is one; an empty list is of every list type.
    pub(super) fn common(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::List { item: a, may_be_incomplete: x }, Self::List { item: b, may_be_incomplete: y }) => {
                let item = match (a, b) {
                    (Some(a), Some(b)) => Some(Box::new(a.common(*b)?)),
                    (a, b) => a.or(b),
                };
                Some(Self::List { item, may_be_incomplete: x || y })
            }
            (a, b) => (a == b).then_some(a),
        }
    }
}

impl std::fmt::Display for Ty<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Text => f.write_str("string"),
            Self::List { item: Some(item), .. } => write!(f, "list<{item}>"),
            Self::List { item: None, .. } => f.write_str("list"),
            Self::Record(_) => f.write_str("record"),
        }
    }
}
