//! Clauses put together, and what they select of the events that are asked about.
//!
//! For each field that is narrowed, finitely many values stand for all; those that the same clauses admit are one class. The product
//! of the classes is walked field by field: what is settled already, or was met before, is not walked again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::witness::witnesses;
use super::{Clause, Field, Question, Witness};

/// More steps than this are not taken for one question.
const MOST_STEPS: usize = 50_000;

/// A clause of somebody who records.
#[derive(Clone, Copy, Debug)]
pub(in crate::facts) struct Term<'t> {
    pub(in crate::facts) clause: &'t Clause<'t>,
    /// What the clause admits is recorded; otherwise it may be.
    pub(in crate::facts) is_certain: bool,
    /// Whose clause it is, for the caller.
    pub(in crate::facts) tag: usize,
}

/// An event, by the fields that matter.
pub(in crate::facts) type Event = BTreeMap<Field, String>;

/// What is selected of some events.
#[derive(Debug, Default)]
pub(in crate::facts) struct Outcome {
    /// Some event is certainly selected.
    pub(in crate::facts) has_selected: bool,
    /// An event that is certainly not selected.
    pub(in crate::facts) lost: Option<Event>,
    /// Positions of the terms that may select an event that nothing selects for certain.
    pub(in crate::facts) open: BTreeSet<usize>,
    /// The question was given up.
    pub(in crate::facts) is_too_much: bool,
}

impl Outcome {
    /// Every event is selected.
    pub(in crate::facts) fn answer(&self) -> Option<bool> {
        match (&self.lost, self.open.is_empty() && !self.is_too_much) {
            (Some(_), _) => Some(false),
            (None, true) => Some(true),
            (None, false) => None,
        }
    }
}

/// Terms, and the events that are asked about.
#[derive(Debug)]
pub(in crate::facts) struct Survey<'t> {
    terms: Vec<Term<'t>>,
    /// Fields that are narrowed; `None` where there is too much to try.
    axes: Option<Vec<Axis>>,
    /// At each position of `axes`, the certain terms that no later field narrows.
    settled: Vec<Bits>,
}

#[derive(Debug)]
struct Axis {
    field: Field,
    classes: Vec<Class>,
}

/// Values that the same terms admit.
#[derive(Debug)]
struct Class {
    members: Vec<Witness>,
    admitted: Bits,
}

#[derive(Default)]
struct Walk {
    outcome: Outcome,
    path: Vec<usize>,
    seen: HashSet<(usize, Bits)>,
    steps: usize,
    most_steps: usize,
}

