//! The long tail of rows as columns of JSON: the page draws them when asked to, and stays fast.

use std::collections::BTreeMap;

use minijinja::Value;
use serde::Serialize;

use super::super::escape;
use super::finding;
use crate::report::Verdict;

/// Columns of indices into `strings`.
#[derive(Default, Serialize)]
struct Columns<'a> {
    strings: Vec<&'a str>,
    status: Vec<usize>,
    severity: Vec<usize>,
    drift: Vec<usize>,
    rule: Vec<usize>,
    name: Vec<usize>,
    account: Vec<usize>,
    region: Vec<usize>,
    message: Vec<usize>,
}

/// The verdicts as a JSON block that is safe inside a script element.
pub(super) fn block(verdicts: &[&Verdict]) -> std::io::Result<Value> {
    let mut columns = Columns::default();
    let mut known = BTreeMap::new();
    for verdict in verdicts {
        let mut index = |text| {
            *known.entry(text).or_insert_with(|| {
                columns.strings.push(text);
                columns.strings.len() - 1
            })
        };
        columns.status.push(index(verdict.status.name()));
        columns.severity.push(index(verdict.severity.name()));
        columns.drift.push(index(finding::drift(verdict)));
        columns.rule.push(index(&verdict.rule));
        columns.name.push(index(&verdict.subject.name));
        columns.account.push(index(&verdict.subject.account));
        columns.region.push(index(&verdict.subject.region));
        columns.message.push(index(&verdict.message));
    }
    let shown: Vec<_> = columns.strings.iter().map(|text| escape::visible(text)).collect();
    columns.strings = shown.iter().map(AsRef::as_ref).collect();
    let json = escape::json(&columns, true)?;
    Ok(Value::from_safe_string(String::from_utf8_lossy(&json).into_owned()))
}
