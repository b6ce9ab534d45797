//! Rules as GitHub shows them beside an alert. It keeps this text once per rule, so nothing here depends on a subject.

use std::fmt::Write as _;

use super::{escape, model};
use crate::report::{RuleSummary, Severity};

/// GitHub's limit for short and full descriptions.
const DESCRIPTION: usize = 1_024;
/// GitHub shows ten tags and refuses more than twenty.
const TAGS: usize = 10;

pub(super) fn descriptor(rule: &RuleSummary) -> model::Rule<'_> {
    let title = if rule.title.is_empty() { &rule.id } else { &rule.title };
    let why = if rule.why.is_empty() { title } else { &rule.why };
    model::Rule {
        id: &rule.id,
        name: pascal_case(&rule.id),
        short_description: model::Text { text: bounded(title) },
        full_description: model::Text { text: bounded(&paragraph(why)) },
        help_uri: rule.references.iter().find(|page| page.starts_with("https://")).map(String::as_str),
        help: model::Help { text: help_text(rule), markdown: help_markdown(rule) },
        default_configuration: model::Configuration { level: super::level(rule.severity) },
        properties: model::RuleProperties {
            tags: tags(rule),
            precision: "very-high",
            security_severity: security_severity(rule.severity),
            problem_severity: security_severity(rule.severity).is_none().then_some("recommendation"),
        },
    }
}

/// GitHub's classes are above 9.0, 7.0 to 8.9, 4.0 to 6.9 and 0.1 to 3.9; it wants a number in a string.
fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("3.0"),
        Severity::Info => None,
    }
}

fn tags(rule: &RuleSummary) -> Vec<String> {
    let controls = rule.controls.iter().flat_map(|(framework, controls)| {
        controls.iter().map(move |control| format!("{framework}/{control}"))
    });
    ["security", "cloudtrail"]
        .into_iter()
        .map(str::to_owned)
        .chain(controls.map(|tag| escape::visible(&tag).into_owned()))
        .take(TAGS)
        .collect()
}

fn help_text(rule: &RuleSummary) -> String {
    let remedy = &rule.remedy;
    let mut text = paragraph(&rule.why);
    for part in [&remedy.text, &remedy.cli] {
        if !part.is_empty() {
            text.push_str("\n\n");
            text.push_str(part.trim());
        }
    }
    if text.trim().is_empty() {
        text.clone_from(&rule.id);
    }
    escape::visible_lines(text.trim()).into_owned()
}

fn help_markdown(rule: &RuleSummary) -> String {
    let remedy = &rule.remedy;
    let mut text = format!("{}\n", escape::markdown(&paragraph(&rule.why)));
    if !remedy.text.is_empty() {
        let _ = write!(text, "\n### Remedy\n\n{}\n", escape::markdown(&paragraph(&remedy.text)));
    }
    for (name, language, snippet) in [
        ("AWS CLI", "sh", &remedy.cli),
        ("Terraform", "hcl", &remedy.terraform),
        ("CloudFormation", "yaml", &remedy.cloudformation),
    ] {
        if !snippet.is_empty() {
            let snippet = escape::visible_lines(snippet.trim()).replace("```", "` ` `");
            let _ = write!(text, "\n{name}:\n\n```{language}\n{snippet}\n```\n");
        }
    }
    if !rule.controls.is_empty() {
        text.push_str("\n### Controls\n\n");
        for (framework, controls) in &rule.controls {
            let _ = writeln!(
                text,
                "- {}: {}",
                escape::markdown(framework),
                escape::markdown(&controls.join(", "))
            );
        }
    }
    let pages: Vec<_> = rule.references.iter().filter(|page| page.starts_with("https://")).collect();
    if !pages.is_empty() {
        text.push_str("\n### References\n\n");
        for page in pages {
            let _ = writeln!(text, "- <{}>", escape::visible(page).replace(['<', '>', ' '], ""));
        }
    }
    text
}

/// YAML folds with line breaks that carry no meaning.
fn paragraph(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn bounded(text: &str) -> String {
    let text = escape::sarif(text);
    let text = text.trim_end_matches('.');
    format!("{}.", super::view::cut(text, DESCRIPTION - 2))
}

/// A name that differs from the id in more than case, as SARIF1001 demands.
fn pascal_case(id: &str) -> String {
    let id = if id.contains('-') { id.to_owned() } else { format!("{id}-rule") };
    id.split('-')
        .filter_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
        })
        .collect()
}