impl<'t> Survey<'t> {
    pub(in crate::facts) fn of(terms: Vec<Term<'t>>, question: &Question<'_>) -> Self {
        let narrows =
            |clause: &Clause<'_>, field| clause.conditions.iter().any(|condition| condition.field == field);
        let is_narrowed = |field: &Field| {
            question.within.iter().any(|condition| condition.field == *field)
                || terms.iter().any(|term| narrows(term.clause, *field))
        };
        let mut fields: Vec<Field> = Field::ALL.into_iter().filter(is_narrowed).collect();
        fields.sort_by_key(|field| *field != question.by);
        let axes: Option<Vec<Axis>> = fields.iter().map(|field| Axis::of(*field, &terms, question)).collect();
        let settled = (0..=fields.len())
            .map(|from| {
                let later = &fields[from..];
                let is_settled = |term: &Term<'_>| {
                    let is_certain = term.is_certain && !term.clause.is_unclear;
                    is_certain && !later.iter().any(|field| narrows(term.clause, *field))
                };
                Bits::of(terms.iter().map(is_settled))
            })
            .collect();
        Self { terms, axes, settled }
    }

    /// What is selected of all events that are asked about.
    pub(in crate::facts) fn outcome(&self) -> Outcome {
        self.walk_from(0, &self.all(), Vec::new(), MOST_STEPS)
    }

    /// Some event that is asked about is selected; `None` where there is too much to try.
    pub(super) fn exists(&self) -> Option<bool> {
        let outcome = self.outcome();
        let is_known = !outcome.is_too_much || outcome.has_selected;
        is_known.then_some(outcome.has_selected || !outcome.open.is_empty())
    }

    /// The same for each class of values of `field`, which has to be the one by which the question's answer is told.
    pub(in crate::facts) fn by(&self, field: Field) -> Vec<(&[Witness], Outcome)> {
        let first = self.axes.as_ref().and_then(|axes| axes.first()).filter(|axis| axis.field == field);
        let steps = MOST_STEPS / first.map_or(1, |axis| axis.classes.len().max(1));
        let classes = first.into_iter().flat_map(|axis| axis.classes.iter().enumerate());
        classes
            .map(|(at, class)| {
                (class.members.as_slice(), self.walk_from(1, &class.admitted, vec![at], steps))
            })
            .collect()
    }

    pub(in crate::facts) fn term(&self, at: usize) -> Option<&Term<'t>> {
        self.terms.get(at)
    }

    fn all(&self) -> Bits {
        Bits::of(self.terms.iter().map(|_| true))
    }

    fn walk_from(&self, depth: usize, alive: &Bits, path: Vec<usize>, most_steps: usize) -> Outcome {
        let mut walk = Walk { path, most_steps, ..Walk::default() };
        match &self.axes {
            Some(axes) => self.walk(axes, depth, alive, &mut walk),
            None => walk.outcome.is_too_much = true,
        }
        walk.outcome
    }

    /// At most as deep as there are fields.
    fn walk(&self, axes: &[Axis], depth: usize, alive: &Bits, walk: &mut Walk) {
        if self.settled.get(depth).is_some_and(|settled| alive.meets(settled)) {
            walk.outcome.has_selected = true;
            return;
        }
        let Some(Axis { classes, .. }) = axes.get(depth) else {
            if alive.is_empty() {
                walk.outcome.lost.get_or_insert_with(|| event(axes, &walk.path));
            }
            walk.outcome.open.extend(alive.iter());
            return;
        };
        if !walk.seen.insert((depth, alive.clone())) {
            return;
        }
        for (at, class) in classes.iter().enumerate() {
            walk.steps += 1;
            if walk.steps > walk.most_steps {
                walk.outcome.is_too_much = true;
                return;
            }
            walk.path.push(at);
            self.walk(axes, depth + 1, &alive.both(&class.admitted), walk);
            walk.path.pop();
        }
    }
}

fn event(axes: &[Axis], path: &[usize]) -> Event {
    let value = |(axis, at): (&Axis, &usize)| {
        let witness = axis.classes.get(*at)?.members.first()?;
        Some((axis.field, witness.value.clone()))
    };
    axes.iter().zip(path).filter_map(value).collect()
}

impl Axis {
    fn of(field: Field, terms: &[Term<'_>], question: &Question<'_>) -> Option<Self> {
        let of_terms = terms.iter().flat_map(|term| &term.clause.conditions);
        let conditions: Vec<_> =
            of_terms.chain(&question.within).filter(|condition| condition.field == field).collect();
        let mut classes: Vec<Class> = Vec::new();
        let mut known: HashMap<Bits, usize> = HashMap::new();
        for witness in witnesses(field, &conditions, terms.len())? {
            if !question.admits(field, &witness) {
                continue;
            }
            let admits = |term: &Term<'_>| {
                let mut conditions = term.clause.conditions.iter();
                conditions.all(|condition| condition.field != field || condition.admits(&witness.value))
            };
            let admitted = Bits::of(terms.iter().map(admits));
            let at = *known.entry(admitted.clone()).or_insert(classes.len());
            match classes.get_mut(at) {
                Some(class) => class.members.push(witness),
                None => classes.push(Class { members: vec![witness], admitted }),
            }
        }
        Some(Self { field, classes })
    }
}

/// A set of positions of terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Bits(Vec<u64>);

impl Bits {
    fn of(bits: impl Iterator<Item = bool>) -> Self {
        let mut words = Vec::new();
        for (at, bit) in bits.enumerate() {
            if at % 64 == 0 {
                words.push(0);
            }
            if let (Some(word), true) = (words.last_mut(), bit) {
                *word |= 1_u64 << (at % 64);
            }
        }
        Self(words)
    }

    fn both(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one & other).collect())
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let bits = |(word, bits): (usize, &u64)| {
            let bits = *bits;
            (0..64).filter(move |at| bits >> at & 1 == 1).map(move |at| word * 64 + at)
        };
        self.0.iter().enumerate().flat_map(bits)
    }
}
