//! What changed, for pull requests and job summaries.

use std::fmt::Write as _;
use std::io::Write;

use super::{BUDGET, RESERVE, ROWS, code, table, text, view};
use crate::render::RenderError;
use crate::report::{Change, ChangeKind, Drift, Report, Status};

pub(in crate::render) fn write(drift: &Drift, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut page = String::new();
    let worse = drift.changes.iter().filter(|change| change.is_worse()).count();
    let (icon, sentence) = match worse {
        0 => ("✅", "no failure is new".to_owned()),
        _ => ("❌", view::got_worse(worse)),
    };
    let _ = writeln!(page, "## {icon} CloudTrail audit: {sentence}\n");
    let _ = writeln!(page, "{}.\n", text(&view::changes(drift)));
    for note in &drift.notes {
        let _ = writeln!(page, "- {}", text(&view::cut(note, 500)));
    }
    if !drift.notes.is_empty() {
        page.push('\n');
    }
    for kind in ChangeKind::ALL.into_iter().filter(|kind| *kind != ChangeKind::Added) {
        section(&mut page, drift, kind);
    }
    let _ = writeln!(page, "<sub>{}</sub>", text(&format!("{} → {}", drift.old, drift.new)));
    out.write_all(page.as_bytes())?;
    Ok(())
}

/// What became of failures of the earlier results; in the summary of a run.
pub(super) fn closed(page: &mut String, report: &Report) {
    for kind in [ChangeKind::Fixed, ChangeKind::NotEvaluated] {
        report.drift.iter().for_each(|drift| section(page, drift, kind));
    }
}

fn section(page: &mut String, drift: &Drift, kind: ChangeKind) {
    let changes: Vec<&Change> = drift.of_kind(kind).collect();
    if changes.is_empty() {
        return;
    }
    let (label, title) = view::named(kind);
    let _ = writeln!(page, "### {}\n\n{}.\n", view::capital(label), view::capital(title));
    let rows = changes.iter().map(|change| {
        let subject = &change.subject;
        format!(
            "| {} | {} | {} | {} | {} |",
            change.severity,
            code(&view::cut(&change.rule, 200)),
            code(&view::cut(&subject.name, 200)),
            code(format!("{} {}", subject.account, subject.region).trim()),
            text(&view::cut(&what(change), 700)),
        )
    });
    let until = if kind == ChangeKind::New { BUDGET - RESERVE } else { BUDGET - RESERVE / 2 };
    table(page, "| Severity | Rule | Subject | Where | What |", rows, ROWS, until);
}

fn what(change: &Change) -> String {
    const FACTS: usize = 4;
    let mut what = view::said(change);
    if change.is == Some(Status::Fail) && change.kind != ChangeKind::Severity {
        what = format!("{} ({what})", view::cut(&change.message, 400));
    }
    let value =
        |value: &Option<serde_json::Value>| value.as_ref().map_or("not known".to_owned(), view::value);
    for fact in change.evidence.iter().take(FACTS) {
        let _ = write!(what, "; {}: {} → {}", fact.fact, value(&fact.was), value(&fact.is));
    }
    what
}
