use serde_json::json;

use super::*;
use crate::facts::schema::{Field, Type};

fn field(ty: Type) -> Field {
    Field { ty, doc: String::new(), may_be_unknown: true, is_for_messages: false, calls: Vec::new() }
}

fn list(item: Type, may_be_incomplete: bool) -> Type {
    Type::List { item: Box::new(item), may_be_incomplete }
}

fn record(fields: Vec<(&str, Type)>) -> RecordType {
    let fields = fields.into_iter().map(|(name, ty)| (name.to_owned(), field(ty))).collect();
    RecordType { fields, unsupported: Vec::new() }
}

/// Bools `a b c`, int `n`, string `s`, strings `names`, a complete list `items`, a list `rows` that may be incomplete.
pub(super) fn subject() -> RecordType {
    let element = || Type::Record(record(vec![("p", Type::Bool), ("q", Type::Int), ("w", Type::String)]));
    record(vec![
        ("a", Type::Bool),
        ("b", Type::Bool),
        ("c", Type::Bool),
        ("n", Type::Int),
        ("s", Type::String),
        ("names", list(Type::String, false)),
        ("items", list(element(), false)),
        ("rows", list(element(), true)),
    ])
}

pub(super) fn compile(text: &str) -> Result<Expression, Vec<Mistake>> {
    let parameters = record(vec![("k", Type::Int), ("words", list(Type::String, false))]);
    Expression::compile(text, Vocabulary { subject: "x", record: &subject(), parameters: &parameters })
}

