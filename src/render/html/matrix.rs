//! Account × region: what is recorded where.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use minijinja::{Value, context};

use super::super::view::{self, Cell};
use crate::report::{AccountCoverage, CoverageCell, Report};

/// Trails named beside an account.
const TRAILS: usize = 2;
/// More accounts than this scroll under a fixed head.
const LONG: usize = 40;

/// Accounts grouped by organizational unit, with a legend that counts.
pub(super) fn context(report: &Report) -> Value {
    let regions = view::regions(report);
    let mut groups: BTreeMap<&[String], Vec<Value>> = BTreeMap::new();
    let mut counts: BTreeMap<Cell, usize> = BTreeMap::new();
    for account in &report.coverage {
        groups.entry(&account.path).or_default().push(row(account, &regions, &mut counts));
    }
    let legend: Vec<Value> = counts
        .iter()
        .map(|(cell, count)| context! { class => cell.class(), words => cell.words(), count => view::number(*count) })
        .collect();
    let groups: Vec<Value> =
        groups.into_iter().map(|(path, accounts)| context! { path => path.join(" / "), accounts }).collect();
    let covered = report.coverage.iter().filter(|account| view::is_covered(account)).count();
    let evaluated = report.coverage.iter().filter(|account| account.evaluated).count();
    context! {
        summary => format!("{} of {} are recorded in full in every enabled region in scope.", view::number(covered), view::counted(evaluated, "evaluated account", "evaluated accounts")),
        long => report.coverage.len() > LONG,
        grouped => report.coverage.iter().any(|account| !account.path.is_empty()),
        columns => regions.len() + 2,
        regions => regions.into_iter().map(Value::from).collect::<Vec<_>>(), groups, legend,
    }
}

fn row(account: &AccountCoverage, regions: &[&str], counts: &mut BTreeMap<Cell, usize>) -> Value {
    let by_region: BTreeMap<&str, &CoverageCell> =
        account.cells.iter().map(|cell| (cell.region.as_str(), cell)).collect();
    let cells: Vec<Value> = regions
        .iter()
        .map(|region| {
            let cell = by_region.get(region).copied();
            let state = Cell::of(account, cell);
            *counts.entry(state).or_default() += 1;
            context! { class => state.class(), words => state.words(), title => title(region, state, cell) }
        })
        .collect();
    let trails: BTreeSet<&str> =
        account.cells.iter().flat_map(|cell| &cell.trails).map(String::as_str).collect();
    let mut named = trails.iter().take(TRAILS).copied().collect::<Vec<_>>().join(", ");
    if trails.len() > TRAILS {
        let _ = write!(named, " +{}", trails.len() - TRAILS);
    }
    let all = trails.into_iter().collect::<Vec<_>>().join(", ");
    context! { id => account.account.as_str(), name => account.name.as_str(), note => account.note.as_str(), trails => named, all, cells }
}

fn title(region: &str, state: Cell, cell: Option<&CoverageCell>) -> String {
    let trails = cell.map(|cell| cell.trails.as_slice()).unwrap_or_default();
    let by = if trails.is_empty() { String::new() } else { format!(" by {}", trails.join(", ")) };
    format!("{region}: {}{by}", state.words())
}
