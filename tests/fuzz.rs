//! Whatever bytes a file holds, reading it ends in a value or in a mistake with a place, never in a panic.
//!
//! A short run of the fuzz targets (`fuzz/`) and of the readers of evidence and results, the same on every machine;
//! `TRAILPROOF_FUZZ_ROUNDS=100000 cargo test --release --test fuzz` makes it a long one without cargo-fuzz.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;
#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a crate of its own under cargo-fuzz")]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use targets::Dice;
use trailproof::expr::Expression;
use trailproof::inventory::Inventory;
use trailproof::pack::{built_in_packs, builtin, builtin_ids};
use trailproof::render::json::v1::Results;

/// What editors, merges and bad days put into files.
const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{% if x %}",
    "- [",
    "- - ",
    "[[[[[[[[",
    "{a: {a: ",
    "\u{202e}",
    "\u{feff}",
    "\t",
    "\r\n",
    "\0",
    "é",
    "😀",
    "&a ",
    "*a",
    "&a *a",
    "<<: *a\n",
    "null",
    "~",
    "yes",
    "true",
    "9999999999999999999999",
    "-1",
    "1e400",
    "0x1f",
    ".inf",
    "\"",
    "'",
    "''",
    ": ",
    "\n",
    "\n---\n",
    "\n...\n",
    "#",
    "# ",
    "|\n",
    ">-\n",
    "? ",
    "!!binary ",
    "!x ",
    "%YAML 1.2\n",
    "  ",
    "id: ",
    "title: ",
    "assert: ",
    "when: ",
    "message: ",
    "parameters: ",
    "examples: ",
    "facts: ",
    "expect: pass",
    "extends: ",
    "select: ",
    "exclude: ",
    "overrides: ",
    "controls: ",
    "exceptions:",
    "expires: 2027-01-31",
    "\n#### pack.yaml\n",
];
/// What authors put into expressions.
const TERMS: &[&str] = &[
    " && ",
    " || ",
    "!",
    " == ",
    " != ",
    " < ",
    " in ",
    " + ",
    " - ",
    "-",
    " * ",
    " / ",
    " % ",
    "(",
    ")",
    "[",
    "]",
    "[0]",
    ", ",
    " ? ",
    " : ",
    ".",
    "x",
    "x.",
    ".all(x, ",
    ".exists(y, ",
    ".exists_one(z, ",
    ".filter(x, ",
    ".map(x, ",
    ".size()",
    "size(",
    ".matches('a.*')",
    ".startsWith('a')",
    ".contains('')",
    "has(",
    "string(",
    "int(",
    "'",
    "'a'",
    "\"b\"",
    "r'\\'",
    "b'a'",
    "1",
    "-9223372036854775808",
    "9223372036854775807",
    "0u",
    "1.5",
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "{'a': 1}",
    "é",
    "😀",
    "parameters.hours",
    "parameters.names",
    "parameters.strict",
    "parameters.name",
    "trail.is_logging",
    "trail.name",
    "trail.tags",
    "account.regions",
    "account.regions.all(r, r.name != '')",
    "log_bucket.access",
    "organization.",
    "\n",
    "//",
    "@0",
    "__present",
];

/// Runs a target on every seed, then on spoiled ones.
fn run(target: impl Fn(&[u8]), seeds: &[String], pieces: &[&str], rounds: usize) {
    let set = std::env::var("TRAILPROOF_FUZZ_ROUNDS").ok();
    let rounds = set.map_or(rounds, |text| text.parse().expect("TRAILPROOF_FUZZ_ROUNDS is a number"));
    let mut dice = Dice::of(&rounds.to_be_bytes());
    let whole = seeds.iter().map(|seed| seed.clone().into_bytes());
    let spoiled = (0..rounds).map(|_| spoiled(seeds, pieces, &mut dice));
    for input in whole.chain(spoiled) {
        let result = catch_unwind(AssertUnwindSafe(|| target(&input)));
        assert!(result.is_ok(), "on this input:\n{}", String::from_utf8_lossy(&input));
    }
}

