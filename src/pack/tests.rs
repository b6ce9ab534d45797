use super::*;
use crate::diagnostic::render_all;

mod alerts;

/// A rule without a mistake; the mistakes below are made in it.
const GOOD: &str = r#"id: trail-age
title: Trail age
subject: trail
severity: low
when: trail.is_multi_region
assert: trail.hours_since_delivery < parameters.hours
message: "{{ trail.name }} has not delivered for {{ parameters.hours }} hours"
why: Silence hides things.
remedy:
  text: Look at {{ trail.name }}.
  cli: aws cloudtrail get-trail-status --name {{ trail.arn }}
parameters:
  hours: { type: int, default: 24, doc: Hours without a delivery., minimum: 1 }
references: [https://example.com/a]
examples:
  - name: fresh
    expect: pass
    facts: { is_multi_region: true, hours_since_delivery: 1 }
  - name: stale
    expect: fail
    facts: { is_multi_region: true, hours_since_delivery: 30, name: audit }
    message: audit has not delivered for 24 hours
"#;

const MANIFEST: &str = "id: test\ntitle: Test\nversion: '1'\n";

fn load(manifest: &str, rules: &[(&str, &str)]) -> Result<Pack, Vec<Diagnostic>> {
    let rules = rules.iter().map(|(name, text)| Source::new(format!("pack/{name}"), *text));
    Pack::load(std::iter::once(Source::new("pack/pack.yaml", manifest)).chain(rules).collect())
}

fn good() -> Pack {
    load(MANIFEST, &[("trail-age.yaml", GOOD)])
        .unwrap_or_else(|found| panic!("{}", render_all(&found, false)))
}

/// What is said when `from` in the good rule is `to`.
fn mistake(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    match load(MANIFEST, &[("trail-age.yaml", &GOOD.replacen(from, to, 1))]) {
        Ok(_) => "no mistake found".to_owned(),
        Err(found) => render_all(&found, false),
    }
}

macro_rules! mistakes {
    ($($name:ident: $from:expr => $to:expr;)+) => { $(
        #[test]
        fn $name() {
            let shown = mistake($from, $to);
            assert!(shown.contains("--> pack/trail-age.yaml:"), "{shown}");
            insta::assert_snapshot!(stringify!($name), shown);
        }
    )+ };
}

mistakes! {
    an_unknown_fact: "trail.hours_since_delivery <" => "trail.hours_since_delivry <";
    an_unknown_variable: "when: trail.is_multi_region" => "when: trial.is_multi_region";
    a_fact_without_its_subject: "when: trail.is_multi_region" => "when: is_multi_region";
    an_unknown_function: "when: trail.is_multi_region" => "when: trail.name.startswith('a')";
    operands_of_different_types: "< parameters.hours" => "< '24'";
    a_condition_that_is_a_number: "when: trail.is_multi_region" => "when: trail.hours_since_delivery";
    an_expression_that_ends_early: "when: trail.is_multi_region" => "when: trail.is_multi_region &&";
    a_single_equals_sign: "when: trail.is_multi_region" => "when: trail.name = 'a'";
    an_expression_over_two_lines: "when: trail.is_multi_region" => "when: >-\n  trail.is_multi_region\n    && trail.nmae != ''";
    a_quoted_expression: "when: trail.is_multi_region" => "when: 'trail.name == ''a'' && trail.nmae != ''b'''";
    has_on_a_declared_fact: "when: trail.is_multi_region" => "when: has(trail.is_logging)";
    a_bad_regular_expression: "when: trail.is_multi_region" => "when: trail.name.matches('a(b')";
    an_unknown_parameter: "< parameters.hours" => "< parameters.hour";
    a_parameter_that_nobody_uses: "parameters:\n" => "parameters:\n  days: { type: int, default: 1, doc: Days. }\n";
    a_default_of_another_type: "default: 24" => "default: a day";
    a_default_below_the_minimum: "minimum: 1" => "minimum: 48";
    an_unknown_key: "severity: low" => "severty: low";
    an_unknown_severity: "severity: low" => "severity: hihg";
    an_unknown_subject: "subject: trail" => "subject: trails";
    a_key_given_twice: "title: Trail age" => "title: Trail age\ntitle: Again";
    an_id_that_is_not_the_file_name: "id: trail-age" => "id: trail-agee";
    an_id_that_is_not_kebab: "id: trail-age" => "id: Trail_Age";
    no_failing_example: "expect: fail" => "expect: unknown";
    an_example_that_comes_out_otherwise: "hours_since_delivery: 30" => "hours_since_delivery: 3";
    an_example_with_another_message: "message: audit has" => "message: audit had";
    an_example_with_an_unknown_fact: "hours_since_delivery: 30" => "hours_since_delivry: 30";
    an_example_with_a_fact_of_another_type: "hours_since_delivery: 30" => "hours_since_delivery: thirty";
    a_template_that_does_not_close: "Look at {{ trail.name }}" => "Look at {{ trail.name }";
    a_template_with_an_unknown_fact: "Look at {{ trail.name }}" => "Look at {{ trail.nmae }}";
    a_template_with_an_unknown_variable: "Look at {{ trail.name }}" => "Look at {{ bucket.name }}";
    a_reason_for_not_applying_with_an_unknown_fact: "why: Silence" => "not_applicable: \"{{ trail.nmae }} is regional\"\nwhy: Silence";
    a_reason_for_not_applying_of_a_rule_that_always_applies: "when: trail.is_multi_region" => "not_applicable: it is regional";
    an_example_with_another_reason_for_not_applying: "  - name: stale" => "  - name: regional\n    expect: not-applicable\n    facts: { is_multi_region: false }\n    message: it is regional\n  - name: stale";
    a_value_in_quotes_in_a_command: "--name {{ trail.arn }}" => "--name '{{ trail.arn }}'";
    a_number_where_text_is_needed: "title: Trail age" => "title: 4.2";
    a_missing_key: "why: Silence hides things.\n" => "";
    a_link_that_is_none: "https://example.com/a" => "javascript:alert(1)";
    a_quote_at_the_start: "when: trail.is_multi_region" => "when: 'a' == trail.name";
    broken_yaml: "references: [https" => "references: [[https";
    a_tag_that_is_not_kebab: "severity: low" => "severity: low\ntags: [cost, Log_Bucket]";
    a_flag_that_is_text: "severity: low" => "severity: low\noptional: yes";
    an_unknown_framework: "severity: low" => "severity: low\ncontrols: { cis-aws-7: ['4.1'] }";
    a_framework_that_nobody_describes: "severity: low" => "severity: low\ncontrols: { house-rules: ['1'] }";
    an_unknown_control: "severity: low" => "severity: low\ncontrols:\n  cis-aws-7.0: ['4.1', '4.22']";
    a_control_named_twice: "severity: low" => "severity: low\ncontrols: { cis-aws-7.0: ['4.1', '4.2', '4.1'] }";
    a_control_number_without_quotes: "severity: low" => "severity: low\ncontrols: { cis-aws-7.0: [4.1] }";
    a_condition_that_never_holds: "when: trail.is_multi_region" => "when: trail.is_multi_region && !trail.is_multi_region";
    a_condition_that_is_false: "when: trail.is_multi_region" => "when: false";
    an_assertion_that_cannot_fail: "assert: trail.hours_since_delivery < parameters.hours" => "assert: trail.hours_since_delivery < parameters.hours || true";
    and_in_words: "when: trail.is_multi_region" => "when: trail.is_multi_region AND trail.is_logging";
    not_in_words: "when: trail.is_multi_region" => "when: not trail.is_multi_region";
    a_single_and_sign: "when: trail.is_multi_region" => "when: trail.is_multi_region & trail.is_logging";
    a_truth_in_capitals: "when: trail.is_multi_region" => "when: trail.is_multi_region == True";
    a_string_that_a_comment_cuts: "when: trail.is_multi_region" => "when: trail.name != \" # \"";
    a_bracket_that_is_never_closed: "when: trail.is_multi_region" => "when: (trail.is_multi_region || trail.is_logging";
    a_condition_of_literals: "when: trail.is_multi_region" => "when: size('ab') == 3";
    an_assertion_that_reads_no_fact: "trail.hours_since_delivery <" => "3 <";
    a_template_without_quotes: "\"{{ trail.name }} has not delivered for {{ parameters.hours }} hours\"" => "{{ trail.name }} is silent";
    an_exclamation_mark_at_the_start: "when: trail.is_multi_region" => "when: !trail.is_multi_region";
    a_quote_that_is_never_closed: "hours }} hours\"" => "hours }} hours";
    an_alias_without_an_anchor: "why: Silence hides things." => "why: *everything";
    a_parameter_without_its_declaration: "hours: { type: int, default: 24, doc: Hours without a delivery., minimum: 1 }" => "hours: 24";
    a_type_of_a_parameter_that_does_not_exist: "type: int" => "type: integer";
    facts_below_the_name_of_the_subject: "facts: { is_multi_region: true, hours_since_delivery: 1 }" => "facts: { trail: { is_multi_region: true } }";
    a_fact_far_from_every_other: "when: trail.is_multi_region" => "when: trail.xyz";
    a_text_where_a_list_is_needed: "severity: low" => "severity: low\ntags: cost";
    a_missing_subject: "subject: trail\n" => "";
    a_hidden_character: "title: Trail age" => "title: Trail \u{202e}age";
}

#[test]
fn lists_that_may_be_incomplete_can_only_be_asked_all_and_exists() {
    let rule = |assert: &str| {
        GOOD.replace("subject: trail", "subject: account")
            .replace("when: trail.is_multi_region\n", "")
            .replace("trail.hours_since_delivery < parameters.hours", &format!("{assert:?}"))
            .replace("trail.", "account.")
            .replace("account.arn", "account.id")
    };
    for assert in [
        "size(account.regions) > 3",
        "account.regions[0].records_management_reads",
        "account.regions.exists_one(r, r.records_management_reads)",
        "account.regions.filter(r, r.records_management_reads).size() > 1",
        "account.regions.map(r, r.name) == ['a']",
        "'a' in account.regions.map(r, r.name)",
        "account.regions == account.regions",
        "[1].exists(i, account.regions.exists(r, r.records_management_reads))",
        "string(account.regions.all(r, r.records_management_reads)) == 'true'",
    ] {
        let found = load(MANIFEST, &[("trail-age.yaml", &rule(assert))]).unwrap_err();
        let shown = render_all(&found, false);
        assert!(shown.contains("may be incomplete"), "{assert}\n{shown}");
    }
}

#[test]
fn all_mistakes_of_all_files_are_shown_at_once() {
    let first =
        GOOD.replace("severity: low", "severity: lo").replace("trail.is_multi_region\n", "trail.is_multi\n");
    let second = GOOD.replace("id: trail-age", "id: second").replace("why: Silence hides things.\n", "");
    let found =
        load("id: test\ntitel: Test\n", &[("trail-age.yaml", &first), ("second.yaml", &second)]).unwrap_err();
    insta::assert_snapshot!("all_mistakes_of_all_files", render_all(&found, false));
}

#[test]
fn an_alias_that_is_another_rule_is_refused() {
    let second = GOOD.replace("id: trail-age", "id: second\naliases: [trail-age]");
    let found = load(MANIFEST, &[("trail-age.yaml", GOOD), ("second.yaml", &second)]).unwrap_err();
    insta::assert_snapshot!("an_alias_that_is_another_rule", render_all(&found, false));
}

#[test]
fn parameters_are_set_by_the_manifest_and_by_the_user() {
    let mut pack =
        load(&format!("{MANIFEST}parameters: {{ hours: 12 }}\n"), &[("trail-age.yaml", GOOD)]).unwrap();
    assert_eq!(pack.rules[0].values, serde_json::json!({ "hours": 12 }));
    set_parameters(std::slice::from_mut(&mut pack), &[Setting::option("hours", "6")]).unwrap();
    assert_eq!(pack.rules[0].values, serde_json::json!({ "hours": 6 }));
}

#[test]
fn wrong_settings_say_what_was_expected() {
    let settings =
        [("hours", "soon"), ("hours", "0"), ("hour", "3")].map(|(name, text)| Setting::option(name, text));
    let found = set_parameters(&mut [good()], &settings).unwrap_err();
    insta::assert_snapshot!("wrong_settings", render_all(&found, false));
}

#[test]
fn a_list_is_set_with_commas() {
    let rule = GOOD
        .replace(
            "type: int, default: 24, doc: Hours without a delivery., minimum: 1",
            "type: list<string>, default: [], doc: Names.",
        )
        .replace("trail.hours_since_delivery < parameters.hours", "trail.name in parameters.hours")
        .replace("hours_since_delivery: 1 }", "name: audit }\n    parameters: { hours: [audit] }")
        .replace("for 24 hours", "for  hours")
        .replace("for  hours\n", "for hours\n");
    let mut pack =
        load(MANIFEST, &[("trail-age.yaml", &rule)]).unwrap_or_else(|f| panic!("{}", render_all(&f, false)));
    set_parameters(std::slice::from_mut(&mut pack), &[Setting::option("hours", "a, b,")]).unwrap();
    assert_eq!(pack.rules[0].values, serde_json::json!({ "hours": ["a", "b"] }));
}

#[test]
fn a_billion_laughs_deep_nesting_and_a_huge_file_are_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        laughs = format!("{laughs}a{level}: &a{level} [{before}]\n");
    }
    let deep = "a: ".to_owned() + &"[".repeat(5_000) + &"]".repeat(5_000);
    let huge = "#".repeat(300_000);
    let parens = GOOD.replace("when: trail", &format!("when: {}trail", "(".repeat(800)));
    let sum = GOOD.replace("when: trail", &format!("when: {} == 1 && trail", vec!["1"; 900].join("+")));
    for (text, said) in [
        (laughs, "nested too deeply, too large or repeats itself"),
        (deep, ":1:"),
        (huge, "300000 bytes"),
        (parens, "more than 20 brackets"),
        (sum, "nested more than 100 levels"),
    ] {
        let found = load(MANIFEST, &[("trail-age.yaml", &text)]).unwrap_err();
        let shown = render_all(&found, false);
        assert!(shown.contains(said), "{}", shown.chars().take(2_000).collect::<String>());
    }
}

