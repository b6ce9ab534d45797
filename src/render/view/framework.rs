//! What the controls of a framework come to.

use std::collections::BTreeMap;

use crate::report::{ControlSummary, FrameworkSummary, Report, Status, SubjectKind, Summary};

/// Verdicts counted by rule.
pub(in crate::render) fn counts(report: &Report) -> BTreeMap<&str, Summary> {
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
pub(in crate::render) fn worst(summary: &Summary) -> &'static str {
    match summary {
        Summary { fail: 1.., .. } => "fail",
        Summary { unknown: 1.., .. } => "unknown",
        Summary { excepted: 1.., .. } => "excepted",
        Summary { pass: 1.., .. } => "pass",
        Summary { not_applicable: 1.., .. } => "not_applicable",
        Summary { .. } => NO_SUBJECT,
    }
}

/// The status of a control whose rules found nothing to judge.
const NO_SUBJECT: &str = "no_subject";
/// The status of a control that no rule speaks for.
pub(in crate::render) const UNCOVERED: &str = "uncovered";

/// A control with what its rules come to.
pub(in crate::render) struct Control<'r> {
    pub(in crate::render) of: &'r ControlSummary,
    /// A status, [`NO_SUBJECT`] or [`UNCOVERED`].
    pub(in crate::render) status: &'static str,
    /// The verdicts of all its rules.
    pub(in crate::render) sum: Summary,
}

/// The controls of a framework, in its order.
pub(in crate::render) fn controls<'r>(
    framework: &'r FrameworkSummary,
    report: &Report,
    counts: &BTreeMap<&str, Summary>,
) -> Vec<Control<'r>> {
    let of = |control: &'r ControlSummary| {
        let mut sum = Summary::default();
        for summary in control.rules.iter().filter_map(|rule| counts.get(rule.as_str())) {
            sum.fail += summary.fail;
            sum.unknown += summary.unknown;
            sum.excepted += summary.excepted;
            sum.pass += summary.pass;
            sum.not_applicable += summary.not_applicable;
        }
        let status = match worst(&sum) {
            _ if control.rules.is_empty() => UNCOVERED,
            "fail" => "fail",
            _ if may_hide_subjects(control, report) => "unknown",
            status => status,
        };
        Control { of: control, status, sum }
    };
    framework.controls.iter().map(of).collect()
}

/// Whether places that were not read may hold subjects of the control's rules; accounts themselves are known.
fn may_hide_subjects(control: &ControlSummary, report: &Report) -> bool {
    let is_partial = !report.unread.is_empty() || report.run.interrupted;
    let is_listed = |kind| matches!(kind, SubjectKind::Organization | SubjectKind::Account);
    is_partial && control.rules.iter().filter_map(|id| report.rule(id)).any(|rule| !is_listed(rule.subject))
}

/// How many controls have each status, in a sentence: `5 controls covered (4 pass, 1 fail), 20 uncovered (2.1.2, …)`.
pub(in crate::render) fn sentence(controls: &[Control<'_>], named: usize) -> String {
    let with = |status: &str| controls.iter().filter(|control| control.status == status).count();
    let uncovered: Vec<&str> = controls
        .iter()
        .filter(|control| control.status == UNCOVERED)
        .map(|control| control.of.id.as_str())
        .collect();
    let covered = controls.len() - uncovered.len();
    let parts: Vec<String> = ["fail", "unknown", "excepted", "pass", "not_applicable", NO_SUBJECT]
        .into_iter()
        .filter(|status| with(status) > 0)
        .map(|status| format!("{} {}", with(status), status.replace('_', " ")))
        .collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    let mut listed: Vec<String> = uncovered.iter().take(named).map(|id| (*id).to_owned()).collect();
    if uncovered.len() > named {
        listed.push(format!("and {} more", uncovered.len() - named));
    }
    let listed = if listed.is_empty() { String::new() } else { format!(" ({})", listed.join(", ")) };
    let all = super::counted(covered, "control", "controls");
    format!("{all} covered{parts}, {} uncovered{listed}", uncovered.len())
}
