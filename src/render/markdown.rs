//! Markdown for a GitHub job summary: the outcome first, then as many rows as fit.
//!
//! GitHub drops a summary of more than 1 MiB altogether, so the page is cut at a budget, by rows and never inside one.

pub(super) mod drift;

use std::fmt::Write as _;
use std::io::Write;

use super::escape::{markdown as text, markdown_code as code};
use super::{RenderError, view};
use crate::report::{Report, Status, Verdict};

/// Bytes of a whole page.
const BUDGET: usize = 900 * 1024;
/// Bytes kept free for what follows the failures.
const RESERVE: usize = 300 * 1024;
const ROWS: usize = 500;
const CAUSES: usize = 100;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut page = String::new();
    head(&mut page, report);
    failures(&mut page, report);
    unknowns(&mut page, report);
    unread(&mut page, report);
    exceptions(&mut page, report);
    drift::closed(&mut page, report);
    coverage(&mut page, report);
    frameworks(&mut page, report);
    foot(&mut page, report);
    out.write_all(page.as_bytes())?;
    Ok(())
}

/// A table whose rows stop at a number and a size.
fn table<I: ExactSizeIterator<Item = String>>(
    page: &mut String,
    head: &str,
    rows: I,
    most: usize,
    until: usize,
) {
    let columns = head.matches('|').count() - 1;
    let _ = writeln!(page, "{head}\n|{}", " --- |".repeat(columns));
    let all = rows.len();
    let mut shown = 0;
    for row in rows.take(most) {
        if page.len() + row.len() > until {
            break;
        }
        page.push_str(&row);
        page.push('\n');
        shown += 1;
    }
    if shown < all {
        let _ = writeln!(page, "\n{} more in the JSON report.", view::number(all - shown));
    }
    page.push('\n');
}

fn head(page: &mut String, report: &Report) {
    let outcome = view::Outcome::of(report);
    let icon = match outcome {
        view::Outcome::Fail => "❌",
        view::Outcome::Incomplete | view::Outcome::Empty => "⚠️",
        view::Outcome::Pass => "✅",
    };
    let _ = writeln!(page, "## {icon} CloudTrail audit: {}\n", outcome.word());
    let _ = writeln!(page, "{}.\n", text(&view::capital(&outcome.sentence(report))));
    let summary = report.summary();
    page.push_str(
        "| Failed | Unknown | Accepted | Passed | Not applicable |\n| ---: | ---: | ---: | ---: | ---: |\n",
    );
    let _ = writeln!(
        page,
        "| **{}** | {} | {} | {} | {} |\n",
        view::number(summary.fail),
        view::number(summary.unknown),
        view::number(summary.excepted),
        view::number(summary.pass),
        view::number(summary.not_applicable)
    );
    if let Some(drift) = view::since_last(report) {
        let _ = writeln!(page, "{}.\n", text(&drift));
    }
}

fn failures(page: &mut String, report: &Report) {
    let failures: Vec<&Verdict> =
        report.verdicts.iter().filter(|verdict| verdict.status == Status::Fail).collect();
    if failures.is_empty() {
        return;
    }
    page.push_str("### Failures\n\n");
    let rows = failures.iter().map(|verdict| {
        let subject = &verdict.subject;
        format!(
            "| {}{} | {} | {} | {} | {} |",
            verdict.severity,
            if verdict.since.as_ref().is_some_and(|since| since.is_new) { ", **new**" } else { "" },
            code(&verdict.rule),
            code(&view::cut(&subject.name, 200)),
            code(format!("{} {}", subject.account, subject.region).trim()),
            text(&view::cut(&verdict.message, 500)),
        )
    });
    table(page, "| Severity | Rule | Subject | Where | Observed |", rows, ROWS, BUDGET - RESERVE);
}

fn unknowns(page: &mut String, report: &Report) {
    let causes: Vec<_> = view::causes(report).into_iter().filter(|cause| cause.cost > 0).collect();
    if !causes.is_empty() {
        page.push_str("### Not known, and why\n\n");
        let rows = causes.iter().map(|cause| {
            let rules: Vec<String> =
                cause.rules().map(|(rule, count)| format!("{} ({count})", code(rule))).collect();
            let detail = text(&view::cut(cause.detail, 200));
            let gap = if detail.is_empty() { "" } else { "<br>" };
            format!(
                "| {}{gap}{detail} | {} | {} |",
                text(&view::cut(&cause.headline(), 400)),
                cause.cost,
                rules.join(", ")
            )
        });
        table(page, "| Cause | Verdicts | Rules |", rows, CAUSES, BUDGET - RESERVE / 2);
    }
    let unexplained = view::unexplained(report).count();
    if unexplained > 0 {
        let _ = writeln!(
            page,
            "{} unknown for a reason told in the message only.\n",
            view::counted(unexplained, "verdict is", "verdicts are")
        );
    }
}

