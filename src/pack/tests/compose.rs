//! Packs that extend packs, and several packs at once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::*;
use super::GOOD;
use crate::diagnostic::render_all;
use crate::report::Severity;

/// Packs in memory: name → files.
#[derive(Default)]
struct Shelf(BTreeMap<String, Vec<Source>>);

impl Library for Shelf {
    fn find(&self, name: &str, _: &Place) -> Result<Bundle, Missing> {
        let files = self.0.get(name).ok_or(Missing::NotFound)?.clone();
        Ok(Bundle { place: Place::Folder(PathBuf::from(name)), files, frameworks: Vec::new() })
    }
}

impl Shelf {
    fn with(mut self, pack: &str, manifest: &str, rules: &[String]) -> Self {
        let manifest = format!("id: {pack}\ntitle: Test\nversion: '1'\n{manifest}");
        let mut files = vec![Source::new(format!("{pack}/pack.yaml"), manifest)];
        for rule in rules {
            let id = rule.lines().next().unwrap().trim_start_matches("id: ");
            files.push(Source::new(format!("{pack}/{id}.yaml"), rule));
        }
        self.0.insert(pack.to_owned(), files);
        self
    }

    fn load(&self, pack: &str) -> Result<Pack, Vec<Diagnostic>> {
        Loader::new(self).load(self.find(pack, &Place::BuiltIn(String::new())).unwrap())
    }

    fn good(&self, pack: &str) -> Pack {
        self.load(pack).unwrap_or_else(|found| panic!("{}", render_all(&found, false)))
    }

    fn said(&self, pack: &str) -> String {
        self.load(pack).map_or_else(|found| render_all(&found, false), |_| "no mistake found".to_owned())
    }
}

/// A rule with this id and severity, and more keys.
fn rule(id: &str, severity: &str, more: &str) -> String {
    GOOD.replace("id: trail-age", &format!("id: {id}"))
        .replace("severity: low", &format!("severity: {severity}"))
        .replace("references:", &format!("{more}references:"))
}

/// `base` has four rules, one of them optional.
fn shelf() -> Shelf {
    Shelf::default().with(
        "base",
        "",
        &[
            rule(
                "age",
                "low",
                "tags: [delivery]\ncontrols: { cis-aws-7.0: ['4.1'], hipaa: ['164.312(b)'] }\n",
            ),
            rule("key", "high", "tags: [key]\ncontrols: { cis-aws-7.0: ['4.5'] }\naliases: [old-key]\n"),
            rule("mark", "medium", "tags: [cost]\n"),
            rule("reads", "low", "tags: [delivery]\noptional: true\ncontrols: { cis-aws-7.0: ['4.9'] }\n"),
        ],
    )
}

fn ids(pack: &Pack) -> Vec<&str> {
    pack.rules.iter().map(|rule| rule.id.as_str()).collect()
}

#[test]
fn a_selection_takes_what_meets_every_filter_and_what_is_named() {
    for (select, expected) in [
        ("", vec!["age", "key", "mark"]),
        ("select: {}", vec!["age", "key", "mark"]),
        ("select: { rules: [mark] }", vec!["mark"]),
        ("select: { rules: [old-key, reads] }", vec!["key", "reads"]),
        ("select: { tags: [delivery, cost] }", vec!["age", "mark"]),
        ("select: { severity: '>= medium' }", vec!["key", "mark"]),
        ("select: { severity: [low, high] }", vec!["age", "key"]),
        ("select: { controls: [cis-aws-7.0] }", vec!["age", "key", "reads"]),
        ("select: { controls: [cis-aws-7.0/4.5, hipaa] }", vec!["age", "key"]),
        ("select: { controls: [cis-aws-7.0], severity: '>= high' }", vec!["key"]),
        ("select: { controls: [cis-aws-7.0], severity: '>= high', rules: [mark] }", vec!["key", "mark"]),
        ("select: { controls: [cis-aws-7.0], exclude: [reads] }", vec!["age", "key"]),
        ("select: { exclude: [key] }", vec!["age", "mark"]),
        ("select: { rules: [key, mark], exclude: [old-key] }", vec!["mark"]),
    ] {
        let shelf = shelf().with("own", &format!("extends: base\n{select}\n"), &[]);
        assert_eq!(ids(&shelf.good("own")), expected, "{select}");
    }
}