#[test]
fn the_digest_depends_on_names_and_texts_and_not_on_order_or_place() {
    let file = |name: &str, text: &str| Source::new(name, text);
    let one = digest(&[&file("x/a.yaml", "1"), &file("x/b.yaml", "2")]);
    assert_eq!(one, digest(&[&file("y/b.yaml", "2"), &file("y/a.yaml", "1")]));
    assert_ne!(one, digest(&[&file("a.yaml", "2"), &file("b.yaml", "1")]));
    assert_ne!(one, digest(&[&file("a.yaml", "1b"), &file(".yaml", "2")]));
}

#[test]
fn a_pack_id_in_words_is_refused() {
    let manifest = MANIFEST.replace("id: test", "id: Our Test");
    let found = load(&manifest, &[("trail-age.yaml", GOOD)]).unwrap_err();
    insta::assert_snapshot!("a_pack_id_in_words", render_all(&found, false));
}

#[test]
fn a_pack_without_a_manifest_is_refused() {
    let found = Pack::load(vec![Source::new("trail-age.yaml", GOOD)]).unwrap_err();
    assert!(render_all(&found, false).contains("there is no `pack.yaml`"));
}

#[test]
fn the_summary_shows_the_remedy_without_template_marks() {
    let summary = good().rules[0].summary();
    assert_eq!(&*summary.remedy.cli, "aws cloudtrail get-trail-status --name <trail.arn>");
    assert_eq!(&*summary.remedy.text, "Look at <trail.name>.");
    assert_eq!(summary.parameters["hours"], 24);
}

