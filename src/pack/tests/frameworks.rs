//! The frameworks and the packs in the binary, and mistakes in framework files.

use super::super::framework::{BUILT_IN, Frameworks, read_frameworks};
use super::super::*;
use crate::diagnostic::render_all;

const NINE: [&str; 9] = [
    "aws-fsbp",
    "cis-aws-3.0",
    "cis-aws-5.0",
    "cis-aws-7.0",
    "hipaa",
    "iso-27001-2022",
    "nist-800-53-r5",
    "pci-dss-4.0.1",
    "soc-2",
];

fn all() -> Vec<Pack> {
    built_in_packs().unwrap_or_else(|found| panic!("{}", render_all(&found, false)))
}

#[test]
fn every_built_in_pack_loads() {
    let packs = all();
    for (pack, id) in packs.iter().zip(builtin_ids()) {
        assert_eq!(pack.id, id);
        assert!(!pack.rules.is_empty());
    }
    assert!(builtin("basline").is_none());
    assert!(builtin("frameworks").is_none());
}

#[test]
fn each_framework_has_a_pack_that_is_made_for_it_and_judges_by_its_rules_only() {
    assert!(BUILT_IN.1.is_empty(), "{}", render_all(&BUILT_IN.1, false));
    assert_eq!(BUILT_IN.0.keys().collect::<Vec<_>>(), NINE);
    for pack in all().iter().filter(|pack| pack.id != "baseline") {
        assert_eq!(pack.made_for, std::slice::from_ref(&pack.id));
        assert!(pack.rules.iter().all(|rule| rule.controls.contains_key(&pack.id)), "{}", pack.id);
    }
    assert_eq!(builtin_ids().len(), NINE.len() + 1);
}

#[test]
fn what_no_rule_covers_is_listed_for_a_framework_pack() {
    let packs = all();
    let pack = packs.iter().find(|pack| pack.id == "cis-aws-7.0").unwrap();
    let combined = combine(std::slice::from_ref(pack)).unwrap();
    let [framework] = &combined.frameworks[..] else { panic!("{:?}", combined.frameworks) };
    assert!(framework.is_selected);
    for control in &framework.controls {
        let speaking = pack.rules.iter().filter(|rule| rule.controls["cis-aws-7.0"].contains(&control.id));
        let speaking: Vec<&str> = speaking.map(|rule| rule.id.as_str()).collect();
        assert_eq!(control.rules, speaking, "{}", control.id);
    }
    assert_eq!(framework.controls.len(), 25);
}

#[test]
fn a_pack_that_is_made_for_no_framework_concerns_those_that_its_rules_name() {
    let pack = Pack::load(builtin("baseline").unwrap()).unwrap();
    let packs = [pack];
    let combined = combine(&packs).unwrap();
    assert_eq!(combined.frameworks.iter().map(|framework| framework.id.as_str()).collect::<Vec<_>>(), NINE);
    assert!(combined.frameworks.iter().all(|framework| !framework.is_selected));
}

#[test]
fn mistakes_in_a_framework_file_are_shown() {
    let text = "id: houserules\ntitle: House\nversion: 1\nsource: http://example.com\ncontrols:\n\
        - { id: a, title: A }\n- { id: 4.1, title: B }\n- { id: c }\n- { id: a, title: D, note: again }\n";
    let found =
        read_frameworks(&mut Frameworks::new(), vec![Source::new("frameworks/house-rules.yaml", text)]);
    insta::assert_snapshot!("mistakes_in_a_framework", render_all(&found, false));
}

#[test]
fn a_framework_may_not_replace_a_built_in_one() {
    let text = "id: hipaa\ntitle: H\nversion: '1'\nsource: https://example.com/h\ncontrols:\n- { id: a, title: A }\n";
    let found = read_frameworks(&mut BUILT_IN.0.clone(), vec![Source::new("frameworks/hipaa.yaml", text)]);
    insta::assert_snapshot!("a_framework_described_twice", render_all(&found, false));
}

/// Prints how long it takes; run it with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn loading_all_packs() {
    let started = std::time::Instant::now();
    let packs = all();
    println!("{} packs: {:?}", packs.len(), started.elapsed());
}