/// A seed in which pieces were cut out, put in, doubled and taken from another seed.
fn spoiled(seeds: &[String], pieces: &[&str], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone().into_bytes();
    for _ in 0..=dice.below(4) {
        let start = dice.below(bytes.len() + 1);
        let length = if dice.below(8) == 0 { dice.below(400) } else { dice.below(12) };
        let end = (start + length).min(bytes.len());
        match dice.below(8) {
            0 => drop(bytes.drain(start..end)),
            1 => {
                let again = bytes[start..end].to_vec();
                bytes.splice(end..end, again);
            }
            2 => {
                let other = seeds[dice.below(seeds.len())].as_bytes();
                let from = dice.below(other.len() + 1);
                let part = &other[from..(from + length * 4).min(other.len())];
                bytes.splice(start..end, part.iter().copied());
            }
            3 if start < bytes.len() => bytes[start] = u8::try_from(dice.below(256)).unwrap(),
            4 => drop(bytes.splice(start..end, dice.pick(pieces).bytes())),
            _ => drop(bytes.splice(start..start, dice.pick(pieces).bytes())),
        }
    }
    bytes
}

/// The files of a corpus folder.
fn corpus(target: &str) -> Vec<String> {
    let folder = support::fixture(&format!("fuzz/corpus/{target}"));
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some());
    paths.sort();
    assert!(paths.len() >= 5, "{paths:?}");
    paths.iter().map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()).collect()
}

/// Evidence and results of a real scan.
fn files() -> &'static (String, String) {
    static FILES: OnceLock<(String, String)> = OnceLock::new();
    FILES.get_or_init(|| {
        let world = std::fs::read_to_string(support::fixture("tests/worlds/four-accounts.yaml")).unwrap();
        let stage = support::Stage::of(&world);
        let written = ["--evidence", "evidence.json", "--output", "json=results.json"];
        stage.run(&[&["scan", "--regions", "us-east-1"], &written[..]].concat());
        (stage.read("evidence.json"), stage.read("results.json"))
    })
}

#[test]
fn a_spoiled_pack_is_loaded_and_applied_or_refused_with_places() {
    let built_in = builtin_ids().into_iter().flat_map(|id| builtin(id).unwrap());
    // Loading a pack that extends others loads those; a few of them in the corpus are enough.
    let rules = built_in.filter(|file| file.file_name() != "pack.yaml").map(|file| file.text);
    let seeds: Vec<String> = corpus("pack").into_iter().chain(rules).collect();
    let pieces: Vec<&str> = PIECES.iter().chain(TERMS).copied().collect();
    run(targets::pack, &seeds, &pieces, 300);
}

#[test]
fn a_spoiled_configuration_is_read_and_added_to_line_by_line_or_refused_with_places() {
    run(targets::config, &corpus("config"), PIECES, 1_000);
}

#[test]
fn a_spoiled_expression_is_evaluated_or_refused_with_places() {
    let mut seeds = corpus("expression");
    for rule in built_in_packs().unwrap().iter().flat_map(|pack| &pack.rules) {
        let texts = rule.when.iter().chain([&rule.assert]).map(Expression::text);
        seeds.extend(texts.map(|text| format!("{}: {text}", rule.subject)));
    }
    seeds.sort();
    seeds.dedup();
    run(targets::expression, &seeds, TERMS, 1_500);
}

#[test]
fn spoiled_evidence_is_read_or_refused() {
    let read = |bytes: &[u8]| _ = Inventory::load(&String::from_utf8_lossy(bytes));
    run(read, &[files().0.clone()], PIECES, 200);
}

#[test]
fn spoiled_results_are_read_or_refused() {
    run(|bytes| _ = Results::read(bytes), &[files().1.clone()], PIECES, 200);
}
