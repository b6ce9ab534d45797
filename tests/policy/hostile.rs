//! Files that were made to hurt, through the program: refused soon, with little memory, and with an exit code that says so.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::support::{Run, Stage, fixture};
use super::{RULE, pack, run_in};

/// Far above what a busy machine and an unoptimised build need; a file that is worked through takes minutes.
const TIME: Duration = Duration::from_secs(10);
/// KiB of address space, most of it stacks that are never touched.
const MEMORY: &str = "2097152";

/// Runs the program where it cannot take much memory, and fails if it takes long.
fn bounded(folder: &Path, arguments: &[&str]) -> Run {
    let start = Instant::now();
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\""),
        env!("CARGO_BIN_EXE_trailproof"),
    ]);
    let run = Run::of(command.args(arguments).env_clear().current_dir(folder).output().unwrap());
    assert!(start.elapsed() < TIME, "{arguments:?} took {:?}", start.elapsed());
    run
}

/// What is said of a folder with this file as a rule, as exceptions and as configuration; the codes are those of mistakes.
fn refused(write: impl Fn(&Path), expected: &str) {
    let folder = pack(RULE);
    write(&folder.path().join("ours/hostile.yaml"));
    let checked = bounded(folder.path(), &["policy", "check", "ours"]);
    assert_eq!(checked.code, 1, "{}", checked.stderr);
    for run in [
        bounded(folder.path(), &["policy", "test", "ours"]),
        bounded(folder.path(), &["policy", "list", "--policy", "ours"]),
        bounded(folder.path(), &["check", "evidence.json", "--policy", "ours"]),
        bounded(folder.path(), &["check", "evidence.json", "--config", "ours/hostile.yaml"]),
    ] {
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        assert!(run.stderr.contains(expected), "{expected:?} is not in\n{}", run.stderr);
        assert!(run.stderr.contains("ours/hostile.yaml:"), "{}", run.stderr);
    }
    assert!(checked.stdout.contains(expected), "{expected:?} is not in\n{}", checked.stdout);
    assert!(checked.stdout.contains("ours/hostile.yaml:"), "{}", checked.stdout);
}

fn refused_text(text: &str, expected: &str) {
    refused(|path| fs::write(path, text).unwrap(), expected);
}

#[test]
fn aliases_that_multiply_and_ten_thousand_levels_are_refused() {
    let bomb: String = (0..40).fold("a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
        format!("{text}a{}: &a{} [{}]\n", n + 1, n + 1, vec![format!("*a{n}"); 8].join(", "))
    });
    let block: String = (0..600).map(|level| " ".repeat(level) + "a:\n").collect();
    for text in [
        bomb,
        block,
        "- ".repeat(10_000) + "x\n",
        "? ".repeat(10_000) + "x\n",
        "[".repeat(10_000) + &"]".repeat(10_000),
        "[".repeat(10_000),
        "{a: ".repeat(10_000) + "1" + &"}".repeat(10_000),
    ] {
        refused_text(&text, "the file is nested too deeply, too large or repeats itself too often");
    }
}

#[test]
fn large_files_devices_pipes_folders_and_links_in_circles_are_refused_unread() {
    let large = |path: &Path| fs::File::create(path).unwrap().set_len(100 << 20).unwrap();
    refused(large, "it has 104857600 bytes, 262144 are allowed");
    refused(|path| symlink("/dev/zero", path).unwrap(), "it is not a file");
    refused(|path| fs::create_dir(path).unwrap(), "it is not a file");
    refused(|path| symlink(path, path).unwrap(), "cannot be read");
    let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    refused(pipe, "it is not a file");
}

#[test]
fn text_that_is_no_utf_8_has_hidden_characters_tabs_or_a_key_twice_is_refused_at_its_place() {
    refused(|path| fs::write(path, b"id: hostile\ntitle: \xff\n").unwrap(), "ours/hostile.yaml:2:8");
    refused_text("id: hostile\ntitle: a\u{202e}b\n", "the file holds the hidden character U+202E");
    refused_text("id: hostile\nremedy:\n\ttext: x\n", "a tab cannot be used for indentation");
    refused_text("id: hostile\ntitle: a\ntitle: b\n", "the key `title` is given twice");
}

