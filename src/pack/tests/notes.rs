//! What works, but probably not as meant: warnings, which do not keep a pack from being used.

use super::*;

fn notes(manifest: &str, rule: &str) -> String {
    let pack = load(manifest, &[("trail-age.yaml", rule)]);
    render_all(&pack.unwrap_or_else(|found| panic!("{}", render_all(&found, false))).notes, false)
}

#[test]
fn a_condition_that_always_holds_is_a_warning() {
    let rule =
        GOOD.replace("when: trail.is_multi_region", "when: trail.is_multi_region || !trail.is_multi_region");
    insta::assert_snapshot!("a_condition_that_always_holds", notes(MANIFEST, &rule));
}

#[test]
fn an_earlier_name_and_a_deprecated_rule_are_warnings_where_they_are_named() {
    let top = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = top.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let old = GOOD.replace(
        "why: Silence",
        "aliases: [trail-silence]\ndeprecated: Other rules ask for more.\nwhy: Silence",
    );
    write("house/pack.yaml", MANIFEST);
    write("house/trail-age.yaml", &old);
    let own = "id: own\ntitle: Own\nversion: '1'\nextends: ../house\n";
    let pack = |more: &str| {
        write("own/pack.yaml", &format!("{own}{more}"));
        let bundle = read_folder(&top.path().join("own")).unwrap();
        let pack =
            Loader::new(&Disk).load(bundle).unwrap_or_else(|found| panic!("{}", render_all(&found, false)));
        render_all(&pack.notes, false).replace(&top.path().display().to_string(), "")
    };
    insta::assert_snapshot!(
        "outdated_names",
        pack("select: { rules: [trail-silence] }\noverrides:\n  trail-age: { severity: high }\n")
    );
    assert_eq!(pack(""), "");
}

#[test]
fn leaving_a_deprecated_rule_out_is_no_warning() {
    let old = GOOD.replace("why: Silence", "deprecated: Other rules ask for more.\nwhy: Silence");
    assert_eq!(notes(MANIFEST, &old), "");
}

#[test]
fn rules_can_be_read_although_their_examples_fail() {
    let wrong = GOOD.replace("hours_since_delivery: 30", "hours_since_delivery: 3");
    let bundle = || Bundle {
        place: Place::Folder("pack".into()),
        files: vec![
            Source::new("pack/pack.yaml", MANIFEST),
            Source::new("pack/trail-age.yaml", wrong.as_str()),
        ],
        frameworks: Vec::new(),
    };
    assert!(Loader::new(&BuiltIn).load(bundle()).is_err());
    let inspected = Loader::new(&BuiltIn).with_examples(Examples::Leave).inspect(bundle());
    assert_eq!(inspected.diagnostics, []);
    let rule = &inspected.rules[0];
    let (status, message) = rule.try_example(&rule.examples[1]).unwrap();
    assert_eq!((expectation(status), message.as_str()), ("pass", "Trail age: as required"));
    let traces = rule.trace_example(&rule.examples[1]);
    assert_eq!(traces.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["when", "assert"]);
}

#[test]
fn examples_that_do_not_notice_a_change_are_told_with_its_place() {
    let rule = &good().rules[0];
    let mutation = rule.mutate();
    let changes: Vec<String> = mutation
        .survived
        .iter()
        .map(|survivor| {
            let (line, column) = rule.source.position(survivor.span.start);
            format!("{line}:{column} {}", survivor.change)
        })
        .collect();
    // The good rule has an example neither of a trail of one region nor of one that delivered 24 hours ago.
    assert_eq!(changes, ["5:7 `when` was left out", "6:36 `<` became `<=`"]);
    assert_eq!(mutation.tried, 2);
    let more = "  - name: regional\n    expect: not-applicable\n    facts: { is_multi_region: false }\n  - name: at the limit\n    \
        expect: fail\n    facts: { is_multi_region: true, hours_since_delivery: 24 }\n";
    let better = load(MANIFEST, &[("trail-age.yaml", &format!("{GOOD}{more}"))]).unwrap();
    assert_eq!(better.rules[0].mutate().survived, []);
}
