//! Where the files of a pack are: in the binary, or in a folder.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::yaml::MAX_FILE_SIZE;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

static POLICIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// Files that one folder may hold.
const MAX_FILES: usize = 5_000;

/// The files of a pack in the binary.
#[must_use]
pub fn builtin(id: &str) -> Option<Vec<Source>> {
    let folder = POLICIES.dirs().find(|folder| folder.path().to_str() == Some(id))?;
    let file = |file: &include_dir::File<'_>| {
        let name = file.path().to_str()?;
        is_yaml(file.path()).then(|| Source::new(name, file.contents_utf8().unwrap_or_default()))
    };
    Some(folder.files().filter_map(file).collect())
}

/// Ids of the packs in the binary, sorted.
#[must_use]
pub fn builtin_ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = POLICIES.dirs().filter_map(|folder| folder.path().to_str()).collect();
    ids.sort_unstable();
    ids
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Reads the YAML files of a folder that holds a `pack.yaml`.
pub fn read_folder(path: &Path) -> Result<Vec<Source>, Vec<Diagnostic>> {
    let shown = path.display();
    let one = |title: String, help: &str| Err(vec![Diagnostic::error(title).help(help)]);
    if path.is_file() {
        return one(format!("`{shown}` is a file"), "name the folder that holds `pack.yaml`");
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            let ids = super::decode::quoted(&builtin_ids());
            return one(
                format!("the folder `{shown}` cannot be read: {error}"),
                &format!("name a folder with a `pack.yaml`, or a built-in pack: {ids}"),
            );
        }
    };
    let mut paths: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_yaml(path)).collect();
    paths.sort();
    if paths.len() > MAX_FILES {
        return one(
            format!("`{shown}` holds {} files, {MAX_FILES} are allowed", paths.len()),
            "split the pack",
        );
    }
    if !paths.iter().any(|path| path.file_name().is_some_and(|name| name == "pack.yaml")) {
        return one(
            format!("`{shown}` holds no `pack.yaml`"),
            "a pack is a folder with a `pack.yaml` and rule files",
        );
    }
    let (mut files, mut diagnostics) = (Vec::new(), Vec::new());
    for path in paths {
        match read_file(&path) {
            Ok(text) => files.push(Source::new(path.display().to_string(), text)),
            Err(reason) => {
                diagnostics.push(Diagnostic::error(format!("`{}` cannot be read: {reason}", path.display())));
            }
        }
    }
    if diagnostics.is_empty() { Ok(files) } else { Err(diagnostics) }
}

fn read_file(path: &Path) -> Result<String, String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is not a file".to_owned());
    }
    if metadata.len() > MAX_FILE_SIZE as u64 {
        return Err(format!("it has {} bytes, {MAX_FILE_SIZE} are allowed", metadata.len()));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes)
        .map_err(|error| format!("it is not UTF-8 (at byte {})", error.utf8_error().valid_up_to()))
}
