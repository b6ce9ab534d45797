//! What changed between two results.

use serde_json::Value;

use super::{Severity, Status, Subject};

/// What changed between two results of one organization, verdict by verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// The moment that the earlier results speak of.
    pub old: String,
    /// The moment that the later results speak of.
    pub new: String,
    /// What may explain changes besides the audited configuration: other packs, another scope, places not read.
    pub notes: Vec<String>,
    /// Sorted by kind, severity (worst first), rule, subject.
    pub changes: Vec<Change>,
    /// Verdicts that are as they were.
    pub unchanged: usize,
}

/// A verdict that is not as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// Rule id, of the later results where it is in both.
    pub rule: String,
    /// The severity now, or of the earlier results where there is no verdict now.
    pub severity: Severity,
    /// The severity before, where there was a verdict.
    pub severity_was: Option<Severity>,
    /// The judgement before; `None` without one.
    pub was: Option<Status>,
    /// The judgement now; `None` without one.
    pub is: Option<Status>,
    /// What was judged.
    pub subject: Subject,
    /// Of the later results where it is in both.
    pub fingerprint: String,
    /// What was observed, now or, where there is no verdict now, before.
    pub message: String,
    /// Since when it fails or failed, as far as results tell.
    pub since: Option<String>,
    /// Why there is no verdict on one side.
    pub absence: Option<Absence>,
    /// Facts with another value.
    pub evidence: Vec<EvidenceChange>,
}

/// A fact with another value. What tells the time of something is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceChange {
    /// Fact name.
    pub fact: String,
    /// Its value before; `None` when it was not known.
    pub was: Option<Value>,
    /// Its value now; `None` when it is not known.
    pub is: Option<Value>,
}

/// What became of a verdict, in the order in which people want to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It fails and is not known to have failed before.
    New,
    /// It was excepted and no longer is.
    Unexcepted,
    /// It failed and passes.
    Fixed,
    /// Its rule has another severity.
    Severity,
    /// The judgement is the same, but facts have other values.
    Evidence,
    /// It was known and no longer is.
    Unknown,
    /// There was a verdict, and now there is none or the rule no longer applies to a failure.
    NotEvaluated,
    /// It was not excepted and now is.
    Excepted,
    /// It was unknown and is known again, without being a new failure.
    Settled,
    /// A pass became not applicable, or the other way round.
    Applicability,
    /// There was no verdict, and now there is one that is no failure.
    Added,
}

/// Why one of two results has no verdict where the other one has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The place where it would have been seen could not be read: it may be there unchanged.
    Unread(String),
    /// A pack that has the rule may not be selected.
    NotSelected(String),
    /// The packs are the same, but they have no such rule for this kind of subject.
    NoRule(String),
    /// It is, or may be, out of the scope of the run.
    OutOfScope(String),
    /// Everything was read and it is not there.
    NoSubject,
    /// The rule does not apply to it.
    NotApplicable,
}

impl ChangeKind {
    /// All kinds, in order.
    pub const ALL: [Self; 11] = [
        Self::New,
        Self::Unexcepted,
        Self::Fixed,
        Self::Severity,
        Self::Evidence,
        Self::Unknown,
        Self::NotEvaluated,
        Self::Excepted,
        Self::Settled,
        Self::Applicability,
        Self::Added,
    ];
}

impl Absence {
    /// The name used in files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unread(_) => "unread",
            Self::NotSelected(_) => "not_selected",
            Self::NoRule(_) => "no_rule",
            Self::OutOfScope(_) => "out_of_scope",
            Self::NoSubject => "no_subject",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// Details, in words; may be empty.
    #[must_use]
    pub fn detail(&self) -> &str {
        match self {
            Self::Unread(detail)
            | Self::NotSelected(detail)
            | Self::NoRule(detail)
            | Self::OutOfScope(detail) => detail,
            Self::NoSubject | Self::NotApplicable => "",
        }
    }
}

impl Drift {
    /// The changes of one kind.
    pub fn of_kind(&self, kind: ChangeKind) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.kind == kind)
    }

    /// Failures at least as severe as `least` that were not there before, or that nobody answers for any more.
    pub fn worse(&self, least: Severity) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.is_worse() && change.severity <= least)
    }
}

impl Change {
    /// A failure that is new, or that nobody answers for any more.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        matches!(self.kind, ChangeKind::New | ChangeKind::Unexcepted) && self.is == Some(Status::Fail)
    }
}

/// How a failure compares with earlier results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// It is not known to have failed in the earlier results, or it was excepted there.
    pub is_new: bool,
    /// The first results of an unbroken row in which it failed; of a new one, these.
    pub date: String,
}
