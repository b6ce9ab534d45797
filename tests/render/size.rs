//! Large organizations: limits of the places where reports go.

use trailproof::render::{Format, Style, render};
use trailproof::report::{Report, Severity, Status};

use crate::{rendered, sample};

/// A report of so many verdicts of one status, the last one critical before sorting.
fn large(count: usize, status: Status) -> Report {
    let mut report = sample::report();
    report.verdicts = (0..count)
        .map(|at| {
            let severity = if at + 1 == count { Severity::Critical } else { Severity::Medium };
            let rule = if at + 1 == count { "trail-logging" } else { "log-file-validation" };
            let subject = sample::trail(&format!("trail-{at}"), &format!("{:012}", at / 17), "us-east-1");
            sample::verdict(
                rule,
                status,
                severity,
                subject,
                &format!("trail-{at} delivers log files without digest files"),
            )
        })
        .collect();
    report.sort();
    report
}

#[test]
fn sarif_stops_at_the_limit_of_github_with_the_worst_first() {
    let sarif: serde_json::Value =
        serde_json::from_str(&rendered(&large(25_001, Status::Fail), Format::Sarif)).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert_eq!(results[0]["properties"]["severity"], "critical");
    let note = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(note.starts_with("1 result was left out"), "{note}");
}

#[test]
fn markdown_stays_below_its_budget() {
    let mut report = large(100_000, Status::Fail);
    for verdict in &mut report.verdicts {
        verdict.message = format!("{} {}", sample::HOSTILE.repeat(20), verdict.message).into();
    }
    let markdown = rendered(&report, Format::Markdown);
    assert!(markdown.len() <= 900 * 1024, "{} bytes", markdown.len());
    assert!(markdown.contains(" more in the JSON report."));
    assert!(markdown.contains("### Coverage"));
}

#[test]
fn the_page_stays_small_with_many_passes() {
    let html = rendered(&large(100_000, Status::Pass), Format::Html);
    assert!(html.len() < 16 * 1024 * 1024, "{} bytes", html.len());
}

#[test]
fn text_of_many_failures_fits_a_terminal() {
    let mut out = Vec::new();
    render(&large(1_000, Status::Fail), Format::Text, &Style::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("and 989 more; see --verbose or --format json"));
    assert!(text.lines().count() < 100);
    assert!(text.lines().all(|line| line.chars().count() <= 100));
}
