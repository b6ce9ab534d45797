//! Controls of each framework, with the rules that speak for them and what these come to.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::super::view::{self, Control, UNCOVERED, worst};
use crate::report::{FrameworkSummary, Report, Summary};

/// Every framework of the report; those that a pack is made for come first.
pub(super) fn context(report: &Report, counts: &BTreeMap<&str, Summary>) -> Vec<Value> {
    let (selected, named): (Vec<&FrameworkSummary>, Vec<&FrameworkSummary>) =
        report.frameworks.iter().partition(|framework| framework.is_selected);
    selected.into_iter().chain(named).map(|framework| one(framework, report, counts)).collect()
}

fn one(framework: &FrameworkSummary, report: &Report, counts: &BTreeMap<&str, Summary>) -> Value {
    let (uncovered, covered): (Vec<Control<'_>>, Vec<Control<'_>>) =
        view::controls(framework, report, counts)
            .into_iter()
            .partition(|control| control.status == UNCOVERED);
    let held = covered.iter().filter(|control| control.status == "pass").count();
    let missing: Vec<Value> = uncovered
        .iter()
        .map(
            |Control { of: control, .. }| context! { id => control.id.as_str(), title => control.title.as_str() },
        )
        .collect();
    context! {
        id => framework.id.as_str(),
        title => framework.title.as_str(),
        version => framework.version.as_str(),
        // Only a page that a browser may be sent to.
        page => Some(framework.url.as_str()).filter(|url| url.starts_with("https://")),
        held => view::number(held),
        all => view::counted(covered.len(), "control", "controls"),
        rows => covered.iter().map(|control| row(control, counts)).collect::<Vec<_>>(),
        uncovered => missing,
        uncovered_count => view::counted(uncovered.len(), "control", "controls"),
        open => framework.is_selected,
    }
}

fn row(row: &Control<'_>, counts: &BTreeMap<&str, Summary>) -> Value {
    let Control { of: control, status, sum } = row;
    let rules: Vec<Value> = control
        .rules
        .iter()
        .map(|rule| context! { id => rule.as_str(), status => counts.get(rule.as_str()).map_or("no_subject", worst) })
        .collect();
    context! {
        control => control.id.as_str(), title => control.title.as_str(), note => control.note.as_str(), rules, status => *status,
        fail => sum.fail, unknown => sum.unknown, excepted => sum.excepted, pass => sum.pass,
    }
}
