//! Where packs are: in the binary, or in folders.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::folder::read_folder;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

static POLICIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// The folder of the framework files, in the binary and beside a `pack.yaml`.
pub(super) const FRAMEWORKS: &str = "frameworks";

/// What tells one pack from another, however it is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the binary, under this id.
    BuiltIn(String),
    /// In this folder.
    Folder(PathBuf),
}

/// The files of one pack.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Where they are.
    pub place: Place,
    /// `pack.yaml` and the rules.
    pub files: Vec<Source>,
    /// The frameworks that the pack brings along.
    pub frameworks: Vec<Source>,
}

/// Why a pack is not there.
#[derive(Clone, Debug)]
pub enum Missing {
    /// Nothing of that name.
    NotFound,
    /// It is there, and cannot be read.
    Unreadable(Vec<Diagnostic>),
}

/// Finds packs by name.
pub trait Library: Sync {
    /// The pack that `name` means to one that is in `from`.
    fn find(&self, name: &str, from: &Place) -> Result<Bundle, Missing>;
}

/// The packs in the binary.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn;

/// The packs in the binary and, where none has the name, those in folders.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Library for BuiltIn {
    fn find(&self, name: &str, _: &Place) -> Result<Bundle, Missing> {
        let files = builtin(name).ok_or(Missing::NotFound)?;
        Ok(Bundle { place: Place::BuiltIn(name.to_owned()), files, frameworks: Vec::new() })
    }
}

impl Library for Disk {
    fn find(&self, name: &str, from: &Place) -> Result<Bundle, Missing> {
        let Place::Folder(folder) = from else { return BuiltIn.find(name, from) };
        let path = folder.join(name);
        match BuiltIn.find(name, from) {
            Err(Missing::NotFound) if path.exists() => read_folder(&path).map_err(Missing::Unreadable),
            found => found,
        }
    }
}

/// The files of a pack in the binary.
#[must_use]
pub fn builtin(id: &str) -> Option<Vec<Source>> {
    let folder = packs().find(|folder| folder.path().to_str() == Some(id))?;
    Some(sources(folder))
}

/// Ids of the packs in the binary, sorted.
#[must_use]
pub fn builtin_ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = packs().filter_map(|folder| folder.path().to_str()).collect();
    ids.sort_unstable();
    ids
}

/// The framework files in the binary.
pub(super) fn builtin_frameworks() -> Vec<Source> {
    POLICIES.get_dir(FRAMEWORKS).map(sources).unwrap_or_default()
}

fn packs() -> impl Iterator<Item = &'static Dir<'static>> {
    POLICIES.dirs().filter(|folder| folder.path() != Path::new(FRAMEWORKS))
}

fn sources(folder: &Dir<'_>) -> Vec<Source> {
    let file = |file: &include_dir::File<'_>| {
        let name = file.path().to_str()?;
        is_yaml(file.path()).then(|| Source::new(name, file.contents_utf8().unwrap_or_default()))
    };
    folder.files().filter_map(file).collect()
}

pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
