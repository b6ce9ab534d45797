//! One sample report through every format.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may fail like tests")]

mod code_scanning;
mod drift;
mod hostile;
mod sample;
mod size;

use trailproof::render::json::v1::{ReadError, Results};
use trailproof::render::{Format, RenderError, Style, render};
use trailproof::report::{Baseline, Report, Status};

const FORMATS: [Format; 5] = [Format::Text, Format::Json, Format::Sarif, Format::Html, Format::Markdown];

/// A format as text.
fn rendered(report: &Report, format: Format) -> String {
    styled(report, format, &Style::default())
}

fn styled(report: &Report, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    render(report, format, style, &mut out).expect("renders");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn text_says_what_fails_first_and_the_outcome_last() {
    insta::assert_snapshot!("text", rendered(&sample::report(), Format::Text));
}

#[test]
fn quiet_text_leaves_failures_and_summary() {
    let style = Style { quiet: true, ..Style::default() };
    insta::assert_snapshot!("text_quiet", styled(&sample::report(), Format::Text, &style));
}

#[test]
fn verbose_text_lists_what_passes_within_the_width() {
    let style = Style { verbose: true, width: 72, ..Style::default() };
    insta::assert_snapshot!("text_verbose", styled(&sample::report(), Format::Text, &style));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = rendered(&sample::report(), Format::Text);
    let mut coloured = styled(&sample::report(), Format::Text, &Style { color: true, ..Style::default() });
    assert_ne!(plain, coloured);
    while let Some(start) = coloured.find("\u{1b}[") {
        let end = start + coloured[start..].find('m').expect("a complete sequence");
        coloured.replace_range(start..=end, "");
    }
    assert_eq!(plain, coloured);
}

#[test]
fn json_is_the_frozen_shape() {
    insta::assert_snapshot!("json", rendered(&sample::report(), Format::Json));
}

#[test]
fn sarif_has_what_code_scanning_reads() {
    let sarif: serde_json::Value = serde_json::from_str(&rendered(&sample::report(), Format::Sarif)).unwrap();
    insta::assert_snapshot!("sarif", serde_json::to_string_pretty(&sarif).unwrap());
}

#[test]
fn html_is_one_page() {
    let page = rendered(&sample::report(), Format::Html);
    let start = page.find("<body>").expect("a body");
    let end = page.find("<script>").expect("the script");
    insta::assert_snapshot!("html", &page[start..end]);
}

#[test]
fn markdown_fits_a_job_summary() {
    insta::assert_snapshot!("markdown", rendered(&sample::report(), Format::Markdown));
}

#[test]
fn a_report_without_anything_renders() {
    let empty = Report {
        rules: Vec::new(),
        verdicts: Vec::new(),
        gaps: Vec::new(),
        unread: Vec::new(),
        coverage: Vec::new(),
        frameworks: Vec::new(),
        drift: None,
        exceptions: Vec::new(),
        ..sample::report()
    };
    for format in FORMATS {
        assert!(!rendered(&empty, format).is_empty());
    }
    assert!(rendered(&empty, Format::Text).ends_with("Nothing evaluated: no rule found a subject\n"));
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    for format in FORMATS {
        assert_eq!(rendered(&sample::report(), format), rendered(&sample::report(), format));
    }
}

#[test]
fn json_is_read_back_as_it_was_written() {
    let report = sample::report();
    let json = rendered(&report, Format::Json);
    let results = Results::read(json.as_bytes()).unwrap();
    assert_eq!(results.verdicts.len(), report.verdicts.len());
    for (read, written) in results.verdicts.iter().zip(&report.verdicts) {
        assert_eq!(read.subject.name, written.subject.name);
        assert_eq!(*read.message, *written.message);
        assert_eq!(read.fingerprint, written.fingerprint);
    }
    let again = serde_json::to_value(&results).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(&json).unwrap());
}

#[test]
fn results_of_earlier_builds_have_no_frameworks() {
    let mut json: serde_json::Value =
        serde_json::from_str(&rendered(&sample::report(), Format::Json)).unwrap();
    assert!(json.as_object_mut().unwrap().remove("frameworks").is_some());
    let results = Results::read(json.to_string().as_bytes()).unwrap();
    assert!(results.frameworks.is_empty());
}

#[test]
fn a_control_does_not_hold_while_a_place_that_may_have_its_subjects_was_not_read() {
    let status = |report: &Report, control: &str| {
        let results = Results::read(rendered(report, Format::Json).as_bytes()).unwrap();
        let controls = results.frameworks.iter().flat_map(|framework| &framework.controls);
        controls.filter(|it| it.id == control).map(|it| it.status.clone()).next().unwrap()
    };
    let mut report = sample::report();
    report.verdicts.retain(|verdict| verdict.status == Status::Pass);
    assert_eq!(status(&report, "4.1"), "unknown");
    assert_eq!(status(&report, "4.6"), "unknown");
    report.rules.retain(|rule| rule.id != "trail-logging");
    assert_eq!(status(&report, "4.1"), "pass", "accounts are known also where they could not be read");
    report.unread.clear();
    assert_eq!(status(&report, "4.2"), "pass");
    assert_eq!(status(&report, "4.6"), "no_subject");
    assert_eq!(status(&report, "5.1"), "uncovered");
    report.run.interrupted = true;
    assert_eq!(status(&report, "4.2"), "unknown");
}

#[test]
fn results_of_another_version_are_refused() {
    assert!(
        matches!(Results::read(&br#"{"version":"2"}"#[..]), Err(ReadError::Version(version)) if version == "2")
    );
    assert!(matches!(Results::read(&b"<html>"[..]), Err(ReadError::Shape(_))));
}

#[test]
fn sarif_that_would_close_alerts_is_refused() {
    let mut report = sample::report();
    report.run.baseline = Baseline::NotGiven;
    let mut out = Vec::new();
    let error = render(&report, Format::Sarif, &Style::default(), &mut out).expect_err("is refused");
    assert!(matches!(&error, RenderError::Incomplete { unread, .. } if unread.len() == 2));
    insta::assert_snapshot!(
        error,
        @"account 999900001111, 777788889999 me-south-1 could not be read, and GitHub would close the alerts there"
    );
    assert!(error.hint().is_some_and(|hint| hint.contains("--baseline")));
    assert!(out.is_empty());
    report.unread.clear();
    assert!(rendered(&report, Format::Sarif).contains("Could not be evaluated"));
}
