//! What changed between two results, in the shape of version 1.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Subject, report};

/// How results compare with earlier ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The RFC 3339 time of the earlier results.
    pub old: String,
    /// What may explain changes besides the audited configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What became of failures that are no failures now.
    pub closed: Vec<Change>,
}

/// A verdict that is not as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// `new`, `unexcepted`, `fixed`, `severity`, `evidence`, `unknown`, `not_evaluated`, `excepted`, `settled`,
    /// `applicability` or `added`.
    pub kind: String,
    /// Rule id.
    pub rule: String,
    /// The severity now, or before where there is no verdict now.
    pub severity: String,
    /// The severity before, where there was a verdict.
    pub severity_was: Option<String>,
    /// The status before; `null` without a verdict.
    pub was: Option<String>,
    /// The status now; `null` without a verdict.
    pub is: Option<String>,
    /// What was judged.
    pub subject: Subject,
    /// Stable over time and wording.
    pub fingerprint: String,
    /// What was observed.
    pub message: String,
    /// Since when it fails or failed, as far as results tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Why there is no verdict on one side: `unread`, `not_selected`, `no_rule`, `out_of_scope`, `no_subject` or `not_applicable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absence: Option<String>,
    /// Details of that, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Facts with another value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceChange>,
}

/// A fact with another value; a value that is missing was not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceChange {
    /// Fact name.
    pub fact: String,
    /// Its value before.
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub was: Option<Value>,
    /// Its value now.
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub is: Option<Value>,
}

/// A value that is there is known, also when it is `null`.
fn known<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

impl Drift {
    pub(in crate::render) fn of(drift: &report::Drift) -> Self {
        Self {
            old: drift.old.clone(),
            notes: drift.notes.clone(),
            closed: drift.changes.iter().map(Change::of).collect(),
        }
    }

    /// Changes counted by kind, with those verdicts that are as they were.
    pub(in crate::render) fn counts(drift: &report::Drift) -> BTreeMap<&'static str, usize> {
        let mut counts: BTreeMap<_, usize> =
            report::ChangeKind::ALL.iter().map(|kind| (kind.name(), 0)).collect();
        for change in &drift.changes {
            *counts.entry(change.kind.name()).or_default() += 1;
        }
        counts.insert("unchanged", drift.unchanged);
        counts
    }
}

impl Change {
    pub(in crate::render) fn of(change: &report::Change) -> Self {
        let status = |status: &Option<report::Status>| status.map(|status| status.name().to_owned());
        Self {
            kind: change.kind.name().to_owned(),
            rule: change.rule.clone(),
            severity: change.severity.name().to_owned(),
            severity_was: change.severity_was.map(|severity| severity.name().to_owned()),
            was: status(&change.was),
            is: status(&change.is),
            subject: Subject::of(&change.subject),
            fingerprint: change.fingerprint.clone(),
            message: change.message.clone(),
            since: change.since.clone(),
            absence: change.absence.as_ref().map(|absence| absence.name().to_owned()),
            detail: change.absence.as_ref().map_or("", report::Absence::detail).to_owned(),
            evidence: change
                .evidence
                .iter()
                .map(|fact| EvidenceChange {
                    fact: fact.fact.clone(),
                    was: fact.was.clone(),
                    is: fact.is.clone(),
                })
                .collect(),
        }
    }
}
