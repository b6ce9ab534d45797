//! What the coverage matrix and its digests say.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{AccountCoverage, CoverageCell, Recorded, Report};

/// What a cell of the coverage matrix says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::render) enum Cell {
    /// Reads and writes are recorded.
    Full,
    /// Only reads are.
    Reads,
    /// Only writes are.
    Writes,
    /// Neither is.
    Nothing,
    /// At least one of them is not known.
    Unknown,
    /// The region is off in the account.
    Disabled,
    /// The region was not asked for.
    OutOfScope,
    /// The account was not evaluated.
    NotEvaluated,
}

impl Cell {
    pub(in crate::render) fn of(account: &AccountCoverage, cell: Option<&CoverageCell>) -> Self {
        if !account.evaluated {
            return Self::NotEvaluated;
        }
        let Some(cell) = cell else { return Self::Unknown };
        match (cell.reads, cell.writes) {
            (Recorded::Disabled, _) | (_, Recorded::Disabled) => Self::Disabled,
            (Recorded::OutOfScope, _) | (_, Recorded::OutOfScope) => Self::OutOfScope,
            (Recorded::Yes, Recorded::Yes) => Self::Full,
            (Recorded::No, Recorded::No) => Self::Nothing,
            (Recorded::Yes, Recorded::No) => Self::Reads,
            (Recorded::No, Recorded::Yes) => Self::Writes,
            (Recorded::Unknown, _) | (_, Recorded::Unknown) => Self::Unknown,
        }
    }

    /// In words.
    pub(in crate::render) fn words(self) -> &'static str {
        match self {
            Self::Full => "recorded in full",
            Self::Reads => "reads only",
            Self::Writes => "writes only",
            Self::Nothing => "nothing recorded",
            Self::Unknown => "not known",
            Self::Disabled => "region disabled",
            Self::OutOfScope => "out of scope",
            Self::NotEvaluated => "account not evaluated",
        }
    }

    /// In a word or two, after a number of regions.
    pub(in crate::render) fn short(self) -> &'static str {
        match self {
            Self::Full => "in full",
            Self::Reads => "reads only",
            Self::Writes => "writes only",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
            Self::Disabled => "disabled",
            Self::OutOfScope => "out of scope",
            Self::NotEvaluated => "not evaluated",
        }
    }

    /// A name for style sheets.
    pub(in crate::render) fn class(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
            Self::Disabled => "disabled",
            Self::OutOfScope => "scope",
            Self::NotEvaluated => "skipped",
        }
    }
}

/// Regions of an account counted by what is recorded in them: "16 in full, 1 disabled".
pub(in crate::render) fn digest(account: &AccountCoverage) -> String {
    if !account.evaluated {
        return format!("not evaluated: {}", account.note);
    }
    let mut counts: BTreeMap<Cell, usize> = BTreeMap::new();
    for cell in &account.cells {
        *counts.entry(Cell::of(account, Some(cell))).or_default() += 1;
    }
    if counts.is_empty() {
        return Cell::Unknown.short().to_owned();
    }
    counts.iter().map(|(cell, count)| format!("{count} {}", cell.short())).collect::<Vec<_>>().join(", ")
}

/// True when every region in scope is recorded in full.
pub(in crate::render) fn is_covered(account: &AccountCoverage) -> bool {
    let states = || account.cells.iter().map(|cell| Cell::of(account, Some(cell)));
    states().any(|state| state == Cell::Full)
        && states().all(|state| matches!(state, Cell::Full | Cell::Disabled | Cell::OutOfScope))
}

/// The regions of all accounts.
pub(in crate::render) fn regions(report: &Report) -> Vec<&str> {
    let all: BTreeSet<&str> =
        report.coverage.iter().flat_map(|account| &account.cells).map(|cell| cell.region.as_str()).collect();
    all.into_iter().collect()
}
