//! Events that are certainly not recorded, told by the field by which they differ.

use super::selection::{Field, Outcome, Question, Survey, Witness, WitnessKind};

/// Events that are certainly not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Everything,
    /// Some of whatever it is.
    Something,
    /// Those of some event sources or resources, in words; `partly` where only some of those.
    Of {
        what: String,
        partly: bool,
    },
}

impl Missing {
    pub(super) fn of(survey: &Survey<'_>, question: &Question<'_>, outcome: &Outcome) -> Option<Self> {
        outcome.lost.as_ref()?;
        let has_others = |one: &Outcome| one.has_selected || one.is_too_much || !one.open.is_empty();
        if !has_others(outcome) {
            return Some(Self::Everything);
        }
        let classes = survey.by(question.by);
        let is_lost = |one: &Outcome| one.lost.is_some();
        if classes.iter().all(|(_, one)| is_lost(one)) {
            return Some(Self::Something);
        }
        let partly = classes.iter().any(|(_, one)| is_lost(one) && has_others(one));
        let members = |(members, one): &(&[Witness], Outcome)| {
            let lost = is_lost(one);
            members.iter().map(move |witness| (witness.clone(), lost)).collect::<Vec<_>>()
        };
        let mut all: Vec<(Witness, bool)> = classes.iter().flat_map(members).collect();
        all.sort_by(|(one, _), (other, _)| (is_named(one), one).cmp(&(is_named(other), other)));
        Some(Self::Of { what: words(question, &all), partly })
    }
}

fn is_named(witness: &Witness) -> bool {
    witness.kind == WitnessKind::Named
}

/// `all` has every witness and whether it is lost.
fn words(question: &Question<'_>, all: &[(Witness, bool)]) -> String {
    let conditions = question.within.iter().filter(|condition| condition.field == question.by);
    let base = conditions.flat_map(|condition| &condition.any_of.starts).next().copied().unwrap_or_default();
    let is_rest = |witness: &Witness| matches!(&witness.kind, WitnessKind::Other { start, end } if start == base && end.is_empty());
    let labels = |wanted: bool| {
        let chosen = all.iter().filter(|(witness, lost)| *lost == wanted && !is_rest(witness));
        chosen.map(|(witness, _)| label(question.by, witness)).collect::<Vec<_>>().join(", ")
    };
    if all.iter().any(|(witness, lost)| *lost && is_rest(witness)) {
        let noun = if question.by == Field::ResourceArn { "resources" } else { "event sources" };
        format!("all {noun} but {}", labels(false))
    } else {
        labels(true)
    }
}

fn label(field: Field, witness: &Witness) -> String {
    match &witness.kind {
        WitnessKind::Named => witness.value.clone(),
        WitnessKind::Other { start, end } if end.is_empty() && field == Field::ResourceArn => {
            format!("{start}…")
        }
        WitnessKind::Other { start, end } if end.is_empty() => format!("others that start with {start}"),
        WitnessKind::Other { start, end } if start.is_empty() => format!("others that end in {end}"),
        WitnessKind::Other { start, end } => format!("others that start with {start} and end in {end}"),
    }
}
