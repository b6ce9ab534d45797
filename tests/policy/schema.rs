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

/// Validates each document with the Python package `jsonschema`; the mistakes by name, `None` where the package is not there.
fn validated(schema: &str, documents: &[(String, String)]) -> Option<Vec<String>> {
    const SCRIPT: &str = "
import json, sys
schema, documents = json.load(sys.stdin)
try:
    import jsonschema, yaml
except ImportError:
    sys.exit(42)
schema = json.loads(schema)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
print(json.dumps([name for name, text in documents if not validator.is_valid(yaml.safe_load(text))]))
";
    // scripts/test names the Python that it has set up.
    let set_up = std::env::var_os("PYTHON");
    let mut python = Command::new(set_up.as_deref().unwrap_or("python3".as_ref()))
        .args(["-W", "ignore", "-c", SCRIPT])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    serde_json::to_writer(python.stdin.take().unwrap(), &(schema, documents)).unwrap();
    let output = python.wait_with_output().unwrap();
    if output.status.code() == Some(42) && set_up.is_none() {
        eprintln!(
            "not tried: the Python packages jsonschema and pyyaml are not installed; scripts/test installs them"
        );
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

const CONFIG: &str = "\
policy: [baseline, ./ours]
parameters: { retention_days: 400, required_tags: [owner] }
exception_limit: 5
exceptions_from: [more.yaml]
exceptions:
  - { rule: log-bucket-*, subject: { arn: 'arn:aws:s3:::a-*', ou: [Workloads/**, Sandbox] }, reason: r, owner: o, expires: 2027-01-31 }
  - { rule: trail-logging, subject: { account: \"111122223333\", tag: stage=dev }, reason: r, owner: o, expires: '2027-01-31', ticket: SEC-1 }
";

/// Mistakes that the schema for configuration knows, which reading it knows as well.
const CONFIG_MISTAKES: [(&str, &str); 14] = [
    ("policy:", "polcy:"),
    ("[baseline, ./ours]", "[]"),
    ("exception_limit: 5", "exception_limit: 0"),
    ("exceptions_from: [more.yaml]", "exceptions_from: more.yaml"),
    ("rule: log-bucket-*, ", ""),
    ("rule: log-bucket-*", "rule: Log_Bucket"),
    ("'arn:aws:s3:::a-*'", "my-bucket"),
    ("[Workloads/**, Sandbox]", "[]"),
    ("Workloads/**", "Workloads//Prod"),
    ("account: \"111122223333\"", "account: '1111'"),
    ("tag: stage=dev", "tag: stage"),
    ("owner: o, expires: 2027-01-31", "expires: 2027-01-31"),
    ("'2027-01-31'", "next year"),
    ("ticket: SEC-1", "tickt: SEC-1"),
];

#[test]
fn the_schemas_of_configuration_and_exceptions_know_the_mistakes_that_reading_them_knows() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("more.yaml"), "exceptions: []\n").unwrap();
    let mut documents = vec![("without a mistake".to_owned(), CONFIG.to_owned())];
    for (from, to) in CONFIG_MISTAKES {
        assert!(CONFIG.contains(from), "{from}");
        documents.push((format!("{from} => {to}"), CONFIG.replacen(from, to, 1)));
    }
    for (name, text) in &documents {
        let read = trailproof::config::Config::read(
            &std::sync::Arc::new(trailproof::source::Source::new("trailproof.yaml", text)),
            folder.path().to_owned(),
        );
        assert_eq!(read.is_ok(), name == "without a mistake", "{name}: {read:?}");
    }
    let expected = CONFIG_MISTAKES.map(|(from, to)| format!("{from} => {to}"));
    let config = run(&["policy", "schema", "config"]);
    if let Some(invalid) = validated(&config.stdout, &documents) {
        assert_eq!(invalid, expected);
    }
    // The same list in a file of its own.
    let list = |text: &str| format!("exceptions:{}", text.split("exceptions:").nth(1).unwrap());
    documents.retain(|(name, text)| name == "without a mistake" || list(text) != list(CONFIG));
    let (documents, expected): (Vec<_>, Vec<_>) =
        documents.into_iter().map(|(name, text)| ((name.clone(), list(&text)), name)).unzip();
    let exceptions = run(&["policy", "schema", "exceptions"]);
    if let Some(invalid) = validated(&exceptions.stdout, &documents) {
        assert_eq!(invalid, expected[1..]);
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
