//! A trail as a recorder of events, and what several of them record together.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::Fact;
use super::fact::extend_unique;
use super::missing::Missing;
use super::objects::Objects;
use super::selection::{Access, Category, Clause, Field, Question, Selection, Survey, Term};
use crate::inventory::{Gap, GapReason, Observed, Origin, Trail};

/// A trail with its selectors read.
#[derive(Debug)]
pub(super) struct Recorder<'a> {
    pub(super) trail: &'a Trail,
    selection: Selection<'a>,
    read: Result<&'a Origin, &'a Gap>,
    /// Taken to be logging, whatever its status is.
    is_taken_to_log: bool,
}

/// What several recorders record together where all of them apply.
#[derive(Debug)]
pub(super) struct Union {
    pub(super) reads: Recording,
    pub(super) writes: Recording,
    /// Names of those that are logging and select some management events.
    pub(super) names: Arc<[String]>,
    /// The same of S3 objects, once somebody asks.
    pub(super) objects: OnceCell<Objects>,
    /// Days for which their buckets keep all management events, once asked for.
    pub(super) kept: OnceCell<Fact<i64>>,
}

/// How much of some events is recorded.
#[derive(Debug)]
pub(super) struct Recording {
    /// All of it.
    pub(super) complete: Fact<bool>,
    /// What is certainly missing.
    pub(super) missing: Option<Missing>,
}

impl<'a> Recorder<'a> {
    pub(super) fn of(trail: &'a Trail) -> Self {
        let (selection, read) = match &trail.selectors {
            Observed::Known { value, origin } => (Selection::of(value), Ok(origin)),
            Observed::Gap(gap) => (Selection::unknown(), Err(gap)),
        };
        Self { trail, selection, read, is_taken_to_log: false }
    }

    /// The trail by its selectors alone.
    pub(super) fn taken_to_log(trail: &'a Trail) -> Self {
        Self { is_taken_to_log: true, ..Self::of(trail) }
    }

    /// The clauses of its selectors.
    pub(super) fn clauses(&self, category: Category) -> &[Clause<'a>] {
        self.selection.clauses(category)
    }

    /// It is recording now, in its home region.
    pub(super) fn is_logging(&self) -> Option<bool> {
        let status = self.trail.status.value().map(|status| status.is_logging);
        if self.is_taken_to_log { Some(true) } else { status }
    }

    fn terms(&self, tag: usize, category: Category) -> impl Iterator<Item = Term<'_>> {
        let is_logging = self.is_logging();
        let may_log = is_logging != Some(false);
        let clauses = self.selection.clauses(category).iter().filter(move |_| may_log);
        clauses.map(move |clause| Term {
            clause,
            is_certain: is_logging == Some(true) && !clause.is_open(),
            tag,
        })
    }

    /// It records one management event, by the values of its fields; `None` for a field that is not known.
    pub(super) fn records(&self, value: impl Fn(Field) -> Option<String>) -> Option<bool> {
        super::kleene::and(self.is_logging(), self.selection.selects(Category::Management, value))
    }

    /// It records some of the events.
    pub(super) fn records_some(&self, question: &Question<'_>) -> Fact<bool> {
        let selects = self.selection.selects_some(question);
        match super::kleene::and(self.is_logging(), selects) {
            Some(value) => Fact::known(value, self.origins()),
            None => Fact::Unknown(self.all_gaps(question.category)),
        }
    }

    /// What keeps the effect of one of its clauses from being known.
    fn gaps(&self, clause: &Clause<'_>) -> Vec<Gap> {
        let mut gaps = self.status_gap();
        match self.read {
            Ok(origin) => gaps.extend(clause.notes.iter().map(|note| unreadable(origin, note))),
            Err(gap) => gaps.push(gap.clone()),
        }
        gaps
    }

    /// What keeps anything about events of `category` from being known.
    pub(super) fn all_gaps(&self, category: Category) -> Vec<Gap> {
        let mut gaps = self.status_gap();
        match self.read {
            Ok(origin) => gaps.extend(self.selection.notes(category).map(|note| unreadable(origin, note))),
            Err(gap) => gaps.push(gap.clone()),
        }
        if let (true, Ok(origin)) = (gaps.is_empty(), self.read) {
            gaps.push(unreadable(origin, TOO_MUCH));
        }
        gaps
    }

    fn status_gap(&self) -> Vec<Gap> {
        let gap = self.trail.status.gap().filter(|_| !self.is_taken_to_log);
        gap.cloned().into_iter().collect()
    }

    /// The observations behind what it records.
    pub(super) fn origins(&self) -> Vec<Origin> {
        let mut origins = Vec::new();
        if !self.is_taken_to_log {
            origins.push(self.trail.described_by.clone());
            if let Observed::Known { origin, .. } = &self.trail.status {
                extend_unique(&mut origins, [origin.clone()]);
            }
        }
        if let Ok(origin) = self.read {
            extend_unique(&mut origins, [origin.clone()]);
        }
        origins
    }
}

const TOO_MUCH: &str = "its selectors can be combined in too many ways to try them all";

fn unreadable(origin: &Origin, note: &str) -> Gap {
    Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail: note.to_owned() }
}

impl Union {
    /// Joins recorders: an event is recorded when one of them records it.
    pub(super) fn of(recorders: &[&Recorder<'_>]) -> Self {
        let question = Question::of(Category::Management);
        let records_some = |one: &&&Recorder<'_>| one.records_some(&question).value() == Some(&true);
        let names: BTreeSet<&str> =
            recorders.iter().filter(records_some).map(|recorder| recorder.trail.name.as_str()).collect();
        Self {
            reads: Recording::of(recorders, &Question::management(Access::Read)),
            writes: Recording::of(recorders, &Question::management(Access::Write)),
            names: names.into_iter().map(str::to_owned).collect(),
            objects: OnceCell::new(),
            kept: OnceCell::new(),
        }
    }
}

impl Recording {
    pub(super) fn of(recorders: &[&Recorder<'_>], question: &Question<'_>) -> Self {
        let category = question.category;
        let records_all = |recorder: &&&Recorder<'_>| {
            let survey = Survey::of(recorder.terms(0, category).collect(), question);
            survey.outcome().answer() == Some(true)
        };
        if let Some(one) = recorders.iter().find(records_all) {
            return Self { complete: Fact::known(true, one.origins()), missing: None };
        }
        let terms = recorders.iter().enumerate().flat_map(|(tag, one)| one.terms(tag, category)).collect();
        let survey = Survey::of(terms, question);
        let outcome = survey.outcome();
        let origins = || recorders.iter().flat_map(|recorder| recorder.origins()).collect::<Vec<_>>();
        let unknown = || {
            let mut gaps = Vec::new();
            for term in outcome.open.iter().filter_map(|at| survey.term(*at)) {
                let recorder = recorders.get(term.tag);
                extend_unique(&mut gaps, recorder.into_iter().flat_map(|one| one.gaps(term.clause)));
            }
            if outcome.is_too_much {
                let read = recorders.iter().filter_map(|recorder| recorder.read.ok());
                extend_unique(&mut gaps, read.map(|origin| unreadable(origin, TOO_MUCH)));
            }
            Fact::Unknown(gaps)
        };
        let complete = outcome.answer().map_or_else(unknown, |answer| Fact::known(answer, origins()));
        Self { complete, missing: Missing::of(&survey, question, &outcome) }
    }
}
