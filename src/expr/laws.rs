//! Laws of three-valued evaluation, over random expressions and records.

use cel::{Context, Value as CelValue};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::tests::compile;
use super::{Outcome, evaluate};
use crate::facts::PRESENT;

const BOOLS: [&str; 3] = ["a", "b", "c"];

/// A condition; `element` is the variable of the quantifier around it, `deep` the number of those.
fn condition(depth: u32, element: Option<&str>) -> BoxedStrategy<String> {
    let mut atoms: Vec<BoxedStrategy<String>> = vec![
        prop::sample::select(&BOOLS[..]).prop_map(|name| format!("x.{name}")).boxed(),
        (0..3_i64).prop_map(|k| format!("x.n < {k}")).boxed(),
        Just("x.s == 'u'".to_owned()).boxed(),
        Just("x.s in x.names".to_owned()).boxed(),
        Just("size(x.names) > 1".to_owned()).boxed(),
        Just("string(x.a) == 'true'".to_owned()).boxed(),
        Just("(x.a ? x.n : 1) > 0".to_owned()).boxed(),
        Just("x.items.exists_one(i, i.p)".to_owned()).boxed(),
        Just("x.items.filter(i, i.p || i.q > 1).size() > 0".to_owned()).boxed(),
        Just("x.items.map(i, i.q) == [1]".to_owned()).boxed(),
        Just("[1, 2].exists(k, k == x.n && x.b)".to_owned()).boxed(),
        Just("parameters.words.exists(w, w == x.s)".to_owned()).boxed(),
        any::<bool>().prop_map(|value| value.to_string()).boxed(),
    ];
    if let Some(element) = element {
        for text in ["E.p", "E.q < 1", "E.w == 'u'", "E.w in x.names", "E.q == x.n"] {
            let text = text.replace('E', element);
            atoms.extend([Just(text.clone()).boxed(), Just(text).boxed()]);
        }
    }
    let atom = prop::strategy::Union::new(atoms).boxed();
    if depth == 0 {
        return atom;
    }
    let inner = || condition(depth - 1, element);
    let name = format!("e{depth}");
    let quantified = condition(depth - 1, Some(&name));
    prop_oneof![
        2 => atom,
        2 => (inner(), inner()).prop_map(|(a, b)| format!("({a} && {b})")),
        2 => (inner(), inner()).prop_map(|(a, b)| format!("({a} || {b})")),
        1 => inner().prop_map(|a| format!("!({a})")),
        1 => (inner(), inner(), inner()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        1 => (inner(), inner(), any::<bool>()).prop_map(|(a, b, same)| format!("(({a}) {} ({b}))", if same { "==" } else { "!=" })),
        4 => (quantified, any::<bool>(), any::<bool>()).prop_map(move |(body, all, rows)| {
            let (list, macro_) = (if rows { "rows" } else { "items" }, if all { "all" } else { "exists" });
            format!("x.{list}.{macro_}({name}, {body})")
        }),
    ]
    .boxed()
}

/// A fact, or nothing for a gap.
fn maybe(value: BoxedStrategy<Value>) -> BoxedStrategy<Option<Value>> {
    prop::option::weighted(0.7, value).boxed()
}

fn bool_value() -> BoxedStrategy<Value> {
    any::<bool>().prop_map(Value::from).boxed()
}

fn int_value() -> BoxedStrategy<Value> {
    (0..3_i64).prop_map(Value::from).boxed()
}

fn text_value() -> BoxedStrategy<Value> {
    prop::sample::select(vec!["u", "v", ""]).prop_map(Value::from).boxed()
}

fn object(fields: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Map<String, Value> {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn element() -> BoxedStrategy<Map<String, Value>> {
    let fields = (maybe(bool_value()), maybe(int_value()), maybe(text_value()));
    fields.prop_map(|(p, q, w)| object([("p", p), ("q", q), ("w", w)])).boxed()
}

fn record() -> BoxedStrategy<Value> {
    let plain = (
        maybe(bool_value()),
        maybe(bool_value()),
        maybe(bool_value()),
        maybe(int_value()),
        maybe(text_value()),
    );
    let names = maybe(prop::collection::vec(text_value(), 0..3).prop_map(Value::Array).boxed());
    let items = maybe(prop::collection::vec(element(), 0..3).prop_map(Value::from).boxed());
    let rows = (prop::collection::vec(element(), 0..3), prop::option::of(element()));
    (plain, names, items, rows)
        .prop_map(|((a, b, c, n, s), names, items, (rows, phantom))| {
            let real = rows.into_iter().map(present).map(Value::Object);
            let rows: Vec<Value> = real.chain(phantom.map(Value::Object)).collect();
            let fields =
                [("a", a), ("b", b), ("c", c), ("n", n), ("s", s), ("names", names), ("items", items)];
            let mut fields = object(fields);
            fields.insert("rows".to_owned(), Value::Array(rows));
            Value::Object(fields)
        })
        .boxed()
}

fn present(mut element: Map<String, Value>) -> Map<String, Value> {
    element.insert(PRESENT.to_owned(), true.into());
    element
}

/// Values to fill gaps with: a complete record and elements that may have been missing.
fn filling() -> BoxedStrategy<(Value, Vec<Map<String, Value>>)> {
    let full = || {
        (bool_value(), int_value(), text_value())
            .prop_map(|(p, q, w)| object([("p", Some(p)), ("q", Some(q)), ("w", Some(w))]))
    };
    let plain = (bool_value(), bool_value(), bool_value(), int_value(), text_value());
    let names = prop::collection::vec(text_value(), 0..3);
    let items = prop::collection::vec(full(), 0..3);
    (plain, names, items, prop::collection::vec(full(), 0..4))
        .prop_map(|((a, b, c, n, s), names, items, more)| {
            (json!({ "a": a, "b": b, "c": c, "n": n, "s": s, "names": names, "items": items }), more)
        })
        .boxed()
}

/// The record with the gaps that `choose` picks filled; elements are only added where the list is incomplete.
fn fill(
    partial: &Value,
    filling: &(Value, Vec<Map<String, Value>>),
    mut choose: impl FnMut() -> bool,
) -> Value {
    let (values, more) = filling;
    let mut filled = partial.as_object().unwrap().clone();
    for (name, value) in values.as_object().unwrap() {
        if !filled.contains_key(name) && choose() {
            filled.insert(name.clone(), value.clone());
        }
    }
    let mut spare = more.iter().cycle();
    let mut complete = |element: &mut Map<String, Value>, choose: &mut dyn FnMut() -> bool| {
        let Some(from) = spare.next() else { return };
        for (name, value) in from {
            if !element.contains_key(name) && choose() {
                element.insert(name.clone(), value.clone());
            }
        }
    };
    for list in ["items", "rows"] {
        for element in filled.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if list == "items" || element.get(PRESENT).is_some() {
                complete(element.as_object_mut().unwrap(), &mut choose);
            }
        }
    }
    let rows = filled["rows"].as_array_mut().unwrap();
    if let Some(at) = rows.iter().position(|row| row.get(PRESENT).is_none()) {
        let phantom = rows.remove(at).as_object().unwrap().clone();
        for _ in 0..more.len() {
            let mut real = present(phantom.clone());
            complete(&mut real, &mut choose);
            rows.insert(0, Value::Object(real));
        }
        if !choose() {
            rows.push(Value::Object(phantom));
        }
    }
    Value::Object(filled)
}

fn parameters() -> Value {
    json!({ "k": 2, "words": ["u", "w"] })
}

fn plain_cel(text: &str, record: &Value) -> bool {
    let parameters = parameters();
    let mut context = Context::default();
    context.add_variable_as_val("x", evaluate::to_cel(record).unwrap());
    context.add_variable_as_val("parameters", evaluate::to_cel(&parameters).unwrap());
    match CelValue::resolve(&cel::parser::Parser::new().parse(text).unwrap(), &context) {
        Ok(CelValue::Bool(value)) => value,
        other => panic!("{text}: {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filling_a_gap_may_settle_an_unknown_and_never_changes_a_definite_outcome(
        text in condition(3, None),
        partial in record(),
        filling in filling(),
        choices in prop::collection::vec(any::<bool>(), 64),
    ) {
        let expression = compile(&text).map_err(|mistakes| TestCaseError::fail(format!("{text}: {mistakes:?}")))?;
        let mut choices = choices.into_iter().cycle();
        let filled = fill(&partial, &filling, || choices.next().unwrap_or(true));
        let before = expression.evaluate(&partial, &parameters()).unwrap();
        let after = expression.evaluate(&filled, &parameters()).unwrap();
        match before {
            Outcome::Unknown(paths) => prop_assert!(!paths.is_empty()),
            definite => prop_assert_eq!(definite, after, "{} on {} and {}", text, partial, filled),
        }
    }

    #[test]
    fn without_gaps_the_outcome_is_that_of_plain_cel(
        text in condition(3, None),
        partial in record(),
        filling in filling(),
    ) {
        let mut filling = filling;
        filling.1.push(filling.1.first().cloned().unwrap_or_else(|| object([("p", Some(true.into())), ("q", Some(1.into())), ("w", Some("u".into()))])));
        let filled = fill(&partial, &filling, || true);
        let ours = compile(&text).unwrap().evaluate(&filled, &parameters()).unwrap();
        let theirs = if plain_cel(&text, &filled) { Outcome::True } else { Outcome::False };
        prop_assert_eq!(ours, theirs, "{} on {}", text, filled);
    }
}
