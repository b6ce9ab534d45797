//! `subject: expression` is checked and evaluated on generated facts.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailproof::expr::{Came, Expression, Mistake, Outcome, Probe, Vocabulary};
use trailproof::facts::schema::{Field, RecordType, SUBJECT_KINDS, Type, subject_type};
use trailproof::pack::with_stack;
use trailproof::report::SubjectKind;

use super::facts::{Dice, Seen, subject};
use super::{assert_title, timely};

/// Subjects that an expression is evaluated on.
const SUBJECTS: usize = 4;

/// Checks any text as an expression and evaluates it, with and without gaps.
pub fn expression(data: &[u8]) {
    let input = String::from_utf8_lossy(data);
    let (kind, text) = input.split_once(": ").unwrap_or(("trail", &input));
    let kind = SUBJECT_KINDS.into_iter().find(|known| known.name() == kind).unwrap_or(SubjectKind::Trail);
    timely(|| with_stack(|| checked(kind, text, &mut Dice::of(data))).expect("no panic"));
}

fn checked(kind: SubjectKind, text: &str, dice: &mut Dice) {
    let parameters = parameters();
    let vocabulary = Vocabulary { subject: kind.name(), record: subject_type(kind), parameters: &parameters };
    let probe = Probe::compile(text, vocabulary);
    let expression = Expression::compile(text, vocabulary);
    for mistakes in [probe.as_ref().err(), expression.as_ref().err()].into_iter().flatten() {
        assert_mistakes(text, mistakes);
    }
    for _ in 0..SUBJECTS {
        let seen = subject(subject_type(kind), dice);
        if let Ok(expression) = &expression {
            evaluated(expression, &seen);
        }
        if let Ok(probe) = &probe {
            let trace = probe.trace(&seen.partial.values, &values());
            if let Ok(outcome) = expression.as_ref().map(|it| it.evaluate(&seen.partial.values, &values())) {
                assert_agrees(text, &trace.value, outcome.ok().as_ref());
            }
        }
    }
}

/// What was definite with gaps stays so without them, or is more work than is allowed.
fn evaluated(expression: &Expression, seen: &Seen) {
    let before = expression.evaluate(&seen.partial.values, &values());
    let after = expression.evaluate(&seen.full, &values());
    match (before, after) {
        (Ok(Outcome::Unknown(paths)), _) => {
            let is_explained = paths.iter().all(|path| seen.partial.gaps_at(path).is_some());
            assert!(
                !paths.is_empty() && is_explained,
                "{} is unknown without a reason: {paths:?}",
                expression.text()
            );
        }
        (Ok(before), Ok(after)) => assert_eq!(before, after, "{} on {}", expression.text(), seen.full),
        (_, Ok(Outcome::Unknown(paths))) => panic!("{} lacks {paths:?} in {}", expression.text(), seen.full),
        _ => {}
    }
}

/// An expression shown with its parts comes to what it comes to without.
fn assert_agrees(text: &str, shown: &Came, outcome: Option<&Outcome>) {
    match (shown, outcome) {
        (Came::Value(value), Some(Outcome::True)) => assert_eq!(value, &json!(true), "{text}"),
        (Came::Value(value), Some(Outcome::False)) => assert_eq!(value, &json!(false), "{text}"),
        (Came::Value(_) | Came::Incomplete(_), Some(Outcome::Unknown(_))) => {
            panic!("{text} is known when shown")
        }
        _ => {}
    }
}

fn assert_mistakes(text: &str, mistakes: &[Mistake]) {
    assert!(!mistakes.is_empty(), "{text} is refused without a mistake");
    for mistake in mistakes {
        assert_title(&mistake.title);
        assert!(text.get(mistake.span.clone()).is_some(), "{:?} in {text:?}", mistake.span);
    }
}

fn parameters() -> RecordType {
    let field = |ty| Field {
        ty,
        doc: String::new(),
        may_be_unknown: false,
        is_for_messages: false,
        calls: Vec::new(),
    };
    let names = Type::List { item: Box::new(Type::String), may_be_incomplete: false };
    let fields = [("hours", Type::Int), ("name", Type::String), ("names", names), ("strict", Type::Bool)];
    let fields: BTreeMap<String, Field> = fields.map(|(name, ty)| (name.to_owned(), field(ty))).into();
    RecordType { fields, unsupported: Vec::new() }
}

/// The values of [`parameters`].
fn values() -> Value {
    json!({ "hours": 24, "name": "us-east-1", "names": ["a", "us-east-1"], "strict": true })
}
