//! The answer of the algebra against the definition: every event of a small universe, matched one by one.
//!
//! What is not known is taken once at its best and once at its worst. Recording more never loses an event, so the truth lies between
//! the two: where they agree the answer must be theirs, and where they differ it must be unknown.

mod definition;
mod events;

use proptest::collection::vec;
use proptest::prelude::*;

use definition::Event;

use super::world::{DEFAULT_REGIONS, MANAGEMENT, World, denied, known, logging, multi_region};
use crate::inventory::{
    AdvancedFieldSelector, AdvancedSelector, ClassicSelector, Observed, Selectors, Trail,
};

/// Patterns are made of `a` and `k`, sources also of `x`, which stands for all that no pattern mentions.
const LONGEST_PATTERN: usize = 2;
const LONGEST_SOURCE: usize = 2 * LONGEST_PATTERN + 1;

fn universe() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..LONGEST_SOURCE {
        last = last.iter().flat_map(|text| ["a", "k", "x"].map(|letter| format!("{text}{letter}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// What is unknown is taken for the better (`best`) or for the worse.
fn records(trail: &Trail, event: &Event, best: bool) -> bool {
    let is_logging = trail.status.value().map_or(best, |status| status.is_logging);
    is_logging
        && trail.selectors.value().map_or(best, |selectors| definition::selects(selectors, event, best))
}

fn truth(trails: &[Trail], is_read: bool, universe: &[String]) -> Option<bool> {
    let kind = Event::of("Management").with("readOnly", if is_read { "true" } else { "false" });
    let all = |best: bool| {
        let recorded = |source: &String| {
            let event = kind.clone().with("eventSource", source);
            trails.iter().any(|trail| records(trail, &event, best))
        };
        universe.iter().all(recorded)
    };
    let (worst, best) = (all(false), all(true));
    (worst == best).then_some(best)
}

fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![Just("a"), Just("k"), Just("ak"), Just("ka"), Just("kk")].prop_map(str::to_owned)
}

fn patterns() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![3 => Just(Vec::new()), 2 => vec(pattern(), 1..3)]
}

fn one_of(
    field: &'static str,
    values: &'static [&'static str],
) -> impl Strategy<Value = AdvancedFieldSelector> {
    vec(proptest::sample::select(values), 0..3).prop_map(move |values| super::world::equals(field, &values))
}

fn condition() -> impl Strategy<Value = AdvancedFieldSelector> {
    let source = (patterns(), patterns(), patterns(), patterns(), patterns(), patterns()).prop_map(
        |(equals, starts_with, ends_with, not_equals, not_starts_with, not_ends_with)| {
            AdvancedFieldSelector {
                field: "eventSource".to_owned(),
                equals,
                starts_with,
                ends_with,
                not_equals,
                not_starts_with,
                not_ends_with,
            }
        },
    );
    let single = (pattern(), 0..6_usize).prop_map(|(pattern, which)| {
        let mut condition =
            AdvancedFieldSelector { field: "eventSource".to_owned(), ..AdvancedFieldSelector::default() };
        let lists = [
            &mut condition.equals,
            &mut condition.starts_with,
            &mut condition.ends_with,
            &mut condition.not_equals,
            &mut condition.not_starts_with,
            &mut condition.not_ends_with,
        ];
        lists.into_iter().nth(which).unwrap().push(pattern);
        condition
    });
    let read_only = proptest::sample::select(&["true", "false"][..]);
    prop_oneof![
        6 => single,
        2 => source,
        2 => read_only.clone().prop_map(|value| super::world::equals("readOnly", &[value])),
        1 => read_only.prop_map(|value| super::world::not_equals("readOnly", &[value])),
        1 => one_of("readOnly", &["true", "false", "maybe"]),
        1 => one_of("quantum", &["x"]),
    ]
}

fn advanced() -> impl Strategy<Value = AdvancedSelector> {
    let category = prop_oneof![
        12 => Just(Some(vec!["Management"])),
        1 => Just(Some(vec!["Data"])),
        1 => Just(Some(vec!["Quantum"])),
        1 => Just(Some(vec!["Data", "Quantum"])),
        1 => Just(Some(Vec::new())),
        1 => Just(None),
    ];
    (category, vec(condition(), 0..3)).prop_map(|(category, mut fields)| {
        fields.extend(category.map(|values| super::world::equals("eventCategory", &values)));
        AdvancedSelector { name: None, fields }
    })
}

fn classic() -> impl Strategy<Value = ClassicSelector> {
    let kinds = &["All", "All", "ReadOnly", "ReadOnly", "WriteOnly", "WriteOnly", "Other"];
    (proptest::sample::select(&kinds[..]), proptest::bool::weighted(0.8), patterns()).prop_map(
        |(kind, management, excluded)| ClassicSelector {
            read_write_type: kind.to_owned(),
            includes_management_events: management,
            excluded_management_sources: excluded,
            data_resources: Vec::new(),
        },
    )
}

fn selectors() -> impl Strategy<Value = Observed<Selectors>> {
    prop_oneof![
        1 => Just(denied()),
        3 => vec(classic(), 0..3).prop_map(|list| known(Selectors::Classic(list))),
        6 => vec(advanced(), 0..4).prop_map(|list| known(Selectors::Advanced(list))),
    ]
}

fn trail() -> impl Strategy<Value = Trail> {
    let status = prop_oneof![6 => Just(logging(true)), 1 => Just(logging(false)), 1 => Just(denied())];
    (status, selectors()).prop_map(|(status, selectors)| Trail { status, selectors, ..multi_region("") })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_is_recorded_exactly_when_every_event_is(trails in vec(trail(), 1..4)) {
        let universe = universe();
        let named = trails.iter().enumerate().map(|(at, trail)| Trail { name: format!("trail{at}"), ..trail.clone() });
        let world = named.fold(World::alone(), World::with);
        let expected = (truth(&trails, true, &universe), truth(&trails, false, &universe));
        for region in DEFAULT_REGIONS {
            prop_assert_eq!(world.recorded(MANAGEMENT, region), expected);
        }
        let says_that_something_is_missing = !world.account(MANAGEMENT).unrecorded.is_empty();
        prop_assert_eq!(says_that_something_is_missing, expected.0 == Some(false) || expected.1 == Some(false));
    }
}

/// The comparison above would prove little if random selectors never recorded everything.
#[test]
fn every_answer_occurs() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let universe = universe();
    let mut seen = Vec::new();
    for _ in 0..300 {
        let trails = vec(trail(), 1..4).new_tree(&mut runner).unwrap().current();
        seen.push(truth(&trails, true, &universe));
    }
    for answer in [Some(true), Some(false), None] {
        let count = seen.iter().filter(|one| **one == answer).count();
        assert!(count >= 15, "{answer:?} only {count} times");
    }
}
