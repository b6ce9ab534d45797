//! What event selectors select, classic and advanced alike: the one place that reads them.
//!
//! A [`Selection`] holds the selectors of one trail or event data store in one form: for each category of events, clauses of
//! conditions on fields. An event has to satisfy every condition of a clause, and one clause of the selection. [`Survey`] puts the
//! clauses of several selections together and asks a [`Question`] about a set of events. A field, an operator or a value that is not
//! understood leaves open what its clause admits otherwise.
//! Semantics: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html>.

mod advanced;
mod classic;
mod condition;
mod question;
mod survey;
mod witness;

use crate::inventory::Selectors;

pub(super) use condition::{Condition, Field, Patterns};
pub(super) use question::{Exempt, Question};
pub(super) use survey::{Outcome, Survey, Term};
pub(super) use witness::{Witness, WitnessKind};

/// Whether an event only reads or changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// A category of events, each with fields of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Management,
    Data,
    NetworkActivity,
}

impl Category {
    pub(super) const ALL: [Self; 3] = [Self::Management, Self::Data, Self::NetworkActivity];

    fn name(self) -> &'static str {
        match self {
            Self::Management => "Management",
            Self::Data => "Data",
            Self::NetworkActivity => "NetworkActivity",
        }
    }
}

/// What the selectors of one trail select.
#[derive(Debug)]
pub(super) struct Selection<'a> {
    /// In the order of [`Category::ALL`].
    clauses: [Vec<Clause<'a>>; 3],
}

/// One selector, or one data resource of a classic selector: an event has to satisfy every condition.
#[derive(Clone, Debug, Default)]
pub(super) struct Clause<'a> {
    pub(super) conditions: Vec<Condition<'a>>,
    /// Another condition stands in it whose effect is not understood.
    pub(super) is_unclear: bool,
    /// AWS does not accept it as it stands: how much it selects of what it admits is open, not that it selects something.
    pub(super) is_refused: bool,
    /// What was not understood, in words.
    pub(super) notes: Vec<String>,
}

impl<'a> Selection<'a> {
    /// Reads the selectors of a trail.
    pub(super) fn of(selectors: &'a Selectors) -> Self {
        let clauses = Category::ALL.map(|category| match selectors {
            Selectors::Classic(list) => classic::clauses(list, category),
            Selectors::Advanced(list) => advanced::clauses(list, category),
        });
        Self { clauses }
    }

    /// Selectors of which nothing is known.
    pub(super) fn unknown() -> Self {
        Self { clauses: Category::ALL.map(|_| vec![Clause { is_unclear: true, ..Clause::default() }]) }
    }

    pub(super) fn clauses(&self, category: Category) -> &[Clause<'a>] {
        match category {
            Category::Management => &self.clauses[0],
            Category::Data => &self.clauses[1],
            Category::NetworkActivity => &self.clauses[2],
        }
    }

    /// Whether some event of those asked about is selected.
    pub(super) fn selects_some(&self, question: &Question<'_>) -> Option<bool> {
        let mut answer = Some(false);
        for clause in self.clauses(question.category) {
            let outcome = Survey::of(vec![Term { clause, is_certain: true, tag: 0 }], question).exists();
            match (outcome, clause.is_unclear) {
                (Some(false), _) => {}
                (Some(true), false) => return Some(true),
                (Some(true), true) | (None, _) => answer = None,
            }
        }
        answer
    }

    /// What was not understood about events of `category`.
    pub(super) fn notes(&self, category: Category) -> impl Iterator<Item = &str> {
        self.clauses(category).iter().flat_map(|clause| clause.notes.iter().map(String::as_str))
    }

    /// Whether one event is selected, by the values of its fields; `None` for a field that is not known.
    pub(super) fn selects(
        &self,
        category: Category,
        value: impl Fn(Field) -> Option<String>,
    ) -> Option<bool> {
        let selects = |clause: &Clause<'_>| {
            let admits = |condition: &Condition<'_>| Some(condition.admits(&value(condition.field)?));
            let is_certain = (!clause.is_open()).then_some(true);
            super::kleene::all(clause.conditions.iter().map(admits).chain([is_certain]))
        };
        super::kleene::any(self.clauses(category).iter().map(selects))
    }
}

impl Clause<'_> {
    /// What it admits by its conditions it may select or not.
    pub(super) fn is_open(&self) -> bool {
        self.is_unclear || self.is_refused
    }
}
