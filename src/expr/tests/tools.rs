//! What authors are shown of an expression: its mutants, its parts with their values, and that it decides nothing.

use super::*;
use crate::expr::{Came, Mutant, Probe, Trace, mutants};

fn parameters() -> RecordType {
    record(vec![("k", Type::Int), ("words", list(Type::String, false))])
}

fn changes(text: &str) -> Vec<String> {
    let (subject, parameters) = (subject(), parameters());
    let vocabulary = Vocabulary { subject: "x", record: &subject, parameters: &parameters };
    let shown = |mutant: Mutant| format!("{}: {}", mutant.span.start, mutant.change);
    mutants(text, vocabulary).into_iter().map(shown).collect()
}

#[test]
fn each_operator_number_and_operand_gives_a_mutant() {
    assert_eq!(
        changes("x.a && !x.b"),
        ["0: `x.a` was left out", "4: `&&` became `||`", "7: `!x.b` was left out", "7: `!` was left out"]
    );
    assert_eq!(changes("x.n < 5"), ["4: `<` became `<=`", "6: `5` became `6`", "6: `5` became `4`"]);
    assert_eq!(changes("x.s != 'a'"), ["4: `!=` became `==`"]);
    assert_eq!(changes("x.n >= parameters.k"), ["4: `>=` became `>`"]);
    assert_eq!(changes("x.rows.all(r, r.p)"), ["7: `all` became `exists`"]);
    assert_eq!(changes("x.a"), [""; 0]);
    let among = changes("x.items.filter(i, i.q > 1).size() == 0");
    assert!(among.contains(&"22: `>` became `>=`".to_owned()), "{among:?}");
}

#[test]
fn a_mutant_says_something_else_where_it_can() {
    let (subject, parameters) = (subject(), parameters());
    let vocabulary = Vocabulary { subject: "x", record: &subject, parameters: &parameters };
    let mutant = |text: &str, change: &str| {
        let all = mutants(text, vocabulary);
        all.into_iter().find(|mutant| mutant.change == change).unwrap().expression
    };
    let facts = json!({ "a": true, "b": false, "n": 5, "rows": [{ "__present": true, "p": true }, { "__present": true, "p": false }],
        "names": ["u", "z"], "items": [] });
    let told =
        |expression: &Expression| expression.evaluate(&facts, &json!({ "k": 2, "words": ["u"] })).unwrap();
    assert_eq!(told(&mutant("x.a && x.b", "`&&` became `||`")), Outcome::True);
    assert_eq!(told(&mutant("x.n < 5", "`<` became `<=`")), Outcome::True);
    assert_eq!(told(&mutant("x.rows.all(r, r.p)", "`all` became `exists`")), Outcome::True);
    assert_eq!(told(&mutant("x.rows.exists(r, r.p)", "`exists` became `all`")), Outcome::False);
    let inside = "x.names.map(n, n in parameters.words).exists(known, known)";
    assert_eq!(told(&mutant(inside, "`exists` became `all`")), Outcome::False);
    assert_eq!(told(&mutant("!(x.a && x.b)", "`x.b` was left out")), Outcome::False);
}

#[test]
fn logic_that_decides_nothing_is_told_and_other_logic_is_not() {
    for (text, expected) in [
        ("false", Some(false)),
        ("x.a && !x.a", Some(false)),
        ("x.a || !x.a", Some(true)),
        ("x.n == 1 && x.n != 1", Some(false)),
        ("(x.a && x.b) && (!x.b || false)", Some(false)),
        ("x.a ? x.b : x.b", None),
        ("x.a ? true : true", Some(true)),
        ("x.rows.all(r, r.p) && !x.rows.all(r, r.p)", Some(false)),
        ("x.rows.all(r, r.p) && !x.rows.all(r, r.q > 0)", None),
        ("x.a && !x.b", None),
        ("x.n == 1 && x.n != 2", None),
        ("x.n < 3 && x.n > 5", Some(false)),
        ("x.n > 2 || x.n <= 2", Some(true)),
        ("x.n > 2 && x.n < 4", None),
        ("x.n > 3 && x.n < 4", Some(false)),
        ("x.n >= 3 && x.n <= 3", None),
        ("x.s == 'a' && x.s == 'b'", Some(false)),
        ("x.s != 'a' || x.s != 'b'", Some(true)),
        ("x.n < 3 && x.items.exists(i, i.q > 5)", None),
        ("x.items.exists(i, i.q < 3) && x.items.exists(i, i.q > 5)", None),
    ] {
        assert_eq!(compile(text).unwrap().constant(), expected, "{text}");
    }
}