#[test]
fn more_files_than_a_pack_may_have_are_not_read() {
    let folder = pack(RULE);
    for number in 0..5_000 {
        fs::write(folder.path().join(format!("ours/n{number}.yaml")), "").unwrap();
    }
    let checked = bounded(folder.path(), &["policy", "check", "ours"]);
    assert_eq!(checked.code, 1);
    assert!(checked.stdout.contains("`ours` holds more than 5000 files"), "{}", checked.stdout);
}

#[test]
fn packs_that_extend_each_other_are_told_with_the_way_around() {
    let folder = pack(RULE);
    let manifest =
        |id: &str, extends: &str| format!("id: {id}\ntitle: T\nversion: '1'\nextends: [{extends}]\n");
    fs::create_dir(folder.path().join("theirs")).unwrap();
    symlink("../ours", folder.path().join("theirs/link")).unwrap();
    fs::write(folder.path().join("ours/pack.yaml"), manifest("ours", "../theirs")).unwrap();
    fs::write(folder.path().join("theirs/pack.yaml"), manifest("theirs", "link")).unwrap();
    fs::write(folder.path().join("trailproof.yaml"), "policy: [./theirs]\n").unwrap();
    let expected = "packs extend each other: theirs → ours → theirs";
    let checked = bounded(folder.path(), &["policy", "check", "theirs"]);
    assert_eq!(checked.code, 1);
    assert!(checked.stdout.contains(expected), "{}", checked.stdout);
    for arguments in [&["policy", "list"][..], &["policy", "list", "--policy", "theirs"]] {
        let run = bounded(folder.path(), arguments);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let folder = pack(&format!("\u{feff}{}", RULE.replace('\n', "\r\n")));
    let checked = bounded(folder.path(), &["policy", "check", "ours"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (0, "no mistakes in 1 rule\n"));
    let wrong = RULE.replace("is_multi_region\nassert", "is_multi_regio\nassert");
    fs::write(folder.path().join("ours/trail-age.yaml"), format!("\u{feff}{}", wrong.replace('\n', "\r\n")))
        .unwrap();
    let checked = bounded(folder.path(), &["policy", "check", "ours"]);
    assert!(checked.stdout.contains("--> ours/trail-age.yaml:5:13\n"), "{}", checked.stdout);
}

/// Six times the regions of an account, one inside the other.
const NESTED: &str = "id: nested
title: Nested
subject: account
severity: low
assert: >-
  account.regions.all(a, account.regions.all(b, account.regions.all(c, account.regions.all(d,
  account.regions.all(e, account.regions.all(f, f.name != '' && a.name != ''))))))
message: m
why: w
remedy: { text: t }
examples:
  - { name: named, expect: pass, facts: { regions: [{ name: a }] } }
  - { name: empty, expect: fail, facts: { regions: [{ name: '' }] } }
";

#[test]
fn lists_nested_in_each_other_stop_the_run_with_the_rule_and_the_subject() {
    let stage = Stage::of(&fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap());
    assert_eq!(stage.run(&["collect", "-o", "evidence.json"]).code, 0);
    let folder = stage.folder.path();
    fs::create_dir(folder.join("ours")).unwrap();
    fs::write(folder.join("ours/pack.yaml"), "id: ours\ntitle: Ours\nversion: '1'\n").unwrap();
    fs::write(folder.join("ours/nested.yaml"), NESTED).unwrap();
    assert_eq!(run_in(folder, &["policy", "check", "ours"]).code, 0);
    let start = Instant::now();
    let run = run_in(folder, &["check", "evidence.json", "--policy", "ours"]);
    assert!(start.elapsed() < TIME * 3, "took {:?}", start.elapsed());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    for part in ["`nested`", "111111111111", "beyond 4000000 steps", "nest fewer lists in each other"] {
        assert!(run.stderr.contains(part), "{part:?} is not in\n{}", run.stderr);
    }
}
