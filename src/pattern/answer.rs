//! Is every event of a kind caught?

use std::borrow::Borrow;
use std::collections::BTreeSet;

use super::Pattern;
use super::alert::{AlertKind, Sample, Scope};
use super::truth::{self, Truth};

/// Values that are named one by one.
const NAMED: usize = 5;

/// Whether patterns taken together catch all events of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// None where it is not clear.
    pub every: Option<bool>,
    /// Events that are not caught, in words: `DeleteTrail`, `StopLogging outside us-east-1`.
    pub missed: Vec<String>,
    /// Why something is not clear, in sentences.
    pub notes: Vec<String>,
}

/// Do these patterns together match every event of the kind? An event that one of them matches is caught.
#[must_use]
pub fn fires<P: Borrow<Pattern>>(patterns: &[P], kind: &AlertKind, scope: &Scope) -> Answer {
    let samples = kind.samples_against(scope, patterns);
    let judge = |sample| truth::any(patterns.iter().map(|pattern| pattern.borrow().judge(sample)));
    let truths: Vec<Truth> = samples.iter().map(judge).collect();
    let verdicts: Vec<_> = samples.iter().zip(truths.iter().map(|truth| truth.ok())).collect();
    let mut answer = answer(&verdicts);
    let doubts: BTreeSet<_> = truths.into_iter().filter_map(Result::err).collect();
    answer.notes.extend(doubts.into_iter().map(|doubt| format!("Not clear, because {}.", doubt.words())));
    answer
}

/// The same for events that were judged by the caller, from filters and rules of any place; None where that is not clear.
pub fn conclude(samples: &[Sample], is_caught: impl Fn(&Sample) -> Option<bool>) -> Answer {
    let verdicts: Vec<_> = samples.iter().map(|sample| (sample, is_caught(sample))).collect();
    answer(&verdicts)
}

type Dimension = fn(&Sample) -> &str;
type Judged<'s> = (&'s Sample, Option<bool>);

fn answer(verdicts: &[Judged<'_>]) -> Answer {
    if verdicts.is_empty() {
        let notes = vec!["No events can be tried without a region and an account.".to_owned()];
        return Answer { every: None, missed: Vec::new(), notes };
    }
    let mut missed = Vec::new();
    let mut unclear = Vec::new();
    let groups = || verdicts.chunk_by(|a, b| a.0.event == b.0.event);
    // What sets all missed events apart says more than what happens to set some apart.
    let common: Vec<Judged<'_>> = groups().filter(|group| is_mixed(group)).flatten().copied().collect();
    let common = apart(&common);
    for group in groups() {
        let Some((first, _)) = group.first() else { continue };
        if group.iter().any(|(_, verdict)| *verdict == Some(false)) {
            missed.push(gap(group, common));
        } else if group.iter().any(|(_, verdict)| verdict.is_none()) {
            unclear.push(first.event.as_str());
        }
    }
    let every = match (missed.is_empty(), unclear.is_empty()) {
        (false, _) => Some(false),
        (true, false) => None,
        (true, true) => Some(true),
    };
    let notes = if unclear.is_empty() {
        Vec::new()
    } else {
        vec![format!("It is not clear whether these are always caught: {}.", unclear.join(", "))]
    };
    Answer { every, missed, notes }
}

/// The words for inside and outside, and the value to tell events apart by.
const DIMENSIONS: [(&str, &str, Dimension); 3] = [
    ("in", "outside", |sample| &sample.region),
    ("in account", "outside account", |sample| &sample.account),
    ("by", "by others than", |sample| sample.identity),
];

/// Some of the events are missed, and some are not.
fn is_mixed(events: &[Judged<'_>]) -> bool {
    let is_missed = |(_, verdict): &Judged<'_>| *verdict == Some(false);
    events.iter().any(is_missed) && !events.iter().all(is_missed)
}

/// The values of the missed events, and those of the others.
fn sides<'s>(events: &[Judged<'s>], value: Dimension) -> (BTreeSet<&'s str>, BTreeSet<&'s str>) {
    let of = |is_missed: bool| {
        let some = events.iter().filter(move |(_, verdict)| (*verdict == Some(false)) == is_missed);
        some.map(|(sample, _)| value(sample)).collect()
    };
    (of(true), of(false))
}

/// Where in [`DIMENSIONS`] the values of missed events are never those of others.
fn apart(events: &[Judged<'_>]) -> Option<usize> {
    DIMENSIONS.iter().position(|(.., value)| {
        let (missed, others) = sides(events, *value);
        missed.is_disjoint(&others)
    })
}

/// What is missed of one event name: all of it, or what sets the missed events apart from the others, by `common` if that is known.
fn gap(group: &[Judged<'_>], common: Option<usize>) -> String {
    let Some((example, _)) = group.iter().find(|(_, verdict)| *verdict == Some(false)) else {
        return String::new();
    };
    if !is_mixed(group) {
        return example.event.clone();
    }
    match common.or_else(|| apart(group)).and_then(|at| DIMENSIONS.get(at)) {
        Some((inside, outside, value)) => {
            let (missed, others) = sides(group, *value);
            let (word, values) =
                if others.len() < missed.len() { (outside, others) } else { (inside, missed) };
            format!("{} {word} {}", example.event, listed(values))
        }
        None => format!(
            "{}, for example by {} in {} of account {}",
            example.event, example.identity, example.region, example.account
        ),
    }
}

fn listed(values: BTreeSet<&str>) -> String {
    let more = values.len().saturating_sub(NAMED);
    let named = values.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more == 0 { named } else { format!("{named} and {more} more") }
}
