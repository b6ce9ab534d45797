//! "Did you mean": the nearest of the names that would have been right, or all of them.

/// Names that a message lists.
const MAX_NAMES: usize = 30;

/// The candidate nearest to `word`, when it is near enough to be a slip.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // Three slips in a word of nine letters make another word, such as `optional` of `rationale`.
    let allowed = if length < 9 { (length / 3).max(1) } else { length.div_ceil(4) };
    let fold = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let folded = fold(word);
    let rated = candidates.into_iter().map(|candidate| {
        let known = fold(candidate);
        let is_start = folded.len() > 3 && known.starts_with(&folded);
        let rating = if known == folded { 0 } else { distance(word, candidate) };
        (if is_start { rating.min(allowed) } else { rating }, candidate)
    });
    rated.filter(|(distance, _)| *distance <= allowed).min().map(|(_, candidate)| candidate)
}

/// Names in back quotes, with commas; of many, the first.
pub(crate) fn quoted(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = last.get(j).copied().unwrap_or(0) + usize::from(from != to);
            let removed = last.get(j + 1).copied().unwrap_or(0) + 1;
            let added = row.get(j).copied().unwrap_or(0) + 1;
            let mut best = replaced.min(removed).min(added);
            let swaps = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swaps {
                best = best.min(before.get(j - 1).copied().unwrap_or(0) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_word_that_was_meant() {
        let facts = ["is_logging", "is_multi_region", "name"];
        assert_eq!(closest("is_loging", facts), Some("is_logging"));
        assert_eq!(closest("is_loggign", facts), Some("is_logging"));
        assert_eq!(closest("isLogging", facts), Some("is_logging"));
        assert_eq!(closest("nmae", facts), Some("name"));
        assert_eq!(closest("is_multi", facts), Some("is_multi_region"));
    }

    #[test]
    fn a_different_word_finds_nothing() {
        assert_eq!(closest("retention", ["is_logging", "name"]), None);
    }
}
