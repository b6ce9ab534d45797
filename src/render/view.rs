//! What several formats show in the same way: the outcome, groups of failures, causes of unknowns, coverage cells, values.
//!
//! Nothing here escapes: strings leave as they came.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::inventory::{Gap, GapReason, Origin};
use crate::report::{
    AccountCoverage, Baseline, CoverageCell, Evidence, Recorded, Report, Run, Severity, Status, Verdict,
};

/// All severities, worst first.
pub(super) const SEVERITIES: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// What the run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Something fails.
    Fail,
    /// Nothing fails, but something is not known.
    Incomplete,
    /// All evaluated, nothing fails.
    Pass,
    /// There was nothing to evaluate.
    Empty,
}

impl Outcome {
    pub(super) fn of(report: &Report) -> Self {
        let summary = report.summary();
        if summary.fail > 0 {
            Self::Fail
        } else if summary.unknown > 0 || !report.unread.is_empty() || report.run.interrupted {
            Self::Incomplete
        } else if report.verdicts.is_empty() {
            Self::Empty
        } else {
            Self::Pass
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Fail => "Fail",
            Self::Incomplete => "Incomplete",
            Self::Pass => "Pass",
            Self::Empty => "Nothing evaluated",
        }
    }

    pub(super) fn sentence(self, report: &Report) -> String {
        let summary = report.summary();
        match self {
            Self::Fail if summary.unknown > 0 => format!(
                "{} not hold, and {} could not be evaluated",
                counted(summary.fail, "requirement does", "requirements do"),
                summary.unknown
            ),
            Self::Fail => {
                format!("{} not hold", counted(summary.fail, "requirement does", "requirements do"))
            }
            Self::Incomplete if report.run.interrupted => {
                "nothing fails in what was read before the scan was stopped".to_owned()
            }
            Self::Incomplete if summary.unknown == 0 => {
                format!(
                    "nothing fails, but {} could not be read",
                    counted(report.unread.len(), "place", "places")
                )
            }
            Self::Incomplete => format!(
                "nothing fails, but {} could not be evaluated",
                counted(summary.unknown, "requirement", "requirements")
            ),
            Self::Pass if summary.excepted > 0 => format!(
                "everything was evaluated and nothing fails apart from {}",
                counted(summary.excepted, "accepted exception", "accepted exceptions")
            ),
            Self::Pass => "everything was evaluated and nothing fails".to_owned(),
            Self::Empty => "no rule found a subject".to_owned(),
        }
    }
}

/// "1 trail", "2 trails", "12,000 trails".
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A number with thousands separators.
pub(super) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Verdicts of one status by rule, in the order of the report.
pub(super) fn by_rule(report: &Report, status: Status) -> Vec<(&str, Vec<&Verdict>)> {
    let mut groups: Vec<(&str, Vec<&Verdict>)> = Vec::new();
    for verdict in report.verdicts.iter().filter(|verdict| verdict.status == status) {
        match groups.last_mut() {
            Some((rule, verdicts)) if *rule == verdict.rule => verdicts.push(verdict),
            _ => groups.push((&verdict.rule, vec![verdict])),
        }
    }
    groups
}

