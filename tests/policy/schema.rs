//! The schemas for editors: every built-in file is valid by them, and mistakes are not.

use std::process::Command;

use crate::support::{fixture, run};
use crate::{RULE, run_in};

/// Mistakes that the schema for rules knows: what is replaced, and by what.
const MISTAKES: [(&str, &str); 14] = [
    ("severity: low", "severty: low"),
    ("severity: low", "severity: hihg"),
    ("subject: trail", "subject: trails"),
    ("why: Silence hides things.\n", ""),
    ("id: trail-age", "id: Trail_Age"),
    ("expect: fail", "expect: fails"),
    ("expect: fail", "expect: unknown"),
    ("hours_since_delivery: 30", "hours_since_delivry: 30"),
    ("hours_since_delivery: 30", "hours_since_delivery: thirty"),
    ("title: Trail age", "title: 4.2"),
    ("type: int", "type: number"),
    ("default: 24", "default: a day"),
    ("severity: low", "severity: low\nreferences: ['http://example.com']"),
    ("severity: low", "severity: low\ncontrols: { cis-aws-7.0: ['4.22'] }"),
];

/// Validates each document with the validator of the Python package `jsonschema`; the mistakes by name.
fn validated(schema: &str, documents: &[(String, String)]) -> Option<Vec<String>> {
    const SCRIPT: &str = "
import json, sys
try:
    import jsonschema, yaml
except ImportError:
    sys.exit(42)
schema, documents = json.load(sys.stdin)
schema = json.loads(schema)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
print(json.dumps([name for name, text in documents if not validator.is_valid(yaml.safe_load(text))]))
";
    let mut python = Command::new("python3")
        .args(["-W", "ignore", "-c", SCRIPT])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    serde_json::to_writer(python.stdin.take().unwrap(), &(schema, documents)).unwrap();
    let output = python.wait_with_output().unwrap();
    if output.status.code() == Some(42) {
        eprintln!("not tried: the Python packages jsonschema and pyyaml are not installed");
        return None;
    }
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn files(pattern: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(fixture("policies")).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(fixture("policies")).unwrap().display().to_string();
            let kind = match () {
                () if name.starts_with("frameworks/") => "framework",
                () if name.ends_with("/pack.yaml") => "pack",
                () => "rule",
            };
            if kind == pattern {
                found.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn every_built_in_file_is_valid_by_its_schema_and_mistakes_are_not() {
    for kind in ["rule", "pack", "framework"] {
        let schema = run(&["policy", "schema", kind]);
        assert_eq!(schema.code, 0, "{}", schema.stderr);
        let mut documents = files(kind);
        assert!(documents.len() >= 9, "{kind}: {}", documents.len());
        let mut expected: Vec<String> = Vec::new();
        if kind == "rule" {
            documents.push(("the rule without a mistake".to_owned(), RULE.to_owned()));
            for (from, to) in MISTAKES {
                assert!(RULE.contains(from), "{from}");
                documents.push((format!("{from} => {to}"), RULE.replacen(from, to, 1)));
            }
            expected = MISTAKES.map(|(from, to)| format!("{from} => {to}")).to_vec();
        }
        if kind == "pack" {
            let pack = "id: a\ntitle: b\nversion: '1'\n";
            for more in [
                "selct: {}",
                "select: { tags: [a] }",
                "extends: /elsewhere",
                "version: 2",
                "extends: baseline\nselect: { severity: medium }",
            ] {
                let text = if more.starts_with("version") {
                    pack.replace("version: '1'", more)
                } else {
                    format!("{pack}{more}\n")
                };
                documents.push((more.to_owned(), text));
                expected.push(more.to_owned());
            }
        }
        if let Some(invalid) = validated(&schema.stdout, &documents) {
            assert_eq!(invalid, expected, "{kind}");
        }
    }
}

#[test]
fn schemas_are_written_with_the_line_that_editors_look_for() {
    let folder = tempfile::tempdir().unwrap();
    let written = run_in(folder.path(), &["policy", "schema", "--dir", "schema"]);
    assert!(
        written.stdout.contains("# yaml-language-server: $schema=schema/rule.schema.json"),
        "{}",
        written.stdout
    );
    let text = std::fs::read_to_string(folder.path().join("schema/pack.schema.json")).unwrap();
    assert_eq!(text, run(&["policy", "schema", "pack"]).stdout);
}
