//! Whether single actions are denied, and what that makes of the facts.

use std::rc::Rc;
use std::sync::Arc;

use super::chain::Answer;
use crate::access::control::Guard;
use crate::facts::fact::extend_unique;
use crate::facts::{Fact, kleene};
use crate::inventory::{Gap, Origin};

/// Groups of actions that are told apart in words.
const MOST_GROUPS: usize = 5;

/// Actions of one group that are named.
const MOST_NAMES: usize = 6;

/// Whether an action is denied.
pub(super) struct Outcome {
    action: &'static str,
    /// Against what (`the trail audit`); empty when it is anything of its kind.
    on: Rc<str>,
    pub(super) is_denied: Option<bool>,
    pub(super) exempt: Vec<String>,
    /// What denies it in part, in words.
    partly: Vec<String>,
    /// Why it is not known.
    gaps: Vec<Gap>,
}

impl Outcome {
    pub(super) fn of(action: &'static str, on: &Rc<str>, answer: &Answer) -> Self {
        let Guard { is_denied, exempt, notes } = &answer.guard;
        let partly = if *is_denied == Some(false) { notes.clone() } else { Vec::new() };
        Self {
            action,
            on: Rc::clone(on),
            is_denied: *is_denied,
            exempt: exempt.clone(),
            partly,
            gaps: answer.gaps.clone(),
        }
    }

    /// Something that may exist and may not be protected.
    pub(super) fn open(gaps: Vec<Gap>) -> Self {
        Self { action: "", on: Rc::default(), is_denied: None, exempt: Vec::new(), partly: Vec::new(), gaps }
    }

    /// A Deny elsewhere does as well.
    pub(super) fn or(mut self, other: Self) -> Self {
        if other.is_denied == Some(true) {
            return other;
        }
        self.is_denied = kleene::any([self.is_denied, other.is_denied]);
        self.partly.extend(other.partly);
        self.gaps.extend(other.gaps);
        self
    }
}

/// All are denied.
pub(super) fn all_denied(outcomes: &[Outcome], origins: &Arc<[Origin]>) -> Fact<bool> {
    match kleene::all(outcomes.iter().map(|one| one.is_denied)) {
        Some(value) => Fact::known(value, Arc::clone(origins)),
        None => Fact::Unknown(gaps(outcomes)),
    }
}

/// Those that are certainly not denied, in words.
pub(super) fn undenied(outcomes: &[Outcome]) -> String {
    let mut groups: Vec<(&Outcome, Vec<&str>)> = Vec::new();
    for one in outcomes.iter().filter(|one| one.is_denied == Some(false)) {
        let name = one.action.rsplit(':').next().unwrap_or(one.action);
        match groups.iter_mut().find(|(known, _)| known.on == one.on && known.partly == one.partly) {
            Some((_, names)) => extend_unique(names, [name]),
            None => groups.push((one, vec![name])),
        }
    }
    let phrase = |(one, names): &(&Outcome, Vec<&str>)| {
        let on = if one.on.is_empty() { String::new() } else { format!(" on {}", one.on) };
        let partly =
            if one.partly.is_empty() { String::new() } else { format!(" ({})", one.partly.join("; ")) };
        let more = names.len().saturating_sub(MOST_NAMES);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let named = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
        format!("{named}{more}{on}{partly}")
    };
    let mut phrases: Vec<String> = groups.iter().take(MOST_GROUPS).map(phrase).collect();
    if let more @ 1.. = groups.len().saturating_sub(MOST_GROUPS) {
        phrases.push(format!("{more} more"));
    }
    phrases.join("; ")
}

/// Whom the denials that were read spare, in words.
pub(super) fn exemptions(outcomes: &[Outcome]) -> String {
    let mut exempt: Vec<&str> = Vec::new();
    for one in outcomes {
        extend_unique(&mut exempt, one.exempt.iter().map(String::as_str));
    }
    exempt.join(", ")
}

fn gaps(outcomes: &[Outcome]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for one in outcomes.iter().filter(|one| one.is_denied.is_none()) {
        extend_unique(&mut gaps, one.gaps.iter().cloned());
    }
    gaps
}
