//! A trail as a recorder of management events, and what several of them record together.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::fact::extend_unique;
use super::selection::{Access, Selection, Witness, WitnessKind, witnesses};
use super::{Fact, kleene};
use crate::inventory::{Gap, GapReason, Observed, Origin, Trail};

/// A trail with its selectors read.
#[derive(Debug)]
pub(super) struct Recorder<'a> {
    pub(super) trail: &'a Trail,
    selection: Result<(Selection<'a>, &'a Origin), &'a Gap>,
}

/// What several recorders record together where all of them apply.
#[derive(Debug)]
pub(super) struct Union {
    pub(super) reads: Recording,
    pub(super) writes: Recording,
    /// Names of those that are logging and select some management events.
    pub(super) names: Arc<[String]>,
}

/// How much of one kind of events is recorded.
#[derive(Debug)]
pub(super) struct Recording {
    /// All of it.
    pub(super) complete: Fact<bool>,
    /// What is certainly missing.
    pub(super) missing: Option<Missing>,
}

/// Events that are certainly not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Everything,
    /// Those of some event sources, in words.
    Sources(String),
}

impl<'a> Recorder<'a> {
    pub(super) fn of(trail: &'a Trail) -> Self {
        let selection = match &trail.selectors {
            Observed::Known { value, origin } => Ok((Selection::of(value), origin)),
            Observed::Gap(gap) => Err(gap),
        };
        Self { trail, selection }
    }

    fn is_logging(&self) -> Option<bool> {
        self.trail.status.value().map(|status| status.is_logging)
    }

    fn records(&self, access: Access, source: &str) -> Option<bool> {
        let selects =
            self.selection.as_ref().map_or(None, |(selection, _)| selection.selects(access, source));
        kleene::and(self.is_logging(), selects)
    }

    fn records_all(&self, access: Access, witnesses: &[Witness]) -> bool {
        witnesses.iter().all(|witness| self.records(access, &witness.source) == Some(true))
    }

    fn records_some(&self, witnesses: &[Witness]) -> bool {
        let recorded = |access, witness: &Witness| self.records(access, &witness.source) == Some(true);
        witnesses.iter().any(|witness| recorded(Access::Read, witness) || recorded(Access::Write, witness))
    }

    /// What keeps [`Recorder::records`] from an answer.
    fn gaps(&self, access: Access, source: &str) -> Vec<Gap> {
        if self.records(access, source).is_some() {
            return Vec::new();
        }
        let mut gaps: Vec<Gap> = self.trail.status.gap().cloned().into_iter().collect();
        match &self.selection {
            Ok((selection, origin)) => {
                let unreadable = |note: &str| Gap {
                    origin: (*origin).clone(),
                    reason: GapReason::Unreadable,
                    detail: note.to_owned(),
                };
                gaps.extend(selection.unclear(access, source).map(unreadable));
            }
            Err(gap) => gaps.push((*gap).clone()),
        }
        gaps
    }

    /// The observations behind [`Recorder::records`].
    fn origins(&self) -> Vec<Origin> {
        let mut origins = vec![self.trail.described_by.clone()];
        if let Observed::Known { origin, .. } = &self.trail.status {
            extend_unique(&mut origins, [origin.clone()]);
        }
        if let Ok((_, origin)) = &self.selection {
            extend_unique(&mut origins, [(*origin).clone()]);
        }
        origins
    }
}

impl Union {
    /// Joins recorders: an event is recorded when one of them records it.
    pub(super) fn of(recorders: &[&Recorder<'_>]) -> Self {
        let selections = recorders.iter().filter_map(|recorder| recorder.selection.as_ref().ok());
        let witnesses = witnesses(selections.map(|(selection, _)| selection));
        let names: BTreeSet<&str> = recorders
            .iter()
            .filter(|recorder| recorder.records_some(&witnesses))
            .map(|recorder| recorder.trail.name.as_str())
            .collect();
        Self {
            reads: Recording::of(recorders, Access::Read, &witnesses),
            writes: Recording::of(recorders, Access::Write, &witnesses),
            names: names.into_iter().map(str::to_owned).collect(),
        }
    }
}

impl Recording {
    fn of(recorders: &[&Recorder<'_>], access: Access, witnesses: &[Witness]) -> Self {
        if let Some(one) = recorders.iter().find(|recorder| recorder.records_all(access, witnesses)) {
            return Self { complete: Fact::known(true, one.origins()), missing: None };
        }
        let mut lost = Vec::new();
        let mut is_open = false;
        let mut gaps = Vec::new();
        for witness in witnesses {
            let source = &witness.source;
            match kleene::any(recorders.iter().map(|recorder| recorder.records(access, source))) {
                Some(true) => {}
                Some(false) => lost.push(witness),
                None => {
                    is_open = true;
                    extend_unique(&mut gaps, recorders.iter().flat_map(|one| one.gaps(access, source)));
                }
            }
        }
        let origins = || recorders.iter().flat_map(|recorder| recorder.origins()).collect::<Vec<_>>();
        let complete = match (lost.is_empty(), is_open) {
            (false, _) => Fact::known(false, origins()),
            (true, false) => Fact::known(true, origins()),
            (true, true) => Fact::Unknown(gaps),
        };
        Self { complete, missing: Missing::of(&lost, witnesses) }
    }
}

impl Missing {
    fn of(lost: &[&Witness], all: &[Witness]) -> Option<Self> {
        if lost.is_empty() {
            return None;
        }
        if lost.len() == all.len() {
            return Some(Self::Everything);
        }
        let is_rest = |witness: &Witness| matches!(&witness.kind, WitnessKind::Other { start, end } if start.is_empty() && end.is_empty());
        let labels = |wanted: bool| {
            let chosen = all.iter().filter(|witness| lost.contains(witness) == wanted && !is_rest(witness));
            chosen.map(Witness::label).collect::<Vec<_>>().join(", ")
        };
        let text = if lost.iter().any(|witness| is_rest(witness)) {
            format!("all event sources but {}", labels(false))
        } else {
            labels(true)
        };
        Some(Self::Sources(text))
    }
}

impl Witness {
    fn label(&self) -> String {
        match &self.kind {
            WitnessKind::Named => self.source.clone(),
            WitnessKind::Other { start, end } if end.is_empty() => format!("others that start with {start}"),
            WitnessKind::Other { start, end } if start.is_empty() => format!("others that end in {end}"),
            WitnessKind::Other { start, end } => format!("others that start with {start} and end in {end}"),
        }
    }
}
