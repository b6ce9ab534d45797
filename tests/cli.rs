//! The program as its user meets it: exit codes, errors with hints, files written.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use support::{Stage, fixture, run, verdicts};

fn four_accounts() -> Stage {
    Stage::of(&std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap())
}

/// Everything that a stopped run owes its user: exit code 2, nothing on standard output, what is wrong and what to do.
fn stops(run: &support::Run, what: &str, hint: &str) {
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains(what), "{what:?} is not in:\n{}", run.stderr);
    assert!(run.stderr.contains(hint), "{hint:?} is not in:\n{}", run.stderr);
}

const LONE: &str = "
accounts:
  - { name: lone, id: '111111111111' }
callers:
  - { name: auditor, account: lone, access_key: AKIAAUDITOR000000001, secret_key: not-a-secret }
trails:
  - { name: audit, account: lone, home_region: us-east-1, bucket: audit-logs }
buckets:
  - { name: audit-logs, account: lone, region: us-east-1, versioning: Enabled }
";

#[test]
fn an_unknown_format_names_those_that_exist() {
    stops(&run(&["scan", "--format", "pdf"]), "pdf", "possible values: text, json, sarif, html, markdown");
    stops(&run(&["scan", "--output", "pdf=x"]), "FORMAT=PATH", "html");
}

#[test]
fn an_account_id_of_eleven_digits_is_refused() {
    stops(&run(&["scan", "--accounts", "12345678901"]), "12345678901", "twelve digits");
}

#[test]
fn a_scan_without_credentials_says_so() {
    stops(&run(&["scan"]), "credentials", "AWS_PROFILE");
}

#[test]
fn a_pack_that_does_not_exist_is_an_error_that_names_the_built_in_ones() {
    stops(&run(&["policy", "list", "--policy", "no-such-pack"]), "no-such-pack", "baseline");
}

#[test]
fn packs_are_listed_with_their_rules_once_and_the_others_by_name() {
    let run = run(&["policy", "list", "--policy", "baseline", "--policy", "cis-aws-7.0"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.matches("  log-encryption ").count(), 1, "{}", run.stdout);
    assert!(run.stdout.contains("of those above"), "{}", run.stdout);
    assert!(run.stdout.contains("of 25 controls)"), "{}", run.stdout);
    assert!(run.stdout.contains("\n  soc-2 "), "{}", run.stdout);
}

#[test]
fn a_pack_that_changes_another_named_with_it_is_told_and_decides() {
    let folder = tempfile::tempdir().unwrap();
    let pack = "id: strict\ntitle: Strict\nversion: '1'\nextends: baseline\nselect: { rules: [log-encryption] }\n\
        overrides: { log-encryption: { severity: critical } }\n";
    std::fs::write(folder.path().join("pack.yaml"), pack).unwrap();
    let run = run(&["policy", "list", "--policy", "baseline", "--policy", folder.path().to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("the packs disagree about `log-encryption`"), "{}", run.stderr);
}

#[test]
fn a_parameter_that_no_rule_has_is_an_error() {
    stops(&run(&["policy", "list", "--set", "security_acounts=1"]), "security_acounts", "security_accounts");
    stops(&run(&["policy", "list", "--set", "object_lock_days=soon"]), "object_lock_days", "soon");
}

#[test]
fn all_mistakes_of_a_pack_are_shown_at_once_with_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("pack.yaml", "id: mine\ntitle: Mine\nversion: 1.0.0\n");
    let rule = |id: &str, assert: &str| {
        format!(
            "id: {id}\ntitle: T\nsubject: trail\nseverity: low\nassert: {assert}\nmessage: m\nwhy: w\nremedy: {{ text: r }}\nexamples:\n  - {{ name: a, expect: pass, facts: {{ validates_log_files: true }} }}\n  - {{ name: b, expect: fail, facts: {{ validates_log_files: false }} }}\n"
        )
    };
    write("unknown-fact.yaml", &rule("unknown-fact", "trail.validate_log_files"));
    write("wrong-type.yaml", &rule("wrong-type", "trail.validates_log_files == 'yes'"));
    write("broken.yaml", "id: broken\n  title: [\n");
    let run = run(&["policy", "list", "--policy", folder.path().to_str().unwrap()]);
    stops(&run, "unknown-fact.yaml:5:", "validates_log_files");
    stops(&run, "wrong-type.yaml:5:", "");
    stops(&run, "broken.yaml:2:", "");
}

#[test]
fn evidence_that_is_missing_cut_or_of_another_version_is_an_error_with_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evidence.json");
    let path = path.to_str().unwrap();
    stops(&run(&["check", path]), "cannot read", "evidence.json");
    std::fs::write(path, "{\n  \"version\": 1,\n  \"collection\": {").unwrap();
    stops(&run(&["check", path]), "evidence.json:3:", "");
    std::fs::write(path, "{ \"version\": 99 }").unwrap();
    stops(&run(&["check", path]), "version 99", "version 2");
}

