//! What changed since earlier results.

use std::io::Write;

use super::{colored, load_results, show, terminal_width};
use crate::cli::{Color, Diff, Reporting};
use crate::diagnostic::{Diagnostic, render_all};
use crate::drift;
use crate::error::Error;
use crate::render::{DriftFormat, RenderError, Style, render_drift};
use crate::report::{Baseline, Drift, Report};

/// Says what changed between two results; 1 when a failure at or above the threshold is new.
pub(super) fn run(options: &Diff, color: Color) -> Result<u8, Error> {
    let (old, new) = (load_results(&options.old)?, load_results(&options.new)?);
    let drift = drift::diff(&old, &new).map_err(|source| Error::Diff {
        old: options.old.clone(),
        new: options.new.clone(),
        source,
    })?;
    print(&drift, options, color)?;
    Ok(u8::from(drift.worse(options.fail_on).next().is_some()))
}

fn print(drift: &Drift, options: &Diff, color: Color) -> Result<(), Error> {
    let stdout = std::io::stdout();
    let color = options.format == DriftFormat::Text && colored(color, &stdout);
    let style = Style { color, width: terminal_width(), verbose: options.verbose, quiet: false };
    let mut out = std::io::BufWriter::new(stdout.lock());
    let written = render_drift(drift, options.format, &style, &mut out)
        .and_then(|()| out.flush().map_err(RenderError::Io));
    match written {
        // Whoever reads it has seen enough; the exit code stands.
        Err(RenderError::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(RenderError::Io(error)) => Err(Error::Stdout(error)),
        Err(source) => Err(Error::Drift(source)),
        Ok(()) => Ok(()),
    }
}

/// Warns where earlier results were given and are no help; reports that nobody asked to compare would not say so.
pub(super) fn warn_of_unsuited(report: &Report) {
    let Baseline::Unsuited(why) = &report.run.baseline else { return };
    let title = match &report.drift {
        None => format!("the earlier results are not used: {why}"),
        Some(_) if report.unread.is_empty() => return,
        Some(_) => format!("the earlier results cannot tell what was not read now: {why}"),
    };
    let help = "give the last results of the same organization and scope with `--baseline RESULTS.json`";
    show(&render_all(&[Diagnostic::warning(title).help(help)], false));
}

/// Refuses to let only new failures count where results were given that cannot tell which those are.
pub(super) fn comparable(report: &Report, reporting: &Reporting) -> Result<(), Error> {
    match &report.run.baseline {
        _ if !reporting.fail_on.only_new || report.drift.is_some() => Ok(()),
        Baseline::Unsuited(why) => Err(Error::NothingToCompare(Some(why.clone()))),
        // Without earlier results every failure is new.
        Baseline::First | Baseline::Results(_) => Ok(()),
        Baseline::NotGiven => Err(Error::NothingToCompare(None)),
    }
}
