//! The commands for people who write policies, as they meet them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod finds;
mod hostile;
#[allow(clippy::print_stderr, reason = "it says what could not be tried")]
mod schema;
#[path = "../support/mod.rs"]
mod support;

use std::path::Path;

use serde_json::Value;
use support::{Run, Stage, fixture, run, trailproof};

pub(crate) const RULE: &str = r#"id: trail-age
title: Trail age
subject: trail
severity: low
when: trail.is_multi_region
assert: trail.hours_since_delivery < parameters.hours
message: "{{ trail.name }} has not delivered for {{ parameters.hours }} hours"
why: Silence hides things.
remedy: { text: "Look at {{ trail.name }}." }
parameters:
  hours: { type: int, default: 24, doc: Hours without a delivery., minimum: 1 }
examples:
  - name: fresh
    expect: pass
    facts: { is_multi_region: true, hours_since_delivery: 1 }
  - name: stale
    expect: fail
    facts: { is_multi_region: true, hours_since_delivery: 30, name: audit }
    message: audit has not delivered for 24 hours
"#;

/// A folder with a pack of one rule.
pub(crate) fn pack(rule: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("ours")).unwrap();
    std::fs::write(folder.path().join("ours/pack.yaml"), "id: ours\ntitle: Ours\nversion: '1'\n").unwrap();
    std::fs::write(folder.path().join("ours/trail-age.yaml"), rule).unwrap();
    folder
}

pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    Run::of(trailproof(arguments).current_dir(folder).output().unwrap())
}

fn mistaken() -> tempfile::TempDir {
    pack(
        &RULE
            .replace("is_multi_region\nassert", "is_multi_regio\nassert")
            .replace("severity: low", "severity: lo"),
    )
}

#[test]
fn a_check_shows_every_mistake_and_its_exit_code_says_so() {
    let folder = mistaken();
    let checked = run_in(folder.path(), &["policy", "check", "ours"]);
    assert_eq!(checked.code, 1, "{}", checked.stderr);
    insta::assert_snapshot!("check_text", checked.stdout);
    let checked =
        run_in(folder.path(), &["policy", "check", "ours/trail-age.yaml", "ours", "ours/pack.yaml"]);
    assert!(checked.stdout.ends_with("\n2 mistakes\n"), "each is told once: {}", checked.stdout);
}

