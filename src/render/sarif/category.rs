//! Which uploads replace each other.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::report::Run;

/// The category of a run: GitHub takes the text before the last `/`, and a new upload replaces the last one of its category only.
///
/// Scans of another organization, or of a part of one, must not close alerts that they did not look for; so the organization and the
/// scope are part of it.
pub(super) fn of(run: &Run) -> String {
    let whole = run.organization.as_deref().filter(|_| !run.scope.account_only);
    let mut category =
        format!("trailproof/{}/", super::escape::uri_segment(whole.unwrap_or(&run.caller_account)));
    let scope = &run.scope;
    let mut lists = [
        scope.regions.clone().unwrap_or_default(),
        scope.accounts.clone(),
        scope.exclude_accounts.clone(),
        scope.organizational_units.clone(),
    ];
    if scope.regions.is_some() || lists.iter().any(|list| !list.is_empty()) {
        let mut hash = Sha256::new();
        for list in &mut lists {
            list.sort();
            hash.update(list.join(" "));
            hash.update("\n");
        }
        category.push_str("scope-");
        for byte in hash.finalize().iter().take(4) {
            let _ = write!(category, "{byte:02x}");
        }
        category.push('/');
    }
    category
}
