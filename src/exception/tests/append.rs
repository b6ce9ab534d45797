//! Entries are added as text, and nothing else changes.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn draft(fingerprint: char) -> Draft {
    Draft {
        rule: Some("log-bucket-object-lock".into()),
        subject: Some(("arn", "arn:aws:s3:::acme-logs".into())),
        fingerprint: fingerprint.to_string().repeat(64),
        reason: "Moved: see \"plan\" # 3".into(),
        owner: "platform@acme.example".into(),
        expires: date(2027, 1, 31),
        ticket: Some("1142".into()),
    }
}

fn added(text: &str) -> String {
    let source = Arc::new(Source::new("trailproof.yaml", text));
    let added =
        super::super::append(&source, &draft('a')).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    written(&added);
    added
}

const ENTRY: &str = "\
- rule: log-bucket-object-lock
  subject:
    arn: arn:aws:s3:::acme-logs
  fingerprint: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  reason: \"Moved: see \\\"plan\\\" # 3\"
  owner: platform@acme.example
  expires: 2027-01-31
  ticket: \"1142\"
";

fn indented(indent: usize) -> String {
    let pad = " ".repeat(indent);
    ENTRY.lines().flat_map(|line| [pad.as_str(), line, "\n"]).collect()
}

#[test]
fn a_new_file_has_the_list_and_the_entry() {
    assert_eq!(
        added(""),
        format!(
            "exceptions:
{}",
            indented(2)
        )
    );
}

#[test]
fn a_file_without_the_key_gets_it_at_its_end() {
    let text = "# Ours\npolicy: [baseline]   # the usual\nparameters: { delivery_hours: 6 }";
    let found = added(text);
    assert!(
        found.starts_with(&format!("{text}\n\nexceptions:\n  - rule: log-bucket-object-lock\n")),
        "{found}"
    );
}

const OTHER: &str = "fingerprint: \"0000000000000000000000000000000000000000000000000000000000000000\"\n";

/// Where the entry goes: the line before it and the line after it.
fn neighbours(text: &str) -> (String, String) {
    let found = added(text);
    let lines: Vec<&str> = found.lines().collect();
    let first = lines.iter().position(|line| line.contains("- rule: log-bucket-object-lock")).unwrap();
    let last = lines.iter().position(|line| line.contains("ticket: \"1142\"")).unwrap();
    let line =
        |at: Option<usize>| at.and_then(|at| lines.get(at)).map_or(String::new(), |line| (*line).to_owned());
    (line(first.checked_sub(1)), line(Some(last + 1)))
}

#[test]
fn an_entry_goes_after_the_last_one_before_what_follows() {
    let list = |more: &str| {
        format!("exceptions:\n  - {OTHER}    reason: r\n    owner: o\n    expires: 2027-01-01\n{more}")
    };
    let at = |more: &str| neighbours(&list(more));
    let pair = |before: &str, after: &str| (before.to_owned(), after.to_owned());
    assert_eq!(at(""), pair("    expires: 2027-01-01", ""));
    assert_eq!(at("\n# The packs.\npolicy: [baseline]\n"), pair("    expires: 2027-01-01", ""));
    assert_eq!(at("# The packs.\npolicy: [baseline]\n"), pair("    expires: 2027-01-01", "# The packs."));
    assert_eq!(
        at("    # ask again in spring\npolicy: [baseline]\n"),
        pair("    # ask again in spring", "policy: [baseline]")
    );
    assert_eq!(at("# The end."), pair("    expires: 2027-01-01", "# The end."));
}

#[test]
fn a_block_of_text_at_the_end_is_not_cut() {
    let text = format!(
        "exceptions:\n  - {OTHER}    owner: o\n    expires: 2027-01-01\n    reason: |\n      One.\n      # Two.\n\n      Three.\npolicy: [baseline]\n"
    );
    assert_eq!(neighbours(&text), ("      Three.".to_owned(), "policy: [baseline]".to_owned()));
    let text = text.replace("\n      Three.", "      # Four.");
    assert_eq!(neighbours(&text), ("      # Four.".to_owned(), "policy: [baseline]".to_owned()));
}

#[test]
fn the_list_keeps_its_indentation_and_its_line_ends() {
    let text = format!("exceptions:\n- {OTHER}  reason: r\n  owner: o\n  expires: 2027-01-01\n");
    assert!(added(&text).contains("\n- rule: log-bucket-object-lock\n  subject:\n"));
    let text = format!(
        "exceptions:\n      -\n        {OTHER}        reason: r\n        owner: o\n        expires: 2027-01-01\n"
    );
    assert!(added(&text).contains("\n      - rule: log-bucket-object-lock\n        subject:\n"));
    let found = added("\u{feff}policy: [baseline]\r\n");
    assert_eq!(found.matches('\n').count(), found.matches("\r\n").count());
    assert!(found.starts_with("\u{feff}policy: [baseline]\r\n\r\nexceptions:\r\n"));
}

