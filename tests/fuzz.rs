//! Whatever bytes a file holds, reading it ends in a value or in a mistake with a place, never in a panic.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use trailproof::config::Config;
use trailproof::exception::{Draft, append};
use trailproof::inventory::Inventory;
use trailproof::pack::{Pack, builtin};
use trailproof::render::json::v1::Results;
use trailproof::source::Source;

/// Cuts a piece out of a text and puts others in: what editors, merges and bad days do to files.
fn spoiled(text: &str, edits: &[(usize, usize, String)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (at, length, insert) in edits {
        let start = at % (bytes.len() + 1);
        let end = (start + length % 40).min(bytes.len());
        bytes.splice(start..end, insert.bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn edits() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    let pieces = prop_oneof![
        "[ -~\\n]{0,8}",
        Just("{{".to_owned()),
        Just("{% if".to_owned()),
        Just("- [".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("&a *a".to_owned()),
        Just("null".to_owned()),
        Just("9999999999999999999999".to_owned()),
        Just("\"".to_owned()),
    ];
    prop::collection::vec((any::<usize>(), any::<usize>(), pieces), 1..4)
}

fn draft() -> Draft {
    Draft {
        rule: None,
        subject: None,
        fingerprint: "a".repeat(64),
        reason: "r".to_owned(),
        owner: "o".to_owned(),
        expires: "2027-01-31".parse().unwrap(),
        ticket: None,
    }
}

/// Evidence and results of a real scan.
fn files() -> &'static (String, String) {
    static FILES: OnceLock<(String, String)> = OnceLock::new();
    FILES.get_or_init(|| {
        let world = std::fs::read_to_string(support::fixture("tests/worlds/four-accounts.yaml")).unwrap();
        let stage = support::Stage::of(&world);
        stage.run(&[
            "scan",
            "--regions",
            "us-east-1",
            "--evidence",
            "evidence.json",
            "--output",
            "json=results.json",
        ]);
        (stage.read("evidence.json"), stage.read("results.json"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spoiled_rule_file_is_read_or_refused_with_a_place(rule in any::<prop::sample::Index>(), edits in edits()) {
        let mut files = builtin("baseline").unwrap();
        files.retain(|file| !file.name.ends_with("pack.yaml"));
        let mut file = files.swap_remove(rule.index(files.len()));
        file.text = spoiled(&file.text, &edits);
        let pack = Source::new("baseline/pack.yaml", "id: baseline\ntitle: T\nversion: \"1\"\n");
        if let Err(mistakes) = Pack::load(vec![pack, file]) {
            prop_assert!(!mistakes.is_empty());
            for mistake in mistakes {
                prop_assert!(mistake.render(false).contains("baseline/"), "{}", mistake.render(false));
            }
        }
    }

    #[test]
    fn a_spoiled_pack_file_is_read_or_refused_with_a_place(edits in edits()) {
        let text = "id: own\ntitle: T\nversion: \"1\"\nextends: [baseline, cis-aws-7.0]\nselect:\n  controls: [cis-aws-7.0/4.5, hipaa]\n  \
            severity: \">= low\"\n  rules: [log-delivery]\n  exclude: [trail-logging]\nparameters: { delivery_hours: 3 }\noverrides:\n  \
            log-delivery: { severity: high, parameters: { delivery_hours: 2 } }\n";
        if let Err(mistakes) = Pack::load(vec![Source::new("own/pack.yaml", spoiled(text, &edits))]) {
            prop_assert!(!mistakes.is_empty());
            for mistake in mistakes {
                prop_assert!(mistake.render(false).contains("own/pack.yaml:"), "{}", mistake.render(false));
            }
        }
    }

    #[test]
    fn a_spoiled_configuration_is_read_or_refused_with_a_place_and_added_to_line_by_line(edits in edits()) {
        let text = "# Ours\npolicy: [baseline, ./own]\nparameters:\n  delivery_hours: 6\nexceptions:\n  - rule: log-bucket-*\n    subject:\n      \
            arn: ['arn:aws:s3:::a-*']\n      ou: Workloads/**\n    reason: >-\n      Moved\n      out\n    owner: o\n    expires: 2027-01-31\n\n# End\n";
        let source = Arc::new(Source::new("trailproof.yaml", spoiled(text, &edits)));
        match Config::read(&source, PathBuf::new()) {
            Ok(config) => {
                let known = config.exceptions.len();
                let Ok(added) = append(&source, &draft()) else { return Ok(()) };
                let again = Config::read(&Arc::new(Source::new("trailproof.yaml", added)), PathBuf::new());
                prop_assert_eq!(again.unwrap().exceptions.len(), known + 1);
            }
            Err(mistakes) => {
                prop_assert!(!mistakes.is_empty());
                for mistake in mistakes {
                    prop_assert!(mistake.render(false).contains("trailproof.yaml:"), "{}", mistake.render(false));
                }
            }
        }
    }

    #[test]
    fn spoiled_evidence_is_read_or_refused(edits in edits()) {
        let _ = Inventory::load(&spoiled(&files().0, &edits));
    }

    #[test]
    fn spoiled_results_are_read_or_refused(edits in edits()) {
        let _ = Results::read(spoiled(&files().1, &edits).as_bytes());
    }
}
