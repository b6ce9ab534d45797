//! Files that were made to hurt: each is refused with a place, soon, and without much memory.

use std::fs;
use std::time::{Duration, Instant};

use super::*;

/// What is said of a pack with this rule file, within a time that bounds the work.
fn said(text: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pack.yaml"), MANIFEST).unwrap();
    fs::write(folder.path().join("trail-age.yaml"), text).unwrap();
    said_of(folder.path())
}

fn said_of(folder: &std::path::Path) -> String {
    let start = Instant::now();
    let loaded = read_folder(folder).and_then(|bundle| Loader::new(&Disk).load(bundle));
    assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
    match loaded {
        Ok(_) => "loaded".to_owned(),
        Err(found) => render_all(&found, false),
    }
}

#[test]
fn ten_thousand_levels_are_refused_in_every_notation() {
    let block = (0..400).map(|level| " ".repeat(level) + "a:\n").collect::<String>();
    let list = format!("{}x\n", "- ".repeat(10_000));
    let flow = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let map = format!("{}1{}", "{a: ".repeat(10_000), "}".repeat(10_000));
    for text in [block, list, flow, map] {
        let shown = said(text.as_bytes());
        assert!(shown.contains("error: ") && shown.contains("trail-age.yaml:"), "{shown}");
    }
    let not = GOOD
        .replace("when: trail", &format!("when: \"{}trail", "!".repeat(1_900)))
        .replace("_region\n", "_region\"\n");
    let dots = GOOD.replace("when: trail.is_multi_region", &format!("when: trail{}", ".a".repeat(900)));
    let minus = GOOD.replace("when: trail.is_multi_region", &format!("when: 1 == {}1", "- ".repeat(900)));
    let choice = GOOD
        .replace("when: trail.is_multi_region", &format!("when: \"{}true\"", "true ? true : ".repeat(130)));
    for text in [not, minus] {
        assert_eq!(said(text.as_bytes()), "loaded", "an even number of them means nothing");
    }
    for text in [dots, choice] {
        let shown = said(text.as_bytes());
        assert!(shown.contains("error: "), "{}", shown.chars().take(500).collect::<String>());
    }
}

#[test]
fn a_hundred_megabytes_are_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pack.yaml"), MANIFEST).unwrap();
    let file = fs::File::create(folder.path().join("big.yaml")).unwrap();
    file.set_len(100 << 20).unwrap();
    let shown = said_of(folder.path());
    assert!(shown.contains("it has 104857600 bytes, 262144 are allowed"), "{shown}");
    assert!(shown.contains("big.yaml:1:1"), "{shown}");
}

#[test]
fn text_that_is_not_utf_8_is_shown_where_it_starts() {
    let mut text = GOOD.as_bytes().to_vec();
    let at = GOOD.find("age\n").unwrap();
    text.insert(GOOD[at..].find('\n').unwrap() + at, 0xff);
    let shown = said(&text);
    assert!(shown.contains("trail-age.yaml:1:14") && shown.contains("not UTF-8"), "{shown}");
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_read_and_places_stay_right() {
    assert_eq!(said(GOOD.replace('\n', "\r\n").as_bytes()), "loaded");
    assert_eq!(said(format!("\u{feff}{GOOD}").as_bytes()), "loaded");
    let wrong = GOOD.replace("trail.is_multi_region\n", "trail.is_multi_regio\n");
    for text in [wrong.replace('\n', "\r\n"), format!("\u{feff}{wrong}"), wrong] {
        let shown = said(text.as_bytes());
        assert!(shown.contains("trail-age.yaml:5:13"), "{shown}");
        assert!(shown.contains("did you mean `is_multi_region`?"), "{shown}");
    }
}

#[test]
fn a_tab_for_indentation_is_refused_with_its_line() {
    let shown = said(GOOD.replace("\n  text: Look", "\n\ttext: Look").as_bytes());
    assert!(shown.contains("trail-age.yaml:10:"), "{shown}");
    assert!(shown.contains("tab"), "{shown}");
}

#[test]
#[cfg(unix)]
fn links_that_lead_in_circles_are_refused() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("pack.yaml"), MANIFEST).unwrap();
    symlink(path.join("b.yaml"), path.join("a.yaml")).unwrap();
    symlink(path.join("a.yaml"), path.join("b.yaml")).unwrap();
    let shown = said_of(path);
    assert!(shown.contains("a.yaml` cannot be read") && shown.contains("b.yaml` cannot be read"), "{shown}");
    fs::remove_file(path.join("a.yaml")).unwrap();
    fs::remove_file(path.join("b.yaml")).unwrap();
    symlink(path, path.join("inner")).unwrap();
    fs::write(path.join("pack.yaml"), format!("{MANIFEST}extends: inner/inner/inner\n")).unwrap();
    let shown = said_of(path);
    assert!(shown.contains("packs extend each other: test → test"), "{shown}");
    symlink(path.join("loop"), path.join("loop")).unwrap();
    fs::write(path.join("pack.yaml"), format!("{MANIFEST}extends: loop\n")).unwrap();
    let shown = said_of(path);
    assert!(shown.contains("there is no pack `loop`"), "{shown}");
}

#[test]
fn a_device_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pack.yaml"), MANIFEST).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.yaml")).unwrap();
    let shown = said_of(folder.path());
    assert!(shown.contains("it is not a file"), "{shown}");
}
