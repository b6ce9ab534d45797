//! Which file is the configuration.

use std::path::{Path, PathBuf};

/// The name by which configuration is found.
pub const FILE_NAME: &str = "trailproof.yaml";
/// Folders looked into.
const MAX_FOLDERS: usize = 64;

/// Where configuration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// There is none, or it is to be ignored.
    None,
    /// In this file.
    File(PathBuf),
}

/// The file that the user names, none for `none`, or the one found from the current folder upwards.
///
/// The search ends at the top of a repository (a folder with `.git`): what lies above was not written for it. Outside of one, only the
/// current folder counts: anybody may have left a file in a folder above, such as `/tmp`, and its exceptions would hide failures.
#[must_use]
pub fn find(named: Option<&Path>, current: &Path) -> Found {
    match named {
        Some(path) if path.as_os_str() == "none" => Found::None,
        Some(path) => Found::File(path.to_owned()),
        None => search(current),
    }
}

fn search(current: &Path) -> Found {
    let has = |folder: &Path, name: &str| folder.join(name).symlink_metadata().is_ok();
    let top = current.ancestors().take(MAX_FOLDERS).position(|folder| has(folder, ".git"));
    let mut shown = PathBuf::new();
    for folder in current.ancestors().take(top.unwrap_or(0) + 1) {
        if has(folder, FILE_NAME) {
            return Found::File(shown.join(FILE_NAME));
        }
        shown.push("..");
    }
    Found::None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_upwards_is_found_and_named_from_the_current_folder() {
        let top = tempfile::tempdir().unwrap();
        let below = top.path().join("a/b");
        std::fs::create_dir_all(&below).unwrap();
        std::fs::create_dir(top.path().join(".git")).unwrap();
        std::fs::write(top.path().join(FILE_NAME), "").unwrap();
        assert_eq!(find(None, &below), Found::File("../../trailproof.yaml".into()));
        std::fs::write(top.path().join("a/trailproof.yaml"), "").unwrap();
        assert_eq!(find(None, &below), Found::File("../trailproof.yaml".into()));
        assert_eq!(find(None, &top.path().join("a")), Found::File("trailproof.yaml".into()));
    }

    #[test]
    fn a_file_above_the_repository_is_not_for_it() {
        let top = tempfile::tempdir().unwrap();
        let below = top.path().join("repository/folder");
        std::fs::create_dir_all(&below).unwrap();
        std::fs::create_dir(top.path().join("repository/.git")).unwrap();
        std::fs::write(top.path().join(FILE_NAME), "").unwrap();
        assert_eq!(find(None, &below), Found::None);
        std::fs::write(top.path().join("repository/trailproof.yaml"), "").unwrap();
        assert_eq!(find(None, &below), Found::File("../trailproof.yaml".into()));
    }

    #[test]
    fn outside_a_repository_a_file_in_a_folder_above_is_left_alone() {
        let top = tempfile::tempdir().unwrap();
        let below = top.path().join("a");
        std::fs::create_dir(&below).unwrap();
        std::fs::write(top.path().join(FILE_NAME), "").unwrap();
        assert_eq!(find(None, &below), Found::None);
        assert_eq!(find(None, top.path()), Found::File("trailproof.yaml".into()));
    }

    #[test]
    fn the_word_none_leaves_configuration_out_and_a_path_is_taken_as_given() {
        let top = tempfile::tempdir().unwrap();
        std::fs::write(top.path().join(FILE_NAME), "").unwrap();
        assert_eq!(find(Some(Path::new("none")), top.path()), Found::None);
        assert_eq!(find(Some(Path::new("x/y.yaml")), top.path()), Found::File("x/y.yaml".into()));
    }
}
