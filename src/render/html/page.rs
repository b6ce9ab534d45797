//! Everything the template prints, put together.

use minijinja::{Value, context};

use super::super::{RenderError, view};
use super::{finding, framework, matrix, tail};
use crate::report::{Report, Status, Verdict};

/// Rows of what holds that are part of the page; more are drawn on demand.
const ROWS: usize = 2_000;
/// Of those, when there are more.
const FIRST_ROWS: usize = 200;

pub(super) fn context(report: &Report) -> Result<Value, RenderError> {
    let counts = view::counts(report);
    let frameworks = framework::context(report, &counts);
    let unknown: Vec<&Verdict> = with_status(report, &[Status::Unknown]);
    let excepted = with_status(report, &[Status::Excepted]);
    let mut held = with_status(report, &[Status::Pass, Status::NotApplicable]);
    let held_total = view::counted(held.len(), "verdict", "verdicts");
    let mut rest: Vec<&Verdict> =
        with_status(report, &[Status::Fail]).into_iter().skip(finding::DETAILED).collect();
    rest.extend(unknown.iter().skip(finding::DETAILED));
    if held.len() > ROWS {
        rest.extend(held.drain(FIRST_ROWS..));
    }
    let unknown_rows: Vec<Value> =
        unknown.iter().take(finding::DETAILED).map(|verdict| finding::unknown(verdict)).collect();
    Ok(context! {
        whose => whose(report),
        run_facts => run_facts(report),
        outcome => outcome(report),
        counts => tiles(report),
        bar => bar(report),
        matrix => matrix::context(report),
        failing => finding::by_rule(report),
        since_last => view::since_last(report).unwrap_or_default(),
        closed => closed(report),
        causes => causes(report),
        unknown_count => unknown.len(),
        unknown => unknown_rows,
        unread => unread(report),
        gaps => gaps(report),
        rules => rules(report, &counts),
        frameworks,
        excepted => excepted.iter().map(|verdict| finding::excepted(verdict)).collect::<Vec<_>>(),
        exception_notes => exception_notes(report),
        held => held.iter().map(|verdict| finding::row(verdict)).collect::<Vec<_>>(),
        held_total,
        tail_total => view::number(rest.len()),
        tail_count => rest.len(),
        tail => tail::block(&rest)?,
        accounts => report.coverage.iter().map(|account| context! { id => account.account.as_str(), name => account.name.as_str() }).collect::<Vec<_>>(),
        tool_version => report.run.tool_version.as_str(),
        as_of => report.run.as_of.as_str(),
    })
}

/// Failures of the earlier results that are none any more.
fn closed(report: &Report) -> Vec<Value> {
    let changes = report.drift.iter().flat_map(|drift| &drift.changes);
    changes.take(finding::DETAILED).map(finding::closed).collect()
}

fn with_status<'a>(report: &'a Report, status: &[Status]) -> Vec<&'a Verdict> {
    report.verdicts.iter().filter(|verdict| status.contains(&verdict.status)).collect()
}

fn whose(report: &Report) -> String {
    let run = &report.run;
    run.organization
        .as_ref()
        .map_or_else(|| format!("account {}", run.caller_account), |id| format!("organization {id}"))
}

fn outcome(report: &Report) -> Value {
    let outcome = view::Outcome::of(report);
    let class = match outcome {
        view::Outcome::Fail => "fail",
        view::Outcome::Incomplete | view::Outcome::Empty => "unknown",
        view::Outcome::Pass => "pass",
    };
    context! { class, word => outcome.word(), sentence => outcome.sentence(report) }
}

/// The counts of the head, each a link to its section.
fn tiles(report: &Report) -> Vec<Value> {
    let summary = report.summary();
    let worst: Vec<String> = view::failures_by_severity(report)
        .iter()
        .map(|(severity, count)| format!("{} {severity}", view::number(*count)))
        .collect();
    [
        ("fail", "failed", summary.fail, "failures", worst.join(", ")),
        ("unknown", "unknown", summary.unknown, "unknown", String::new()),
        ("excepted", "accepted", summary.excepted, "exceptions", String::new()),
        ("pass", "passed", summary.pass, "passes", String::new()),
        ("not_applicable", "not applicable", summary.not_applicable, "passes", String::new()),
    ]
    .into_iter()
    .map(|(class, label, count, section, note)| context! { class, label, count => view::number(count), section, note, zero => count == 0 })
    .collect()
}

