//! Controls of each framework, with the rules that speak for them and what these come to.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::super::view;
use crate::report::{Report, Status, Summary};

/// Verdicts counted by rule.
pub(super) fn counts(report: &Report) -> BTreeMap<&str, Summary> {
    let mut counts: BTreeMap<&str, Summary> = BTreeMap::new();
    for verdict in &report.verdicts {
        let summary = counts.entry(&verdict.rule).or_default();
        *match verdict.status {
            Status::Pass => &mut summary.pass,
            Status::Fail => &mut summary.fail,
            Status::Unknown => &mut summary.unknown,
            Status::NotApplicable => &mut summary.not_applicable,
            Status::Excepted => &mut summary.excepted,
        } += 1;
    }
    counts
}

/// The status of a rule or a control: the worst that happened.
pub(super) fn worst(summary: &Summary) -> &'static str {
    match summary {
        Summary { fail: 1.., .. } => "fail",
        Summary { unknown: 1.., .. } => "unknown",
        Summary { excepted: 1.., .. } => "excepted",
        Summary { pass: 1.., .. } => "pass",
        Summary { not_applicable: 1.., .. } => "not_applicable",
        Summary { .. } => "none",
    }
}

/// Controls in reading order, each with its rules.
type Controls<'a> = BTreeMap<Vec<Piece<'a>>, (&'a str, Vec<&'a str>)>;

/// Every framework that a rule names, sorted; controls in reading order.
pub(super) fn context(report: &Report, counts: &BTreeMap<&str, Summary>) -> Vec<Value> {
    let mut frameworks: BTreeMap<&str, Controls<'_>> = BTreeMap::new();
    for rule in &report.rules {
        for (framework, controls) in &rule.controls {
            for control in controls {
                let (_, rules) = frameworks
                    .entry(framework)
                    .or_default()
                    .entry(pieces(control))
                    .or_insert((control, Vec::new()));
                rules.push(&rule.id);
            }
        }
    }
    frameworks
        .into_iter()
        .map(|(id, controls)| {
            let rows: Vec<Value> =
                controls.into_values().map(|(control, rules)| row(control, &rules, counts)).collect();
            let held = rows.iter().filter(|row| row.get_attr("status").is_ok_and(|status| status == Value::from("pass"))).count();
            context! { id, held => view::number(held), all => view::counted(rows.len(), "control", "controls"), rows }
        })
        .collect()
}

fn row(control: &str, rules: &[&str], counts: &BTreeMap<&str, Summary>) -> Value {
    let mut sum = Summary::default();
    for summary in rules.iter().filter_map(|rule| counts.get(rule)) {
        sum.fail += summary.fail;
        sum.unknown += summary.unknown;
        sum.excepted += summary.excepted;
        sum.pass += summary.pass;
        sum.not_applicable += summary.not_applicable;
    }
    let rules: Vec<Value> = rules
        .iter()
        .map(|rule| context! { id => *rule, status => counts.get(rule).map_or("none", worst) })
        .collect();
    context! { control, rules, status => worst(&sum), fail => sum.fail, unknown => sum.unknown, excepted => sum.excepted, pass => sum.pass }
}

/// A part of a control number: numbers sort as numbers, so that 3.10 follows 3.9.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece<'a> {
    Number(u64),
    Text(&'a str),
}

fn pieces(control: &str) -> Vec<Piece<'_>> {
    control
        .split_inclusive(['.', '-', ' ', '('])
        .map(|part| {
            let bare = part.trim_end_matches(['.', '-', ' ', '(', ')']);
            bare.parse().map_or(Piece::Text(part), Piece::Number)
        })
        .collect()
}
