//! Records of any kind of subject, made of the bits of a number.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use trailproof::facts::schema::{RecordType, Type};
use trailproof::facts::{PRESENT, Record};
use trailproof::inventory::{Gap, GapReason, Origin};

const NUMBERS: [i64; 8] = [0, 1, -1, 24, 90, 365, i64::MAX, i64::MIN];
const TEXTS: [&str; 8] =
    ["", "a", "us-east-1", "arn:aws:s3:::logs", "{{ x }}", "Zoë \u{202e}", "a(b", "111122223333"];

/// Numbers that look random and are the same on every run (xorshift).
pub struct Dice(u64);

impl Dice {
    /// Dice that fall as the bytes say (FNV-1a).
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash | 1)
    }

    /// A number from 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// The same subject seen twice: in full, and with gaps.
pub(crate) struct Seen {
    pub(crate) full: Value,
    pub(crate) partial: Record,
}

/// A subject of this type.
pub(crate) fn subject(ty: &RecordType, dice: &mut Dice) -> Seen {
    let mut gaps = BTreeMap::new();
    let (full, values) = record(ty, dice, "", &mut gaps);
    Seen { full, partial: Record { values, gaps, ..Record::default() } }
}

type Gaps = BTreeMap<String, Arc<[Gap]>>;

fn note(gaps: &mut Gaps, path: &str) {
    let origin = Origin::Stated("the dice".to_owned());
    let gap = Gap { origin, reason: GapReason::NotCollected, detail: path.to_owned() };
    gaps.insert(path.to_owned(), [gap].into());
}

fn record(ty: &RecordType, dice: &mut Dice, path: &str, gaps: &mut Gaps) -> (Value, Value) {
    let (mut full, mut partial) = (Map::new(), Map::new());
    for (name, field) in &ty.fields {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let (whole, seen) = value(&field.ty, dice, &path, gaps);
        full.insert(name.clone(), whole);
        if dice.below(4) == 0 {
            note(gaps, &path);
        } else {
            partial.insert(name.clone(), seen);
        }
    }
    (Value::Object(full), Value::Object(partial))
}

/// A value in full, and as it is seen.
pub(crate) fn value(ty: &Type, dice: &mut Dice, path: &str, gaps: &mut Gaps) -> (Value, Value) {
    let both = |value: Value| (value.clone(), value);
    match ty {
        Type::Bool => both(json!(dice.below(2) == 0)),
        Type::Int => both(json!(dice.pick(&NUMBERS))),
        Type::String => both(json!(dice.pick(&TEXTS))),
        Type::Record(ty) => record(ty, dice, path, gaps),
        Type::List { item, may_be_incomplete } => list(item, *may_be_incomplete, dice, path, gaps),
    }
}

fn list(
    item: &Type,
    may_be_incomplete: bool,
    dice: &mut Dice,
    path: &str,
    gaps: &mut Gaps,
) -> (Value, Value) {
    let length = if dice.below(16) == 0 { 40 } else { dice.below(4) };
    let element = format!("{path}[]");
    let (mut full, mut partial) = (Vec::new(), Vec::new());
    let is_incomplete = may_be_incomplete && dice.below(3) == 0;
    for _ in 0..length {
        let (mut whole, mut seen) = value(item, dice, &element, gaps);
        if may_be_incomplete {
            for fields in [&mut whole, &mut seen].into_iter().filter_map(Value::as_object_mut) {
                fields.insert(PRESENT.to_owned(), true.into());
            }
        }
        full.push(whole);
        if !is_incomplete || dice.below(2) == 0 {
            partial.push(seen);
        }
    }
    if is_incomplete {
        note(gaps, path);
        partial.push(json!({}));
    }
    (full.into(), partial.into())
}
