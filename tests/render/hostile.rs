//! Whoever names things in the audited accounts cannot act through a report.

use proptest::prelude::*;
use trailproof::render::Format;
use trailproof::report::{Absence, Report, Severity, Since, Status};

use crate::sample::{self, HOSTILE};
use crate::{FORMATS, rendered};

/// What a terminal, browser or editor acts upon. Line feeds are layout.
pub(crate) fn is_active(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn assert_harmless(report: &Report) {
    for format in FORMATS {
        let output = rendered(report, format);
        let active: Vec<String> =
            output.chars().filter(|c| is_active(*c)).map(|c| c.escape_unicode().to_string()).collect();
        assert!(active.is_empty(), "{format:?}: {active:?}");
    }
    let page = rendered(report, Format::Html);
    assert_eq!(page.matches("<script").count(), 2, "the data block and the script");
    assert_eq!(page.matches("</script").count(), 2);
    assert_eq!(page.matches("<style").count(), 1);
    assert!(!page.contains("javascript:") && !page.contains(" style="));
    assert_markdown_is_harmless(&rendered(report, Format::Markdown));
}

pub(crate) fn assert_markdown_is_harmless(markdown: &str) {
    for line in markdown.lines() {
        let outside_code = without_code(line).replace("\\\\", "").replace("\\]", "");
        for tag in ["<script", "<img", "<a ", "](http"] {
            assert!(!outside_code.contains(tag), "{line}");
        }
    }
}

/// A line without its code spans: a run of backticks up to the next run of the same length.
fn without_code(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let escaped = before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        let fence = if escaped { 1 } else { from.len() - from.trim_start_matches('`').len() };
        rest = &from[fence..];
        if !escaped && let Some(end) = closing(rest, fence) {
            rest = &rest[end..];
        }
    }
    kept + rest
}

/// Where the run of exactly `fence` backticks ends.
fn closing(text: &str, fence: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = text[at..].find('`') {
        let run = text[at + start..].bytes().take_while(|byte| *byte == b'`').count();
        at += start + run;
        if run == fence {
            return Some(at);
        }
    }
    None
}

#[test]
fn hostile_names_are_harmless_in_every_format() {
    assert_harmless(&sample::report());
}

#[test]
fn hostile_names_stay_visible_in_every_format() {
    let report = sample::report();
    for format in FORMATS {
        let output = rendered(&report, format);
        assert!(output.contains("gpj.exe") && output.contains("octocat"), "{format:?}");
        assert!(output.to_lowercase().contains("202e"), "{format:?} spells the override out");
    }
}

#[test]
fn table_rows_of_markdown_keep_their_columns() {
    let markdown = rendered(&sample::report(), Format::Markdown);
    let mut columns = None;
    for line in markdown.lines() {
        if !line.starts_with('|') {
            columns = None;
            continue;
        }
        let bare = line.replace("\\|", "");
        let here = bare.matches('|').count();
        assert_eq!(*columns.get_or_insert(here), here, "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_anywhere_is_harmless(name in hostile_string(), detail in hostile_string()) {
        let mut report = sample::report();
        report.rules.truncate(1);
        report.verdicts.truncate(3);
        report.coverage.truncate(2);
        let mut verdict = sample::verdict("trail-logging", Status::Fail, Severity::High, sample::trail(&name, "1", "r"), &detail);
        verdict.was_failing_on = Some(name.clone());
        verdict.since = Some(Box::new(Since { is_new: false, date: detail.clone() }));
        report.verdicts.push(verdict);
        report.verdicts.push(sample::verdict(&name, Status::Pass, Severity::Low, sample::account(&name, &detail), &name));
        report.rules[0].why.clone_from(&detail);
        report.rules[0].remedy.cli = name.as_str().into();
        report.rules[0].title.clone_from(&name);
        report.coverage[0].name.clone_from(&name);
        report.coverage[0].path = vec![detail.clone()];
        if let Some(drift) = &mut report.drift {
            drift.old.clone_from(&name);
            drift.changes[0].rule.clone_from(&detail);
            drift.changes[0].subject.name.clone_from(&name);
            drift.changes[1].absence = Some(Absence::Unread(name.clone()));
        }
        report.gaps[0].gap.detail.clone_from(&detail);
        report.run.caller_arn.clone_from(&name);
        assert_harmless(&report);
        let sarif: serde_json::Value = serde_json::from_str(&rendered(&report, Format::Sarif)).unwrap();
        prop_assert!(sarif["runs"][0]["results"].is_array());
    }
}

/// Fragments that mean something somewhere, and any characters between them.
fn hostile_string() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        Just(HOSTILE.to_owned()),
        Just("</script><script>".to_owned()),
        Just("<!--".to_owned()),
        Just("\"' onload=x ".to_owned()),
        Just("{{ 7 * 7 }}{% raw %}".to_owned()),
        Just("```\n".to_owned()),
        Just("| a |\n|---|".to_owned()),
        Just("\u{1b}]8;;http://evil.test\u{7}".to_owned()),
        any::<String>(),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(fragment, 0..4).prop_map(|parts| parts.concat())
}
