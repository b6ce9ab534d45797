//! Three-valued logic over `Option<bool>`, where `None` is not known.

/// True when both are; a false decides.
pub(super) fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    all([a, b])
}

/// True when all are; a false decides.
pub(super) fn all(items: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    any(items.into_iter().map(|item| item.map(|value| !value))).map(|value| !value)
}

/// True when one is; a true decides.
pub(super) fn any(items: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut answer = Some(false);
    for item in items {
        match item {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}