#[test]
fn what_was_left_optional_can_be_asked_for_later_and_what_was_excluded_cannot() {
    let shelf = shelf()
        .with("middle", "extends: base\nselect: { exclude: [mark] }\n", &[])
        .with("own", "extends: middle\nselect: { rules: [reads] }\n", &[])
        .with("bad", "extends: middle\nselect: { rules: [mark] }\n", &[]);
    assert_eq!(ids(&shelf.good("middle")), ["age", "key"]);
    assert_eq!(ids(&shelf.good("own")), ["reads"]);
    assert!(shelf.said("bad").contains("there is no rule `mark`"), "{}", shelf.said("bad"));
}

#[test]
fn own_rules_belong_to_the_pack_whatever_it_selects_and_replace_what_it_excludes() {
    let own = [rule("own-rule", "low", ""), rule("key", "info", "")];
    let shelf = shelf().with("own", "extends: base\nselect: { rules: [age], exclude: [key] }\n", &own);
    let pack = shelf.good("own");
    assert_eq!(ids(&pack), ["age", "key", "own-rule"]);
    assert_eq!(pack.rules[1].severity, Severity::Info);
}

#[test]
fn values_are_layered_from_the_rule_over_the_base_to_the_pack_and_the_user() {
    let shelf = shelf()
        .with("middle", "extends: base\nparameters: { hours: 12 }\n", &[])
        .with(
            "own",
            "extends: middle\nparameters: { hours: 6 }\noverrides:\n  old-key: { severity: critical, parameters: { hours: 3 } }\n",
            &[],
        )
        .with("last", "extends: own\nparameters: { hours: 2 }\n", &[]);
    let hours = |pack: &Pack| pack.rules.iter().map(|rule| rule.values["hours"].clone()).collect::<Vec<_>>();
    assert_eq!(hours(&shelf.good("base")), [24, 24, 24]);
    assert_eq!(hours(&shelf.good("middle")), [12, 12, 12]);
    let mut own = shelf.good("own");
    assert_eq!(hours(&own), [6, 3, 6]);
    assert_eq!(own.rules[1].severity, Severity::Critical);
    assert_eq!(hours(&shelf.good("last")), [2, 2, 2]);
    assert_eq!(shelf.good("last").rules[1].severity, Severity::Critical);
    set_parameters(std::slice::from_mut(&mut own), &[Setting::option("hours", "1")]).unwrap();
    assert_eq!(hours(&own), [1, 1, 1]);
}

#[test]
fn a_selection_by_severity_sees_what_the_base_has_set() {
    let shelf = shelf()
        .with("middle", "extends: base\noverrides: { age: { severity: critical } }\n", &[])
        .with("own", "extends: middle\nselect: { severity: [critical] }\n", &[]);
    assert_eq!(ids(&shelf.good("own")), ["age"]);
}

#[test]
fn of_two_extended_packs_the_later_decides() {
    let shelf = shelf()
        .with("a", "extends: base\nparameters: { hours: 1 }\n", &[])
        .with("b", "extends: base\nparameters: { hours: 2 }\nselect: { rules: [age, reads] }\n", &[])
        .with("own", "extends: [a, b]\n", &[]);
    let pack = shelf.good("own");
    let found: Vec<_> = pack.rules.iter().map(|rule| (&*rule.id, rule.values["hours"].clone())).collect();
    assert_eq!(found, [("age", 2.into()), ("key", 1.into()), ("mark", 1.into()), ("reads", 2.into())]);
}

#[test]
fn the_digest_changes_with_everything_that_is_taken_in() {
    let digest = |age: &str, middle: &str| {
        let shelf = Shelf::default()
            .with("base", "", &[rule("age", age, "")])
            .with("middle", &format!("extends: base\n{middle}"), &[])
            .with("own", "extends: middle\n", &[]);
        shelf.good("own").digest
    };
    let one = digest("low", "");
    assert_eq!(one, digest("low", ""));
    assert_ne!(one, digest("high", ""));
    assert_ne!(one, digest("low", "parameters: { hours: 2 }\n"));
}

macro_rules! mistakes {
    ($($name:ident: $manifest:expr;)+) => { $(
        #[test]
        fn $name() {
            let shown = shelf().with("own", $manifest, &[]).said("own");
            assert!(shown.contains("--> own/pack.yaml:"), "{shown}");
            insta::assert_snapshot!(stringify!($name), shown);
        }
    )+ };
}

