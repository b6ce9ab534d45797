//! What several formats show in the same way: the outcome, groups of failures, causes of unknowns, coverage cells, values.
//!
//! Nothing here escapes: strings leave as they came.

mod cause;
mod coverage;
mod drift;
mod evidence;
mod framework;

pub(super) use cause::{causes, unexplained};
pub(super) use coverage::{Cell, digest, is_covered, regions};
pub(super) use drift::{counts as changes, named, said, since, since_last, worse as got_worse};
pub(super) use evidence::{cut, sources, value};
pub(super) use framework::{Control, UNCOVERED, controls, counts, sentence, worst};

use crate::report::{Baseline, Report, Run, Severity, Status, Subject, Verdict};

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
                number(summary.unknown)
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

/// Every pack with its version and digest, so that a report can be held against the files that it was made by.
pub(super) fn packs(run: &Run) -> Vec<String> {
    run.packs.iter().map(|pack| format!("{} {} (sha256:{})", pack.id, pack.version, pack.digest)).collect()
}

/// "1 trail", "2 trails", "12,000 trails".
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A text with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A number with thousands separators.
pub(super) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
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
            Some((rule, verdicts)) if **rule == *verdict.rule => verdicts.push(verdict),
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

/// Reason, owner, last day and ticket of an exception; empty where there is none.
pub(super) fn terms(verdict: &Verdict) -> (&str, &str, &str, &str) {
    verdict.exception.as_ref().map_or(("", "", "", ""), |exception| {
        let ticket = exception.ticket.as_deref().unwrap_or_default();
        (&exception.reason, &exception.owner, &exception.expires, ticket)
    })
}

/// "trail in 111122223333 eu-west-1".
pub(super) fn whereabouts(verdict: &Verdict) -> String {
    place(&verdict.subject)
}

/// Likewise.
pub(super) fn place(subject: &Subject) -> String {
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

/// `log_bucket` as "log bucket".
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
        Baseline::Unsuited(why) => format!("results that do not help: {why}"),
    }
}
