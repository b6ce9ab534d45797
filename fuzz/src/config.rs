//! A configuration file: read, and added to.

use std::path::PathBuf;
use std::sync::Arc;

use trailproof::config::Config;
use trailproof::exception::{Draft, append};
use trailproof::source::Source;

use super::{assert_places, timely};

/// Reads any text as `trailproof.yaml`; to one that is read, an exception can be added, and the lines that were there stay.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    timely(|| {
        let source = Arc::new(Source::new("trailproof.yaml", text));
        match Config::read(&source, PathBuf::from("/nonexistent")) {
            Ok(config) => added_to(&source, config.exceptions.len()),
            Err(mistakes) => assert_places(&mistakes),
        }
    });
}

fn added_to(source: &Arc<Source>, known: usize) {
    let Ok(added) = append(source, &draft()) else { return };
    let mut lines = added.lines();
    // An empty list of exceptions is the only thing that is written anew.
    let stays = |line: &&str| line.contains(char::is_alphanumeric) && !line.contains("exceptions");
    for line in source.text.lines().filter(stays) {
        assert!(lines.any(|kept| kept.trim_end() == line.trim_end()), "{line:?} is gone from\n{added}");
    }
    let again = Config::read(&Arc::new(Source::new("trailproof.yaml", added)), PathBuf::from("/nonexistent"));
    assert_eq!(again.expect("what is written can be read").exceptions.len(), known + 1);
}

fn draft() -> Draft {
    Draft {
        rule: None,
        subject: None,
        fingerprint: "a".repeat(64),
        reason: "r".to_owned(),
        owner: "o".to_owned(),
        expires: jiff::civil::date(2027, 1, 31),
        ticket: None,
    }
}