mistakes! {
    an_unknown_pack: "extends: basline\n";
    a_folder_from_the_root: "extends: /etc/packs\n";
    a_key_that_is_no_more: "extends: base\nrules: [age]\n";
    a_selection_from_nothing: "select: { rules: [age] }\n";
    an_unknown_rule_in_a_selection: "extends: base\nselect:\n  rules: [ages]\n  exclude: [markk]\n";
    an_unknown_tag: "extends: base\nselect: { tags: [delivry] }\n";
    an_unknown_severity_in_a_selection: "extends: base\nselect: { severity: \">= hihg\" }\n";
    a_severity_alone: "extends: base\nselect: { severity: high }\n";
    unknown_controls_in_a_selection: "extends: base\nselect: { controls: [cis-aws-70, cis-aws-7.0/4.11] }\n";
    a_selection_that_takes_nothing: "extends: base\nselect: { controls: [soc-2] }\n";
    an_override_of_an_unknown_rule: "extends: base\noverrides: { agee: { severity: low } }\n";
    an_override_of_a_rule_that_is_not_taken: "extends: base\nselect: { rules: [key] }\noverrides: { age: { severity: low } }\n";
    wrong_values_in_an_override: "extends: base\noverrides:\n  age: { severity: lo, parameters: { hours: soon, hour: 1 } }\n";
    an_unknown_parameter_of_the_pack: "extends: base\nparameters: { hour: 1 }\n";
}

#[test]
fn packs_that_extend_each_other_are_shown_with_every_step() {
    let shelf = Shelf::default().with("a", "extends: b\n", &[]).with("b", "extends:\n  - c\n", &[]).with(
        "c",
        "extends: b\n",
        &[],
    );
    insta::assert_snapshot!("packs_that_extend_each_other", shelf.said("a"));
}

#[test]
fn a_long_chain_is_refused() {
    let mut shelf = Shelf::default().with("p0", "", &[rule("age", "low", "")]);
    for number in 1..12 {
        shelf = shelf.with(&format!("p{number}"), &format!("extends: p{}\n", number - 1), &[]);
    }
    assert_eq!(shelf.good("p9").rules.len(), 1);
    assert!(shelf.said("p11").contains("more than 10 packs extend one another"), "{}", shelf.said("p11"));
}

#[test]
fn mistakes_in_an_extended_pack_are_shown_once() {
    let shelf = Shelf::default()
        .with("base", "", &[rule("age", "lo", "")])
        .with("a", "extends: base\n", &[])
        .with("b", "extends: base\nselect: { rules: [age] }\n", &[])
        .with("own", "extends: [a, b]\nparameters: { hours: 1 }\n", &[]);
    let shown = shelf.said("own");
    assert_eq!(shown.matches("error:").count(), 1, "{shown}");
}

#[test]
fn two_different_rules_of_one_id_are_shown_with_both_files() {
    let shelf = shelf().with("own", "extends: base\n", &[rule("age", "high", "")]);
    insta::assert_snapshot!("two_rules_of_one_id", shelf.said("own"));
}

#[test]
fn packs_that_agree_give_each_rule_once_and_no_note() {
    let shelf = shelf().with("own", "extends: base\nselect: { rules: [age] }\n", &[]);
    let packs = [shelf.good("base"), shelf.good("own")];
    let combined = combine(&packs).unwrap();
    assert_eq!(combined.rules.len(), 3);
    assert!(combined.notes.is_empty());
}

#[test]
fn of_packs_that_disagree_the_later_decides_and_a_note_says_so() {
    let shelf = shelf().with(
        "own",
        "extends: base\nselect: { rules: [age] }\noverrides: { age: { severity: high, parameters: { hours: 2 } } }\n",
        &[],
    );
    let packs = [shelf.good("base"), shelf.good("own")];
    let combined = combine(&packs).unwrap();
    let age = combined.rules.iter().find(|rule| rule.id == "age").unwrap();
    assert_eq!((age.severity, &age.values["hours"]), (Severity::High, &2.into()));
    insta::assert_snapshot!("packs_that_disagree", render_all(&combined.notes, false));
    let other_way = [shelf.good("own"), shelf.good("base")];
    let combined = combine(&other_way).unwrap();
    assert_eq!(combined.rules.iter().find(|rule| rule.id == "age").unwrap().severity, Severity::Low);
}