fn unread(page: &mut String, report: &Report) {
    if report.unread.is_empty() {
        return;
    }
    page.push_str(
        "### Not read\n\nTrails or event data stores could not be listed here, so there may be more than this report shows.\n\n",
    );
    let rows = report.unread.iter().map(|place| {
        let region = place.regions();
        format!(
            "| {} | {} | {} |",
            code(&place.account),
            code(region),
            text(&view::cut(&place.gap.to_string(), 400))
        )
    });
    table(page, "| Account | Region | Why |", rows, CAUSES, BUDGET - RESERVE / 2);
}

fn exceptions(page: &mut String, report: &Report) {
    let excepted: Vec<_> =
        report.verdicts.iter().filter(|verdict| verdict.status == Status::Excepted).collect();
    if excepted.is_empty() {
        return exception_notes(page, report);
    }
    page.push_str("### Accepted exceptions\n\n");
    let rows = excepted.iter().map(|verdict| {
        let (reason, owner, expires, ticket) = view::terms(verdict);
        format!(
            "| {} | {} | {} | {} | {} | {} |",
            code(&verdict.rule),
            code(&view::cut(&verdict.subject.name, 200)),
            text(&view::cut(reason, 400)),
            code(owner),
            code(expires),
            code(ticket)
        )
    });
    let head = "| Rule | Subject | Reason | Owner | Until | Ticket |";
    table(page, head, rows, CAUSES, BUDGET - RESERVE / 3);
    exception_notes(page, report);
}

fn exception_notes(page: &mut String, report: &Report) {
    if report.exceptions.is_empty() {
        return;
    }
    page.push_str("### Exceptions that do not do what they seem to\n\n");
    let rows = report.exceptions.iter().map(|note| {
        let scope = view::cut(&note.scope, 400);
        format!("| {} | {} | {} |", code(&note.place), code(&scope), text(&view::cut(&note.message, 400)))
    });
    table(page, "| Where | Exception | What is the matter |", rows, CAUSES, BUDGET - RESERVE / 3);
}

fn coverage(page: &mut String, report: &Report) {
    let (covered, others): (Vec<_>, Vec<_>) =
        report.coverage.iter().partition(|account| view::is_covered(account));
    if report.coverage.is_empty() {
        return;
    }
    page.push_str("### Coverage\n\n");
    let _ = writeln!(
        page,
        "{} recorded in full in every enabled region in scope.\n",
        view::counted(covered.len(), "account is", "accounts are")
    );
    if others.is_empty() {
        return;
    }
    let rows = others.iter().map(|account| {
        let said = view::cut(&view::digest(account), 300);
        format!("| {} | {} | {} |", code(&account.account), code(&view::cut(&account.name, 100)), text(&said))
    });
    table(page, "| Account | Name | Regions |", rows, CAUSES, BUDGET - RESERVE / 4);
}

/// The frameworks that a pack is made for.
fn frameworks(page: &mut String, report: &Report) {
    let counts = view::counts(report);
    let selected: Vec<_> = report.frameworks.iter().filter(|framework| framework.is_selected).collect();
    if selected.is_empty() {
        return;
    }
    page.push_str("### Frameworks\n\n");
    let rows = selected.iter().map(|framework| {
        let controls = view::controls(framework, report, &counts);
        let name = format!("{} {}", framework.title, framework.version);
        format!(
            "| {} | {} | {} |",
            code(&framework.id),
            text(&view::cut(&name, 200)),
            text(&view::cut(&view::sentence(&controls, CAUSES), 2_000))
        )
    });
    table(page, "| Framework | Title | Controls |", rows, CAUSES, BUDGET - RESERVE / 5);
}

fn foot(page: &mut String, report: &Report) {
    let run = &report.run;
    let packs = view::cut(&view::packs(run).join(", "), 1_000);
    let whose = run
        .organization
        .as_ref()
        .map_or_else(|| format!("account {}", run.caller_account), |id| format!("organization {id}"));
    let mut line =
        format!("{whose}, as of {}, judged by {packs}, trailproof {}", run.as_of, run.tool_version);
    if let Some(scope) = view::scope(run) {
        let _ = write!(line, "; limited to {}", view::cut(&scope, 500));
    }
    let _ = writeln!(page, "<sub>{}</sub>", text(&line));
}