#[test]
fn a_list_that_is_still_empty_becomes_a_block() {
    for text in ["exceptions:\npolicy: [baseline]\n", "exceptions: []\npolicy: [baseline]\n"] {
        assert_eq!(neighbours(text), ("exceptions:".to_owned(), "policy: [baseline]".to_owned()), "{text}");
    }
    assert_eq!(neighbours("exceptions: [ ]  # none yet\n").0, "exceptions:  # none yet");
    assert_eq!(neighbours("exceptions: ~ # none yet\n").0, "exceptions: # none yet");
    assert_eq!(neighbours("exceptions: null\npolicy: [baseline]\n").0, "exceptions:");
}

#[test]
fn what_cannot_be_added_to_without_rewriting_is_refused() {
    let entry = "{ rule: a, reason: r, owner: o, expires: 2027-01-01 }";
    for text in [
        format!("exceptions: [{entry}]\n"),
        format!("{{ exceptions: [{entry}] }}\n"),
        "{ policy: [baseline] }\n".to_owned(),
        format!("x: &x\n  - {entry}\nexceptions: *x\n"),
        "policy: [baseline]\n...\n".to_owned(),
        "- a\n".to_owned(),
    ] {
        let source = Arc::new(Source::new("trailproof.yaml", text.clone()));
        assert!(super::super::append(&source, &draft('a')).is_err(), "{text}");
    }
}

/// A list of exceptions as people lay it out.
fn list() -> impl Strategy<Value = String> {
    let entry = prop::sample::select(vec![
        "- { rule: a, reason: r, owner: o, expires: 2027-01-01 }",
        "- rule: a\n  # why\n  reason: >-\n    Moved\n\n    out\n  owner: o\n  expires: 2027-01-01",
        "-   rule: a\n    expires: 2027-01-01\n    owner: o\n    reason: |+\n      # One\n      two\n\n",
        "- rule: a # here\n\n  reason: r\n  owner: 'o'\n  expires: 2027-01-01",
    ]);
    (prop::collection::vec((entry, between()), 1..4), 0usize..5).prop_map(|(entries, indent)| {
        let mut text = "exceptions:\n".to_owned();
        for (entry, between) in entries {
            for line in entry.lines() {
                let pad = if line.is_empty() { 0 } else { indent };
                text.extend([" ".repeat(pad).as_str(), line, "\n"]);
            }
            text.push_str(between);
        }
        text
    })
}

fn between() -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(vec!["", "\n", "# note\n", "\n# note\n\n", "  # note\n"])
}

/// A file as people lay it out, with or without a list.
fn file() -> impl Strategy<Value = String> {
    let others = vec![
        "policy: [baseline]\n",
        "parameters:\n  # hours\n  delivery_hours: 6\n",
        "exception_limit: 7 # enough\n",
        "# only a comment\n",
    ];
    let others = prop::sample::subsequence(others, 0..4);
    let parts = (prop::option::of(list()), others, between(), any::<(bool, bool)>());
    parts.prop_map(|(list, others, between, (is_windows, is_ended))| {
        let mut pieces: Vec<String> = others.into_iter().map(str::to_owned).collect();
        let middle = pieces.len() / 2;
        pieces.splice(middle..middle, list);
        let text = pieces.join(between);
        let text = if is_windows { text.replace('\n', "\r\n") } else { text };
        if is_ended { text } else { text.trim_end().to_owned() }
    })
}

proptest! {
    #[test]
    fn adding_an_entry_changes_no_other_line(text in file()) {
        let source = Arc::new(Source::new("trailproof.yaml", text.clone()));
        let before = written(&text).len();
        let once = super::super::append(&source, &draft('a')).unwrap();
        let twice = super::super::append(&Arc::new(Source::new("trailproof.yaml", once.clone())), &draft('b')).unwrap();
        for (old, new) in [(&text, &once), (&once, &twice)] {
            let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
            let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
            let rest = old.len() - same;
            prop_assert_eq!(&old[same..], &new[new.len() - rest..], "{:?}\n{:?}", old, new);
        }
        let found = written(&twice);
        prop_assert_eq!(found.len(), before + 2);
        prop_assert_eq!(found[before].fingerprint.clone().unwrap(), "a".repeat(64));
        prop_assert_eq!(found[before + 1].fingerprint.clone().unwrap(), "b".repeat(64));
    }

    #[test]
    fn every_text_reads_back_as_it_was_given(reason in "\\PC{1,40}", owner in any::<String>()) {
        prop_assume!(!reason.trim().is_empty() && !owner.trim().is_empty());
        let draft = Draft { reason: reason.clone(), owner: owner.clone(), ..draft('c') };
        let added = super::super::append(&Arc::new(Source::new("trailproof.yaml", "")), &draft).unwrap();
        let entry = &written(&added)[0];
        prop_assert_eq!(&entry.reason, reason.trim());
        prop_assert_eq!(&entry.owner, owner.trim());
    }
}
