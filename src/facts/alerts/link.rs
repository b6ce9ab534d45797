//! One link of a chain: it holds, it breaks, or it is not known.

use super::super::fact::extend_unique;
use crate::inventory::{Gap, GapReason, Origin};

/// Whether a link holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Link {
    Whole,
    /// Where it breaks, in words.
    Broken(Vec<String>),
    /// These would tell.
    Open(Vec<Gap>),
}

impl Link {
    pub(super) fn broken(words: impl Into<String>) -> Self {
        Self::Broken(vec![words.into()])
    }

    /// What was observed is not understood.
    pub(super) fn unclear(origin: &Origin, detail: impl Into<String>) -> Self {
        Self::Open(vec![unreadable(origin, detail)])
    }

    pub(super) fn holds(&self) -> Option<bool> {
        match self {
            Self::Whole => Some(true),
            Self::Broken(_) => Some(false),
            Self::Open(_) => None,
        }
    }

    pub(super) fn gaps(&self) -> &[Gap] {
        match self {
            Self::Open(gaps) => gaps,
            Self::Whole | Self::Broken(_) => &[],
        }
    }

    /// Both have to hold; the first that breaks has the word.
    pub(super) fn and(self, next: Self) -> Self {
        match (self, next) {
            (Self::Broken(words), _) | (_, Self::Broken(words)) => Self::Broken(words),
            (Self::Open(mut gaps), Self::Open(more)) => {
                extend_unique(&mut gaps, more);
                Self::Open(gaps)
            }
            (Self::Open(gaps), Self::Whole) | (Self::Whole, Self::Open(gaps)) => Self::Open(gaps),
            (Self::Whole, Self::Whole) => Self::Whole,
        }
    }

    /// One of them has to hold.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole, _) | (_, Self::Whole) => Self::Whole,
            (Self::Open(mut gaps), Self::Open(more)) => {
                extend_unique(&mut gaps, more);
                Self::Open(gaps)
            }
            (Self::Open(gaps), Self::Broken(_)) | (Self::Broken(_), Self::Open(gaps)) => Self::Open(gaps),
            (Self::Broken(mut words), Self::Broken(more)) => {
                extend_unique(&mut words, more);
                Self::Broken(words)
            }
        }
    }

    /// One of `links` has to hold; without any it breaks in these words.
    pub(super) fn any(links: impl IntoIterator<Item = Self>, without: impl FnOnce() -> String) -> Self {
        links.into_iter().reduce(Self::or).unwrap_or_else(|| Self::broken(without()))
    }
}

pub(super) fn unreadable(origin: &Origin, detail: impl Into<String>) -> Gap {
    Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail: detail.into() }
}
