//! Turns a report into bytes: one module per format, one function each, and nothing that judges.
//!
//! Takes a [`Report`] and a writer. Every string in a report may come from whoever names things in the audited accounts, so each
//! format passes it through its function in `escape`.

mod escape;
mod html;
pub mod json;
mod markdown;
mod sarif;
mod text;
mod view;

use std::io;

use clap::ValueEnum;

use crate::diagnostic::Diagnostic;
use crate::report::{Drift, Report, Unread};

/// A way to show a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum Format {
    /// For people, in a terminal.
    Text,
    /// For programs: everything, in a frozen shape.
    Json,
    /// For GitHub code scanning: what has to be acted upon.
    Sarif,
    /// For auditors: one self-contained page.
    Html,
    /// For job summaries and pull requests.
    Markdown,
}

/// A way to show what changed between two results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DriftFormat {
    /// For people, in a terminal.
    Text,
    /// For programs: every change.
    Json,
    /// For job summaries and pull requests.
    Markdown,
}

/// How the text format is laid out; the other formats look the same everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Use terminal colours.
    pub color: bool,
    /// Columns of the terminal; 0 when not known.
    pub width: usize,
    /// Also list what passes, and fold nothing.
    pub verbose: bool,
    /// Only failures and the summary.
    pub quiet: bool,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The destination refused the bytes.
    #[error("the report could not be written")]
    Io(#[from] io::Error),
    /// SARIF that leaves out unread places would make GitHub close their alerts.
    #[error(
        "{} could not be read, and GitHub would close the alerts there{}",
        places(.unread),
        .unsuited.as_ref().map(|why| format!("; the earlier results do not help: {why}")).unwrap_or_default()
    )]
    Incomplete {
        /// The places whose subjects are unknown.
        unread: Vec<Unread>,
        /// Why the earlier results that were given do not help.
        unsuited: Option<String>,
    },
    /// The page template and its data disagree: a defect of this build.
    #[error("the page could not be put together")]
    Template(#[from] minijinja::Error),
}

/// Writes `report` to `out` as `format`.
///
/// The bytes depend on the arguments only. Nothing is written when SARIF is refused.
pub fn render(
    report: &Report,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> Result<(), RenderError> {
    match format {
        Format::Text => text::write(report, style, out),
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Html => html::write(report, out),
        Format::Markdown => markdown::write(report, out),
    }
}

/// Writes what changed between two results to `out`.
pub fn render_drift(
    drift: &Drift,
    format: DriftFormat,
    style: &Style,
    out: &mut dyn io::Write,
) -> Result<(), RenderError> {
    match format {
        DriftFormat::Text => text::drift::write(drift, style, out),
        DriftFormat::Json => json::drift(drift, out),
        DriftFormat::Markdown => markdown::drift::write(drift, out),
    }
}

/// Writes mistakes and warnings of policy files as SARIF, each at its place in the file that `path_of` names.
pub fn problems_as_sarif(
    problems: &[Diagnostic],
    path_of: &dyn Fn(&str) -> String,
    out: &mut dyn io::Write,
) -> Result<(), RenderError> {
    sarif::write_problems(problems, path_of, out)
}

impl Format {
    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Html => "html",
            Self::Markdown => "markdown",
        }
    }
}

impl RenderError {
    /// The way out, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Incomplete { .. } => Some(
                "give the last results with `--baseline RESULTS.json`, so that what failed there stays open; \
                 or `--baseline none` if nothing was ever uploaded; or give the scan access to these places",
            ),
            Self::Template(_) => Some("this is a defect of trailproof; please report it"),
            Self::Io(_) => None,
        }
    }
}

/// Names a few of the places and counts the others.
fn places(unread: &[Unread]) -> String {
    const NAMED: usize = 5;
    let mut names: Vec<String> = unread
        .iter()
        .take(NAMED)
        .map(|place| match &place.region {
            Some(region) => format!("{} {}", escape::visible(&place.account), escape::visible(region)),
            None => format!("account {}", escape::visible(&place.account)),
        })
        .collect();
    if unread.len() > NAMED {
        names.push(format!("{} more", unread.len() - NAMED));
    }
    names.join(", ")
}