/// Failures counted by severity, worst first, without zeros.
pub(super) fn failures_by_severity(report: &Report) -> Vec<(Severity, usize)> {
    let failing = |severity| {
        report
            .verdicts
            .iter()
            .filter(|verdict| verdict.status == Status::Fail && verdict.severity == severity)
            .count()
    };
    SEVERITIES
        .into_iter()
        .map(|severity| (severity, failing(severity)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// One thing that went wrong while learning, with everything it cost: the same call in many regions is one cause.
pub(super) struct Cause<'a> {
    /// API operation, or what the user stated.
    pub(super) asked: &'a str,
    /// Account of the call; empty without one.
    pub(super) account: &'a str,
    pub(super) reason: GapReason,
    /// The first detail, of possibly several.
    pub(super) detail: &'a str,
    pub(super) regions: BTreeSet<&'a str>,
    pub(super) resources: BTreeSet<&'a str>,
    /// Unknown verdicts by rule.
    pub(super) verdicts: BTreeMap<&'a str, Vec<&'a Verdict>>,
    /// Unknown verdicts altogether.
    pub(super) cost: usize,
}

impl<'a> Cause<'a> {
    fn key(gap: &'a Gap) -> (&'a str, &'a str, GapReason) {
        match &gap.origin {
            Origin::Call(call) => (&call.operation, &call.account, gap.reason),
            Origin::Stated(by) => (by, "", gap.reason),
        }
    }

    fn add(&mut self, gap: &'a Gap) {
        if let Origin::Call(call) = &gap.origin {
            self.regions.extend(Some(call.region.as_str()).filter(|region| !region.is_empty()));
            self.resources.extend(Some(call.resource.as_str()).filter(|resource| !resource.is_empty()));
        }
        if self.detail.is_empty() {
            self.detail = &gap.detail;
        }
    }

    /// "cloudtrail:DescribeTrails was denied in 111122223333 (17 regions)".
    pub(super) fn headline(&self) -> String {
        let mut line = format!("{} {}", self.asked, self.reason.phrase());
        if !self.account.is_empty() {
            line.push_str(" in ");
            line.push_str(self.account);
        }
        line.push_str(&match (self.regions.len(), self.regions.first()) {
            (1, Some(region)) => format!(" {region}"),
            (0, _) => String::new(),
            (many, _) => format!(" ({many} regions)"),
        });
        line.push_str(&match (self.resources.len(), self.resources.first()) {
            (1, Some(resource)) => format!(" on {resource}"),
            (0, _) => String::new(),
            (many, _) => format!(" on {many} resources"),
        });
        line
    }

    /// Rules that could not be decided, with the number of subjects.
    pub(super) fn rules(&self) -> impl Iterator<Item = (&'a str, usize)> {
        self.verdicts.iter().map(|(rule, verdicts)| (*rule, verdicts.len()))
    }
}

/// Why verdicts are unknown, the costliest first; also what cost no verdict.
pub(super) fn causes(report: &Report) -> Vec<Cause<'_>> {
    let mut causes: BTreeMap<_, Cause<'_>> = BTreeMap::new();
    let unknown = report.verdicts.iter().filter(|verdict| verdict.status == Status::Unknown);
    for (gap, verdict) in unknown
        .flat_map(|verdict| verdict.gaps.iter().map(move |gap| (gap, Some(verdict))))
        .chain(report.gaps.iter().map(|effect| (&effect.gap, None)))
    {
        let key @ (asked, account, reason) = Cause::key(gap);
        let cause = causes.entry(key).or_insert_with(|| Cause {
            asked,
            account,
            reason,
            detail: "",
            regions: BTreeSet::new(),
            resources: BTreeSet::new(),
            verdicts: BTreeMap::new(),
            cost: 0,
        });
        cause.add(gap);
        let Some(verdict) = verdict else { continue };
        let known = cause.verdicts.entry(&verdict.rule).or_default();
        // The gaps of one verdict come together, so that looking at the last one is enough.
        if !known.last().is_some_and(|last| std::ptr::eq(*last, verdict)) {
            known.push(verdict);
            cause.cost += 1;
        }
    }
    let mut causes: Vec<_> = causes.into_values().collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.cost));
    causes
}

/// Unknown verdicts that name no gap.
pub(super) fn unexplained(report: &Report) -> impl Iterator<Item = &Verdict> {
    report.verdicts.iter().filter(|verdict| verdict.status == Status::Unknown && verdict.gaps.is_empty())
}

