//! What changed, in words.

use super::{counted, number};
use crate::report::{Absence, Change, ChangeKind, Drift, Report, Status};

/// What a kind of change is called, and what it means.
pub(in crate::render) fn named(kind: ChangeKind) -> (&'static str, &'static str) {
    match kind {
        ChangeKind::New => ("new", "fails now, and is not known to have failed before"),
        ChangeKind::Unexcepted => ("no longer accepted", "nobody answers for it any more"),
        ChangeKind::Fixed => ("fixed", "failed, and passes now"),
        ChangeKind::Severity => ("severity changed", "the rule is more or less grave than before"),
        ChangeKind::Evidence => ("evidence changed", "the same verdict for other reasons"),
        ChangeKind::Unknown => ("newly unknown", "was known, and cannot be told now"),
        ChangeKind::NotEvaluated => {
            ("no longer evaluated", "had a verdict, and has none now: this is no fix")
        }
        ChangeKind::Excepted => ("newly accepted", "somebody answers for it"),
        ChangeKind::Settled => ("known again", "was unknown, and is no new failure"),
        ChangeKind::Applicability => ("applicability changed", "the rule began or ceased to speak of it"),
        ChangeKind::Added => ("newly evaluated", "had no verdict before, and does not fail"),
    }
}

/// What was before, or why there is nothing now.
pub(in crate::render) fn said(change: &Change) -> String {
    let was = |change: &Change| match (change.was, &change.absence) {
        (Some(status), _) => format!("was {}", words(status)),
        (None, Some(absence)) => before(absence),
        (None, None) => String::new(),
    };
    let since =
        change.since.as_deref().map_or(String::new(), |since| format!("failing since {}", day(since)));
    match change.kind {
        ChangeKind::New | ChangeKind::Excepted | ChangeKind::Added => was(change),
        ChangeKind::Fixed => format!("was {since}"),
        ChangeKind::NotEvaluated => {
            let gone = change.absence.as_ref().map_or(String::new(), after);
            let failing = if since.is_empty() { was(change) } else { format!("was {since}") };
            format!("{gone}; {failing}")
        }
        ChangeKind::Severity => {
            let severity_was = change.severity_was.map_or("", |severity| severity.name());
            format!("{severity_was} → {}", change.severity)
        }
        ChangeKind::Evidence => change.is.map_or("", words).to_owned(),
        ChangeKind::Unknown if !since.is_empty() => format!("was {since}"),
        ChangeKind::Settled if change.is == Some(Status::Fail) => since,
        ChangeKind::Unexcepted | ChangeKind::Unknown | ChangeKind::Settled | ChangeKind::Applicability => {
            format!("{}, is {}", was(change), change.is.map_or("", words))
        }
    }
}

fn words(status: Status) -> &'static str {
    match status {
        Status::Fail => "failing",
        Status::Unknown => "unknown",
        Status::Excepted => "accepted",
        Status::Pass => "passing",
        Status::NotApplicable => "not applicable",
    }
}

fn after(absence: &Absence) -> String {
    match absence {
        Absence::Unread(place) => format!("not evaluated (unread: {place})"),
        Absence::NotSelected(why) => format!("rule not in the selection: {why}"),
        Absence::NoRule(why) => format!("rule gone: {why}"),
        Absence::OutOfScope(why) => format!("out of scope: {why}"),
        Absence::NoSubject => "subject gone: it is not there any more".to_owned(),
        Absence::NotApplicable => "the rule does not apply to it any more".to_owned(),
    }
}

fn before(absence: &Absence) -> String {
    match absence {
        Absence::Unread(place) => format!("not evaluated before (unread: {place})"),
        Absence::NotSelected(why) => format!("its rule was not in the selection: {why}"),
        Absence::NoRule(_) => "its rule is new".to_owned(),
        Absence::OutOfScope(why) => format!("was out of scope: {why}"),
        Absence::NoSubject => "the subject is new".to_owned(),
        Absence::NotApplicable => "the rule did not apply to it".to_owned(),
    }
}

/// The day of an RFC 3339 moment.
pub(in crate::render) fn day(moment: &str) -> &str {
    match moment.split_once('T') {
        Some((day, _)) if day.len() == 10 => day,
        _ => moment,
    }
}

/// "2 new · 1 fixed · 120 unchanged".
pub(in crate::render) fn counts(drift: &Drift) -> String {
    let counted = ChangeKind::ALL.into_iter().map(|kind| (drift.of_kind(kind).count(), named(kind).0));
    let shown = counted.filter(|(count, _)| *count > 0);
    let unchanged = std::iter::once((drift.unchanged, "unchanged"));
    shown
        .chain(unchanged)
        .map(|(count, name)| format!("{} {name}", number(count)))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// How many failures got worse.
pub(in crate::render) fn worse(count: usize) -> String {
    counted(count, "failure is new or no longer accepted", "failures are new or no longer accepted")
}

/// "3 new, 2 fixed, 1 no longer evaluated since 2026-11-19"; `None` without comparable earlier results.
pub(in crate::render) fn since_last(report: &Report) -> Option<String> {
    let drift = report.drift.as_ref()?;
    let new =
        report.verdicts.iter().filter(|verdict| verdict.since.as_ref().is_some_and(|since| since.is_new));
    let mut said =
        format!("{} new, {} fixed", number(new.count()), number(drift.of_kind(ChangeKind::Fixed).count()));
    let gone = drift.of_kind(ChangeKind::NotEvaluated).count();
    if gone > 0 {
        let gone = counted(gone, "failure no longer evaluated", "failures no longer evaluated");
        said = format!("{said}, {gone}");
    }
    Some(format!("{said} since {}", drift.old))
}

/// "new since 2026-11-19", "failing since 2026-11-02"; empty where it is not known.
pub(in crate::render) fn since(verdict: &crate::report::Verdict, report: &Report) -> String {
    match (&verdict.since, &report.drift) {
        (Some(since), Some(drift)) if since.is_new => format!("new since {}", day(&drift.old)),
        (Some(since), _) => format!("failing since {}", day(&since.date)),
        (None, _) => String::new(),
    }
}
