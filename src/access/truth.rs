//! Answers that may be unknown, about one request or about a set of requests.

/// Whether something holds for some, and whether it fails for some, of a set of requests; `None` is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) holds: Option<bool>,
    pub(super) fails: Option<bool>,
}

impl Truth {
    pub(super) const ALWAYS: Self = Self { holds: Some(true), fails: Some(false) };
    pub(super) const NEVER: Self = Self { holds: Some(false), fails: Some(true) };
    /// For some requests of the set and not for others.
    pub(super) const SOMETIMES: Self = Self { holds: Some(true), fails: Some(true) };
    pub(super) const UNCLEAR: Self = Self { holds: None, fails: None };

    pub(super) fn is_always(self) -> bool {
        self.fails == Some(false)
    }

    pub(super) fn is_never(self) -> bool {
        self.holds == Some(false)
    }

    /// Both, for parts that do not depend on one another.
    pub(super) fn and(self, other: Self) -> Self {
        Self { holds: both(self.holds, other.holds), fails: either(self.fails, other.fails) }
    }

    pub(super) fn or(self, other: Self) -> Self {
        !(!self).and(!other)
    }

    /// The same question over the union of two sets of requests.
    pub(super) fn union(self, other: Self) -> Self {
        Self { holds: either(self.holds, other.holds), fails: either(self.fails, other.fails) }
    }

    pub(super) fn all(items: impl IntoIterator<Item = Self>) -> Self {
        items.into_iter().fold(Self::ALWAYS, Self::and)
    }

    pub(super) fn any(items: impl IntoIterator<Item = Self>) -> Self {
        items.into_iter().fold(Self::NEVER, Self::or)
    }

    /// What holds for the whole set alike; `None` for a mixture and for what is not known.
    pub(super) fn value(self) -> Option<bool> {
        match (self.holds, self.fails) {
            (Some(false), _) => Some(false),
            (_, Some(false)) => Some(true),
            _ => None,
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;
    fn not(self) -> Self {
        Self { holds: self.fails, fails: self.holds }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::ALWAYS } else { Self::NEVER }
    }
}

/// True when both are; a false decides.
pub(super) fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// True when one is; a true decides.
pub(super) fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    both(a.map(|a| !a), b.map(|b| !b)).map(|value| !value)
}

/// A verdict with its reasons; `None` is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Yes, no, or not known.
    pub value: Option<bool>,
    /// What decides, or what stands in the way of an answer, in words.
    pub notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::Truth;

    #[test]
    fn a_mixture_and_something_unclear_may_hold_and_certainly_fails_for_some() {
        let truth = Truth::SOMETIMES.and(Truth::UNCLEAR);
        assert_eq!((truth.holds, truth.fails), (None, Some(true)));
    }

    #[test]
    fn a_certain_part_decides_over_an_unclear_one() {
        assert!(Truth::NEVER.and(Truth::UNCLEAR).is_never());
        assert!(Truth::ALWAYS.or(Truth::UNCLEAR).is_always());
    }

    #[test]
    fn the_union_of_always_and_never_is_a_mixture_without_a_value() {
        assert_eq!(Truth::ALWAYS.union(Truth::NEVER), Truth::SOMETIMES);
        assert_eq!(Truth::SOMETIMES.value(), None);
    }
}
