//! Reads the folder of a pack, within limits: nothing is read but the YAML files in it and in its `frameworks`.

use std::path::{Path, PathBuf};

use super::decode::quoted;
use super::library::{Bundle, FRAMEWORKS, Place, builtin_ids, is_yaml};
use super::yaml::read_file;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// Entries that a folder may have.
const MAX_ENTRIES: usize = 5_000;
/// Bytes that all files of a folder may have.
const MAX_SIZE: usize = 32 << 20;

/// Reads a folder that holds a `pack.yaml`.
pub fn read_folder(path: &Path) -> Result<Bundle, Vec<Diagnostic>> {
    let shown = path.display();
    if path.is_file() {
        return one(format!("`{shown}` is a file"), "name the folder that holds `pack.yaml`");
    }
    let files = yaml_files(path)?;
    if !files.iter().any(|path| path.file_name().is_some_and(|name| name == "pack.yaml")) {
        return one(
            format!("`{shown}` holds no `pack.yaml`"),
            "a pack is a folder with a `pack.yaml` and rule files",
        );
    }
    let beside = path.join(FRAMEWORKS);
    let frameworks = if beside.is_dir() { yaml_files(&beside)? } else { Vec::new() };
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut reading = Reading::default();
    let files = reading.all(&files);
    let frameworks = reading.all(&frameworks);
    if reading.diagnostics.is_empty() {
        Ok(Bundle { place: Place::Folder(place), files, frameworks })
    } else {
        Err(reading.diagnostics)
    }
}

fn one<T>(title: String, help: &str) -> Result<T, Vec<Diagnostic>> {
    Err(vec![Diagnostic::error(title).help(help)])
}

/// The YAML files right in a folder, sorted.
fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let shown = folder.display();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let ids = quoted(&builtin_ids());
            return one(
                format!("the folder `{shown}` cannot be read: {error}"),
                &format!("name a folder with a `pack.yaml`, or a built-in pack: {ids}"),
            );
        }
    };
    let mut paths = Vec::new();
    for (count, entry) in entries.enumerate() {
        if count == MAX_ENTRIES {
            return one(format!("`{shown}` holds more than {MAX_ENTRIES} files"), "split the pack");
        }
        match entry {
            Ok(entry) => paths.extend(Some(entry.path()).filter(|path| is_yaml(path))),
            Err(error) => return one(format!("the folder `{shown}` cannot be read: {error}"), "try again"),
        }
    }
    paths.sort();
    Ok(paths)
}

#[derive(Default)]
struct Reading {
    size: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Reading {
    fn all(&mut self, paths: &[PathBuf]) -> Vec<Source> {
        paths.iter().filter_map(|path| self.one(path)).collect()
    }

    fn one(&mut self, path: &Path) -> Option<Source> {
        let shown = path.display();
        if self.size > MAX_SIZE {
            return None;
        }
        match read_source(path) {
            Ok(source) => {
                self.size += source.text.len();
                if self.size > MAX_SIZE {
                    let title = format!("the files before `{shown}` have more than {MAX_SIZE} bytes");
                    self.diagnostics.push(Diagnostic::error(title).help("split the pack"));
                }
                Some(source)
            }
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                None
            }
        }
    }
}

/// Reads one file, within limits.
pub fn read_source(path: &Path) -> Result<Source, Box<Diagnostic>> {
    let text = read_file(path).map_err(|unreadable| Box::new(unreadable.diagnostic(path, None)))?;
    Ok(Source::new(path.display().to_string(), text))
}