/// What the good rule says of a trail of one region, when it says `reason` where it does not apply.
fn said_of_regional(reason: &str, facts: &str, message: &str) -> Result<Pack, Vec<Diagnostic>> {
    let example = format!(
        "  - name: regional\n    expect: not-applicable\n    facts: {{ is_multi_region: false{facts} }}\n    message: {message:?}\n"
    );
    let rule = GOOD.replace("why: Silence", &format!("{reason}why: Silence")) + &example;
    load(MANIFEST, &[("trail-age.yaml", &rule)])
}

#[test]
fn a_rule_says_why_it_does_not_apply() {
    let said = |reason: &str, facts: &str, message: &str| {
        said_of_regional(reason, facts, message)
            .unwrap_or_else(|found| panic!("{}", render_all(&found, false)))
    };
    said("", "", "Trail age: does not apply here");
    let reason = "not_applicable: \"{{ trail.name }} is for one\\n region\"\n";
    let pack = said(reason, ", name: audit", "audit is for one region");
    assert_eq!(pack.rules[0].not_applicable().as_deref(), Some("<trail.name> is for one\n region"));
    let reason = "not_applicable: \"{% if trail.is_logging %}on{% else %}off{% endif %}\"\n";
    said(reason, ", is_logging: false", "off");
    said(reason, "", "Trail age: does not apply here");
    assert!(said_of_regional(reason, ", is_logging: true", "off").is_err());
}

mod compose;
mod folders;
mod frameworks;
mod guard;
mod hostile;
mod notes;
mod schema;
