//! How long reading, checking and testing packs takes: all built-in ones together, and a generated pack of 1,000 rules; within this
//! process, and as whole processes.
//!
//! `cargo bench --bench policy` measures, and fails where a process takes longer than it may; `cargo test` runs it with a few rules, so
//! that it keeps working.
#![allow(clippy::unwrap_used, reason = "a measurement fails by panicking")]
#![allow(clippy::print_stdout, reason = "the figures are its product")]

use std::process::{Command, Stdio};
use std::time::Instant;

use trailproof::diagnostic::render_all;
use trailproof::pack::{Disk, Loader, built_in_packs, builtin, builtin_ids, read_folder, with_stack};

/// Milliseconds that a process may take: with all built-in packs, and with the generated one.
const LIMITS: (f64, f64) = (300.0, 2_000.0);

fn main() {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, size) = if is_measured { (5, 1_000) } else { (1, 20) };
    // The records of facts are described once in a process.
    let first = timed(|| drop(built_in_packs().unwrap()));
    let again = (0..rounds).map(|_| timed(|| drop(built_in_packs().unwrap()))).fold(f64::MAX, f64::min);
    println!("built-in packs: {first:.0} ms the first time, {again:.0} ms then");
    let folder = generated(size);
    let check = || {
        let bundle = read_folder(folder.path()).unwrap();
        let inspected = Loader::new(&Disk).inspect(bundle);
        assert!(inspected.diagnostics.is_empty(), "{}", render_all(&inspected.diagnostics, false));
        inspected.rules
    };
    let mut rules = Vec::new();
    let checked = timed(|| rules = check());
    assert_eq!(rules.len(), size);
    println!("a pack of {size} rules: {checked:.0} ms");
    let mutated = timed(|| {
        let tried: usize =
            with_stack(|| rules.iter().take(100).map(|rule| rule.mutate().tried).sum()).unwrap();
        assert!(tried > 0);
    });
    println!("changes of 100 rules tried: {mutated:.0} ms");
    let all = builtin_ids();
    let folder = folder.path().display().to_string();
    let mut is_in_time = true;
    for (command, packs, limit) in [
        ("check", all.as_slice(), LIMITS.0),
        ("test", all.as_slice(), LIMITS.0),
        ("check", &[folder.as_str()], LIMITS.1),
        ("test", &[folder.as_str()], LIMITS.1),
    ] {
        let mut times: Vec<f64> = (0..rounds).map(|_| timed(|| process(command, packs))).collect();
        times.sort_by(f64::total_cmp);
        let what = if packs.len() > 1 { "all built-in packs".to_owned() } else { format!("{size} rules") };
        let (least, median) = (times[0], times[times.len() / 2]);
        println!("trailproof policy {command}, {what}: {median:.0} ms, at best {least:.0} ms of {limit:.0}");
        // Other work of the machine only ever adds.
        is_in_time &= least < limit;
    }
    assert!(is_in_time || !is_measured, "a process takes longer than it may");
}

/// Runs `trailproof policy COMMAND PACK…`, which must find nothing wrong.
fn process(command: &str, packs: &[&str]) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_trailproof"));
    let process = process.args(["policy", command]).args(packs).stdout(Stdio::null());
    assert!(process.status().unwrap().success());
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1_000.0
}

/// A folder with the rules of the baseline over and over, each time under other ids.
fn generated(size: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pack.yaml"), "id: many\ntitle: Many\nversion: '1'\n").unwrap();
    let rules: Vec<_> =
        builtin("baseline").unwrap().into_iter().filter(|file| file.file_name() != "pack.yaml").collect();
    for (number, rule) in rules.iter().cycle().take(size).enumerate() {
        let id = rule.file_name().trim_end_matches(".yaml");
        let text = rule.text.replacen(&format!("id: {id}\n"), &format!("id: {id}-{number}\n"), 1);
        std::fs::write(folder.path().join(format!("{id}-{number}.yaml")), text).unwrap();
    }
    folder
}