#[test]
fn a_member_account_is_told_to_scan_from_elsewhere_or_alone() {
    stops(&four_accounts().run_as("member", &["scan"]), "ListAccounts", "--account-only");
}

#[test]
fn a_refused_organization_stops_the_run() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let stage =
        Stage::of(&format!("{world}\ndenies:\n  - {{ action: \"organizations:DescribeOrganization\" }}\n"));
    stops(&stage.run(&["scan"]), "DescribeOrganization", "--account-only");
}

#[test]
fn filters_that_leave_no_account_stop_the_run() {
    let stage = four_accounts();
    stops(&stage.run(&["scan", "--accounts", "999999999999"]), "999999999999", "");
    let all = "111111111111,222222222222,333333333333,444444444444";
    stops(&stage.run(&["scan", "--exclude-accounts", all]), "no account", "");
    stops(&stage.run(&["scan", "--regions", "europe"]), "europe", "");
    stops(&stage.run(&["scan", "--ou", "ou-none-00000000"]), "ou-none-00000000", "");
}

#[test]
fn evidence_gives_the_same_report_again_byte_for_byte() {
    let stage = four_accounts();
    for format in ["json", "text", "html", "markdown"] {
        let moment = ["--as-of", "2030-01-01T00:00:00Z", "--format", format];
        let scan = stage.run(&[&["scan", "--evidence", "evidence.json"][..], &moment].concat());
        let check = stage.run(&[&["check", "evidence.json"][..], &moment].concat());
        assert_eq!(scan.code, check.code, "{}", check.stderr);
        assert!(scan.stdout == check.stdout, "{format} differs");
    }
}

#[test]
fn a_lone_account_needs_no_organization() {
    let stage = Stage::of(LONE);
    for arguments in [&["--account-only"][..], &[]] {
        let (_, report) = stage.scan(arguments);
        let found = verdicts(&report);
        assert_eq!(found["management-event-coverage 111111111111"], "pass");
        assert_eq!(found["log-bucket-account arn:aws:s3:::audit-logs"], "not_applicable");
        assert!(found.keys().all(|verdict| !verdict.starts_with("organization-trail")));
    }
    let asked = stage.replica.requests();
    assert_eq!(
        asked.iter().filter(|request| request.service == "organizations").count(),
        1,
        "one scan asked, one did not"
    );
}

#[test]
fn exit_codes_follow_the_threshold_and_the_flags() {
    let stage = Stage::of(LONE);
    // No KMS key, no CloudWatch Logs, no Object Lock: failures, none of them critical.
    assert_eq!(stage.run(&["scan"]).code, 1);
    assert_eq!(stage.run(&["scan", "--fail-on", "critical"]).code, 0);
    assert_eq!(stage.run(&["scan", "--exit-zero"]).code, 0);
    let stage = Stage::of(&format!("{LONE}\ndenies:\n  - {{ action: \"s3:GetBucketVersioning\" }}\n"));
    assert_eq!(stage.run(&["scan", "--fail-on", "critical"]).code, 3);
    assert_eq!(stage.run(&["scan", "--fail-on", "critical", "--allow-unknown"]).code, 0);
}

#[test]
fn a_place_that_could_not_be_read_never_ends_in_exit_code_zero() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let stage = Stage::of(&format!(
        "{world}\ndenies:\n  - {{ action: \"cloudtrail:DescribeTrails\", account: sandbox, region: ap-south-1 }}\n"
    ));
    let (code, report) = stage.scan(&["--fail-on", "critical"]);
    assert_eq!(code, 3);
    assert_eq!(report["unread"][0]["region"], "ap-south-1");
}

#[test]
fn an_organization_trail_seen_in_every_account_and_region_is_one_trail_with_one_verdict_per_rule() {
    let (_, report) = four_accounts().scan(&[]);
    let verdicts = report["verdicts"].as_array().unwrap();
    let of_trail = |rule: &str| {
        verdicts
            .iter()
            .filter(|verdict| verdict["rule"] == rule && verdict["subject"]["name"] == "organization-audit")
            .count()
    };
    for rule in
        ["trail-logging", "log-delivery", "log-file-validation", "log-encryption", "data-events-scoped"]
    {
        assert_eq!(of_trail(rule), 1, "{rule}");
    }
}

