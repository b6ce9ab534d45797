//! Compares two results verdict by verdict, so that what could not be seen is never taken for mended.
//!
//! Verdicts are matched by fingerprint; one of a rule that was renamed since counts as one of the rule that has the old id as an alias.
//! `compare` says what became of each; every verdict of either side is in exactly one [`ChangeKind`] or unchanged.

mod absence;
mod kind;
mod notes;
mod side;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::evaluate::fingerprint;
use crate::render::json::v1::Results;
use crate::report::{Absence, Change, ChangeKind, Drift, EvidenceChange, Status};
use kind::State;

pub(crate) use absence::hiding_place;
pub(crate) use side::{Judged, Side};

/// Why two results are not compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// They speak of different things.
    #[error("they are of different {what}s: {old} and {new}")]
    Different {
        /// What differs.
        what: &'static str,
        /// Of the earlier ones.
        old: String,
        /// Of the later ones.
        new: String,
    },
    /// A value that no build of this version writes.
    #[error("verdict {fingerprint} has the {field} `{value}`, which is not one")]
    Strange {
        /// Of which verdict.
        fingerprint: String,
        /// Name of the field.
        field: &'static str,
        /// What it says.
        value: String,
    },
    /// Two verdicts that cannot be told apart.
    #[error("verdict {0} is in them twice")]
    Twice(String),
    /// Verdicts were taken out, or changed by hand: what is missing would look like mended.
    #[error("their summary counts other verdicts than they have: {summary} {status} there, {found} found")]
    Miscounted {
        /// Which verdicts.
        status: Status,
        /// As the summary says.
        summary: usize,
        /// As listed.
        found: usize,
    },
}

/// What changed from `old` to `new`.
pub fn diff(old: &Results, new: &Results) -> Result<Drift, Refusal> {
    let (mut old, new) = (Side::of_results(old)?, Side::of_results(new)?);
    old.adopt_names(&new);
    compare(&old, &new)
}

/// What changed from one side to the other, whose rule ids are used.
pub(crate) fn compare(old: &Side<'_>, new: &Side<'_>) -> Result<Drift, Refusal> {
    same_audit(old, new)?;
    let mut drift = Drift {
        old: old.as_of.to_owned(),
        new: new.as_of.to_owned(),
        notes: notes::of(old, new),
        changes: Vec::new(),
        unchanged: 0,
    };
    let gone = old.verdicts.iter().filter(|(fingerprint, _)| !new.verdicts.contains_key(*fingerprint));
    let gone = gone.map(|(fingerprint, was)| (fingerprint, Some(was), None));
    let here =
        new.verdicts.iter().map(|(fingerprint, is)| (fingerprint, old.verdicts.get(fingerprint), Some(is)));
    for (fingerprint, was, is) in gone.chain(here) {
        match change((old, was), (new, is), fingerprint) {
            Some(change) => drift.changes.push(change),
            None => drift.unchanged += 1,
        }
    }
    drift.changes.sort_by(|a, b| {
        (a.kind, a.severity, &a.rule, &a.subject, &a.fingerprint).cmp(&(
            b.kind,
            b.severity,
            &b.rule,
            &b.subject,
            &b.fingerprint,
        ))
    });
    Ok(drift)
}

/// Refuses results of which nobody would say that one came after the other.
pub(crate) fn same_audit(old: &Side<'_>, new: &Side<'_>) -> Result<(), Refusal> {
    let whose = |side: &Side<'_>| match side.organization {
        Some(id) => id.to_owned(),
        None => format!("account {} without an organization", side.account),
    };
    let different = |what, old: &str, new: &str| {
        Err(Refusal::Different { what, old: old.to_owned(), new: new.to_owned() })
    };
    match () {
        () if old.partition != new.partition => different("partition", old.partition, new.partition),
        () if old.organization != new.organization => different("organization", &whose(old), &whose(new)),
        () if old.organization.is_none() && old.account != new.account => {
            different("account", old.account, new.account)
        }
        () => Ok(()),
    }
}

type Found<'s, 'a> = (&'s Side<'a>, Option<&'s Judged<'a>>);

