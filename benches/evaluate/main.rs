//! How long deriving facts and applying the pack `baseline` takes, and how much memory it needs, by the size of the organization.
//!
//! `cargo bench --bench evaluate` measures 100, 1,000 and 10,000 accounts in 17 regions, each in a process of its own. `inventory` is
//! the memory (MiB) before, `peak` that after the evaluation; writing the JSON report must not need more. `CPU` is what both steps take
//! of all cores together: on a busy machine the only figure to compare.
//! `cargo test` runs it with a handful of accounts, so that it keeps working.
#![allow(clippy::unwrap_used, reason = "a measurement fails by panicking")]
#![allow(clippy::print_stdout, reason = "the figures are its product")]

mod organization;
mod policies;

use std::io::{self, Write};
use std::process::Command;
use std::time::Instant;

use organization::{AS_OF, Shape, organization};
use trailproof::evaluate::evaluate;
use trailproof::facts::{Critical, Facts};
use trailproof::inventory::{Inventory, Scope};
use trailproof::pack::{Pack, builtin};
use trailproof::render::{Format, Style, render};
use trailproof::report::{Baseline, Run, SubjectKind};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, shape, accounts] = arguments.as_slice()
        && word == "one"
    {
        let shape = Shape::ALL.into_iter().find(|one| one.name() == shape).unwrap();
        return one(shape, accounts.parse().unwrap());
    }
    let is_measured = arguments.iter().any(|argument| argument == "--bench");
    let sizes: &[usize] = if is_measured { &[100, 1_000, 10_000] } else { &[12] };
    println!(
        "{:<8}{:>9}{:>9}{:>9}{:>9}{:>10}{:>11}{:>7}{:>11}{:>10}{:>8}{:>8}",
        "shape",
        "accounts",
        "verdicts",
        "fail",
        "unknown",
        "derive s",
        "evaluate s",
        "CPU s",
        "inventory",
        "peak MiB",
        "JSON s",
        "JSON MB"
    );
    for shape in Shape::ALL {
        for accounts in sizes {
            let program = std::env::current_exe().unwrap();
            let status =
                Command::new(program).args(["one", shape.name(), &accounts.to_string()]).status().unwrap();
            assert!(status.success(), "{} {accounts}: {status}", shape.name());
        }
    }
}

/// Measures one organization and prints a line.
fn one(shape: Shape, accounts: usize) {
    let pack = Pack::load(builtin("baseline").unwrap()).unwrap();
    let rules = pack.rules.clone();
    let inventory = organization(shape, accounts);
    let (loaded, before) = (memory("VmRSS"), cpu());
    let start = Instant::now();
    let facts = Facts::derive(&inventory, AS_OF.parse().unwrap(), &Critical::default());
    let derived = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let report = evaluate(&[pack], &facts, run(&inventory)).unwrap();
    let evaluated = start.elapsed().as_secs_f64();
    let (peak, cpu) = (memory("VmHWM"), cpu() - before);
    let subjects = [
        (SubjectKind::Organization, facts.organizations.len()),
        (SubjectKind::Account, facts.accounts.len()),
        (SubjectKind::Trail, facts.trails.len()),
        (SubjectKind::EventDataStore, facts.event_data_stores.len()),
        (SubjectKind::LogBucket, facts.log_buckets.len()),
        (SubjectKind::LogKey, facts.log_keys.len()),
        (SubjectKind::LogGroup, facts.log_groups.len()),
    ];
    assert_eq!(facts.accounts.len(), accounts);
    let of_kind = |kind| rules.iter().filter(|rule| rule.subject == kind).count();
    let expected: usize = subjects.iter().map(|(kind, subjects)| of_kind(*kind) * subjects).sum();
    assert_eq!(report.verdicts.len(), expected);
    let mut out = Counted(0);
    let start = Instant::now();
    render(&report, Format::Json, &Style::default(), &mut out).unwrap();
    let rendered = start.elapsed().as_secs_f64();
    let (summary, verdicts, bytes) = (report.summary(), report.verdicts.len(), out.0 / 1_000_000);
    println!(
        "{:<8}{accounts:9}{verdicts:9}{:9}{:9}{derived:10.2}{evaluated:11.2}{cpu:7.2}{loaded:11}{peak:10}{rendered:8.2}{bytes:8}",
        shape.name(),
        summary.fail,
        summary.unknown
    );
    assert!(memory("VmHWM") <= peak + peak / 10 + 16, "writing JSON takes memory of its own");
}

fn run(inventory: &Inventory) -> Run {
    let collection = &inventory.collection;
    Run {
        tool_version: String::new(),
        as_of: AS_OF.to_owned(),
        started_at: collection.started_at.clone(),
        finished_at: collection.finished_at.clone(),
        caller_account: collection.caller_account.clone(),
        caller_arn: collection.caller_arn.clone(),
        partition: collection.partition.clone(),
        organization: inventory.organization.as_ref().map(|one| one.id.clone()),
        management_account: inventory.organization.as_ref().map(|one| one.management_account.clone()),
        scope: Scope::default(),
        interrupted: false,
        calls: collection.calls,
        packs: Vec::new(),
        baseline: Baseline::NotGiven,
    }
}

/// MiB that Linux counts for this process; 0 elsewhere.
fn memory(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib / 1024)
}

/// Seconds that Linux has given to all threads of this process, at its usual hundred ticks a second; 0 elsewhere.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Takes bytes and remembers only how many.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
