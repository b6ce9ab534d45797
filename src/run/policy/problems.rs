//! Mistakes for programs.

use std::io::Write;
use std::path::{Component, Path};

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Level};

/// Characters of the line that are shown.
const EXCERPT: usize = 200;

#[derive(Serialize)]
struct Problem<'d> {
    level: &'static str,
    title: &'d str,
    /// Absent for a problem of a pack as a whole, like the fields up to `excerpt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'d str>,
    notes: &'d [String],
}

/// A JSON list with one object per mistake; lines and columns count from 1, columns in characters.
pub(super) fn write_json(found: &[Diagnostic], out: &mut dyn Write) -> std::io::Result<()> {
    let problems: Vec<Problem<'_>> = found.iter().map(problem).collect();
    serde_json::to_writer_pretty(&mut *out, &problems)?;
    writeln!(out)
}

fn problem(diagnostic: &Diagnostic) -> Problem<'_> {
    let mut problem = Problem {
        level: match diagnostic.level {
            Level::Error => "error",
            Level::Warning => "warning",
        },
        title: &diagnostic.title,
        file: None,
        line: None,
        column: None,
        end_line: None,
        end_column: None,
        label: None,
        excerpt: None,
        help: diagnostic.help.as_deref(),
        notes: &diagnostic.notes,
    };
    if let Some(label) = diagnostic.labels.first() {
        let span = label.source.clamp(&label.span);
        let ((line, column), (end_line, end_column)) =
            (label.source.position(span.start), label.source.position(span.end));
        problem.file = Some(&label.source.name);
        (problem.line, problem.column) = (Some(line), Some(column));
        (problem.end_line, problem.end_column) = (Some(end_line), Some(end_column));
        problem.label = Some(label.text.as_str()).filter(|text| !text.is_empty());
        let text = label.source.text.lines().nth(line - 1);
        problem.excerpt = text.map(|text| text.chars().take(EXCERPT).collect());
    }
    problem
}

/// A path as seen from the current folder, with `/` between its parts.
pub(super) fn from_here(path: &str) -> String {
    let path = Path::new(path);
    let here = std::env::current_dir().unwrap_or_default();
    let inside = match std::fs::canonicalize(path) {
        Ok(real) => match real.strip_prefix(std::fs::canonicalize(&here).unwrap_or(here)) {
            Ok(inside) => inside.to_owned(),
            Err(_) => real,
        },
        // A file of a built-in pack is where it is in the repository of trailproof.
        Err(_) => path.to_owned(),
    };
    let parts = inside.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}
