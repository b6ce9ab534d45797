//! Accepted failures, and what is the matter with what accepts them.

use serde::{Deserialize, Serialize};

/// Why a failure is accepted for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// In somebody's words.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Date (YYYY-MM-DD) after which it no longer counts.
    pub expires: String,
    /// Where it is discussed.
    pub ticket: Option<String>,
}

/// What is the matter with an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionTrouble {
    /// Its last day is over: it accepts nothing any more.
    Expired,
    /// It accepts no failure of this run.
    Unmatched,
    /// It accepts more than one person can answer for.
    TooBroad,
    /// It speaks of verdicts that are unknown, which no exception accepts.
    Unsettled,
    /// It names its rule by an earlier id.
    Outdated,
}

/// An exception that does not do what it seems to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionNote {
    /// What is the matter.
    pub trouble: ExceptionTrouble,
    /// File and line of the exception.
    pub place: String,
    /// What the exception speaks of.
    pub scope: String,
    /// What is the matter, in a sentence without a full stop.
    pub message: String,
}
