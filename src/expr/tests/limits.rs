//! Work is bounded whatever lists an account brings and however an expression nests them.

use std::time::{Duration, Instant};

use super::*;

/// A record whose lists have this many elements.
fn wide(length: usize) -> Value {
    let rows = |_: usize| json!({ "__present": true, "p": true, "q": 1, "w": "word" });
    let rows: Vec<Value> = (0..length).map(rows).collect();
    let names: Vec<Value> = (0..length).map(|at| format!("name-{at}").into()).collect();
    json!({ "a": true, "b": true, "c": true, "n": 1, "s": "s", "names": names, "items": rows, "rows": rows })
}

fn refused(text: &str, record: &Value) {
    let expression = compile(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
    let start = Instant::now();
    let error = expression.evaluate(record, &json!({ "k": 2, "words": ["u", "v"] })).unwrap_err();
    assert!(error.to_string().contains("beyond 4000000 steps"), "{text}: {error}");
    assert!(start.elapsed() < Duration::from_secs(5), "{text} took {:?}", start.elapsed());
}

#[test]
fn lists_nested_in_each_other_stop_at_the_limit_and_not_before() {
    let record = wide(200);
    let two = "x.rows.all(r, x.rows.exists(o, o.q == r.q && o.w == r.w))";
    assert_eq!(outcome(two, &record), Outcome::True);
    refused("x.rows.all(r, x.rows.all(o, x.rows.all(u, u.q + o.q + r.q == 3)))", &record);
    refused("x.rows.all(r, x.rows.all(o, x.rows.all(u, u.p && o.p && r.p)))", &record);
    refused("x.items.map(i, x.items.map(o, x.items.map(u, u.q)).size()).size() > 0", &record);
    refused("x.names.all(a, x.names.all(b, size(x.names) > 0))", &record);
}

#[test]
fn a_long_list_that_is_asked_once_is_within_the_limit() {
    let record = wide(20_000);
    assert_eq!(outcome("x.rows.all(r, r.p)", &record), Outcome::True);
    assert_eq!(outcome("x.rows.exists(r, r.q > 1)", &record), Outcome::False);
    assert_eq!(outcome("x.items.filter(i, i.q == 1).size() == 20000", &record), Outcome::True);
    assert_eq!(outcome("'name-7' in x.names", &record), Outcome::True);
}

#[test]
fn values_that_grow_with_every_step_are_refused_before_they_are_made() {
    let doubled = ".map(e, e + e)".repeat(60);
    refused(&format!("['aaaaaaaaaaaaaaaa']{doubled}.size() == 1"), &wide(1));
    refused(&format!("[x.names]{doubled}.size() == 1"), &wide(10));
}

#[test]
fn an_unknown_left_side_does_not_hide_that_the_right_one_was_given_up() {
    let mut record = wide(200);
    record.as_object_mut().unwrap().remove("a");
    refused("x.a && x.rows.all(r, x.rows.all(o, x.rows.all(u, u.p && o.p && r.p)))", &record);
}
