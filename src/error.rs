//! The errors that stop a run, each with the way out. A gap or a failing verdict is not an error.

use std::fmt::Write;
use std::path::PathBuf;

use crate::collect::CollectError;
use crate::diagnostic::{Diagnostic, closest, printable};
use crate::drift::Refusal;
use crate::evaluate::Defect;
use crate::exception::{NotAppended, NotFound};
use crate::render::RenderError;

/// Why a run could not be done, or could not deliver what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Two reports were to go to one file.
    #[error("two reports would be written to {}", .0.display())]
    SamePath(PathBuf),
    /// Standard output could not be written.
    #[error("cannot write to standard output")]
    Stdout(#[source] std::io::Error),
    /// Packs, parameters or evidence do not check.
    #[error("{}", count(diagnostics.len()))]
    Diagnostics {
        /// All of them.
        diagnostics: Vec<Diagnostic>,
    },
    /// There is no such built-in pack, and no such folder or file.
    #[error("there is no policy pack `{name}`: no built-in pack has that name, and no folder or file")]
    NoSuchPack {
        /// As given.
        name: String,
        /// Ids of the built-in packs.
        builtin: Vec<String>,
    },
    /// The verdict to accept is not found.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// There is such an exception already.
    #[error("there is an exception for it already: {place}")]
    SameException {
        /// File and line.
        place: String,
    },
    /// The exception could not be put into the file.
    #[error("the exception was not added to {}", path.display())]
    NotAppended {
        /// The file.
        path: PathBuf,
        /// Lines to put in by hand.
        lines: Vec<String>,
        /// Why.
        source: NotAppended,
    },
    /// `trailproof except` lacks something that it cannot guess.
    #[error("{what}")]
    Except {
        /// What is wrong.
        what: String,
        /// What to do.
        help: &'static str,
    },
    /// The organization could not be collected at all.
    #[error(transparent)]
    Collect(#[from] CollectError),
    /// Evaluation met a case that load-time checking should have excluded.
    #[error("{}", defects.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Defects {
        /// All of them.
        defects: Vec<Defect>,
    },
    /// The moment to judge by is no use.
    #[error("the evidence was collected from {started} on, after {as_of}")]
    AsOf {
        /// As asked for.
        as_of: String,
        /// When collection started.
        started: String,
    },
    /// New failures were to count, without earlier results to tell them by.
    #[error("which failures are new cannot be told{}", .0.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    NothingToCompare(Option<String>),
    /// Two results have nothing to do with each other, or one of them is none.
    #[error("the results {} and {} cannot be compared", old.display(), new.display())]
    Diff {
        /// The first one.
        old: PathBuf,
        /// The second one.
        new: PathBuf,
        /// Why.
        source: Refusal,
    },
    /// What changed could not be written out.
    #[error("what changed cannot be written")]
    Drift(#[source] RenderError),
    /// The evidence does not say when it was collected.
    #[error("the evidence does not say when it was collected")]
    Times(#[source] jiff::Error),
    /// A report could not be rendered.
    #[error("the {format} report was not written")]
    Render {
        /// Name of the format.
        format: &'static str,
        /// Why.
        source: RenderError,
    },
    /// A built-in template failed.
    #[error("the permissions cannot be written")]
    Template(#[source] minijinja::Error),
    /// The evidence could not be serialised.
    #[error("the evidence cannot be written as JSON")]
    Evidence(#[source] serde_json::Error),
    /// The asynchronous runtime could not be started.
    #[error("cannot start")]
    Runtime(#[source] std::io::Error),
}

impl Error {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoSuchPack { name, builtin } => {
                Some(match closest(name, builtin.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "name one of the built-in packs ({}) or a folder that holds a pack.yaml",
                        builtin.join(", ")
                    ),
                })
            }
            Self::NotFound(error) => Some(error.hint().to_owned()),
            Self::SameException { .. } => Some("change its date and its reason there".to_owned()),
            Self::NotAppended { .. } => Some("add these lines by hand below `exceptions`:".to_owned()),
            Self::Except { help, .. } => Some((*help).to_owned()),
            Self::Collect(error) => error.hint(),
            Self::Render { source, .. } => source.hint().map(str::to_owned),
            Self::Defects { .. } => Some(
                "this is a defect of trailproof or of the rule; report it with the rule's text"
                    .to_owned(),
            ),
            Self::AsOf { .. } => {
                Some("give --as-of a moment at or after the collection, or leave it out".to_owned())
            }
            Self::Times(_) => Some("give the file as `trailproof collect` wrote it".to_owned()),
            Self::Read { .. } => Some("check the path; a file written by trailproof is expected".to_owned()),
            Self::Write { .. } => Some("check that the folder can be written and is no file".to_owned()),
            Self::SamePath(_) => Some("give each report a file of its own".to_owned()),
            Self::NothingToCompare(_) => Some(
                "give results of the same organization with --baseline RESULTS.json, or --baseline none when there are none yet \
                 and every failure is new; or leave out `new:`"
                    .to_owned(),
            ),
            Self::Diff { .. } => {
                Some("give two JSON results of one organization, or of one account, as they were written".to_owned())
            }
            Self::Stdout(_)
            | Self::Drift(_)
            | Self::Diagnostics { .. }
            | Self::Evidence(_)
            | Self::Template(_)
            | Self::Runtime(_) => None,
        }
    }

    /// The error with its causes and hint, for standard error.
    #[must_use]
    pub fn display(&self, color: bool) -> String {
        let mut text = String::new();
        if let Self::Diagnostics { diagnostics } = self {
            for diagnostic in diagnostics {
                text.push_str(&diagnostic.render(color));
                text.push('\n');
            }
        }
        let (red, cyan, reset) =
            if color { ("\u{1b}[1;31m", "\u{1b}[1;36m", "\u{1b}[0m") } else { ("", "", "") };
        // Writing to a string cannot fail.
        let _ = write!(text, "{red}error{reset}: {}", printable(&self.to_string()));
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let _ = write!(text, "\n  caused by: {}", printable(&error.to_string()));
            cause = error.source();
        }
        if let Some(hint) = self.hint() {
            let _ = write!(text, "\n{cyan}help{reset}: {}", printable(&hint));
        }
        if let Self::NotAppended { lines, .. } = self {
            for line in lines {
                let _ = write!(text, "\n  {}", printable(line));
            }
        }
        text
    }
}

fn count(errors: usize) -> String {
    if errors == 1 {
        "1 mistake, nothing was done".to_owned()
    } else {
        format!("{errors} mistakes, nothing was done")
    }
}
