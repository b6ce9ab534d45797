//! JSON: everything in the report, in the frozen shape of [`v1`].
//!
//! One line per verdict, so that two results can be compared with `diff` and searched with `grep`, and no whole document is built.

pub mod v1;

use std::io::{self, Write};

use serde::Serialize;

use super::{RenderError, escape, view};
use crate::report::{Drift, Report};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<(), RenderError> {
    out.write_all(b"{\n")?;
    field(out, "version", &v1::VERSION)?;
    field(out, "tool", &v1::Tool::of(report))?;
    field(out, "run", &v1::Run::of(&report.run))?;
    field(out, "summary", &v1::Summary::of(&report.summary()))?;
    lines(out, "rules", report.rules.iter().map(v1::Rule::of))?;
    lines(out, "verdicts", report.verdicts.iter().map(v1::Verdict::of))?;
    lines(out, "gaps", report.gaps.iter().map(v1::GapEffect::of))?;
    lines(out, "unread", report.unread.iter().map(v1::Unread::of))?;
    lines(out, "exceptions", report.exceptions.iter().map(v1::ExceptionNote::of))?;
    let counts = view::counts(report);
    let frameworks = report.frameworks.iter();
    lines(out, "frameworks", frameworks.map(|framework| v1::Framework::of(framework, report, &counts)))?;
    if let Some(drift) = &report.drift {
        field(out, "drift", &v1::Drift::of(drift))?;
    }
    out.write_all(b"\"coverage\": ")?;
    list(out, report.coverage.iter().map(v1::AccountCoverage::of))?;
    out.write_all(b"\n}\n")?;
    Ok(())
}

/// What changed between two results, one line per change.
pub(super) fn drift(drift: &Drift, out: &mut dyn Write) -> Result<(), RenderError> {
    out.write_all(b"{\n")?;
    field(out, "version", &v1::VERSION)?;
    field(out, "old", &drift.old)?;
    field(out, "new", &drift.new)?;
    field(out, "summary", &v1::Drift::counts(drift))?;
    field(out, "notes", &drift.notes)?;
    out.write_all(b"\"changes\": ")?;
    list(out, drift.changes.iter().map(v1::Change::of))?;
    out.write_all(b"\n}\n")?;
    Ok(())
}

fn field(out: &mut dyn Write, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "\"{name}\": ")?;
    out.write_all(&escape::json(value, false)?)?;
    out.write_all(b",\n")
}

fn lines<T: Serialize>(out: &mut dyn Write, name: &str, items: impl Iterator<Item = T>) -> io::Result<()> {
    write!(out, "\"{name}\": ")?;
    list(out, items)?;
    out.write_all(b",\n")
}

fn list<T: Serialize>(out: &mut dyn Write, items: impl Iterator<Item = T>) -> io::Result<()> {
    let mut before: &[u8] = b"[\n";
    for item in items {
        out.write_all(before)?;
        out.write_all(&escape::json(&item, false)?)?;
        before = b",\n";
    }
    out.write_all(if before == b"[\n" { b"[]" } else { b"\n]" })
}
