//! `trailproof.yaml`: what the command line would say otherwise, and the exceptions.

mod find;
mod read;
mod schema;

use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::exception;
use crate::pack::Setting;
use crate::source::Source;

pub use find::{FILE_NAME, Found, find};
pub use schema::schema;

/// What configuration says.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder that packs are named from.
    pub folder: PathBuf,
    /// Packs to judge by, in place of the default; each with its mistake for the case that there is no such pack.
    pub policy: Vec<PackName>,
    /// Parameters of the packs.
    pub parameters: Vec<Setting>,
    /// Exceptions of the file and of the files that it names.
    pub exceptions: Vec<exception::Entry>,
    /// Failures that one exception may accept before it is reported as too broad.
    pub exception_limit: usize,
}

/// A pack that configuration names.
#[derive(Clone, Debug)]
pub struct PackName {
    /// A built-in pack, or a folder.
    pub name: String,
    source: Arc<Source>,
    span: std::ops::Range<usize>,
}

impl PackName {
    /// A mistake in this name.
    #[must_use]
    pub fn mistake(&self, title: String) -> Diagnostic {
        Diagnostic::error(title).at(&self.source, self.span.clone(), "named here")
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            folder: PathBuf::new(),
            policy: Vec::new(),
            parameters: Vec::new(),
            exceptions: Vec::new(),
            exception_limit: exception::LIMIT,
        }
    }
}

#[cfg(test)]
mod tests;