#[test]
fn regions_given_by_the_user_bound_what_is_asked_and_what_is_said() {
    let stage = four_accounts();
    let (_, report) = stage.scan(&["--regions", "us-east-1,eu-west-1"]);
    assert_eq!(report["run"]["scope"]["regions"], serde_json::json!(["eu-west-1", "us-east-1"]));
    for request in stage.replica.requests() {
        assert_ne!(request.operation, "ListRegions");
        if request.operation == "DescribeTrails" {
            assert!(["us-east-1", "eu-west-1"].contains(&request.region.as_str()), "{}", request.region);
        }
    }
}

#[test]
fn a_report_never_replaces_a_file_by_half_of_one() {
    let stage = four_accounts();
    let run =
        stage.run(&["scan", "--output", "json=reports/deep/results.json", "--output", "html=report.html"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(stage.read("reports/deep/results.json").ends_with("}\n"));
    assert!(stage.read("report.html").trim_end().ends_with("</html>"));
    let left: Vec<_> =
        std::fs::read_dir(stage.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("partial")), "{left:?}");
    let run = stage.run(&["scan", "--output", "json=report.html/results.json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot write report.html/results.json"), "{}", run.stderr);
}

#[test]
fn ctrl_c_keeps_what_was_collected_and_marks_the_rest() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let stage = Stage::of(&format!("latency: 150ms\n{world}"));
    let mut command = support::trailproof(&["scan", "--format", "json", "--concurrency", "4"]);
    command
        .envs(stage.replica.environment("auditor"))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    while stage.replica.requests().len() < 25 {
        std::thread::yield_now();
    }
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let run = support::Run::of(child.wait_with_output().unwrap());
    assert!([1, 3].contains(&run.code), "exit code {}: {}", run.code, run.stderr);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["run"]["interrupted"], true);
    assert!(run.stdout.contains("\"interrupted\""), "gaps say why");
    assert!(!report["unread"].as_array().unwrap().is_empty());
}

#[test]
fn the_organization_can_be_scanned_from_a_delegated_administrator() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let delegation = "organization:\n  delegated_administrators: [{ account: workload, services: [cloudtrail.amazonaws.com] }]\n";
    let stage = Stage::of(&world.replace("organization:\n", delegation));
    let from_management = verdicts(&stage.scan(&[]).1);
    let run = stage.run_as("member", &["scan", "--format", "json"]);
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    assert_eq!(verdicts(&report), from_management);
}

#[test]
fn an_external_id_reaches_the_role_that_asks_for_it() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let stage = Stage::of(&format!("roles: [{{ name: auditors, external_id: sesame }}]\n{world}"));
    let unread = |arguments: &[&str]| stage.scan(arguments).1["unread"].as_array().unwrap().len();
    assert!(unread(&["--role-name", "auditors"]) >= 3);
    assert_eq!(unread(&["--role-name", "auditors", "--external-id", "sesame"]), 0);
}

#[test]
fn other_partitions_have_their_own_arns_and_regions() {
    for (partition, region) in [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-east-1")] {
        let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
        let world = world
            .replace("us-east-1", region)
            .replace("eu-west-1", region)
            .replace("arn:aws:", &format!("arn:{partition}:"));
        let stage = Stage::of(&format!("partition: {partition}\n{world}"));
        let (_, report) = stage.scan(&[]);
        let found = verdicts(&report);
        assert_eq!(report["run"]["partition"], partition);
        assert_eq!(report["unread"].as_array().unwrap().len(), 0, "{report:#}");
        assert_eq!(found["management-event-coverage 333333333333"], "pass");
        assert_eq!(found["organization-trail o-replica001"], "pass");
        assert!(found.keys().any(|verdict| {
            verdict.starts_with(&format!("trail-logging arn:{partition}:cloudtrail:{region}:"))
        }));
    }
}

#[test]
fn a_profile_on_the_command_line_wins_over_keys_in_the_environment() {
    let stage = four_accounts();
    let other = stage.replica.environment("member");
    let key = |name: &str| other.iter().find(|(known, _)| known == name).unwrap().1.clone();
    stage.write(
        "config",
        &format!(
            "[profile other]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            key("AWS_ACCESS_KEY_ID"),
            key("AWS_SECRET_ACCESS_KEY")
        ),
    );
    let scan = |profile: &str| {
        let mut command =
            support::trailproof(&["scan", "--account-only", "--format", "json", "--profile", profile]);
        command.envs(stage.replica.environment("auditor")).env("AWS_CONFIG_FILE", stage.path("config"));
        support::Run::of(command.output().unwrap())
    };
    let report: serde_json::Value = serde_json::from_str(&scan("other").stdout).unwrap();
    assert_eq!(report["run"]["caller_account"], "333333333333");
    stops(&scan("nope"), "no AWS credentials", "nope");
}

