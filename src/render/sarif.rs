//! SARIF 2.1.0 as GitHub code scanning takes it: one run, every rule, and the results that have to be acted upon.
//!
//! GitHub reads an upload as the complete list and closes every alert that is missing from it. So an unknown verdict that may stand
//! for an open alert is a result, and places of which nothing is known stop the upload unless earlier results fill in for them.
//! It shows `pass`, `suppressed` and `notApplicable` results as alerts; so there are none. Accepted failures are told in notifications.

mod category;
mod location;
mod message;
mod model;
mod problems;
mod rule;

use std::io::Write;

use super::{RenderError, escape, view};
use crate::report::{Baseline, PackSummary, Report, Severity, Status, Verdict};

pub(super) use problems::write as write_problems;

/// GitHub refuses a run with more results.
const RESULTS: usize = 25_000;
/// Notifications name what was not evaluated; they are a note, not a list to work through.
const NOTIFICATIONS: usize = 100;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<(), RenderError> {
    if !report.unread.is_empty() && !tells_what_is_hidden(&report.run.baseline) {
        let unsuited = match &report.run.baseline {
            Baseline::Unsuited(why) => Some(why.clone()),
            _ => None,
        };
        return Err(RenderError::Incomplete { unread: report.unread.clone(), unsuited });
    }
    out.write_all(&escape::json(&log(report), false)?)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn log(report: &Report) -> model::Log<'_> {
    let mut open: Vec<&Verdict> = report.verdicts.iter().filter(|verdict| is_open(report, verdict)).collect();
    let left_out = open.len().saturating_sub(RESULTS);
    open.truncate(RESULTS);
    model::Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [model::Run {
            tool: model::Tool {
                driver: model::Driver {
                    name: "trailproof",
                    semantic_version: &report.run.tool_version,
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: report.rules.iter().map(rule::descriptor).collect(),
                },
            },
            automation_details: model::AutomationDetails { id: category::of(&report.run) },
            invocations: [model::Invocation {
                execution_successful: true,
                start_time_utc: Some(&report.run.started_at),
                end_time_utc: Some(&report.run.finished_at),
                tool_execution_notifications: notifications(report, left_out),
            }],
            results: open.into_iter().map(|verdict| result(report, verdict)).collect(),
            column_kind: "utf16CodeUnits",
            properties: Some(model::RunProperties {
                policy_packs: report.run.packs.iter().map(policy_pack).collect(),
            }),
        }],
    }
}

/// The earlier results say which failures may be open.
fn tells_what_is_hidden(baseline: &Baseline) -> bool {
    matches!(baseline, Baseline::First | Baseline::Results(_))
}

/// True for failures, and for unknown verdicts whose alert may be open. That of an accepted failure is not.
fn is_open(report: &Report, verdict: &Verdict) -> bool {
    match verdict.status {
        Status::Fail => true,
        Status::Unknown if verdict.exception.is_some() => false,
        Status::Unknown => !tells_what_is_hidden(&report.run.baseline) || verdict.was_failing_on.is_some(),
        Status::Excepted | Status::Pass | Status::NotApplicable => false,
    }
}

fn result<'a>(report: &'a Report, verdict: &'a Verdict) -> model::Result<'a> {
    model::Result {
        rule_id: &verdict.rule,
        rule_index: report.rules.binary_search_by(|rule| rule.id.as_str().cmp(&verdict.rule)).ok(),
        level: if verdict.status == Status::Unknown { "note" } else { level(verdict.severity) },
        message: model::Text { text: message::of(verdict) },
        locations: [location::of(&report.run.partition, &verdict.subject)],
        partial_fingerprints: model::Fingerprints {
            primary_location_line_hash: format!(
                "{}:1",
                verdict.fingerprint.get(..16).unwrap_or(&verdict.fingerprint)
            ),
        },
        properties: Some(model::ResultProperties {
            status: verdict.status.name(),
            severity: verdict.severity.name(),
            fingerprint: &verdict.fingerprint,
            was_failing_on: verdict.was_failing_on.as_deref(),
        }),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn notifications(report: &Report, left_out: usize) -> Vec<model::Notification> {
    let told =
        |level, text: &str| model::Notification { level, message: model::Text { text: escape::sarif(text) } };
    let warning = |text: String| told("warning", &text);
    let mut notifications = Vec::new();
    if left_out > 0 {
        notifications.push(warning(format!(
            "{} left out: GitHub takes at most {} results in a run. The JSON and HTML reports have all of them.",
            view::counted(left_out, "result was", "results were"),
            view::number(RESULTS)
        )));
    }
    for place in &report.unread {
        let region = place.regions();
        let what = if place.hides_only_stores() { "Event data stores" } else { "Trails" };
        notifications.push(warning(format!(
            "{what} could not be listed in {} {region}: {}.",
            place.account, place.gap
        )));
    }
    for cause in view::causes(report).into_iter().filter(|cause| cause.cost > 0) {
        let cost = view::counted(cause.cost, "verdict", "verdicts");
        notifications.push(warning(format!("{}: {cost} unknown.", cause.headline())));
    }
    for note in &report.exceptions {
        let text = format!("Exception at {} ({}): {}.", note.place, note.scope, note.message);
        notifications.push(warning(text));
    }
    for verdict in report.verdicts.iter().filter(|verdict| verdict.status == Status::Excepted) {
        let (reason, owner, expires, ticket) = view::terms(verdict);
        let comma = if ticket.is_empty() { "" } else { ", " };
        let text = format!(
            "Accepted until {expires} by {owner}{comma}{ticket}: {} of {}: {reason}.",
            verdict.rule, verdict.subject.name
        );
        notifications.push(told("note", &text));
    }
    let more = notifications.len().saturating_sub(NOTIFICATIONS);
    if more > 0 {
        notifications.truncate(NOTIFICATIONS);
        notifications.push(warning(format!("{} more in the JSON report.", view::number(more))));
    }
    notifications
}

fn policy_pack(pack: &PackSummary) -> model::PolicyPack<'_> {
    model::PolicyPack { id: &pack.id, version: &pack.version, sha256: &pack.digest }
}
