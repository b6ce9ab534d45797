//! Failures by rule, and the rows of the other verdicts.

use minijinja::{Value, context};

use super::super::view;
use crate::report::{Change, ChangeKind, Evidence, Remedy, Report, RuleSummary, Status, Verdict};

/// Failures shown with their evidence; the others are rows without it.
pub(super) const DETAILED: usize = 2_000;
/// A rule with this many failures shows them unfolded.
const OPEN: usize = 3;

/// Rules that fail, each with its findings.
pub(super) fn by_rule(report: &Report) -> Vec<Value> {
    let mut room = DETAILED;
    view::by_rule(report, Status::Fail)
        .into_iter()
        .map(|(id, verdicts)| {
            let shown = verdicts.len().min(room);
            room -= shown;
            let findings: Vec<Value> =
                verdicts.iter().take(shown).map(|verdict| finding(verdict, report)).collect();
            let (rule, severity) =
                (report.rule(id), verdicts.first().map_or("", |verdict| verdict.severity.name()));
            context! {
                id, severity, findings,
                title => rule.map_or(id, |rule| rule.title.as_str()),
                why => rule.map_or("", |rule| rule.why.as_str()),
                remedy => remedy(&rule.map(|rule| rule.remedy.clone()).unwrap_or_default()),
                controls => rule.map(controls).unwrap_or_default(),
                references => rule.map(references).unwrap_or_default(),
                count => verdicts.len(),
                more => verdicts.len() - shown,
                open => verdicts.len() <= OPEN,
            }
        })
        .collect()
}

fn finding(verdict: &Verdict, report: &Report) -> Value {
    context! {
        drift => drift(verdict),
        since => view::since(verdict, report),
        evidence => evidence(&verdict.because),
        remedy => verdict.remedy.as_deref().map_or_else(|| Value::from(()), remedy),
        ..row(verdict)
    }
}

/// What became of a failure of the earlier results.
pub(super) fn closed(change: &Change) -> Value {
    let subject = &change.subject;
    context! {
        what => view::said(change),
        kind => view::named(change.kind).0,
        badge => if change.kind == ChangeKind::Fixed { "pass" } else { "unknown" },
        severity => change.severity.name(),
        rule => change.rule.as_str(),
        name => subject.name.as_str(),
        account => subject.account.as_str(),
        region => subject.region.as_str(),
    }
}

/// How a failure compares with the earlier results; empty where it is not known.
pub(super) fn drift(verdict: &Verdict) -> &'static str {
    match &verdict.since {
        Some(since) if verdict.status == Status::Fail => {
            if since.is_new {
                "new"
            } else {
                "existing"
            }
        }
        _ => "",
    }
}

/// What every kind of row shows.
pub(super) fn row(verdict: &Verdict) -> Value {
    let subject = &verdict.subject;
    context! {
        anchor => anchor(verdict),
        status => verdict.status.name(),
        severity => verdict.severity.name(),
        rule => &*verdict.rule,
        kind => subject.kind.name(),
        id => subject.id.as_str(),
        name => subject.name.as_str(),
        account => subject.account.as_str(),
        region => subject.region.as_str(),
        message => &*verdict.message,
    }
}

/// Unknown verdicts with what would settle them.
pub(super) fn unknown(verdict: &Verdict) -> Value {
    const GAPS: usize = 3;
    let mut gaps: Vec<String> = verdict.gaps.iter().take(GAPS).map(ToString::to_string).collect();
    if verdict.gaps.len() > GAPS {
        gaps.push(format!("and {} more", verdict.gaps.len() - GAPS));
    }
    context! { gaps, was_failing_on => verdict.was_failing_on.as_deref().unwrap_or(""), ..row(verdict) }
}

/// Accepted failures with who answers for them.
pub(super) fn excepted(verdict: &Verdict) -> Value {
    let (reason, owner, expires, ticket) = view::terms(verdict);
    context! { reason, owner, expires, ticket, ..row(verdict) }
}

fn evidence(because: &[Evidence]) -> Vec<Value> {
    because
        .iter()
        .map(|evidence| {
            let sources: Vec<Value> = view::sources(evidence)
                .iter()
                .map(|source| context! { asked => source.asked, place => source.place() })
                .collect();
            context! { fact => &*evidence.fact, value => view::value(&evidence.value), sources }
        })
        .collect()
}

/// The ways to mend something, without those that do not exist.
pub(super) fn remedy(remedy: &Remedy) -> Value {
    let snippets: Vec<Value> = [
        ("AWS CLI", &remedy.cli),
        ("Terraform", &remedy.terraform),
        ("CloudFormation", &remedy.cloudformation),
    ]
    .into_iter()
    .filter(|(_, snippet)| !snippet.trim().is_empty())
    .map(|(name, snippet)| context! { name, snippet })
    .collect();
    context! { text => &*remedy.text, snippets }
}

pub(super) fn controls(rule: &RuleSummary) -> Vec<Value> {
    rule.controls.iter().map(|(framework, list)| context! { framework, list => list.join(", ") }).collect()
}

/// Only pages that a browser may be sent to.
fn references(rule: &RuleSummary) -> Vec<Value> {
    rule.references
        .iter()
        .filter(|page| page.starts_with("https://"))
        .map(|page| Value::from(page.as_str()))
        .collect()
}

/// Stable over time and wording; a letter first, so that it can stand in a style sheet.
fn anchor(verdict: &Verdict) -> String {
    format!("v-{}", verdict.fingerprint.get(..16).unwrap_or(&verdict.fingerprint))
}
