//! A few values of a field that stand for all.

use std::collections::{BTreeSet, HashSet};

use super::{Condition, Field};

/// More values than this are not tried.
const MOST: usize = 20_000;
/// More comparisons than this are not made for one field; five trails with all the data resources that AWS allows take half.
const MOST_COMPARISONS: usize = 8_000_000;

/// A value of a field that stands for all that every condition treats alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::facts) struct Witness {
    /// The value itself.
    pub(in crate::facts) value: String,
    /// A condition names it; otherwise it stands for values that none names, with this start and end.
    pub(in crate::facts) kind: WitnessKind,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::facts) enum WitnessKind {
    Named,
    Other { start: String, end: String },
}

/// Values such that any other satisfies exactly the same of `conditions` as one of these; `None` where they are too many to try.
///
/// `clauses` is how many are to be asked about each value.
///
/// Apart from the values that are named, a value satisfies what its longest start and its longest end among the patterns satisfy: both
/// with a character between them that no pattern has stand for it.
pub(super) fn witnesses<'a>(
    field: Field,
    conditions: &[&Condition<'a>],
    clauses: usize,
) -> Option<Vec<Witness>> {
    if let Some(values) = field.values() {
        let named = |value: &str| Witness { value: value.to_owned(), kind: WitnessKind::Named };
        return Some(values.map(named).to_vec());
    }
    let mut named: BTreeSet<&'a str> = BTreeSet::new();
    let mut starts = BTreeSet::from([""]);
    let mut ends = BTreeSet::from([""]);
    let mut comparisons = clauses;
    for patterns in conditions.iter().flat_map(|condition| [&condition.any_of, &condition.none_of]) {
        named.extend(&patterns.equals);
        starts.extend(&patterns.starts);
        ends.extend(&patterns.ends);
        comparisons += patterns.len();
    }
    let count = starts.len().saturating_mul(ends.len()).saturating_add(named.len());
    if count > MOST || count.saturating_mul(comparisons) > MOST_COMPARISONS {
        return None;
    }
    let used: HashSet<char> =
        named.iter().chain(&starts).chain(&ends).flat_map(|text| text.chars()).collect();
    let filler = ('\u{1}'..=char::MAX).find(|c| !used.contains(c))?;
    let other = |start: &str, end: &str| Witness {
        value: format!("{start}{filler}{end}"),
        kind: WitnessKind::Other { start: start.to_owned(), end: end.to_owned() },
    };
    let others = starts.iter().flat_map(|start| ends.iter().map(move |end| other(start, end)));
    let named = named.iter().map(|value| Witness { value: (*value).to_owned(), kind: WitnessKind::Named });
    Some(others.chain(named).collect())
}