#[test]
fn a_moment_before_the_collection_is_no_moment_to_judge_by() {
    let stage = four_accounts();
    assert_eq!(stage.run(&["collect", "-o", "evidence.json"]).code, 0);
    stops(
        &stage.run(&["check", "evidence.json", "--as-of", "2020-01-01T00:00:00Z"]),
        "2020-01-01",
        "--as-of",
    );
}

#[test]
fn evidence_without_content_is_no_evidence() {
    let stage = four_accounts();
    stage.run(&["collect", "-o", "evidence.json"]);
    let mut evidence: serde_json::Value = serde_json::from_str(&stage.read("evidence.json")).unwrap();
    evidence["accounts"]["333333333333"]["regions"]["known"]["value"] = serde_json::json!([]);
    stage.write("edited.json", &evidence.to_string());
    stops(&stage.run(&["check", "edited.json"]), "no region of account 333333333333", "");
    evidence["accounts"] = serde_json::json!({});
    stage.write("edited.json", &evidence.to_string());
    stops(&stage.run(&["check", "edited.json"]), "no account", "");
}

#[test]
fn two_reports_do_not_share_a_file() {
    stops(&run(&["scan", "--output", "html=same", "--output", "json=same"]), "same", "a file of its own");
}

#[test]
fn account_only_and_filters_of_accounts_exclude_each_other() {
    stops(&run(&["scan", "--account-only", "--accounts", "111111111111"]), "--account-only", "--accounts");
    stops(&run(&["scan", "--role-name", "a b"]), "a b", "trailproof-audit");
}

#[test]
fn an_early_ctrl_c_is_not_blamed_on_credentials() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let stage = Stage::of(&format!("{world}\nfaults: [{{ operation: ListAccounts, kind: Hang }}]\n"));
    let mut command = support::trailproof(&["scan"]);
    command.envs(stage.replica.environment("auditor"));
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    while !stage.replica.requests().iter().any(|request| request.operation == "DescribeOrganization") {
        std::thread::yield_now();
    }
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    stops(&support::Run::of(child.wait_with_output().unwrap()), "stopped before anything was collected", "");
}

#[test]
fn a_region_that_stands_still_or_cannot_deliver_fails_the_trail_and_is_named() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let status = "status: { regions: { us-west-2: { logging: false }, eu-west-3: { latest_delivery_error: AccessDenied } } }\n    bucket: acme-logs";
    let stage = Stage::of(&world.replacen("bucket: acme-logs", status, 1));
    let (_, report) = stage.scan(&[]);
    let of = |rule: &str, id: &str| {
        let all = report["verdicts"].as_array().unwrap();
        all.iter()
            .find(|one| one["rule"] == rule && one["subject"]["id"].as_str().unwrap().contains(id))
            .unwrap()
            .clone()
    };
    assert_eq!(of("trail-logging", "organization-audit")["status"], "pass");
    let logging = of("trail-replica-logging", "organization-audit");
    assert_eq!(logging["status"], "fail");
    assert!(logging["message"].as_str().unwrap().contains("us-west-2"), "{logging}");
    let coverage = of("management-event-coverage", "222222222222");
    assert_eq!(coverage["status"], "fail");
    assert!(coverage["message"].as_str().unwrap().contains("us-west-2"), "{coverage}");
}

#[test]
fn a_delegated_administrator_reads_the_organization_trail_without_a_role_in_the_management_account() {
    let world = std::fs::read_to_string(fixture("tests/worlds/four-accounts.yaml")).unwrap();
    let delegation = "organization:\n  delegated_administrators: [{ account: workload, services: [cloudtrail.amazonaws.com] }]\n";
    let world = world.replace("organization:\n", delegation);
    let stage = Stage::of(&world.replace("id: \"111111111111\" }", "id: \"111111111111\", roles: [] }"));
    let run = stage.run_as("member", &["scan", "--format", "json"]);
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let found = verdicts(&report);
    assert_eq!(found["management-event-coverage 222222222222"], "pass");
    let trail = "arn:aws:cloudtrail:us-east-1:111111111111:trail/organization-audit";
    assert_eq!(found[&format!("trail-logging {trail}")], "pass");
    assert_eq!(found[&format!("data-events-scoped {trail}")], "not_applicable");
    assert_eq!(report["unread"][0]["account"], "111111111111");
}
