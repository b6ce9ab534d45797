//! What `policy check` finds before a rule judges anything.

use super::{RULE, pack, run_in};

/// A change of the good rule, and what must be said of it: place and title.
const MISTAKES: [(&str, &str, &str, &str); 15] = [
    ("a wrong type", "< parameters.hours", "< 'soon'", "6:36: `<` takes two ints or two strings"),
    (
        "a condition of another type",
        "when: trail.is_multi_region",
        "when: trail.name",
        "5:7: a condition is needed here",
    ),
    (
        "a text for a list",
        "severity: low",
        "severity: low\ntags: cost",
        "5:7: `tags` must be a list, found a string",
    ),
    (
        "an unknown fact",
        "is_multi_region\nassert",
        "is_multi_regio\nassert",
        "5:13: there is no fact `is_multi_regio`",
    ),
    ("an unknown key", "severity: low", "severty: low", "4:1: a rule has no key `severty`"),
    (
        "a fact of an example that is unknown",
        "hours_since_delivery: 30",
        "hours_since: 30",
        "18:37: there is no fact `hours_since`",
    ),
    (
        "a dead parameter",
        "parameters:\n",
        "parameters:\n  days: { type: int, default: 1, doc: D. }\n",
        "11:3: the parameter `days` is never used",
    ),
    ("a condition that is false", "when: trail.is_multi_region", "when: false", "5:7: `when` never holds"),
    (
        "a condition against itself",
        "when: trail.is_multi_region",
        "when: trail.name == 'a' && trail.name == 'b'",
        "5:7: `when` never holds",
    ),
    ("a condition of literals", "when: trail.is_multi_region", "when: 1 > 2", "5:7: `when` never holds"),
    ("no failing example", "expect: fail", "expect: unknown", "1:5: `trail-age` has no example that fails"),
    ("no passing example", "expect: pass", "expect: unknown", "1:5: `trail-age` has no example that passes"),
    (
        "an unknown control",
        "severity: low",
        "severity: low\ncontrols: { cis-aws-7.0: ['4.1', '9.99'] }",
        "5:35: `cis-aws-7.0` has no control `9.99`",
    ),
    (
        "a message with what the subject lacks",
        "{{ trail.name }} has",
        "{{ trail.retention_days }} has",
        "7:20: there is no fact `retention_days`",
    ),
    (
        "`has` on a declared fact",
        "when: trail.is_multi_region",
        "when: has(trail.is_multi_region)",
        "5:7: `has` cannot be asked about `is_multi_region`",
    ),
];

#[test]
fn each_mistake_of_an_author_is_found_at_its_place() {
    for (what, from, to, expected) in MISTAKES {
        assert!(RULE.contains(from), "{what}");
        let folder = pack(&RULE.replacen(from, to, 1));
        let checked = run_in(folder.path(), &["policy", "check", "ours", "--format", "json"]);
        assert_eq!((checked.code, checked.stderr.as_str()), (1, ""), "{what}");
        let found: Vec<serde_json::Value> = serde_json::from_str(&checked.stdout).unwrap();
        let lines: Vec<String> = found
            .iter()
            .map(|it| format!("{}:{}: {}", it["line"], it["column"], it["title"].as_str().unwrap()))
            .collect();
        assert!(lines.iter().any(|line| line.starts_with(expected)), "{what}: {lines:#?}");
        assert!(found.iter().all(|it| it["file"] == "ours/trail-age.yaml"), "{what}: {lines:#?}");
    }
}

#[test]
fn an_id_that_two_files_have_is_shown_in_both() {
    let folder = pack(RULE);
    let second = RULE.replace("id: trail-age", "id: trail-silence\naliases: [trail-age]");
    std::fs::write(folder.path().join("ours/trail-silence.yaml"), second).unwrap();
    let checked = run_in(folder.path(), &["policy", "check", "ours"]);
    assert_eq!(checked.code, 1);
    assert!(checked.stdout.contains("error: the rule id `trail-age` is used twice"), "{}", checked.stdout);
    assert!(checked.stdout.contains("--> ours/trail-silence.yaml:1:5"), "{}", checked.stdout);
    assert!(checked.stdout.contains("::: ours/trail-age.yaml:1:5"), "{}", checked.stdout);
    assert!(checked.stdout.ends_with("1 mistake\n"), "{}", checked.stdout);
}

#[test]
fn a_rule_that_several_paths_name_counts_once_and_one_without_logic_has_nothing_to_change() {
    let folder = pack(RULE);
    let checked = run_in(folder.path(), &["policy", "check", "ours", "ours/trail-age.yaml"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (0, "no mistakes in 1 rule\n"));
    let written = ["policy", "new", "plain", "--subject", "trail", "--dir", "theirs"];
    assert_eq!(run_in(folder.path(), &written).code, 0);
    let path = folder.path().join("theirs/plain.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let filled = text.replace("message:\n", "message: m\n").replace("why:\n", "why: w\n");
    std::fs::write(&path, filled.replace("  text:\n", "  text: t\n")).unwrap();
    let tested = run_in(folder.path(), &["policy", "test", "theirs", "--mutate"]);
    assert_eq!(tested.code, 0, "{}", tested.stderr);
    assert!(
        tested.stdout.ends_with("no changes to try: nothing is joined, compared or negated\n"),
        "{}",
        tested.stdout
    );
}
