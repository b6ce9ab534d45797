//! What a path on the command line means: a built-in pack, a folder, or a single file.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::pack::{
    BuiltIn, Disk, Examples, Inspected, Library, Loader, Missing, Place, builtin_ids, inspect_file,
    read_folder, read_source,
};

/// Looks at every path; files that cannot be read are mistakes, a path that is not there is an error.
pub(super) fn inspect(paths: &[String], examples: Examples) -> Result<Vec<Inspected>, Error> {
    let mut loader = Loader::new(&Disk).with_examples(examples);
    paths.iter().map(|name| one(name, &mut loader, examples)).collect()
}

fn one(name: &str, loader: &mut Loader<'_>, examples: Examples) -> Result<Inspected, Error> {
    match BuiltIn.find(name, &Place::BuiltIn(name.to_owned())) {
        Ok(bundle) => return Ok(loader.inspect(bundle)),
        Err(Missing::Unreadable(diagnostics)) => return Err(Error::Diagnostics { diagnostics }),
        Err(Missing::NotFound) => {}
    }
    let path = Path::new(name);
    if !path.exists() {
        let builtin = builtin_ids().into_iter().map(str::to_owned).collect();
        return Err(Error::NoSuchPack { name: name.to_owned(), builtin });
    }
    let folder =
        if path.file_name().is_some_and(|name| name == "pack.yaml") { parent(path) } else { path.to_owned() };
    if folder.is_dir() {
        return match read_folder(&folder) {
            Ok(bundle) => Ok(loader.inspect(bundle)),
            Err(diagnostics) if folder.join("pack.yaml").exists() => {
                Ok(Inspected { diagnostics, ..Inspected::default() })
            }
            Err(diagnostics) => Err(Error::Diagnostics { diagnostics }),
        };
    }
    let file = match read_source(path) {
        Ok(file) => file,
        Err(diagnostic) => {
            return Ok(Inspected { diagnostics: vec![*diagnostic], ..Inspected::default() });
        }
    };
    // Mistakes in the frameworks beside it are those of the pack.
    let beside = read_folder(&parent(path)).map(|bundle| bundle.frameworks).unwrap_or_default();
    Ok(inspect_file(file, beside, examples))
}

fn parent(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}
