//! What changed, for people in a terminal: what got worse first, the counts last.

use std::io::{self, Write};

use super::paint::{Ink, Page};
use super::{FACTS, NAMED, Style, view};
use crate::render::RenderError;
use crate::report::{Change, ChangeKind, Drift, EvidenceChange, Report, Status};

pub(in crate::render) fn write(drift: &Drift, style: &Style, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut page = Page::new(out, style);
    for note in &drift.notes {
        page.labelled(0, Ink::Medium, "note: ", note)?;
    }
    if !drift.notes.is_empty() {
        page.blank()?;
    }
    for kind in ChangeKind::ALL {
        // What is new and does not fail is told by its number, unless everything is asked for.
        if kind != ChangeKind::Added || page.unfolded() {
            section(&mut page, drift, kind)?;
        }
    }
    page.text(0, Ink::Quiet, &format!("{} → {}", drift.old, drift.new))?;
    page.text(0, Ink::Plain, &view::changes(drift))?;
    let worse = drift.changes.iter().filter(|change| change.is_worse()).count();
    let (tint, label, sentence) = match worse {
        0 => (Ink::Good, "Not worse: ", "no failure is new".to_owned()),
        _ => (Ink::Critical, "Worse: ", view::got_worse(worse)),
    };
    page.labelled(0, tint, label, &sentence)?;
    Ok(())
}

/// What became of failures of the earlier results; in the report of a run.
pub(super) fn closed(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let Some(drift) = &report.drift else { return Ok(()) };
    section(page, drift, ChangeKind::Fixed)?;
    section(page, drift, ChangeKind::NotEvaluated)
}

fn section(page: &mut Page<'_>, drift: &Drift, kind: ChangeKind) -> io::Result<()> {
    let changes: Vec<&Change> = drift.of_kind(kind).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let (label, title) = view::named(kind);
    page.heading(tint(kind), label, title)?;
    for change in page.folded(&changes, NAMED) {
        line(page, change)?;
    }
    page.more(2, changes.len(), NAMED)?;
    page.blank()
}

fn line(page: &mut Page<'_>, change: &Change) -> io::Result<()> {
    let rule = format!(" · {}[{}]", change.severity, change.rule);
    let place = view::place(&change.subject);
    page.pair(2, mark(change), &change.subject.name, &format!("{rule} · {place}"))?;
    if change.is == Some(Status::Fail) && change.kind != ChangeKind::Severity {
        page.text(4, Ink::Plain, &change.message)?;
    }
    page.text(4, Ink::Plain, &view::said(change))?;
    for fact in page.folded(&change.evidence, FACTS) {
        page.text(4, Ink::Quiet, &evidence(fact))?;
    }
    page.more(4, change.evidence.len(), FACTS)
}

fn evidence(change: &EvidenceChange) -> String {
    let value =
        |value: &Option<serde_json::Value>| value.as_ref().map_or("not known".to_owned(), view::value);
    format!("{}: {} → {}", change.fact, value(&change.was), value(&change.is))
}

fn mark(change: &Change) -> &'static str {
    match change.is {
        Some(Status::Fail) => "✗",
        Some(Status::Pass) => "✓",
        Some(Status::Unknown) => "?",
        Some(Status::Excepted) => "~",
        Some(Status::NotApplicable) | None => "-",
    }
}

fn tint(kind: ChangeKind) -> Ink {
    match kind {
        ChangeKind::New | ChangeKind::Unexcepted => Ink::Critical,
        ChangeKind::Fixed => Ink::Good,
        ChangeKind::Unknown | ChangeKind::NotEvaluated => Ink::Unknown,
        ChangeKind::Severity | ChangeKind::Evidence => Ink::Medium,
        ChangeKind::Excepted | ChangeKind::Settled | ChangeKind::Applicability | ChangeKind::Added => {
            Ink::Help
        }
    }
}
