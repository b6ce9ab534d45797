//! The reference pages and the role say what the code says. To write them anew: `TRAILPROOF_BLESS=1 cargo test --release --test generated`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use trailproof::pack::built_in_packs;

#[test]
fn generated_files_are_up_to_date() {
    let packs = built_in_packs().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for (name, text) in trailproof::generate::files(&packs) {
        let path = folder.join(name);
        if std::env::var_os("TRAILPROOF_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run `TRAILPROOF_BLESS=1 cargo test --release --test generated`"
    );
}