/// What became of a verdict; `None` when it is as it was.
fn change((old, was): Found<'_, '_>, (new, is): Found<'_, '_>, fingerprint: &str) -> Option<Change> {
    let shown = is.or(was)?;
    let evidence = match (was, is) {
        (Some(was), Some(is)) => evidence(was, is),
        _ => Vec::new(),
    };
    let severity_was = was.map(|was| was.severity);
    let states = (State::of(was), State::of(is));
    let kind = match kind::of(states.0, states.1) {
        Some(kind) => kind,
        None if severity_was != Some(shown.severity) => ChangeKind::Severity,
        None if !evidence.is_empty() => ChangeKind::Evidence,
        None => return None,
    };
    let absence = match (was, is) {
        (Some(was), None) => Some(absence::of(was, old, new)),
        (None, Some(is)) => Some(absence::of(is, new, old)),
        _ => (kind == ChangeKind::NotEvaluated).then_some(Absence::NotApplicable),
    };
    Some(Change {
        kind,
        rule: shown.rule.to_string(),
        severity: shown.severity,
        severity_was,
        was: was.map(|was| was.status),
        is: is.map(|is| is.status),
        subject: shown.subject.clone().into_owned(),
        fingerprint: fingerprint.to_owned(),
        message: shown.message.to_owned(),
        since: was.and_then(|was| was.failing_since.clone()),
        absence,
        evidence,
    })
}

/// Facts with another value. Of an unknown verdict only those that are known on both sides: the others are why it is unknown.
fn evidence(was: &Judged<'_>, is: &Judged<'_>) -> Vec<EvidenceChange> {
    let either_is_unknown = [was, is].iter().any(|one| one.status == Status::Unknown);
    let values = |of: &Judged<'_>| -> BTreeMap<String, Value> {
        let facts = of.facts.iter().filter(|(fact, _)| !tells_the_time(fact));
        facts.map(|(fact, value)| ((*fact).to_owned(), (*value).clone())).collect()
    };
    let plain = |of: &Judged<'_>| of.facts.iter().any(|(fact, _)| !tells_the_time(fact));
    if was.facts == is.facts || !(plain(was) || plain(is)) {
        return Vec::new();
    }
    let (mut before, mut now) = (values(was), values(is));
    let names: Vec<String> =
        before.keys().chain(now.keys().filter(|name| !before.contains_key(*name))).cloned().collect();
    let changes = names.into_iter().map(|fact| EvidenceChange {
        was: before.remove(&fact),
        is: now.remove(&fact),
        fact,
    });
    let mut changes: Vec<EvidenceChange> = changes
        .filter(|change| change.was != change.is)
        .filter(|change| !either_is_unknown || (change.was.is_some() && change.is.is_some()))
        .collect();
    changes.sort_by(|a, b| a.fact.cmp(&b.fact));
    changes
}

/// Whether a fact has another value in every run, because it counts the hours since something.
fn tells_the_time(fact: &str) -> bool {
    fact.rsplit('.').next().is_some_and(|name| name.starts_with("hours_since_"))
}

impl Side<'_> {
    /// Calls rules by the ids that they have in `later`, where these tell that they were renamed.
    pub(crate) fn adopt_names(&mut self, later: &Side<'_>) {
        let mut known_as: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, rule) in &later.rules {
            let earlier = rule.aliases.iter().map(String::as_str);
            let gone =
                earlier.filter(|alias| self.rules.contains_key(alias) && !later.rules.contains_key(alias));
            known_as.entry(id).or_default().extend(gone);
        }
        for (id, earlier) in known_as {
            // Of two rules that became one, neither is the other; nor is a rule that was there under both names.
            let [alias] = earlier.as_slice() else { continue };
            if !self.rules.contains_key(id) {
                self.rename(alias, id);
            }
        }
    }

    fn rename(&mut self, alias: &str, id: &str) {
        self.renamed.push((alias.to_owned(), id.to_owned()));
        let of_rule = self.verdicts.iter().filter(|(_, verdict)| verdict.rule == alias);
        let keys: Vec<_> = of_rule.map(|(key, _)| key.clone()).collect();
        for key in keys {
            if let Some(mut verdict) = self.verdicts.remove(&key) {
                verdict.rule = id.to_owned().into();
                let key = fingerprint(id, self.partition, &verdict.subject.id);
                self.verdicts.insert(key.into(), verdict);
            }
        }
    }
}

#[cfg(test)]
mod tests;
