//! Policy elements in short words; what a file says is quoted, cut and free of control characters.

use super::principal::Who;

/// Longest quotation, in characters.
const LONGEST: usize = 120;

/// The text in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text))
}

/// The text, cut and without control characters.
pub(super) fn plain(text: &str) -> String {
    let mut short: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// At most five of them.
pub(super) fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<&str> = items.into_iter().collect();
    let shown: Vec<String> = items.iter().take(5).map(|item| plain(item)).collect();
    match items.len().saturating_sub(5) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Somebody, in words.
pub(super) fn who(who: &Who) -> String {
    match who {
        Who::Anyone => "anyone".to_owned(),
        Who::Account(account) => format!("account {account}"),
        Who::Arn(arn) => plain(arn),
        Who::Service(service) => plain(service),
        Who::AnyService => "any AWS service".to_owned(),
        Who::Federated(provider) => format!("users of {}", plain(provider)),
        Who::Canonical(id) => format!("the holder of canonical id {}", plain(id)),
        Who::UniqueId(id) => format!("the deleted principal {}", plain(id)),
    }
}

/// Each once, in order of appearance.
pub(super) fn distinct(items: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    items.into_iter().filter(|item| seen.insert(item.clone())).collect()
}
