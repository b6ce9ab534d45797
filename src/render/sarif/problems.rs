//! Mistakes in policy files as SARIF, so that the repository of the policies shows them at their lines.

use std::collections::BTreeMap;
use std::io::Write;

use sha2::{Digest, Sha256};

use super::{RESULTS, RenderError, escape, model};
use crate::diagnostic::{Diagnostic, Level};

/// A kind of problem, as a rule of SARIF.
struct Kind {
    level: Level,
    id: &'static str,
    name: &'static str,
    title: &'static str,
    text: &'static str,
    shown: &'static str,
    severity: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        level: Level::Error,
        id: "policy-error",
        name: "PolicyError",
        title: "A mistake in a policy file",
        text: "A pack with a mistake in it is refused as a whole: nothing is audited by it until the mistake is mended.",
        shown: "error",
        severity: "7.0",
    },
    Kind {
        level: Level::Warning,
        id: "policy-warning",
        name: "PolicyWarning",
        title: "Something in a policy file that is probably not meant",
        text: "The pack works, but a part of it has no effect or goes by an outdated name.",
        shown: "warning",
        severity: "3.0",
    },
];

pub(in super::super) fn write(
    problems: &[Diagnostic],
    path_of: &dyn Fn(&str) -> String,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let mut seen = BTreeMap::new();
    let results = problems.iter().take(RESULTS).map(|problem| result(problem, path_of, &mut seen)).collect();
    let log = model::Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [model::Run {
            tool: model::Tool {
                driver: model::Driver {
                    name: "trailproof",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: KINDS.iter().map(descriptor).collect(),
                },
            },
            automation_details: model::AutomationDetails { id: "trailproof/policy/".to_owned() },
            invocations: [model::Invocation {
                execution_successful: true,
                start_time_utc: None,
                end_time_utc: None,
                tool_execution_notifications: Vec::new(),
            }],
            results,
            column_kind: "utf16CodeUnits",
            properties: None,
        }],
    };
    out.write_all(&escape::json(&log, false)?)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn descriptor(kind: &Kind) -> model::Rule<'static> {
    let text = |text: &str| model::Text { text: text.to_owned() };
    model::Rule {
        id: kind.id,
        name: kind.name.to_owned(),
        short_description: text(kind.title),
        full_description: text(kind.text),
        help_uri: None,
        help: model::Help { text: kind.text.to_owned(), markdown: kind.text.to_owned() },
        default_configuration: model::Configuration { level: kind.shown },
        properties: model::RuleProperties {
            tags: vec!["policy".to_owned()],
            precision: "very-high",
            security_severity: Some(kind.severity),
            problem_severity: None,
        },
    }
}

fn result<'a>(
    problem: &Diagnostic,
    path_of: &dyn Fn(&str) -> String,
    seen: &mut BTreeMap<String, usize>,
) -> model::Result<'a> {
    let at = KINDS.iter().position(|kind| kind.level == problem.level).unwrap_or_default();
    let (id, shown) = KINDS.get(at).map_or(("policy-error", "error"), |kind| (kind.id, kind.shown));
    let (uri, region) = place(problem, path_of);
    let identity = format!("{uri}\0{}", problem.title);
    let count = seen.entry(identity.clone()).or_default();
    *count += 1;
    let hash = crate::pack::hex(&Sha256::digest(identity));
    model::Result {
        rule_id: id,
        rule_index: Some(at),
        level: shown,
        message: model::Text { text: message(problem) },
        locations: [model::Location {
            physical_location: model::PhysicalLocation {
                artifact_location: model::ArtifactLocation { uri },
                region,
            },
            logical_locations: Vec::new(),
        }],
        partial_fingerprints: model::Fingerprints {
            primary_location_line_hash: format!("{}:{count}", hash.get(..16).unwrap_or(&hash)),
        },
        properties: None,
    }
}

/// A problem without a place is one of the pack as a whole.
fn place(problem: &Diagnostic, path_of: &dyn Fn(&str) -> String) -> (String, model::Region) {
    let Some(label) = problem.labels.first() else {
        let region = model::Region { start_line: 1, start_column: None, end_line: None, end_column: None };
        return ("pack.yaml".to_owned(), region);
    };
    let path = path_of(&label.source.name);
    let uri: Vec<String> = path.split('/').map(escape::uri_segment).collect();
    let span = label.source.clamp(&label.span);
    let position = |offset: usize| {
        let (line, column) = label.source.position(offset);
        let line_start = label.source.offset(line, 1);
        let before = label.source.text.get(line_start..offset).unwrap_or_default();
        (line, if before.is_empty() { column } else { before.encode_utf16().count() + 1 })
    };
    let ((start_line, start_column), (end_line, end_column)) = (position(span.start), position(span.end));
    let is_empty = span.is_empty();
    let region = model::Region {
        start_line,
        start_column: Some(start_column),
        end_line: (!is_empty).then_some(end_line),
        end_column: (!is_empty).then_some(end_column),
    };
    (uri.join("/"), region)
}

fn message(problem: &Diagnostic) -> String {
    let mut text = format!("{}.", problem.title);
    for label in problem.labels.iter().take(1).filter(|label| !label.text.is_empty()) {
        text = format!("{text} Here: {}.", label.text);
    }
    for note in &problem.notes {
        text = format!("{text} {note}.");
    }
    if let Some(help) = &problem.help {
        text = format!("{text} Help: {help}");
    }
    escape::sarif(&text)
}
