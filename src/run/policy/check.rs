//! `policy check`: every mistake in policy files, for people, programs and code scanning.

use std::collections::BTreeSet;
use std::io::Write;

use super::super::colored;
use super::{problems, target};
use crate::cli::{CheckFormat, Color, PolicyCheck};
use crate::diagnostic::{Diagnostic, Level, render_all};
use crate::error::Error;
use crate::pack::Examples;
use crate::render::{RenderError, problems_as_sarif};

pub(super) fn run(options: &PolicyCheck, color: Color) -> Result<u8, Error> {
    let inspected = target::inspect(&options.paths, Examples::Run)?;
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut files: BTreeSet<String> = BTreeSet::new();
    for inspected in inspected {
        files.extend(inspected.rules.into_iter().map(|rule| rule.source.name.clone()));
        for diagnostic in inspected.diagnostics {
            if !found.contains(&diagnostic) {
                found.push(diagnostic);
            }
        }
    }
    let stdout = std::io::stdout();
    let color = colored(color, &stdout);
    let mut out = std::io::BufWriter::new(stdout.lock());
    match options.format {
        CheckFormat::Text => write_text(&found, files.len(), color, &mut out).map_err(Error::Stdout)?,
        CheckFormat::Json => problems::write_json(&found, &mut out).map_err(Error::Stdout)?,
        CheckFormat::Sarif => {
            problems_as_sarif(&found, &problems::from_here, &mut out).map_err(|error| match error {
                RenderError::Io(error) => Error::Stdout(error),
                source => Error::Render { format: "sarif", source },
            })?;
        }
    }
    out.flush().map_err(Error::Stdout)?;
    Ok(u8::from(found.iter().any(|diagnostic| diagnostic.level == Level::Error)))
}

fn write_text(found: &[Diagnostic], rules: usize, color: bool, out: &mut dyn Write) -> std::io::Result<()> {
    if !found.is_empty() {
        writeln!(out, "{}", render_all(found, color))?;
    }
    let of = |level| found.iter().filter(|diagnostic| diagnostic.level == level).count();
    let counted = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    match (of(Level::Error), of(Level::Warning)) {
        (0, 0) => writeln!(out, "no mistakes in {}", counted(rules, "rule")),
        (0, warnings) => writeln!(out, "no mistakes, {}", counted(warnings, "warning")),
        (errors, 0) => writeln!(out, "{}", counted(errors, "mistake")),
        (errors, warnings) => {
            writeln!(out, "{}, {}", counted(errors, "mistake"), counted(warnings, "warning"))
        }
    }
}