/// Parts of a bar of a thousand units.
fn bar(report: &Report) -> Vec<Value> {
    let summary = report.summary();
    let all = report.verdicts.len().max(1);
    let mut end = 0;
    [
        ("fail", summary.fail),
        ("unknown", summary.unknown),
        ("excepted", summary.excepted),
        ("pass", summary.pass),
        ("not_applicable", summary.not_applicable),
    ]
    .into_iter()
    .map(|(class, count)| {
        let from = end * 1000 / all;
        end += count;
        context! { class, from, width => end * 1000 / all - from }
    })
    .collect()
}

fn run_facts(report: &Report) -> Vec<Value> {
    let run = &report.run;
    let fact = |name: &str, value: String, code: bool| context! { name, value, code, digest => "" };
    let mut facts = Vec::new();
    facts.extend(run.organization.iter().map(|id| fact("Organization", id.clone(), true)));
    facts.extend(run.management_account.iter().map(|id| fact("Management account", id.clone(), true)));
    facts.push(fact("As of", run.as_of.clone(), false));
    facts.push(fact("Collected", format!("{} to {}", run.started_at, run.finished_at), false));
    facts.push(fact("Collected as", run.caller_arn.clone(), true));
    facts.push(fact("Started in account", run.caller_account.clone(), true));
    facts.push(fact("Partition", run.partition.clone(), true));
    facts.push(fact(
        "Scope",
        view::scope(run).unwrap_or_else(|| "all accounts, every enabled region".to_owned()),
        false,
    ));
    facts.push(fact("Compared with", view::baseline(run), false));
    facts.push(fact(
        "API requests",
        format!("{}, reading only", view::number(usize::try_from(run.calls).unwrap_or(usize::MAX))),
        false,
    ));
    facts.push(fact("Tool", format!("trailproof {}", run.tool_version), false));
    for pack in &run.packs {
        let named = format!("{} ({} {})", pack.title, pack.id, pack.version);
        let digest = format!("sha256:{}", pack.digest);
        facts.push(context! { name => "Policy pack", value => named, code => false, digest });
    }
    facts
}

fn causes(report: &Report) -> Vec<Value> {
    view::causes(report)
        .into_iter()
        .filter(|cause| cause.cost > 0)
        .map(|cause| {
            let rules: Vec<Value> = cause.rules().map(|(id, count)| context! { id, count }).collect();
            context! { headline => cause.headline(), detail => cause.detail, cost => view::number(cause.cost), rules }
        })
        .collect()
}

fn unread(report: &Report) -> Vec<Value> {
    report
        .unread
        .iter()
        .map(|place| context! { account => place.account.as_str(), region => place.regions(), why => place.gap.to_string() })
        .collect()
}

fn exception_notes(report: &Report) -> Vec<Value> {
    report
        .exceptions
        .iter()
        .map(|note| context! { place => note.place.as_str(), scope => note.scope.as_str(), message => note.message.as_str() })
        .collect()
}

/// Gaps that no verdict needed.
fn gaps(report: &Report) -> Vec<Value> {
    view::causes(report)
        .into_iter()
        .filter(|cause| cause.cost == 0)
        .map(|cause| context! { headline => cause.headline(), detail => cause.detail })
        .collect()
}

fn rules(report: &Report, counts: &std::collections::BTreeMap<&str, crate::report::Summary>) -> Vec<Value> {
    report
        .rules
        .iter()
        .map(|rule| {
            let sum = counts.get(rule.id.as_str()).copied().unwrap_or_default();
            let parameters: Vec<Value> = rule
                .parameters
                .iter()
                .map(|(name, value)| context! { name, value => view::value(value) })
                .collect();
            context! {
                id => rule.id.as_str(), title => rule.title.as_str(), severity => rule.severity.name(), subject => rule.subject.name(), why => rule.why.as_str(),
                status => view::worst(&sum), controls => finding::controls(rule), parameters,
                fail => sum.fail, unknown => sum.unknown, excepted => sum.excepted, pass => sum.pass, not_applicable => sum.not_applicable,
            }
        })
        .collect()
}
