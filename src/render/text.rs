//! Text for people in a terminal: what fails first, then what is not known, then the digest; the outcome comes last, where the eye is.

pub(super) mod drift;
mod paint;

use std::io::{self, Write};

use paint::{Ink, Page};

use super::{RenderError, Style, view};
use crate::report::{AccountCoverage, Evidence, Remedy, Report, Severity, Status, Verdict};

/// Subjects named under one heading before the list is folded.
const NAMED: usize = 10;
/// Accounts named in the coverage digest before it is folded.
const ACCOUNTS: usize = 20;
/// Facts shown under one failure.
const FACTS: usize = 4;

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut page = Page::new(out, style);
    failures(&mut page, report)?;
    if !style.quiet {
        unknowns(&mut page, report)?;
        unread(&mut page, report)?;
        exceptions(&mut page, report)?;
        drift::closed(&mut page, report)?;
        if style.verbose {
            passes(&mut page, report)?;
        }
        coverage(&mut page, report)?;
        frameworks(&mut page, report)?;
    }
    summary(&mut page, report)?;
    Ok(())
}

fn failures(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    for (rule, verdicts) in view::by_rule(report, Status::Fail) {
        let (severity, title) = (verdicts.first().map(|verdict| verdict.severity), report.rule(rule));
        let title = title.map_or("", |rule| rule.title.as_str());
        let severity = severity.unwrap_or(Severity::Info);
        page.heading(ink(severity), &format!("{severity}[{rule}]"), title)?;
        for verdict in page.folded(&verdicts, NAMED) {
            subject(page, "✗", verdict)?;
            page.text(4, Ink::Plain, &verdict.message)?;
            since(page, report, verdict)?;
            evidence(page, &verdict.because)?;
        }
        page.more(2, verdicts.len(), NAMED)?;
        if let Some(remedy) = remedy(report, rule, &verdicts) {
            help(page, remedy)?;
        }
        page.blank()?;
    }
    Ok(())
}

