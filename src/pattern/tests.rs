use serde_json::{Value, json};

use super::*;

mod alert;
mod cis;
mod filter;
mod laws;
mod narrow;
mod rule;

/// A trail of an organization in three regions.
fn scope() -> Scope {
    let own = |items: &[&str]| items.iter().map(ToString::to_string).collect();
    Scope {
        regions: own(&["us-east-1", "eu-west-1", "ap-southeast-2"]),
        accounts: own(&["111122223333", "444455556666"]),
    }
}

fn kind(id: &str) -> &'static AlertKind {
    AlertKind::find(id).unwrap()
}

fn filters(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::filter(text).unwrap_or_else(|error| panic!("{text}: {error}"))).collect()
}

fn answer_of_filters(id: &str, texts: &[&str]) -> Answer {
    fires(&filters(texts), kind(id), &scope())
}

fn answer_of_rule(id: &str, pattern: &Value) -> Answer {
    fires(&[Pattern::rule(&pattern.to_string()).unwrap()], kind(id), &scope())
}

/// Does a metric filter match this record?
fn filter_matches(text: &str, record: &Value) -> Option<bool> {
    filter::filter(text).judge(record).ok()
}