/// What a cell of the coverage matrix says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
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
    pub(super) const ALL: [Self; 8] = [
        Self::Full,
        Self::Reads,
        Self::Writes,
        Self::Nothing,
        Self::Unknown,
        Self::Disabled,
        Self::OutOfScope,
        Self::NotEvaluated,
    ];

    pub(super) fn of(account: &AccountCoverage, cell: Option<&CoverageCell>) -> Self {
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

    /// In words, for legends and digests.
    pub(super) fn words(self) -> &'static str {
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

    /// A name for style sheets.
    pub(super) fn class(self) -> &'static str {
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

/// Regions of an account counted by what is recorded in them, without zeros.
pub(super) fn digest(account: &AccountCoverage) -> Vec<(Cell, usize)> {
    let mut counts: BTreeMap<Cell, usize> = BTreeMap::new();
    for cell in &account.cells {
        *counts.entry(Cell::of(account, Some(cell))).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// True when every region in scope is recorded in full.
pub(super) fn is_covered(account: &AccountCoverage) -> bool {
    account.evaluated
        && !account.cells.is_empty()
        && digest(account)
            .iter()
            .all(|(cell, _)| matches!(cell, Cell::Full | Cell::Disabled | Cell::OutOfScope))
}

/// The regions of all accounts.
pub(super) fn regions(report: &Report) -> Vec<&str> {
    let all: BTreeSet<&str> =
        report.coverage.iter().flat_map(|account| &account.cells).map(|cell| cell.region.as_str()).collect();
    all.into_iter().collect()
}

/// A fact's value for people: lists are folded, long objects cut.
pub(super) fn value(value: &Value) -> String {
    const ITEMS: usize = 6;
    const LENGTH: usize = 160;
    match value {
        Value::Null => "absent".to_owned(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            let mut shown: Vec<String> = items
                .iter()
                .take(ITEMS)
                .map(|item| item.as_str().map_or_else(|| item.to_string(), |text| cut(text, LENGTH)))
                .collect();
            if items.len() > ITEMS {
                shown.push(format!("and {} more", number(items.len() - ITEMS)));
            }
            shown.join(", ")
        }
        Value::String(text) => format!("\"{}\"", cut(text, LENGTH)),
        other => cut(&other.to_string(), LENGTH),
    }
}

/// At most `length` characters.
pub(super) fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Where evidence came from, the same call in many places told once.
pub(super) struct Source<'a> {
    /// API operation, or what the user stated.
    pub(super) asked: &'a str,
    /// "111122223333 eu-west-1", each once.
    pub(super) places: BTreeSet<String>,
}

impl Source<'_> {
    /// "111122223333 eu-west-1 and 16 more"; empty without a place.
    pub(super) fn place(&self) -> String {
        match (self.places.len(), self.places.first()) {
            (0 | 1, first) => first.cloned().unwrap_or_default(),
            (many, first) => format!("{} and {} more", first.map_or("", String::as_str), number(many - 1)),
        }
    }
}

/// The sources of a piece of evidence, in order of operation.
pub(super) fn sources(evidence: &Evidence) -> Vec<Source<'_>> {
    let mut sources: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for origin in &evidence.origins {
        match origin {
            Origin::Call(call) => {
                let place = format!("{} {}", call.account, call.region);
                sources.entry(&call.operation).or_default().insert(place.trim().to_owned());
            }
            Origin::Stated(by) => {
                sources.entry(by).or_default();
            }
        }
    }
    sources.into_iter().map(|(asked, places)| Source { asked, places }).collect()
}

/// "trail in 111122223333 eu-west-1".
pub(super) fn whereabouts(verdict: &Verdict) -> String {
    let subject = &verdict.subject;
    let mut line = kind(subject.kind.name());
    let place = format!("{} {}", subject.account, subject.region);
    if !place.trim().is_empty() && subject.account != subject.id {
        line.push_str(" in ");
        line.push_str(place.trim());
    } else if subject.account == subject.id {
        line.push(' ');
        line.push_str(&subject.id);
    }
    line
}

/// "log_bucket" for people.
pub(super) fn kind(name: &str) -> String {
    name.replace('_', " ")
}

/// What the run was limited to, in words; `None` when it was not.
pub(super) fn scope(run: &Run) -> Option<String> {
    let scope = &run.scope;
    let mut parts = Vec::new();
    if scope.account_only {
        parts.push("the caller's account only".to_owned());
    }
    for (list, name) in [
        (&scope.accounts, "accounts"),
        (&scope.organizational_units, "organizational units"),
        (&scope.exclude_accounts, "without accounts"),
    ] {
        if !list.is_empty() {
            parts.push(format!("{name} {}", list.join(", ")));
        }
    }
    if let Some(regions) = &scope.regions {
        parts.push(format!("regions {}", regions.join(", ")));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What the run was compared with, in words.
pub(super) fn baseline(run: &Run) -> String {
    match &run.baseline {
        Baseline::NotGiven => "no earlier results given".to_owned(),
        Baseline::First => "none: these are the first results".to_owned(),
        Baseline::Results(as_of) => format!("results of {as_of}"),
    }
}
