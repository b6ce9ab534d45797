//! Laws: spelling does not matter, answers are those of brute force, and no text is too odd or too long.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::rule::Rule;
use super::*;

const VALUES: [&str; 4] = ["x", "y", "xy", "yx"];

/// A condition on field 0, 1 or 2, judged without the code under test.
#[derive(Clone, Debug)]
enum Node {
    Both(Vec<Node>),
    Either(Vec<Node>),
    Is(usize, &'static str),
    IsNot(usize, &'static str),
    Missing(usize),
}

impl Node {
    fn brute(&self, record: [Option<&str>; 3]) -> Option<bool> {
        let several = |nodes: &[Self], decisive: bool| {
            let answers: Vec<_> = nodes.iter().map(|node| node.brute(record)).collect();
            if answers.contains(&Some(decisive)) {
                return Some(decisive);
            }
            if answers.contains(&None) { None } else { Some(!decisive) }
        };
        match self {
            Self::Both(nodes) => several(nodes, false),
            Self::Either(nodes) => several(nodes, true),
            Self::Is(field, wanted) => Some(record[*field].is_some_and(|value| like(value, wanted))),
            Self::IsNot(field, wanted) => record[*field].map(|value| !like(value, wanted)),
            Self::Missing(field) => Some(record[*field].is_none()),
        }
    }

    /// `noise` decides on spaces, quotes and parentheses.
    fn print(&self, noise: &mut impl Iterator<Item = u8>) -> String {
        let mut chance = |n: u8| noise.next().unwrap_or(0).is_multiple_of(n);
        let space = ["", " ", "\n\t "][usize::from(chance(2)) + usize::from(chance(3))];
        let (quote, wrap) = (if chance(2) { "\"" } else { "" }, chance(4));
        let text = match self {
            Self::Both(nodes) | Self::Either(nodes) => {
                let joint = if matches!(self, Self::Both(_)) { "&&" } else { "||" };
                let parts: Vec<_> = nodes
                    .iter()
                    .map(|node| match (self, node) {
                        (Self::Both(_), Self::Either(_)) => format!("({space}{})", node.print(noise)),
                        _ => node.print(noise),
                    })
                    .collect();
                parts.join(&format!("{space}{joint}{space}"))
            }
            Self::Is(field, wanted) => format!("$.f{field}{space}={space}{quote}{wanted}{quote}"),
            Self::IsNot(field, wanted) => {
                format!("$.f{field}{space}!={space}{quote}{wanted}{quote}")
            }
            Self::Missing(field) => format!("$.['f{field}'] NOT  EXISTS"),
        };
        if wrap { format!("({space}{text}{space})") } else { format!("{text}{space}") }
    }
}

/// The four shapes a string may have.
fn like(value: &str, wanted: &str) -> bool {
    match wanted {
        "*" => true,
        "x*" => value.starts_with('x'),
        "*x" => value.ends_with('x'),
        "*x*" => value.contains('x'),
        exact => value == exact,
    }
}

fn node() -> impl Strategy<Value = Node> {
    let wanted = || prop::sample::select(vec!["x", "y", "xy", "x*", "*x", "*x*", "*"]);
    let leaf = prop_oneof![
        (0..3_usize, wanted()).prop_map(|(field, wanted)| Node::Is(field, wanted)),
        (0..3_usize, wanted()).prop_map(|(field, wanted)| Node::IsNot(field, wanted)),
        (0..3_usize).prop_map(Node::Missing),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Node::Both),
            prop::collection::vec(inner, 1..4).prop_map(Node::Either),
        ]
    })
}

