//! Every mistake in the snapshots is worded as docs/STYLE.md asks.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is wrong on the command line or in the environment, where there is no file to point into.
const WITHOUT_A_FILE: [&str; 5] = [
    "no selected rule has a parameter ",
    "the parameter ",
    "the environment variable ",
    "the packs disagree about ",
    "1 mistake, nothing was done",
];

/// A message of a snapshot.
struct Message {
    snapshot: PathBuf,
    title: String,
    helps: Vec<String>,
    has_place: bool,
}

fn snapshots(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            snapshots(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            into.push(path);
        }
    }
}

/// The messages of one snapshot: each starts with its level at the start of a line and reaches to the next.
fn messages(path: &Path) -> Vec<Message> {
    let text = fs::read_to_string(path).unwrap();
    let body = text.splitn(3, "---\n").nth(2).unwrap();
    let mut found: Vec<Message> = Vec::new();
    for line in body.lines() {
        let title = line.strip_prefix("error: ").or_else(|| line.strip_prefix("warning: "));
        if let Some(title) = title {
            let snapshot = path.to_owned();
            found.push(Message { snapshot, title: title.to_owned(), helps: Vec::new(), has_place: false });
        } else if let Some(message) = found.last_mut() {
            message.has_place |= line.trim_start().starts_with("--> ");
            message.helps.extend(line.trim_start().strip_prefix("= help: ").map(str::to_owned));
        }
    }
    found
}

fn all() -> Vec<Message> {
    let mut paths = Vec::new();
    for folder in ["src", "tests"] {
        snapshots(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths);
    }
    paths.iter().flat_map(|path| messages(path)).collect()
}

/// The text without what stands in back quotes, which is the author's.
fn prose(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// The words that docs/STYLE.md bans, in the order in which it lists them.
fn banned() -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/STYLE.md")).unwrap();
    let line = page.lines().find(|line| line.starts_with("- Words that no message uses:")).unwrap();
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn starts_well(text: &str) -> bool {
    text.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '`')
}

#[test]
fn titles_and_helps_are_one_lower_case_line_without_a_full_stop() {
    for Message { snapshot, title, helps, .. } in all() {
        for text in helps.iter().chain([&title]) {
            assert!(starts_well(text), "{text:?} in {}", snapshot.display());
            assert!(!text.trim_end().ends_with(['.', '!', ':']), "{text:?} in {}", snapshot.display());
            assert!(!text.contains("  ") && !text.contains('\t'), "{text:?} in {}", snapshot.display());
        }
    }
}

#[test]
fn no_message_uses_a_word_that_is_banned() {
    let banned = banned();
    assert!(banned.len() >= 5, "{banned:?}");
    for Message { snapshot, title, helps, .. } in all() {
        for text in helps.iter().chain([&title]) {
            let words = prose(text).to_lowercase();
            let used =
                words.split(|c: char| !c.is_alphabetic()).find(|word| banned.iter().any(|no| no == word));
            assert_eq!(used, None, "{text:?} in {}", snapshot.display());
            assert!(!words.contains('!'), "{text:?} in {}", snapshot.display());
        }
    }
}

#[test]
fn what_is_wrong_in_a_file_has_a_place_there() {
    for Message { snapshot, title, has_place, .. } in all() {
        let needs_none = WITHOUT_A_FILE.iter().any(|start| title.starts_with(start));
        assert!(has_place || needs_none, "{title:?} in {}", snapshot.display());
    }
}

#[test]
fn the_snapshots_hold_a_good_many_mistakes() {
    let distinct: BTreeSet<String> = all().iter().map(|message| prose(&message.title)).collect();
    assert!(distinct.len() >= 70, "{} distinct mistakes: {distinct:#?}", distinct.len());
}
