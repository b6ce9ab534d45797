//! A concluded value with what it rests on, or the gaps that keep it from being concluded.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::inventory::{Gap, Observed, Origin};

/// Marks a field in the derived schema that may be unknown.
pub(super) const MAY_BE_UNKNOWN: &str = "x-may-be-unknown";
/// Marks a field in the derived schema that says what was seen, not all that there is.
pub(super) const FOR_MESSAGES: &str = "x-for-messages";
/// Lists the operations that have to be called for a field of the derived schema.
pub(super) const CALLS: &str = "x-calls";
/// Marks a list in the derived schema that may miss elements.
pub(super) const MAY_BE_INCOMPLETE: &str = "x-may-be-incomplete";

/// A concluded value with the observations it rests on, or the gaps that would settle it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<T> {
    /// Concluded.
    Known {
        /// The value.
        value: T,
        /// The observations it rests on; shared, because what holds of one region mostly holds of all.
        origins: Arc<[Origin]>,
    },
    /// Not concluded for want of these.
    Unknown(Vec<Gap>),
}

impl<T> Fact<T> {
    /// A value that rests on `origins`.
    pub fn known(value: T, origins: impl Into<Arc<[Origin]>>) -> Self {
        Self::Known { value, origins: origins.into() }
    }

    /// The observation itself, or what `f` concludes from it.
    pub fn of<S>(observed: &Observed<S>, f: impl FnOnce(&S) -> T) -> Self {
        match observed {
            Observed::Known { value, origin } => Self::known(f(value), [origin.clone()]),
            Observed::Gap(gap) => Self::Unknown(vec![gap.clone()]),
        }
    }

    /// The value, if concluded.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Applies `f` to a known value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known { value, origins } => Fact::Known { value: f(value), origins },
            Self::Unknown(gaps) => Fact::Unknown(gaps),
        }
    }

    /// Known when both are known; otherwise the gaps of both.
    pub fn zip<U>(self, other: Fact<U>) -> Fact<(T, U)> {
        match (self, other) {
            (Self::Known { value: a, origins: from }, Fact::Known { value: b, origins }) => {
                let mut all = from.to_vec();
                extend_unique(&mut all, origins.iter().cloned());
                Fact::known((a, b), all)
            }
            (Self::Unknown(mut gaps), Fact::Unknown(more)) => {
                extend_unique(&mut gaps, more);
                Fact::Unknown(gaps)
            }
            (Self::Unknown(gaps), _) | (_, Fact::Unknown(gaps)) => Fact::Unknown(gaps),
        }
    }
}

impl Fact<bool> {
    /// Kleene's conjunction: a known false decides, whatever the other is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.decided_by(other, false)
    }

    /// Kleene's disjunction: a known true decides, whatever the other is.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.decided_by(other, true)
    }

    fn decided_by(self, other: Self, decisive: bool) -> Self {
        match (&self, &other) {
            (Self::Known { value, .. }, _) if *value == decisive => self,
            (_, Self::Known { value, .. }) if *value == decisive => other,
            _ => self.zip(other).map(|_| !decisive),
        }
    }
}

impl std::ops::Not for Fact<bool> {
    type Output = Self;
    fn not(self) -> Self {
        self.map(|value| !value)
    }
}

/// A list that may miss elements because something that would have shown them could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<R> {
    /// The elements found.
    pub rows: Vec<R>,
    /// Why elements may be missing; empty when the list is complete.
    pub missing: Vec<Gap>,
    /// What is known of any element that may be missing; `Some` exactly when `missing` is not empty.
    pub phantom: Option<R>,
}

impl<R> Listing<R> {
    /// A list that misses nothing.
    #[must_use]
    pub fn complete(rows: Vec<R>) -> Self {
        Self { rows, missing: Vec::new(), phantom: None }
    }
}

/// Appends what is not there yet, keeping the order.
pub fn extend_unique<T: PartialEq>(into: &mut Vec<T>, from: impl IntoIterator<Item = T>) {
    for item in from {
        if !into.contains(&item) {
            into.push(item);
        }
    }
}

impl<T: JsonSchema> JsonSchema for Fact<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Fact_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        schema.insert(MAY_BE_UNKNOWN.into(), true.into());
        schema
    }
}

impl<R: JsonSchema> JsonSchema for Listing<R> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Listing_{}", R::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Vec::<R>::json_schema(generator);
        schema.insert(MAY_BE_INCOMPLETE.into(), true.into());
        schema
    }
}
