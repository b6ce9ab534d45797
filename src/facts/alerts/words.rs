//! Where the chains of a kind break, in words.

use std::collections::BTreeSet;

use super::evidence::{Evidence, may_add_up};
use super::link::Link;
use crate::pattern::{AlertKind, Sample, conclude};

/// Clauses and events that are named.
const CLAUSES: usize = 3;
const EVENTS: usize = 5;

/// How far an event that nobody is told of got.
#[derive(PartialEq, Eq)]
enum End {
    /// A filter or a rule picks it, and then the chain breaks.
    Behind(Vec<String>),
    /// Rules tell of it, but not of the members' events.
    OfMember,
    /// No filter on the log groups picks it; these are known to get it.
    Unpicked(BTreeSet<String>),
    /// The way to a log group breaks.
    Before(Vec<String>),
    Unrecorded,
}

/// What to say of the events that certainly nobody is told of; the most specific first.
pub(super) fn broken_at(evidence: &Evidence<'_, '_>, kind: &AlertKind, samples: &[Sample]) -> String {
    let missed = samples.iter().filter(|sample| evidence.is_told(kind, sample) == Some(false));
    let missed: Vec<(&Sample, End)> = missed.map(|sample| (sample, end(evidence, kind, sample))).collect();
    let named = |wanted: &dyn Fn(&End) -> bool| {
        let is_among =
            |sample: &Sample| missed.iter().any(|(one, end)| std::ptr::eq(*one, sample) && wanted(end));
        listed(&conclude(samples, |sample| Some(!is_among(sample))).missed)
    };
    let mut clauses = Vec::new();
    let mut before = Vec::new();
    let mut groups = BTreeSet::new();
    for (_, end) in &missed {
        match end {
            End::Behind(words) => super::super::extend_unique(&mut clauses, words.iter().cloned()),
            End::Before(words) => super::super::extend_unique(&mut before, words.iter().cloned()),
            End::Unpicked(on) => groups.extend(on.iter().cloned()),
            End::OfMember | End::Unrecorded => {}
        }
    }
    let any = |wanted: fn(&End) -> bool| missed.iter().any(|(_, end)| wanted(end));
    if any(|end| matches!(end, End::Unpicked(_))) {
        let or_rule = if evidence.has_rules() { " and no event rule" } else { "" };
        let on = groups.into_iter().collect::<Vec<_>>().join(", ");
        let events = named(&|end| matches!(end, End::Unpicked(_)));
        clauses.push(format!("no metric filter on {on}{or_rule} fires on {events}"));
    }
    clauses.extend(before);
    if evidence.has_rules() && any(|end| matches!(end, End::Before(_))) {
        clauses.push(format!("no event rule fires on {}", named(&|end| matches!(end, End::Before(_)))));
    }
    if any(|end| *end == End::OfMember) {
        let events = named(&|end| *end == End::OfMember);
        clauses.push(format!("event rules do not see what member accounts do: {events}"));
    }
    if missed.len() == samples.len() && missed.iter().all(|(_, end)| *end == End::Unrecorded) {
        let of_them = if evidence.has_logging_trail() { " records such events" } else { "" };
        clauses.push(format!("no logging trail{of_them}"));
    } else if any(|end| *end == End::Unrecorded) {
        clauses.push(format!("no logging trail records {}", named(&|end| *end == End::Unrecorded)));
    }
    clauses.truncate(CLAUSES);
    clauses.join("; ")
}

fn end(evidence: &Evidence<'_, '_>, kind: &AlertKind, sample: &Sample) -> End {
    let Some(area) = evidence.area(sample) else { return End::Unrecorded };
    if evidence.is_recorded(area, sample) == Some(false) {
        return End::Unrecorded;
    }
    let mut behind = Vec::new();
    let mut before = Vec::new();
    let mut unpicked = BTreeSet::new();
    for (at, arrives) in evidence.trails_of(area, sample) {
        if evidence.records(area, at, sample) == Some(false) {
            continue;
        }
        if let Link::Broken(words) = arrives {
            super::super::extend_unique(&mut before, words.iter().cloned());
            continue;
        }
        let Some(group) = evidence.group(at) else { continue };
        if let Link::Broken(words) = &group.is_fit {
            super::super::extend_unique(&mut before, words.iter().cloned());
            continue;
        }
        unpicked.insert(group.name.clone());
        for (_, told, _) in group.picking(sample, may_add_up(kind)) {
            if let Link::Broken(words) = told {
                super::super::extend_unique(&mut behind, words.iter().cloned());
            }
        }
    }
    if !evidence.is_member(sample) {
        let rules = area.bus.rules.iter().flat_map(|rule| rule.trouble(sample));
        super::super::extend_unique(&mut behind, rules);
    }
    match (behind.is_empty(), unpicked.is_empty()) {
        (false, _) => End::Behind(behind),
        _ if evidence.is_member(sample) && area.bus.telling(sample).is_some() => End::OfMember,
        (true, false) => End::Unpicked(unpicked),
        (true, true) => End::Before(before),
    }
}

/// Events that are missed under the same circumstances share a phrase; those that are missed in any case come last.
fn listed(events: &[String]) -> String {
    let mut groups: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for event in events {
        let (name, circumstances) = split(event);
        // One example will do.
        let key = if circumstances.starts_with(FOR_EXAMPLE) { FOR_EXAMPLE } else { circumstances };
        match groups.iter_mut().find(|(known, ..)| *known == key) {
            Some((.., names)) => names.push(name),
            None => groups.push((key, circumstances, vec![name])),
        }
    }
    groups.sort_by_key(|(key, ..)| key.is_empty());
    let phrase = |(_, circumstances, names): &(&str, &str, Vec<&str>)| {
        let more = names.len().saturating_sub(EVENTS);
        let named = names.iter().take(EVENTS).copied().collect::<Vec<_>>().join(", ");
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("{named}{more}{circumstances}")
    };
    let mut phrases: Vec<String> = groups.iter().take(CLAUSES).map(phrase).collect();
    if let more @ 1.. = groups.iter().skip(CLAUSES).map(|(.., names)| names.len()).sum::<usize>() {
        phrases.push(format!("{more} more"));
    }
    phrases.join(", and ")
}

const FOR_EXAMPLE: &str = ", for example";

/// The name of an event, and the circumstances under which it is missed.
fn split(event: &str) -> (&str, &str) {
    let starts = [" in ", " outside ", " by ", FOR_EXAMPLE];
    let at = starts.iter().filter_map(|start| event.find(start)).min().unwrap_or(event.len());
    event.split_at(at)
}
