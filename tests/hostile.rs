//! Whatever an account, a trail or a tag is called, every report shows it harmless.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use support::Stage;

/// A script, a table cell, a terminal escape, a formula, a bidi override and a line break.
const NAME: &str = r"=cmd()|<script>alert(1)</script>\e[31m\u202Eevil\n::error::x [a](javascript:b) @all `c`";

/// The same without colons, for names that are part of an ARN.
const PART: &str = r"=cmd()|<script>alert(1)</script>\e[31m\u202Eevil\n@all `c`";

fn world() -> String {
    WORLD.replace("NAME", NAME).replace("PART", PART)
}

/// Whatever has a name or a text that reports show: names, tags, patterns, statements of policies, conditions, errors.
const WORLD: &str = r#"
organization:
  id: o-hostile1234
  units: [{ name: "NAME" }]
  policies:
    - name: "NAME"
      targets: [root]
      document:
        Version: "2012-10-17"
        Statement:
          - Sid: "NAME"
            Effect: Deny
            Action: ["cloudtrail:StopLogging", "cloudtrail:NAME"]
            Resource: "*"
            Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/NAME" } }
accounts:
  - { name: "NAME", id: "111111111111" }
  - { name: "second NAME", id: "222222222222", unit: "NAME" }
callers:
  - { name: auditor, account: "111111111111", access_key: AKIAAUDITOR000000001, secret_key: not-a-secret }
trails:
  - name: "tNAME"
    account: "111111111111"
    home_region: us-east-1
    validation: false
    bucket: logs
    kms_key: trail
    log_group: audit
    log_role: "arn:aws:iam::111111111111:role/NAME"
    topic: "arn:aws:sns:us-east-1:111111111111:PART"
    tags: { "NAME": "NAME" }
    insights: [{ InsightType: "NAME" }]
    status: { default: { latest_delivery_error: "NAME", latest_notification_error: "NAME", latest_log_group_error: "NAME" } }
buckets:
  - name: logs
    account: "111111111111"
    region: us-east-1
    ownership: ObjectWriter
    tags: { "NAME": "NAME" }
    acl: [{ grantee: "NAME", permission: FULL_CONTROL }]
    lifecycle: [{ id: "NAME", expiration_days: 1, noncurrent_expiration_days: 1 }]
    logging: { bucket: "NAME" }
    replication: [{ id: "NAME", bucket: "NAME" }]
    policy:
      Version: "2012-10-17"
      Statement:
        - { Sid: "NAME", Effect: Allow, Principal: { Service: cloudtrail.amazonaws.com }, Action: "s3:PutObject", Resource: "arn:aws:s3:::logs/*" }
        - { Sid: "second NAME", Effect: Allow, Principal: { AWS: "NAME" }, Action: ["s3:DeleteObject", "s3:NAME"], Resource: "arn:aws:s3:::logs/*" }
        - { Sid: "third NAME", Effect: Allow, Principal: "*", Action: "s3:DeleteObject", Resource: "*", Condition: { StringLike: { "aws:NAME": "NAME" } } }
keys:
  - alias: trail
    account: "111111111111"
    region: us-east-1
    description: "NAME"
    policy:
      Version: "2012-10-17"
      Statement:
        - { Sid: "NAME", Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*" }
event_data_stores:
  - { name: "NAME", account: "111111111111", retention_days: 7, termination_protection: false, tags: { "NAME": "NAME" } }
log_groups:
  - name: audit
    account: "111111111111"
    region: us-east-1
    retention_days: 1
    metric_filters:
      - { name: "root NAME", pattern: '{ $.userIdentity.type = "Root" }', metric: "NAME", namespace: "NAME", value: "0" }
      - { name: "vpc NAME", pattern: "{ $.eventSource = ec2.amazonaws.com }", metric: "vpc NAME", namespace: Trail }
      - { name: "NAME", pattern: "{ NAME }", metric: "other NAME", namespace: Trail }
alarms:
  - { name: "NAME", account: "111111111111", region: us-east-1, metric: "vpc NAME", namespace: Trail, description: "NAME", actions: ["arn:aws:sns:us-east-1:111111111111:PART"] }
  - { name: "other NAME", account: "111111111111", region: us-east-1, rule: "ALARM(\"NAME\")", actions: ["arn:aws:lambda:us-east-1:111111111111:NAME"] }
topics:
  - { name: "PART", account: "111111111111", region: us-east-1, subscriptions: [{ protocol: email, endpoint: "NAME", state: pending }] }
event_rules:
  - { name: "NAME", account: "111111111111", region: us-east-1, state: DISABLED, pattern: { source: [aws.cloudtrail], detail: { eventName: ["NAME", DeleteTrail] } }, targets: [{ id: "NAME", arn: "arn:aws:sqs:us-east-1:111111111111:NAME" }] }
"#;

fn is_harmful(character: char) -> bool {
    let is_control = character.is_control() && character != '\n';
    is_control
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2066}'..='\u{2069}').contains(&character)
}

#[test]
fn hostile_names_are_harmless_in_every_format() {
    let stage = Stage::of(&world());
    for format in ["text", "json", "sarif", "html", "markdown"] {
        let run = stage.run(&["scan", "--verbose", "--format", format, "--color", "never"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        let harmful: Vec<_> = run.stdout.chars().filter(|character| is_harmful(*character)).collect();
        assert!(harmful.is_empty(), "{format} contains {harmful:?}");
        assert!(run.stdout.contains("evil"), "{format} does not show the name at all");
        // Inside a code span, which two backticks begin and end, Markdown is text.
        let markup = if format == "markdown" {
            run.stdout.split("``").step_by(2).collect()
        } else {
            run.stdout.clone()
        };
        let script = ["html", "markdown"].contains(&format) && markup.contains("<script>alert");
        assert!(!script, "{format} contains the script");
        if ["text", "markdown"].contains(&format) {
            assert!(
                !run.stdout.lines().any(|line| line.starts_with("::error") || line.starts_with("=cmd")),
                "{format}"
            );
        }
    }
}

#[test]
fn hostile_names_are_harmless_in_errors() {
    let stage = Stage::of(&world());
    let run = stage.run(&["scan", "--ou", "\u{1b}[31m\u{202e}x"]);
    assert_eq!(run.code, 2);
    assert!(!run.stderr.chars().any(is_harmful), "{:?}", run.stderr);
}

#[test]
fn no_secret_of_the_caller_reaches_a_report_the_evidence_or_a_log() {
    let stage = Stage::of(&world());
    let mut command =
        support::trailproof(&["scan", "--verbose", "--format", "json", "--evidence", "evidence.json"]);
    command.envs(stage.replica.environment("auditor")).current_dir(stage.folder.path());
    command.env("TRAILPROOF_LOG", "trailproof=trace,aws_config=debug,aws_smithy_runtime=debug");
    let run = support::Run::of(command.output().unwrap());
    let all = format!("{}{}{}", run.stdout, run.stderr, stage.read("evidence.json"));
    assert!(all.len() > 1000);
    assert!(!all.contains("not-a-secret"));
}
