//! `trailproof.yaml` and exceptions as their user meets them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use serde_json::Value;
use support::{Run, Stage, fixture, run, trailproof, verdicts};

/// A folder with evidence of the four accounts and `trailproof.yaml`.
fn stage() -> Stage {
    let stage = Stage::of(&std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap());
    let run = stage.run(&["collect", "-o", "evidence.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    stage
}

fn check(stage: &Stage, arguments: &[&str]) -> (Run, Value) {
    let run = stage.run(&[&["check", "evidence.json", "--format", "json"], arguments].concat());
    let report = serde_json::from_str(&run.stdout).unwrap_or(Value::Null);
    (run, report)
}

/// The fingerprint of a verdict of the four accounts.
fn fingerprint(report: &Value, rule: &str, subject: &str) -> String {
    let verdicts = report["verdicts"].as_array().unwrap();
    let found = verdicts.iter().find(|it| it["rule"] == rule && it["subject"]["id"] == subject).unwrap();
    found["fingerprint"].as_str().unwrap().to_owned()
}

const SANDBOX: &str = "arn:aws:s3:::acme-sandbox";

#[test]
fn an_excepted_failure_stays_visible_in_every_format() {
    let stage = stage();
    stage.write(
        "trailproof.yaml",
        "exceptions:\n  - rule: log-bucket-versioning\n    subject: { arn: 'arn:aws:s3:::acme-sandbox' }\n    \
         reason: Closed down in spring\n    owner: team-sandbox\n    expires: 2999-12-31\n    ticket: SEC-7\n",
    );
    let (_, report) = check(&stage, &[]);
    assert_eq!(verdicts(&report)[&format!("log-bucket-versioning {SANDBOX}")], "excepted");
    for format in ["text", "json", "html", "markdown", "sarif"] {
        let run = stage.run(&["check", "evidence.json", "--format", format, "--baseline", "none"]);
        for word in ["Closed down in spring", "team-sandbox", "2999-12-31", "SEC-7"] {
            assert!(run.stdout.contains(word), "{format} does not show {word}");
        }
    }
    let run = stage.run(&["check", "evidence.json", "--format", "sarif", "--baseline", "none"]);
    let sarif: Value = serde_json::from_str(&run.stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let prefix = fingerprint(&report, "log-bucket-versioning", SANDBOX)[..16].to_owned();
    let hashes =
        results.iter().map(|it| it["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap());
    assert!(!results.is_empty() && !hashes.into_iter().any(|hash| hash.starts_with(&prefix)));
}

#[test]
fn a_run_whose_failures_are_all_accepted_ends_in_zero_until_the_day_after() {
    let stage = stage();
    let (before, report) = check(&stage, &[]);
    assert_eq!(before.code, 1);
    let failing: Vec<(String, String)> = report["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|verdict| verdict["status"] == "fail")
        .map(|verdict| {
            (
                verdict["rule"].as_str().unwrap().to_owned(),
                verdict["fingerprint"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert!(failing.len() > 3);
    let today = report["run"]["as_of"].as_str().unwrap()[..10].to_owned();
    let entry = |(rule, fingerprint): &(String, String)| {
        format!(
            "  - {{ rule: {rule}, fingerprint: '{fingerprint}', reason: r, owner: o, expires: {today} }}\n"
        )
    };
    let entries: Vec<String> = failing.iter().map(entry).collect();
    stage.write("trailproof.yaml", &format!("exceptions:\n{}", entries.concat()));
    let (all, report) = check(&stage, &["--allow-unknown"]);
    assert_eq!((all.code, report["summary"]["excepted"].as_u64()), (0, Some(failing.len() as u64)));
    assert_eq!(all.stderr, "");
    assert_eq!(check(&stage, &["--config", "none"]).0.code, 1);
    let (expired, report) = check(&stage, &["--as-of", "2999-12-31T00:00:00Z"]);
    assert_eq!((expired.code, report["summary"]["excepted"].as_u64()), (1, Some(0)));
    assert_eq!(report["exceptions"].as_array().unwrap().len(), failing.len());
    assert!(expired.stderr.contains(&format!("expired on {today}")), "{}", expired.stderr);
    assert!(expired.stderr.contains("trailproof.yaml:2:"), "{}", expired.stderr);
}

#[test]
fn an_unmatched_exception_is_told_in_every_format_and_changes_no_exit_code() {
    let stage = stage();
    let before = check(&stage, &[]).0.code;
    stage.write(
        "trailproof.yaml",
        "exceptions:\n  - { rule: log-bucket-versioning, subject: { arn: 'arn:aws:s3:::gone' }, reason: r, owner: o, expires: 2999-01-01 }\n",
    );
    let (run, report) = check(&stage, &[]);
    assert_eq!(run.code, before);
    assert_eq!(report["exceptions"][0]["trouble"], "unmatched");
    assert!(run.stderr.starts_with("warning: exception for rule log-bucket-versioning"), "{}", run.stderr);
    assert_eq!(check(&stage, &["--quiet"]).0.stderr, "");
    for format in ["text", "html", "markdown", "sarif"] {
        let shown = stage.run(&["check", "evidence.json", "--format", format, "--baseline", "none"]).stdout;
        assert!(shown.contains("no subject of its rules is meant"), "{format}");
    }
}

#[test]
fn patterns_of_accounts_units_and_tags_meet_what_was_collected() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let world = world
        .replace(
            "units: [{ name: Prod, id: ou-prod }]",
            "units: [{ name: Prod, id: ou-prod }, { name: Workloads, units: [{ name: Test }] }]",
        )
        .replace(
            "{ name: sandbox, id: \"444444444444\" }",
            "{ name: sandbox, id: \"444444444444\", unit: Test }",
        )
        .replace("    validation: false\n", "    validation: false\n    tags: { stage: trial }\n");
    let stage = Stage::of(&world);
    let trail = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/sandbox-local";
    for subject in ["ou: Workloads/**", "ou: Workloads/Test", "account: sand*", "tag: stage=trial"] {
        stage.write(
            "trailproof.yaml",
            &format!("exceptions:\n  - {{ rule: log-file-validation, subject: {{ {subject} }}, reason: r, owner: o, expires: 2999-01-01 }}\n"),
        );
        let (_, report) = stage.scan(&[]);
        assert_eq!(verdicts(&report)[&format!("log-file-validation {trail}")], "excepted", "{subject}");
    }
    assert!(stage.replica.requests().iter().any(|request| request.operation == "ListTags"));
}

#[test]
fn parameters_are_stronger_the_nearer_they_are_to_the_user() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pack")).unwrap();
    let pack = "id: own\ntitle: Own\nversion: '1'\nextends: baseline\nparameters: { delivery_hours: 2 }\n";
    std::fs::write(folder.path().join("pack/pack.yaml"), pack).unwrap();
    let stage = stage();
    std::fs::copy(stage.path("evidence.json"), folder.path().join("evidence.json")).unwrap();
    let hours = |configured: &str, variable: Option<&str>, set: &[&str]| {
        std::fs::write(folder.path().join("trailproof.yaml"), format!("policy: ./pack\n{configured}"))
            .unwrap();
        let mut command = trailproof(&[&["check", "evidence.json", "--format", "json"], set].concat());
        command
            .current_dir(folder.path())
            .envs(variable.map(|value| ("TRAILPROOF_SET_DELIVERY_HOURS", value)));
        let run = Run::of(command.output().unwrap());
        let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
        assert_eq!(report["run"]["packs"][0]["id"], "own");
        let rules = report["rules"].as_array().unwrap();
        let rule = rules.iter().find(|rule| rule["id"] == "log-delivery").unwrap();
        rule["parameters"]["delivery_hours"].as_i64().unwrap()
    };
    assert_eq!(hours("", None, &[]), 2);
    let three = "parameters: { delivery_hours: 3 }\n";
    assert_eq!(hours(three, None, &[]), 3);
    assert_eq!(hours(three, Some("4"), &[]), 4);
    assert_eq!(hours(three, Some("4"), &["--set", "delivery_hours=5"]), 5);
}

#[test]
fn settings_that_mean_nothing_stop_the_run_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let list = |text: &str, variable: (&str, &str)| {
        std::fs::write(folder.path().join("trailproof.yaml"), text).unwrap();
        let mut command = trailproof(&["policy", "list"]);
        let run = Run::of(command.current_dir(folder.path()).env(variable.0, variable.1).output().unwrap());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        run.stderr
    };
    let mistakes = [
        list("", ("TRAILPROOF_SET_DELIVERY_HOUR", "3")),
        list("", ("TRAILPROOF_SET_DELIVERY_HOURS", "soon")),
        list("", ("TRAILPROOF_SET_delivery_hours", "3")),
        list(
            "parameters: { security_accounts: ['222222222222'] }\n",
            ("TRAILPROOF_SET_SECURITY_ACCOUNTS", ""),
        ),
        list("parameters: { security_accounts: ['222222222222', ''] }\n", ("X", "")),
        list("parameters: { delivery_hour: 3 }\n", ("X", "")),
        list("parameters: { delivery_hours: soon }\n", ("X", "")),
        list("policy: [basline]\n", ("X", "")),
        list("policy: [./no-such-folder]\n", ("X", "")),
    ];
    insta::assert_snapshot!(mistakes.join("----\n"));
}

#[test]
fn a_named_configuration_that_is_not_there_is_an_error() {
    let run = run(&["policy", "list", "--config", "no-such.yaml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("`no-such.yaml` cannot be read") && run.stderr.contains("--config none"),
        "{}",
        run.stderr
    );
}

fn except(stage: &Stage, arguments: &[&str]) -> Run {
    let fixed = ["--reason", "Closed down: in \"spring\" # 7", "--until", "2999-12-31"];
    stage.run(&[&["except"], arguments, &fixed].concat())
}

#[test]
fn except_writes_an_entry_that_accepts_the_failure_and_keeps_the_rest_of_the_file() {
    let stage = stage();
    let (_, report) = check(&stage, &["--output", "json=results.json"]);
    let whole = fingerprint(&report, "log-bucket-versioning", SANDBOX);
    let text = "# Ours, since 2024.\npolicy: [ baseline ]   # the usual\n\nexceptions:\n    # The sandbox.\n    - rule: log-bucket-public-access\n      \
                subject: {arn: 'arn:aws:s3:::acme-sandbox'}\n      reason: r\n      owner: o\n      expires: 2999-01-01\n\n# The end.\nparameters: {}\n";
    stage.write("trailproof.yaml", text);
    let run = except(
        &stage,
        &[&whole[..8], "--results", "results.json", "--owner", "team-sandbox", "--ticket", "SEC-7"],
    );
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let added = format!(
        "    - rule: log-bucket-versioning\n      subject:\n        arn: {SANDBOX}\n      fingerprint: {}\n      \
         reason: \"Closed down: in \\\"spring\\\" # 7\"\n      owner: team-sandbox\n      expires: 2999-12-31\n      ticket: SEC-7\n",
        if whole.starts_with(|c: char| c.is_ascii_digit()) { format!("\"{whole}\"") } else { whole.clone() },
    );
    assert_eq!(stage.read("trailproof.yaml"), text.replace("2999-01-01\n", &format!("2999-01-01\n{added}")));
    let (_, report) = check(&stage, &[]);
    assert_eq!(verdicts(&report)[&format!("log-bucket-versioning {SANDBOX}")], "excepted");
    let again = except(&stage, &[&whole, "--owner", "o"]);
    assert_eq!(again.code, 2);
    assert!(
        again.stderr.contains("there is an exception for it already: trailproof.yaml:11"),
        "{}",
        again.stderr
    );
    assert_eq!(stage.read("trailproof.yaml").matches(&whole).count(), 1);
}

#[test]
fn except_makes_the_file_where_there_is_none_and_refuses_what_would_accept_nothing() {
    let stage = stage();
    check(&stage, &["--output", "json=results.json"]);
    let whole = "a".repeat(64);
    let refused = |arguments: &[&str], what: &str| {
        let run = except(&stage, arguments);
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(what), "{what:?} is not in:\n{}", run.stderr);
        assert!(!stage.path("trailproof.yaml").exists());
    };
    refused(&[&whole], "--owner");
    refused(&["aaaaaaaa", "--owner", "o"], "--results");
    refused(&["aaaaaaaa", "--owner", "o", "--results", "results.json"], "no verdict in the results");
    refused(&["aaaa", "--owner", "o"], "no fingerprint");
    refused(&[&whole, "--owner", "o", "--config", "none"], "--config none");
    refused(&[&whole, "--owner", "o", "--results", "evidence.json"], "not results that trailproof wrote");
    let past = stage.run(&["except", &whole, "--owner", "o", "--reason", "r", "--until", "2020-01-01"]);
    assert_eq!(past.code, 2);
    assert!(past.stderr.contains("2020-01-01 is over"), "{}", past.stderr);
    let run = except(&stage, &[&whole, "--owner", "o"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(stage.read("trailproof.yaml").starts_with("exceptions:\n  - fingerprint: aaaa"));
}

#[test]
#[cfg(unix)]
fn except_follows_a_link_and_keeps_the_permissions_of_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let stage = stage();
    stage.write("real.yaml", "policy: [baseline]\n");
    std::fs::set_permissions(stage.path("real.yaml"), std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.yaml", stage.path("trailproof.yaml")).unwrap();
    assert_eq!(except(&stage, &[&"b".repeat(64), "--owner", "o"]).code, 0);
    assert!(stage.path("trailproof.yaml").symlink_metadata().unwrap().is_symlink());
    assert!(stage.read("real.yaml").starts_with("policy: [baseline]\n\nexceptions:\n"));
    assert_eq!(std::fs::metadata(stage.path("real.yaml")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
#[cfg(unix)]
fn except_leaves_a_file_that_is_read_only_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let stage = stage();
    stage.write("trailproof.yaml", "policy: [baseline]\n");
    std::fs::set_permissions(stage.path("trailproof.yaml"), std::fs::Permissions::from_mode(0o444)).unwrap();
    let run = except(&stage, &[&"b".repeat(64), "--owner", "o"]);
    assert_eq!((run.code, stage.read("trailproof.yaml").as_str()), (2, "policy: [baseline]\n"));
    assert!(run.stderr.contains("trailproof.yaml") && run.stderr.contains("read-only"), "{}", run.stderr);
}

#[test]
fn except_shows_the_lines_that_it_could_not_add_one_below_the_other() {
    let stage = stage();
    let text = "policy: [baseline]\n...\n";
    stage.write("trailproof.yaml", text);
    let run = except(&stage, &[&"b".repeat(64), "--owner", "o"]);
    assert_eq!((run.code, stage.read("trailproof.yaml").as_str()), (2, text));
    let lines = "below `exceptions`:\n  - fingerprint: bbbb";
    assert!(run.stderr.contains(lines), "{}", run.stderr);
    assert!(run.stderr.ends_with("\n    owner: o\n    expires: 2999-12-31\n"), "{}", run.stderr);
    assert!(run.stderr.contains("what was meant: a file holds one YAML document\n"), "{}", run.stderr);
}

#[test]
fn an_accepted_failure_that_cannot_be_read_any_more_is_unknown_and_no_fix() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let before = Stage::of(&world);
    let trail = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/sandbox-local";
    let until = |day: &str| {
        format!(
            "exceptions:\n  - {{ rule: log-file-validation, subject: {{ arn: '{trail}' }}, reason: r, owner: o, expires: {day} }}\n"
        )
    };
    before.write("trailproof.yaml", &until("2999-12-30"));
    before.scan(&["--output", "json=results.json"]);
    let after = Stage::of(&format!(
        "{world}\ndenies:\n  - {{ action: \"cloudtrail:DescribeTrails\", account: sandbox }}\n"
    ));
    after.write("results.json", &before.read("results.json"));
    after.write("trailproof.yaml", &until("2999-12-30"));
    let scan = |as_of: &str| {
        after.scan(&["--baseline", "results.json", "--as-of", as_of, "--output", "sarif=results.sarif"]).1
    };
    let carried = |report: &Value| {
        let verdicts = report["verdicts"].as_array().unwrap();
        let found =
            verdicts.iter().find(|it| it["rule"] == "log-file-validation" && it["subject"]["id"] == trail);
        found.unwrap_or_else(|| panic!("the verdict is gone")).clone()
    };
    let is_alert = |report: &Value| {
        let prefix = carried(report)["fingerprint"].as_str().unwrap()[..16].to_owned();
        after.read("results.sarif").contains(&prefix)
    };
    let report = scan("2999-12-30T00:00:00Z");
    assert_eq!(carried(&report)["status"], "unknown");
    assert_eq!(carried(&report)["exception"]["reason"], "r");
    assert!(!is_alert(&report), "nothing was an alert, nothing becomes one");
    let report = scan("2999-12-31T00:00:00Z");
    assert_eq!(carried(&report)["status"], "unknown");
    assert!(carried(&report)["exception"].is_null());
    assert!(is_alert(&report), "the exception is over, and the failure may be there");

    // What counts is what is accepted today, not what was then.
    after.write("trailproof.yaml", &until("3000-01-31"));
    let report = scan("2999-12-31T00:00:00Z");
    assert_eq!(carried(&report)["exception"]["expires"], "3000-01-31");
    assert!(!is_alert(&report), "it was accepted for longer");
    after.write("trailproof.yaml", "exceptions: []\n");
    let report = scan("2999-12-30T00:00:00Z");
    assert!(carried(&report)["exception"].is_null());
    assert!(is_alert(&report), "nobody accepts it any more");
}
