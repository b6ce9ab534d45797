//! Policy packs: rule files, read and checked as a whole. Knows nothing about where facts come from or how verdicts are shown.
//!
//! [`Pack::load`] gathers every mistake of every file; a pack that does not check does not run.

mod assemble;
mod combine;
mod compose;
mod example;
mod folder;
mod framework;
mod inspect;
mod judge;
mod library;
mod load;
mod manifest;
mod mutation;
mod parameters;
mod read_rule;
mod read_words;
mod rule;
pub(crate) mod schema;
mod select;
mod settings;
mod template;

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::report::PackSummary;
use crate::source::Source;
use crate::yaml::{self, decode, place};

pub use combine::{Combined, combine};
pub use example::{Example, expectation};
pub use folder::{read_folder, read_source};
pub use framework::{Control, Framework};
pub use inspect::{Inspected, inspect_file};
pub use judge::{Case, Judgement};
pub use library::{BuiltIn, Bundle, Disk, Library, Missing, Place, builtin, builtin_ids};
pub use load::{Examples, Loader, built_in_packs, with_stack};
pub use mutation::{Mutation, Survivor};
pub use parameters::{Parameter, ParameterType};
pub use read_rule::is_kebab;
pub use rule::Rule;
pub use settings::{Setting, set_parameters};

/// Rules that belong together.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Kebab name.
    pub id: String,
    /// Display title.
    pub title: String,
    /// Version the pack gives itself.
    pub version: String,
    /// What it judges by, sorted by id.
    pub rules: Vec<Rule>,
    /// What a pack that extends it may ask for besides, sorted by id.
    pub optional: Vec<Rule>,
    /// Every framework that its rules may name, sorted by id.
    pub frameworks: Vec<Arc<Framework>>,
    /// Ids of the frameworks that it, or a pack it extends, selects whole; sorted.
    pub made_for: Vec<String>,
    /// SHA-256 over the pack's files and over all that it takes in from extended packs, hex.
    pub digest: String,
    /// Warnings: what works, but probably not as meant.
    pub notes: Vec<Diagnostic>,
}

impl Pack {
    /// Reads and checks the files of a pack, `pack.yaml` among them, that extends at most built-in packs; all mistakes of all files at
    /// once. [`Loader`] loads packs that extend folders, and several packs.
    pub fn load(files: Vec<Source>) -> Result<Self, Vec<Diagnostic>> {
        load::load(files)
    }

    /// The pack as reports show it.
    #[must_use]
    pub fn summary(&self) -> PackSummary {
        PackSummary {
            id: self.id.clone(),
            title: self.title.clone(),
            version: self.version.clone(),
            digest: self.digest.clone(),
        }
    }
}

/// SHA-256 over names and texts, in the order of the names.
fn digest(files: &[&Source]) -> String {
    let mut files: Vec<(&str, &str)> =
        files.iter().map(|file| (file.file_name(), file.text.as_str())).collect();
    files.sort_unstable();
    digest_of(files.into_iter().flat_map(|(name, text)| [name, text]))
}

/// SHA-256 over texts, each with its length.
fn digest_of<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// Bytes as small hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests;
