//! Packs in folders: what is read, what is refused.

use std::fs;
use std::path::Path;

use super::super::*;
use super::{GOOD, MANIFEST};
use crate::diagnostic::render_all;

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn refused(folder: &Path) -> String {
    render_all(&read_folder(folder).unwrap_err(), false)
}

fn loaded(folder: &Path) -> Result<Pack, String> {
    let bundle = read_folder(folder).unwrap();
    Loader::new(&Disk).load(bundle).map_err(|found| render_all(&found, false))
}

#[test]
fn a_folder_is_read_and_a_missing_one_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(refused(&folder.join("none")).contains("cannot be read"));
    assert!(refused(folder).contains("holds no `pack.yaml`"));
    write(folder, "pack.yaml", MANIFEST);
    assert!(refused(&folder.join("pack.yaml")).contains("is a file"));
    write(folder, "trail-age.yaml", GOOD);
    write(folder, "notes.txt", "x");
    assert_eq!(loaded(folder).unwrap().rules.len(), 1);
    fs::write(folder.join("bad.yaml"), b"\xff").unwrap();
    assert!(refused(folder).contains("not UTF-8"));
}

#[test]
fn a_pack_extends_a_folder_beside_it_and_a_built_in_pack() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "house/pack.yaml", MANIFEST);
    write(top.path(), "house/trail-age.yaml", GOOD);
    let own = "id: own\ntitle: Own\nversion: '1'\nextends: [../house, baseline]\n";
    write(top.path(), "own/pack.yaml", own);
    let pack = loaded(&top.path().join("own")).unwrap();
    assert!(pack.rules.iter().any(|rule| rule.id == "trail-age"));
    assert!(pack.rules.iter().any(|rule| rule.id == "trail-logging"));
}

#[test]
fn a_folder_named_like_a_built_in_pack_is_reached_with_a_dot() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "baseline/pack.yaml", MANIFEST);
    write(top.path(), "baseline/trail-age.yaml", GOOD);
    let own = |name: &str| format!("id: own\ntitle: Own\nversion: '1'\nextends: {name}\n");
    write(top.path(), "pack.yaml", &own("./baseline"));
    assert_eq!(loaded(top.path()).unwrap().rules.len(), 1);
    write(top.path(), "pack.yaml", &own("baseline"));
    assert!(loaded(top.path()).unwrap().rules.len() > 1);
}

#[test]
fn an_extended_folder_that_is_broken_is_shown_with_where_it_is_extended() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "house/notes.yaml", "x");
    write(top.path(), "own/pack.yaml", "id: own\ntitle: Own\nversion: '1'\nextends: ../house\n");
    let shown = loaded(&top.path().join("own")).unwrap_err();
    assert!(shown.contains("holds no `pack.yaml`") && shown.contains("pack.yaml:4:10"), "{shown}");
}

#[test]
#[cfg(unix)]
fn a_folder_that_extends_itself_through_a_link_is_a_cycle() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "own/pack.yaml", "id: own\ntitle: Own\nversion: '1'\nextends: ./again\n");
    std::os::unix::fs::symlink(top.path().join("own"), top.path().join("own/again")).unwrap();
    let shown = loaded(&top.path().join("own")).unwrap_err();
    assert!(shown.contains("packs extend each other: own → own"), "{shown}");
}

#[test]
fn too_many_files_too_large_ones_and_what_is_no_file_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "pack.yaml", MANIFEST);
    fs::create_dir(folder.join("folder.yaml")).unwrap();
    assert!(refused(folder).contains("it is not a file"));
    fs::remove_dir(folder.join("folder.yaml")).unwrap();
    write(folder, "large.yaml", &"#".repeat(300_000));
    assert!(refused(folder).contains("it has 300000 bytes, 262144 are allowed"));
    fs::remove_file(folder.join("large.yaml")).unwrap();
    for number in 0..140 {
        write(folder, &format!("{number:03}.yaml"), &"#".repeat(250_000));
    }
    assert!(refused(folder).contains("have more than 33554432 bytes"));
    for number in 0..5_000 {
        write(folder, &format!("{number:04}.txt"), "");
    }
    assert!(refused(folder).contains("holds more than 5000 files"));
}

#[test]
fn a_pack_brings_frameworks_of_its_own_along() {
    let top = tempfile::tempdir().unwrap();
    let house = "id: house\ntitle: House rules\nversion: '1'\nsource: https://example.com/rules\n\
        controls:\n- { id: a, title: Trails are young }\n- { id: b, title: Trails are blue }\n";
    write(top.path(), "house/frameworks/house.yaml", house);
    write(top.path(), "house/pack.yaml", MANIFEST);
    let rule = GOOD.replace("severity: low", "severity: low\ncontrols: { house: [a] }");
    write(top.path(), "house/trail-age.yaml", &rule);
    let own = "id: own\ntitle: Own\nversion: '1'\nextends: ../house\nselect: { controls: [house] }\n";
    write(top.path(), "own/pack.yaml", own);
    let pack = loaded(&top.path().join("own")).unwrap();
    assert_eq!(pack.made_for, ["house"]);
    let packs = [pack];
    let combined = combine(&packs).unwrap();
    let [framework] = &combined.frameworks[..] else { panic!("{:?}", combined.frameworks) };
    assert_eq!(framework.controls[0].rules, ["trail-age"]);
    assert_eq!(framework.uncovered().map(|control| control.id.as_str()).collect::<Vec<_>>(), ["b"]);
}

/// The example in docs/packs.md is a pack that loads.
#[test]
fn the_pack_in_the_documentation_loads() {
    let page = include_str!("../../../docs/packs.md");
    let block = |start: &str| {
        let from = &page[page.find(start).unwrap()..];
        from[..from.find("```").unwrap()].to_owned()
    };
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "our-policy/pack.yaml", &block("# our-policy/pack.yaml"));
    let framework = block("# our-policy/frameworks/house-rules.yaml");
    write(top.path(), "our-policy/frameworks/house-rules.yaml", &framework);
    write(top.path(), "house-rules/pack.yaml", MANIFEST);
    write(top.path(), "house-rules/trail-age.yaml", GOOD);
    let pack = loaded(&top.path().join("our-policy")).unwrap();
    let delivery = pack.rules.iter().find(|rule| rule.id == "log-delivery");
    assert!(delivery.is_none_or(|rule| rule.values["delivery_hours"] == 6));
    assert_eq!(pack.made_for, ["cis-aws-7.0"]);
}