/// The one remedy of a rule: that of its only subject, or the general one.
fn remedy<'a>(report: &'a Report, rule: &str, verdicts: &[&'a Verdict]) -> Option<&'a Remedy> {
    match verdicts {
        [only] => only.remedy.as_deref().or_else(|| report.rule(rule).map(|rule| &rule.remedy)),
        _ => report.rule(rule).map(|rule| &rule.remedy),
    }
}

fn help(page: &mut Page<'_>, remedy: &Remedy) -> io::Result<()> {
    if !remedy.text.is_empty() {
        page.labelled(2, Ink::Help, "help: ", remedy.text.trim())?;
    }
    for line in remedy.cli.trim().lines() {
        page.line(8, Ink::Quiet, line)?;
    }
    Ok(())
}

fn subject(page: &mut Page<'_>, mark: &str, verdict: &Verdict) -> io::Result<()> {
    page.pair(2, mark, &verdict.subject.name, &format!(" · {}", view::whereabouts(verdict)))
}

/// Since when it fails, as far as earlier results tell.
fn since(page: &mut Page<'_>, report: &Report, verdict: &Verdict) -> io::Result<()> {
    let is_new = verdict.since.as_ref().is_some_and(|since| since.is_new);
    match view::since(verdict, report) {
        since if since.is_empty() => Ok(()),
        since => page.text(4, if is_new { Ink::Critical } else { Ink::Quiet }, &since),
    }
}

fn evidence(page: &mut Page<'_>, because: &[Evidence]) -> io::Result<()> {
    for evidence in because.iter().take(FACTS) {
        let value = view::value(&evidence.value);
        let told: Vec<String> = view::sources(evidence)
            .iter()
            .map(|source| match source.place() {
                place if place.is_empty() => source.asked.to_owned(),
                place => format!("{} ({place})", source.asked),
            })
            .collect();
        let arrow = if told.is_empty() { String::new() } else { format!("{} → ", told.join(", ")) };
        page.text(4, Ink::Quiet, &format!("{arrow}{} = {value}", evidence.fact))?;
    }
    if because.len() > FACTS {
        page.text(
            4,
            Ink::Quiet,
            &format!("and {}", view::counted(because.len() - FACTS, "more fact", "more facts")),
        )?;
    }
    Ok(())
}

fn unknowns(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let causes: Vec<_> = view::causes(report).into_iter().filter(|cause| cause.cost > 0).collect();
    let unexplained: Vec<&Verdict> = view::unexplained(report).collect();
    if causes.is_empty() && unexplained.is_empty() {
        return Ok(());
    }
    page.heading(Ink::Unknown, "unknown", "what could not be evaluated, by cause")?;
    for cause in page.folded(&causes, NAMED) {
        page.pair(2, "?", &cause.headline(), "")?;
        if !cause.detail.is_empty() {
            page.text(4, Ink::Quiet, &view::cut(cause.detail, 300))?;
        }
        let rules: Vec<String> = cause.rules().map(|(rule, count)| format!("{rule} ({count})")).collect();
        let open = view::counted(cause.cost, "verdict", "verdicts");
        page.text(4, Ink::Plain, &format!("leaves {open} open: {}", rules.join(", ")))?;
        let failing =
            cause.verdicts.values().flatten().filter(|verdict| verdict.was_failing_on.is_some()).count();
        if failing > 0 {
            page.text(4, Ink::Plain, &format!("{failing} of them failed in the earlier results"))?;
        }
    }
    page.more(2, causes.len(), NAMED)?;
    for verdict in page.folded(&unexplained, NAMED) {
        subject(page, "?", verdict)?;
        page.text(4, Ink::Plain, &format!("{}: {}", verdict.rule, verdict.message))?;
    }
    page.more(2, unexplained.len(), NAMED)?;
    page.blank()
}

fn unread(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    if report.unread.is_empty() {
        return Ok(());
    }
    page.heading(
        Ink::Unknown,
        "not read",
        "trails or event data stores could not be listed here; there may be more than this report shows",
    )?;
    for place in page.folded(&report.unread, NAMED) {
        let region = place.regions();
        page.pair(2, "?", &format!("{} {region}", place.account), &format!(" · {}", place.gap.origin))?;
        page.text(4, Ink::Quiet, format!("{} {}", place.gap.reason.phrase(), place.gap.detail).trim())?;
    }
    page.more(2, report.unread.len(), NAMED)?;
    page.blank()
}

fn exceptions(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let excepted: Vec<_> =
        view::by_rule(report, Status::Excepted).into_iter().flat_map(|(_, list)| list).collect();
    if excepted.is_empty() {
        return exception_notes(page, report);
    }
    page.heading(Ink::Help, "accepted", "failures that somebody answers for")?;
    for verdict in page.folded(&excepted, NAMED) {
        page.pair(
            2,
            "~",
            &verdict.subject.name,
            &format!(" · {} · {}", verdict.rule, view::whereabouts(verdict)),
        )?;
        let (reason, owner, expires, ticket) = view::terms(verdict);
        let comma = if ticket.is_empty() { "" } else { ", " };
        page.text(4, Ink::Plain, &format!("{reason} ({owner}, until {expires}{comma}{ticket})"))?;
    }
    page.more(2, excepted.len(), NAMED)?;
    page.blank()?;
    exception_notes(page, report)
}

fn exception_notes(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    if report.exceptions.is_empty() {
        return Ok(());
    }
    page.heading(Ink::Medium, "exceptions", "those that do not do what they seem to")?;
    for note in page.folded(&report.exceptions, NAMED) {
        page.pair(2, "!", &note.place, &format!(" · {}", note.scope))?;
        page.text(4, Ink::Plain, &note.message)?;
    }
    page.more(2, report.exceptions.len(), NAMED)?;
    page.blank()
}

fn passes(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let groups = view::by_rule(report, Status::Pass);
    if groups.is_empty() {
        return Ok(());
    }
    page.heading(Ink::Good, "pass", "what holds")?;
    for (rule, verdicts) in groups {
        let title = report.rule(rule).map_or("", |rule| rule.title.as_str());
        page.pair(2, "✓", rule, &format!(" · {title}"))?;
        for verdict in verdicts {
            page.text(6, Ink::Quiet, &format!("{} · {}", verdict.subject.name, view::whereabouts(verdict)))?;
        }
    }
    page.blank()
}

fn coverage(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    if report.coverage.is_empty() {
        return Ok(());
    }
    page.heading(Ink::Plain, "coverage", "regions by what is recorded of their management events")?;
    let (covered, others): (Vec<_>, Vec<_>) =
        report.coverage.iter().partition(|account| view::is_covered(account));
    let fold = covered.len() > ACCOUNTS && !page.unfolded();
    let listed: Vec<&AccountCoverage> = if fold { others } else { report.coverage.iter().collect() };
    let widest = listed.iter().map(|account| account.name.chars().count()).max().unwrap_or(0).min(28);
    for account in page.folded(&listed, ACCOUNTS) {
        let mark = if view::is_covered(account) {
            "✓"
        } else if account.evaluated {
            "✗"
        } else {
            "-"
        };
        let name = view::cut(&account.name, 27);
        let line = format!("{:<12}  {name:<widest$}  {}", account.account, view::digest(account));
        page.pair(2, mark, "", &line)?;
    }
    page.more(2, listed.len(), ACCOUNTS)?;
    if fold {
        let all = view::counted(covered.len(), "account", "accounts");
        page.pair(2, "✓", "", &format!("{all} recorded in full in every enabled region in scope"))?;
    }
    page.blank()
}

/// One line for each framework that a pack is made for.
fn frameworks(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let counts = view::counts(report);
    let selected: Vec<_> = report.frameworks.iter().filter(|framework| framework.is_selected).collect();
    for framework in &selected {
        let controls = view::controls(framework, report, &counts);
        let said = view::sentence(&controls, if page.unfolded() { usize::MAX } else { NAMED });
        page.labelled(0, Ink::Plain, &format!("{}: ", framework.id), &said)?;
    }
    if selected.is_empty() { Ok(()) } else { page.blank() }
}

fn summary(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let summary = report.summary();
    let outcome = view::Outcome::of(report);
    let run = &report.run;
    let whose = run
        .organization
        .as_ref()
        .map_or_else(|| format!("account {}", run.caller_account), |id| format!("organization {id}"));
    let accounts = report.coverage.iter().filter(|account| account.evaluated).count();
    page.text(
        0,
        Ink::Quiet,
        &format!(
            "{whose} · {} · {} · as of {}",
            view::counted(accounts, "account", "accounts"),
            view::counted(view::regions(report).len(), "region", "regions"),
            run.as_of
        ),
    )?;
    for pack in view::packs(run) {
        page.text(0, Ink::Quiet, &format!("judged by {pack}"))?;
    }
    if let Some(scope) = view::scope(run) {
        page.text(0, Ink::Quiet, &format!("limited to: {scope}"))?;
    }
    let worst: Vec<String> = view::failures_by_severity(report)
        .iter()
        .map(|(severity, count)| format!("{} {severity}", view::number(*count)))
        .collect();
    let worst = if worst.is_empty() { String::new() } else { format!(" ({})", worst.join(", ")) };
    let counts = format!(
        "{} failed{worst} · {} unknown · {} accepted · {} passed · {} not applicable",
        view::number(summary.fail),
        view::number(summary.unknown),
        view::number(summary.excepted),
        view::number(summary.pass),
        view::number(summary.not_applicable),
    );
    page.text(0, Ink::Plain, &counts)?;
    if let Some(drift) = view::since_last(report) {
        page.text(0, Ink::Plain, &drift)?;
    }
    let tint = match outcome {
        view::Outcome::Fail => Ink::Critical,
        view::Outcome::Incomplete | view::Outcome::Empty => Ink::Unknown,
        view::Outcome::Pass => Ink::Good,
    };
    page.labelled(0, tint, &format!("{}: ", outcome.word()), &outcome.sentence(report))
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical | Severity::High => Ink::Critical,
        Severity::Medium => Ink::Medium,
        Severity::Low | Severity::Info => Ink::Help,
    }
}
