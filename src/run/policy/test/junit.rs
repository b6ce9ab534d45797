//! Results of tests as `JUnit` XML: a suite per rule, a case per example.
//!
//! `GitLab` groups by `classname` and shows the content of `failure`, not its attribute; see
//! <https://docs.gitlab.com/ci/testing/unit_test_reports/>.

use std::io::Write;

use super::{Case, Results};

pub(super) fn write(results: &Results, out: &mut dyn Write) -> std::io::Result<()> {
    let failed = |cases: &[Case]| cases.iter().filter(|case| !case.passed).count();
    let cases = &results.cases;
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="trailproof policy test" tests="{}" failures="{}" errors="0">"#,
        cases.len(),
        failed(cases)
    )?;
    for suite in cases.chunk_by(|a, b| a.rule == b.rule) {
        let rule = suite.first().map_or("", |case| &case.rule);
        let (tests, failures) = (suite.len(), failed(suite));
        writeln!(
            out,
            r#"  <testsuite name="{}" tests="{tests}" failures="{failures}" errors="0" skipped="0">"#,
            xml(rule)
        )?;
        for case in suite {
            write_case(case, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn write_case(case: &Case, out: &mut dyn Write) -> std::io::Result<()> {
    let Case { rule, file, line, name, expected, found, .. } = case;
    let head = format!(
        r#"    <testcase classname="{}" name="{}" file="{}" line="{line}""#,
        xml(rule),
        xml(name),
        xml(file)
    );
    if case.passed {
        return writeln!(out, "{head}/>");
    }
    let short = if expected.verdict == found.verdict {
        format!("{} as expected, with another message", found.verdict)
    } else {
        format!("expected {}, found {}", expected.verdict, found.verdict)
    };
    let message = |said: &super::Said| said.message.clone().unwrap_or_else(|| "any".to_owned());
    let body = format!(
        "{file}:{line}\n{short}\nexpected message: {}\nfound message: {}\n{}",
        message(expected),
        message(found),
        case.tree.as_deref().unwrap_or_default()
    );
    writeln!(out, "{head}>")?;
    writeln!(out, r#"      <failure message="{}" type="example">{}</failure>"#, xml(&short), xml(&body))?;
    writeln!(out, "    </testcase>")
}

/// Text and attribute values; what XML 1.0 cannot hold is replaced.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push('\n'),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}