#[test]
fn a_sound_pack_a_rule_file_and_a_built_in_pack_have_no_mistake() {
    let folder = pack(RULE);
    let checked = run_in(folder.path(), &["policy", "check", "ours", "cis-aws-7.0"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (0, "no mistakes in 1 rule\n"), "{}", checked.stderr);
    let checked = run_in(folder.path(), &["policy", "check", "ours/trail-age.yaml"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (0, "no mistakes in 1 rule\n"));
}

#[test]
fn a_warning_is_shown_and_does_not_fail() {
    let folder =
        pack(&RULE.replace("when: trail.is_multi_region", "when: trail.is_logging || !trail.is_logging"));
    let checked = run_in(folder.path(), &["policy", "check", "ours"]);
    assert_eq!(checked.code, 1, "the examples do not know whether it is logging: {}", checked.stdout);
    let folder = pack(
        &RULE.replace("when: trail.is_multi_region", "when: trail.is_multi_region || !trail.is_multi_region"),
    );
    let checked = run_in(folder.path(), &["policy", "check", "ours"]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    assert!(checked.stdout.contains("warning: `when` always holds"), "{}", checked.stdout);
    assert!(checked.stdout.ends_with("no mistakes, 1 warning\n"), "{}", checked.stdout);
}

#[test]
fn a_path_that_is_not_there_cannot_be_checked() {
    for name in ["no-such-pack", "tests"] {
        let checked = run_in(Path::new(env!("CARGO_MANIFEST_DIR")), &["policy", "check", name]);
        assert_eq!((checked.code, checked.stdout.as_str()), (2, ""), "{}", checked.stderr);
        assert!(checked.stderr.contains(name), "{}", checked.stderr);
    }
}

#[test]
fn mistakes_for_programs_have_places_and_help() {
    let folder = mistaken();
    let checked = run_in(folder.path(), &["policy", "check", "ours", "--format", "json"]);
    assert_eq!(checked.code, 1);
    insta::assert_snapshot!("check_json", checked.stdout);
    let checked = run_in(folder.path(), &["policy", "check", "baseline", "--format", "json"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (0, "[]\n"));
}

#[test]
fn mistakes_for_code_scanning_have_paths_from_here_and_columns_as_utf_16() {
    let folder = pack(&RULE.replace("title: Trail age", "title: Trail age # \u{1f600}").replace(
        "hours_since_delivery: 30, name: audit }",
        "name: \"\u{1f600}\", hours_since_delivry: 30 }",
    ));
    for path in
        ["ours".to_owned(), folder.path().join("ours").display().to_string(), "./ours/../ours".to_owned()]
    {
        let checked = run_in(folder.path(), &["policy", "check", &path, "--format", "sarif"]);
        assert_eq!(checked.code, 1, "{}", checked.stderr);
        let log: Value = serde_json::from_str(&checked.stdout).unwrap();
        let result = &log["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "ours/trail-age.yaml");
        // The smiley is one character and two units of UTF-16.
        let line = "    facts: { is_multi_region: true, name: \"xx\", ";
        assert_eq!(place["region"]["startLine"], 18);
        assert_eq!(place["region"]["startColumn"], line.len() + 1);
        assert_eq!(place["region"]["endColumn"], line.len() + 1 + "hours_since_delivry".len());
        assert_eq!(result["ruleId"], "policy-error");
    }
}

#[test]
fn a_test_shows_what_came_out_and_every_part_of_an_example_that_fails() {
    let folder = pack(&RULE.replace("hours_since_delivery: 30", "hours_since_delivery: 3"));
    let tested = run_in(folder.path(), &["policy", "test", "ours"]);
    assert_eq!(tested.code, 1, "{}", tested.stderr);
    insta::assert_snapshot!("test_text", tested.stdout);
    let tested = run_in(folder.path(), &["policy", "test", "ours", "--filter", "fresh"]);
    assert_eq!(tested.code, 0);
    assert!(tested.stdout.contains("1 example of 1 rule: all as expected"), "{}", tested.stdout);
    let tested = run_in(folder.path(), &["policy", "test", "ours", "--filter", "frsh"]);
    assert_eq!(tested.code, 2);
    assert!(tested.stderr.contains("no example matches `frsh`"), "{}", tested.stderr);
}

#[test]
fn a_rule_that_cannot_be_read_cannot_be_tested() {
    let tested = run_in(mistaken().path(), &["policy", "test", "ours"]);
    assert_eq!((tested.code, tested.stdout.as_str()), (2, ""));
    assert!(tested.stderr.contains("is_multi_region"), "{}", tested.stderr);
}

#[test]
fn test_results_for_programs() {
    let folder = pack(
        &RULE
            .replace("message: audit has", "message: \"<audit> & \\e[31m has")
            .replace("has not delivered for 24 hours\n", "not\"\n"),
    );
    let tested = run_in(folder.path(), &["policy", "test", "ours", "--format", "junit"]);
    assert_eq!(tested.code, 1, "{}", tested.stderr);
    insta::assert_snapshot!("test_junit", tested.stdout);
    let tested = run_in(folder.path(), &["policy", "test", "ours", "--format", "json"]);
    let results: Value = serde_json::from_str(&tested.stdout).unwrap();
    assert_eq!(results["cases"][0]["passed"], true);
    assert_eq!(results["cases"][1]["found"]["message"], "audit has not delivered for 24 hours");
    assert_eq!(results["cases"][1]["line"], 17);
}

#[test]
fn mutants_that_no_example_notices_are_listed_with_their_places() {
    let tested = run_in(pack(RULE).path(), &["policy", "test", "ours", "--mutate"]);
    assert_eq!(tested.code, 0, "{}", tested.stderr);
    insta::assert_snapshot!("test_mutate", tested.stdout);
}

#[test]
fn a_rule_is_shown_with_everything_that_its_file_says() {
    let shown = run(&["policy", "show", "log-file-validation"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    for part in [
        "log-file-validation: ",
        "medium, judges each trail",
        "trail.validates_log_files",
        "aws cloudtrail update-trail",
        "enable_log_file_validation = true",
        "AWS Security Hub CSPM controls, Foundational Security Best Practices and beyond 1.0.0 (aws-fsbp)",
        "CloudTrail.4",
        "https://docs.aws.amazon.com/",
    ] {
        assert!(shown.stdout.contains(part), "{part:?} is not in\n{}", shown.stdout);
    }
    let shown = run(&["policy", "show", "log-file-validatoin"]);
    assert_eq!(shown.code, 2);
    assert!(shown.stderr.contains("did you mean `log-file-validation`?"), "{}", shown.stderr);
}

#[test]
fn a_shown_rule_has_the_values_of_the_packs_and_of_the_command_line() {
    let arguments = ["policy", "show", "trail-age", "--policy", "ours", "--set", "hours=6"];
    let shown = run_in(pack(RULE).path(), &arguments);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    insta::assert_snapshot!("show", shown.stdout);
}

#[test]
fn facts_are_listed_within_the_width_of_the_terminal() {
    let mut command = trailproof(&["policy", "facts", "trail"]);
    let shown = Run::of(command.env("COLUMNS", "70").output().unwrap());
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.starts_with("trail\n"), "{}", shown.stdout);
    assert!(shown.stdout.contains("  trail.is_logging: bool, may be unknown\n"), "{}", shown.stdout);
    let long: Vec<&str> =
        shown.stdout.lines().filter(|line| line.len() > 70 && line.starts_with("      ")).collect();
    assert_eq!(long, [""; 0]);
    assert!(!shown.stdout.contains("log_bucket."), "{}", shown.stdout);
    assert_eq!(run(&["policy", "facts", "trial"]).code, 2);
}

#[test]
fn an_expression_is_tried_on_every_subject_of_the_evidence() {
    let stage = Stage::of(&std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap());
    assert_eq!(stage.run(&["collect", "-o", "evidence.json"]).code, 0);
    let eval =
        |more: &[&str]| stage.run(&[&["policy", "eval", "--evidence", "evidence.json"], more].concat());
    let tried = eval(&["-e", "trail.is_multi_region && trail.is_logging"]);
    assert_eq!(tried.code, 0, "{}", tried.stderr);
    assert!(tried.stdout.starts_with("trail: 3 subjects\n"), "{}", tried.stdout);
    assert!(tried.stdout.contains("  organization-audit (arn:aws:cloudtrail:us-east-1:111111111111:trail/organization-audit) → true\n"), "{}", tried.stdout);
    let tried = eval(&["-e", "trail.is_multi_region && trail.is_logging", "--verbose"]);
    assert!(tried.stdout.contains("      trail.is_multi_region → true\n"), "{}", tried.stdout);
    let tried = eval(&["-e", "account.name + '!'"]);
    assert!(
        tried.stdout.contains("account: 4 subjects\n") && tried.stdout.contains("!\"\n"),
        "{}",
        tried.stdout
    );
    let wrong = eval(&["-e", "trail.is_loging"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("--> -e:1:7") && wrong.stderr.contains("`is_logging`"), "{}", wrong.stderr);
    let wrong = eval(&["-e", "trail.is_logging", "--subject", "account"]);
    assert!(wrong.stderr.contains("there is no variable `trail` here"), "{}", wrong.stderr);
    let wrong = eval(&["-e", "bucket.name"]);
    assert!(wrong.stderr.contains("speaks of no kind of subject"), "{}", wrong.stderr);
}

#[test]
fn what_stays_unknown_is_explained() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let stage = Stage::of(&format!("{world}\ndenies:\n  - {{ action: \"cloudtrail:GetTrailStatus\" }}\n"));
    stage.run(&["collect", "-o", "evidence.json"]);
    let tried = stage.run(&["policy", "eval", "--evidence", "evidence.json", "-e", "trail.is_logging"]);
    assert!(tried.stdout.contains("→ unknown: is_logging is missing\n      because "), "{}", tried.stdout);
    assert!(tried.stdout.contains("GetTrailStatus"), "{}", tried.stdout);
}

#[test]
fn a_new_rule_checks_but_for_what_is_to_be_filled_in() {
    let folder = tempfile::tempdir().unwrap();
    for subject in
        ["organization", "account", "trail", "event_data_store", "log_bucket", "log_key", "log_group"]
    {
        let id = format!("new-{}", subject.replace('_', "-"));
        let dir = format!("of-{}", subject.replace('_', "-"));
        let new =
            |folder: &Path| run_in(folder, &["policy", "new", &id, "--subject", subject, "--dir", &dir]);
        let written = new(folder.path());
        assert_eq!(written.code, 0, "{}", written.stderr);
        let checked = run_in(folder.path(), &["policy", "check", &dir, "--format", "json"]);
        let found: Vec<Value> = serde_json::from_str(&checked.stdout).unwrap();
        let titles: Vec<&str> = found.iter().map(|problem| problem["title"].as_str().unwrap()).collect();
        assert_eq!(
            titles,
            ["a rule needs `message`", "a rule needs `why`", "a remedy needs `text`"],
            "{subject}"
        );
        let path = folder.path().join(&dir).join(format!("{id}.yaml"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=schema/rule.schema.json\n"));
        assert!(folder.path().join(&dir).join("schema/rule.schema.json").is_file());
        let filled = text
            .replace("message:\n", "message: m\n")
            .replace("why:\n", "why: w\n")
            .replace("  text:\n", "  text: t\n");
        std::fs::write(&path, &filled).unwrap();
        let checked = run_in(folder.path(), &["policy", "check", &dir]);
        assert_eq!((checked.code, checked.stdout.as_str()), (0, "no mistakes in 1 rule\n"), "{subject}");
        let again = new(folder.path());
        assert_eq!(again.code, 2);
        assert!(again.stderr.contains("exists already"), "{}", again.stderr);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), filled);
    }
    let named = run_in(folder.path(), &["policy", "new", "New_Rule", "--subject", "trail"]);
    assert!(named.stderr.contains("`New_Rule` is no rule id"), "{}", named.stderr);
    assert!(!folder.path().join("New_Rule.yaml").exists());
}

#[test]
fn the_page_of_a_pack_is_the_one_in_the_documentation() {
    let page = run(&["policy", "docs"]);
    assert_eq!(page.code, 0, "{}", page.stderr);
    assert_eq!(page.stdout, std::fs::read_to_string(fixture("docs/rules.md")).unwrap());
    let page = run_in(pack(RULE).path(), &["policy", "docs", "ours"]);
    assert!(
        page.stdout.contains("## Pack `ours`: Ours") && page.stdout.contains("### trail-age"),
        "{}",
        page.stdout
    );
}