fn record(choice: &[usize; 3]) -> (Value, [Option<&'static str>; 3]) {
    let values = choice.map(|index| VALUES.get(index).copied());
    let mut record = json!({});
    for (field, value) in
        values.iter().enumerate().filter_map(|(field, value)| value.map(|value| (field, value)))
    {
        record[format!("f{field}")] = value.into();
    }
    (record, values)
}

proptest! {
    #[test]
    fn a_filter_in_any_spelling_answers_as_brute_force_does(
        node in node(), noise in prop::collection::vec(any::<u8>(), 64), choice in prop::array::uniform3(0..5_usize),
    ) {
        let text = format!("{{{}}}", node.print(&mut noise.into_iter().cycle()));
        let (record, values) = record(&choice);
        prop_assert_eq!(filter_matches(&text, &record), node.brute(values), "{} on {}", text, record);
    }

    #[test]
    fn a_rule_answers_as_brute_force_does(
        wanted in prop::collection::vec((0..3_usize, prop::collection::vec((0..4_usize, 0..4_usize), 1..4)), 1..4),
        choice in prop::array::uniform3(0..5_usize),
    ) {
        let (record, values) = record(&choice);
        let mut pattern = json!({});
        let mut expected = true;
        for (field, entries) in wanted.iter().filter(|(field, _)| wanted.iter().filter(|(other, _)| other == field).count() == 1) {
            let entry = |(operator, value): &(usize, usize)| {
                let wanted = VALUES[*value];
                [json!(wanted), json!({ "prefix": wanted }), json!({ "anything-but": wanted }), json!({ "exists": false })][*operator].clone()
            };
            pattern[format!("f{field}")] = entries.iter().map(entry).collect();
            expected &= entries.iter().any(|(operator, value)| match (values[*field], operator) {
                (Some(is), 0) => is == VALUES[*value],
                (Some(is), 1) => is.starts_with(VALUES[*value]),
                (Some(is), 2) => is != VALUES[*value],
                (None, 3) => true,
                _ => false,
            });
        }
        prop_assume!(pattern != json!({}));
        let rule = Rule::parse(&pattern.to_string()).unwrap();
        prop_assert_eq!(rule.judge(&record), Ok(expected), "{} on {}", pattern, record);
    }

    #[test]
    fn no_text_makes_the_parsers_panic(text in "\\PC{0,60}", odd in "[{}()\\[\\]$.a0*%\"'\\\\=!<>&|? NOTEXISTS-]{0,60}") {
        for text in [&text, &odd, &format!("{{{odd}}}"), &format!("{{ $.{odd}")] {
            if let Ok(filter) = Pattern::filter(text) {
                filter_matches(filter.text(), &json!({ "a": ["x", 1, { "a": null }], "b": "yx" }));
            }
            let _ = Pattern::rule(text);
        }
    }

    #[test]
    fn no_json_makes_the_rules_panic(operator in "[a-z$-]{0,12}|prefix|numeric|cidr|anything-but|wildcard", operand in "\\PC{0,12}|[0-9.e/*\\\\:-]{0,9}") {
        for operand in [json!(operand), json!([operand]), json!({ "prefix": operand }), json!(["<", 1]), Value::Null] {
            let pattern = json!({ "a": [{ operator.as_str(): operand.clone() }], "$or": [{ "b": [operand.clone()] }, { "c": [operand] }] });
            if let Ok(rule) = Rule::parse(&pattern.to_string()) {
                let _ = rule.judge(&json!({ "a": ["10.0.0.1", 1, null], "b": "x" }));
            }
        }
    }
}

#[test]
fn the_longest_patterns_are_judged_in_no_time() {
    let long = "a".repeat(20_000);
    let record = json!({ "a": long, "b": vec![long.clone(); 3] });
    let start = Instant::now();
    for text in [
        format!("{{ {}$.a = 1{} }}", "(".repeat(8_000), ")".repeat(8_000)),
        format!("{{ $.a = 1{} }}", " || $.b = x".repeat(1_400)),
        format!("{{ $.a = \"{}b\" }}", "*a".repeat(8_000)),
        format!("{{ $.b[*] = \"{}b\" }}", "*a".repeat(8_000)),
        "a ".repeat(8_000),
        format!("{{ $.a = %{}b% }}", "a*".repeat(2_000)),
        format!("{{ $.a = %{}% }}", "a{9}".repeat(2_000)),
        "\"".repeat(16_000),
        "{ $.a[".repeat(2_500),
    ] {
        if let Ok(pattern) = Pattern::filter(&text) {
            filter_matches(pattern.text(), &record);
        }
    }
    let wildcard = json!({ "a": [{ "wildcard": format!("{}b", "*a".repeat(8_000)) }] });
    assert_eq!(Rule::parse(&wildcard.to_string()).unwrap().judge(&record), Ok(false));
    assert!(
        Pattern::filter(&format!("{{ {}$.a = 1 }}", "(".repeat(41)))
            .unwrap_err()
            .message
            .contains("40 brackets")
    );
    assert!(
        Pattern::filter(&"a".repeat(MAX_LENGTH + 1)).is_err()
            && Pattern::rule(&" ".repeat(MAX_LENGTH + 1)).is_err()
    );
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}