fn trace(text: &str, facts: &Value) -> Trace {
    let (subject, parameters) = (subject(), parameters());
    let vocabulary = Vocabulary { subject: "x", record: &subject, parameters: &parameters };
    let probe = Probe::compile(text, vocabulary).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
    probe.trace(facts, &json!({ "k": 2, "words": ["u", "v"] }))
}

/// `text=value` of every part, indented.
fn shown(trace: &Trace, indent: usize) -> String {
    let value = match &trace.value {
        Came::Value(value) => value.to_string(),
        Came::Incomplete(items) => format!("{} and more", Value::from(items.clone())),
        Came::Unknown(paths) => format!("unknown {paths:?}"),
        Came::Failed(reason) => format!("failed {reason}"),
    };
    let parts: Vec<String> = trace.parts.iter().map(|part| shown(part, indent + 2)).collect();
    format!("{:indent$}{} = {value}\n{}", "", trace.text, parts.concat())
}

#[test]
fn every_part_has_its_value() {
    let facts = json!({ "a": true, "n": 7, "s": "abc", "names": ["u", "z"] });
    let all = shown(
        &trace("x.a && (x.b || x.n + 1 < parameters.k) && size(x.names.filter(e, e == 'u')) == 1", &facts),
        0,
    );
    insta::assert_snapshot!(all, @r#"
    x.a && (x.b || x.n + 1 < parameters.k) && size(x.names.filter(e, e == 'u')) == 1 = unknown ["b"]
      x.a = true
      x.b || x.n + 1 < parameters.k = unknown ["b"]
        x.b = unknown ["b"]
        x.n + 1 < parameters.k = false
          x.n + 1 = 8
            x.n = 7
          parameters.k = 2
      size(x.names.filter(e, e == 'u')) == 1 = true
        size(x.names.filter(e, e == 'u')) = 1
          x.names.filter(e, e == 'u') = ["u"]
            x.names = ["u","z"]
            e = u: e == 'u' = true
              e = "u"
            e = z: e == 'u' = false
              e = "z"
    "#);
}

#[test]
fn elements_are_shown_one_by_one_and_what_could_not_be_read_is_said() {
    let facts = json!({ "c": false, "rows": [
        { "__present": true, "p": true, "w": "one" },
        { "__present": true, "w": "two" },
        {},
    ] });
    let all = shown(&trace("x.c || x.rows.all(r, r.p || r.w == 'x')", &facts), 0);
    insta::assert_snapshot!(all, @r#"
    x.c || x.rows.all(r, r.p || r.w == 'x') = unknown ["rows[].p", "rows"]
      x.c = false
      x.rows.all(r, r.p || r.w == 'x') = unknown ["rows[].p", "rows"]
        x.rows = [{"__present":true,"p":true,"w":"one"},{"__present":true,"w":"two"}] and more
        r = an element: r.p || r.w == 'x' = true
          r.p = true
          r.w == 'x' = false
            r.w = "one"
        r = an element: r.p || r.w == 'x' = unknown ["rows[].p"]
          r.p = unknown ["rows[].p"]
          r.w == 'x' = false
            r.w = "two"
        elements that could not be read = unknown []
    "#);
}

#[test]
fn an_expression_of_any_type_can_be_tried() {
    let facts = json!({ "n": 7, "s": "abc", "rows": [{ "__present": true, "q": 1 }] });
    assert_eq!(trace("x.n * 2", &facts).value, Came::Value(14.into()));
    assert_eq!(trace("x.s + 'd'", &facts).value, Came::Value("abcd".into()));
    assert_eq!(trace("x.a", &facts).value, Came::Unknown(vec!["a".to_owned()]));
    assert_eq!(trace("x.rows", &facts).value, Came::Value(facts["rows"].clone()));
    assert_eq!(trace("[1, x.n]", &facts).value, Came::Value(json!([1, 7])));
}

#[test]
fn a_long_list_does_not_make_a_long_tree() {
    let rows: Vec<Value> = (0..500).map(|_| json!({ "__present": true, "p": true })).collect();
    let tree = trace("x.rows.all(r, x.rows.all(o, o.p && r.p))", &json!({ "rows": rows }));
    let lines = shown(&tree, 0).lines().count();
    assert!(lines < 700, "{lines}");
}