fn outcome(text: &str, record: &Value) -> Outcome {
    let expression = compile(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
    expression.evaluate(record, &json!({ "k": 2, "words": ["u", "v"] })).unwrap()
}

fn unknown(paths: &[&str]) -> Outcome {
    Outcome::Unknown(paths.iter().map(ToString::to_string).collect())
}

#[test]
fn connectives_absorb_gaps_on_both_sides() {
    let gap_b = json!({ "a": false, "c": true });
    for (text, expected) in [
        ("x.a && x.b", Outcome::False),
        ("x.b && x.a", Outcome::False),
        ("x.c || x.b", Outcome::True),
        ("x.b || x.c", Outcome::True),
        ("!(x.b && x.a)", Outcome::True),
        ("x.c && x.b", unknown(&["b"])),
        ("x.b || x.a", unknown(&["b"])),
        ("x.c ? x.a : x.b", Outcome::False),
        ("x.b ? x.c : x.c", Outcome::True),
        ("x.b ? x.c : x.a", unknown(&["b"])),
        ("x.b == x.c", unknown(&["b"])),
        ("x.a != x.c", Outcome::True),
    ] {
        assert_eq!(outcome(text, &gap_b), expected, "{text}");
    }
}

#[test]
fn only_the_gaps_that_mattered_are_named() {
    let record = json!({ "a": true });
    assert_eq!(outcome("x.a || x.b", &record), Outcome::True);
    assert_eq!(outcome("(x.a || x.b) && x.c", &record), unknown(&["c"]));
    assert_eq!(outcome("x.n > 1 && x.s == 'a'", &record), unknown(&["n", "s"]));
    assert_eq!(outcome("x.n > 1 && x.s == 'a'", &json!({ "s": "a" })), unknown(&["n"]));
    assert_eq!(outcome("(x.a ? x.n : 1) > 0", &record), unknown(&["n"]));
    assert_eq!(outcome("(x.a ? 1 : x.n) > 0", &record), Outcome::True);
}

#[test]
fn a_phantom_can_leave_open_but_never_decide() {
    let rows = |rows: Value| json!({ "rows": rows });
    let known = |p: bool| json!({ "__present": true, "p": p, "q": 1 });
    for (text, list, expected) in [
        ("x.rows.all(r, r.p)", json!([known(true)]), Outcome::True),
        ("x.rows.all(r, r.p)", json!([known(true), {}]), unknown(&["rows"])),
        ("x.rows.all(r, r.p)", json!([{}, known(false)]), Outcome::False),
        ("x.rows.exists(r, r.p)", json!([{}, known(true)]), Outcome::True),
        ("x.rows.exists(r, r.p)", json!([known(false), {}]), unknown(&["rows"])),
        ("x.rows.all(r, r.p)", json!([known(true), { "p": true }]), Outcome::True),
        ("x.rows.all(r, r.p)", json!([known(true), { "p": false }]), unknown(&["rows"])),
        ("x.rows.exists(r, r.p)", json!([known(false), { "p": false }]), Outcome::False),
        ("x.rows.exists(r, r.p)", json!([known(false), { "p": true }]), unknown(&["rows"])),
        ("!x.rows.exists(r, !r.p)", json!([known(true), { "p": false }]), unknown(&["rows"])),
        ("x.rows.all(r, r.p || r.q < 2)", json!([known(false), { "q": 1 }]), Outcome::True),
        ("x.rows.all(r, r.p)", json!([{ "__present": true }, known(true)]), unknown(&["rows[].p"])),
        ("x.rows.all(r, r.p)", json!([]), Outcome::True),
        ("x.rows.exists(r, r.p)", json!([]), Outcome::False),
    ] {
        assert_eq!(outcome(text, &rows(list.clone())), expected, "{text} {list}");
    }
    assert_eq!(outcome("x.rows.all(r, r.p)", &json!({})), unknown(&["rows"]));
}

#[test]
fn quantifiers_nest_and_see_everything_around_them() {
    let record = json!({
        "n": 3, "names": ["u"],
        "rows": [{ "__present": true, "q": 3, "w": "u" }],
        "items": [{ "q": 3 }, { "q": 4 }],
    });
    assert_eq!(outcome("x.rows.all(r, x.items.exists(i, i.q == r.q && r.q == x.n))", &record), Outcome::True);
    assert_eq!(outcome("x.rows.all(r, r.w in x.names)", &record), Outcome::True);
    assert_eq!(outcome("parameters.words.exists(w, w in x.names)", &record), Outcome::True);
    assert_eq!(outcome("x.items.filter(i, i.q > 3).size() == 1", &record), Outcome::True);
    assert_eq!(outcome("x.items.map(i, i.q) == [3, 4]", &record), Outcome::True);
    assert_eq!(outcome("x.items[1].q == x.n + 1", &record), Outcome::True);
    assert_eq!(outcome("x.items.exists_one(i, i.q == parameters.k + 1)", &record), Outcome::True);
    assert_eq!(outcome("x.items.filter(i, i.p).size() == 1", &record), unknown(&["items[].p"]));
    assert_eq!(outcome("x.items.filter(i, i.q > 3).all(i, i.q == 4)", &record), Outcome::True);
}

#[test]
fn what_an_expression_reads_is_listed_once_and_in_order() {
    let expression = compile("x.n > parameters.k && x.rows.all(r, r.p) && x.n < 9").unwrap();
    assert_eq!(expression.reads(), ["n", "rows", "rows[].p"]);
    assert_eq!(expression.parameters(), ["k"]);
}

#[test]
fn other_failures_are_errors_and_a_guard_keeps_them_away() {
    let evaluate = |text: &str, record: Value| compile(text).unwrap().evaluate(&record, &json!({}));
    assert!(evaluate("1 / x.n > 0", json!({ "n": 0 })).is_err());
    assert!(evaluate("x.names[0] == 'a'", json!({ "names": [] })).is_err());
    assert!(evaluate("int(x.s) > 0", json!({ "s": "a" })).is_err());
    assert!(evaluate("x.n + 1 > 0", json!({ "n": i64::MAX })).is_err());
    assert_eq!(evaluate("x.n != 0 && 1 / x.n > 0", json!({ "n": 0 })), Ok(Outcome::False));
    assert_eq!(evaluate("x.a && x.names[0] == 'a'", json!({ "names": [] })), Ok(unknown(&["a"])));
}

#[test]
fn what_is_not_checked_is_refused() {
    for text in [
        "{'a': true}['a']",
        "1.5 > 1.0",
        "1u == 1u",
        "null == null",
        "b'a' == b'a'",
        "type(x.n) == int",
        "x",
        "x.rows",
        "parameters",
        "x == x",
        "x.items == x.items",
        "has(x.a)",
        "has(x.zzz)",
        "duration('1h') == duration('1h')",
        "dyn(x.a)",
        "x.a.size() > 1",
        "x.n && x.a",
        "x.a > x.b",
        "x.s + x.n == 'a'",
        "x.names.contains('a')",
        "__result__",
        "x.__present",
        "x.rows.all(r, r.__present)",
        "x.rows.all(__r, true)",
        "x.rows.all(x, x.p)",
        "x.a ? 1 : 2",
        "x.a ? x.items[0] : x.items[1]",
        "[x.items[0]].exists(i, i.p)",
        "x.?a",
        "x[?'a']",
        "optional.of(1).hasValue()",
        "max(1, 2) > 1",
        "x.names[x.s] == 'a'",
        "!x.n",
        "-x.s == 's'",
        "x.s in x.n",
        "x.n in x.names",
        "@result",
        "x.items.exists(i, x.rows.size() > 0)",
        "x.s.matches('(')",
        "x.s.matches(x.n)",
        "google.protobuf.Int32Value{value: 1} == 1",
        "",
        " ",
        "x.a &&& x.b",
        "x.`a`",
    ] {
        assert!(compile(text).is_err(), "{text}");
    }
}

#[test]
fn all_mistakes_of_an_expression_are_found_at_once() {
    let mistakes = compile("x.aa && (x.n == 'a' || y.b) && x.s.foo()").unwrap_err();
    let spans: Vec<_> = mistakes.iter().map(|mistake| mistake.span.clone()).collect();
    assert_eq!(spans, [2..4, 13..15, 23..24, 35..38], "{mistakes:?}");
}

#[test]
fn a_literal_pattern_is_compiled_with_the_expression_and_found_anywhere_in_the_text() {
    let compiled = compile("x.s.matches('^a+$')").unwrap();
    assert!(matches!(compiled.node, Node::Matches(..)), "{:?}", compiled.node);
    assert_eq!(compiled.reads(), ["s"]);
    let record =
        json!({ "s": "aab", "rows": [{ "__present": true, "w": "k-1" }, {}], "items": [{ "w": "k" }] });
    for (text, expected) in [
        ("x.s.matches('^a+$')", Outcome::False),
        ("x.s.matches('ab')", Outcome::True),
        ("!x.s.matches('ab')", Outcome::False),
        ("x.rows.exists(row, row.w.matches('-[0-9]'))", Outcome::True),
        ("x.rows.all(row, row.w.matches('-[0-9]'))", unknown(&["rows"])),
        ("x.items.exists_one(item, item.w.matches('^k'))", Outcome::True),
        ("x.s.matches(x.s)", Outcome::True),
        ("'aab'.matches('^a')", Outcome::True),
    ] {
        assert_eq!(outcome(text, &record), expected, "{text}");
    }
    assert_eq!(outcome("x.s.matches('a')", &json!({})), unknown(&["s"]));
}

mod limits;
mod tools;
